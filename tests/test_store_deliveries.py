"""Deliveries: owed once, claimed in order, repeated with the same bytes, settled for good."""

from typing import Any

import pytest
import sqlalchemy as sa

from scraper.errors import NotFoundError
from store.database import Database, Session
from store.deliveries import (
    DeliveryKind,
    DeliveryState,
    deliveries,
    delivery,
    owe,
)
from store.digest_runs import begin_run
from store.evidence.log import log_entries
from store.evidence.verification import verify
from store.kinds import Refusal, SuspensionReason
from store.outbox import (
    doubt_the_lost,
    doubts,
    look_again,
    send_again,
    settle_accepted,
    settle_deferred,
    settle_in_doubt,
    settle_rejected,
    settle_reported,
)
from store.standing import suspend
from store.subscriptions import (
    Filters,
    Frequency,
    confirm,
    request_subscription,
    subscription,
    unsubscribe,
)
from store.turns import is_due
from tests.sending import claim
from tests.store_processes import python, together
from tests.store_visits import day

DIGEST, CONFIRMATION, ALERT = DeliveryKind.DIGEST, DeliveryKind.CONFIRMATION, DeliveryKind.ALERT


def subscriber(session: Session, address: str = "ong@example.org") -> int:
    """The number of an active subscription."""
    asked = request_subscription(session, address, "it", Frequency.AT_ONCE, Filters(), day(0))
    confirm(session, asked.id, day(0))
    return asked.id


def owed(
    session: Session,
    name: str,
    kind: DeliveryKind = ALERT,
    at: float = 1,
    subscription_id: int | None = None,
    cutoff: int | None = None,
    run_id: int | None = None,
) -> int | None:
    """Owe a message that carries its name in Message-ID and bytes."""
    return owe(
        session,
        kind=kind,
        recipient="ong@example.org",
        message_id=f"<{name}@coopwatch.example>",
        message=f"Subject: {name}\r\n\r\n\xff\x00".encode("latin-1"),
        at=day(at),
        subscription_id=subscription_id,
        cutoff=cutoff,
        run_id=run_id,
    )


def claimed(session: Session, now: float, lease: float = 1) -> str | None:
    """Claim the next message and return the name that it carries."""
    found = claim(session, day(now), day(now + lease))
    return found.message_id.strip("<>").split("@")[0] if found else None


def test_confirmations_come_first_then_alerts_then_digests(db: Database) -> None:
    """Whoever waits for a link does not wait behind digests; of one kind the oldest comes first."""
    with db.writing() as session:
        owed(session, "digest 1", DIGEST, at=1)
        owed(session, "alert 2", ALERT, at=2)
        owed(session, "later", CONFIRMATION, at=9)
        owed(session, "confirmation 3", CONFIRMATION, at=3)
        owed(session, "digest 1b", DIGEST, at=1)

        assert not is_due(session, day(0.5))
        assert is_due(session, day(4))
        order = [claimed(session, 4) for _ in range(5)]
        assert order == ["confirmation 3", "alert 2", "digest 1", "digest 1b", None]


def test_a_turn_reads_no_message_but_its_own(sqlite_db: Database) -> None:
    """Claiming goes through the index of unsent messages, however many were sent before."""
    with sqlite_db.writing() as session:
        owed(session, "a")
        ran: list[tuple[str, tuple[object, ...]]] = []

        def note(_connection: object, _cursor: object, text: str, values: Any, *_: object) -> None:
            ran.append((text, values))

        sa.event.listen(session, "before_cursor_execute", note)
        assert claimed(session, 2) == "a"
        sa.event.remove(session, "before_cursor_execute", note)
        steps = [
            str(step.detail)
            for text, values in ran
            for step in session.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        ]
        assert sum("ix_delivery_unsent" in step for step in steps) == 2
        assert not [step for step in steps if step.startswith(("SCAN delivery", "SCAN message"))]


def test_what_is_settled_by_a_report_is_logged_once_for_each_state(db: Database) -> None:
    """The log has one entry for every state in which a message came to rest, and agrees with its row."""
    with db.writing() as session:
        for number, name in enumerate(("a", "b"), 1):
            owed(session, name)
            assert claimed(session, 1) == name
            doubt_the_lost(session, day(2), day(3))
            settle_reported(session, number, day(4), DeliveryState.ACCEPTED, "250 relayed")
        settle_reported(session, 2, day(5), DeliveryState.DELIVERED, "250 stored")
        settle_accepted(session, 2, day(6), "250 late")
        logged = log_entries(session, "settlement", ["1", "2"])
        assert [(entry.key, entry.row["state"]) for entry in logged] == [
            *(("1", "accepted"), ("2", "accepted")),
            ("2", "delivered"),
        ]
        assert verify(session, ()).faults == ()


