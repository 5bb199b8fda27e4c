"""Who was told what, asked of 10,000 mails of 1,000 readers; each answer is due in a second."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bench.rows import Row, milliseconds
from notifier.compose import compose
from notifier.holding import Caution
from notifier.message import Sender
from scraper.records import Project
from store.database import Database, Session, create_database
from store.deliveries import DeliveryKind, deliveries, delivery
from store.digest_runs import runs
from store.history import captures
from store.ledger import publish
from store.outbox import settle_accepted
from store.pages import pages
from store.run_mails import mail_counts, samples
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from store.telling import told_of
from tests.clocks import FakeClock
from tests.digest_samples import GAMBIA, changed
from tests.watched_history import SOURCE, days, enrolled, visited

READERS, RUNS, CHANGES, FILTERS = 1_000, 10, 12, 20
SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")
NEVER_HELD = Caution(changed_percent=100_000)
_ALLOWED = "1 s"


def run() -> list[Row]:
    """Return the milliseconds that each question takes, in a transaction of its own."""
    with tempfile.TemporaryDirectory() as folder:
        db = create_database(f"sqlite:///{Path(folder) / 'coopwatch.db'}")
        _fill(db)
        with db.reading() as session:
            last = runs(session)[0].id
            size = len(deliveries(session, limit=1)[0].message) / 1000
        rows = [
            Row(what, spent := _cost(db, ask), "ms", _ALLOWED, spent / 1000) for what, ask in _asked(last)
        ]
        db.close()
    return [*rows, Row("one message", size, "KB")]


def _asked(last: int) -> Iterator[tuple[str, Callable[[Session], object]]]:
    change = RUNS * CHANGES // 2
    yield "everybody who was told of a change", lambda session: told_of(session, [change])
    yield "all that one reader was sent", lambda session: deliveries(session, recipient="ong7@example.org")
    yield "one mail with its bytes", lambda session: delivery(session, READERS * RUNS // 2)
    yield "a run: its mails by state", lambda session: mail_counts(session, last)
    yield "a run: a mail of each content", lambda session: samples(session, last)
    yield "the newest hundred digests", lambda s: deliveries(s, kind=DeliveryKind.DIGEST, limit=100)


def _cost(db: Database, ask: Callable[[Session], object]) -> float:
    def once() -> None:
        with db.reading() as session:
            ask(session)

    return milliseconds(once)


def _fill(db: Database) -> None:
    """Tell every reader of as many runs, each with changes of its own, and let the mail server take all."""
    shown = tuple(_project(number) for number in range(CHANGES))
    with db.writing() as session:
        visited(session, enrolled(session), days(0), shown)
        for number in range(READERS):
            filters = Filters(words=("progetto", f"parola {number % FILTERS}"))
            address = f"ong{number}@example.org"
            asked = request_subscription(session, address, "it", Frequency.AT_ONCE, filters, days(0))
            confirm(session, asked.id, days(0))
        first = captures(session, pages(session)[0].id)[0]
    for day in range(1, RUNS + 1):
        steps = ("starting", "ongoing") if day % 2 else ("ongoing", "starting")
        moved = [changed("status", *steps, project=one, track=n) for n, one in enumerate(shown, 1)]
        with db.writing() as session:
            publish(session, SOURCE.name, first.id, moved, days(day))
        assert compose(db, FakeClock(days(day)), SENDER, [SOURCE], NEVER_HELD) == READERS
        with db.writing() as session:
            for one in deliveries(session, limit=READERS):
                settle_accepted(session, one.id, days(day), "250 2.0.0 Ok: queued")


def _project(number: int) -> Project:
    return replace(GAMBIA, title=f"Progetto {number}", area=f"AREA {number % 5}")
