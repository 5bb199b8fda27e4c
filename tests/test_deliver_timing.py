"""When a reader may be told and when a mail is tried again, over summer time, nights and outages."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.retrying import GIVE_UP, lane_opens_at, retry_at
from notifier.timing import told_until
from notifier.words import HOME
from store.kinds import Frequency


def rome(text: str) -> datetime:
    """An instant by the clocks of Rome."""
    return datetime.fromisoformat(text).replace(tzinfo=HOME)


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        ("2026-11-18 07:00", "2026-11-18 07:00", "2026-11-16 07:00"),  # a Wednesday
        ("2026-11-18 06:59", "2026-11-17 07:00", "2026-11-16 07:00"),
        ("2026-11-16 06:59", "2026-11-15 07:00", "2026-11-09 07:00"),  # Monday, before the hour
        ("2026-10-25 12:00", "2026-10-25 07:00", "2026-10-19 07:00"),  # the day of 25 hours
        ("2027-03-28 12:00", "2027-03-28 07:00", "2027-03-22 07:00"),  # the day of 23 hours
        ("2027-01-01 03:00", "2026-12-31 07:00", "2026-12-28 07:00"),
    ],
)
def test_mornings_are_those_of_rome(now: str, daily: str, weekly: str) -> None:
    """A daily reader is told up to the last 07:00, a weekly one up to the last Monday's."""
    assert told_until(Frequency.DAILY, rome(now).astimezone(UTC)) == rome(daily)
    assert told_until(Frequency.WEEKLY, rome(now).astimezone(UTC)) == rome(weekly)


@pytest.mark.parametrize(
    ("now", "monthly"),
    [
        ("2026-11-18 12:00", "2026-11-01 07:00"),
        ("2026-11-01 06:59", "2026-10-01 07:00"),
        ("2027-01-01 07:00", "2027-01-01 07:00"),
    ],
)
def test_months_begin_in_rome(now: str, monthly: str) -> None:
    """A monthly reader is told up to 07:00 of the month's first day."""
    assert told_until(Frequency.MONTHLY, rome(now).astimezone(UTC)) == rome(monthly)


def test_at_once_means_now() -> None:
    """Who wants to hear at once is told everything."""
    now = rome("2026-11-18 03:00")
    assert told_until(Frequency.AT_ONCE, now) == now


@given(st.integers(0, 730 * 86400), st.integers(1, 10**6), st.sampled_from(Frequency))
def test_the_limit_never_goes_back(start: int, seconds: int, frequency: Frequency) -> None:
    """As time passes, nobody may be told less; and never what is still to come."""
    early = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=start)
    late = early + timedelta(seconds=seconds)
    assert told_until(frequency, early) <= told_until(frequency, late) <= late


@pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY])
def test_every_period_has_one_limit(frequency: Frequency) -> None:
    """Over both switches of a year, hour by hour, each civil day or week brings exactly one new limit."""
    hours = (rome("2026-10-01 00:00").astimezone(UTC) + timedelta(hours=i) for i in range(24 * 200))
    limits = sorted({told_until(frequency, hour) for hour in hours})
    days = [limit.astimezone(HOME).date() for limit in limits]
    step = timedelta(days=1 if frequency == Frequency.DAILY else 7)
    assert all(later - earlier == step for earlier, later in pairwise(days))
    assert {limit.astimezone(HOME).hour for limit in limits} == {7}


def test_waits_grow_and_end_after_three_days() -> None:
    """5, 15, 30 minutes, 1, 2, 4, then 8 hours at a time, up to a fifth more, until three days are over."""
    born = rome("2026-11-18 07:00").astimezone(UTC)
    now = born
    waits: list[float] = []
    while (again := retry_at(len(waits) + 1, born, now, "<1@example.org>")) is not None:
        waits.append((again - now) / timedelta(minutes=1))
        now = again
    steps = [5, 15, 30, 60, 120, 240, 480, 480]
    assert all(step <= wait <= 1.2 * step for step, wait in zip(steps, waits[:8], strict=True))
    assert now <= born + GIVE_UP < now + timedelta(hours=8) * 1.2


def test_mails_put_off_together_come_back_apart() -> None:
    """The wait differs from message to message, and is the same each time it is asked for."""
    now = rome("2026-11-18 07:00")
    again = [retry_at(1, now, now, f"<{number}@example.org>") for number in range(50)]
    assert len(set(again)) == 50
    assert again == [retry_at(1, now, now, f"<{number}@example.org>") for number in range(50)]


def test_a_lane_is_left_in_peace_longer_each_time() -> None:
    """1, 2, 4 minutes, and never more than two hours."""
    now = rome("2026-11-18 07:00")
    waits = [(lane_opens_at(times, now) - now) / timedelta(minutes=1) for times in (1, 2, 3, 8, 99)]
    assert waits == [1, 2, 4, 120, 120]
