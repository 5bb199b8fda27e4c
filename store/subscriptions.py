"""Subscriptions: a reader's standing request, its mailed links, and how far it has been told."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from scraper.errors import NotFoundError
from store.database import Session, insert_new
from store.filters import Filters, filters_from
from store.kinds import Frequency, SignUpForm, SubscriptionState, SuspensionReason, TokenPurpose
from store.mail_tables import SUBSCRIPTION, TOKEN
from store.mailboxes import mailbox_of
from store.preferences import Wish, keep_first_preference
from store.standing import confirm, resume, suspend, unsubscribe

__all__ = [
    "Filters",
    "Frequency",
    "SignUp",
    "SignUpForm",
    "Subscription",
    "SubscriptionState",
    "TokenPurpose",
    "Wish",
    "active_subscriptions",
    "advance",
    "advance_all",
    "confirm",
    "holder",
    "mailbox_subscriptions",
    "mint",
    "mint_all",
    "request_subscription",
    "resume",
    "some_subscriptions",
    "subscription",
    "subscriptions",
    "suspend",
    "unsubscribe",
]


@dataclass(frozen=True, slots=True)
class SignUp:
    """How a subscription was asked for: where, under which words, by whom of the staff and on what ground.

    `wording` is the SHA-256 of the words on the form, as `consents` keeps them.
    """

    form: SignUpForm = SignUpForm.WEB
    wording: str | None = None
    member: int | None = None
    origin: str | None = None


WEB = SignUp()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A standing request; `cursor` is the last ledger number told, `told_at` when that was settled.

    A mailbox has one that is active or suspended at most; those that are pending are wishes not confirmed.
    """

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
    mailbox: str = ""
    sign_up: SignUp = WEB
    suspended_at: datetime | None = None
    suspended_for: SuspensionReason | None = None

    @property
    def wish(self) -> Wish:
        """What the reader wants at present."""
        return Wish(self.language, self.frequency, self.filters)


def request_subscription(
    session: Session,
    address: str,
    language: str,
    frequency: Frequency,
    filters: Filters,
    at: datetime,
    sign_up: SignUp = WEB,
) -> Subscription:
    """Return the pending subscription of this wish, new or not; nothing that stands is touched by it."""
    mailbox, wish = mailbox_of(address), Wish(language, frequency, filters)
    columns = wish.columns()
    name = sha256("\n".join((mailbox, *map(str, columns.values()))).encode()).hexdigest()
    values = {
        **columns,
        "address": address,
        "mailbox": mailbox,
        "wish_sha256": name,
        "state": SubscriptionState.PENDING,
        "cursor": 0,
        "requested_at": at,
        "form": sign_up.form,
        "asked_wording": sign_up.wording,
        "member": sign_up.member,
        "origin": sign_up.origin,
    }
    made = insert_new(session, SUBSCRIPTION, values)
    if made is not None:
        keep_first_preference(session, made.id, wish, at, sign_up.member)
    pending = SUBSCRIPTION.c.state == SubscriptionState.PENDING
    row = session.execute(sa.select(SUBSCRIPTION).where(SUBSCRIPTION.c.wish_sha256 == name, pending)).one()
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


def mailbox_subscriptions(session: Session, mailbox: str) -> tuple[Subscription, ...]:
    """Return every subscription of a mailbox, however its address was spelt, oldest first."""
    here = SUBSCRIPTION.c.mailbox == mailbox
    rows = session.execute(sa.select(SUBSCRIPTION).where(here).order_by(SUBSCRIPTION.c.id))
    return tuple(_subscription(row) for row in rows)


def active_subscriptions(session: Session) -> tuple[Subscription, ...]:
    """Return the subscriptions that are owed digests, oldest first."""
    return some_subscriptions(session, SUBSCRIPTION.c.state == SubscriptionState.ACTIVE)


def some_subscriptions(
    session: Session, where: sa.ColumnElement[bool], *, locked: bool = False
) -> tuple[Subscription, ...]:
    """Return the subscriptions that meet a condition of this room, oldest first.

    Where they are `locked` they meet it until the caller's commit.
    """
    query = sa.select(SUBSCRIPTION).where(where).order_by(SUBSCRIPTION.c.id)
    rows = session.execute(query.with_for_update() if locked else query)
    return tuple(_subscription(row) for row in rows)


def mint(
    session: Session,
    subscription_id: int,
    purpose: TokenPurpose,
    at: datetime,
    expires: datetime | None = None,
) -> str:
    """Return a new token for a mailed link; only its hash is kept, so it cannot be shown again."""
    return mint_all(session, [subscription_id], purpose, at, expires)[subscription_id]


def mint_all(
    session: Session,
    subscription_ids: Collection[int],
    purpose: TokenPurpose,
    at: datetime,
    expires: datetime | None = None,
) -> Mapping[int, str]:
    """Return a new token for a mailed link of each subscription, by its number."""
    tokens = {number: secrets.token_urlsafe(16) for number in subscription_ids}  # 128 bits
    common = {"purpose": purpose, "created_at": at, "expires_at": expires}
    rows = [{"sha256": _hashed(made), "subscription_id": number, **common} for number, made in tokens.items()]
    if rows:
        session.execute(sa.insert(TOKEN), rows)
    return tokens


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


def advance(session: Session, subscription_id: int, cursor: int, at: datetime) -> None:
    """Note that a subscription has been told, at `at`, of all up to `cursor`; a cursor never goes back."""
    advance_all(session, [subscription_id], cursor, at)


def advance_all(session: Session, subscription_ids: Collection[int], cursor: int, at: datetime) -> None:
    """Note the same of many subscriptions."""
    here = SUBSCRIPTION.c.id.in_(subscription_ids)
    told = {"cursor": further(sa.literal(cursor)), "told_at": at}
    session.execute(sa.update(SUBSCRIPTION).where(here).values(told))


def further(cursor: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Return what a subscription's cursor becomes where it is told of all up to `cursor`."""
    return sa.case((SUBSCRIPTION.c.cursor < cursor, cursor), else_=SUBSCRIPTION.c.cursor)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _subscription(row: sa.Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        address=row.address,
        language=row.language,
        frequency=row.frequency,
        filters=filters_from(row.filters),
        state=row.state,
        cursor=row.cursor,
        requested_at=row.requested_at,
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        told_at=row.told_at,
        mailbox=row.mailbox,
        sign_up=SignUp(row.form, row.asked_wording, row.member, row.origin),
        suspended_at=row.suspended_at,
        suspended_for=row.suspended_for,
    )
