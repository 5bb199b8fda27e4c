"""Digests and confirmations owed as rows with their bytes, then sent, and the fate of each written down."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from notifier.digest import Digest, digest
from notifier.links import Links
from notifier.mail import MailDeferred, MailRejected, Post, Sender, envelope_sender, message_bytes, message_id
from notifier.render import Envelope, Letter, Origins, confirmation_letter, digest_letter
from notifier.timing import retry_at, told_until
from notifier.words import country_language, words
from scraper.clock import Clock
from scraper.errors import MailError
from scraper.sources import Source
from store.database import Database, Session
from store.deliveries import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    claim,
    deliveries,
    open_digest,
    owe,
    settle_accepted,
    settle_deferred,
    settle_rejected,
)
from store.ledger import entries, head
from store.pages import pages
from store.subscriptions import (
    Subscription,
    SubscriptionState,
    TokenPurpose,
    active_subscriptions,
    advance,
    mint,
    subscription,
)

__all__ = ["LEASE", "Preview", "Sender", "Sent", "compose", "owe_confirmation", "previews", "send"]

LEASE = timedelta(minutes=15)
"""How long a message may be under way; it exceeds what a mail server takes, retries of ours included."""

CONFIRM_WITHIN = timedelta(days=7)
"""How long the link of a confirmation mail works."""

_AN_HOUR = timedelta(hours=1)
_TO_ONE_ADDRESS = 3
_TO_ALL = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages a run saw taken, put off and refused."""

    accepted: int = 0
    deferred: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """A digest as one reader would get it now."""

    recipient: str
    subject: str
    text: str


def compose(db: Database, clock: Clock, sender: Sender, sources: Iterable[Source] = ()) -> int:
    """Owe every reader who may be told now the news since its cursor; return how many digests that made.

    Each reader is one transaction: the digest with its exact bytes, or a cursor moved on over what amounts
    to nothing. `sources` give the sources' titles and languages.
    """
    with db.reading() as session:
        origins = _origins(session, sources)
        newest = head(session)
        waiting = [reader.id for reader in active_subscriptions(session) if reader.cursor < newest]
    return sum(_compose_one(db, number, clock.now(), sender, origins) for number in waiting)


def previews(
    db: Database, sender: Sender, at: datetime, address: str | None = None, sources: Iterable[Source] = ()
) -> tuple[Preview, ...]:
    """Return the digests that readers, all or one, would get if they were due at `at`; owes nothing."""
    with db.reading() as session:
        origins = _origins(session, sources)
        readers = [one for one in active_subscriptions(session) if address in {None, one.address}]
        owed = [(one, digest(one, entries(session, after=one.cursor))) for one in readers]
    return tuple(_preview(reader, news, sender, origins) for reader, news in owed if news is not None)


def send(db: Database, clock: Clock, post: Post, lease: timedelta = LEASE) -> Sent:
    """Send every message that is due, confirmations first; return what became of them.

    A message is under way, and that is committed, before its first byte leaves: whatever happens then, it is
    repeated with the same bytes once `lease` has run out. Raises MailError where the mail server cannot be
    used; then everything still waits.
    """
    with db.reading() as session:
        if not _due(session, clock.now()):
            return Sent()
    post.open()
    fates: Counter[DeliveryState] = Counter()
    while (delivery := _claimed(db, clock.now(), lease)) is not None:
        fates[_transmitted(db, clock, post, delivery)] += 1
    return Sent(
        accepted=fates[DeliveryState.ACCEPTED],
        deferred=fates[DeliveryState.DEFERRED],
        rejected=fates[DeliveryState.REJECTED],
    )


def owe_confirmation(session: Session, reader: Subscription, sender: Sender, at: datetime) -> None:
    """Owe the mail that asks for a confirmation, in the caller's transaction (the sign-up's own)."""
    expires = at + CONFIRM_WITHIN
    token = mint(session, reader.id, TokenPurpose.CONFIRM, at, expires)
    envelope = Envelope(reader.frequency, sender.name, token)
    letter = confirmation_letter(envelope, expires, Links(sender.public_url), words(reader.language))
    identifier = message_id(DeliveryKind.CONFIRMATION, token, sender.domain)
    owe(
        session,
        kind=DeliveryKind.CONFIRMATION,
        recipient=reader.address,
        message_id=identifier,
        message=message_bytes(letter, sender, recipient=reader.address, identifier=identifier, at=at),
        at=at,
        subscription_id=reader.id,
    )


def may_confirm(session: Session, address: str, at: datetime) -> bool:
    """Say whether another confirmation may go to this address: the form must not serve to bomb anybody."""
    newest = deliveries(session, kind=DeliveryKind.CONFIRMATION, limit=_TO_ALL)
    recent = [one for one in newest if one.created_at > at - _AN_HOUR]
    return len(recent) < _TO_ALL and sum(one.recipient == address for one in recent) < _TO_ONE_ADDRESS


