"""Generated histories in a store: visited day by day, or brought by archives."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from schedules.catching_up import Compared, compare_imported
from scraper.archived import Archived
from scraper.compare import step
from scraper.read import READER_VERSION
from scraper.sources import Source, WatchedPage
from store.database import Database
from store.history import record, state
from store.imports import keep_archived, log_captures
from store.pages import enrol, pages
from store.tracks import ProjectEntry, projects
from tests.clocks import FakeClock
from tests.history_generator import ADDRESS, EPOCH, Visit, history

SOURCE = Source(
    name="torino", title="Torino", publisher="Comune di Torino", pages=(WatchedPage(address=ADDRESS),)
)


def lived(seed: int, length: int = 12) -> list[Visit]:
    """A generated history whose readings are of the present reader, each with a body of its own."""
    return [_read(visit) for visit in history(seed, length)]


def _read(visit: Visit) -> Visit:
    if visit.snapshot is None:
        return visit
    body = f"{visit.capture.at} {visit.truth}".encode()
    return replace(
        visit,
        capture=replace(visit.capture, body=body),
        snapshot=replace(visit.snapshot, reader_version=READER_VERSION),
    )


def page_number(db: Database) -> int:
    """Enrol the source and return its page."""
    with db.writing() as session:
        enrol(session, SOURCE, EPOCH)
        return pages(session)[0].id


def visit_all(db: Database, visits: Iterable[Visit]) -> None:
    """Record visits as our own."""
    page = page_number(db)
    for visit in visits:
        with db.writing() as session:
            before = state(session, SOURCE.name)
            after, outcome = step(before, visit.capture, visit.snapshot)
            record(session, page, visit.capture, visit.snapshot, before, after, outcome, visit.capture.at)


def bring(db: Database, visits: Iterable[Visit], clock: FakeClock, archive: str = "old.warc.gz") -> Compared:
    """Import visits as an archive brings them, and compare them."""
    page = page_number(db)
    with db.writing() as session:
        for number, visit in enumerate(visits):
            archived = Archived(visit.capture, archive, "0" * 64, f"<urn:{number}>")
            kept = keep_archived(session, page, archived, visit.snapshot, ADDRESS, clock.now())
            log_captures(session, [] if kept is None else [kept])
    return compare_imported(db, SOURCE, clock)


def as_of_each(db: Database, visits: Sequence[Visit]) -> list[tuple[ProjectEntry, ...]]:
    """Return what is answered as of each of these visits."""
    with db.reading() as session:
        return [projects(session, SOURCE.name, visit.capture.at) for visit in visits]


def said(entries: Iterable[ProjectEntry]) -> list[str]:
    """Return the records that are present, whatever their numbers."""
    return sorted(repr(entry.project) for entry in entries if entry.present)
