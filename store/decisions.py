"""What staff decided: who, when, why and what, each written once; corrections are decisions of their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scraper.errors import NotFoundError
from store.database import Session, insert_new
from store.evidence.attest import attest_staff_action
from store.evidence.canonical import digest
from store.kinds import StaffAction
from store.review_tables import DECISION, MEMBER


@dataclass(frozen=True, slots=True)
class StaffDecision:
    """One act of a member of staff; `by` is None once the name has been erased.

    `track` is the project that it was about: the one kept in a merge, the one split up. `other` is the one
    merged into it, or split off. `undone_by` is the decision that took this one back.
    """

    id: int
    at: datetime
    by: str | None
    action: StaffAction
    why: str
    source: str
    capture_id: int
    review_id: int | None
    track: int | None
    other: int | None
    undoes: int | None
    undone_by: int | None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides, why, and when."""

    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """What is decided about a source's projects or a review; `track` and `other` as in StaffDecision."""

    action: StaffAction
    source: str
    review_id: int | None = None
    track: int | None = None
    other: int | None = None
    undoes: int | None = None


def keep_decision(session: Session, signature: Signature, act: Act, capture_id: int) -> int:
    """Write down a decision, made while that capture stood, and return its number."""
    member = member_number(session, signature.by)
    row = sa.insert(DECISION).values(
        at=signature.at,
        member=member,
        action=act.action,
        why=signature.why,
        source=act.source,
        capture_id=capture_id,
        review_id=act.review_id,
        track=act.track,
        other=act.other,
        undoes=act.undoes,
    )
    number = int(session.execute(row.returning(DECISION.c.id)).scalar_one())
    attest_staff_action(
        session,
        at=signature.at,
        account=member,
        action=act.action,
        subject=f"decision {number} on {act.source}",
        content=digest(signature.why.encode()),
    )
    return number


def decisions(
    session: Session, source: str | None = None, limit: int | None = None
) -> tuple[StaffDecision, ...]:
    """Return what staff decided, newest first."""
    condition = DECISION.c.source == source if source is not None else sa.true()
    return _decisions(session, condition, limit)


def decision(session: Session, decision_id: int) -> StaffDecision:
    """Return the decision of that number; raises NotFoundError."""
    found = _decisions(session, DECISION.c.id == decision_id)
    if not found:
        raise NotFoundError(f"there is no decision {decision_id}", "`coopwatch tracks decisions` lists them.")
    return found[0]


def member_number(session: Session, name: str) -> int:
    """Return the number of a member of staff, given with the first thing that they decide."""
    insert_new(session, MEMBER, {"name": name})
    return int(session.execute(sa.select(MEMBER.c.id).where(MEMBER.c.name == name)).scalar_one())


def _decisions(
    session: Session, condition: sa.ColumnElement[bool], limit: int | None = None
) -> tuple[StaffDecision, ...]:
    undoing = DECISION.alias("undoing")
    query = (
        sa.select(DECISION, MEMBER.c.name, undoing.c.id.label("undone_by"))
        .outerjoin(MEMBER, MEMBER.c.id == DECISION.c.member)
        .outerjoin(undoing, undoing.c.undoes == DECISION.c.id)
        .where(condition)
        .order_by(DECISION.c.id.desc())
        .limit(limit)
    )
    return tuple(_decision(row) for row in session.execute(query))


def _decision(row: sa.Row[Any]) -> StaffDecision:
    return StaffDecision(
        id=row.id,
        at=row.at,
        by=row.name,
        action=row.action,
        why=row.why,
        source=row.source,
        capture_id=row.capture_id,
        review_id=row.review_id,
        track=row.track,
        other=row.other,
        undoes=row.undoes,
        undone_by=row.undone_by,
    )
