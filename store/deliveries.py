"""Deliveries: every e-mail owed, with its exact bytes before the first is sent, and its fate."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from scraper.errors import NotFoundError
from store.database import Session, insert_all_new
from store.evidence.attest import attest_deliveries
from store.kinds import DeliveryKind, DeliveryState, Refusal, SubscriptionState
from store.mail_tables import DELIVERY, MESSAGE, SUBSCRIPTION

__all__ = [
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Mail",
    "deliveries",
    "delivery",
    "is_owed",
    "lane",
    "owe",
    "owe_all",
]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One e-mail owed and its fate; a digest tells its subscription of all up to `cutoff`.

    `next_at` is when an unsent one comes up: one under way does again should its sender be lost. `response`
    is what the mail server said last, `settled_at` when it was accepted, rejected or cancelled, `refusal`
    whose fault a refusal is. `message` is empty once its bytes were dropped, their digest stays. `lane` is
    the recipient's domain. `doubted_at` is when it was first in doubt, `resends` how often it was sent again
    without evidence that it had not arrived.
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
    message_sha256: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to be owed; what it is about is named as in `Delivery`."""

    kind: DeliveryKind
    recipient: str
    message_id: str
    message: bytes
    subscription_id: int | None = None
    cutoff: int | None = None
    run_id: int | None = None
    content_id: int | None = None
    corrects_id: int | None = None


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
    """Owe a message and return its number; None where it is owed already, or its subscription has ended."""
    mail = Mail(
        *(kind, recipient, message_id, message, subscription_id),
        *(cutoff, run_id, content_id, corrects_id),
    )
    return next(iter(owe_all(session, [mail], at)), None)


def owe_all(session: Session, mails: Sequence[Mail], at: datetime) -> tuple[int, ...]:
    """Owe messages and return the numbers of those that were not owed already, and whose subscription stands.

    Already means: the same Message-ID, the same subscription, kind and run, or another digest of the same
    subscription that is not settled yet. A mail of a run may not leave before the run lets it. Call it last
    before the commit.
    """
    own = {mail.subscription_id for mail in mails if mail.subscription_id is not None}
    standing = _standing(session, own) if own else frozenset()
    wanted = {None, *standing}
    chosen = {mail.message_id: mail for mail in reversed(mails) if mail.subscription_id in wanted}
    rows = [_new_row(mail, at) for mail in reversed(chosen.values())]
    made = insert_all_new(session, DELIVERY, rows, DELIVERY.c.message_id)
    contents = [{"delivery_id": row.id, "content": chosen[row.message_id].message} for row in made]
    if contents:
        session.execute(sa.insert(MESSAGE), contents)
    numbers = tuple(int(row.id) for row in made)
    attest_deliveries(session, numbers)
    return numbers


def _new_row(mail: Mail, at: datetime) -> dict[str, Any]:
    about = asdict(mail)
    return {
        **about,
        "message_sha256": sha256(about.pop("message")).hexdigest(),
        "state": DeliveryState.READY if mail.run_id is None else DeliveryState.COMPOSED,
        "attempts": 0,
        "next_at": at,
        "created_at": at,
        "lane": lane(mail.recipient),
        "resends": 0,
    }


WHOLE = sa.select(DELIVERY, sa.func.coalesce(MESSAGE.c.content, b"").label("message")).outerjoin(MESSAGE)
"""All that a Delivery says: its row, and its bytes while they are kept."""


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
    query = WHOLE.order_by(DELIVERY.c.id.desc()).limit(limit)
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
    row = session.execute(WHOLE.where(DELIVERY.c.id == delivery_id)).first()
    if row is None:
        raise NotFoundError(f"there is no delivery {delivery_id}", "It may have been erased.")
    return delivery_of(row)


def _standing(session: Session, subscription_ids: Collection[int]) -> frozenset[int]:
    # Locked until the commit, the subscription before its deliveries, as `unsubscribe` does: either that
    # finds the new delivery and cancels it, or it came first and nothing is owed any more.
    here = SUBSCRIPTION.c.id.in_(subscription_ids) & (SUBSCRIPTION.c.state != SubscriptionState.ENDED)
    query = sa.select(SUBSCRIPTION.c.id).where(here).order_by(SUBSCRIPTION.c.id)
    return frozenset(session.execute(query.with_for_update()).scalars())


def delivery_of(row: sa.Row[Any]) -> Delivery:
    """Return the noun of a row of the table."""
    return Delivery(*(getattr(row, field.name) for field in fields(Delivery)))
