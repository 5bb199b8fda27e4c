"""Captures, bodies, readings and verdicts as rows: each is written once, and read back whole."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from scraper.records import Capture, Failure, Redirect, Snapshot, Verdict
from store.bodies import body_content, keep_body
from store.database import Session
from store.pages import REASONS
from store.tables import CAPTURE, SNAPSHOT, VERDICT

SNAPSHOT_JSON = TypeAdapter(Snapshot)
HEADERS: TypeAdapter[tuple[tuple[str, str], ...]] = TypeAdapter(tuple[tuple[str, str], ...])
REDIRECTS: TypeAdapter[tuple[Redirect, ...]] = TypeAdapter(tuple[Redirect, ...])
FAILURE = TypeAdapter(Failure)


def keep_capture(session: Session, page_id: int, visit: Capture, at: datetime) -> int:
    """Write a visit's answer or failure with its body, and return its number."""
    row = sa.insert(CAPTURE).values(
        page_id=page_id,
        at=visit.at,
        recorded_at=at,
        url=visit.url,
        status=visit.status,
        headers=HEADERS.dump_json(visit.headers).decode(),
        redirects=REDIRECTS.dump_json(visit.redirects).decode(),
        failure=FAILURE.dump_json(visit.failure).decode() if visit.failure else None,
        cut=visit.cut,
        body_sha256=_keep_page_body(session, page_id, visit),
        coded_sha256=visit.coded_sha256,
        coded_length=visit.coded_length,
    )
    return int(session.execute(row.returning(CAPTURE.c.id)).scalar_one())


def keep_verdict(session: Session, page_id: int, capture_id: int, verdict: Verdict, at: datetime) -> None:
    """Write what we think of a capture; the newest row stands."""
    row = sa.insert(VERDICT).values(
        capture_id=capture_id,
        page_id=page_id,
        decision=verdict.decision,
        reasons=REASONS.dump_json(verdict.reasons).decode(),
        at=at,
    )
    session.execute(row)


def keep_snapshot(session: Session, capture_id: int, snapshot: Snapshot, at: datetime) -> None:
    """Write the reading of a capture by a reader version that is new to it; equal content is kept once."""
    page = sa.select(CAPTURE.c.page_id).where(CAPTURE.c.id == capture_id).scalar_subquery()
    own = sa.select(CAPTURE.c.at).where(CAPTURE.c.id == capture_id).scalar_subquery()
    newest = (
        sa.select(SNAPSHOT.c.content_sha256)
        .join(CAPTURE, CAPTURE.c.id == SNAPSHOT.c.capture_id)
        .where(CAPTURE.c.page_id == page, CAPTURE.c.at <= own)
        .order_by(CAPTURE.c.at.desc(), SNAPSHOT.c.id.desc())
        .limit(1)
    )
    content = keep_body(session, SNAPSHOT_JSON.dump_json(snapshot), session.execute(newest).scalar())
    row = sa.insert(SNAPSHOT).values(
        capture_id=capture_id,
        reader_version=snapshot.reader_version,
        page_state=snapshot.page_state,
        content_sha256=content,
        at=at,
    )
    session.execute(row)


def capture_of(session: Session, row: sa.Row[Any]) -> Capture:
    """Return the capture that a row of its table stands for, with its body."""
    return Capture(
        url=row.url,
        at=row.at,
        status=row.status,
        headers=HEADERS.validate_json(row.headers),
        body=body_content(session, row.body_sha256) if row.body_sha256 else None,
        failure=FAILURE.validate_json(row.failure) if row.failure else None,
        redirects=REDIRECTS.validate_json(row.redirects),
        cut=row.cut,
        coded_sha256=row.coded_sha256,
        coded_length=row.coded_length,
    )


def _keep_page_body(session: Session, page_id: int, visit: Capture) -> str | None:
    """Keep a visit's body, packed against the page's last one before it: what an archive brings is older."""
    if visit.body is None:
        return None
    previous = (
        sa.select(CAPTURE.c.body_sha256)
        .where(CAPTURE.c.page_id == page_id, CAPTURE.c.body_sha256.is_not(None), CAPTURE.c.at <= visit.at)
        .order_by(CAPTURE.c.at.desc(), CAPTURE.c.id.desc())
        .limit(1)
    )
    return keep_body(session, visit.body, session.execute(previous).scalar())
