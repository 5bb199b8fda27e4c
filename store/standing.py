"""How a subscription comes to stand, rests and ends: confirmed, suspended, resumed, unsubscribed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.consents import Wording, record_consent
from store.database import Session
from store.filters import filters_from
from store.kinds import ConsentEvent, DeliveryKind, SubscriptionState, SuspensionReason
from store.ledger import head
from store.mail_tables import DELIVERY, SUBSCRIPTION, TOKEN
from store.preferences import Wish, keep_preference
from store.suppressions import lift
from store.waiting_mails import cancel_waiting

STANDING = (SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED)


def confirm(session: Session, subscription_id: int, at: datetime, wording: Wording | None = None) -> int:
    """Make a pending subscription stand, under these words, and return the number of the one that stands.

    A new reader is told from the present head of the ledger on. Where the mailbox has one that stands, that
    one takes the wish over and keeps its cursor. An ended one stays ended: an old mail's link revives
    nothing. Call it last before the commit.
    """
    mine = _mailbox_rows(session, subscription_id)
    asked = next((row for row in mine if row["id"] == subscription_id), None)
    if asked is None or asked["state"] != SubscriptionState.PENDING:
        return subscription_id
    standing = next((row for row in mine if row["state"] in STANDING), None)
    if standing is None:
        fresh = {"state": SubscriptionState.ACTIVE, "cursor": head(session), "confirmed_at": at}
        _write(session, subscription_id, fresh)
        kept = subscription_id
    else:
        kept = standing["id"]
        _take_over(session, kept, asked, at)
    lift(session, asked["mailbox"])
    record_consent(session, ConsentEvent.GIVEN, asked, at, wording)
    return kept


def suspend(session: Session, subscription_id: int, at: datetime, reason: SuspensionReason) -> bool:
    """Let an active subscription rest; its cursor waits. False where it is not active.

    What was ready to be told is cancelled, and told again after a resumption.
    """
    resting = {"state": SubscriptionState.SUSPENDED, "suspended_at": at, "suspended_for": reason}
    here = (SUBSCRIPTION.c.id == subscription_id) & (SUBSCRIPTION.c.state == SubscriptionState.ACTIVE)
    updated = sa.update(SUBSCRIPTION).where(here).values(resting).returning(SUBSCRIPTION.c.id)
    if session.execute(updated).first() is None:
        return False
    own = DELIVERY.c.subscription_id == subscription_id
    cancel_waiting(session, own & (DELIVERY.c.kind == DeliveryKind.DIGEST), at)
    return True


def resume(session: Session, subscription_id: int) -> bool:
    """Let a suspended subscription go on from where it was told last. False where it is not suspended."""
    again = {"state": SubscriptionState.ACTIVE, "suspended_at": None, "suspended_for": None}
    here = (SUBSCRIPTION.c.id == subscription_id) & (SUBSCRIPTION.c.state == SubscriptionState.SUSPENDED)
    updated = sa.update(SUBSCRIPTION).where(here).values(again).returning(SUBSCRIPTION.c.id)
    return session.execute(updated).first() is not None


def unsubscribe(session: Session, subscription_id: int, at: datetime) -> None:
    """End a subscription and cancel what it is still owed, except a message under way; once is enough.

    Call it last before the commit.
    """
    here = SUBSCRIPTION.c.id == subscription_id
    row = session.execute(sa.select(SUBSCRIPTION).where(here).with_for_update()).first()
    if row is None or row.state == SubscriptionState.ENDED:
        return
    _write(session, subscription_id, {"state": SubscriptionState.ENDED, "ended_at": at})
    cancel_waiting(session, DELIVERY.c.subscription_id == subscription_id, at)
    if row.state in STANDING:
        record_consent(session, ConsentEvent.WITHDRAWN, row._asdict(), at)


def _mailbox_rows(session: Session, subscription_id: int) -> list[dict[str, Any]]:
    """Return the subscriptions of one's mailbox, locked, so that only one of them can come to stand."""
    own = sa.select(SUBSCRIPTION.c.mailbox).where(SUBSCRIPTION.c.id == subscription_id).scalar_subquery()
    query = sa.select(SUBSCRIPTION).where(SUBSCRIPTION.c.mailbox == own).order_by(SUBSCRIPTION.c.id)
    return [row._asdict() for row in session.execute(query.with_for_update())]


def _take_over(session: Session, standing: int, asked: dict[str, Any], at: datetime) -> None:
    """Give the standing subscription the confirmed wish, its spelling of the address, and its links."""
    wish = Wish(asked["language"], asked["frequency"], filters_from(asked["filters"]))
    keep_preference(session, standing, wish, at, asked["member"])
    resume(session, standing)
    _write(session, standing, {"address": asked["address"]})
    links = TOKEN.c.subscription_id == asked["id"]
    session.execute(sa.update(TOKEN).where(links).values(subscription_id=standing))
    _write(session, asked["id"], {"state": SubscriptionState.ENDED, "ended_at": at})


def _write(session: Session, subscription_id: int, values: dict[str, Any]) -> None:
    session.execute(sa.update(SUBSCRIPTION).where(SUBSCRIPTION.c.id == subscription_id).values(values))
