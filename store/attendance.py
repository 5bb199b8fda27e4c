"""When pages were visited and what came of it: one line per visit, for pictures of whole years."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from scraper.records import Decision
from store.database import Session
from store.tables import CAPTURE, LEDGER, VERDICT


@dataclass(frozen=True, slots=True)
class Attended:
    """A visit: when, what was decided about it last, and whether it brought changes."""

    capture_id: int
    at: datetime
    decision: Decision
    changed: bool


def attendance(session: Session, page_ids: Iterable[int], since: datetime) -> dict[int, tuple[Attended, ...]]:
    """Return the visits of these pages since then, oldest first, by page."""
    wanted = tuple(page_ids)
    newest = sa.select(sa.func.max(VERDICT.c.id)).where(VERDICT.c.capture_id == CAPTURE.c.id)
    changed = sa.exists().where(LEDGER.c.capture_id == CAPTURE.c.id)
    query = (
        sa.select(CAPTURE.c.page_id, CAPTURE.c.id, CAPTURE.c.at, VERDICT.c.decision, changed.label("changed"))
        .join(VERDICT, VERDICT.c.id == newest.correlate(CAPTURE).scalar_subquery())
        .where(CAPTURE.c.page_id.in_(wanted), CAPTURE.c.at >= since)
        .order_by(CAPTURE.c.page_id, CAPTURE.c.at, CAPTURE.c.id)
    )
    found: dict[int, list[Attended]] = {number: [] for number in wanted}
    for row in session.execute(query):
        found[row.page_id].append(Attended(row.id, row.at, row.decision, bool(row.changed)))
    return {number: tuple(visits) for number, visits in found.items()}
