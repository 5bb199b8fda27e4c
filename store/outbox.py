"""The outbox: how each turn of a mail ended, and its fate, written down where nothing is forgotten.

ready ──▶ transmitting ──▶ accepted ──▶ delivered, bounced
  ▲         │  │  │
  │         │  │  └──▶ rejected, or deferred until its time
  └─ absent ┴ in doubt ──▶ accepted, where there is evidence
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.deliveries import WHOLE, Delivery, DeliveryKind, DeliveryState, delivery_of
from store.evidence.attest import attest_settlements
from store.evidence.covered import SETTLEMENT_COLUMNS
from store.kinds import Refusal, SubscriptionState
from store.mail_tables import DELIVERY, OPEN, SUBSCRIPTION
from store.subscriptions import further

LEFT = "not sent: the reader has left"
RESTING = "not sent: the subscription rests"

_FINAL = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.BOUNCED)


def settle_accepted(session: Session, delivery_id: int, at: datetime, response: str) -> None:
    """Note that the server took the message; a digest's subscription is told up to its cutoff from here on.

    This stands against whatever was noted since: a sender that was thought lost may come back with it.
    """
    session.execute(_HOLD, {"number": delivery_id})
    taken = {"number": delivery_id, "at": at, "answer": storable(response)}
    accepted = session.execute(_ACCEPT, taken).all()
    if accepted:
        session.execute(_TELL, {"number": delivery_id, "at": at})
    attest_settlements(session, accepted)


def settle_deferred(
    session: Session,
    delivery_id: int,
    at: datetime,
    next_at: datetime,
    response: str,
    *,
    attempt: int | None = None,
    refusal: Refusal | None = None,
) -> None:
    """Note that the message was not taken at `at` and is to be tried again at `next_at`.

    Where its reader wants it no more it is cancelled. `attempt` is the turn that ends so: where another
    sender has begun one since, nothing is noted; None means whoever's turn it is.
    """
    here = _under_way(delivery_id, attempt)
    row = session.execute(sa.select(DELIVERY.c.subscription_id, DELIVERY.c.kind).where(here)).first()
    unwanted = row and _unwanted(session, row.kind, row.subscription_id)
    if unwanted:
        _settle(session, here, {"state": DeliveryState.CANCELLED, "settled_at": at, "response": unwanted})
        return
    values = {"state": DeliveryState.DEFERRED, "next_at": next_at, "refusal": refusal}
    session.execute(sa.update(DELIVERY).where(here).values({**values, "response": storable(response)}))


def settle_rejected(
    session: Session,
    delivery_id: int,
    at: datetime,
    response: str,
    *,
    attempt: int | None = None,
    refusal: Refusal | None = None,
) -> None:
    """Note that the server refused the message for good, or that it is given up, and whose fault that is.

    `attempt` is as in `settle_deferred`.
    """
    session.execute(_HOLD, {"number": delivery_id})
    values = {"state": DeliveryState.REJECTED, "settled_at": at, "refusal": refusal}
    _settle(session, _under_way(delivery_id, attempt), {**values, "response": storable(response)})


def settle_in_doubt(
    session: Session,
    delivery_id: int,
    at: datetime,
    look_at: datetime,
    response: str,
    *,
    attempt: int | None = None,
) -> None:
    """Note that nobody knows whether the server took the message; evidence is looked for at `look_at`.

    `attempt` is as in `settle_deferred`.
    """
    doubt = _doubt(at, look_at, storable(response))
    session.execute(sa.update(DELIVERY).where(_under_way(delivery_id, attempt)).values(doubt))


def doubt_the_lost(session: Session, now: datetime, look_at: datetime) -> int:
    """Put in doubt whatever is under way beyond its lease, for its sender is lost; return how many.

    Evidence is looked for at `look_at`.
    """
    lost = (DELIVERY.c.state == DeliveryState.TRANSMITTING) & (DELIVERY.c.next_at <= now)
    doubt = _doubt(now, look_at, "the sender was lost while the message was under way")
    return len(session.execute(sa.update(DELIVERY).where(lost).values(doubt).returning(DELIVERY.c.id)).all())


def doubts(session: Session, now: datetime | None = None, limit: int = 500) -> tuple[Delivery, ...]:
    """Return the messages in doubt, oldest doubt first: all, or those to be looked into at `now`."""
    query = WHOLE.where(DELIVERY.c.state == DeliveryState.IN_DOUBT)
    if now is not None:
        query = query.where(DELIVERY.c.next_at <= now)
    ordered = query.order_by(DELIVERY.c.doubted_at, DELIVERY.c.id).limit(limit)
    return tuple(delivery_of(row) for row in session.execute(ordered))


def open_counts(session: Session) -> dict[DeliveryState, int]:
    """Return how many messages are owed and not settled, by their state."""
    query = sa.select(DELIVERY.c.state, sa.func.count()).where(sa.text(OPEN)).group_by(DELIVERY.c.state)
    return {row.state: int(row[1]) for row in session.execute(query.order_by(DELIVERY.c.state))}


def send_again(session: Session, doubted: Delivery, at: datetime, *, proven: bool) -> None:
    """Let a message in doubt be sent again, with the same bytes, unless its reader wants it no more.

    `proven` says that it did certainly not arrive; otherwise it may arrive twice, and that is counted.
    """
    here = (DELIVERY.c.id == doubted.id) & (DELIVERY.c.attempts == doubted.attempts)
    here &= DELIVERY.c.state == DeliveryState.IN_DOUBT
    unwanted = _unwanted(session, doubted.kind, doubted.subscription_id)
    if unwanted:
        _settle(session, here, {"state": DeliveryState.CANCELLED, "settled_at": at, "response": unwanted})
        return
    again = {"state": DeliveryState.READY, "next_at": at, "resends": DELIVERY.c.resends + int(not proven)}
    session.execute(sa.update(DELIVERY).where(here).values(again))


def look_again(session: Session, doubted: Delivery, look_at: datetime, response: str) -> None:
    """Leave a message in doubt until `look_at`, for the reason given."""
    here = (DELIVERY.c.id == doubted.id) & (DELIVERY.c.state == DeliveryState.IN_DOUBT)
    session.execute(sa.update(DELIVERY).where(here).values(next_at=look_at, response=storable(response)))


def settle_reported(
    session: Session,
    delivery_id: int,
    at: datetime,
    state: DeliveryState,
    response: str,
    refusal: Refusal | None = None,
) -> Delivery | None:
    """Note what a mail server reports about a message (RFC 3464), and return it as it stood before.

    `state` is delivered, bounced with its `refusal`, or accepted where the report only shows that a server
    has the message. Reports settle doubts: whatever is reported was taken. None where no such message went
    out, or the report tells nothing new.
    """
    session.execute(_HOLD, {"number": delivery_id})
    sent = DELIVERY.c.attempts > 0
    query = WHOLE.where(DELIVERY.c.id == delivery_id, sent).with_for_update(of=DELIVERY)
    row = session.execute(query).first()
    known = (*_FINAL, DeliveryState.REJECTED, DeliveryState.CANCELLED)
    if row is None or row.state == state or (state is DeliveryState.ACCEPTED and row.state in known):
        return None
    before = delivery_of(row)
    if state is not DeliveryState.BOUNCED and before.state not in _FINAL:
        settle_accepted(session, before.id, at, response)
    if state is DeliveryState.ACCEPTED:
        return before
    values = {"state": state, "settled_at": at, "response": storable(response), "refusal": refusal}
    _settle(session, DELIVERY.c.id == before.id, values)
    return before


def storable(response: str) -> str:
    """Return a server's words without what a text column refuses: a settlement must never fail over them."""
    return response.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")


