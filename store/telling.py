"""What the mails of runs tell, as ledger numbers: who was told of a change, and what the server said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.kinds import DeliveryKind, DeliveryState
from store.mail_tables import DELIVERY
from store.run_tables import CONTENT, CONTENT_ENTRY


@dataclass(frozen=True, slots=True)
class Telling:
    """A mail that tells, or corrects, a change, without its bytes; its delivery has them."""

    delivery_id: int
    run_id: int
    content_id: int
    kind: DeliveryKind
    recipient: str
    subscription_id: int | None
    message_id: str
    state: DeliveryState
    created_at: datetime
    settled_at: datetime | None
    response: str | None


def keep_content(session: Session, run_id: int, pub_seqs: Iterable[int]) -> int:
    """Write down what some of a run's mails tell, as ledger numbers; return the number of that content."""
    made = sa.insert(CONTENT).values(run_id=run_id).returning(CONTENT.c.id)
    number = int(session.execute(made).scalar_one())
    rows = [{"content_id": number, "pub_seq": pub_seq} for pub_seq in sorted(set(pub_seqs))]
    if rows:
        session.execute(sa.insert(CONTENT_ENTRY), rows)
    return number


def entries_told(session: Session, content_id: int) -> tuple[int, ...]:
    """Return the ledger numbers that a content tells, or corrects."""
    query = sa.select(CONTENT_ENTRY.c.pub_seq).where(CONTENT_ENTRY.c.content_id == content_id)
    return tuple(session.execute(query.order_by(CONTENT_ENTRY.c.pub_seq)).scalars())


def run_entries(session: Session, run_id: int) -> tuple[int, ...]:
    """Return the ledger numbers that the mails of a run tell, or correct."""
    own = sa.select(CONTENT.c.id).where(CONTENT.c.run_id == run_id)
    query = sa.select(CONTENT_ENTRY.c.pub_seq).distinct().where(CONTENT_ENTRY.c.content_id.in_(own))
    return tuple(session.execute(query.order_by(CONTENT_ENTRY.c.pub_seq)).scalars())


def told_of(session: Session, pub_seqs: Iterable[int]) -> tuple[Telling, ...]:
    """Return every mail that tells, or corrects, one of these changes, oldest first."""
    telling = sa.select(CONTENT_ENTRY.c.content_id).where(CONTENT_ENTRY.c.pub_seq.in_(tuple(pub_seqs)))
    columns = (
        *(DELIVERY.c.id, DELIVERY.c.run_id, DELIVERY.c.content_id, DELIVERY.c.kind, DELIVERY.c.recipient),
        *(DELIVERY.c.subscription_id, DELIVERY.c.message_id, DELIVERY.c.state),
        *(DELIVERY.c.created_at, DELIVERY.c.settled_at, DELIVERY.c.response),
    )
    query = sa.select(*columns).where(DELIVERY.c.content_id.in_(telling)).order_by(DELIVERY.c.id)
    return tuple(Telling(*row) for row in session.execute(query))
