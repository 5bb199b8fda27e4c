"""Digest runs: when whom to tell, how far each has come, and what its mails tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from scraper.errors import NotFoundError
from store.database import Session, insert_new
from store.kinds import Frequency, RunKind, RunState
from store.run_tables import RUN, RUN_DECISION
from store.tables import LEDGER, RETOLD

__all__ = [
    "OPEN_STATES",
    "Run",
    "RunKind",
    "RunState",
    "begin_correction",
    "begin_run",
    "last_reader_version",
    "move",
    "newest_run",
    "note_merged",
    "open_runs",
    "public_by",
    "run",
    "runs",
    "vouched",
]

OPEN_STATES = (
    *(RunState.DUE, RunState.FROZEN, RunState.COMPOSED),
    *(RunState.HELD, RunState.RELEASED, RunState.DRAINING),
)
"""The states of a run that has not ended."""

_REASONS = TypeAdapter(tuple[str, ...])


@dataclass(frozen=True, slots=True)
class Run:
    """A run and how far it has come; `moved_at` is when it came into its state.

    It tells what lies after `start` up to `cutoff`, both ledger numbers. `reasons` are those, in English, for
    which it is or was held; `note` says how it ended. Corrections have no frequency.
    """

    id: int
    kind: RunKind
    frequency: Frequency | None
    period: str
    due_at: datetime
    state: RunState
    start: int | None
    cutoff: int | None
    reader_version: str | None
    reasons: tuple[str, ...]
    note: str | None
    moved_at: datetime


def begin_run(
    session: Session, frequency: Frequency, period: str, due_at: datetime, at: datetime
) -> int | None:
    """Begin the run of a period and return its number; None where it is there, or another is under way."""
    row = insert_new(session, RUN, _values(RunKind.DIGEST, frequency, period, due_at, RunState.DUE, at))
    return None if row is None else int(row.id)


def note_merged(
    session: Session, frequency: Frequency, period: str, due_at: datetime, into: str, at: datetime
) -> None:
    """Write down that the run of a period was missed, and that the run of `into` tells what it would have."""
    values = _values(RunKind.DIGEST, frequency, period, due_at, RunState.CANCELLED, at)
    insert_new(session, RUN, values | {"note": f"missed; merged into {into}"})


def begin_correction(session: Session, at: datetime) -> int:
    """Begin a run of corrections and return its number."""
    values = _values(RunKind.CORRECTION, None, f"correction {at.isoformat()}", at, RunState.FROZEN, at)
    return int(session.execute(sa.insert(RUN).values(values).returning(RUN.c.id)).scalar_one())


def move(
    session: Session, run_id: int, before: Iterable[RunState], after: RunState, at: datetime, **values: Any
) -> bool:
    """Bring a run from one of the states `before` into the state `after`; False where it is in none of them.

    `values` are columns to be set with it: start, cutoff, reader_version, note, and `reasons` as a tuple.
    """
    if "reasons" in values:
        values["reasons"] = _REASONS.dump_json(values["reasons"]).decode()
    here = (RUN.c.id == run_id) & RUN.c.state.in_(tuple(before))
    update = sa.update(RUN).where(here).values(state=after, moved_at=at, **values).returning(RUN.c.id)
    return session.execute(update).first() is not None


def run(session: Session, run_id: int) -> Run:
    """Return the run of that number; raises NotFoundError."""
    row = session.execute(sa.select(RUN).where(RUN.c.id == run_id)).first()
    if row is None:
        raise NotFoundError(f"there is no run {run_id}", "`coopwatch digest runs` lists them.")
    return _run(row)


def runs(
    session: Session,
    state: RunState | None = None,
    limit: int | None = None,
    before: int | None = None,
    *,
    missed: bool = False,
) -> tuple[Run, ...]:
    """Return runs, newest first: in one state, at most `limit`, with numbers below `before`.

    Those that were missed and merged into a later one are left out unless `missed` asks for them.
    """
    query = sa.select(RUN).order_by(RUN.c.id.desc()).limit(limit)
    if not missed:
        query = query.where((RUN.c.state != RunState.CANCELLED) | RUN.c.cutoff.is_not(None))
    if state is not None:
        query = query.where(RUN.c.state == state)
    if before is not None:
        query = query.where(RUN.c.id < before)
    return tuple(_run(row) for row in session.execute(query))


def open_runs(session: Session) -> tuple[Run, ...]:
    """Return the runs that have not ended, oldest first."""
    rows = session.execute(sa.select(RUN).where(RUN.c.state.in_(OPEN_STATES)).order_by(RUN.c.id))
    return tuple(_run(row) for row in rows)


def newest_run(session: Session, frequency: Frequency) -> Run | None:
    """Return the run of this frequency that was due last, in whatever state."""
    query = sa.select(RUN).where(RUN.c.frequency == frequency).order_by(RUN.c.due_at.desc(), RUN.c.id.desc())
    row = session.execute(query.limit(1)).first()
    return _run(row) if row else None


def last_reader_version(session: Session) -> str | None:
    """Return the page reader's version at the last run whose mails were let go; None before the first."""
    gone = RUN.c.state.in_((RunState.DRAINING, RunState.CLOSED)) & RUN.c.reader_version.is_not(None)
    query = sa.select(RUN.c.reader_version).where(gone).order_by(RUN.c.id.desc()).limit(1)
    version = session.execute(query).scalar()
    return None if version is None else str(version)


def vouched(session: Session) -> int:
    """Return the ledger number up to which staff have released a run: they know what is told up to there."""
    released = sa.select(RUN_DECISION.c.run_id).where(RUN_DECISION.c.action == "release")
    return int(
        session.execute(sa.select(sa.func.max(RUN.c.cutoff)).where(RUN.c.id.in_(released))).scalar() or 0
    )


def public_by(session: Session, at: datetime) -> int:
    """Return the last ledger number that was public at an instant; 0 before the first.

    What old captures brought bears their dates, not that of its publication, and is no news.
    """
    own = LEDGER.c.pub_seq.not_in(sa.select(RETOLD.c.pub_seq))
    query = sa.select(sa.func.max(LEDGER.c.pub_seq)).where(LEDGER.c.at <= at, own)
    return int(session.execute(query).scalar() or 0)


def _values(
    kind: RunKind,
    frequency: Frequency | None,
    period: str,
    due_at: datetime,
    state: RunState,
    at: datetime,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "frequency": frequency,
        "period": period,
        "due_at": due_at,
        "state": state,
        "reasons": "[]",
        "moved_at": at,
    }


def _run(row: sa.Row[Any]) -> Run:
    return Run(
        id=row.id,
        kind=row.kind,
        frequency=row.frequency,
        period=row.period,
        due_at=row.due_at,
        state=row.state,
        start=row.start,
        cutoff=row.cutoff,
        reader_version=row.reader_version,
        reasons=_REASONS.validate_json(row.reasons),
        note=row.note,
        moved_at=row.moved_at,
    )