def test_a_lost_message_is_in_doubt_and_may_come_again_with_the_same_bytes(db: Database) -> None:
    """What nobody settled is in doubt after its lease; sent again it is bit for bit the same, and counted."""
    with db.writing() as session:
        owed(session, "a")
        first = claim(session, day(1), day(2))
        assert first is not None
        assert doubt_the_lost(session, day(1.9), day(3)) == 0
        assert claim(session, day(1.9), day(3)) is None and not is_due(session, day(1.9))

        assert doubt_the_lost(session, day(2), day(3)) == 1
        assert not is_due(session, day(9)) and doubts(session, day(2.9)) == ()
        (doubted,) = doubts(session, day(3))
        assert (doubted.state, doubted.doubted_at) == (DeliveryState.IN_DOUBT, day(2))
        send_again(session, doubted, day(3), proven=False)
        again = claim(session, day(3), day(4))
        assert again is not None and again.resends == 1
        assert (again.id, again.message, again.message_id) == (first.id, first.message, first.message_id)
        assert (first.attempts, again.attempts) == (1, 2)
        assert again.state is DeliveryState.TRANSMITTING
        assert again.message.endswith(b"\xff\x00")


def test_a_deferred_message_waits_for_its_time(db: Database) -> None:
    """A temporary refusal is tried again when the sender said, not before."""
    with db.writing() as session:
        number = owed(session, "a")
        assert number is not None
        claim(session, day(1), day(2))
        settle_deferred(session, number, day(1), day(5), "451 later")

        waiting = delivery(session, number)
        assert (waiting.state, waiting.next_at, waiting.response) == (
            DeliveryState.DEFERRED,
            day(5),
            "451 later",
        )
        assert claimed(session, 4) is None
        assert claimed(session, 5) == "a"


def test_a_rejected_message_is_over(db: Database) -> None:
    """A final refusal is never tried again, and the cursor stays."""
    with db.writing() as session:
        person = subscriber(session)
        number = owed(session, "a", DIGEST, subscription_id=person, cutoff=7)
        assert number is not None
        claim(session, day(1), day(2))
        settle_rejected(session, number, day(1), "550 no")

        over = delivery(session, number)
        assert (over.state, over.settled_at, over.response) == (DeliveryState.REJECTED, day(1), "550 no")
        assert claimed(session, 99) is None
        assert subscription(session, person).cursor == 0


def test_acceptance_advances_the_cursor_in_the_same_transaction(db: Database) -> None:
    """A digest counts as told when the server took it: both are committed, or neither."""
    with db.writing() as session:
        person = subscriber(session)
        number = owed(session, "a", DIGEST, subscription_id=person, cutoff=7)
        assert number is not None
        claim(session, day(1), day(2))
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        settle_accepted(session, number, day(1), "250 ok")
        _ = 1 / 0
    with db.writing() as session:
        assert subscription(session, person).cursor == 0
        assert delivery(session, number).state is DeliveryState.TRANSMITTING
        settle_accepted(session, number, day(2), "250 ok")

        told = subscription(session, person)
        assert (told.cursor, told.told_at) == (7, day(2))
        assert delivery(session, number).settled_at == day(2)
        settle_accepted(session, number, day(3), "250 again")
        assert delivery(session, number).response == "250 ok"


def test_a_confirmation_moves_no_cursor(db: Database) -> None:
    """Only digests tell of changes."""
    with db.writing() as session:
        person = subscriber(session)
        number = owed(session, "a", CONFIRMATION, subscription_id=person)
        assert number is not None
        claim(session, day(1), day(2))
        settle_accepted(session, number, day(1), "250 ok")

        assert subscription(session, person).told_at is None


def test_the_word_of_a_late_sender_counts(db: Database) -> None:
    """A sender that was thought lost and comes back with an acceptance is believed; with less, it is not."""
    with db.writing() as session:
        number = owed(session, "a")
        assert number is not None
        claim(session, day(1), day(2))
        doubt_the_lost(session, day(2), day(2))
        send_again(session, doubts(session, day(2))[0], day(2), proven=True)
        claim(session, day(2), day(3))
        settle_rejected(session, number, day(2), "550 the first sender", attempt=1)
        settle_in_doubt(session, number, day(2), day(3), "the first sender", attempt=1)
        settle_deferred(session, number, day(2), day(4), "451 the first sender", attempt=1)
        assert delivery(session, number).state is DeliveryState.TRANSMITTING
        settle_deferred(session, number, day(2), day(5), "451 the second sender", attempt=2)
        assert delivery(session, number).state is DeliveryState.DEFERRED

        settle_accepted(session, number, day(3), "250 the first sender")
        assert delivery(session, number).state is DeliveryState.ACCEPTED
        assert claimed(session, 99) is None


