"""Digests put into words: those of the runs that are due, and those that readers would get now."""

from collections.abc import Iterable
from dataclasses import dataclass

from notifier.archive import Archive
from notifier.editions import Edition, Editions
from notifier.holding import STANDARD, Caution
from notifier.message import Sender
from notifier.origins import origins
from notifier.render import TOKEN_PLACE
from notifier.runs import Press, begin_due, bring_forward
from scraper.clock import Clock
from scraper.sources import Source
from store.database import Database, Session
from store.evidence.keepsakes import last_head_line
from store.ledger import entries_with_past, head
from store.subscriptions import Subscription, active_subscriptions


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
    archive: Archive | None = None,
) -> int:
    """Begin the runs that are due and bring every run forward; return how many digests that made.

    `sources` give the sources' titles and languages, `caution` says which run waits for staff; in the
    `archive` the canary's mail is looked for.
    """
    known = tuple(sources)
    press = Press(sender, lambda session: origins(session, known), caution, archive)
    begin_due(db, clock.now(), press)
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


def _preview(reader: Subscription, edition: Edition) -> Preview:
    letter = edition.letter
    return Preview(reader.address, letter.subject, letter.text.replace(TOKEN_PLACE, "•••"))


def _editions(
    session: Session, readers: Iterable[Subscription], upto: int, sender: Sender, sources: Iterable[Source]
) -> Editions:
    """Return the editions of what these readers have not been told yet."""
    after = min((reader.cursor for reader in readers), default=upto)
    return Editions(
        sender, origins(session, sources), entries_with_past(session, after, upto), last_head_line(session)
    )
