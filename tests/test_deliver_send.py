"""Whether it arrived: every answer of a mail server and every death of the sender leave the right state."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing import get_context

import pytest

from notifier.deliver import Sent, send
from notifier.mail import SmtpPost
from notifier.terms import Terms
from scraper.errors import MailError
from store.database import Database, Session
from store.deliveries import DeliveryKind, DeliveryState, owe
from store.kinds import Refusal
from store.ledger import head
from store.subscriptions import Filters, Frequency, confirm, request_subscription, subscription, unsubscribe
from tests.clocks import FakeClock
from tests.mailboxes import Mailbox, free_port, serving
from tests.outbox_world import owe_to, raw, rows, states
from tests.sending import claim
from tests.watched_history import days, watched_2018

NOW = days(200)
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.sending"])


@pytest.fixture
def clock() -> FakeClock:
    """A clock after the history."""
    return FakeClock(NOW)


@pytest.fixture
def mailbox() -> Mailbox:
    """An empty mailbox."""
    return Mailbox()


@pytest.fixture
def post(mailbox: Mailbox) -> Iterator[SmtpPost]:
    """The way to that mailbox."""
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        yield post


def test_what_is_owed_is_sent_once(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost
) -> None:
    """Every message leaves with its exact bytes, over one connection, and never again."""
    owe_to(sqlite_db, 1, 2, 3, at=NOW)
    assert send(sqlite_db, clock, post) == Sent(accepted=3)
    assert send(sqlite_db, clock, post) == Sent()
    assert mailbox.messages == [(f"ong{i}@example.org", raw(i)) for i in (1, 2, 3)]
    assert mailbox.connections == 1 and mailbox.senders == ["avvisi@example.org"] * 3
    assert {(one.state, one.response, one.attempts) for one in rows(sqlite_db)} == {
        ("accepted", "250 taken", 1)
    }


def test_confirmations_go_first(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost
) -> None:
    """Somebody waits for a confirmation; digests can wait behind it."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    owe_to(sqlite_db, 3, at=NOW, kind=DeliveryKind.CONFIRMATION)
    send(sqlite_db, clock, post)
    assert mailbox.messages[0][0] == "ong3@example.org"


@pytest.mark.parametrize("script", ["mail", "rcpt", "after_data"])
def test_a_passing_refusal_is_tried_again(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost, script: str
) -> None:
    """4xx puts the message off by five minutes or a little more; the others are not held up."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    getattr(mailbox, script).append("451 4.3.0 try later")
    assert send(sqlite_db, clock, post) == Sent(accepted=1, deferred=1)
    late = rows(sqlite_db)[0]
    assert late.state == DeliveryState.DEFERRED and late.response == "451 4.3.0 try later"
    assert timedelta(minutes=5) <= late.next_at - NOW <= timedelta(minutes=6)
    clock.at = late.next_at - timedelta(seconds=1)
    assert send(sqlite_db, clock, post) == Sent()
    clock.advance(1)
    assert send(sqlite_db, clock, post) == Sent(accepted=1)
    assert mailbox.messages[-1] == ("ong1@example.org", raw(1))


@pytest.mark.parametrize("script", ["rcpt", "after_data"])
def test_a_final_refusal_is_final(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost, script: str
) -> None:
    """An address that reaches nobody settles the message, with the server's own words."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    getattr(mailbox, script).append("550 5.1.1 nobody here")
    assert send(sqlite_db, clock, post) == Sent(accepted=1, rejected=1)
    assert [(one.state, one.response, one.refusal) for one in rows(sqlite_db)] == [
        ("rejected", "550 5.1.1 nobody here", "address"),
        ("accepted", "250 taken", None),
    ]


