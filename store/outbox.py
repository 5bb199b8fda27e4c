"""The outbox: whose turn it is to be sent, and how each turn ended, written down where nothing is forgotten.

ready ──▶ transmitting ──▶ accepted ──▶ delivered, bounced
  ▲         │  │  │
  │         │  │  └──▶ rejected, or deferred until its time
  └─ absent ┴ in doubt ──▶ accepted, where there is evidence
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.deliveries import WHOLE, Delivery, DeliveryKind, DeliveryState, delivery_of, stands
from store.evidence.attest import attest_settlements
from store.evidence.covered import SETTLEMENT_COLUMNS
from store.kinds import Refusal
from store.mail_tables import DELIVERY, OPEN, SUBSCRIPTION, UNSENT
from store.subscriptions import further

LEFT = "not sent: the reader has left"

URGENCY = (
    *(DeliveryKind.CONFIRMATION, DeliveryKind.LINK, DeliveryKind.NOTICE),
    *(DeliveryKind.ALERT, DeliveryKind.TEST, DeliveryKind.CORRECTION, DeliveryKind.DIGEST),
)
"""Whoever waits for a link does not wait behind a thousand digests."""

_TO_SEND = sa.text(f"{UNSENT} AND state IN ('ready', 'deferred')")
"""With the condition of the index of unsent rows, word for word: SQLite takes it for nothing less, and would
read every message there is, at every turn."""
_FINAL = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.BOUNCED)


def due(
    session: Session, now: datetime, closed: Collection[str] = (), limit: int = 1
) -> tuple[Delivery, ...]:
    """Return what is to be transmitted next, at most `limit`: the most urgent first, of one kind the oldest.

    Messages for the `closed` lanes are passed over.
    """
    known = {"now": now, "closed": list(closed), "limit": limit}
    return tuple(delivery_of(row) for row in session.execute(_DUE, known))


def is_due(session: Session, now: datetime, closed: Collection[str] = ()) -> bool:
    """Say whether there is anything to transmit."""
    return session.execute(_DUE_NUMBERS, {"now": now, "closed": list(closed), "limit": 1}).first() is not None


def take(session: Session, chosen: Delivery, lease_until: datetime) -> Delivery | None:
    """Take the turn to transmit a message, and return it as it stands then; call it last before the commit.

    From here on it counts as under way: commit before its final dot leaves, with which it becomes the
    server's. None where it has changed since it was read, or another sender is taking it.
    """
    known = {"number": chosen.id, "attempts": chosen.attempts, "lease_until": lease_until}
    if session.execute(_TAKE, known).first() is None:
        return None
    turn = chosen.attempts + 1
    return replace(chosen, state=DeliveryState.TRANSMITTING, attempts=turn, next_at=lease_until)


def settle_accepted(session: Session, delivery_id: int, at: datetime, response: str) -> None:
    """Note that the server took the message; a digest's subscription is told up to its cutoff from here on.

    This stands against whatever was noted since: a sender that was thought lost may come back with it.
    """
    # The subscription before its deliveries, as everywhere: two who lock them never wait for each other.
    session.execute(_TELL, {"number": delivery_id, "at": at})
    taken = {"number": delivery_id, "at": at, "answer": storable(response)}
    attest_settlements(session, session.execute(_ACCEPT, taken).all())


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

    Where its reader has left meanwhile it is cancelled. `attempt` is the turn that ends so: where another
    sender has begun one since, nothing is noted; None means whoever's turn it is.
    """
    here = _under_way(delivery_id, attempt)
    row = session.execute(sa.select(DELIVERY.c.subscription_id).where(here)).first()
    if row is not None and row.subscription_id is not None and not stands(session, row.subscription_id):
        _settle(session, here, {"state": DeliveryState.CANCELLED, "settled_at": at, "response": LEFT})
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
    """Let a message in doubt be sent again, with the same bytes, unless its reader has left.

    `proven` says that it did certainly not arrive; otherwise it may arrive twice, and that is counted.
    """
    here = (DELIVERY.c.id == doubted.id) & (DELIVERY.c.attempts == doubted.attempts)
    here &= DELIVERY.c.state == DeliveryState.IN_DOUBT
    if doubted.subscription_id is not None and not stands(session, doubted.subscription_id):
        _settle(session, here, {"state": DeliveryState.CANCELLED, "settled_at": at, "response": LEFT})
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
def _due_numbers() -> sa.CompoundSelect[int]:
    """Return the query for the numbers of what is due at `now`, on none of the lanes `closed`."""
    open_lane = DELIVERY.c.lane.not_in(sa.bindparam("closed", expanding=True))
    some = sa.select(DELIVERY.c.id).where(_TO_SEND, DELIVERY.c.next_at <= sa.bindparam("now"), open_lane)
    # The kinds by name, not "no digest": so the index of unsent rows is entered at each, not read through.
    urgent = some.where(DELIVERY.c.kind.in_(URGENCY[:-1])).order_by(*_ORDER)
    digests = some.where(DELIVERY.c.kind == URGENCY[-1]).order_by(*_ORDER[1:])
    firsts = [query.limit(sa.bindparam("limit")).subquery() for query in (urgent, digests)]
    return sa.union_all(*(sa.select(first.c.id) for first in firsts))


