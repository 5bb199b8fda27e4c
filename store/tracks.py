"""Projects through time: the public record of every track, now or as of any instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from scraper.errors import NotFoundError
from scraper.records import Project
from store.database import Session
from store.ledger import LedgerEntry, entries
from store.pages import GOOD
from store.tables import CAPTURE, TRACK, VERDICT, VERSION

PROJECT = TypeAdapter(Project)


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """A track's public record, the last known one where it is not present.

    `page_id` is the page whose visit brought that record. `last_seen` is that page's last believed visit, or
    for an absent project the last one before it was missed.
    """

    source: str
    number: int
    project: Project
    first_seen: datetime
    last_seen: datetime
    present: bool
    page_id: int


@dataclass(frozen=True, slots=True)
class ProjectVersion:
    """The record that held from `at` on, and the capture that shows it."""

    at: datetime
    capture_id: int
    present: bool
    project: Project


@dataclass(frozen=True, slots=True)
class ProjectLife:
    """A project from its first day on: its present entry, its versions and ledger entries, oldest first."""

    entry: ProjectEntry
    versions: tuple[ProjectVersion, ...]
    entries: tuple[LedgerEntry, ...]


def projects(
    session: Session, source: str | None = None, as_of: datetime | None = None, *, present: bool = False
) -> tuple[ProjectEntry, ...]:
    """Return every project that had begun by `as_of`; with `present`, without those that were absent then."""
    own = TRACK.c.source == source if source is not None else sa.true()
    return _project_entries(session, own & VERSION.c.present if present else own, as_of)


def project_entries(session: Session, numbers: Iterable[tuple[str, int]]) -> tuple[ProjectEntry, ...]:
    """Return what is known now of these projects, named by source and number."""
    return _project_entries(session, sa.tuple_(TRACK.c.source, TRACK.c.number).in_(list(numbers)), None)


def find_project(session: Session, text: str) -> ProjectEntry:
    """Return the project that a person means: "torino/3", or words of its title.

    Raises NotFoundError where none, or more than one, fits.
    """
    known = projects(session)
    wanted = text.casefold().split()
    exact = [entry for entry in known if f"{entry.source}/{entry.number}" == text.strip()]
    found = exact or [entry for entry in known if wanted and _says(entry.project, wanted)]
    if len(found) == 1:
        return found[0]
    names = "; ".join(
        f"{e.source}/{e.number} {e.project.title or '(no title)'}" for e in (found or known)[:10]
    )
    raise NotFoundError(
        f"{'several projects fit' if found else 'no project fits'} {text!r}",
        f"Name one by its number: {names or 'none yet'}.",
    )


def project_entry(session: Session, source: str, number: int) -> ProjectEntry:
    """Return what is known of one project now; raises NotFoundError."""
    found = _project_entries(session, (TRACK.c.source == source) & (TRACK.c.number == number), None)
    if not found:
        raise NotFoundError(f"there is no project {source}/{number}", "`coopwatch projects` lists them.")
    return found[0]


def project_life(session: Session, source: str, number: int) -> ProjectLife:
    """Return one project's whole life; raises NotFoundError."""
    entry = project_entry(session, source, number)
    query = (
        sa.select(VERSION.c.at, VERSION.c.capture_id, VERSION.c.present, VERSION.c.project)
        .where(VERSION.c.source == source, VERSION.c.number == number)
        .order_by(VERSION.c.at, VERSION.c.id)
    )
    versions = tuple(
        ProjectVersion(row.at, row.capture_id, row.present, PROJECT.validate_json(row.project))
        for row in session.execute(query)
    )
    return ProjectLife(entry, versions, _by_day(session, source, number))


def _by_day(session: Session, source: str, number: int) -> tuple[LedgerEntry, ...]:
    """Return a track's ledger entries, oldest first: what old captures brought has late numbers."""
    found = entries(session, source=source, track=number)
    return tuple(sorted(found, key=lambda entry: entry.at))


def keep_versions(
    session: Session,
    source: str,
    *,
    capture_id: int,
    at: datetime,
    before: Mapping[int, Project],
    after: Mapping[int, Project],
) -> None:
    """Write a version of every project whose public record differs between `before` and `after`."""
    differing = [number for number in sorted({*before, *after}) if before.get(number) != after.get(number)]
    if not differing:
        return
    keep_tracks(session, source, capture_id, differing)
    rows = [
        {
            "source": source,
            "number": number,
            "capture_id": capture_id,
            "at": at,
            "present": number in after,
            "project": PROJECT.dump_json(after.get(number) or before[number]).decode(),
        }
        for number in differing
    ]
    session.execute(sa.insert(VERSION), rows)


def keep_tracks(session: Session, source: str, capture_id: int, numbers: list[int]) -> None:
    """Write the tracks of these numbers that are new: their lives begin with this capture."""
    known = set(session.execute(sa.select(TRACK.c.number).where(TRACK.c.source == source)).scalars())
    rows = [
        {"source": source, "number": number, "capture_id": capture_id}
        for number in numbers
        if number not in known
    ]
    if rows:
        session.execute(sa.insert(TRACK), rows)


def _says(project: Project, words: list[str]) -> bool:
    title = f"{project.title or ''} {project.acronym or ''}".casefold()
    return all(word in title for word in words)


def _project_entries(
    session: Session, condition: sa.ColumnElement[bool], as_of: datetime | None
) -> tuple[ProjectEntry, ...]:
    own = VERSION.alias("own")
    life = sa.select(own.c.id).where(own.c.source == TRACK.c.source, own.c.number == TRACK.c.number)
    begun = life.with_only_columns(sa.func.min(own.c.at)).scalar_subquery()
    if as_of is not None:
        life = life.where(own.c.at <= as_of)
    newest = life.order_by(own.c.at.desc(), own.c.id.desc()).limit(1).scalar_subquery()
    query = (
        sa.select(
            *(TRACK.c.source, TRACK.c.number, begun.label("begun"), _last_seen(as_of).label("seen")),
            *(VERSION.c.at, VERSION.c.present, VERSION.c.project, CAPTURE.c.page_id),
        )
        .select_from(TRACK)
        .join(VERSION, VERSION.c.id == newest)
        .join(CAPTURE, CAPTURE.c.id == VERSION.c.capture_id)
        .where(condition)
        .order_by(TRACK.c.source, TRACK.c.number)
    )
    return tuple(_entry(row) for row in session.execute(query))


def _last_seen(as_of: datetime | None) -> sa.ScalarSelect[datetime]:
    """Return the query for a page's last believed visit; of an absent project, before it was missed."""
    seen = CAPTURE.alias("seen")
    believed = (
        sa.select(seen.c.at)
        .join(VERDICT, VERDICT.c.capture_id == seen.c.id)
        .where(seen.c.page_id == CAPTURE.c.page_id, VERDICT.c.decision.in_(GOOD))
        .where(VERSION.c.present | (seen.c.at < VERSION.c.at))
        .order_by(seen.c.at.desc())
        .limit(1)
    )
    if as_of is not None:
        believed = believed.where(seen.c.at <= as_of)
    return believed.correlate(CAPTURE, VERSION).scalar_subquery()


def _entry(row: sa.Row[Any]) -> ProjectEntry:
    return ProjectEntry(
        source=row.source,
        number=row.number,
        project=PROJECT.validate_json(row.project),
        first_seen=row.begun,
        last_seen=row.seen or row.begun,
        present=row.present,
        page_id=row.page_id,
    )
