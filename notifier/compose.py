"""Digests and confirmations put into words and owed as rows, with their exact bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.editions import Edition, Editions
from notifier.links import Links
from notifier.message import Sender, message_id
from notifier.render import TOKEN_PLACE, Envelope, Origins, confirmation_letter
from notifier.stencil import printed, stencil
from notifier.timing import told_until
from notifier.words import country_language, words
from scraper.clock import Clock
from scraper.sources import Source
from store.database import Database, Session
from store.deliveries import DeliveryKind, deliveries, open_digest, owe
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

CONFIRM_WITHIN = timedelta(days=7)
"""How long the link of a confirmation mail works."""

_AN_HOUR = timedelta(hours=1)
_TO_ONE_ADDRESS = 3
_TO_ALL = 200


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
        newest = head(session)
        waiting = [reader for reader in active_subscriptions(session) if reader.cursor < newest]
        editions = _editions(session, waiting, newest, sender, sources)
    return sum(_compose_one(db, reader.id, clock.now(), sender, editions) for reader in waiting)


def previews(
    db: Database, sender: Sender, address: str | None = None, sources: Iterable[Source] = ()
) -> tuple[Preview, ...]:
    """Return the digests that readers, all or one, would get if they were due now; owes nothing."""
    with db.reading() as session:
        newest = head(session)
        readers = [one for one in active_subscriptions(session) if address in {None, one.address}]
        editions = _editions(session, readers, newest, sender, sources)
    owed = ((reader, editions.edition(reader, newest)) for reader in readers)
    return tuple(_preview(reader, edition) for reader, edition in owed if edition is not None)


def owe_confirmation(session: Session, reader: Subscription, sender: Sender, at: datetime) -> None:
    """Owe the mail that asks for a confirmation, in the caller's transaction (the sign-up's own)."""
    expires = at + CONFIRM_WITHIN
    token = mint(session, reader.id, TokenPurpose.CONFIRM, at, expires)
    envelope = Envelope(reader.frequency, sender.name, token)
    letter = confirmation_letter(envelope, expires, Links(sender.public_url), words(reader.language))
    identifier = message_id(DeliveryKind.CONFIRMATION, token, sender.domain)
    message = printed(stencil(letter, sender), recipient=reader.address, identifier=identifier, at=at)
    owe(
        session,
        kind=DeliveryKind.CONFIRMATION,
        recipient=reader.address,
        message_id=identifier,
        message=message,
        at=at,
        subscription_id=reader.id,
    )


def may_confirm(session: Session, address: str, at: datetime) -> bool:
    """Say whether another confirmation may go to this address: the form must not serve to bomb anybody."""
    newest = deliveries(session, kind=DeliveryKind.CONFIRMATION, limit=_TO_ALL)
    recent = [one for one in newest if one.created_at > at - _AN_HOUR]
    return len(recent) < _TO_ALL and sum(one.recipient == address for one in recent) < _TO_ONE_ADDRESS


def _compose_one(db: Database, number: int, at: datetime, sender: Sender, editions: Editions) -> bool:
    with db.writing() as session:
        reader = subscription(session, number)
        if reader.state != SubscriptionState.ACTIVE or open_digest(session, number) is not None:
            return False
        cutoff = editions.ripe(reader.cursor, told_until(reader.frequency, at))
        if cutoff is None:
            return False
        edition = editions.edition(reader, cutoff)
        if edition is None:
            advance(session, number, cutoff, at)
            return False
        return not _refused(session, number, cutoff) and _owe_digest(session, reader, edition, sender, at)


def _refused(session: Session, number: int, cutoff: int) -> bool:
    """Say whether this very digest was refused for good; the next change makes another, which covers it."""
    newest = deliveries(session, number, kind=DeliveryKind.DIGEST, limit=1)
    return any(one.cutoff == cutoff for one in newest)


def _owe_digest(
    session: Session, reader: Subscription, edition: Edition, sender: Sender, at: datetime
) -> bool:
    token = mint(session, reader.id, TokenPurpose.UNSUBSCRIBE, at)
    identifier = message_id(DeliveryKind.DIGEST, f"{reader.id}/{edition.cutoff}", sender.domain)
    owed = owe(
        session,
        kind=DeliveryKind.DIGEST,
        recipient=reader.address,
        message_id=identifier,
        message=printed(edition.stencil, recipient=reader.address, identifier=identifier, at=at, token=token),
        at=at,
        subscription_id=reader.id,
        cutoff=edition.cutoff,
    )
    return owed is not None


def _preview(reader: Subscription, edition: Edition) -> Preview:
    letter = edition.letter
    return Preview(reader.address, letter.subject, letter.text.replace(TOKEN_PLACE, "•••"))


def _editions(
    session: Session, readers: Iterable[Subscription], upto: int, sender: Sender, sources: Iterable[Source]
) -> Editions:
    """Return the editions of what these readers have not been told yet."""
    after = min((reader.cursor for reader in readers), default=upto)
    return Editions(sender, _origins(session, sources), entries(session, after=after, upto=upto))


def _origins(session: Session, sources: Iterable[Source]) -> Origins:
    known = tuple(sources)
    tongues = {source.name: country_language(source.country) for source in known}
    return Origins(
        titles={source.name: source.title for source in known},
        tongues={name: tongue for name, tongue in tongues.items() if tongue is not None},
        addresses={page.id: page.address for page in pages(session)},
    )
