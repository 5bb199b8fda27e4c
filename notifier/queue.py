"""What a sender sends next: what is due, looked up a portion at a time, each domain at its distance."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from notifier.terms import Terms
from scraper.clock import Clock
from store.database import Database
from store.deliveries import Delivery
from store.lanes import traffic
from store.turns import due, is_due

PORTION = 50
"""How many messages are looked up at once."""

FRESH = timedelta(seconds=1)
"""For how long a portion holds: then something more urgent may have come, or a domain been stopped."""


_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Queue:
    """What is due, the most urgent first; `slowdowns` are the domains whose server asked for less.

    Nothing is taken here: another sender may see the same messages.
    """

    db: Database
    clock: Clock
    terms: Terms
    slowdowns: Mapping[str, int] = field(default_factory=dict)
    _portion: deque[Delivery] = field(default_factory=deque)
    _looked_at: datetime = _NEVER
    _free_at: dict[str, datetime] = field(default_factory=dict)

    def next(self) -> tuple[Delivery | None, timedelta]:
        """Return the message to send now; else how long to wait for one: no time where none is due."""
        now = self.clock.now()
        if self.terms.stopping():
            return None, timedelta(0)
        chosen, wait = self._from_portion(now), timedelta(0)
        if chosen is None:
            wait = self._look(now)
            chosen = self._from_portion(now)
        return chosen, wait

    def renew(self) -> None:
        """Forget what was looked up, for it holds no more."""
        self._portion.clear()

    def _from_portion(self, now: datetime) -> Delivery | None:
        if now - self._looked_at >= FRESH:
            self._portion.clear()
        while self._portion:
            chosen = self._portion.popleft()
            if self._free_at.get(chosen.lane, now) <= now:
                if self.terms.gap:
                    self._free_at[chosen.lane] = now + self.terms.gap
                return chosen
        return None

    def _look(self, now: datetime) -> timedelta:
        """Look up a portion; where all that is due has to keep a distance, return how long."""
        self._looked_at = now
        self._free_at = {lane: until for lane, until in self._free_at.items() if until > now}
        with self.db.reading() as session:
            lanes = traffic(session, now)
            self.slowdowns = lanes.slowdowns
            if not is_due(session, now, lanes.closed):
                return timedelta(0)
            if self.terms.per_minute and lanes.opens_at > now:
                return lanes.opens_at - now
            most = 1 if self.terms.per_minute else PORTION
            self._portion.extend(due(session, now, lanes.closed | self._free_at.keys(), most))
        return timedelta(0) if self._portion else min(self.terms.gap, min(self._free_at.values()) - now)
