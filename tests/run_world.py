"""A house for tests of runs: a page with many projects, readers, a clock, and what became of their mails."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from notifier.archive import Maildir
from notifier.compose import compose
from notifier.holding import Caution
from notifier.message import Sender
from scraper.records import Project
from store.database import Database
from store.deliveries import Delivery, DeliveryKind, DeliveryState, deliveries
from store.digest_runs import Run, runs
from store.outbox import settle_accepted
from store.reviews import Signature, open_reviews, release
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.clocks import FakeClock
from tests.digest_samples import GAMBIA
from tests.sending import claim
from tests.watched_history import SOURCE, days, enrolled, visited

SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")


def projects(count: int) -> tuple[Project, ...]:
    """Return so many projects of one area."""
    return tuple(
        replace(GAMBIA, title=f"Progetto {_NAMES[number % len(_NAMES)]} {number}")
        for number in range(1, count + 1)
    )


_NAMES = ("Acqua", "Borneo", "Caffè", "Dakar", "Energia", "Foresta", "Grano", "Hawassa", "Isole", "Juba")


@dataclass
class RunWorld:
    """The house: what its page shows is `seen`, what its readers are owed is made by `tick`."""

    db: Database
    clock: FakeClock = field(default_factory=lambda: FakeClock(days(0)))
    caution: Caution = field(default_factory=lambda: Caution(reader_version="reader-1"))
    page_id: int = 0
    archive: Maildir | None = None

    def seen(self, shown: Iterable[Project]) -> None:
        """Record a visit that found these projects."""
        with self.db.writing() as session:
            self.page_id = self.page_id or enrolled(session)
            visited(session, self.page_id, self.clock.now(), tuple(shown))
        with self.db.writing() as session:  # what the comparison held is believed by staff
            for asked in open_reviews(session):
                release(session, asked.id, Signature("Anna", "È così", self.clock.now()))

    def joined(
        self, frequency: Frequency, address: str = "ong@example.org", filters: Filters | None = None
    ) -> int:
        """Sign somebody up, confirmed at once, and return the subscription's number."""
        with self.db.writing() as session:
            asked = request_subscription(
                session, address, "it", frequency, filters or Filters(), self.clock.now()
            )
            return confirm(session, asked.id, self.clock.now())

    def tick(self, at: datetime | None = None) -> int:
        """Compose what is due at an instant, or now."""
        self.clock.at = at or self.clock.at
        return compose(self.db, self.clock, SENDER, [SOURCE], self.caution, self.archive)

    def sent(self) -> list[str]:
        """Let the mail server take all that may leave; return the addresses, in the order of leaving."""
        taken: list[str] = []
        while True:
            with self.db.writing() as session:
                one = claim(session, self.clock.now(), self.clock.now() + timedelta(minutes=15))
                if one is None:
                    return taken
                settle_accepted(session, one.id, self.clock.now(), "250 taken")
                taken.append(one.recipient)

    def runs(self) -> list[Run]:
        """Return every run, oldest first."""
        with self.db.reading() as session:
            return list(reversed(runs(session, missed=True)))

    def mails(self, state: DeliveryState | None = None) -> list[Delivery]:
        """Return every digest and correction, oldest first."""
        with self.db.reading() as session:
            found = reversed(deliveries(session, state=state))
            return [one for one in found if one.kind in {DeliveryKind.DIGEST, DeliveryKind.CORRECTION}]
