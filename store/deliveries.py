"""Deliveries: every e-mail owed, with its exact bytes before the first is sent, and its fate."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from scraper.errors import NotFoundError
from store.database import insert_new
from store.kinds import DeliveryKind, DeliveryState
from store.subscriptions import advance
from store.tables import DELIVERY

__all__ = [
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "claim",
    "deliveries",
    "delivery",
    "open_digest",
    "owe",
    "settle_accepted",
    "settle_deferred",
    "settle_rejected",
]

WAITING = (DeliveryState.READY, DeliveryState.DEFERRED)
UNSENT = (*WAITING, DeliveryState.TRANSMITTING)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One e-mail owed and its fate; a digest tells its subscription of all up to `cutoff`.

    `response` is what the mail server said last. `settled_at` is when it was accepted, rejected or cancelled.
    """

    id: int
    kind: DeliveryKind
    recipient: str
    subscription_id: int | None
    message_id: str
    message: bytes
    state: DeliveryState
    attempts: int
    next_at: datetime
    cutoff: int | None
    created_at: datetime
    settled_at: datetime | None
    response: str | None


def owe(
    session: Session,
    *,
    kind: DeliveryKind,
    recipient: str,
    message_id: str,
    message: bytes,
    at: datetime,
    subscription_id: int | None = None,
    cutoff: int | None = None,
) -> int | None:
    """Owe a message and return its number; None where it is owed already.

    That is: the same Message-ID, the same subscription, kind and cutoff, or another digest of the same
    subscription that is not settled yet.
    """
    values = {
        "kind": kind,
        "recipient": recipient,
        "subscription_id": subscription_id,
        "message_id": message_id,
        "message": message,
        "state": DeliveryState.READY,
        "attempts": 0,
        "next_at": at,
        "cutoff": cutoff,
        "created_at": at,
    }
    row = insert_new(session, DELIVERY, values)
    return None if row is None else int(row.id)


def claim(session: Session, now: datetime, lease_until: datetime) -> Delivery | None:
    """Take the next message to transmit, confirmations first; None where nothing is due.

    One whose transmission was never settled comes again, with the same bytes, once its lease has run out.
    """
    waiting = DELIVERY.c.state.in_(WAITING) & (DELIVERY.c.next_at <= now)
    lost = (DELIVERY.c.state == DeliveryState.TRANSMITTING) & (DELIVERY.c.lease_until <= now)
    first = sa.case((DELIVERY.c.kind == DeliveryKind.CONFIRMATION, 0), else_=1)
    query = (
        sa.select(DELIVERY.c.id)
        .where(waiting | lost)
        .order_by(first, DELIVERY.c.next_at, DELIVERY.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(query).scalar()
    if taken is None:
        return None
    under_way = {
        "state": DeliveryState.TRANSMITTING,
        "attempts": DELIVERY.c.attempts + 1,
        "lease_until": lease_until,
    }
    update = sa.update(DELIVERY).where(DELIVERY.c.id == taken).values(under_way).returning(DELIVERY)
    return _delivery(session.execute(update).one())


def settle_accepted(session: Session, delivery_id: int, at: datetime, response: str) -> None:
    """Note that the server took the message; a digest's subscription is told up to its cutoff from here on.

    This stands against whatever was noted since: a sender that was thought lost may come back with it.
    """
    settled = {
        "state": DeliveryState.ACCEPTED,
        "settled_at": at,
        "response": _storable(response),
        "lease_until": None,
    }
    update = (
        sa.update(DELIVERY)
        .where(DELIVERY.c.id == delivery_id, DELIVERY.c.state != DeliveryState.ACCEPTED)
        .values(settled)
        .returning(DELIVERY.c.subscription_id, DELIVERY.c.cutoff)
    )
    row = session.execute(update).first()
    if row is not None and row.subscription_id is not None and row.cutoff is not None:
        advance(session, row.subscription_id, row.cutoff, at)


def settle_deferred(
    session: Session, delivery_id: int, at: datetime, next_at: datetime, response: str
) -> None:
    """Note that the message was not taken at `at` and is to be tried again at `next_at`."""
    _settle(
        session,
        delivery_id,
        {"state": DeliveryState.DEFERRED, "next_at": next_at, "response": _storable(response)},
    )


def settle_rejected(session: Session, delivery_id: int, at: datetime, response: str) -> None:
    """Note that the server refused the message for good."""
    _settle(
        session,
        delivery_id,
        {"state": DeliveryState.REJECTED, "settled_at": at, "response": _storable(response)},
    )


def deliveries(
    session: Session,
    subscription_id: int | None = None,
    state: DeliveryState | None = None,
    kind: DeliveryKind | None = None,
    limit: int | None = None,
) -> tuple[Delivery, ...]:
    """Return deliveries, newest first: of one subscription, in one state, of one kind, at most `limit`."""
    query = sa.select(DELIVERY).order_by(DELIVERY.c.id.desc()).limit(limit)
    if subscription_id is not None:
        query = query.where(DELIVERY.c.subscription_id == subscription_id)
    if state is not None:
        query = query.where(DELIVERY.c.state == state)
    if kind is not None:
        query = query.where(DELIVERY.c.kind == kind)
    return tuple(_delivery(row) for row in session.execute(query))


def delivery(session: Session, delivery_id: int) -> Delivery:
    """Return the delivery of that number; raises NotFoundError."""
    row = session.execute(sa.select(DELIVERY).where(DELIVERY.c.id == delivery_id)).first()
    if row is None:
        raise NotFoundError(f"there is no delivery {delivery_id}", "It may have been erased.")
    return _delivery(row)


def open_digest(session: Session, subscription_id: int) -> Delivery | None:
    """Return the subscription's digest that is owed and not settled yet; there is never more than one."""
    query = sa.select(DELIVERY).where(
        DELIVERY.c.subscription_id == subscription_id,
        DELIVERY.c.kind == DeliveryKind.DIGEST,
        DELIVERY.c.state.in_(UNSENT),
    )
    row = session.execute(query).first()
    return _delivery(row) if row else None


def _settle(session: Session, delivery_id: int, values: dict[str, object]) -> None:
    under_way = DELIVERY.c.state == DeliveryState.TRANSMITTING
    session.execute(
        sa.update(DELIVERY).where(DELIVERY.c.id == delivery_id, under_way).values(**values, lease_until=None)
    )


def _storable(response: str) -> str:
    """Return a server's words without what a text column refuses: a settlement must never fail over them."""
    return response.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        kind=row.kind,
        recipient=row.recipient,
        subscription_id=row.subscription_id,
        message_id=row.message_id,
        message=row.message,
        state=row.state,
        attempts=row.attempts,
        next_at=row.next_at,
        cutoff=row.cutoff,
        created_at=row.created_at,
        settled_at=row.settled_at,
        response=row.response,
    )
