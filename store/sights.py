"""The visits that show something: which was the first, which the last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.evidence.log import batches
from store.pages import GOOD
from store.tables import CAPTURE, VERDICT


@dataclass(frozen=True, slots=True)
class Sight:
    """A visit that shows something."""

    at: datetime
    capture_id: int


def last_sight(
    session: Session, page_id: int, upto: datetime | None = None, before: datetime | None = None
) -> Sight | None:
    """Return a page's last believed visit up to the one instant and before the other."""
    query = (
        sa.select(CAPTURE.c.at, CAPTURE.c.id)
        .join(VERDICT, VERDICT.c.capture_id == CAPTURE.c.id)
        .where(CAPTURE.c.page_id == page_id, VERDICT.c.decision.in_(GOOD))
        .order_by(CAPTURE.c.at.desc(), CAPTURE.c.id.desc())
        .limit(1)
    )
    if upto is not None:
        query = query.where(CAPTURE.c.at <= upto)
    if before is not None:
        query = query.where(CAPTURE.c.at < before)
    row = session.execute(query).first()
    return Sight(row.at, row.id) if row else None


def last_sights_before(session: Session, gone: Iterable[int]) -> dict[int, Sight]:
    """Return for each of these captures the last believed visit of its page before it, where there is one."""
    missed, seen = CAPTURE.alias("missed"), CAPTURE.alias("seen")
    own = sa.select(seen.c.id).join(VERDICT, VERDICT.c.capture_id == seen.c.id)
    newest = (
        own.where(seen.c.page_id == missed.c.page_id, seen.c.at < missed.c.at, VERDICT.c.decision.in_(GOOD))
        .order_by(seen.c.at.desc(), seen.c.id.desc())
        .limit(1)
        .correlate(missed)
        .scalar_subquery()
    )
    found: dict[int, Sight] = {}
    for chosen in batches(sorted(set(gone))):
        query = sa.select(missed.c.id.label("gone"), CAPTURE.c.at, CAPTURE.c.id)
        query = query.select_from(missed).join(CAPTURE, CAPTURE.c.id == newest).where(missed.c.id.in_(chosen))
        found |= {row.gone: Sight(row.at, row.id) for row in session.execute(query)}
    return found
