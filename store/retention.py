"""How long what is personal is kept, and dropping what is older."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from store.askings import forget_askings
from store.bounce_tables import INCOMING
from store.database import Session
from store.erasure import drop_subscriptions, erase
from store.evidence.attest import attest_removal
from store.kinds import DeliveryState, SubscriptionState, SuppressionReason
from store.mail_tables import DELIVERY, MESSAGE, SUBSCRIPTION, TOKEN

UNCONFIRMED = timedelta(days=7)
"""How long a sign-up waits for its confirmation."""

ENDED = timedelta(days=28)
"""How long an address is kept after its last subscription ended."""

INCOMING_MAIL = timedelta(days=400)
"""How long it is known which mails came back, so that each acts once; no server tries for so long."""

_AT_ONCE = 500

_SETTLED = (
    *(DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.REJECTED),
    *(DeliveryState.BOUNCED, DeliveryState.CANCELLED),
)


@dataclass(frozen=True, slots=True)
class Expired:
    """How much went: sign-ups never confirmed, bodies of mails, addresses of ended subscriptions, links."""

    sign_ups: int = 0
    bodies: int = 0
    addresses: int = 0
    links: int = 0


def expire(session: Session, at: datetime, bodies: timedelta) -> Expired:
    """Drop what was kept long enough by `at`; the bodies of mails after the time given. Nothing twice.

    Of a body its SHA-256 stays. Verification knows what went, and why.
    """
    forget_askings(session, at)
    session.execute(sa.delete(INCOMING).where(INCOMING.c.at <= at - INCOMING_MAIL))
    return Expired(
        sign_ups=_sign_ups(session, at),
        addresses=_addresses(session, at),
        bodies=_bodies(session, at, bodies),
        links=_links(session, at),
    )


def _sign_ups(session: Session, at: datetime) -> int:
    """Drop wishes that nobody confirmed; the whole mailbox where it never had another."""
    waiting = SUBSCRIPTION.c.state == SubscriptionState.PENDING
    query = sa.select(SUBSCRIPTION.c.id, SUBSCRIPTION.c.mailbox).where(
        waiting, SUBSCRIPTION.c.requested_at <= at - UNCONFIRMED
    )
    rows = session.execute(query).all()
    drop_subscriptions(session, [row.id for row in rows], at, "never confirmed")
    for mailbox in sorted({row.mailbox for row in rows}):
        _forget_unless_known(session, mailbox, at, None)
    return len(rows)


def _addresses(session: Session, at: datetime) -> int:
    """Drop subscriptions that ended; the whole mailbox where it has no other."""
    over = SUBSCRIPTION.c.state == SubscriptionState.ENDED
    query = sa.select(SUBSCRIPTION.c.id, SUBSCRIPTION.c.mailbox).where(
        over, SUBSCRIPTION.c.ended_at <= at - ENDED
    )
    rows = session.execute(query).all()
    drop_subscriptions(session, [row.id for row in rows], at, "ended")
    return sum(
        _forget_unless_known(session, mailbox, at, SuppressionReason.LEFT)
        for mailbox in sorted({row.mailbox for row in rows})
    )


def _forget_unless_known(session: Session, mailbox: str, at: datetime, why: SuppressionReason | None) -> bool:
    known = sa.select(SUBSCRIPTION.c.id).where(SUBSCRIPTION.c.mailbox == mailbox)
    if session.execute(known).first() is not None:
        return False
    return erase(session, mailbox, at, "kept long enough", why)


def _bodies(session: Session, at: datetime, kept: timedelta) -> int:
    old = (
        sa.select(DELIVERY.c.id)
        .join(MESSAGE)
        .where(DELIVERY.c.state.in_(_SETTLED), DELIVERY.c.created_at <= at - kept)
        .order_by(DELIVERY.c.id)
        .limit(_AT_ONCE)
    )
    dropped = 0
    while numbers := session.execute(old).scalars().all():
        session.execute(sa.delete(MESSAGE).where(MESSAGE.c.delivery_id.in_(numbers)))
        keys = [str(number) for number in numbers]
        attest_removal(
            session, at=at, table=DELIVERY.name, keys=keys, what="message", reason="kept long enough"
        )
        dropped += len(numbers)
    return dropped


def _links(session: Session, at: datetime) -> int:
    """Drop links that work no more; those that never expire stay with their subscription."""
    over = sa.delete(TOKEN).where(TOKEN.c.expires_at <= at).returning(TOKEN.c.sha256)
    return len(session.execute(over).all())
