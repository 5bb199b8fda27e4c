"""The instants at which a source is visited, as its schedule names them."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]

from scraper.errors import SourceError

ROME = ZoneInfo("Europe/Rome")

_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
_DAYS = re.compile(rf"\*|{_DAY}(-{_DAY})?(,{_DAY}(-{_DAY})?)*")


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