def test_a_servers_odd_words_do_not_stop_a_settlement(db: Database) -> None:
    """Whatever bytes a mail server answers with, the message it took is settled."""
    with db.writing() as session:
        number = owed(session, "a")
        assert number is not None
        claim(session, day(1), day(2))
        settle_accepted(session, number, day(1), "250 \x00 \udcff ok")

        assert delivery(session, number).response == "250 \N{REPLACEMENT CHARACTER} ? ok"


def test_a_digest_is_owed_once(db: Database) -> None:
    """Neither the same run's nor a second digest before the first is settled can be owed."""
    with db.writing() as session:
        runs = [begin_run(session, one, "x", day(1), day(1)) for one in (Frequency.DAILY, Frequency.WEEKLY)]
        person, other = subscriber(session), subscriber(session, "other@example.org")
        first = owed(session, "a", DIGEST, subscription_id=person, cutoff=7, run_id=runs[0])
        assert first is not None
        assert owed(session, "b", DIGEST, subscription_id=person, cutoff=7) is None
        assert owed(session, "c", DIGEST, subscription_id=person, cutoff=8) is None
        assert owed(session, "d", DIGEST, subscription_id=other, cutoff=7) is not None

        settle_accepted(session, first, day(1), "250 ok")
        assert owed(session, "e", DIGEST, subscription_id=person, cutoff=8, run_id=runs[0]) is None
        assert owed(session, "f", DIGEST, subscription_id=person, cutoff=8, run_id=runs[1]) is not None


def test_a_message_id_is_owed_once(db: Database) -> None:
    """An alert about one event is one message, however often the job that writes it runs."""
    with db.writing() as session:
        assert owed(session, "held 12") is not None
        assert owed(session, "held 12") is None


def test_unsubscribing_cancels_what_is_not_under_way(db: Database) -> None:
    """A message already handed to the server goes on; all others stop in the same transaction."""
    with db.writing() as session:
        person, other = subscriber(session), subscriber(session, "other@example.org")
        under_way = owed(session, "under way", CONFIRMATION, subscription_id=person)
        claim(session, day(1), day(2))
        waiting = owed(session, "waiting", DIGEST, subscription_id=person, cutoff=7)
        others = owed(session, "others", DIGEST, subscription_id=other, cutoff=7)
        unsubscribe(session, person, day(1))

        assert owed(session, "too late", DIGEST, subscription_id=person, cutoff=8) is None
        states = {entry.id: (entry.state, entry.settled_at) for entry in deliveries(session)}
        assert states == {
            under_way: (DeliveryState.TRANSMITTING, None),
            waiting: (DeliveryState.CANCELLED, day(1)),
            others: (DeliveryState.READY, None),
        }


def test_deliveries_are_listed_newest_first(db: Database) -> None:
    """A listing can be of one subscription, one state, one kind, and short."""
    with db.writing() as session:
        person = subscriber(session)
        numbers = [
            owed(session, "a", CONFIRMATION, subscription_id=person),
            owed(session, "b", DIGEST, subscription_id=person, cutoff=1),
            owed(session, "c"),
        ]
        claim(session, day(1), day(2))

        assert [entry.id for entry in deliveries(session)] == numbers[::-1]
        assert [entry.id for entry in deliveries(session, subscription_id=person)] == numbers[1::-1]
        assert [entry.id for entry in deliveries(session, kind=DIGEST)] == [numbers[1]]
        assert [entry.id for entry in deliveries(session, state=DeliveryState.TRANSMITTING)] == [numbers[0]]
        assert [entry.id for entry in deliveries(session, limit=1)] == [numbers[2]]
        with pytest.raises(NotFoundError):
            delivery(session, 99)


SENDER = """
import sys
from store.database import open_database
from store.outbox import settle_accepted
from tests.sending import claim
from tests.store_visits import day
db = open_database(sys.argv[1])
input("ready\\n")
while True:
    with db.writing() as session:
        found = claim(session, day(1), day(2))
    if found is None:
        break
    print(found.id)
    with db.writing() as session:
        settle_accepted(session, found.id, day(1), "250 ok")
"""


def test_two_senders_never_take_the_same_message(db: Database, db_url: str) -> None:
    """Every message is claimed by exactly one of two processes."""
    with db.writing() as session:
        numbers = [owed(session, f"message {number}") for number in range(60)]
    taken = " ".join(together([python(SENDER, db_url) for _ in range(2)]))

    assert sorted(map(int, taken.split())) == numbers


