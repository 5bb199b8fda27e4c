"""Sending what is owed, and the fate of each message written down."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.mail import MailDeferred, MailRejected, Post
from notifier.message import envelope_sender
from notifier.timing import retry_at
from scraper.clock import Clock
from scraper.errors import MailError
from store.database import Database, Session
from store.deliveries import (
    Delivery,
    DeliveryState,
    claim,
    deliveries,
    settle_accepted,
    settle_deferred,
    settle_rejected,
)
from store.subscriptions import SubscriptionState, subscription

LEASE = timedelta(minutes=15)
"""How long a message may be under way; it exceeds what a mail server takes, retries of ours included."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages a run saw taken, put off and refused."""

    accepted: int = 0
    deferred: int = 0
    rejected: int = 0


def send(db: Database, clock: Clock, post: Post, lease: timedelta = LEASE) -> Sent:
    """Send every message that is due, confirmations first; return what became of them.

    A message is under way, and that is committed, before its first byte leaves: whatever happens then, it is
    repeated with the same bytes once `lease` has run out. Raises MailError where the mail server cannot be
    used; then everything still waits.
    """
    with db.reading() as session:
        if not _due(session, clock.now()):
            return Sent()
    post.open()
    fates: Counter[DeliveryState] = Counter()
    while (delivery := _claimed(db, clock.now(), lease)) is not None:
        fates[_transmitted(db, clock, post, delivery)] += 1
    return Sent(
        accepted=fates[DeliveryState.ACCEPTED],
        deferred=fates[DeliveryState.DEFERRED],
        rejected=fates[DeliveryState.REJECTED],
    )


def _due(session: Session, now: datetime) -> bool:
    """Say whether there may be something to send; a message under way counts, as its sender may be lost."""
    unsent = (DeliveryState.READY, DeliveryState.DEFERRED, DeliveryState.TRANSMITTING)
    return any(one.next_at <= now for state in unsent for one in deliveries(session, state=state))


def _claimed(db: Database, now: datetime, lease: timedelta) -> Delivery | None:
    """Claim the next message; what was put off or lost under way is not repeated to who has left since."""
    with db.writing() as session:
        while (delivery := claim(session, now, now + lease)) is not None and _left(session, delivery):
            settle_rejected(session, delivery.id, now, "not sent: the reader has left")
        return delivery


def _left(session: Session, delivery: Delivery) -> bool:
    number = delivery.subscription_id
    return number is not None and subscription(session, number).state == SubscriptionState.ENDED


def _transmitted(db: Database, clock: Clock, post: Post, delivery: Delivery) -> DeliveryState:
    """Send one claimed message, write down its fate and return it."""
    try:
        answer = post.send(envelope_sender(delivery.message), delivery.recipient, delivery.message)
    except MailDeferred as error:
        return _put_off(db, delivery, clock.now(), str(error))
    except MailRejected as error:
        with db.writing() as session:
            settle_rejected(session, delivery.id, clock.now(), str(error))
        return DeliveryState.REJECTED
    except MailError as error:
        with db.writing() as session:
            settle_deferred(session, delivery.id, clock.now(), clock.now(), str(error))
        raise
    with db.writing() as session:
        settle_accepted(session, delivery.id, clock.now(), answer)
    return DeliveryState.ACCEPTED


def _put_off(db: Database, delivery: Delivery, now: datetime, answer: str) -> DeliveryState:
    again = retry_at(delivery.attempts, delivery.created_at, now)
    with db.writing() as session:
        if again is None:
            settle_rejected(session, delivery.id, now, f"given up after three days: {answer}")
            return DeliveryState.REJECTED
        settle_deferred(session, delivery.id, now, again, answer)
    return DeliveryState.DEFERRED