def _compose_one(db: Database, number: int, at: datetime, sender: Sender, origins: Origins) -> bool:
    with db.writing() as session:
        reader = subscription(session, number)
        if reader.state != SubscriptionState.ACTIVE or open_digest(session, number) is not None:
            return False
        until = told_until(reader.frequency, at)
        ripe = tuple(takewhile(lambda entry: entry.at <= until, entries(session, after=reader.cursor)))
        news = digest(reader, ripe)
        if news is None:
            if ripe:
                advance(session, number, ripe[-1].pub_seq, at)
            return False
        return not _refused(session, news) and _owe_digest(session, reader, news, sender, at, origins)


def _refused(session: Session, news: Digest) -> bool:
    """Say whether this very digest was refused for good; the next change makes another, which covers it."""
    newest = deliveries(session, news.subscription_id, kind=DeliveryKind.DIGEST, limit=1)
    return any(one.cutoff == news.cutoff for one in newest)


def _owe_digest(
    session: Session, reader: Subscription, news: Digest, sender: Sender, at: datetime, origins: Origins
) -> bool:
    token = mint(session, reader.id, TokenPurpose.UNSUBSCRIBE, at)
    letter = _digest_letter(reader, news, sender, token, origins)
    identifier = message_id(DeliveryKind.DIGEST, f"{reader.id}/{news.cutoff}", sender.domain)
    message = message_bytes(
        letter,
        sender,
        recipient=reader.address,
        identifier=identifier,
        at=at,
        unsubscribe=Links(sender.public_url).unsubscribe(token),
    )
    owed = owe(
        session,
        kind=DeliveryKind.DIGEST,
        recipient=reader.address,
        message_id=identifier,
        message=message,
        at=at,
        subscription_id=reader.id,
        cutoff=news.cutoff,
    )
    return owed is not None


def _digest_letter(
    reader: Subscription, news: Digest, sender: Sender, token: str, origins: Origins
) -> Letter:
    envelope = Envelope(reader.frequency, sender.name, token)
    return digest_letter(news, envelope, origins, Links(sender.public_url), words(reader.language))


def _preview(reader: Subscription, news: Digest, sender: Sender, origins: Origins) -> Preview:
    letter = _digest_letter(reader, news, sender, "•••", origins)
    return Preview(reader.address, letter.subject, letter.text)


def _origins(session: Session, sources: Iterable[Source]) -> Origins:
    known = tuple(sources)
    tongues = {source.name: country_language(source.country) for source in known}
    return Origins(
        titles={source.name: source.title for source in known},
        tongues={name: tongue for name, tongue in tongues.items() if tongue is not None},
        addresses={page.id: page.address for page in pages(session)},
    )


def _due(session: Session, now: datetime) -> bool:
    """Say whether there may be something to send; a message under way counts, as its sender may be lost."""
    unsent = (DeliveryState.READY, DeliveryState.DEFERRED, DeliveryState.TRANSMITTING)
    return any(one.next_at <= now for state in unsent for one in deliveries(session, state=state))


def _claimed(db: Database, now: datetime, lease: timedelta) -> Delivery | None:
    """Claim the next message; what was put off or lost under way is not repeated to who has left since."""
    with db.writing() as session:
        while (delivery := claim(session, now, now + lease)) is not None and _left(session, delivery):
            settle_rejected(session, delivery.id, now, "not sent: the reader has left")
        return delivery


def _left(session: Session, delivery: Delivery) -> bool:
    number = delivery.subscription_id
    return number is not None and subscription(session, number).state == SubscriptionState.ENDED


def _transmitted(db: Database, clock: Clock, post: Post, delivery: Delivery) -> DeliveryState:
    """Send one claimed message, write down its fate and return it."""
    try:
        answer = post.send(envelope_sender(delivery.message), delivery.recipient, delivery.message)
    except MailDeferred as error:
        return _put_off(db, delivery, clock.now(), str(error))
    except MailRejected as error:
        with db.writing() as session:
            settle_rejected(session, delivery.id, clock.now(), str(error))
        return DeliveryState.REJECTED
    except MailError as error:
        with db.writing() as session:
            settle_deferred(session, delivery.id, clock.now(), clock.now(), str(error))
        raise
    with db.writing() as session:
        settle_accepted(session, delivery.id, clock.now(), answer)
    return DeliveryState.ACCEPTED


def _put_off(db: Database, delivery: Delivery, now: datetime, answer: str) -> DeliveryState:
    again = retry_at(delivery.attempts, delivery.created_at, now)
    with db.writing() as session:
        if again is None:
            settle_rejected(session, delivery.id, now, f"given up after three days: {answer}")
            return DeliveryState.REJECTED
        settle_deferred(session, delivery.id, now, again, answer)
    return DeliveryState.DEFERRED
