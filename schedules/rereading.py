"""Captures read again by the present reader: what differs is kept beside the old reading, nobody is told."""

import logging
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.clock import Clock
from scraper.compare import SourceState, accepted, rebase, rebase_hold
from scraper.read import READER_VERSION, read
from scraper.records import Layout, Snapshot
from scraper.sources import Source
from store.database import Database, Session
from store.history import (
    accepted_capture,
    answer,
    capture_at,
    held_state,
    keep_reading,
    keep_rebased,
    readable_captures,
    snapshot,
)
from store.pages import PageEntry, lease, pages, release

LEASE = timedelta(minutes=15)
"""How long no visit may begin while a page's accepted capture is read again; it takes a second."""

_log = logging.getLogger("coopwatch")


@dataclass(frozen=True, slots=True)
class Reread:
    """One capture that was read again, and whether the present reader reads it otherwise than before."""

    page: PageEntry
    capture_id: int
    differs: bool


def work(db: Database, sources: Iterable[Source]) -> int:
    """Return how many captures of these sources there are to read again."""
    with db.reading() as session:
        entries = [page for source in sources for page in pages(session, source.name)]
        return sum(len(readable_captures(session, page.id)) for page in entries)


def reread(db: Database, sources: Iterable[Source], clock: Clock) -> Generator[Reread]:
    """Read every capture of these sources again, and yield each; from then on the new reading is compared."""
    for source in sources:
        with db.reading() as session:
            entries = pages(session, source.name)
        for page in entries:
            yield from _page_reread(db, source, page, clock)
            with db.writing() as session:
                if lease(session, page.id, clock.now(), clock.now() + LEASE):
                    read_anew(session, source, page, held_state(session, source.name), clock.now())
                    release(session, page.id)


def read_anew(
    session: Session, source: Source, page: PageEntry, before: SourceState, at: datetime
) -> SourceState:
    """Return the state with the page's accepted and held captures read by the present reader, and write it.

    Only readings of one reader version are compared.
    """
    known = accepted(before, page.address)
    number = accepted_capture(session, page.id)
    if known is None or number is None or known.reader_version == READER_VERSION:
        return before
    after = rebase(before, page.address, _kept(session, source, number, at))
    hold = next((each.hold for each in before.pages if each.url == page.address), None)
    held = capture_at(session, page.id, hold.at) if hold else None
    if held is not None:
        after = rebase_hold(after, page.address, _kept(session, source, held, at))
    keep_rebased(session, page.id, before, after, at)
    return after


def _kept(session: Session, source: Source, capture_id: int, at: datetime) -> Snapshot:
    seen = read(answer(session, capture_id), source)
    keep_reading(session, capture_id, seen, at)
    return seen


def _page_reread(db: Database, source: Source, page: PageEntry, clock: Clock) -> Generator[Reread]:
    with db.reading() as session:
        numbers = readable_captures(session, page.id)
    last: Snapshot | None = None
    for number in numbers:
        with db.reading() as session:
            capture, before = answer(session, number), snapshot(session, number)
        try:
            last = read(capture, source, last)
        except (
            Exception
        ):  # one capture that the reader stumbles over must not keep the others from being read
            _log.exception("capture %s: this is a fault of coopwatch", number)
            continue
        differs = before is None or _said(before) != _said(last)
        if differs:
            with db.writing() as session:
                keep_reading(session, number, last, clock.now())
        yield Reread(page, number, differs)


def _said(seen: Snapshot) -> tuple[Snapshot, tuple[Layout, ...]]:
    """Return all that a reading says, without which version says it and where on the page it stands."""
    bare = replace(seen, reader_version="", fingerprint="")
    return bare, tuple(project.layout for project in seen.projects)
