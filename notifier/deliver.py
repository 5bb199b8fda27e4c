"""Sending what is owed, and the fate of each message written down."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifier.envelope import envelope_sender
from notifier.fates import Ending, Fate, fate, write_down
from notifier.post import MailDeferred, MailInDoubt, MailRejected, Post, TurnLost
from notifier.queue import Queue
from notifier.settling import settle_doubts
from notifier.terms import Terms
from scraper.clock import Clock
from scraper.errors import CoopwatchError, MailError
from store.database import Database, Session
from store.deliveries import Delivery, DeliveryState
from store.lanes import closed_lanes, take_place
from store.turns import is_due, take

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

    A message is under way, and that is committed, before its first byte leaves. Whatever happens then, it is
    repeated only with the same bytes, and only where it is not known to have arrived. Raises MailError where
    the mail server cannot be used; then everything still waits.
    """
    chosen = terms or Terms()
    settle_doubts(db, clock, chosen)
    if not _anything_due(db, clock.now()):
        return Sent()
    post.open()
    run = _Run(db, clock, post, chosen, Queue(db, clock, chosen))
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
    """One run of a sender, and what it saw."""

    db: Database
    clock: Clock
    post: Post
    terms: Terms
    queue: Queue
    fates: Counter[DeliveryState] = field(default_factory=Counter)
    lost: int = 0

    def send_all(self) -> None:
        """Send until nothing is due; an acceptance is written down in the commit that takes the next."""
        last: Fate | None = None
        try:
            while True:
                chosen, wait = self.queue.next()
                if chosen is not None:
                    last = self._carried(self._transmitted(chosen, last))
                    continue
                self._write(last)
                last = None
                if not wait:
                    return
                self.clock.sleep(wait.total_seconds())
        except BaseException:  # whatever ends the run, what the server took is written down
            with suppress(CoopwatchError):
                self._write(last)
            raise

    def _carried(self, last: Fate | None) -> Fate | None:
        """Return a fate that may be written down with the next turn; any other changes what may leave."""
        if last is None or (last.state is DeliveryState.ACCEPTED and not self._slowed(last)):
            return last
        self._write(last)
        self.queue.renew()
        if self.lost >= MOST_LOST:
            raise MailError(
                "the mail server does not answer", "Nothing is lost, mails wait until it is back."
            )
        return None

    def _transmitted(self, chosen: Delivery, last: Fate | None) -> Fate | None:
        """Send one message and return its fate; None where it is somebody else's by now."""
        taken = self._taken(chosen, last)
        if taken is None:
            return None
        finish_until = taken.next_at - self.terms.server_idle
        paths = self.terms.paths
        ending: Ending
        try:
            ending = self.post.send(
                envelope_sender(taken.message, taken.id, paths),
                taken.recipient,
                taken.message,
                envelope_id=None if paths is None else paths.envelope_id(taken.id),
                may_finish=lambda: self.clock.now() < finish_until,
            )
        except TurnLost:
            return None
        except (MailDeferred, MailRejected, MailInDoubt) as answer:
            ending = answer
        except MailError as error:
            self._write(fate(taken, MailDeferred(str(error)), self.clock.now(), self.terms.grace))
            raise
        found = fate(taken, ending, self.clock.now(), self.terms.grace)
        self.fates[found.state] += 1
        self.lost = self.lost + 1 if isinstance(ending, MailDeferred) and ending.lost else 0
        return found

    def _taken(self, chosen: Delivery, last: Fate | None) -> Delivery | None:
        """Write down the last message's fate and take the next one, in one commit."""
        with self.db.writing() as session:
            now = self.clock.now()
            self._note(session, last, now)
            spacing = timedelta(minutes=1) / self.terms.per_minute if self.terms.per_minute else None
            if spacing is not None and not take_place(session, now, spacing):
                return None
            return take(session, chosen, now + self.terms.lease)

    def _slowed(self, last: Fate) -> bool:
        return last.delivery.lane in self.queue.slowdowns

    def _write(self, last: Fate | None) -> None:
        if last is not None:
            with self.db.writing() as session:
                self._note(session, last, self.clock.now())

    def _note(self, session: Session, last: Fate | None, now: datetime) -> None:
        if last is not None:
            write_down(session, last, now, self.queue.slowdowns.get(last.delivery.lane, 0))
