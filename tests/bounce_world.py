"""A reader whose digests go out and come back, for tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.bounces.intake import take_in
from notifier.message import Sender, message_id
from store.database import Database
from store.deliveries import Delivery, DeliveryKind, deliveries, delivery, owe
from store.kinds import IncomingKind, Refusal
from store.ledger import head
from store.outbox import settle_accepted, settle_rejected
from store.subscriptions import (
    Filters,
    Frequency,
    Subscription,
    SubscriptionState,
    confirm,
    request_subscription,
    subscription,
)
from tests.bounce_samples import PATHS, block, report
from tests.clocks import FakeClock
from tests.sending import claim
from tests.watched_history import FIRST, SECOND, days, enrolled, visited

READER = "reader@example.net"
SENDER = Sender("avvisi@example.org", "coopwatch", "https://coopwatch.example.org")


class Pile:
    """A mailbox of mails in memory, which forgets what is dropped."""

    def __init__(self, *mails: bytes) -> None:
        self.mails = {str(number): mail for number, mail in enumerate(mails)}
        self.aside: list[str] = []

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Yield what waits."""
        yield from [(name, mail) for name, mail in self.mails.items() if name not in self.aside]

    def drop(self, name: str) -> None:
        """Forget a mail."""
        del self.mails[name]

    def put_aside(self, name: str) -> None:
        """Leave a mail."""
        self.aside.append(name)


@dataclass
class BounceWorld:
    """A database whose page has changed, one reader who stands since then, and a clock."""

    db: Database
    clock: FakeClock
    reader_id: int
    start: int

    def state(self) -> SubscriptionState:
        """Return how the reader stands."""
        return self.reader.state

    @property
    def reader(self) -> Subscription:
        """The reader as it stands."""
        with self.db.reading() as session:
            return subscription(session, self.reader_id)

    def sent(self, upto: int, kind: DeliveryKind = DeliveryKind.DIGEST) -> int:
        """Let a message go out that tells of so many ledger entries since the beginning."""
        number = self.owed(upto, kind)
        with self.db.writing() as session:
            settle_accepted(session, number, self.clock.now(), "250 queued")
        return number

    def refused(self, upto: int, refusal: Refusal) -> int:
        """Let a mail server refuse a digest outright."""
        number = self.owed(upto)
        with self.db.writing() as session:
            settle_rejected(session, number, self.clock.now(), "550 no", refusal=refusal)
        return number

    def owed(self, upto: int, kind: DeliveryKind = DeliveryKind.DIGEST) -> int:
        """Let a message be under way."""
        now = self.clock.now()
        identifier = message_id(kind, f"{upto}/{now.isoformat()}", SENDER.domain)
        with self.db.writing() as session:
            number = owe(
                session,
                kind=kind,
                recipient=READER,
                message_id=identifier,
                message=b"Subject: Novita\r\n\r\n",
                at=now,
                subscription_id=self.reader_id,
                cutoff=self.start + upto if kind is DeliveryKind.DIGEST else None,
            )
            assert number is not None
            taken = claim(session, now, now + timedelta(minutes=15))
        assert taken is not None
        assert taken.id == number
        return number

    def returned(self, number: int, status: str = "5.1.1", action: str = "failed") -> None:
        """Take in a report about that delivery."""
        self.taken(report(str(PATHS.envelope_sender(number)), block(READER, action, status)))

    def taken(self, *mails: bytes) -> dict[IncomingKind, int]:
        """Take in mails; none may be left but those for people."""
        pile = Pile(*mails)
        found = take_in(self.db, self.clock, pile, PATHS)
        assert pile.aside == list(pile.mails)
        return dict(found)

    def delivery(self, number: int) -> Delivery:
        """Return a delivery as it stands."""
        with self.db.reading() as session:
            return delivery(session, number)

    def notices(self) -> tuple[Delivery, ...]:
        """Return the notices that were owed, newest first."""
        with self.db.reading() as session:
            return deliveries(session, kind=DeliveryKind.NOTICE)


def bounce_world(db: Database, at: datetime) -> BounceWorld:
    """Make that world."""
    with db.writing() as session:
        page = enrolled(session)
        visited(session, page, days(0), FIRST)
        visited(session, page, days(1), SECOND)
        asked = request_subscription(session, READER, "it", Frequency.DAILY, Filters(), at)
        confirm(session, asked.id, at)
        return BounceWorld(db, FakeClock(at), asked.id, head(session))
