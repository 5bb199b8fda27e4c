"""When a reader is asked, suspended, told and erased because mails come back: the scale alone."""

from datetime import datetime, timedelta

import pytest

from notifier.bounces.scale import (
    ERASE_AFTER,
    NOTICE_AFTER,
    PROBE_WAIT,
    STALE,
    Step,
    is_worth_asking,
    next_step,
)
from store.kinds import Refusal
from store.returns import Failure, Troubled
from tests.watched_history import days

NOW = days(100)
DEAD, SOFT, OURS = Refusal.ADDRESS, Refusal.SOFT, Refusal.OURS


def failed(refusal: Refusal, *ages: float) -> list[Failure]:
    """Mails that failed and were made so many days ago."""
    return [Failure(NOW - timedelta(days=age), refusal) for age in ages]


@pytest.mark.parametrize(
    ("failures", "asked"),
    [
        (failed(DEAD, 2), False),
        (failed(DEAD, 1, 1, 1), False),
        (failed(DEAD, 1.5, 0.6), False),
        (failed(DEAD, 2, 1), True),
        (failed(DEAD, 31, 1), False),
        (failed(SOFT, 2, 1), False),
        (failed(SOFT, 4, 3, 2, 1), False),
        (failed(SOFT, 5, 4, 3, 2, 1), True),
        (failed(SOFT, *[1 + n / 100 for n in range(20)]), False),
        (failed(SOFT, 40, 35, 3, 2, 1), False),
        (failed(SOFT, 5, 4, 3) + failed(DEAD, 2, 2), False),
        (failed(SOFT, 5, 4, 3, 2) + failed(DEAD, 1), True),
        (failed(DEAD, 2) + failed(SOFT, 1), False),
        (failed(OURS, *range(1, 29)), False),
        (failed(DEAD, 2) + failed(OURS, 1), False),
    ],
)
def test_a_reader_is_asked_only_after_failures_on_two_days(failures: list[Failure], asked: bool) -> None:
    """Dead twice in two runs a day apart, or soft on five days of thirty; what is ours never counts."""
    assert is_worth_asking(failures, NOW) is asked
    assert is_worth_asking(list(reversed(failures)), NOW) is asked
    assert next_step(Troubled(1), failures, NOW) is (Step.PROBE if asked else None)


def test_what_was_forgiven_counts_no_more() -> None:
    """After a probe that arrived, only what fails later counts."""
    twice = failed(DEAD, 3, 1)

    assert next_step(Troubled(1, forgiven_at=NOW - timedelta(days=2)), twice, NOW) is None
    assert next_step(Troubled(1, forgiven_at=NOW - timedelta(days=4)), twice, NOW) is Step.PROBE


def test_the_probe_decides() -> None:
    """If it comes back the reader is suspended; if it is silent, or refused through us, all is forgiven."""
    asked_at = NOW - PROBE_WAIT + timedelta(hours=1)
    for probe, step in ((None, None), (DEAD, Step.SUSPEND), (SOFT, Step.SUSPEND), (OURS, Step.FORGIVE)):
        asked = Troubled(1, probed_at=asked_at, probe_id=5, probe=probe)
        assert next_step(asked, failed(DEAD, 3, 1), NOW) is step
    silent = Troubled(1, probed_at=NOW - PROBE_WAIT, probe_id=5)
    assert next_step(silent, failed(DEAD, 3, 1), NOW) is Step.FORGIVE


def test_a_suspended_reader_gets_three_notices_and_is_erased_in_the_end() -> None:
    """Day by day for a hundred days: three notices on their days, erasure on the ninetieth, nothing else."""
    since, notices = days(0), 0
    steps: list[tuple[int, Step]] = []
    for day in range(91):
        one = Troubled(1, probed_at=since, suspended_at=since, notices=notices, resting=True)
        step = next_step(one, (), since + timedelta(days=day))
        if step is not None:
            steps.append((day, step))
            notices += step is Step.NOTICE

    told = [(wait.days, Step.NOTICE) for wait in NOTICE_AFTER]
    assert steps == [*told, (ERASE_AFTER.days, Step.ERASE)]
    assert len(told) == 3


def test_who_is_back_is_forgiven() -> None:
    """A reader who resumed, at whatever time, begins anew."""
    for at in (NOW, NOW + ERASE_AFTER):
        back = Troubled(1, probed_at=days(0), suspended_at=days(1), notices=2, resting=False)
        assert next_step(back, (), at) is Step.FORGIVE


def test_nothing_counts_for_ever() -> None:
    """A month after the last failure there is nothing to do."""
    later: datetime = NOW + STALE

    assert next_step(Troubled(1), failed(DEAD, 2, 1), later) is None
