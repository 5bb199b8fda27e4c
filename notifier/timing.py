"""When a reader may be told: pure functions of instants."""

from datetime import datetime, time, timedelta

from notifier.words import HOME
from store.kinds import Frequency

MORNING = time(7)
"""Daily, weekly and monthly digests tell what became public before this hour in Europe/Rome."""


def told_until(frequency: Frequency, now: datetime) -> datetime:
    """Return the instant up to which a reader may now be told what became public.

    For a daily reader that is the last 07:00, for a weekly one the last Monday's, for a monthly one that of
    the month's first day, by the calendar of Europe/Rome; missed mornings merge into one digest. It says
    when; the cursor says what.
    """
    if frequency == Frequency.AT_ONCE:
        return now
    here = now.astimezone(HOME)
    day = here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)
    if frequency == Frequency.WEEKLY:
        day -= timedelta(days=day.weekday())
    elif frequency == Frequency.MONTHLY:
        day = day.replace(day=1)
    return datetime.combine(day, MORNING, HOME)
