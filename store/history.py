"""Every visit, for ever: captures, bodies, readings, verdicts, and what the comparison remembers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scraper.compare import Outcome, SourceState
from scraper.errors import NotFoundError
from scraper.records import Capture, Decision, Failure, PageState, Redirect, Snapshot
from store.bodies import IS_KEPT, body_content
from store.captured import (
    FAILURE,
    HEADERS,
    REDIRECTS,
    SNAPSHOT_JSON,
    capture_of,
    keep_capture,
    keep_snapshot,
    keep_verdict,
)
from store.database import Session
from store.evidence.attest import attest_visit
from store.grounds import accepted_captures, latest_accepted
from store.moving import NO_NEWS, Move, held_state, move_on, source_of, state
from store.pages import REASONS, clear_due
from store.tables import BODY, CAPTURE, IMPORTED, LEDGER, SNAPSHOT, VERDICT

__all__ = [
    "CaptureEntry",
    "accepted_capture",
    "answer",
    "baseline",
    "body",
    "capture",
    "capture_at",
    "captures",
    "held_state",
    "keep_reading",
    "keep_rebased",
    "readable_captures",
    "reading",
    "record",
    "shown_answer",
    "snapshot",
    "state",
]


@dataclass(frozen=True, slots=True)
class CaptureEntry:
    """One visit as history lists it; `length` and `sha256` are its body's, `changes` their number.

    `kept` says whether the body itself is still there: retention leaves its length and digest.
    `archive` names the file from which it was imported; None for our own visits.
    """

    id: int
    page_id: int
    at: datetime
    url: str
    status: int | None
    headers: tuple[tuple[str, str], ...]
    redirects: tuple[Redirect, ...]
    failure: Failure | None
    length: int | None
    sha256: str | None
    kept: bool
    reader_version: str | None
    page_state: PageState | None
    decision: Decision
    reasons: tuple[str, ...]
    changes: int
    archive: str | None = None


def baseline(session: Session, page_id: int) -> Capture | None:
    """Return the page's capture that was accepted last, with body and headers."""
    number = accepted_capture(session, page_id)
    return None if number is None else answer(session, number)


def accepted_capture(session: Session, page_id: int) -> int | None:
    """Return the number of the page's latest capture that was accepted, whenever that was decided."""
    return session.execute(latest_accepted(sa.literal(page_id)).limit(1)).scalar()


def answer(session: Session, capture_id: int) -> Capture:
    """Return a capture whole, with body and headers, as the visit brought it."""
    row = session.execute(sa.select(CAPTURE).where(CAPTURE.c.id == capture_id)).one()
    return capture_of(session, row)


def record(
    session: Session,
    page_id: int,
    capture: Capture,
    snapshot: Snapshot | None,
    before: SourceState,
    after: SourceState,
    outcome: Outcome,
    at: datetime,
) -> int:
    """Write one whole visit in the caller's transaction and return the capture's number.

    `before` is the state as `held_state` returned it in this transaction, `at` the instant at which changes
    become public.
    """
    source = source_of(session, page_id)
    standing = accepted_captures(session, source)
    capture_id = keep_capture(session, page_id, capture, at)
    if snapshot is not None:
        keep_snapshot(session, capture_id, snapshot, at)
    keep_verdict(session, page_id, capture_id, outcome.verdict, at)
    clear_due(session, page_id, capture.at)
    move = Move(source, capture_id, before, after, at, standing, outcome, valid_from=capture.at)
    move_on(session, move)
    return capture_id


def keep_reading(session: Session, capture_id: int, snapshot: Snapshot, at: datetime) -> None:
    """Write what a reader version read in a capture beside what others did, unless that is there already."""
    if reading(session, capture_id, snapshot.reader_version) is None:
        keep_snapshot(session, capture_id, snapshot, at)
        attest_visit(session, capture_id)


def keep_rebased(
    session: Session, page_id: int, before: SourceState, after: SourceState, at: datetime
) -> None:
    """Write the state after a page's accepted or held capture was read again: nobody is told.

    `before` is the state as `held_state` returned it in this transaction.
    """
    source = source_of(session, page_id)
    capture_id = accepted_capture(session, page_id)
    assert capture_id is not None
    move_on(session, Move(source, capture_id, before, after, at, {}, NO_NEWS))


def readable_captures(session: Session, page_id: int) -> tuple[int, ...]:
    """Return the numbers of a page's captures whose body is kept, oldest first."""
    query = (
        sa.select(CAPTURE.c.id)
        .join(BODY, BODY.c.sha256 == CAPTURE.c.body_sha256)
        .where(CAPTURE.c.page_id == page_id, IS_KEPT)
        .order_by(CAPTURE.c.at, CAPTURE.c.id)
    )
    return tuple(session.execute(query).scalars())


def capture_at(session: Session, page_id: int, at: datetime) -> int | None:
    """Return the number of a page's capture of that very instant."""
    query = sa.select(sa.func.max(CAPTURE.c.id)).where(CAPTURE.c.page_id == page_id, CAPTURE.c.at == at)
    return session.execute(query).scalar()


