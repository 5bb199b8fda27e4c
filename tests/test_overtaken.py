"""Two runs of one frequency with mails left: of a frequency only one can wait, and it is the later one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from store.database import Database
from store.decisions import Signature
from store.deliveries import DeliveryState
from store.digest_runs import Run, RunState
from store.outbox import doubts, send_again, settle_accepted, settle_in_doubt
from store.restoring import mark_restored
from store.run_decisions import hold_run, release_run
from store.subscriptions import Filters, Frequency
from tests.run_world import RunWorld, projects
from tests.sending import claim
from tests.watched_history import days

TEN = projects(10)
IN_ASIA = replace(TEN[0], title="Orti urbani a Dakar", area="ASIA")
LATE = "asia@example.org"


@pytest.fixture
def world(db: Database) -> RunWorld:
    """A house in which the last mail of one run is in doubt, and those of another run are about to leave."""
    house = RunWorld(db)
    house.seen(TEN)
    house.joined(Frequency.AT_ONCE, "ong@example.org")
    house.joined(Frequency.AT_ONCE, LATE, Filters(areas=("ASIA",)))
    house.tick()
    for day, shown in ((1, TEN), (1.1, TEN[1:])):
        house.clock.at = days(day)
        house.seen((*shown, IN_ASIA))
        house.tick()
        if day == 1:
            take_all_but_one(house)
    return house


def take_all_but_one(world: RunWorld) -> None:
    """Let the server take all mails that may leave, but lose the connection over that of one reader."""
    for _ in range(2):
        with world.db.writing() as session:
            one = claim(session, world.clock.now(), world.clock.now() + timedelta(minutes=15))
            assert one is not None
            if one.recipient == LATE:
                settle_in_doubt(session, one.id, days(1), days(1.3), "lost")
            else:
                settle_accepted(session, one.id, world.clock.now(), "250 taken")


def draining(world: RunWorld) -> list[Run]:
    """Return the runs whose mails leave, oldest first."""
    return [one for one in world.runs() if one.state == RunState.DRAINING]


def state(world: RunWorld, of: Run) -> RunState:
    """Return the present state of a run."""
    return next(one.state for one in world.runs() if one.id == of.id)


@pytest.mark.parametrize("restored", [False, True], ids=["by hand", "restored"])
def test_the_later_run_waits_and_the_earlier_one_ends(world: RunWorld, restored: bool) -> None:
    """What the earlier one has left does not leave any more, and the reader's next digest tells it."""
    earlier, later = draining(world)
    with world.db.writing() as session:
        if restored:
            mark_restored(session, days(1.2), days(1))
        else:
            for one in (later, earlier):
                hold_run(session, one.id, signed())
    assert (state(world, earlier), state(world, later)) == (RunState.CANCELLED, RunState.HELD)
    with world.db.writing() as session:  # the archive says that it did not arrive
        for doubted in doubts(session):
            send_again(session, doubted, days(1.3), proven=True)
    world.tick(days(1.3))
    assert [one.recipient for one in world.mails(DeliveryState.CANCELLED)] == [LATE]
    assert world.sent() == []
    for _ in range(2):
        for held in [one for one in world.runs() if one.state is RunState.HELD]:
            with world.db.writing() as session:
                release_run(session, held.id, signed())
        world.tick()
        world.tick()
    assert sorted(world.sent()) == [LATE, "ong@example.org"]


def signed() -> Signature:
    """A decision of staff."""
    return Signature("Anna", "Guardato", days(1.2))
