"""Digests and confirmations put into words and owed as rows, with their exact bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from notifier.digest import Digest, digest
from notifier.links import Links
from notifier.message import Sender, message_bytes, message_id
from notifier.render import Envelope, Letter, Origins, confirmation_letter, digest_letter
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
