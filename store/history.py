"""Every visit, for ever: captures, bodies, readings, verdicts, and what the comparison remembers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlmodel import Session

from scraper.compare import EMPTY_STATE, Outcome, SourceState, published
from scraper.errors import NotFoundError, OvertakenError
from scraper.records import Capture, Decision, Failure, PageState, Redirect, Snapshot
from store.bodies import body_content
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
from store.doubts import Ruled, follow
from store.grounds import Grounds, Standing, accepted_captures, keep_grounds, places
from store.ledger import publish
from store.pages import REASONS, clear_due
from store.tables import (
    BODY,
    CAPTURE,
    LEDGER,
    PAGE,
    SNAPSHOT,
    SOURCE,
    VERDICT,
)
from store.tracks import keep_tracks, keep_versions

STATE = TypeAdapter(SourceState)


@dataclass(frozen=True, slots=True)
class CaptureEntry:
    """One visit as history lists it; `length` and `sha256` are its body's, `changes` their number."""

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
    reader_version: str | None
    page_state: PageState | None
    decision: Decision
    reasons: tuple[str, ...]
    changes: int


@dataclass(frozen=True, slots=True)
class Move:
    """How a source's state moves on, and through which capture.

    `at` is when its changes become public. `standing` are the accepted captures before it. The projects' new
    versions begin at `valid_from` (None: at `at`). `ruled` is the decision of staff that moved it.
    """

    source: str
    capture_id: int
    before: SourceState
    after: SourceState
    at: datetime
    standing: Standing
    outcome: Outcome
    valid_from: datetime | None = None
    ruled: Ruled | None = None


def state(session: Session, source_name: str) -> SourceState:
    """Return what the comparison remembers of a source; the empty state before its first visit."""
    text = session.execute(sa.select(SOURCE.c.state).where(SOURCE.c.name == source_name)).scalar()
    return STATE.validate_json(text) if text else EMPTY_STATE


