"""What came back, counted: the rows that the reading of returned mail leaves."""

from datetime import datetime

import sqlalchemy as sa

from store.bounce_tables import INCOMING
from store.database import Session
from store.kinds import IncomingKind


def incoming_counts(session: Session, since: datetime) -> dict[IncomingKind, int]:
    """Return how many mails of each kind came back since then."""
    query = sa.select(INCOMING.c.kind, sa.func.count()).where(INCOMING.c.at >= since)
    return {row[0]: row[1] for row in session.execute(query.group_by(INCOMING.c.kind))}
