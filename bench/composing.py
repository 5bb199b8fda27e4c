"""How fast digests are composed: 10,000 readers with 20 distinct filters, 30 changes each, before signing."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_urlsafe
from time import perf_counter

from bench.rows import Row
from notifier.compose import compose
from notifier.editions import Editions
from notifier.message import Sender, message_id
from notifier.render import Origins
from notifier.stencil import printed
from scraper.records import Project
from store.database import Database, create_database
from store.history import captures
from store.ledger import LedgerEntry, publish
from store.pages import pages
from store.subscriptions import Filters, Frequency, Subscription, confirm, request_subscription
from tests.clocks import FakeClock
from tests.digest_samples import GAMBIA, START, changed, ledger, reader
from tests.watched_history import SOURCE, days, enrolled, visited

READERS, FILTERS, CHANGES = 10_000, 20, 30
SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")


def run() -> list[Row]:
    """Return messages per second: printed alone, and owed as rows with their tokens and their log entries."""
    alone = _printed(_ledger())
    with _house() as db:
        begun = perf_counter()
        made = compose(db, FakeClock(days(3)), SENDER, [SOURCE])
        owed = made / (perf_counter() - begun)
    assert made == READERS
    size = len(_message(Editions(SENDER, Origins(), _ledger()), _readers()[0], 0))
    return [
        Row("messages composed, 20 renderings included", alone, "a second (target 2,000)"),
        Row(
            "messages composed and owed as rows, committed", owed, "a second", "composed alone", owed / alone
        ),
        Row("one message", size / 1000, "KB"),
    ]


def _printed(entries: list[LedgerEntry]) -> float:
    readers, editions = _readers(), Editions(SENDER, Origins(), entries)
    begun = perf_counter()
    for number, one in enumerate(readers):
        _message(editions, one, number)
    return len(readers) / (perf_counter() - begun)


def _message(editions: Editions, one: Subscription, number: int) -> bytes:
    edition = editions.edition(one, CHANGES)
    assert edition is not None
    identifier = message_id("digest", f"{number}/{CHANGES}", SENDER.domain)
    return printed(
        edition.stencil, recipient=one.address, identifier=identifier, at=START, token=token_urlsafe(16)
    )


def _projects() -> list[Project]:
    return [
        replace(GAMBIA, title=f"Progetto {number}", area=f"AREA {number % 5}") for number in range(CHANGES)
    ]


def _ledger() -> list[LedgerEntry]:
    moved = [
        changed("status", "starting", "ongoing", project=one, track=n) for n, one in enumerate(_projects(), 1)
    ]
    return ledger(*moved)


def _filters(number: int) -> Filters:
    return Filters(words=("progetto", f"parola {number % FILTERS}"))


def _readers() -> list[Subscription]:
    return [replace(reader(), address=f"ong{n}@example.org", filters=_filters(n)) for n in range(READERS)]


@contextmanager
def _house() -> Iterator[Database]:
    """Yield a database with all readers, whose page then gained the projects."""
    with tempfile.TemporaryDirectory() as folder:
        db = create_database(f"sqlite:///{Path(folder) / 'coopwatch.db'}")
        with db.writing() as session:
            visited(session, enrolled(session), days(0), tuple(_projects()))
            for one in _readers():
                asked = request_subscription(
                    session, one.address, "it", Frequency.AT_ONCE, one.filters, days(0)
                )
                confirm(session, asked.id, days(0))
        with db.writing() as session:
            first = captures(session, pages(session)[0].id)[0]
            publish(session, SOURCE.name, first.id, [entry.change for entry in _ledger()], days(1))
        yield db
        db.close()