def baseline(session: Session, page_id: int) -> Capture | None:
    """Return the page's capture that was accepted last, with body and headers."""
    query = (
        sa.select(CAPTURE)
        .join(VERDICT, VERDICT.c.capture_id == CAPTURE.c.id)
        .where(VERDICT.c.page_id == page_id, VERDICT.c.decision == Decision.ACCEPTED)
        .order_by(VERDICT.c.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return capture_of(session, row) if row else None


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

    `before` is the state as `state` returned it, `at` the instant at which changes become public. Raises
    OvertakenError where another visit has moved the source on since `before` was read.
    """
    source = _hold_source(session, page_id, before)
    standing = accepted_captures(session, source)
    capture_id = keep_capture(session, page_id, capture, at)
    if snapshot is not None:
        keep_snapshot(session, capture_id, snapshot, at)
    keep_verdict(session, page_id, capture_id, outcome.verdict, at)
    move = Move(source, capture_id, before, after, at, standing, outcome, valid_from=capture.at)
    move_on(session, move)
    clear_due(session, page_id, capture.at)
    return capture_id


def move_on(session: Session, move: Move) -> None:
    """Write all that follows from a move: project versions, ledger with grounds, reviews, and the state."""
    keep_versions(
        session,
        move.source,
        capture_id=move.capture_id,
        at=move.valid_from or move.at,
        before=published(move.before),
        after=published(move.after),
    )
    changes = move.outcome.changes
    keep_tracks(session, move.source, move.capture_id, sorted({change.track for change in changes}))
    numbers = publish(session, move.source, move.capture_id, changes, move.at)
    if changes:
        _keep_grounds(session, move, numbers)
    text = STATE.dump_json(move.after).decode()
    session.execute(sa.update(SOURCE).where(SOURCE.c.name == move.source).values(state=text))
    follow(session, move.source, move.capture_id, move.after, move.at, move.ruled)


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
    """Return the content-decoded body that a capture brought; raises NotFoundError where it brought none."""
    name = session.execute(sa.select(CAPTURE.c.body_sha256).where(CAPTURE.c.id == capture_id)).scalar()
    if name is None:
        raise NotFoundError(
            f"there is no body of capture {capture_id}", "Failed visits and answers 304 bring none."
        )
    return body_content(session, name)


def snapshot(session: Session, capture_id: int) -> Snapshot | None:
    """Return the newest reading of a capture; None where there was nothing to read."""
    newest = (
        sa.select(SNAPSHOT.c.content_sha256)
        .where(SNAPSHOT.c.capture_id == capture_id)
        .order_by(SNAPSHOT.c.id.desc())
        .limit(1)
    )
    content = session.execute(newest).scalar()
    return SNAPSHOT_JSON.validate_json(body_content(session, content)) if content else None


def held_state(session: Session, source: str) -> SourceState:
    """Return the state of a source, which nobody else moves until the commit."""
    session.execute(sa.select(SOURCE.c.name).where(SOURCE.c.name == source).with_for_update())
    return state(session, source)


def _keep_grounds(session: Session, move: Move, numbers: Iterable[int]) -> None:
    query = sa.select(PAGE.c.address).join(CAPTURE, CAPTURE.c.page_id == PAGE.c.id)
    address = session.execute(query.where(CAPTURE.c.id == move.capture_id)).scalar_one()
    common = Grounds(
        capture_before=move.standing.get(address),
        capture_after=move.capture_id,
        decision_id=move.ruled.decision_id if move.ruled else None,
    )
    before = places(move.before, move.standing)
    after = places(move.after, accepted_captures(session, move.source))
    keep_grounds(session, numbers, move.outcome, common, before, after)


def _hold_source(session: Session, page_id: int, before: SourceState) -> str:
    """Return the page's source, locked until the commit and sure to stand at `before`."""
    query = (
        sa.select(SOURCE.c.name)
        .join(PAGE, PAGE.c.source == SOURCE.c.name)
        .where(PAGE.c.id == page_id)
        .with_for_update(of=SOURCE)
    )
    name = session.execute(query).scalar()
    if name is None:
        raise NotFoundError(f"there is no page {page_id}", "`coopwatch check` lists the watched pages.")
    if state(session, name) != before:
        raise OvertakenError(
            f"{name}: another visit was recorded while this one was being compared", "Visit the page again."
        )
    return str(name)


def _entries() -> sa.Select[Any]:
    own, read = VERDICT.alias("own"), SNAPSHOT.alias("read")
    verdicts = sa.select(sa.func.max(own.c.id)).where(own.c.capture_id == CAPTURE.c.id)
    readings = sa.select(sa.func.max(read.c.id)).where(read.c.capture_id == CAPTURE.c.id)
    brought = sa.select(sa.func.count()).where(LEDGER.c.capture_id == CAPTURE.c.id)
    return (
        sa.select(
            *(CAPTURE.c.id, CAPTURE.c.page_id, CAPTURE.c.at, CAPTURE.c.url, CAPTURE.c.status),
            *(CAPTURE.c.headers, CAPTURE.c.redirects, CAPTURE.c.failure, CAPTURE.c.body_sha256),
            *(BODY.c.length, SNAPSHOT.c.reader_version, SNAPSHOT.c.page_state),
            *(VERDICT.c.decision, VERDICT.c.reasons, brought.scalar_subquery().label("changes")),
        )
        .select_from(CAPTURE)
        .join(VERDICT, VERDICT.c.id == verdicts.scalar_subquery())
        .outerjoin(SNAPSHOT, SNAPSHOT.c.id == readings.scalar_subquery())
        .outerjoin(BODY, BODY.c.sha256 == CAPTURE.c.body_sha256)
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
        reader_version=row.reader_version,
        page_state=row.page_state,
        decision=row.decision,
        reasons=REASONS.validate_json(row.reasons),
        changes=row.changes,
    )
