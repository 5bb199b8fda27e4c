"""Runs of digests: one for each civil period, whatever was missed, and nothing twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from notifier.civil_periods import due_at
from notifier.holding import Caution
from notifier.words import HOME
from scraper.records import ProjectStatus
from store.database import Database
from store.deliveries import DeliveryState
from store.digest_runs import Run, RunState, move
from store.mail_tables import DELIVERY
from store.subscriptions import Filters, Frequency, subscription
from tests.run_world import RunWorld, projects
from tests.sending import claim

DAILY, WEEKLY, MONTHLY = Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY
SIX = projects(6)
CHANGED = (replace(SIX[0], status=ProjectStatus.ONGOING), *SIX[1:])
AGAIN = (replace(SIX[0], status=ProjectStatus.CONCLUDED), *SIX[1:])


def rome(*parts: int) -> datetime:
    """An instant on Rome's clocks, in UTC."""
    return datetime(*parts, tzinfo=HOME).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.fixture
def world(db: Database) -> RunWorld:
    """A house that was opened on 1 October 2026."""
    house = RunWorld(db)
    house.clock.at = rome(2026, 10, 1, 6)
    house.seen(SIX)
    return house


def of(world: RunWorld, frequency: Frequency) -> list[Run]:
    """Return the runs of a frequency, oldest first."""
    return [one for one in world.runs() if one.frequency == frequency]


def test_a_run_goes_through_its_states(world: RunWorld) -> None:
    """Due, composed and released in one tick; it drains until the last mail is settled, then it is closed."""
    world.joined(DAILY)
    world.clock.at = rome(2026, 10, 5, 6)
    world.seen(CHANGED)
    assert world.tick(rome(2026, 10, 5, 7)) == 1
    run = of(world, DAILY)[-1]
    assert (run.period, run.state, run.start, run.cutoff) == ("2026-10-05", RunState.DRAINING, 0, 1)
    (mail,) = world.mails()
    assert (mail.state, mail.run_id, mail.cutoff) == (DeliveryState.READY, run.id, 1)
    assert world.sent() == ["ong@example.org"] and world.tick() == 0
    assert of(world, DAILY)[-1].state == RunState.CLOSED


def test_check_26_what_is_released_after_the_cutoff_is_in_the_next_digest(world: RunWorld) -> None:
    """A change that becomes public after a run's cutoff is in the next digest, exactly once."""
    world.joined(DAILY)
    world.tick(rome(2026, 10, 4, 7))
    world.clock.at = rome(2026, 10, 5, 6)
    world.seen(CHANGED)
    world.clock.at = rome(2026, 10, 5, 7, 5)
    world.seen((*CHANGED, *projects(7)[6:]))
    told = []
    for day in (5, 6, 7):
        world.tick(rome(2026, 10, day, 9))
        world.sent()
        told.append(len(world.mails()))
    assert told == [1, 2, 2] and [mail.cutoff for mail in world.mails()] == [1, 2]


def test_check_28_nothing_changed_makes_a_quiet_run(world: RunWorld) -> None:
    """Nothing changed, or only how the page is written: no mail, and the run says that it was quiet."""
    world.joined(DAILY)
    world.tick(rome(2026, 10, 4, 7))
    world.clock.at = rome(2026, 10, 5, 6)
    world.seen((replace(SIX[0], title=f"  {SIX[0].title}  "), *SIX[1:]))
    world.tick(rome(2026, 10, 5, 7))
    assert world.mails() == [] and {one.state for one in world.runs()} == {RunState.QUIET}


def test_what_was_undone_makes_a_quiet_run_and_moves_on(world: RunWorld) -> None:
    """A change that was taken back before its morning is no mail; its reader's cursor passes it."""
    world.joined(DAILY)
    world.tick(rome(2026, 10, 4, 7))
    for hour, shown in ((8, CHANGED), (9, SIX)):
        world.clock.at = rome(2026, 10, 4, hour)
        world.seen(shown)
    world.tick(rome(2026, 10, 5, 7))
    assert world.mails() == [] and of(world, DAILY)[-1].state == RunState.QUIET
    world.tick(rome(2026, 10, 6, 7))
    assert of(world, DAILY)[-1].start == 2


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize(("begin", "end"), [((2026, 10, 23), (2026, 11, 3)), ((2027, 3, 25), (2027, 4, 2))])
def test_check_29_one_run_for_each_civil_period_over_dst(
    world: RunWorld, begin: tuple[int, ...], end: tuple[int, ...], down: bool
) -> None:
    """Exactly one run per day, ISO week and month, due at 07:00 local, windows without gap or overlap.

    The same with the process down from the day before the clocks change to the day after.
    """
    now, last = rome(*begin, 12), rome(*end, 12)
    silence = range(1, 4) if down else range(0)
    first = now
    while now <= last:
        if (now - first).days not in silence:
            world.tick(now)
        now += timedelta(minutes=30)
    for frequency, length in ((DAILY, 1), (WEEKLY, 7)):
        found = sorted(of(world, frequency), key=lambda one: one.due_at)
        mornings = [one.due_at.astimezone(HOME) for one in found]
        assert {(one.hour, one.minute) for one in mornings} == {(7, 0)}
        gaps = [(b.date() - a.date()).days for a, b in pairwise(mornings)]
        assert gaps == [length] * (len(found) - 1) and len(found) > 1
        assert [due_at(frequency, one.period) for one in found] == [one.due_at for one in found]
    merged = [one.note for one in world.runs() if one.state == RunState.CANCELLED]
    assert bool(merged) == down


