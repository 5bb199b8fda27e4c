"""Visits as the store's tests record them: a made-up source, its states, and what happened between them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from scraper.compare import EMPTY_STATE, Outcome, SourceState, Track
from scraper.records import (
    Capture,
    Change,
    ChangeKind,
    Decision,
    PageState,
    Project,
    Snapshot,
    Verdict,
)
from scraper.sources import Source, WatchedPage
from store import history, pages
from store.database import Session

BEGIN = datetime(2026, 1, 1, 6, 30, tzinfo=UTC)
ADDRESS = "https://torino.example/progetti"


def source(name: str = "torino") -> Source:
    """A source of two pages."""
    watched = (
        WatchedPage(address=ADDRESS, title="Progetti in corso"),
        WatchedPage(address="https://torino.example/conclusi", title="Progetti conclusi"),
    )
    return Source(name=name, title="Torino", publisher="Comune di Torino", pages=watched)


def enrolled(session: Session, name: str = "torino") -> int:
    """Enrol that source at the beginning and return the number of its first page."""
    pages.enrol(session, source(name), BEGIN)
    return pages.pages(session, name)[0].id


def day(number: float) -> datetime:
    """The instant that many days after the beginning."""
    return BEGIN + timedelta(days=number)


def state_of(projects: Mapping[int, Project], before: SourceState = EMPTY_STATE) -> SourceState:
    """The state in which exactly these projects are present; the others that were known are absent."""
    last = {track.number: track.project for track in before.tracks} | dict(projects)
    tracks = (
        Track(number, project, BEGIN, BEGIN, present=number in projects)
        for number, project in sorted(last.items())
    )
    return SourceState(tracks=tuple(tracks))


def changes_between(before: Mapping[int, Project], after: Mapping[int, Project]) -> tuple[Change, ...]:
    """One change per project that differs, in the order of numbers."""
    found = []
    for number in sorted({*before, *after}):
        old, new = before.get(number), after.get(number)
        if old is None and new is not None:
            found.append(Change(ChangeKind.ADDED, number, new))
        elif new is None and old is not None:
            found.append(Change(ChangeKind.REMOVED, number, old))
        elif old is not None and new is not None and old != new:
            kind, field = ChangeKind.RETITLED, "title"
            found.append(Change(kind, number, new, field, old.title, new.title, old.title))
    return tuple(found)


def present(state: SourceState) -> dict[int, Project]:
    """The projects that are present in a state."""
    return {track.number: track.project for track in state.tracks if track.present}


def snapshot_of(projects: Mapping[int, Project]) -> Snapshot:
    """A reading that states these projects."""
    return Snapshot("reader-1", PageState.OK, projects=tuple(projects.values()), fingerprint=repr(projects))


def record_visit(
    session: Session,
    page_id: int,
    at: datetime,
    projects: Mapping[int, Project],
    *,
    body: bytes | None = b"<html>",
    decision: Decision = Decision.ACCEPTED,
) -> int:
    """Record a visit after which exactly these projects are present, and return its number."""
    before = history.state(session, pages.page(session, page_id).source)
    after = state_of(projects, before)
    capture = Capture(ADDRESS, at, 200, (("etag", '"1"'),), body)
    outcome = Outcome(Verdict(decision, ("as told",)), changes_between(present(before), projects))
    reading = snapshot_of(projects) if body is not None else None
    return history.record(session, page_id, capture, reading, before, after, outcome, at)
