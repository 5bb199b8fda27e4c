"""Sending what is owed, and the fate of each message written down."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifier.envelope import envelope_sender
from notifier.fates import Ending, Fate, fate, write_down
from notifier.post import MailDeferred, MailInDoubt, MailRejected, Post, TurnLost
from notifier.settling import settle_doubts
from notifier.terms import Terms
from scraper.clock import Clock
from scraper.errors import MailError
from store.database import Database, Session
from store.deliveries import Delivery, DeliveryState
from store.lanes import Traffic, closed_lanes, take_place, traffic
from store.outbox import claim, is_due

MOST_LOST = 3
"""After how many connections lost in a row the server counts as one that cannot be used."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages a run saw taken, put off, refused, and neither taken nor refused for certain."""

    accepted: int = 0
    deferred: int = 0
    rejected: int = 0
    in_doubt: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        """Return what two runs saw together."""
        return Sent(
            self.accepted + other.accepted,
            self.deferred + other.deferred,
            self.rejected + other.rejected,
            self.in_doubt + other.in_doubt,
        )


def send(db: Database, clock: Clock, post: Post, terms: Terms | None = None) -> Sent:
    """Send every message that is due, confirmations first; return what became of them.

    A message is under way, and that is committed, before its first byte leaves; whatever happens then, it is
    repeated only with the same bytes, and only where it is not known to have arrived. Raises MailError where
    the mail server cannot be used; then everything still waits.
    """
    chosen = terms or Terms()
    settle_doubts(db, clock, chosen)
    if not _anything_due(db, clock.now()):
        return Sent()
    post.open()
    run = _Run(db, clock, post, chosen)
    run.send_all()
    return Sent(
        accepted=run.fates[DeliveryState.ACCEPTED],
        deferred=run.fates[DeliveryState.DEFERRED],
        rejected=run.fates[DeliveryState.REJECTED],
        in_doubt=run.fates[DeliveryState.IN_DOUBT],
    )


def _anything_due(db: Database, now: datetime) -> bool:
    with db.reading() as session:
        return is_due(session, now, closed_lanes(session, now))


@dataclass(slots=True)
class _Run:
    """One run of a sender: what it saw, and which domains have to wait for how long."""

    db: Database
    clock: Clock
    post: Post
    terms: Terms
    fates: Counter[DeliveryState] = field(default_factory=Counter)
    lost: int = 0
    slowed: Mapping[str, int] = field(default_factory=dict)
    free_at: dict[str, datetime] = field(default_factory=dict)

    def send_all(self) -> None:
        """Send until nothing is due; the fate of each is written down in the commit that takes the next."""
        last: Fate | None = None
        while (delivery := self._next(last)) is not None:
            last = self._transmitted(delivery)
            if self.lost >= MOST_LOST:
                self._write(last)
                raise MailError(
                    "the mail server does not answer", "Nothing is lost, mails wait until it is back."
                )

    def _next(self, last: Fate | None) -> Delivery | None:
        """Write down the last message's fate and take the next one, in one commit; wait for its place."""
        while True:
            with self.db.writing() as session:
                now = self.clock.now()
                self._note(session, last, now)
                lanes = traffic(session, now)
                self.slowed = lanes.slowdowns
                wait = lanes.opens_at - now if self.terms.per_minute else timedelta(0)
                delivery = None
                if not wait:
                    delivery, wait = self._claimed(session, now, lanes)
            if delivery is not None or not wait:
                return delivery
            last = None
            self.clock.sleep(wait.total_seconds())

    def _claimed(self, session: Session, now: datetime, lanes: Traffic) -> tuple[Delivery | None, timedelta]:
        """Claim the next message; where all that is due has to keep a distance, return how long to wait."""
        busy = {lane: until for lane, until in self.free_at.items() if until > now}
        delivery = claim(session, now, now + self.terms.lease, lanes.closed | set(busy))
        if delivery is None:
            waiting = bool(busy) and is_due(session, now, lanes.closed)
            return None, min(busy.values()) - now if waiting else timedelta(0)
        if self.terms.per_minute:
            take_place(session, now, timedelta(minutes=1) / self.terms.per_minute)
        self.free_at = {**busy, delivery.lane: now + self.terms.gap}
        return delivery, timedelta(0)

    def _transmitted(self, delivery: Delivery) -> Fate | None:
        """Send one claimed message and return its fate; None where it is somebody else's by now."""
        finish_until = self.clock.now() + self.terms.lease - self.terms.server_idle
        paths = self.terms.paths
        ending: Ending
        try:
            ending = self.post.send(
                envelope_sender(delivery.message, delivery.id, paths),
                delivery.recipient,
                delivery.message,
                envelope_id=None if paths is None else paths.envelope_id(delivery.id),
                may_finish=lambda: self.clock.now() < finish_until,
            )
        except TurnLost:
            return None
        except (MailDeferred, MailRejected, MailInDoubt) as answer:
            ending = answer
        except MailError as error:
            self._write(fate(delivery, MailDeferred(str(error)), self.clock.now(), self.terms.grace))
            raise
        found = fate(delivery, ending, self.clock.now(), self.terms.grace)
        self.fates[found.state] += 1
        self.lost = self.lost + 1 if isinstance(ending, MailDeferred) and ending.lost else 0
        return found

    def _write(self, last: Fate | None) -> None:
        with self.db.writing() as session:
            self._note(session, last, self.clock.now())

    def _note(self, session: Session, last: Fate | None, now: datetime) -> None:
        if last is not None:
            write_down(session, last, now, self.slowed.get(last.delivery.lane, 0))
