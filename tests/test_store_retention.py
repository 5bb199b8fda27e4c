"""What is personal goes when it was kept long enough, and verification knows of it."""

from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

from store.database import Database, Session
from store.deliveries import DeliveryKind, deliveries, owe
from store.evidence.verification import verify
from store.kinds import IncomingKind, SuppressionReason
from store.outbox import settle_accepted
from store.retention import Expired, expire
from store.returns import note_incoming
from store.subscriptions import (
    Filters,
    Frequency,
    TokenPurpose,
    confirm,
    mint,
    request_subscription,
    subscriptions,
    unsubscribe,
)
from store.suppressions import suppressed
from store.tables import Row
from tests.sending import claim
from tests.store_visits import day

BODIES = timedelta(days=30)


def ask(session: Session, address: str, number: float, frequency: Frequency = Frequency.DAILY) -> int:
    """A wish of that day, with the mail that asks to confirm it."""
    asked = request_subscription(session, address, "it", frequency, Filters(), day(number))
    mail(session, address, number, asked.id, DeliveryKind.CONFIRMATION)
    return asked.id


def mail(
    session: Session, address: str, number: float, owner: int, kind: DeliveryKind = DeliveryKind.DIGEST
) -> None:
    """A mail of that day, accepted at once."""
    owe(
        session,
        kind=kind,
        recipient=address,
        message_id=f"<{kind}.{owner}.{number}>",
        message=f"To: {address}\r\n\r\nGambia {number}".encode(),
        at=day(number),
        subscription_id=owner,
        cutoff=int(number) if kind is DeliveryKind.DIGEST else None,
    )
    taken = claim(session, day(number), day(number + 1))
    assert taken is not None
    settle_accepted(session, taken.id, day(number), "250 ok")


def sound(db: Database) -> bool:
    """Say whether everything that is kept is as the log says."""
    with db.reading() as session:
        faults = verify(session, ()).faults
    return [fault for fault in faults if "sealed" not in fault.problem] == []


def traces(session: Session, text: str) -> list[str]:
    """Return the tables in which a text stands."""
    return [
        table.name
        for table in Row.metadata.sorted_tables
        if text in repr([tuple(row) for row in session.execute(sa.select(table))])
    ]


def test_check_18_what_nobody_confirmed_goes_after_seven_days(db: Database) -> None:
    """The wish and its mail vanish whole; a known reader's other wish leaves the reader as it was."""
    with db.writing() as session:
        ask(session, "nobody@example.org", 1)
        known = ask(session, "reader@example.org", 1)
        confirm(session, known, day(1))
        ask(session, "Reader@example.org", 2, Frequency.MONTHLY)
    with db.writing() as session:
        assert expire(session, day(7.9), BODIES).sign_ups == 0
        assert expire(session, day(9), BODIES).sign_ups == 2
        assert traces(session, "nobody@") == []
        assert [one.id for one in subscriptions(session)] == [known]
        assert suppressed(session, "nobody@example.org") is None
        assert expire(session, day(9), BODIES) == Expired()
    assert sound(db)


def test_bodies_go_after_their_days_and_their_digests_stay(db: Database) -> None:
    """A settled mail loses its words; who was told what and when remains."""
    with db.writing() as session:
        reader = ask(session, "reader@example.org", 1)
        confirm(session, reader, day(1))
        mail(session, "reader@example.org", 2, reader)
        mail(session, "reader@example.org", 20, reader)
        body = deliveries(session, kind=DeliveryKind.DIGEST)[1].message
    with db.writing() as session:
        assert expire(session, day(33), BODIES).bodies == 2
        newer, older = deliveries(session, kind=DeliveryKind.DIGEST)
        assert sha256(newer.message).hexdigest() == newer.message_sha256
        assert (older.message, older.message_sha256) == (b"", sha256(body).hexdigest())
        assert (older.recipient, older.cutoff, older.state) == ("reader@example.org", 2, "accepted")
        assert expire(session, day(33), BODIES) == Expired()
    assert sound(db)


def test_the_address_goes_four_weeks_after_the_end(db: Database) -> None:
    """Nothing of it stays but a keyed hash, so that staff do not put who left on a list again."""
    with db.writing() as session:
        left = ask(session, "left@example.org", 1)
        confirm(session, left, day(1))
        mail(session, "left@example.org", 3, left)
        back = ask(session, "back@example.org", 1)
        confirm(session, back, day(1))
        for one in (left, back):
            unsubscribe(session, one, day(4))
        again = ask(session, "back@example.org", 5)
        confirm(session, again, day(5))
    with db.writing() as session:
        assert expire(session, day(31.9), BODIES).addresses == 0
        assert expire(session, day(32), BODIES).addresses == 1
        assert traces(session, "left@") == []
        assert suppressed(session, "left@example.org") is SuppressionReason.LEFT
        assert [one.id for one in subscriptions(session)] == [again]
        assert suppressed(session, "back@example.org") is None
    assert sound(db)


@pytest.mark.parametrize("days", [0.9, 1])
def test_links_that_work_no_more_go(db: Database, days: float) -> None:
    """A link's trace goes when it expires; the one to leave stays as long as its subscription."""
    with db.writing() as session:
        reader = request_subscription(session, "a@example.org", "it", Frequency.DAILY, Filters(), day(0))
        confirm(session, reader.id, day(0))
        mint(session, reader.id, TokenPurpose.PREFERENCES, day(0), expires=day(1))
        mint(session, reader.id, TokenPurpose.UNSUBSCRIBE, day(0))
        assert expire(session, day(days), BODIES).links == int(days)


def test_what_came_back_is_known_for_four_hundred_days(db: Database) -> None:
    """Until then the same mail acts once; afterwards nothing of it is kept."""
    with db.writing() as session:
        assert note_incoming(session, "a" * 64, IncomingKind.REPORT, day(0))
        expire(session, day(399.9), BODIES)
        assert not note_incoming(session, "a" * 64, IncomingKind.REPORT, day(399.9))
        expire(session, day(400), BODIES)
        assert traces(session, "a" * 64) == []
