"""Milliseconds per visit, unchanged and changed, of the real pipeline over a page on loopback."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from bench.rows import Row, milliseconds
from cli.demo.past import HISTORY, Version
from cli.demo.site import Replica, serving_replica
from schedules.jobs import enrol_sources, visit
from schedules.present import Present
from scraper.fetch import Visitor
from store.database import Database, create_database
from store.pages import pages

FLOOR = "a bare httpx GET of the page, its connection reused"


def run() -> list[Row]:
    """Visit the demo's page over and over: as 304, with noise alone, and with a project that changes."""
    with tempfile.TemporaryDirectory() as folder, serving_replica() as replica, _floor(replica) as get:
        db = create_database(f"sqlite:///{Path(folder) / 'bench.db'}")
        floor = milliseconds(get, times=50)
        rows = [Row(FLOOR, floor, "ms")]
        for what, versions in _visits():
            spent = milliseconds(_visit(db, replica, versions), times=30)
            rows.append(Row(what, spent, "ms per visit", "GET", spent / floor))
        return rows


def _visits() -> Iterator[tuple[str, Callable[[int], Version]]]:
    table = HISTORY[3]
    yield "unchanged: 304", lambda number: HISTORY[0]
    yield "unchanged: counter and session differ", lambda number: replace(HISTORY[0], visits=number)
    yield "changed: the page moves between two of its states", lambda number: (HISTORY[0], table)[number % 2]


def _visit(db: Database, replica: Replica, versions: Callable[[int], Version]) -> Callable[[], object]:
    """Return the work of one visit; each finds the next of the versions."""
    numbers, clock, source = iter(range(1_000_000)), Present(), replica.source
    enrol_sources(db, [source], clock)
    with db.reading() as session:
        (page,) = pages(session)
    visitor = Visitor(source, clock, "coopwatch-bench (+bench@coopwatch.example)")

    def work() -> object:
        replica.show(versions(next(numbers)))
        return visit(db, source, page, visitor, clock)

    return work


@contextmanager
def _floor(replica: Replica) -> Iterator[Callable[[], object]]:
    replica.show(HISTORY[0])
    with httpx.Client() as client:
        yield lambda: client.get(replica.source.pages[0].address)
