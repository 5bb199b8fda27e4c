"""Mails that have not left and cannot be on their way: cancelled, and that is logged."""

from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.evidence.attest import attest_settlements
from store.evidence.covered import SETTLEMENT_COLUMNS
from store.kinds import DeliveryState
from store.mail_tables import DELIVERY

WAITING = (DeliveryState.COMPOSED, DeliveryState.READY, DeliveryState.DEFERRED)


def cancel_waiting(
    session: Session, which: sa.ColumnElement[bool], at: datetime, why: str | None = None
) -> None:
    """Cancel the waiting mails among `which`, a condition of this room; call it late in the transaction."""
    cancelled = {"state": DeliveryState.CANCELLED, "settled_at": at}
    values = cancelled if why is None else cancelled | {"response": why}
    update = sa.update(DELIVERY).where(which, DELIVERY.c.state.in_(WAITING)).values(values)
    attest_settlements(session, session.execute(update.returning(*SETTLEMENT_COLUMNS)).all())
