"""The mails of a run together: who is to be told, and all of them set ready, held back, or cancelled."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.deliveries import Delivery, delivery
from store.kinds import DeliveryKind, DeliveryState, Frequency, RunState, SubscriptionState
from store.mail_tables import DELIVERY, OPEN, SUBSCRIPTION
from store.run_tables import RUN
from store.subscriptions import Subscription, advance, some_subscriptions
from store.waiting_mails import WAITING, cancel_waiting


def readers_behind(session: Session, frequency: Frequency, cutoff: int) -> tuple[Subscription, ...]:
    """Return the readers of a frequency who have not been told of all up to `cutoff`, oldest first.

    Left out is to whom a digest of all up to there was refused for good: the next change makes another.
    """
    refused = sa.exists().where(
        DELIVERY.c.subscription_id == SUBSCRIPTION.c.id,
        DELIVERY.c.kind == DeliveryKind.DIGEST,
        DELIVERY.c.state == DeliveryState.REJECTED,
        DELIVERY.c.cutoff >= cutoff,
    )
    behind = (SUBSCRIPTION.c.frequency == frequency) & (SUBSCRIPTION.c.cursor < cutoff)
    return some_subscriptions(session, (SUBSCRIPTION.c.state == SubscriptionState.ACTIVE) & behind & ~refused)


def is_wanted_now(session: Session, head: int) -> bool:
    """Say whether a reader waits who wants to hear at once: behind the head, with no digest on its way.

    A run that staff rejected is not made anew before there is something else to tell.
    """
    waiting = readers_behind(session, Frequency.AT_ONCE, head)
    if not waiting:
        return False
    last = sa.select(RUN.c.state, RUN.c.cutoff).where(RUN.c.frequency == Frequency.AT_ONCE)
    newest = session.execute(last.order_by(RUN.c.id.desc()).limit(1)).first()
    if newest is not None and newest.state == RunState.CANCELLED and (newest.cutoff or 0) >= head:
        return False
    covered = sa.select(DELIVERY.c.subscription_id).where(
        DELIVERY.c.kind == DeliveryKind.DIGEST, sa.text(OPEN), DELIVERY.c.cutoff >= head
    )
    under_way = sa.select(DELIVERY.c.subscription_id).where(
        DELIVERY.c.kind == DeliveryKind.DIGEST,
        DELIVERY.c.state.in_((DeliveryState.TRANSMITTING, DeliveryState.IN_DOUBT)),
    )
    busy = set(session.execute(covered.union(under_way)).scalars())
    return any(reader.id not in busy for reader in waiting)


def told_readers(session: Session) -> frozenset[int]:
    """Return the subscriptions that have had a digest before."""
    taken = DELIVERY.c.state.in_((DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.BOUNCED))
    had = (
        sa.select(DELIVERY.c.subscription_id).distinct().where(DELIVERY.c.kind == DeliveryKind.DIGEST, taken)
    )
    return frozenset(session.execute(had.where(DELIVERY.c.subscription_id.is_not(None))).scalars())


def hold_still(
    session: Session, readers: Collection[int], frequency: Frequency, cutoff: int
) -> tuple[Subscription, ...]:
    """Return those readers who are to be told up to `cutoff` still, locked until the caller's commit."""
    here = SUBSCRIPTION.c.id.in_(readers) & (SUBSCRIPTION.c.state == SubscriptionState.ACTIVE)
    behind = (SUBSCRIPTION.c.frequency == frequency) & (SUBSCRIPTION.c.cursor < cutoff)
    return some_subscriptions(session, here & behind, locked=True)


def make_way(session: Session, readers: Collection[int], run_id: int, at: datetime) -> frozenset[int]:
    """Cancel readers' digests that have not left, since one of this run covers them; return who needs one.

    Who has one of this run needs none, nor does who may be receiving an older one at this moment.
    """
    digests = DELIVERY.c.subscription_id.in_(readers) & (DELIVERY.c.kind == DeliveryKind.DIGEST)
    here = digests & DELIVERY.c.run_id.is_distinct_from(run_id)
    cancel_waiting(session, here, at, "a newer digest covers it")
    own = sa.select(DELIVERY.c.subscription_id).where(digests, DELIVERY.c.run_id == run_id)
    left = sa.select(DELIVERY.c.subscription_id).where(digests, sa.text(OPEN))
    return frozenset(readers) - set(session.execute(own.union(left)).scalars())


