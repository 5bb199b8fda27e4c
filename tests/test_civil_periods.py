"""The civil periods of runs: labels, when they are due, and which were missed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from notifier.civil_periods import LOOK_BACK, PERIODIC, due_at, label, missed, newest
from notifier.words import HOME
from store.kinds import Frequency

DAILY, WEEKLY, MONTHLY = PERIODIC


def rome(*parts: int) -> datetime:
    """An instant on Rome's clocks, in UTC."""
    return datetime(*parts, tzinfo=HOME).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        (date(2026, 11, 29), ("2026-11-29", "2026-W48", "2026-11")),
        (date(2027, 1, 3), ("2027-01-03", "2026-W53", "2027-01")),
        (date(2024, 12, 30), ("2024-12-30", "2025-W01", "2024-12")),
    ],
)
def test_a_period_is_named_by_the_calendar(day: date, labels: tuple[str, str, str]) -> None:
    """A local date, an ISO week (whose year may be another than the day's), a month."""
    assert tuple(label(frequency, day) for frequency in PERIODIC) == labels


@pytest.mark.parametrize(
    ("frequency", "period", "due"),
    [
        (DAILY, "2026-10-25", rome(2026, 10, 25, 7)),
        (DAILY, "2027-03-28", rome(2027, 3, 28, 7)),
        (WEEKLY, "2026-W48", rome(2026, 11, 23, 7)),
        (WEEKLY, "2026-W53", rome(2026, 12, 28, 7)),
        (MONTHLY, "2026-12", rome(2026, 12, 1, 7)),
    ],
)
def test_a_run_is_due_at_seven_on_the_first_day(frequency: Frequency, period: str, due: datetime) -> None:
    """On the clocks of Rome, whichever offset they have that day."""
    assert due_at(frequency, period) == due


@pytest.mark.parametrize("frequency", PERIODIC)
def test_the_newest_period_changes_at_seven(frequency: Frequency) -> None:
    """Through a year of hours, the newest period is the one whose morning came last."""
    hour, before = rome(2026, 9, 1, 0), None
    for _ in range(24 * 365):
        period = newest(frequency, hour)
        assert due_at(frequency, period) <= hour
        if before not in {None, period}:
            assert hour.astimezone(HOME).hour == 7
        hour, before = hour + timedelta(hours=1), period


def test_missed_periods_are_named_oldest_first() -> None:
    """After eight days there are eight; at the beginning one; never more than are looked back for."""
    assert missed(DAILY, "2026-11-20", rome(2026, 11, 22, 7)) == ("2026-11-21", "2026-11-22")
    assert missed(DAILY, "2026-11-22", rome(2026, 11, 22, 23)) == ()
    assert missed(WEEKLY, None, rome(2026, 11, 22, 23)) == ("2026-W47",)
    assert missed(MONTHLY, "2026-11", rome(2027, 1, 1, 7)) == ("2026-12", "2027-01")
    assert len(missed(DAILY, "2020-01-01", rome(2026, 11, 22, 7))) == LOOK_BACK
