"""Subscriptions: a person's standing request, its mailed links, and how far it has been told."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlmodel import Session

from scraper.errors import NotFoundError
from scraper.records import ChangeKind, ProjectStatus
from store.database import insert_new
from store.evidence.attest import attest_deliveries
from store.kinds import DeliveryState, Frequency, SubscriptionState, TokenPurpose
from store.ledger import head
from store.mail_tables import DELIVERY, SUBSCRIPTION, TOKEN, TokenRow

__all__ = [
    "Filters",
    "Frequency",
    "Subscription",
    "SubscriptionState",
    "TokenPurpose",
    "active_subscriptions",
    "advance",
    "confirm",
    "holder",
    "mint",
    "request_subscription",
    "subscription",
    "subscriptions",
    "unsubscribe",
]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a subscription wants to hear of; an empty tuple means everything."""

    sources: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    statuses: tuple[ProjectStatus, ...] = ()
    kinds: tuple[ChangeKind, ...] = ()
    words: tuple[str, ...] = ()


FILTERS = TypeAdapter(Filters)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A standing request; `cursor` is the last ledger number told, `told_at` when that was settled."""

    id: int
    address: str
    language: str
    frequency: Frequency
    filters: Filters
    state: SubscriptionState
    cursor: int
    requested_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    told_at: datetime | None


def request_subscription(
    session: Session, address: str, language: str, frequency: Frequency, filters: Filters, at: datetime
) -> Subscription:
    """Return the pending subscription of this wish, or the one that stands already, pending or active."""
    text = FILTERS.dump_json(filters).decode()
    wish = sha256("\n".join((address, language, frequency, text)).encode()).hexdigest()
    values = {
        "address": address,
        "language": language,
        "frequency": frequency,
        "filters": text,
        "wish_sha256": wish,
        "state": SubscriptionState.PENDING,
        "cursor": 0,
        "requested_at": at,
    }
    insert_new(session, SUBSCRIPTION, values)
    standing = SUBSCRIPTION.c.state != SubscriptionState.ENDED
    row = session.execute(sa.select(SUBSCRIPTION).where(SUBSCRIPTION.c.wish_sha256 == wish, standing)).one()
    return _subscription(row)


def subscription(session: Session, subscription_id: int) -> Subscription:
    """Return the subscription of that number; raises NotFoundError."""
    row = session.execute(sa.select(SUBSCRIPTION).where(SUBSCRIPTION.c.id == subscription_id)).first()
    if row is None:
        raise NotFoundError(f"there is no subscription {subscription_id}", "It may have been erased.")
    return _subscription(row)


def subscriptions(session: Session) -> tuple[Subscription, ...]:
    """Return every subscription, the ended ones too, oldest first."""
    rows = session.execute(sa.select(SUBSCRIPTION).order_by(SUBSCRIPTION.c.id))
    return tuple(_subscription(row) for row in rows)


def active_subscriptions(session: Session) -> tuple[Subscription, ...]:
    """Return the subscriptions that are owed digests, oldest first."""
    active = SUBSCRIPTION.c.state == SubscriptionState.ACTIVE
    rows = session.execute(sa.select(SUBSCRIPTION).where(active).order_by(SUBSCRIPTION.c.id))
    return tuple(_subscription(row) for row in rows)


def mint(
    session: Session,
    subscription_id: int,
    purpose: TokenPurpose,
    at: datetime,
    expires: datetime | None = None,
) -> str:
    """Return a new token for a mailed link; only its hash is kept, so it cannot be shown again."""
    token = secrets.token_urlsafe(16)  # 128 bits
    row = TokenRow(
        sha256=_hashed(token),
        subscription_id=subscription_id,
        purpose=purpose,
        created_at=at,
        expires_at=expires,
    )
    session.add(row)
    session.flush()
    return token


def holder(session: Session, token: str, purpose: TokenPurpose, at: datetime) -> Subscription | None:
    """Return the subscription, in whatever state, whose link this is; None for a wrong or expired token."""
    query = (
        sa.select(SUBSCRIPTION)
        .join(TOKEN, TOKEN.c.subscription_id == SUBSCRIPTION.c.id)
        .where(TOKEN.c.sha256 == _hashed(token), TOKEN.c.purpose == purpose)
        .where(TOKEN.c.expires_at.is_(None) | (TOKEN.c.expires_at > at))
    )
    row = session.execute(query).first()
    return _subscription(row) if row else None


def confirm(session: Session, subscription_id: int, at: datetime) -> None:
    """Make a pending subscription active from the present head of the ledger on.

    An active one keeps its cursor, and an ended one stays ended: an old mail's link revives nothing.
    """
    pending = SUBSCRIPTION.c.state == SubscriptionState.PENDING
    session.execute(
        sa.update(SUBSCRIPTION)
        .where(SUBSCRIPTION.c.id == subscription_id, pending)
        .values(state=SubscriptionState.ACTIVE, cursor=head(session), confirmed_at=at)
    )


def unsubscribe(session: Session, subscription_id: int, at: datetime) -> None:
    """End a subscription and cancel what it is still owed, except a message under way."""
    standing = SUBSCRIPTION.c.state != SubscriptionState.ENDED
    session.execute(
        sa.update(SUBSCRIPTION)
        .where(SUBSCRIPTION.c.id == subscription_id, standing)
        .values(state=SubscriptionState.ENDED, ended_at=at)
    )
    waiting = DELIVERY.c.state.in_((DeliveryState.READY, DeliveryState.DEFERRED))
    cancelled = session.execute(
        sa.update(DELIVERY)
        .where(DELIVERY.c.subscription_id == subscription_id, waiting)
        .values(state=DeliveryState.CANCELLED, settled_at=at)
        .returning(DELIVERY.c.id)
    )
    attest_deliveries(session, cancelled.scalars().all())


def advance(session: Session, subscription_id: int, cursor: int, at: datetime) -> None:
    """Note that a subscription has been told, at `at`, of all up to `cursor`; a cursor never goes back."""
    further = sa.case((SUBSCRIPTION.c.cursor < cursor, cursor), else_=SUBSCRIPTION.c.cursor)
    session.execute(
        sa.update(SUBSCRIPTION).where(SUBSCRIPTION.c.id == subscription_id).values(cursor=further, told_at=at)
    )


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _subscription(row: sa.Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        address=row.address,
        language=row.language,
        frequency=row.frequency,
        filters=FILTERS.validate_json(row.filters),
        state=row.state,
        cursor=row.cursor,
        requested_at=row.requested_at,
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        told_at=row.told_at,
    )
