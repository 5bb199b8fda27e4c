"""What comes back: messages that bounced, how far a reader is told then, and readers in trouble for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from store.bounce_tables import INCOMING, TROUBLE
from store.database import Session, insert_new
from store.evidence.log import log_entries
from store.kinds import (
    DeliveryKind,
    DeliveryState,
    IncomingKind,
    Refusal,
    SubscriptionState,
    SuspensionReason,
)
from store.lanes import lanes
from store.mail_tables import DELIVERY, SUBSCRIPTION
from store.outbox import settle_reported
from store.tables import LEDGER

__all__ = [
    "Failure",
    "IncomingKind",
    "OwnFault",
    "Troubled",
    "failures",
    "faults_of_ours",
    "is_strange",
    "keep_trouble",
    "note_incoming",
    "settle_bounced",
    "troubled",
]

_OUT = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.IN_DOUBT, DeliveryState.TRANSMITTING)
"""A message in one of these has reached its reader, for all that is known."""

_COLUMNS = tuple(column for column in TROUBLE.c if column.name != "subscription_id")
_FAILED = (DeliveryState.REJECTED, DeliveryState.BOUNCED)
_TOLD_BY = (DeliveryKind.DIGEST, DeliveryKind.CORRECTION)


@dataclass(frozen=True, slots=True)
class Failure:
    """A digest or correction that did not reach its reader: when it was made, and whose fault that is."""

    made_at: datetime
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Troubled:
    """How far things have come with a reader; `probe` is the grade with which the question came back.

    `resting` says whether the subscription is suspended because its mails came back.
    """

    subscription_id: int
    forgiven_at: datetime | None = None
    probed_at: datetime | None = None
    probe_id: int | None = None
    suspended_at: datetime | None = None
    notices: int = 0
    probe: Refusal | None = None
    resting: bool = False


@dataclass(frozen=True, slots=True)
class OwnFault:
    """That a domain's server refused us on a day, and what it said first."""

    domain: str
    day: date
    words: str


def note_incoming(session: Session, sha256: str, kind: IncomingKind, at: datetime) -> bool:
    """Note a mail as dealt with; False where it was dealt with before."""
    return insert_new(session, INCOMING, {"sha256": sha256, "kind": kind, "at": at}) is not None


def settle_bounced(session: Session, delivery_id: int, at: datetime, refusal: Refusal, response: str) -> bool:
    """Note that a message came back after it had gone out; False where that is known already.

    A digest that came back told its reader nothing: the cursor goes back to where that digest began, so
    that the next one covers its range.
    """
    bounced = DeliveryState.BOUNCED
    before = settle_reported(session, delivery_id, at, bounced, response, refusal)
    if before is None:
        return False
    if before.kind is DeliveryKind.DIGEST and before.subscription_id is not None:
        _turn_back(session, before.subscription_id, before.id)
    return True


def is_strange(session: Session, delivery_id: int) -> bool:
    """Say whether no message of that number was ever sent from here: it waits still, or there never was one.

    The log knows also those that were erased.
    """
    attempts = session.execute(sa.select(DELIVERY.c.attempts).where(DELIVERY.c.id == delivery_id)).scalar()
    return attempts == 0 or (attempts is None and not log_entries(session, DELIVERY.name, [str(delivery_id)]))


def failures(session: Session, subscription_id: int, since: datetime) -> tuple[Failure, ...]:
    """Return what did not reach a reader of what was made since then, oldest first."""
    query = (
        sa.select(DELIVERY.c.created_at, DELIVERY.c.refusal)
        .where(DELIVERY.c.subscription_id == subscription_id, DELIVERY.c.created_at > since)
        .where(_is_failure())
        .order_by(DELIVERY.c.id)
    )
    return tuple(Failure(*row) for row in session.execute(query))


def troubled(session: Session, since: datetime, subscription_id: int | None = None) -> tuple[Troubled, ...]:
    """Return the readers, all or one, whom mails made since then did not reach, or who are in trouble yet."""
    failing = sa.select(DELIVERY.c.subscription_id).where(DELIVERY.c.created_at > since, _is_failure())
    probe = DELIVERY.alias("probe")
    query = (
        sa.select(
            SUBSCRIPTION.c.id, SUBSCRIPTION.c.state, SUBSCRIPTION.c.suspended_for, *_COLUMNS, probe.c.refusal
        )
        .outerjoin(TROUBLE, TROUBLE.c.subscription_id == SUBSCRIPTION.c.id)
        .outerjoin(probe, (probe.c.id == TROUBLE.c.probe_id) & probe.c.state.in_(_FAILED))
        .where(SUBSCRIPTION.c.id.in_(failing) | TROUBLE.c.probed_at.is_not(None))
        .where(SUBSCRIPTION.c.state.in_((SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED)))
        .order_by(SUBSCRIPTION.c.id)
    )
    if subscription_id is not None:
        query = query.where(SUBSCRIPTION.c.id == subscription_id)
    return tuple(_troubled(row) for row in session.execute(query))


