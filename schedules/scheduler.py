"""The ticks: APScheduler as a clock only, whose memory holds nothing; the store says what is due."""

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

from schedules.jobs import OpenVisitor, Visited, check_due, enrol_sources
from scraper.clock import Clock
from scraper.errors import CoopwatchError, SourceError
from scraper.sources import Source
from store.database import Database
from store.pages import mark_due, pages

ROME = ZoneInfo("Europe/Rome")

TICK = timedelta(seconds=30)
"""The time between two looks at what is due."""

STAMPS = timedelta(minutes=15)
"""The time after which an authority is asked again, at the earliest: it is a stranger's server."""

INTAKES = timedelta(minutes=5)
"""The time between two looks into the mailbox for bounces."""

_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
_DAYS = re.compile(rf"\*|{_DAY}(-{_DAY})?(,{_DAY}(-{_DAY})?)*")
_log = logging.getLogger("coopwatch")
_ticks = logging.getLogger("coopwatch.ticks")
_ticks.setLevel(logging.ERROR)  # that a look is skipped while the last one goes on is no news


@dataclass(frozen=True, slots=True)
class Duty:
    """A job besides the visits: how often it looks at what is to be done, and how long after the start."""

    job: Callable[[], object]
    every: timedelta = TICK
    first_after: timedelta = timedelta(0)


def slots(schedule: str) -> CronTrigger:
    """Return the instants in Rome that a cron expression names: minute, hour, day, month, day of the week.

    Days of the week are names alone: 1 is Monday to cron and Tuesday to APScheduler. Raises SourceError.
    """
    fields = schedule.lower().split()
    if len(fields) != 5:
        raise SourceError(f"schedule {schedule!r}: must have five fields", "Example: 30 6 * * mon-fri")
    minute, hour, day, month, weekday = fields
    if not _DAYS.fullmatch(weekday):
        raise SourceError(
            f"schedule {schedule!r}: {weekday!r} is no day of the week",
            "Name the days: mon, tue, wed, thu, fri, sat, sun, a range such as mon-fri, or *.",
        )
    try:
        return CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=ROME)
    except ValueError as error:
        raise SourceError(f"schedule {schedule!r}: {error}", "Example: 30 6 * * mon-fri") from error


def slot_passed(trigger: CronTrigger, since: datetime, now: datetime) -> bool:
    """Return whether one of the instants lies after `since` and not after `now`."""
    following = trigger.get_next_fire_time(None, (since + timedelta(microseconds=1)).astimezone(ROME))
    return following is not None and following <= now


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
) -> Iterator[None]:
    """Visit what is due, and do the other duties, in the background, as long as the `with` block lasts.

    What a stopped process has missed is caught up with at once. At the end the visit under way is finished
    and recorded, and no other is begun. Raises SourceError for a schedule that cannot be used.
    """
    watched = tuple(sources)
    stopping = threading.Event()
    scheduler = BackgroundScheduler(
        timezone=ROME,
        logger=_ticks,
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    for source in watched:
        scheduler.add_job(_calmly(partial(mark_scheduled, db, source, clock)), slots(source.schedule))
    looks = Duty(partial(_look, db, watched, open_visitor, clock, stopping), every=tick)
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


def _look(
    db: Database,
    sources: tuple[Source, ...],
    open_visitor: OpenVisitor,
    clock: Clock,
    stopping: threading.Event,
) -> None:
    with closing(check_due(db, sources, open_visitor, clock)) as visits:
        for visited in visits:
            if isinstance(visited, Visited):
                verdict = visited.outcome.verdict
                _log.info("%s: %s", visited.page.address, "; ".join((verdict.decision, *verdict.reasons)))
            if stopping.is_set():
                return


def _calmly(job: Callable[[], object]) -> Callable[[], None]:
    """Return the job with its expected faults told in one line; the next tick tries again."""

    def run() -> None:
        try:
            job()
        except CoopwatchError as error:
            _log.warning("%s %s", error, error.hint)

    return run
