"""A project's life value by value: each field, from when to when, and the visits that show it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby

from scraper.records import Project, Value
from store.database import Session
from store.sights import Sight, last_sight, last_sights_before
from store.tracks import ProjectLife, ProjectVersion

COMPARED = tuple(field.name for field in fields(Project) if field.compare)
"""The fields that a page states."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One value of one field while it stood.

    `first` and `last` are the first and the last visit that show it; `gone` the one that shows another value,
    none, or no such project. While it stands `gone` is None, and `last` the last believed visit.
    """

    field: str
    value: Value
    first: Sight
    last: Sight
    gone: Sight | None


def stretches(session: Session, life: ProjectLife) -> tuple[Stretch, ...]:
    """Return every value that a project ever had, field by field, oldest first; unknown ones are none."""
    runs = [(field, *run) for field in COMPARED for run in _runs(field, life.versions)]
    before = last_sights_before(session, (gone.capture_id for _, _, _, gone in runs if gone))
    standing = last_sight(session, life.entry.page_id)
    found = []
    for field, value, first, gone in runs:
        last = before.get(gone.capture_id) if gone else standing
        found.append(Stretch(field, value, first, last if last and last.at > first.at else first, gone))
    return tuple(found)


def _runs(field: str, versions: Iterable[ProjectVersion]) -> Iterator[tuple[Value, Sight, Sight | None]]:
    runs = [
        (value, next(run)) for value, run in groupby(versions, key=lambda version: _value(field, version))
    ]
    for place, (value, begun) in enumerate(runs):
        if value not in (None, ()):
            gone = _sight(runs[place + 1][1]) if place + 1 < len(runs) else None
            yield value, _sight(begun), gone


def _value(field: str, version: ProjectVersion) -> Value:
    value: Value = getattr(version.project, field) if version.present else None
    return value


def _sight(version: ProjectVersion) -> Sight:
    return Sight(version.at, version.capture_id)
