"""Deliveries: every e-mail owed, with its exact bytes before the first is sent, and its fate."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from scraper.errors import NotFoundError
from store.database import insert_new
from store.evidence.attest import attest_deliveries
from store.kinds import DeliveryKind, DeliveryState, Refusal, SubscriptionState
from store.mail_tables import DELIVERY, OPEN, SUBSCRIPTION

__all__ = [
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "deliveries",
    "delivery",
    "is_owed",
    "lane",
    "open_digest",
    "owe",
]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One e-mail owed and its fate; a digest tells its subscription of all up to `cutoff`.

    `next_at` is when an unsent one comes up: one under way does again should its sender be lost. `response`
    is what the mail server said last, `settled_at` when it was accepted, rejected or cancelled, `refusal`
    whose fault a refusal is. `lane` is the recipient's domain. `doubted_at` is when it was first in doubt,
    `resends` how often it was sent again without evidence that it had not arrived.
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
    lane: str
    refusal: Refusal | None
    doubted_at: datetime | None
    resends: int
    run_id: int | None
    content_id: int | None
    corrects_id: int | None
    message_sha256: str | None


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
    run_id: int | None = None,
    content_id: int | None = None,
    corrects_id: int | None = None,
) -> int | None:
    """Owe a message and return its number; None where it is owed already, or its subscription has ended.

    Already means: the same Message-ID, the same subscription, kind and run, or another digest of the same
    subscription that is not settled yet. A mail of a run may not leave before the run lets it.
    """
    if subscription_id is not None and not stands(session, subscription_id):
        return None
    values = {
        "kind": kind,
        "recipient": recipient,
        "subscription_id": subscription_id,
        "message_id": message_id,
        "message": message,
        "state": DeliveryState.READY if run_id is None else DeliveryState.COMPOSED,
        "attempts": 0,
        "next_at": at,
        "cutoff": cutoff,
        "created_at": at,
        "lane": lane(recipient),
        "resends": 0,
        "run_id": run_id,
        "content_id": content_id,
        "corrects_id": corrects_id,
    }
    row = insert_new(session, DELIVERY, values)
    if row is None:
        return None
    attest_deliveries(session, [row.id])
    return int(row.id)


def lane(recipient: str) -> str:
    """Return the recipient's domain in lower case: what its mail server bears is shared by all of them."""
    return recipient.rpartition("@")[2].lower()


def is_owed(session: Session, message_id: str) -> bool:
    """Say whether a message of that Message-ID is owed, or was."""
    here = sa.select(DELIVERY.c.id).where(DELIVERY.c.message_id == message_id)
    return session.execute(here).first() is not None


def deliveries(
    session: Session,
    subscription_id: int | None = None,
    state: DeliveryState | None = None,
    kind: DeliveryKind | None = None,
    limit: int | None = None,
    *,
    recipient: str | None = None,
    run_id: int | None = None,
    before: int | None = None,
) -> tuple[Delivery, ...]:
    """Return deliveries, newest first: of one subscription, state, kind or run, at most `limit`.

    `recipient` is an address in whatever case, `before` the last number of a listing to be continued.
    """
    query = sa.select(DELIVERY).order_by(DELIVERY.c.id.desc()).limit(limit)
    if subscription_id is not None:
        query = query.where(DELIVERY.c.subscription_id == subscription_id)
    if state is not None:
        query = query.where(DELIVERY.c.state == state)
    if kind is not None:
        query = query.where(DELIVERY.c.kind == kind)
    if recipient is not None:
        query = query.where(sa.func.lower(DELIVERY.c.recipient) == recipient.strip().lower())
    if run_id is not None:
        query = query.where(DELIVERY.c.run_id == run_id)
    if before is not None:
        query = query.where(DELIVERY.c.id < before)
    return tuple(delivery_of(row) for row in session.execute(query))


def delivery(session: Session, delivery_id: int) -> Delivery:
    """Return the delivery of that number; raises NotFoundError."""
    row = session.execute(sa.select(DELIVERY).where(DELIVERY.c.id == delivery_id)).first()
    if row is None:
        raise NotFoundError(f"there is no delivery {delivery_id}", "It may have been erased.")
    return delivery_of(row)


def open_digest(session: Session, subscription_id: int) -> Delivery | None:
    """Return the subscription's digest that is owed and not settled yet; there is never more than one."""
    query = sa.select(DELIVERY).where(
        DELIVERY.c.subscription_id == subscription_id,
        DELIVERY.c.kind == DeliveryKind.DIGEST,
        sa.text(OPEN),
    )
    row = session.execute(query).first()
    return delivery_of(row) if row else None


def stands(session: Session, subscription_id: int) -> bool:
    """Say whether a subscription has not ended; it cannot end before the caller's commit."""
    # Locked until the commit, the subscription before its deliveries, as `unsubscribe` does: either that
    # finds the new delivery and cancels it, or it came first and nothing is owed any more.
    standing = SUBSCRIPTION.c.state != SubscriptionState.ENDED
    query = sa.select(SUBSCRIPTION.c.id).where(SUBSCRIPTION.c.id == subscription_id, standing)
    return session.execute(query.with_for_update()).first() is not None


def delivery_of(row: sa.Row[Any]) -> Delivery:
    """Return the noun of a row of the table."""
    return Delivery(*(getattr(row, field.name) for field in fields(Delivery)))
