"""How much room the database takes, by kind, and how fast it grows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from store.database import Session
from store.evidence.log_tables import LOG_ENTRY
from store.mail_tables import MESSAGE
from store.tables import BODY, CAPTURE, LEDGER, SNAPSHOT, SOURCE, VERDICT, VERSION

YEAR = timedelta(days=365)
YOUNGEST = timedelta(days=7)
"""From less than a week of visits no growth is told."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: `total` on disk, of which `kinds` are contents and the rest indexes and free pages.

    `per_year` is the growth at the pace of the visits recorded in the last year; None before there is one.
    """

    total: int
    kinds: Mapping[str, int]
    per_year: int | None


def sizes(session: Session, now: datetime) -> Sizes:
    """Return how large the database is and how fast it grows."""
    readings = sa.select(SNAPSHOT.c.content_sha256)
    kinds = {
        "bodies": _sum(session, BODY.c.packed, where=BODY.c.sha256.not_in(readings)),
        "readings": _sum(session, BODY.c.packed, where=BODY.c.sha256.in_(readings)),
        "history": _sum(session, CAPTURE.c.headers, CAPTURE.c.url, CAPTURE.c.redirects)
        + _sum(session, VERDICT.c.reasons)
        + _sum(session, VERSION.c.project)
        + _sum(session, LEDGER.c.change)
        + _sum(session, SOURCE.c.state),
        "evidence log": _sum(session, LOG_ENTRY.c.entry, LOG_ENTRY.c.hashes),
        "mail": _sum(session, MESSAGE.c.content),
    }
    total = _total(session)
    return Sizes(total, kinds, _growth(session, total, now))


def _sum(session: Session, *columns: sa.Column[bytes], where: sa.ColumnElement[bool] | None = None) -> int:
    lengths = sum((sa.func.coalesce(sa.func.length(column), 0) for column in columns), sa.literal(0))
    query = sa.select(sa.func.coalesce(sa.func.sum(lengths), 0)).select_from(columns[0].table)
    return int(session.execute(query if where is None else query.where(where)).scalar_one())


def _total(session: Session) -> int:
    if session.dialect.name == "postgresql":
        return int(session.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = session.execute(sa.text("PRAGMA page_count")).scalar_one()
    return int(pages) * int(session.execute(sa.text("PRAGMA page_size")).scalar_one())


def _growth(session: Session, total: int, now: datetime) -> int | None:
    first, count = session.execute(sa.select(sa.func.min(CAPTURE.c.recorded_at), sa.func.count())).one()
    if first is None or now - first < YOUNGEST:
        return None
    window = min(now - first, YEAR)
    recent = sa.select(sa.func.count()).where(CAPTURE.c.recorded_at >= now - window)
    of_late = session.execute(recent).scalar_one()
    return int(total / count * of_late * (YEAR / window))
