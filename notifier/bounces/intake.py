"""Taking in what came back, each mail once: noted with its effect in one transaction, removed only then."""

from collections import Counter
from datetime import datetime
from hashlib import sha256

from notifier.bounces.grading import concerns_all
from notifier.bounces.inboxes import Inbox
from notifier.bounces.incoming import Incoming, incoming
from notifier.bounces.reports import Fate, Outcome, outcome_for
from notifier.bounces.return_paths import ReturnPaths
from notifier.put_back import notice_report
from scraper.clock import Clock
from scraper.errors import NotFoundError
from store.database import Database, Session
from store.deliveries import Delivery, DeliveryState, delivery
from store.kinds import IncomingKind, Refusal, SuppressionReason
from store.lanes import stop
from store.outbox import settle_reported
from store.returns import note_incoming, settle_bounced
from store.subscriptions import subscription, unsubscribe
from store.suppressions import suppress


def take_in(db: Database, clock: Clock, inbox: Inbox, paths: ReturnPaths) -> Counter[IncomingKind]:
    """Deal with every mail that waits in the mailbox; return how many of each kind there were.

    A crash between the note and the removal shows the mail again, which then is only removed. What is for
    people to read stays, flagged. Raises MailError where the mailbox cannot be used.
    """
    taken: Counter[IncomingKind] = Counter()
    for name, message in inbox.waiting():
        found = incoming(message, paths)
        with db.writing() as session:
            if note_incoming(session, sha256(message).hexdigest(), found.kind, clock.now()):
                _act(session, found, clock.now())
                taken[found.kind] += 1
        if found.kind is IncomingKind.OTHER:
            inbox.put_aside(name)
        else:
            inbox.drop(name)
    return taken


def _act(session: Session, found: Incoming, now: datetime) -> None:
    if found.number is None:
        return
    try:
        if found.kind is IncomingKind.LEAVING:
            unsubscribe(session, subscription(session, found.number).id, now)
            return
        notice_report(session, found.number, now)
        about = delivery(session, found.number)
    except NotFoundError:  # erased since
        return
    if found.kind is IncomingKind.COMPLAINT:
        _believe_complaint(session, about, now)
    elif (outcome := outcome_for(about.recipient, found.outcomes)) is not None:
        _settle(session, about, outcome, now)


def _believe_complaint(session: Session, about: Delivery, now: datetime) -> None:
    """End what the message belonged to, at once, and never write to the address again unasked (RFC 5965)."""
    suppress(session, about.recipient, SuppressionReason.COMPLAINT, now)
    if about.subscription_id is not None:
        unsubscribe(session, about.subscription_id, now)


def _settle(session: Session, about: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write down what a report says; that a message is delayed proves at least that a server has it."""
    said = " ".join(filter(None, (outcome.status, outcome.words))) or "returned without a reason"
    if outcome.fate is Fate.FAILED:
        grade = outcome.grade or Refusal.OURS
        if settle_bounced(session, about.id, now, grade, said) and concerns_all(grade, outcome.status):
            stop(session, about.lane, now, said)
        return
    state = DeliveryState.DELIVERED if outcome.fate is Fate.DELIVERED else DeliveryState.ACCEPTED
    settle_reported(session, about.id, now, state, said)