_RANKS = {kind.value: n for n, kind in enumerate(URGENCY)}
_ORDER = (sa.case(_RANKS, value=sa.cast(DELIVERY.c.kind, sa.String)), DELIVERY.c.next_at, DELIVERY.c.id)
_DUE_NUMBERS = _due_numbers()
_DUE = WHOLE.where(DELIVERY.c.id.in_(_DUE_NUMBERS)).order_by(*_ORDER).limit(sa.bindparam("limit"))
_FREE = (
    sa.select(DELIVERY.c.id)
    .where(DELIVERY.c.id == sa.bindparam("number"), DELIVERY.c.attempts == sa.bindparam("attempts"))
    .where((DELIVERY.c.state == DeliveryState.READY) | (DELIVERY.c.state == DeliveryState.DEFERRED))
    .with_for_update(skip_locked=True)  # whoever waited here with the log's end in hand could wait for ever
)
_TAKE = (
    sa.update(DELIVERY)
    .where(DELIVERY.c.id == _FREE.scalar_subquery())
    .values(
        state=DeliveryState.TRANSMITTING,
        attempts=DELIVERY.c.attempts + 1,
        next_at=sa.bindparam("lease_until"),
    )
    .returning(DELIVERY.c.id)
)
# Not "not in": lists are spelt out anew at every execution.
_UNSETTLED = sa.and_(DELIVERY.c.id == sa.bindparam("number"), *(DELIVERY.c.state != one for one in _FINAL))
_TELLING = sa.select(DELIVERY.c.cutoff).where(_UNSETTLED).scalar_subquery()
_TOLD = sa.select(DELIVERY.c.subscription_id).where(_UNSETTLED, DELIVERY.c.cutoff.is_not(None))
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


def _under_way(delivery_id: int, attempt: int | None) -> sa.ColumnElement[bool]:
    here = (DELIVERY.c.id == delivery_id) & (DELIVERY.c.state == DeliveryState.TRANSMITTING)
    return here if attempt is None else here & (DELIVERY.c.attempts == attempt)


def _doubt(at: datetime, look_at: datetime, response: str) -> dict[str, object]:
    first = sa.func.coalesce(DELIVERY.c.doubted_at, at)
    return {"state": DeliveryState.IN_DOUBT, "doubted_at": first, "next_at": look_at, "response": response}


def _settle(session: Session, here: sa.ColumnElement[bool], values: Mapping[str, object]) -> None:
    update = sa.update(DELIVERY).where(here).values(values).returning(*SETTLEMENT_COLUMNS)
    attest_settlements(session, session.execute(update).all())
