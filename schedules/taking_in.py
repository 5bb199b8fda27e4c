"""Old captures taken into history: each is read and kept, then all are compared in the order of dates.

The second step waits for the first: when it is interrupted, the same import goes on where it stopped.
"""

import logging
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, replace

from scraper.archived import Archived, Damage, watched_address, watched_pages
from scraper.clock import Clock
from scraper.read import read
from scraper.records import Capture, Failure, FailureKind, Snapshot
from scraper.sources import Source
from store.database import Database
from store.imports import captured_at, hold_sources, keep_archived, last_own_visit, log_captures
from store.pages import PageEntry, pages

AT_ONCE, BYTES_AT_ONCE = 25, 8_000_000
"""So many captures, or bytes of bodies, are written in one transaction: each costs a write to the disk."""

_log = logging.getLogger("coopwatch")


@dataclass(frozen=True, slots=True)
class Taken:
    """An archived capture that is kept now; `new` unless it was there before."""

    archived: Archived
    page: PageEntry
    new: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An archived capture that is not taken, and why, in words."""

    archived: Archived
    reason: str


Imported = Taken | LeftOut | Damage
"""What became of one record of an archive."""


@dataclass(frozen=True, slots=True)
class _Place:
    source: Source
    page: PageEntry


@dataclass(frozen=True, slots=True)
class _Read:
    """An archived capture under its watched address, and what the present reader reads in it."""

    archived: Archived
    place: _Place
    address: str
    snapshot: Snapshot | None


def take_in(
    db: Database, sources: Iterable[Source], found: Iterable[Archived | Damage], clock: Clock
) -> Generator[Imported]:
    """Read and keep what archives bring of the watched pages; yields what became of each record.

    Nothing is compared yet: see `catching_up.compare_imported`.
    """
    places = _places(db, sources)
    watched = watched_pages(places)
    waiting: list[_Read] = []
    for each in found:
        if isinstance(each, Damage):
            yield each
            continue
        address = watched_address(each.capture.url, watched)
        told = LeftOut(each, NOT_WATCHED) if address is None else _fit(db, each, places[address], clock)
        if not isinstance(told, _Read):
            yield told
            continue
        waiting.append(told)
        size = sum(len(one.archived.capture.body or b"") for one in waiting)
        if len(waiting) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield from _kept(db, waiting, clock)
            waiting = []
    yield from _kept(db, waiting, clock)


NOT_WATCHED = "no watched page has this address"


def _places(db: Database, sources: Iterable[Source]) -> Mapping[str, _Place]:
    """Return the watched pages by their addresses; of an address in two sources, the first one's."""
    found: dict[str, _Place] = {}
    with db.reading() as session:
        for source in sources:
            for page in pages(session, source.name):
                found.setdefault(page.address, _Place(source, page))
    return found


def _fit(db: Database, archived: Archived, place: _Place, clock: Clock) -> Imported | _Read:
    """Return what an archived capture says as one of a watched page, or why it cannot be one."""
    capture = archived.capture
    if capture.at > clock.now():
        return Damage(archived.archive, archived.record, f"its date lies ahead: {capture.at.isoformat()}")
    with db.reading() as session:
        visited = last_own_visit(session, place.page.id)
        if archived.repeats is not None:
            original = captured_at(session, place.page.id, archived.repeats)
            if original is None or original.body is None:
                problem = f"it repeats a capture that is not here, of {archived.repeats.isoformat()}"
                return Damage(archived.archive, archived.record, problem)
            capture = replace(
                original,
                at=capture.at,
                status=capture.status or original.status,
                headers=capture.headers or original.headers,
            )
    if visited is not None and capture.at > visited:
        return LeftOut(archived, f"it is later than the last visit of our own, {visited.isoformat()}")
    return _read(
        replace(archived, capture=replace(capture, url=place.page.address)), place, archived.capture.url
    )


def _read(archived: Archived, place: _Place, address: str) -> _Read:
    capture, snapshot = archived.capture, None
    if capture.body is not None:
        try:
            snapshot = read(capture, place.source)
        except Exception as error:  # a fault of ours on one capture is kept with it, as on a visit
            _log.exception("%s of %s: this is a fault of coopwatch", archived.record, archived.archive)
            archived = replace(archived, capture=_at_fault(capture, error))
    return _Read(archived, place, address, snapshot)


def _at_fault(capture: Capture, error: Exception) -> Capture:
    message = f"coopwatch could not read the answer: {type(error).__name__}: {error}"
    return replace(capture, failure=Failure(FailureKind.FAULT, " ".join(message.split())))


def _kept(db: Database, waiting: Iterable[_Read], clock: Clock) -> Generator[Taken]:
    taken = []
    with db.writing() as session:
        hold_sources(session, (one.place.source.name for one in waiting))
        numbers = []
        for one in waiting:
            at = clock.now()
            number = keep_archived(session, one.place.page.id, one.archived, one.snapshot, one.address, at)
            taken.append(Taken(one.archived, one.place.page, number is not None))
            numbers += [] if number is None else [number]
        log_captures(session, numbers)
    yield from taken
