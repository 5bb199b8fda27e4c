"""What becomes of a message by the way its turn ended (pure), and that written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.post import MailDeferred, MailInDoubt, MailRejected
from notifier.retrying import lane_opens_at, retry_at
from store.database import Session
from store.deliveries import Delivery, DeliveryState
from store.kinds import Refusal
from store.lanes import slow, stop
from store.outbox import settle_accepted, settle_deferred, settle_in_doubt, settle_rejected

Ending = str | MailDeferred | MailRejected | MailInDoubt
"""How a turn ended: with the answer by which the server took the message, or with one of the others."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a message: its state with the answer that it got.

    `next_at` is when a deferred one is tried again, or evidence is looked for. `slower` and `stops` say what
    becomes of all mail to its domain.
    """

    delivery: Delivery
    state: DeliveryState
    answer: str
    next_at: datetime | None = None
    refusal: Refusal | None = None
    slower: bool = False
    stops: bool = False


def fate(delivery: Delivery, ending: Ending, now: datetime, grace: timedelta) -> Fate:
    """Return what becomes of a message whose turn ended so; evidence for one in doubt waits for `grace`.

    What is refused by a fault of ours that concerns its whole domain is kept, for it can be mended.
    """
    if isinstance(ending, str):
        return Fate(delivery, DeliveryState.ACCEPTED, ending)
    answer = str(ending)
    if isinstance(ending, MailInDoubt):
        return Fate(delivery, DeliveryState.IN_DOUBT, answer, next_at=now + grace)
    if isinstance(ending, MailRejected):
        if not ending.stops:
            return Fate(delivery, DeliveryState.REJECTED, answer, refusal=ending.refusal)
        return _put_off(delivery, answer, now, refusal=ending.refusal, stops=True)
    return _put_off(delivery, answer, now, slower=ending.slower)


def write_down(session: Session, fate: Fate, now: datetime, slowdowns: int) -> None:
    """Note what became of a message and of its lane, which was slowed so many times in a row."""
    number, attempt = fate.delivery.id, fate.delivery.attempts
    if fate.state is DeliveryState.ACCEPTED:
        settle_accepted(session, number, now, fate.answer)
    elif fate.state is DeliveryState.REJECTED:
        settle_rejected(session, number, now, fate.answer, attempt=attempt, refusal=fate.refusal)
    elif fate.next_at is not None and fate.state is DeliveryState.IN_DOUBT:
        settle_in_doubt(session, number, now, fate.next_at, fate.answer, attempt=attempt)
    elif fate.next_at is not None:
        refusal = fate.refusal
        settle_deferred(session, number, now, fate.next_at, fate.answer, attempt=attempt, refusal=refusal)
    _treat_lane(session, fate, now, slowdowns)


def _put_off(
    delivery: Delivery,
    answer: str,
    now: datetime,
    *,
    refusal: Refusal | None = None,
    slower: bool = False,
    stops: bool = False,
) -> Fate:
    again = retry_at(delivery.attempts, delivery.created_at, now, delivery.message_id)
    if again is not None:
        return Fate(delivery, DeliveryState.DEFERRED, answer, again, refusal, slower, stops)
    whose, words = refusal or Refusal.SOFT, f"given up: {answer}"
    return Fate(delivery, DeliveryState.REJECTED, words, None, whose, slower, stops)


def _treat_lane(session: Session, fate: Fate, now: datetime, slowdowns: int) -> None:
    lane = fate.delivery.lane
    if fate.stops:
        stop(session, lane, now, fate.answer)
    elif fate.slower:
        slow(session, lane, slowdowns + 1, lane_opens_at(slowdowns + 1, now))
    elif slowdowns and fate.state is DeliveryState.ACCEPTED:
        # Back to full speed step by step: the first messages after a pause keep their distance.
        slow(session, lane, slowdowns - 1, now + timedelta(seconds=2**slowdowns))