def test_a_digest_under_way_does_not_come_back_to_who_rests(db: Database) -> None:
    """Put off or in doubt at the suspension, it is told anew after the resumption; links still go."""
    with db.writing() as session:
        person, other, third = (subscriber(session, f"{one}@example.org") for one in ("a", "b", "c"))
        deferred = owed(session, "a", DIGEST, subscription_id=person, cutoff=7)
        doubted = owed(session, "b", DIGEST, subscription_id=other, cutoff=7)
        link = owed(session, "c", CONFIRMATION, subscription_id=third)
        assert deferred is not None and doubted is not None and link is not None
        for _ in range(3):
            claim(session, day(1), day(2))
        settle_in_doubt(session, doubted, day(1), day(2), "the connection was lost")
        for number in (person, other, third):
            suspend(session, number, day(1), SuspensionReason.READER)
        for number in (deferred, link):
            settle_deferred(session, number, day(1), day(2), "451 later")
        send_again(session, doubts(session, day(2))[0], day(2), proven=True)

        for number in (deferred, doubted):
            over = delivery(session, number)
            assert over.state is DeliveryState.CANCELLED
            assert over.response == "not sent: the subscription rests"
        assert delivery(session, link).state is DeliveryState.DEFERRED


def test_a_message_in_doubt_is_not_sent_to_who_has_left(db: Database) -> None:
    """Neither a doubt nor a passing refusal brings a message back to somebody who unsubscribed meanwhile."""
    with db.writing() as session:
        person, other = subscriber(session), subscriber(session, "other@example.org")
        doubted = owed(session, "a", DIGEST, subscription_id=person, cutoff=7)
        deferred = owed(session, "b", DIGEST, subscription_id=other, cutoff=7)
        assert doubted is not None and deferred is not None
        claim(session, day(1), day(2))
        claim(session, day(1), day(2))
        settle_in_doubt(session, doubted, day(1), day(2), "the connection was lost")
        unsubscribe(session, person, day(1))
        unsubscribe(session, other, day(1))
        settle_deferred(session, deferred, day(1), day(2), "451 later")
        send_again(session, doubts(session, day(2))[0], day(2), proven=True)

        for number in (doubted, deferred):
            over = delivery(session, number)
            assert over.state is DeliveryState.CANCELLED and over.response == "not sent: the reader has left"


def test_a_doubt_can_wait(db: Database) -> None:
    """What cannot be settled now is looked at again later, and the row says why."""
    with db.writing() as session:
        number = owed(session, "a")
        assert number is not None
        claim(session, day(1), day(2))
        settle_in_doubt(session, number, day(1), day(2), "the connection was lost")
        look_again(session, doubts(session, day(2))[0], day(3), "the archive cannot be read")

        assert doubts(session, day(2.5)) == () and len(doubts(session, day(3))) == 1
        assert delivery(session, number).response == "the archive cannot be read"


@pytest.mark.parametrize(
    ("reported", "became", "cursor"),
    [
        (DeliveryState.DELIVERED, DeliveryState.DELIVERED, 7),
        (DeliveryState.ACCEPTED, DeliveryState.ACCEPTED, 7),  # a report of delay: some server has it
        (DeliveryState.BOUNCED, DeliveryState.BOUNCED, 0),
    ],
)
def test_a_report_settles_a_doubt(
    db: Database, reported: DeliveryState, became: DeliveryState, cursor: int
) -> None:
    """Whatever a mail server reports of was taken; only what did not come back counts as told."""
    with db.writing() as session:
        person = subscriber(session)
        number = owed(session, "a", DIGEST, subscription_id=person, cutoff=7)
        assert number is not None
        unsent = settle_reported(session, number, day(1), reported, "2.0.0 here")
        assert unsent is None  # forged: nothing was sent yet
        claim(session, day(1), day(2))
        settle_in_doubt(session, number, day(1), day(2), "the connection was lost")
        before = settle_reported(session, number, day(2), reported, "2.0.0 here")

        assert before is not None and before.state is DeliveryState.IN_DOUBT
        over = delivery(session, number)
        assert (over.state, over.settled_at, over.response) == (became, day(2), "2.0.0 here")
        assert subscription(session, person).cursor == cursor
        assert doubts(session, day(9)) == () and not is_due(session, day(9))
        assert settle_reported(session, number, day(3), reported, "again") is None


def test_a_bounce_comes_after_acceptance(db: Database) -> None:
    """What was accepted and came back is bounced, with whose fault it is; the cursor stays where it is."""
    with db.writing() as session:
        number = owed(session, "a")
        assert number is not None
        claim(session, day(1), day(2))
        settle_accepted(session, number, day(1), "250 ok")
        address = Refusal.ADDRESS
        settle_reported(session, number, day(2), DeliveryState.BOUNCED, "550 5.1.1 nobody", address)
        over = delivery(session, number)
        assert (over.state, over.refusal) == (DeliveryState.BOUNCED, address)
        assert settle_reported(session, 99, day(2), DeliveryState.DELIVERED, "x") is None
