"""Two who write about one mail at the same moment: neither waits for ever, and they come out in order."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from store.database import Database, Session, open_database
from store.deliveries import DeliveryKind, owe
from store.erasure import erase
from store.kinds import DeliveryState, Frequency, Refusal
from store.outbox import settle_accepted, settle_rejected, settle_reported
from store.returns import settle_bounced
from store.subscriptions import Filters, confirm, request_subscription, subscription
from tests.outbox_world import raw, states
from tests.sending import claim
from tests.watched_history import days

NOW = days(200)
READER = "ong1@example.org"
MAIL = READER_NUMBER = 1
"""Both are the first of their table."""

Work = Callable[[Session], object]
PATIENCE = 20


@pytest.fixture
def db(postgres_database: Callable[[], str]) -> Iterator[Database]:
    """A database in which two can write at once."""
    opened = open_database(postgres_database())
    yield opened
    opened.close()


def under_way(db: Database, kind: DeliveryKind, cutoff: int | None) -> None:
    """Have one mail to a reader on its way."""
    with db.writing() as session:
        confirm(
            session,
            request_subscription(session, READER, "it", Frequency.DAILY, Filters(), NOW).id,
            NOW,
        )
    with db.writing() as session:
        owe(
            session,
            kind=kind,
            recipient=READER,
            message_id="<m1@example.org>",
            message=raw(1),
            at=NOW,
            subscription_id=READER_NUMBER,
            cutoff=cutoff,
        )
    with db.writing() as session:
        assert claim(session, NOW, NOW + timedelta(minutes=15)) is not None


@contextmanager
def pausing(before: str, reached: threading.Event, go: threading.Event) -> Iterator[None]:
    """Let this thread's transaction pause before its first statement that contains a text."""
    me = threading.get_ident()

    def wait(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if threading.get_ident() == me and before in statement and not reached.is_set():
            reached.set()
            go.wait(PATIENCE)

    sa.event.listen(sa.Engine, "before_cursor_execute", wait)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", wait)


def race(db: Database, first: Work, before: str, second: Work) -> None:
    """Run one work until it is about to say something, then the other as far as it gets, then both on."""
    reached, go, faults = threading.Event(), threading.Event(), list[BaseException]()

    def run(work: Work) -> None:
        try:
            with db.writing() as session:
                work(session)
        except BaseException as error:
            faults.append(error)

    def paused() -> None:
        with pausing(before, reached, go):
            run(first)

    one, other = threading.Thread(target=paused), threading.Thread(target=run, args=(second,))
    one.start()
    assert reached.wait(PATIENCE)
    other.start()
    other.join(0.5)
    go.set()
    one.join(PATIENCE)
    other.join(PATIENCE)
    assert faults == []


def accept(session: Session) -> None:
    """Write down that the server took the mail."""
    settle_accepted(session, MAIL, NOW, "250 taken")


def bounce(session: Session) -> None:
    """Write down that the mail came back."""
    settle_bounced(session, MAIL, NOW, Refusal.ADDRESS, "5.1.1 nobody")


def report(session: Session) -> None:
    """Write down that a server reports the delivery."""
    settle_reported(session, MAIL, NOW, DeliveryState.DELIVERED, "2.0.0 stored")


@pytest.mark.parametrize(
    ("back", "before", "state", "cursor"),
    [(bounce, "SELECT max(ledger", "bounced", 0), (report, "UPDATE subscription", "delivered", 5)],
)
def test_what_comes_back_in_the_midst_of_an_acceptance_stands(
    db: Database, back: Work, before: str, state: str, cursor: int
) -> None:
    """Whichever is written first: what bounced is told again, what was delivered is not."""
    under_way(db, DeliveryKind.DIGEST, 5)
    race(db, back, before, accept)
    assert states(db) == [state]
    with db.reading() as session:
        assert subscription(session, READER_NUMBER).cursor == cursor


@pytest.mark.parametrize("refused", [False, True])
def test_an_erasure_and_the_end_of_a_turn_do_not_wait_for_each_other(db: Database, refused: bool) -> None:
    """A reader may be erased at the moment in which the server answers, whatever it says."""
    under_way(db, DeliveryKind.NOTICE, None)

    def forget(session: Session) -> None:
        erase(session, READER, NOW, "asked for", None)

    def reject(session: Session) -> None:
        settle_rejected(session, MAIL, NOW, "550 5.1.1 nobody")

    race(db, forget, "DELETE FROM delivery", reject if refused else accept)
    assert states(db) == []
