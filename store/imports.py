"""Captures that archives brought: written as they come, compared later, told from our own visits for ever."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from scraper.archived import Archived
from scraper.records import Capture, Decision, Snapshot
from store.captured import capture_of, keep_capture, keep_snapshot
from store.database import Session
from store.evidence.attest import attest_captures
from store.pages import GOOD
from store.tables import CAPTURE, IMPORTED, PAGE, SOURCE, VERDICT


@dataclass(frozen=True, slots=True)
class Dated:
    """A capture in the order of dates; `decision` is the last one about it, None where none was made yet."""

    id: int
    page_id: int
    address: str
    at: datetime
    decision: Decision | None
    imported: bool


def hold_sources(session: Session, names: Iterable[str]) -> None:
    """Let nobody else take captures of these sources in before the commit: each comes once."""
    wanted = sa.select(SOURCE.c.name).where(SOURCE.c.name.in_(sorted(set(names)))).order_by(SOURCE.c.name)
    session.execute(wanted.with_for_update()).all()


def keep_archived(
    session: Session, page_id: int, archived: Archived, snapshot: Snapshot | None, address: str, at: datetime
) -> int | None:
    """Write a capture out of an archive and return its number; None where the page has it already.

    `archived.capture` names the watched address, `address` the one in the archive. No verdict is written:
    the capture is not part of any listing before it was compared.
    """
    if _is_there(session, page_id, archived.capture):
        return None
    capture_id = keep_capture(session, page_id, archived.capture, at)
    row = {
        "capture_id": capture_id,
        "at": at,
        "archive": archived.archive,
        "archive_sha256": archived.archive_sha256,
        "record": archived.record,
        "address": address,
    }
    session.execute(sa.insert(IMPORTED), [row])
    if snapshot is not None:
        keep_snapshot(session, capture_id, snapshot, at)
    return capture_id


def dated_captures(session: Session, source: str) -> tuple[Dated, ...]:
    """Return every capture of a source, the oldest first, those that are not compared yet among them."""
    own = VERDICT.alias("own")
    newest = sa.select(sa.func.max(own.c.id)).where(own.c.capture_id == CAPTURE.c.id).scalar_subquery()
    query = (
        sa.select(
            *(CAPTURE.c.id, CAPTURE.c.page_id, PAGE.c.address, CAPTURE.c.at, VERDICT.c.decision),
            IMPORTED.c.capture_id.is_not(None).label("imported"),
        )
        .join(PAGE, PAGE.c.id == CAPTURE.c.page_id)
        .outerjoin(VERDICT, VERDICT.c.id == newest)
        .outerjoin(IMPORTED, IMPORTED.c.capture_id == CAPTURE.c.id)
        .where(PAGE.c.source == source)
        .order_by(CAPTURE.c.at, CAPTURE.c.id)
    )
    return tuple(
        Dated(row.id, row.page_id, row.address, row.at, row.decision, bool(row.imported))
        for row in session.execute(query)
    )


def captured_at(session: Session, page_id: int, at: datetime) -> Capture | None:
    """Return the capture of a page, with its body, that bears that very date."""
    query = sa.select(CAPTURE).where(CAPTURE.c.page_id == page_id, CAPTURE.c.at == at).limit(1)
    row = session.execute(query).first()
    return None if row is None else capture_of(session, row)


def rests_on_archives(session: Session, capture_id: int) -> bool:
    """Say whether all that was believed of a capture's page, but for itself, came out of archives."""
    page = sa.select(CAPTURE.c.page_id).where(CAPTURE.c.id == capture_id).scalar_subquery()
    others = (
        sa.select(sa.func.count(), sa.func.count(IMPORTED.c.capture_id))
        .select_from(VERDICT)
        .outerjoin(IMPORTED, IMPORTED.c.capture_id == VERDICT.c.capture_id)
        .where(VERDICT.c.page_id == page, VERDICT.c.decision.in_(GOOD), VERDICT.c.capture_id != capture_id)
    )
    believed, imported = session.execute(others).one()
    return bool(believed == imported > 0)


def last_own_visit(session: Session, page_id: int) -> datetime | None:
    """Return when a visit of our own to this page was last believed."""
    query = (
        sa.select(sa.func.max(CAPTURE.c.at))
        .join(VERDICT, VERDICT.c.capture_id == CAPTURE.c.id)
        .outerjoin(IMPORTED, IMPORTED.c.capture_id == CAPTURE.c.id)
        .where(CAPTURE.c.page_id == page_id, VERDICT.c.decision.in_(GOOD), IMPORTED.c.capture_id.is_(None))
    )
    return session.execute(query).scalar()


def imported_among(session: Session, capture_ids: Iterable[int]) -> frozenset[int]:
    """Return those of these captures that archives brought."""
    wanted = list(capture_ids)
    query = sa.select(IMPORTED.c.capture_id).where(IMPORTED.c.capture_id.in_(wanted))
    return frozenset(session.execute(query).scalars())


def log_captures(session: Session, capture_ids: Sequence[int]) -> None:
    """Put all that belongs to these captures into the evidence log; call it last in a transaction."""
    attest_captures(session, capture_ids)


def _is_there(session: Session, page_id: int, capture: Capture) -> bool:
    same = (CAPTURE.c.page_id == page_id) & (CAPTURE.c.at == capture.at)
    status = CAPTURE.c.status == capture.status if capture.status else CAPTURE.c.status.is_(None)
    return session.execute(sa.select(CAPTURE.c.id).where(same, status).limit(1)).first() is not None