def test_check_30_eight_days_down_make_one_digest(world: RunWorld) -> None:
    """What was missed is told in one mail, not in eight; the missed runs say into which they were merged."""
    world.joined(DAILY)
    world.tick(rome(2026, 10, 5, 7))
    for day, shown in ((6, CHANGED), (8, SIX), (11, AGAIN)):
        world.clock.at = rome(2026, 10, day, 6)
        world.seen(shown)
    assert world.tick(rome(2026, 10, 13, 10)) == 1 and len(world.sent()) == 1
    assert world.tick(rome(2026, 10, 13, 11)) == 0
    missed = [one for one in of(world, DAILY) if one.state == RunState.CANCELLED]
    assert len(missed) == 7 and {one.note for one in missed} == {"missed; merged into 2026-10-13"}


def test_composing_again_after_a_crash_makes_what_was_missing(world: RunWorld) -> None:
    """A run whose composing broke off keeps the mails that it has, bytes and all, and makes the others."""
    for number in range(3):
        world.joined(DAILY, f"ong{number}@example.org")
    world.clock.at = rome(2026, 10, 5, 6)
    world.seen(CHANGED)
    world.caution = Caution(reader_version="reader-1", canary="canary@example.org")
    world.tick(rome(2026, 10, 5, 7))
    made = world.mails()
    with world.db.writing() as session:
        ending = made[-2].id, made[-1].id
        session.execute(sa.delete(DELIVERY).where(DELIVERY.c.id.in_(ending)))
        last = made[0].run_id
        assert last is not None
        move(session, last, [RunState.RELEASED], RunState.FROZEN, world.clock.now())
    assert world.tick() == 1
    again = world.mails()
    assert [one.message_id for one in again] == [one.message_id for one in made]
    assert [one.message for one in again[:2]] == [one.message for one in made[:2]]
    assert {one.state for one in again} == {DeliveryState.COMPOSED, DeliveryState.READY}


def test_readers_of_one_batch_are_served_each_as_they_stand(world: RunWorld) -> None:
    """One hears, one who wants nothing of it moves on, one whose last mail may be arriving waits."""
    for number in (1, 2):
        world.joined(Frequency.AT_ONCE, f"ong{number}@example.org")
    quiet = world.joined(Frequency.AT_ONCE, "altro@example.org", Filters(areas=("ASIA",)))
    world.seen(CHANGED)
    world.tick()
    with world.db.writing() as session:
        arriving = claim(session, world.clock.now(), world.clock.now() + timedelta(hours=1))
    assert arriving is not None
    world.seen(AGAIN)
    assert world.tick(world.clock.now() + timedelta(minutes=1)) == 1
    states = [(one.recipient, one.state) for one in world.mails()]
    other = "ong2@example.org" if arriving.recipient == "ong1@example.org" else "ong1@example.org"
    assert states == [
        (arriving.recipient, DeliveryState.TRANSMITTING),
        (other, DeliveryState.CANCELLED),
        (other, DeliveryState.READY),
    ]
    with world.db.reading() as session:
        assert subscription(session, quiet).cursor == 2


def test_a_double_tick_makes_nothing_twice(world: RunWorld) -> None:
    """However often a tick comes, a period has one run and a reader one mail."""
    world.joined(DAILY)
    world.clock.at = rome(2026, 10, 5, 6)
    world.seen(CHANGED)
    assert [world.tick(rome(2026, 10, 5, 7, minute)) for minute in range(5)] == [1, 0, 0, 0, 0]
    assert len(of(world, DAILY)) == 1


def test_readers_at_once_have_a_run_for_each_change(world: RunWorld) -> None:
    """A change is told at the next tick, in a run of its own; without a waiting reader there is none."""
    world.tick(rome(2026, 10, 4, 12))
    world.joined(Frequency.AT_ONCE)
    for hour, shown in ((13, CHANGED), (14, AGAIN)):
        world.clock.at = rome(2026, 10, 4, hour)
        world.seen(shown)
        assert world.tick() == 1 and world.sent() == ["ong@example.org"]
        assert world.tick(rome(2026, 10, 4, hour, 30)) == 0
    assert [one.state for one in of(world, Frequency.AT_ONCE)] == [RunState.CLOSED] * 2


def test_monthly_readers_are_told_on_the_first_day(world: RunWorld) -> None:
    """A monthly reader is told on the first morning of a month what came since the last one."""
    world.joined(MONTHLY)
    world.tick(rome(2026, 10, 2, 12))
    world.clock.at = rome(2026, 10, 20, 12)
    world.seen(CHANGED)
    assert world.tick(rome(2026, 10, 31, 12)) == 0 and world.tick(rome(2026, 11, 1, 6, 59)) == 0
    assert world.tick(rome(2026, 11, 1, 7)) == 1
    assert [one.period for one in of(world, MONTHLY)] == ["2026-10", "2026-11"]
