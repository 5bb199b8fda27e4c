"""Digests and confirmations put into words and owed as rows, with their exact bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.editions import Edition, Editions
from notifier.holding import STANDARD, Caution
from notifier.links import Links
from notifier.message import Sender, message_id
from notifier.render import TOKEN_PLACE, Envelope, Origins, confirmation_letter
from notifier.runs import Press, begin_due, bring_forward
from notifier.stencil import printed, stencil
from notifier.words import country_language, words
from scraper.clock import Clock
from scraper.sources import Source
from store.database import Database, Session
from store.deliveries import DeliveryKind, deliveries, owe
from store.ledger import entries, head
from store.pages import pages
from store.subscriptions import (
    Subscription,
    TokenPurpose,
    active_subscriptions,
    mint,
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


def compose(
    db: Database,
    clock: Clock,
    sender: Sender,
    sources: Iterable[Source] = (),
    caution: Caution = STANDARD,
) -> int:
    """Begin the runs that are due and bring every run forward; return how many digests that made.

    `sources` give the sources' titles and languages, `caution` says which run waits for staff.
    """
    known = tuple(sources)
    begin_due(db, clock.now())
    press = Press(sender, lambda session: _origins(session, known), caution)
    return bring_forward(db, clock.now(), press)


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
