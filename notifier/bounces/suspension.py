"""What follows when a reader's mails keep coming back: a question, a rest, notices, at last erasure."""

from collections import Counter
from datetime import datetime

from notifier.bounces.scale import ERASE_AFTER, NOTICE_AFTER, STALE, Step, next_step
from notifier.links import Links
from notifier.message import Sender, message_id
from notifier.render import plain_letter
from notifier.stencil import printed, stencil
from notifier.words import words
from scraper.clock import Clock
from store.database import Database, Session
from store.deliveries import DeliveryKind, owe
from store.erasure import erase
from store.kinds import SuppressionReason, SuspensionReason
from store.returns import Troubled, failures, keep_trouble, troubled
from store.subscriptions import Subscription, TokenPurpose, mint, subscription, suspend


def follow_up(db: Database, clock: Clock, sender: Sender) -> Counter[Step]:
    """Take the next step with every reader whose mails came back, where one is due; return the steps."""
    now = clock.now()
    with db.reading() as session:
        waiting = [one.subscription_id for one in troubled(session, now - STALE) if _step(session, one, now)]
    steps: Counter[Step] = Counter()
    for number in waiting:
        with db.writing() as session:
            for one in troubled(session, now - STALE, number):  # as it stands now: the reader may be back
                if (step := _step(session, one, now)) is not None:
                    _take(session, step, one, sender, now)
                    steps[step] += 1
    return steps


def _step(session: Session, one: Troubled, now: datetime) -> Step | None:
    return next_step(one, failures(session, one.subscription_id, now - STALE), now)


def _take(session: Session, step: Step, one: Troubled, sender: Sender, now: datetime) -> None:
    reader = subscription(session, one.subscription_id)
    match step:
        case Step.PROBE:
            probe = _owe(session, "notice_probe", reader, sender, now, now)
            keep_trouble(session, reader.id, probed_at=now, probe_id=probe)
        case Step.SUSPEND:
            suspend(session, reader.id, now, SuspensionReason.BOUNCES)
            keep_trouble(session, reader.id, suspended_at=now)
        case Step.NOTICE:
            since = one.suspended_at or now
            _owe(session, "notice_suspended", reader, sender, since, now)
            due = sum(now - since >= wait for wait in NOTICE_AFTER)
            keep_trouble(session, reader.id, notices=due)
        case Step.ERASE:
            erase(session, reader.mailbox, now, "mails came back for too long", SuppressionReason.BOUNCED)
        case Step.FORGIVE:
            anew = {"probed_at": None, "probe_id": None, "suspended_at": None, "notices": 0}
            keep_trouble(session, reader.id, forgiven_at=now, **anew)


def _owe(
    session: Session, name: str, reader: Subscription, sender: Sender, since: datetime, now: datetime
) -> int | None:
    """Owe a notice and return its number; its link resumes the subscription, and does nothing else."""
    ends = since + ERASE_AFTER
    token = mint(session, reader.id, TokenPurpose.RESUME, now, ends)
    links = Links(sender.public_url)
    letter = plain_letter(
        name,
        words(reader.language),
        links=links,
        sender=sender.name,
        resume=links.resume(token),
        since=since,
        ends=ends,
    )
    identifier = message_id(DeliveryKind.NOTICE, token, sender.domain)
    return owe(
        session,
        kind=DeliveryKind.NOTICE,
        recipient=reader.address,
        message_id=identifier,
        message=printed(stencil(letter, sender), recipient=reader.address, identifier=identifier, at=now),
        at=now,
        subscription_id=reader.id,
    )
