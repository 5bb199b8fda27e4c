"""Whether the time of an answer tells who is known: sign-ups and link requests of five sorts, interleaved."""

import random
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx

from bench.rows import Row
from notifier.message import Sender
from store.database import Database, create_database
from store.kinds import SuppressionReason
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from store.suppressions import suppress
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.watched_history import SOURCE, days, watched_2018
from web.app import create_app

ROUNDS = 300
SORTS = ("unknown", "known", "pending", "suppressed", "too often asked")
BOUND = "the 5 ms that may lie between medians"
SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")
FORM = {"language": "it", "frequency": "at_once"}


def run() -> list[Row]:
    """Return the spread of medians on each form, and each sort's median."""
    with tempfile.TemporaryDirectory() as folder:
        db = create_database(f"sqlite:///{Path(folder) / 'coopwatch.db'}")
        clock = FakeClock(days(0))
        _furnish(db)
        rows = []
        with browsing(create_app(db, clock, SENDER, [SOURCE])) as client:
            for path in ("/subscribe", "/preferences"):
                found = _medians(client, clock, path)
                spread = max(found.values()) - min(found.values())
                rows += [Row(f"{path}, spread of medians", spread, "ms", BOUND, spread / 5)]
                rows += [Row(f"{path}, {sort}", value, "ms") for sort, value in found.items()]
        db.close()
    return rows


def _furnish(db: Database) -> None:
    watched_2018(db)
    with db.writing() as session:
        suppress(session, "suppressed@example.org", SuppressionReason.COMPLAINT, days(0))
        asked = request_subscription(
            session, "known@example.org", "it", Frequency.AT_ONCE, Filters(), days(0)
        )
        confirm(session, asked.id, days(0))


def _medians(client: httpx.Client, clock: FakeClock, path: str) -> dict[str, float]:
    """Ask one of each sort in every round, in an order of chance; an hour lies between two rounds."""
    dice, spent = random.Random(19), {sort: list[float]() for sort in SORTS}
    for number in range(ROUNDS + 1):
        clock.advance(3601)
        for _ in range(3):
            _asked(client, path, "often@example.org")
        for sort in dice.sample(SORTS, len(SORTS)):
            name = {"unknown": f"unknown{number}", "too often asked": "often"}.get(sort, sort)
            spent[sort].append(_asked(client, path, f"{name}@example.org"))
    return {sort: median(times[1:]) for sort, times in spent.items()}


def _asked(client: httpx.Client, path: str, address: str) -> float:
    begun = perf_counter()
    answer = client.post(path, data={**FORM, "address": address})
    took = (perf_counter() - begun) * 1000
    assert answer.status_code == 200, answer.text
    return took
