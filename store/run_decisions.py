"""What staff decide about runs, each in one transaction with what follows from it and its evidence."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from scraper.errors import DecisionError
from store.database import Session
from store.decisions import Signature, member_number
from store.digest_runs import OPEN_STATES, Run, move, run
from store.evidence.attest import attest_row, attest_staff_action
from store.evidence.canonical import digest
from store.keeping_tables import RESTORATION
from store.kinds import DeliveryKind, DeliveryState, Frequency, RunAction, RunState
from store.mail_tables import DELIVERY, OPEN
from store.review_tables import MEMBER
from store.run_mails import cancel_mails, hold_back
from store.run_tables import RUN, RUN_DECISION, UNDER_WAY

BY_HAND = "held by staff"
"""The reason of a run that staff hold."""

OVERTAKEN = "held while a later run waited: the next digests tell what it had left"
"""How a run ends that was held beside a later one."""


@dataclass(frozen=True, slots=True)
class RunDecision:
    """What a member of staff did with a run; `by` is None once the name has been erased."""

    run_id: int
    at: datetime
    by: str | None
    action: RunAction
    why: str


def hold_run(session: Session, run_id: int, signature: Signature) -> None:
    """Keep a run's mails, as far as they have not left, until somebody decides; raises DecisionError."""
    if not keep_from_leaving(session, run_id, (BY_HAND,), signature.at):
        raise _too_late(run(session, run_id), "held")
    keep_run_decision(session, run_id, RunAction.HOLD, signature)


def release_run(session: Session, run_id: int, signature: Signature) -> None:
    """Let the mails of a held run leave, as they are; raises DecisionError."""
    if not move(session, run_id, [RunState.HELD], RunState.RELEASED, signature.at):
        raise _too_late(run(session, run_id), "released")
    keep_run_decision(session, run_id, RunAction.RELEASE, signature)


def reject_run(session: Session, run_id: int, signature: Signature, *, told: bool = False) -> None:
    """Cancel the mails of a held run; raises DecisionError.

    Its readers stay where they are, so that their next digest tells these changes, unless they are called
    `told`: then nobody hears of them again. That is for what was mailed before a backup was put back.
    """
    note = "rejected by staff; its readers count as told" if told else "rejected by staff"
    if not move(session, run_id, [RunState.HELD], RunState.CANCELLED, signature.at, note=note):
        raise _too_late(run(session, run_id), "rejected")
    cancel_mails(session, run_id, signature.at, f"the run was {note}", told=told)
    keep_run_decision(session, run_id, RunAction.REJECT, signature)


def keep_from_leaving(session: Session, run_id: int, reasons: tuple[str, ...], at: datetime) -> bool:
    """Hold a run whose mails are made, for these reasons; False where it has ended, or has none yet.

    Of a frequency one run waits at a time. Where that is a later one, this one ends, and what it has left is
    cancelled: its readers' next digest covers it.
    """
    if _is_overtaken(session, run_id):
        ended = {"reasons": reasons, "note": OVERTAKEN}
        if not move(session, run_id, [RunState.DRAINING], RunState.CANCELLED, at, **ended):
            return False
        cancel_mails(session, run_id, at, OVERTAKEN)
        return True
    before = (RunState.COMPOSED, RunState.RELEASED, RunState.DRAINING)
    if not move(session, run_id, before, RunState.HELD, at, reasons=reasons):
        return False
    hold_back(session, run_id)
    return True


def _is_overtaken(session: Session, run_id: int) -> bool:
    frequency = sa.select(RUN.c.frequency).where(RUN.c.id == run_id).scalar_subquery()
    later = sa.select(RUN.c.id).where(RUN.c.frequency == frequency, RUN.c.id != run_id, sa.text(UNDER_WAY))
    return session.execute(later.limit(1)).first() is not None


def keep_all_back(session: Session, at: datetime) -> None:
    """Keep back whatever a database that was just restored owes its readers: it may have been sent since.

    Its runs that have mails left are held; the next run of each frequency will wait for staff, too.
    """
    here = DELIVERY.c.kind.in_((DeliveryKind.DIGEST, DeliveryKind.CORRECTION)) & sa.text(OPEN)
    session.execute(sa.update(DELIVERY).where(here).values(state=DeliveryState.COMPOSED))
    owing = sa.exists().where(DELIVERY.c.run_id == RUN.c.id, DELIVERY.c.state == DeliveryState.COMPOSED)
    under_way = sa.select(RUN.c.id).where(RUN.c.state.in_(OPEN_STATES), owing)
    for number in session.execute(under_way.order_by(RUN.c.id.desc())).scalars().all():
        keep_from_leaving(session, number, (RESTORED,), at)


RESTORED = "an earlier state of the database was put back: what this run tells may have been sent already"
"""The reason of runs after that."""


def is_restored_since(session: Session, frequency: Frequency | None) -> bool:
    """Say whether an earlier state was put back, and no run of this frequency made since then was decided.

    A decision about what was under way says nothing of that: only a later one tells the time that was lost.
    """
    restored = session.execute(sa.select(sa.func.max(RESTORATION.c.at))).scalar()
    if restored is None:
        return False
    made_since = sa.exists().where(DELIVERY.c.run_id == RUN.c.id, DELIVERY.c.created_at >= restored)
    decided = (
        sa.select(RUN_DECISION.c.id)
        .join(RUN, RUN.c.id == RUN_DECISION.c.run_id)
        .where(RUN_DECISION.c.at >= restored, RUN.c.frequency == frequency, made_since)
        .where(RUN_DECISION.c.action.in_((RunAction.RELEASE, RunAction.REJECT)))
    )
    return session.execute(decided.limit(1)).first() is None


def run_decisions(session: Session, run_id: int) -> tuple[RunDecision, ...]:
    """Return what staff decided about a run, oldest first."""
    query = (
        sa.select(RUN_DECISION, MEMBER.c.name)
        .outerjoin(MEMBER, MEMBER.c.id == RUN_DECISION.c.member)
        .where(RUN_DECISION.c.run_id == run_id)
        .order_by(RUN_DECISION.c.id)
    )
    return tuple(
        RunDecision(row.run_id, row.at, row.name, row.action, row.why) for row in session.execute(query)
    )


def keep_run_decision(session: Session, run_id: int, action: RunAction, signature: Signature) -> None:
    """Write down what was decided about a run; call it last in the transaction."""
    member = member_number(session, signature.by)
    values = {
        "run_id": run_id,
        "at": signature.at,
        "member": member,
        "action": action,
        "why": signature.why,
    }
    number = session.execute(sa.insert(RUN_DECISION).values(values).returning(RUN_DECISION.c.id)).scalar_one()
    attest_row(session, RUN_DECISION, number)
    attest_staff_action(
        session,
        at=signature.at,
        account=member,
        action=action,
        subject=f"run {run_id}",
        content=digest(signature.why.encode()),
    )


def _too_late(chosen: Run, what: str) -> DecisionError:
    return DecisionError(
        f"run {chosen.id} is {chosen.state} and cannot be {what}", "`coopwatch digest runs` shows each state."
    )
