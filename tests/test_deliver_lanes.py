"""Each domain at its own speed: who asks for less slows only itself; whoever waits for a link goes first."""

import os
import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest

from notifier.deliver import Sent, send
from notifier.mail import SmtpPost
from notifier.queue import PORTION
from notifier.terms import Terms
from schedules.present import Present
from store.database import Database
from store.deliveries import DeliveryKind
from store.lanes import lanes, resume
from store.subscriptions import subscription, unsubscribe
from tests.clocks import FakeClock
from tests.faulty_server import Faults, failing
from tests.mailboxes import Mailbox, serving
from tests.outbox_world import owe_to, states
from tests.sending import claim
from tests.test_deliver_send import owe_digest, signed_up
from tests.watched_history import days

NOW = days(200)
DRAINING = 5_000 if os.environ.get("COOPWATCH_SOAK") else 300


@pytest.mark.parametrize("answer", ["421 4.7.0 too many", "451 4.7.1 greylisted"])
def test_check_38_a_domain_that_asks_for_less_slows_only_itself(sqlite_db: Database, answer: str) -> None:
    """421 and 4.7.x close the recipient's domain for a while; others go on, and it comes back by steps."""
    owe_to(sqlite_db, 0, 1, 2, 3, at=NOW, domain="slow.example")
    owe_to(sqlite_db, 4, 5, 6, 7, at=NOW, domain="quick.example")
    clock, faults = FakeClock(NOW), Faults()
    faults.cues["RCPT"].append(answer)
    with failing(faults) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        assert send(sqlite_db, clock, post) == Sent(accepted=4, deferred=1)
        assert states(sqlite_db) == ["deferred", *["ready"] * 3, *["accepted"] * 4]
        with sqlite_db.reading() as session:
            (slow,) = lanes(session)
        assert (slow.domain, slow.slowdowns) == ("slow.example", 1)
        assert slow.open_at == NOW + timedelta(minutes=1)
        clock.advance(59)
        assert send(sqlite_db, clock, post) == Sent()
        clock.advance(1)
        assert send(sqlite_db, clock, post) == Sent(accepted=1)  # then it keeps a distance
        clock.advance(2)
        assert send(sqlite_db, clock, post) == Sent(accepted=2)
        clock.advance(360)
        assert send(sqlite_db, clock, post) == Sent(accepted=1)


def test_each_time_a_domain_is_left_in_peace_for_longer(sqlite_db: Database) -> None:
    """A server that goes on asking for less is asked less and less often."""
    owe_to(sqlite_db, *range(5), at=NOW)
    clock, faults = FakeClock(NOW), Faults()
    faults.cues["RCPT"].extend(["421 4.7.0 too many"] * 3)
    with failing(faults) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        for minutes in (1, 2, 4):
            assert send(sqlite_db, clock, post).deferred == 1
            with sqlite_db.reading() as session:
                (slow,) = lanes(session)
            assert slow.open_at - clock.now() == timedelta(minutes=minutes)
            clock.at = slow.open_at


def test_a_stopped_domain_waits_for_staff(sqlite_db: Database) -> None:
    """What is our fault stops the domain, and nothing is lost; resumed, all of it is sent."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    clock, faults = FakeClock(NOW), Faults()
    faults.cues["RCPT"].append("550 5.7.26 unauthenticated")
    with failing(faults) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        assert send(sqlite_db, clock, post) == Sent(deferred=1)
        clock.advance(24 * 3600)
        assert send(sqlite_db, clock, post) == Sent()
        with sqlite_db.writing() as session:
            assert resume(session, "example.org", clock.now())
            assert not resume(session, "example.org", clock.now())
        assert send(sqlite_db, clock, post) == Sent(accepted=2)


def test_messages_to_one_domain_keep_their_distance(sqlite_db: Database) -> None:
    """The gap is kept for each domain, and another domain's mail fills it."""
    owe_to(sqlite_db, 1, 2, 3, at=NOW, domain="a.example")
    owe_to(sqlite_db, 4, at=NOW, domain="b.example")
    clock, mailbox = FakeClock(NOW), Mailbox()
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        assert send(sqlite_db, clock, post, Terms(gap=timedelta(seconds=2))) == Sent(accepted=4)
    assert [recipient for recipient, _ in mailbox.messages] == [
        *("ong1@a.example", "ong4@b.example"),
        *("ong2@a.example", "ong3@a.example"),
    ]
    assert clock.slept == [2, 2]


def test_all_mail_together_keeps_a_cap(sqlite_db: Database) -> None:
    """So many messages a minute, whoever sends them; the next run waits for its place too."""
    owe_to(sqlite_db, *range(5), at=NOW)
    clock, mailbox, terms = FakeClock(NOW), Mailbox(), Terms(per_minute=30)
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        assert send(sqlite_db, clock, post, terms) == Sent(accepted=5)
        assert clock.slept == [2, 2, 2, 2]
        owe_to(sqlite_db, 9, at=clock.now())
        send(sqlite_db, clock, post, terms)
    assert sum(clock.slept) >= 10