def captures(
    session: Session, page_id: int, limit: int | None = None, before: int | None = None
) -> tuple[CaptureEntry, ...]:
    """Return a page's visits, newest first; `before` is the last capture of the listing to be continued."""
    query = _entries().where(CAPTURE.c.page_id == page_id)
    if before is not None:
        place = sa.select(CAPTURE.c.at).where(CAPTURE.c.id == before).scalar_subquery()
        query = query.where(sa.tuple_(CAPTURE.c.at, CAPTURE.c.id) < sa.tuple_(place, sa.literal(before)))
    query = query.order_by(CAPTURE.c.at.desc(), CAPTURE.c.id.desc()).limit(limit)
    return tuple(_entry(row) for row in session.execute(query))


def capture(session: Session, capture_id: int) -> CaptureEntry:
    """Return the capture of that number; raises NotFoundError."""
    row = session.execute(_entries().where(CAPTURE.c.id == capture_id)).first()
    if row is None:
        raise NotFoundError(
            f"there is no capture {capture_id}", "`coopwatch history PAGE` lists a page's captures."
        )
    return _entry(row)


def body(session: Session, capture_id: int) -> bytes:
    """Return the content-decoded body that a capture brought.

    Raises NotFoundError where it brought none, BodyDroppedError where it is no longer kept.
    """
    name = session.execute(sa.select(CAPTURE.c.body_sha256).where(CAPTURE.c.id == capture_id)).scalar()
    if name is None:
        raise NotFoundError(
            f"there is no body of capture {capture_id}", "Failed visits and answers 304 bring none."
        )
    return body_content(session, name)


def snapshot(session: Session, capture_id: int) -> Snapshot | None:
    """Return the newest reading of a capture; None where there was nothing to read."""
    return _reading(session, SNAPSHOT.c.capture_id == capture_id)


def shown_answer(session: Session, capture_id: int) -> Capture | None:
    """Return the answer that showed the page at a visit: its own, else the last that was accepted before."""
    own, older = CAPTURE.alias("own"), CAPTURE.alias("older")
    believed = sa.select(VERDICT.c.capture_id).where(
        VERDICT.c.page_id == own.c.page_id, VERDICT.c.decision == Decision.ACCEPTED
    )
    brought = own.c.body_sha256.is_not(None)
    query = (
        sa.select(older.c.id)
        .select_from(own)
        .join(older, older.c.page_id == own.c.page_id)
        .where(own.c.id == capture_id, older.c.body_sha256.is_not(None))
        .where(
            sa.or_(
                older.c.id == own.c.id,
                ~brought & (older.c.at <= own.c.at) & older.c.id.in_(believed),
            )
        )
        .order_by(older.c.at.desc(), older.c.id.desc())
        .limit(1)
    )
    number = session.execute(query).scalar()
    return None if number is None else answer(session, number)


def reading(session: Session, capture_id: int, reader_version: str) -> Snapshot | None:
    """Return what one reader version read in a capture; None where it never did."""
    own = (SNAPSHOT.c.capture_id == capture_id) & (SNAPSHOT.c.reader_version == reader_version)
    return _reading(session, own)


def _reading(session: Session, condition: sa.ColumnElement[bool]) -> Snapshot | None:
    query = sa.select(SNAPSHOT.c.content_sha256).where(condition).order_by(SNAPSHOT.c.id.desc()).limit(1)
    content = session.execute(query).scalar()
    return SNAPSHOT_JSON.validate_json(body_content(session, content)) if content else None


def _entries() -> sa.Select[Any]:
    own, read = VERDICT.alias("own"), SNAPSHOT.alias("read")
    verdicts = sa.select(sa.func.max(own.c.id)).where(own.c.capture_id == CAPTURE.c.id)
    readings = sa.select(sa.func.max(read.c.id)).where(read.c.capture_id == CAPTURE.c.id)
    brought = sa.select(sa.func.count()).where(LEDGER.c.capture_id == CAPTURE.c.id)
    return (
        sa.select(
            *(CAPTURE.c.id, CAPTURE.c.page_id, CAPTURE.c.at, CAPTURE.c.url, CAPTURE.c.status),
            *(CAPTURE.c.headers, CAPTURE.c.redirects, CAPTURE.c.failure, CAPTURE.c.body_sha256),
            *(BODY.c.length, IS_KEPT.label("kept"), SNAPSHOT.c.reader_version, SNAPSHOT.c.page_state),
            IMPORTED.c.archive,
            *(VERDICT.c.decision, VERDICT.c.reasons, brought.scalar_subquery().label("changes")),
        )
        .select_from(CAPTURE)
        .join(VERDICT, VERDICT.c.id == verdicts.scalar_subquery())
        .outerjoin(SNAPSHOT, SNAPSHOT.c.id == readings.scalar_subquery())
        .outerjoin(BODY, BODY.c.sha256 == CAPTURE.c.body_sha256)
        .outerjoin(IMPORTED, IMPORTED.c.capture_id == CAPTURE.c.id)
    )


def _entry(row: sa.Row[Any]) -> CaptureEntry:
    return CaptureEntry(
        id=row.id,
        page_id=row.page_id,
        at=row.at,
        url=row.url,
        status=row.status,
        headers=HEADERS.validate_json(row.headers),
        redirects=REDIRECTS.validate_json(row.redirects),
        failure=FAILURE.validate_json(row.failure) if row.failure else None,
        length=row.length,
        sha256=row.body_sha256,
        kept=bool(row.kept),
        reader_version=row.reader_version,
        page_state=row.page_state,
        decision=row.decision,
        reasons=REASONS.validate_json(row.reasons),
        changes=row.changes,
        archive=row.archive,
    )
