"""When pages stopped being believed, and when they were believed again."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from scraper.records import Decision
from store.database import Session
from store.pages import GOOD, REASONS
from store.tables import IMPORTED, VERDICT


@dataclass(frozen=True, slots=True)
class Turn:
    """The verdict with which a page's outage began, or (`ended`) the one that ended it."""

    page_id: int
    capture_id: int
    at: datetime
    decision: Decision
    reasons: tuple[str, ...]
    ended: bool


def turns(session: Session, since: datetime) -> tuple[Turn, ...]:
    """Return the beginnings and ends of outages that our visits met with since then, in their order."""
    before = VERDICT.alias("before")
    imported = sa.select(IMPORTED.c.capture_id)
    last = (
        sa.select(before.c.decision)
        .where(before.c.page_id == VERDICT.c.page_id, before.c.id < VERDICT.c.id)
        .where(before.c.capture_id.not_in(imported))
        .order_by(before.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(VERDICT, last.label("last"))
        .where(VERDICT.c.at >= since, VERDICT.c.capture_id.not_in(imported))
        .order_by(VERDICT.c.id)
    )
    found = []
    for row in session.execute(query):
        good, was_good = row.decision in GOOD, row.last is None or row.last in GOOD
        if good != was_good:
            reasons = REASONS.validate_json(row.reasons)
            found.append(Turn(row.page_id, row.capture_id, row.at, row.decision, reasons, ended=good))
    return tuple(found)