# Statements of every turn are built once: building them took longer than running them.
# Not "not in": lists are spelt out anew at every execution.
_UNSETTLED = sa.and_(DELIVERY.c.id == sa.bindparam("number"), *(DELIVERY.c.state != one for one in _FINAL))
_THIS = DELIVERY.c.id == sa.bindparam("number")
_OWNER = sa.select(DELIVERY.c.subscription_id).where(_THIS).scalar_subquery()
# The subscription before its deliveries, and both before the log's end, as everywhere in this room: two who
# lock them never wait for each other, and neither decides by what the other is about to change.
_HOLD = sa.select(SUBSCRIPTION.c.id).where(SUBSCRIPTION.c.id == _OWNER).with_for_update()
_TELLING = sa.select(DELIVERY.c.cutoff).where(_THIS).scalar_subquery()
_TOLD = sa.select(DELIVERY.c.subscription_id).where(_THIS, DELIVERY.c.cutoff.is_not(None))
_TELL = (
    sa.update(SUBSCRIPTION)
    .where(SUBSCRIPTION.c.id == _TOLD.scalar_subquery())
    .values(cursor=further(_TELLING), told_at=sa.bindparam("at"))
)
_ACCEPT = (
    sa.update(DELIVERY)
    .where(_UNSETTLED)
    .values(
        state=DeliveryState.ACCEPTED,
        settled_at=sa.bindparam("at"),
        response=sa.bindparam("answer"),
        refusal=None,
    )
    .returning(*SETTLEMENT_COLUMNS)
)


def _unwanted(session: Session, kind: DeliveryKind, subscription_id: int | None) -> str | None:
    """Return why a mail is not to leave any more, which cannot change before the commit; None where it is."""
    if subscription_id is None:
        return None
    query = sa.select(SUBSCRIPTION.c.state).where(SUBSCRIPTION.c.id == subscription_id).with_for_update()
    state = session.execute(query).scalar()
    if state in {None, SubscriptionState.ENDED}:
        return LEFT
    rests = kind is DeliveryKind.DIGEST and state is not SubscriptionState.ACTIVE
    return RESTING if rests else None


def _under_way(delivery_id: int, attempt: int | None) -> sa.ColumnElement[bool]:
    here = (DELIVERY.c.id == delivery_id) & (DELIVERY.c.state == DeliveryState.TRANSMITTING)
    return here if attempt is None else here & (DELIVERY.c.attempts == attempt)


def _doubt(at: datetime, look_at: datetime, response: str) -> dict[str, object]:
    first = sa.func.coalesce(DELIVERY.c.doubted_at, at)
    return {"state": DeliveryState.IN_DOUBT, "doubted_at": first, "next_at": look_at, "response": response}


def _settle(session: Session, here: sa.ColumnElement[bool], values: Mapping[str, object]) -> None:
    update = sa.update(DELIVERY).where(here).values(values).returning(*SETTLEMENT_COLUMNS)
    attest_settlements(session, session.execute(update).all())