def faults_of_ours(session: Session, since: datetime) -> tuple[OwnFault, ...]:
    """Return, by domain and day (UTC), what servers refused since then for a fault that is ours.

    What was said about the alerts to staff is left out, so that they do not beget one another.
    """
    found = {
        (lane.domain, lane.stopped_at.date()): OwnFault(
            lane.domain, lane.stopped_at.date(), lane.stopped_why or ""
        )
        for lane in lanes(session)
        if lane.stopped_at is not None and lane.stopped_at >= since
    }
    query = (
        sa.select(DELIVERY.c.lane, DELIVERY.c.settled_at, DELIVERY.c.response)
        .where(DELIVERY.c.state.in_(_FAILED), DELIVERY.c.refusal == Refusal.OURS)
        .where(DELIVERY.c.settled_at >= since, DELIVERY.c.kind != DeliveryKind.ALERT)
        .order_by(DELIVERY.c.id)
    )
    for row in session.execute(query):
        day = row.settled_at.date()
        found.setdefault((row.lane, day), OwnFault(row.lane, day, row.response or ""))
    return tuple(found[key] for key in sorted(found))


def keep_trouble(session: Session, subscription_id: int, **values: Any) -> None:
    """Write down how far things have come with a reader: columns of `trouble`, the others stay."""
    if insert_new(session, TROUBLE, {"subscription_id": subscription_id, "notices": 0, **values}) is None:
        here = TROUBLE.c.subscription_id == subscription_id
        session.execute(sa.update(TROUBLE).where(here).values(values))


def _is_failure() -> sa.ColumnElement[bool]:
    return (
        DELIVERY.c.kind.in_(_TOLD_BY)
        & DELIVERY.c.state.in_(_FAILED)
        & DELIVERY.c.refusal.is_not(None)
        & DELIVERY.c.subscription_id.is_not(None)
    )


def _troubled(row: sa.Row[*tuple[Any, ...]]) -> Troubled:
    resting = (row.state, row.suspended_for) == (SubscriptionState.SUSPENDED, SuspensionReason.BOUNCES)
    return Troubled(
        subscription_id=row.id,
        forgiven_at=row.forgiven_at,
        probed_at=row.probed_at,
        probe_id=row.probe_id,
        suspended_at=row.suspended_at,
        notices=row.notices or 0,
        probe=row.refusal,
        resting=resting,
    )


def _turn_back(session: Session, subscription_id: int, returned_id: int) -> None:
    query = (
        sa.select(
            *(DELIVERY.c.id, DELIVERY.c.cutoff, DELIVERY.c.created_at),
            *(DELIVERY.c.state, DELIVERY.c.settled_at),
        )
        .where(DELIVERY.c.subscription_id == subscription_id, DELIVERY.c.kind == DeliveryKind.DIGEST)
        .order_by(DELIVERY.c.id)
    )
    digests = session.execute(query).all()
    own = SUBSCRIPTION.c.id == subscription_id
    begun = sa.select(SUBSCRIPTION.c.confirmed_at).where(own).scalar_subquery()
    start = session.execute(sa.select(sa.func.max(LEDGER.c.pub_seq)).where(LEDGER.c.at <= begun)).scalar()
    target = told_before(returned_id, digests, start or 0)
    if target is not None:
        further = own & (SUBSCRIPTION.c.cursor > target)
        session.execute(sa.update(SUBSCRIPTION).where(further).values(cursor=target))


def told_before(returned_id: int, digests: Sequence[Any], first: int) -> int | None:
    """Return the ledger number up to which a reader was told before the digest that came back.

    `digests` are all of the reader's, in their order, `first` is where the reader began. None where a digest
    made since covers its range already: the first that was made after an earlier one had come back.

    Digests sent between this one and its return are told once more in the next: nothing goes missing.
    """
    came_back = [
        one.settled_at for one in digests if one.id <= returned_id and one.state == DeliveryState.BOUNCED
    ]
    out = [one for one in digests if one.state in _OUT]
    if any(one.id > returned_id and one.created_at >= min(came_back) for one in out):
        return None
    return max((one.cutoff for one in out if one.id < returned_id and one.cutoff is not None), default=first)
