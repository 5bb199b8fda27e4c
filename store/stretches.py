"""A project's life value by value: each field, from when to when, and the visits that show it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby

from sqlmodel import Session

from scraper.records import Project, Value
from store.sights import LastSights, Sight
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
    sights = LastSights(session, life.entry.page_id)
    return tuple(
        Stretch(field, value, first, sights.last(first, gone), gone)
        for field in COMPARED
        for value, first, gone in _runs(field, life.versions)
    )


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
