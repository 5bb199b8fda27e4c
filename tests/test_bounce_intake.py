"""Mails that came back and what follows from each, in the database: once, whatever crashes in between."""

from datetime import timedelta

import pytest

from notifier.bounces.intake import take_in
from store.database import Database
from store.deliveries import DeliveryKind, DeliveryState
from store.kinds import IncomingKind, Refusal, SuppressionReason
from store.lanes import closed_lanes
from store.subscriptions import SubscriptionState
from store.suppressions import suppressed
from tests.bounce_samples import PATHS, answer_of_absence, block, complaint, letter, report
from tests.bounce_world import READER, BounceWorld, Pile, bounce_world
from tests.incoming_mail import incoming_counts
from tests.watched_history import days


@pytest.fixture
def world(db: Database) -> BounceWorld:
    """A reader with digests."""
    return bounce_world(db, days(200))


def path(number: int) -> str:
    """Return the envelope sender of a delivery."""
    return str(PATHS.envelope_sender(number))


@pytest.mark.parametrize(
    ("status", "refusal"),
    [("5.1.1", Refusal.ADDRESS), ("4.2.2", Refusal.SOFT), ("5.7.1", Refusal.OURS), ("5.3.4", Refusal.OURS)],
)
def test_a_report_of_failure_makes_a_bounce(world: BounceWorld, status: str, refusal: Refusal) -> None:
    """The delivery is bounced, with whose fault that is; only a policy against us stops its domain."""
    number = world.sent(1)
    world.returned(number, status)

    found = world.delivery(number)
    assert (found.state, found.refusal) == (DeliveryState.BOUNCED, refusal)
    assert found.response is not None
    assert found.response.startswith(status)
    with world.db.reading() as session:
        stopped = closed_lanes(session, world.clock.now())
    assert stopped == ({"example.net"} if status == "5.7.1" else set())


def test_a_report_of_success_settles(world: BounceWorld) -> None:
    """A message under way whose delivery is reported has arrived; one whose delay is, was taken."""
    arrived, delayed = world.owed(1), None
    world.returned(arrived, "2.0.0", "delivered")
    assert world.delivery(arrived).state is DeliveryState.DELIVERED
    assert world.reader.cursor == world.start + 1

    delayed = world.owed(2)
    world.returned(delayed, "4.4.1", "delayed")
    assert world.delivery(delayed).state is DeliveryState.ACCEPTED
    assert world.reader.cursor == world.start + 2


def test_a_digest_that_came_back_was_not_told(world: BounceWorld) -> None:
    """The cursor returns to where it began, so that the next digest covers its range."""
    first = world.sent(3)
    world.clock.advance(86400)
    second = world.sent(5)
    assert world.reader.cursor == world.start + 5

    world.returned(second)
    assert world.reader.cursor == world.start + 3
    world.returned(first)
    assert world.reader.cursor == world.start


def test_what_a_later_digest_covers_is_not_told_again(world: BounceWorld) -> None:
    """Digests that come back late, one after the other, move nothing that was made since the first return."""
    first, second = world.sent(1), world.sent(2)
    world.clock.advance(86400)
    world.returned(first)
    assert world.reader.cursor == world.start
    world.clock.advance(86400)
    world.sent(4)  # tells everything from the beginning on
    world.clock.advance(86400)
    world.returned(second)

    assert world.reader.cursor == world.start + 4


def test_every_mail_counts_once(world: BounceWorld) -> None:
    """The same mail again, as after a crash, is only removed; another report adds nothing."""
    number = world.sent(1)
    mail = report(path(number), block(READER, "failed", "5.1.1"))

    assert world.taken(mail) == {IncomingKind.REPORT: 1}
    assert world.taken(mail) == {}
    assert world.taken(report(path(number), block(READER, "failed", "5.1.1", "again"))) == {
        IncomingKind.REPORT: 1
    }
    with world.db.reading() as session:
        assert incoming_counts(session, days(0)) == {IncomingKind.REPORT: 2}


def test_a_crash_between_two_mails_loses_none(world: BounceWorld) -> None:
    """A mailbox that breaks off after the first note gives the rest, and the first again, the next time."""
    numbers = [world.sent(n) for n in (1, 2, 3)]
    mails = [report(path(n), block(READER, "failed", "5.1.1")) for n in numbers]

    class Broken(Pile):
        def drop(self, name: str) -> None:
            raise OSError(name)

    with pytest.raises(OSError, match="0"):
        take_in(world.db, world.clock, Broken(*mails), PATHS)
    assert world.taken(*mails) == {IncomingKind.REPORT: 2}
    assert {world.delivery(n).state for n in numbers} == {DeliveryState.BOUNCED}


def test_forged_reports_are_counted_and_change_nothing(world: BounceWorld) -> None:
    """Neither a bounce nor a complaint nor a wish to leave without our key does anything."""
    number = world.sent(1)
    forged = path(number)[:-22] + "ab" + path(number)[-20:]
    bent = path(number).replace(f"v1.{number}.", f"v1.{number + 1}.")
    leave = str(PATHS.leave_address(world.reader_id + 1)).replace(
        f"leave1.{world.reader_id + 1}.", f"leave1.{world.reader_id}."
    )

    found = world.taken(
        report(bent, block(READER, "failed", "5.1.1")), complaint(bent), letter(leave), letter(forged)
    )
    assert found[IncomingKind.FORGED] == 3
    assert world.delivery(number).state is DeliveryState.ACCEPTED
    assert world.state() is SubscriptionState.ACTIVE


def test_a_complaint_ends_it_at_once(world: BounceWorld) -> None:
    """The subscription ends, and the address is suppressed (RFC 5965)."""
    world.taken(complaint(path(world.sent(1))))

    assert world.state() is SubscriptionState.ENDED
    with world.db.reading() as session:
        assert suppressed(session, READER) is SuppressionReason.COMPLAINT


def test_a_mail_to_the_leave_address_unsubscribes_and_no_automatic_answer_does(world: BounceWorld) -> None:
    """What nobody wrote neither ends anything nor draws an answer."""
    leave = str(PATHS.leave_address(world.reader_id))
    world.taken(answer_of_absence(leave), answer_of_absence(path(world.sent(1))))
    assert world.state() is SubscriptionState.ACTIVE

    world.taken(letter(leave))
    assert world.state() is SubscriptionState.ENDED
    assert world.notices() == ()


def test_what_is_about_nothing_any_more_is_let_go(world: BounceWorld) -> None:
    """Reports about deliveries that were erased, never sent, or ended otherwise change nothing."""
    cancelled = world.sent(1, DeliveryKind.CONFIRMATION)
    world.taken(
        report(path(cancelled + 1000), block(READER, "failed", "5.1.1")),
        complaint(path(cancelled + 1000)),
        letter(str(PATHS.leave_address(world.reader_id + 1000))),
    )
    assert world.state() is SubscriptionState.ACTIVE


def test_letters_to_people_stay_for_people(world: BounceWorld) -> None:
    """A person's answer to a digest is put aside, not thrown away."""
    assert world.taken(letter(path(world.sent(1)), "Una domanda")) == {IncomingKind.OTHER: 1}
    with world.db.reading() as session:
        assert incoming_counts(session, world.clock.now() + timedelta(days=1)) == {}
