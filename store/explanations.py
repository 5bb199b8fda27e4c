"""Why a published change was published: two captures, two places, the match between them, the verdicts."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from scraper.compare import Match
from scraper.records import Change, ChangeKind, Decision, Project, Span, Value
from store.database import Session
from store.decisions import StaffDecision, decision
from store.grounds import Grounds, Place, grounds_of
from store.history import CaptureEntry, capture, reading, snapshot
from store.ledger import LedgerEntry, entry
from store.pages import REASONS
from store.tables import VERDICT
from store.tracks import project_life


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two captures states of the project; `project` is None where it does not state it.

    `value` is what it states in the changed field, and `spans` are where, in the outline of that reader
    version; where no field changed they are those of the whole record.
    """

    capture: CaptureEntry
    reader_version: str | None = None
    project: Project | None = None
    value: Value = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What was thought of the capture that brought the change, and from when on."""

    at: datetime
    decision: Decision
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a change was published.

    `match` says why both sides are the same project (None where a project came or went). `before` is None
    where nothing was accepted before. `verdicts` are those on the capture after, oldest first. `decided` is
    what staff decided, where that published the change.
    """

    entry: LedgerEntry
    before: Side | None
    after: Side
    match: Match | None
    verdicts: tuple[Judged, ...]
    decided: StaffDecision | None


def explanation(session: Session, pub_seq: int) -> Explanation:
    """Return why the change of that number was published; raises NotFoundError."""
    told = entry(session, pub_seq)
    grounds = grounds_of(session, pub_seq) or Grounds(None, told.capture_id)
    before = grounds.before or _last_version(session, told)
    return Explanation(
        entry=told,
        before=_side(session, told.change, grounds.capture_before, before, told.change.before),
        after=_capture_side(session, told.change, grounds.capture_after, grounds.after, told.change.after),
        match=grounds.match,
        verdicts=_verdicts(session, grounds.capture_after),
        decided=decision(session, grounds.decision_id) if grounds.decision_id is not None else None,
    )


def _side(
    session: Session, change: Change, number: int | None, places: tuple[Place, ...], value: Value
) -> Side | None:
    if number is None and not places:
        return None
    return _capture_side(session, change, places[0].capture_id if number is None else number, places, value)


def _capture_side(
    session: Session, change: Change, number: int, places: tuple[Place, ...], value: Value
) -> Side:
    """Return the side of the place that states the value, or else the first; without any, of the capture."""
    sides = [_place_side(session, change, place) for place in places]
    fitting = [side for side in sides if side.value == value] or sides
    return fitting[0] if fitting else Side(capture(session, number))


def _place_side(session: Session, change: Change, place: Place) -> Side:
    seen = reading(session, place.capture_id, place.reader_version) or snapshot(session, place.capture_id)
    assert seen is not None  # it was accepted
    project = seen.projects[place.record]
    field = change.field
    return Side(
        capture=capture(session, place.capture_id),
        reader_version=seen.reader_version,
        project=project,
        value=getattr(project, field, None) if field is not None else None,
        spans=tuple(span for span in project.spans if field in {None, span.field}),
    )


def _last_version(session: Session, told: LedgerEntry) -> tuple[Place, ...]:
    """Return where the project was last stated, where a doubtful pair kept it out of the captures since."""
    if told.change.kind in {ChangeKind.ADDED, ChangeKind.REAPPEARED}:
        return ()
    life = project_life(session, told.source, told.change.track)
    for version in reversed(life.versions):
        if version.at >= told.at:
            continue
        seen = snapshot(session, version.capture_id)
        if seen is None or version.project not in seen.projects:
            continue
        record = seen.projects.index(version.project)
        return (Place(version.capture_id, seen.reader_version, record),)
    return ()


def _verdicts(session: Session, capture_id: int) -> tuple[Judged, ...]:
    query = sa.select(VERDICT).where(VERDICT.c.capture_id == capture_id).order_by(VERDICT.c.id)
    rows = session.execute(query)
    return tuple(Judged(row.at, row.decision, REASONS.validate_json(row.reasons)) for row in rows)
