"""The civil periods of digest runs: their labels, when each is due, and which were missed; all pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from notifier.words import HOME
from store.kinds import Frequency

MORNING = time(7)
"""The hour in Europe/Rome at which a period's run is due: it exists once on every day, of 23 hours too."""

LOOK_BACK = 31
"""How many missed periods of a frequency are written down at most; older ones are not named one by one."""

PERIODIC = (Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY)
"""The frequencies whose runs are due once for each civil day, ISO week or month."""


def label(frequency: Frequency, day: date) -> str:
    """Return the period in which a day lies: 2026-11-29, 2026-W48 (ISO 8601) or 2026-11."""
    match frequency:
        case Frequency.DAILY:
            return day.isoformat()
        case Frequency.WEEKLY:
            return "{0.year}-W{0.week:02}".format(day.isocalendar())
        case Frequency.MONTHLY:
            return f"{day:%Y-%m}"
    raise ValueError(f"{frequency} has no periods")


def due_at(frequency: Frequency, period: str) -> datetime:
    """Return when the run of a period is due, in UTC: at 07:00 in Rome on the first day of the period.

    It tells what became public before then, since the run of the period before.
    """
    return datetime.combine(_first_day(frequency, period), MORNING, HOME).astimezone(UTC)


def newest(frequency: Frequency, now: datetime) -> str:
    """Return the last period whose run is due at `now`."""
    here = now.astimezone(HOME)
    period = label(frequency, here.date())
    return period if due_at(frequency, period) <= now else _before(frequency, period)


def missed(frequency: Frequency, last: str | None, now: datetime) -> tuple[str, ...]:
    """Return the periods due by `now` after the period `last`, oldest first and at most LOOK_BACK of them.

    Without a last one it is the newest alone: what was before the beginning was not missed.
    """
    if last is None:
        return (newest(frequency, now),)
    return tuple(reversed([*_backwards(frequency, last, now)]))


def _backwards(frequency: Frequency, last: str, now: datetime) -> Iterator[str]:
    period = newest(frequency, now)
    for _ in range(LOOK_BACK):
        if _first_day(frequency, period) <= _first_day(frequency, last):
            return
        yield period
        period = _before(frequency, period)


def _before(frequency: Frequency, period: str) -> str:
    return label(frequency, _first_day(frequency, period) - timedelta(days=1))


def _first_day(frequency: Frequency, period: str) -> date:
    match frequency:
        case Frequency.WEEKLY:
            return date.fromisoformat(f"{period}-1")
        case Frequency.MONTHLY:
            return date.fromisoformat(f"{period}-01")
    return date.fromisoformat(period)