@pytest.mark.soak
def test_check_38_a_confirmation_does_not_wait_behind_a_run(sqlite_db: Database) -> None:
    """Whenever somebody signs up while a run drains, at most one portion leaves before the confirmation."""
    owe_to(sqlite_db, *range(DRAINING), at=NOW)
    mailbox, moments = Mailbox(), [20, DRAINING // 2, DRAINING - 5]
    signed_up_at: dict[str, int] = {}

    def sign_up(moment: str) -> None:
        if moment == "dot" and len(mailbox.messages) in moments:
            number = DRAINING + moments.pop(0)
            signed_up_at[f"ong{number}@example.org"] = len(mailbox.messages)
            owe_to(sqlite_db, number, at=NOW, kind=DeliveryKind.CONFIRMATION)

    mailbox.watch = sign_up
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        assert send(sqlite_db, Present(), post) == Sent(accepted=DRAINING + 3)
    order = [recipient for recipient, _ in mailbox.messages]
    waited = [order.index(recipient) - since for recipient, since in signed_up_at.items()]
    assert len(waited) == 3
    assert max(waited) <= PORTION


def test_of_two_senders_that_reach_for_the_same_message_one_sends_it(sqlite_db: Database) -> None:
    """Who comes second leaves it alone, and goes on with what is left."""
    owe_to(sqlite_db, *range(9), at=NOW)
    mailbox, seen = Mailbox(), Counter[str]()

    def take_away(moment: str) -> None:
        seen[moment] += 1
        if moment == "rcpt" and seen["rcpt"] == 2:  # the third message was looked up, and is next
            with sqlite_db.writing() as session:
                assert claim(session, NOW, NOW + timedelta(minutes=15)) is not None

    mailbox.watch = take_away
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        assert send(sqlite_db, FakeClock(NOW), post) == Sent(accepted=8)
    assert states(sqlite_db) == ["accepted", "accepted", "transmitting", *["accepted"] * 6]
    assert {recipient for recipient, _ in mailbox.messages} == {
        f"ong{number}@example.org" for number in range(9) if number != 2
    }
    assert len(mailbox.messages) == 8


def test_whatever_ends_a_run_what_was_taken_is_written_down(sqlite_db: Database) -> None:
    """An acceptance waits for the next turn to be written down with, and is not lost where none comes."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    clock, mailbox = Stopping(NOW), Mailbox()
    mailbox.watch = clock.hear
    with (
        serving(mailbox) as port,
        SmtpPost("127.0.0.1", port, timeout=5) as post,
        pytest.raises(KeyboardInterrupt),
    ):
        send(sqlite_db, clock, post)
    assert states(sqlite_db) == ["accepted", "ready"]


class Stopping(FakeClock):
    """A clock at which an operator stops the sender, as it looks for the next mail after the first."""

    looks_left: int | None = None

    def hear(self, moment: str) -> None:
        """Let one look pass after the dot: that by which the answer is dated."""
        if moment == "dot":
            self.looks_left = 1

    def now(self) -> datetime:
        """Return the instant, or stop."""
        if self.looks_left is not None:
            self.looks_left -= 1
            if self.looks_left < 0:
                self.looks_left = None
                raise KeyboardInterrupt
        return super().now()


def test_what_was_put_off_leaves_as_soon_as_its_domain_is_resumed(sqlite_db: Database) -> None:
    """Staff who mended what the server objected to need not wait for the next try."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    clock, faults = FakeClock(NOW), Faults()
    faults.cues["RCPT"].append("550 5.7.1 not from you")
    with failing(faults) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        assert send(sqlite_db, clock, post) == Sent(deferred=1)
        with sqlite_db.writing() as session:
            assert resume(session, "example.org", clock.now())
        assert send(sqlite_db, clock, post) == Sent(accepted=2)


def test_a_service_that_stops_ends_with_the_mail_under_way(sqlite_db: Database) -> None:
    """The rest waits for the next start: nobody is kept waiting by a long run, and nothing is in doubt."""
    owe_to(sqlite_db, *range(5), at=NOW)
    mailbox, stopping = Mailbox(), threading.Event()
    mailbox.watch = lambda moment: stopping.set() if moment == "rcpt" and len(mailbox.messages) == 2 else None
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        assert send(sqlite_db, FakeClock(NOW), post, Terms(stopping=stopping.is_set)) == Sent(accepted=3)
    assert states(sqlite_db) == ["accepted"] * 3 + ["ready"] * 2


def test_check_39_unsubscribing_while_a_run_drains(sqlite_db: Database) -> None:
    """Of who leaves during a run nothing goes out any more, but the message already under way."""
    readers = [signed_up(sqlite_db, f"ong{number}@example.org") for number in range(12)]
    with sqlite_db.writing() as session:
        for number, reader in enumerate(readers):
            owe_digest(session, reader, cutoff=1, number=number)
    mailbox, seen = Mailbox(), Counter[str]()

    def leave(moment: str) -> None:
        seen[moment] += 1
        if moment == "data" and seen["data"] == 3:  # the third message is under way
            with sqlite_db.writing() as session:
                for number in readers[2:8]:
                    unsubscribe(session, number, NOW)

    mailbox.watch = leave
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        assert send(sqlite_db, FakeClock(NOW), post) == Sent(accepted=7)
    assert states(sqlite_db) == [*["accepted"] * 3, *["cancelled"] * 5, *["accepted"] * 4]
    with sqlite_db.reading() as session:
        assert subscription(session, readers[2]).state == "ended"
