"""What is due to be sent, in which order, and taking the turn to send it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.deliveries import WHOLE, Delivery, DeliveryKind, DeliveryState, delivery_of
from store.mail_tables import DELIVERY, UNSENT

URGENCY = (
    *(DeliveryKind.CONFIRMATION, DeliveryKind.LINK, DeliveryKind.NOTICE),
    *(DeliveryKind.ALERT, DeliveryKind.TEST, DeliveryKind.CORRECTION, DeliveryKind.DIGEST),
)
"""Whoever waits for a link does not wait behind a thousand digests."""

_TO_SEND = sa.text(f"{UNSENT} AND state IN ('ready', 'deferred')")
"""With the condition of the index of unsent rows, word for word: SQLite takes it for nothing less, and would
read every message there is, at every turn."""


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

    From here on it counts as under way: commit before its first byte leaves. None where it has changed since
    it was read, or another sender is taking it.
    """
    known = {"number": chosen.id, "attempts": chosen.attempts, "lease_until": lease_until}
    if session.execute(_TAKE, known).first() is None:
        return None
    turn = chosen.attempts + 1
    return replace(chosen, state=DeliveryState.TRANSMITTING, attempts=turn, next_at=lease_until)


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