def set_ready(session: Session, run_id: int, at: datetime, only: int | None = None) -> None:
    """Let the mails of a run leave: all that wait for it, or `only` one of them."""
    here = (DELIVERY.c.run_id == run_id) & (DELIVERY.c.state == DeliveryState.COMPOSED)
    if only is not None:
        here &= DELIVERY.c.id == only
    session.execute(sa.update(DELIVERY).where(here).values(state=DeliveryState.READY, next_at=at))


def next_untouched(session: Session, run_id: int) -> str | None:
    """Return the Message-ID of the mail of a run that is the next to leave for the first time."""
    waiting = DELIVERY.c.state.in_((DeliveryState.COMPOSED, DeliveryState.READY)) & (DELIVERY.c.attempts == 0)
    query = sa.select(DELIVERY.c.message_id).where(DELIVERY.c.run_id == run_id, waiting)
    return session.execute(query.order_by(DELIVERY.c.next_at, DELIVERY.c.id).limit(1)).scalar()


def hold_back(session: Session, run_id: int) -> None:
    """Keep those mails of a run that have not left from leaving."""
    here = (DELIVERY.c.run_id == run_id) & DELIVERY.c.state.in_((DeliveryState.READY, DeliveryState.DEFERRED))
    session.execute(sa.update(DELIVERY).where(here).values(state=DeliveryState.COMPOSED))


def strays(session: Session) -> bool:
    """Say whether a mail may leave although its run is held or rejected: it was under way at that moment."""
    return (
        session.execute(sa.select(DELIVERY.c.id).where(_stray(RunState.HELD, RunState.CANCELLED))).first()
        is not None
    )


def catch_strays(session: Session, at: datetime) -> None:
    """Hold back, or cancel, the mails that were put off by a server while their run was held or rejected."""
    held = sa.update(DELIVERY).where(_stray(RunState.HELD)).values(state=DeliveryState.COMPOSED)
    session.execute(held)
    cancel_waiting(session, _stray(RunState.CANCELLED), at, "its run was rejected")


def _stray(*states: RunState) -> sa.ColumnElement[bool]:
    loose = DELIVERY.c.state.in_((DeliveryState.READY, DeliveryState.DEFERRED))
    return loose & DELIVERY.c.run_id.in_(sa.select(RUN.c.id).where(RUN.c.state.in_(states)))


def cancel_mails(session: Session, run_id: int, at: datetime, why: str, *, told: bool = False) -> None:
    """Cancel those mails of a run that have not left; `told` says that their readers count as told."""
    here = (DELIVERY.c.run_id == run_id) & DELIVERY.c.state.in_(WAITING)
    if told:
        owed = sa.select(DELIVERY.c.subscription_id, DELIVERY.c.cutoff).where(here)
        for row in session.execute(owed).all():
            if row.subscription_id is not None and row.cutoff is not None:
                advance(session, row.subscription_id, row.cutoff, at)
    cancel_waiting(session, here, at, why)


def mail_counts(session: Session, run_id: int) -> Mapping[DeliveryState, int]:
    """Return how many mails of a run are in which state."""
    query = sa.select(DELIVERY.c.state, sa.func.count()).where(DELIVERY.c.run_id == run_id)
    return Counter({row[0]: row[1] for row in session.execute(query.group_by(DELIVERY.c.state))})


def sent_ahead(session: Session, run_id: int, canary: str) -> Delivery | None:
    """Return the mail of a run to the canary, which no subscription asked for."""
    here = (DELIVERY.c.run_id == run_id) & (DELIVERY.c.recipient == canary)
    query = sa.select(DELIVERY.c.id).where(here, DELIVERY.c.subscription_id.is_(None))
    number = session.execute(query).scalar()
    return None if number is None else delivery(session, number)


def last_sent_ahead(session: Session, run_id: int, canary: str) -> DeliveryState | None:
    """Return what became of the canary's mail in the last run before that one; None where it had none."""
    before = (DELIVERY.c.run_id < run_id) & (DELIVERY.c.recipient == canary)
    query = sa.select(DELIVERY.c.state).where(before, DELIVERY.c.subscription_id.is_(None))
    return session.execute(query.order_by(DELIVERY.c.run_id.desc()).limit(1)).scalar()


def samples(session: Session, run_id: int) -> tuple[tuple[Delivery, int], ...]:
    """Return one mail for each content of a run, and how many readers have that content, oldest first."""
    query = (
        sa.select(sa.func.min(DELIVERY.c.id), sa.func.count())
        .where(DELIVERY.c.run_id == run_id)
        .group_by(DELIVERY.c.content_id)
        .order_by(sa.func.min(DELIVERY.c.id))
    )
    return tuple((delivery(session, row[0]), row[1]) for row in session.execute(query).all())
