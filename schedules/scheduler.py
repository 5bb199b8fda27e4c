"""The ticks: APScheduler as a clock only, whose memory holds nothing; the store says what is due."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

from schedules.jobs import OpenVisitor, enrol_sources
from schedules.rounds import visit_due
from schedules.slots import ROME, slot_passed, slots
from scraper.clock import Clock
from scraper.errors import CoopwatchError
from scraper.sources import Source
from store.database import Database
from store.pages import mark_due, pages

TICK = timedelta(seconds=30)
"""The time between two looks at what is due."""

STAMPS = timedelta(minutes=15)
"""The time after which an authority is asked again, at the earliest: it is a stranger's server."""

INTAKES = timedelta(minutes=5)
"""The time between two looks into the mailbox for bounces."""

_log = logging.getLogger("coopwatch")
_ticks = logging.getLogger("coopwatch.ticks")
_ticks.setLevel(logging.ERROR)  # that a look is skipped while the last one goes on is no news


@dataclass(frozen=True, slots=True)
class Duty:
    """A job besides the visits: how often it looks at what is to be done, and how long after the start."""

    job: Callable[[], object]
    every: timedelta = TICK
    first_after: timedelta = timedelta(0)


def mark_scheduled(db: Database, source: Source, clock: Clock) -> None:
    """Mark the pages of a source due that were not visited since their last instant in the schedule."""
    now, trigger = clock.now(), slots(source.schedule)
    with db.writing() as session:
        for entry in pages(session, source.name):
            visited = None if entry.retired_at else entry.last_visit_at
            if visited is not None and slot_passed(trigger, visited, now):
                mark_due(session, entry.id, now)


@contextmanager
def running_schedule(
    db: Database,
    sources: Iterable[Source],
    open_visitor: OpenVisitor,
    clock: Clock,
    duties: Iterable[Duty] = (),
    tick: timedelta = TICK,
    *,
    stopping: threading.Event | None = None,
) -> Iterator[None]:
    """Visit what is due, and do the other duties, in the background, as long as the `with` block lasts.

    What a stopped process has missed is caught up with at once. At the end the visits under way are finished
    and recorded, and no other is begun; `stopping` is set then, for duties that go by it. Raises SourceError
    for a schedule that cannot be used.
    """
    watched, stopping = tuple(sources), stopping or threading.Event()
    scheduler = BackgroundScheduler(
        timezone=ROME,
        logger=_ticks,
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    for source in watched:
        scheduler.add_job(_calmly(partial(mark_scheduled, db, source, clock)), slots(source.schedule))
    looks = Duty(partial(visit_due, db, watched, open_visitor, clock, stopping), every=tick)
    for duty in (looks, *duties):
        every = IntervalTrigger(seconds=duty.every.total_seconds())
        scheduler.add_job(_calmly(duty.job), every, next_run_time=clock.now() + duty.first_after)
    enrol_sources(db, watched, clock)
    for source in watched:
        mark_scheduled(db, source, clock)
    scheduler.start()
    try:
        yield
    finally:
        stopping.set()
        scheduler.shutdown(wait=True)


def _calmly(job: Callable[[], object]) -> Callable[[], None]:
    """Return the job with its expected faults told in one line; the next tick tries again."""

    def run() -> None:
        try:
            job()
        except CoopwatchError as error:
            _log.warning("%s %s", error, error.hint)

    return run