def test_a_lost_connection_repeats_the_same_bytes(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost
) -> None:
    """A server that hangs up before it has the message is tried again."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    mailbox.rcpt.append("drop")
    assert send(sqlite_db, clock, post) == Sent(accepted=1, deferred=1)
    clock.advance(360)
    assert send(sqlite_db, clock, post) == Sent(accepted=1)
    assert Counter(mailbox.messages) == {("ong1@example.org", raw(1)): 1, ("ong2@example.org", raw(2)): 1}


def test_a_message_that_nobody_takes_for_three_days_is_given_up(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost
) -> None:
    """Trying ends, the row says why, and it counts as a passing fault of the mailbox."""
    owe_to(sqlite_db, 1, at=NOW)
    mailbox.rcpt.extend(["451 4.3.0 later"] * 50)
    for _ in range(200):
        send(sqlite_db, clock, post)
        clock.advance(1800)
    (one,) = rows(sqlite_db)
    assert one.state == DeliveryState.REJECTED and one.response is not None
    assert one.response == "given up: 451 4.3.0 later" and one.refusal == Refusal.SOFT


def test_a_server_that_is_down_leaves_everything_waiting(sqlite_db: Database, clock: FakeClock) -> None:
    """Nobody there: one clear error, and every row is as it was."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    with pytest.raises(MailError, match="cannot be used"):
        send(sqlite_db, clock, SmtpPost("127.0.0.1", free_port(), timeout=5))
    assert [(one.state, one.attempts) for one in rows(sqlite_db)] == [("ready", 0)] * 2


def test_nobody_is_called_when_nothing_is_owed(sqlite_db: Database, clock: FakeClock) -> None:
    """A mail server that is down is no trouble while there is nothing to send."""
    assert send(sqlite_db, clock, SmtpPost("127.0.0.1", free_port(), timeout=5)) == Sent()


def test_a_server_that_dies_on_the_way_loses_nothing(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox
) -> None:
    """The message it died with is put off, the rest still waits, and later runs send all."""
    owe_to(sqlite_db, 1, 2, 3, at=NOW)
    with serving(mailbox) as port:
        post = SmtpPost("127.0.0.1", port, timeout=5)
        mailbox.rcpt.append("421 4.3.2 going down")
        post.open()
    with pytest.raises(MailError):
        send(sqlite_db, clock, post)
    assert set(states(sqlite_db)) <= {DeliveryState.READY, DeliveryState.DEFERRED}
    mailbox.rcpt.clear()
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        clock.advance(360)
        assert send(sqlite_db, clock, post) == Sent(accepted=3)


def signed_up(db: Database, address: str = "ong1@example.org") -> int:
    """Sign somebody up after the history and return the number."""
    with db.writing() as session:
        reader = request_subscription(session, address, "it", Frequency.AT_ONCE, Filters(), NOW)
        confirm(session, reader.id, NOW)
        return reader.id


def owe_digest(session: Session, reader: int, cutoff: int, number: int = 1) -> None:
    """Owe a subscriber a message that tells all up to `cutoff`."""
    owe(
        session,
        kind=DeliveryKind.DIGEST,
        recipient=f"ong{number}@example.org",
        message_id=f"<m{number}@example.org>",
        message=raw(number),
        at=NOW,
        subscription_id=reader,
        cutoff=cutoff,
    )


def test_acceptance_moves_the_cursor(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost
) -> None:
    """Only what a server took counts as told."""
    watched_2018(sqlite_db)
    number = signed_up(sqlite_db)
    with sqlite_db.writing() as session:
        cutoff = head(session) + 5
        owe_digest(session, number, cutoff)
    mailbox.rcpt.append("451 later")
    send(sqlite_db, clock, post)
    with sqlite_db.reading() as session:
        assert subscription(session, number).cursor == cutoff - 5
    clock.advance(360)
    send(sqlite_db, clock, post)
    with sqlite_db.reading() as session:
        assert subscription(session, number).cursor == cutoff


def test_who_left_meanwhile_gets_no_second_try(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost
) -> None:
    """A message under way when its reader left is not repeated after its sender is lost."""
    lease, grace = Terms().lease, Terms().grace
    number = signed_up(sqlite_db)
    with sqlite_db.writing() as session:
        owe_digest(session, number, cutoff=1)
        assert claim(session, NOW, NOW + lease) is not None
    with sqlite_db.writing() as session:
        unsubscribe(session, number, NOW)
    for clock.at in (NOW + lease, NOW + lease + grace):
        assert send(sqlite_db, clock, post) == Sent() and mailbox.messages == []
    assert states(sqlite_db) == [DeliveryState.CANCELLED]
