"""Retention drops bodies and nothing else: what is kept comes back bit for bit, and verification knows."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from scraper.errors import BodyDroppedError
from scraper.records import Decision, Project
from store import history
from store.bodies import chain_length
from store.database import Database, Session
from store.dropping import Retirement, drop_bodies, retirement
from store.evidence.attest import attest_visit
from store.evidence.log_tables import LOG_ENTRY
from store.evidence.seals import seal
from store.evidence.verification import verify
from store.tables import BODY, CAPTURE, CHAIN
from tests.evidence_world import SIGNER, VERIFIERS
from tests.store_processes import finished, killed_at_its_word, python
from tests.store_visits import day, enrolled, record_visit

WHY = "the ministry's schedule of 2026"
DAYS = 130


def content(number: int) -> bytes:
    """The page of that day: long, and a little different every day."""
    return f"<p>Progetto Gambia {number % 100}</p>".encode() + b"<p>formazione</p>" * 200


def fill(db: Database, days: int = DAYS) -> int:
    """Record and log a visit a day and return the page; every hundred days the page says the same again."""
    with db.writing() as session:
        page = enrolled(session)
    with db.writing() as session:
        for number in range(days):
            add(session, page, number)
        seal(session, SIGNER, day(days))
    return page


def add(session: Session, page: int, number: int, decision: Decision = Decision.ACCEPTED) -> int:
    """Record and log the visit of that day."""
    projects = {1: Project(title=f"Gambia {number}")}
    capture = record_visit(session, page, day(number), projects, body=content(number), decision=decision)
    attest_visit(session, capture)
    return capture


def kept(session: Session) -> Mapping[int, bool]:
    """Whether the body of each day's capture is still there."""
    return {entry.id: entry.kept for entry in history.captures(session, 1)[::-1]}


def drop(db: Database, before: float) -> Retirement:
    """Drop the bodies of before that day."""
    with db.writing() as session:
        return drop_bodies(session, day(before), None, day(DAYS + 1), WHY)


def test_old_bodies_go_and_all_others_come_back(db: Database) -> None:
    """Those that only old visits brought are gone; each other is whole, through at most 50 unpackings."""
    fill(db)
    gone = drop(db, 75)

    with db.reading() as session:
        # The page of the first 30 days was there again in the last 30.
        assert [number for number, there in kept(session).items() if not there] == list(range(31, 76))
        assert (len(gone.names), gone.captures) == (45, 45)
        for number in (*range(1, 31), *range(76, DAYS + 1)):
            assert history.body(session, number) == content(number - 1)
        names = session.execute(sa.select(BODY.c.sha256)).scalars().all()
        assert max(chain_length(session, name) for name in names) <= CHAIN
        with pytest.raises(BodyDroppedError, match="no longer kept"):
            history.body(session, 40)
        assert history.snapshot(session, 40) is not None


def test_verification_stays_green_and_names_what_was_removed(db: Database) -> None:
    """The log expects the gap, with its reason, also under a new checkpoint."""
    fill(db)
    gone = drop(db, 75)
    with db.writing() as session:
        seal(session, SIGNER, day(DAYS + 2))

    with db.reading() as session:
        found = verify(session, VERIFIERS)
        told = session.execute(sa.select(LOG_ENTRY.c.entry).where(LOG_ENTRY.c.kind == "removal")).scalars()
        assert [WHY in entry for entry in told] == [True]
    assert found.faults == ()
    assert found.removed == len(gone.names) == 45


def test_a_body_that_vanishes_otherwise_is_a_fault(db: Database) -> None:
    """Taking a content without the log's knowing, or one more than it says, is named."""
    fill(db, 20)
    drop(db, 5)
    with db.writing() as session:
        victim = session.execute(sa.select(CAPTURE.c.body_sha256).where(CAPTURE.c.id == 15)).scalar_one()
        guarded = session.dialect.name == "sqlite"
        lift = "DROP TRIGGER body_no_update" if guarded else "ALTER TABLE body DISABLE TRIGGER body_no_update"
        session.execute(sa.text(lift))
        emptied = {"packed": b"", "base": None, "depth": 0}
        session.execute(sa.update(BODY).where(BODY.c.sha256 == victim).values(emptied))

    with db.reading() as session:
        faults = verify(session, VERIFIERS).faults
    assert faults
    assert any(fault.subject == "capture 15" for fault in faults)


def test_looking_first_changes_nothing_and_says_the_same(db: Database) -> None:
    """The dry run names the very bodies that are then dropped."""
    fill(db, 40)
    with db.reading() as session:
        seen = retirement(session, day(20))
        assert all(kept(session).values())

    assert drop(db, 20) == seen
    assert seen.freed > 0


def test_the_accepted_state_and_what_waits_are_never_dropped(db: Database) -> None:
    """However old, the body that the next visit is compared with stays; other pages' bodies too."""
    page = fill(db, 5)
    with db.writing() as session:
        for number in (5, 6):
            add(session, page, number, Decision.HELD)
    gone = drop(db, 1000)

    with db.reading() as session:
        assert [number for number, there in kept(session).items() if there] == [5]
        baseline = history.baseline(session, page)
    assert len(gone.names) == 6
    assert baseline is not None
    assert baseline.body == content(4)


def test_only_the_chosen_page_loses_bodies(db: Database) -> None:
    """A body that another page brought too is not that page's alone."""
    fill(db, 5)
    with db.writing() as session:
        record = record_visit(session, 2, day(0), {}, body=content(1))
        attest_visit(session, record)
    with db.reading() as session:
        assert retirement(session, day(1000), [2]).names == ()
        assert len(retirement(session, day(1000), [1]).names) == 3


def test_a_page_that_says_the_same_again_has_its_body_back(db: Database) -> None:
    """A dropped body that a new visit brings is filled in, and nothing else of it can be changed."""
    page = fill(db, 20)
    drop(db, 10)
    with db.writing() as session:
        add(session, page, 103)

    with db.reading() as session:
        assert history.body(session, 4) == content(3)
        assert verify(session, VERIFIERS).faults == ()
    with pytest.raises(sa.exc.DBAPIError, match="append-only: body"), db.writing() as session:
        session.execute(sa.update(BODY).values(packed=b"x"))


def test_a_visit_after_a_dropped_one_is_packed_by_itself(db: Database) -> None:
    """Where the page's previous body is gone the new one rests on nothing."""
    page = fill(db, 3)
    with db.writing() as session:
        add(session, page, 3, Decision.HELD)
    drop(db, 1000)
    with db.writing() as session:
        number = add(session, page, 50)

    with db.reading() as session:
        assert history.body(session, number) == content(50)
        assert verify(session, VERIFIERS).faults == ()


def test_history_is_append_only_again_afterwards(db: Database) -> None:
    """The trigger that retention lifts is there before and after, and where it fails."""
    fill(db, 20)
    drop(db, 10)
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        drop_bodies(session, day(15), None, day(30), WHY, advance=failing)

    with db.reading() as session:
        assert sum(not there for there in kept(session).values()) == 10
    for change in (sa.update(BODY).values(packed=b"x").where(BODY.c.packed != b""), sa.delete(BODY)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only: body"), db.writing() as session:
            session.execute(change)


def failing(done: int, total: int) -> None:
    """Fail while bodies are being dropped."""
    raise ZeroDivisionError


KILLED = """
import sys
from store.database import open_database
from store.dropping import drop_bodies
from tests.store_visits import day
def advance(done, total):
    if done == total - 3:
        print("now", flush=True)
        sys.stdin.readline()
db = open_database(sys.argv[1])
with db.writing() as session:
    drop_bodies(session, day(20), None, day(50), "why", advance)
"""


def test_killed_in_the_middle_nothing_is_dropped(db: Database, db_url: str) -> None:
    """kill -9 while bodies are being dropped leaves every one of them, and the trigger."""
    fill(db, 40)
    killed_at_its_word(python(KILLED, db_url))

    with db.writing() as session:
        assert all(kept(session).values())
        assert verify(session, VERIFIERS).faults == ()
    with pytest.raises(sa.exc.DBAPIError, match="append-only: body"), db.writing() as session:
        session.execute(sa.update(BODY).values(packed=b""))
    assert drop(db, 20).names


FULL = """
import resource, sys
from scraper.errors import DatabaseFullError
from store.database import open_database
from store.dropping import drop_bodies
from tests.store_visits import day
db = open_database(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
try:
    with db.writing() as session:
        drop_bodies(session, day(20), None, day(50), "why")
except DatabaseFullError as error:
    print(error, "|", error.hint)
"""


def test_on_a_full_disk_nothing_is_dropped(sqlite_db: Database, sqlite_url: str) -> None:
    """Dropping writes before it frees: without room for that it says so, and every body stays."""
    fill(sqlite_db, 40)
    said = finished(python(FULL, sqlite_url))

    assert "cannot grow" in said and said.split("|")[1].strip()
    with sqlite_db.reading() as session:
        assert all(kept(session).values())
        assert verify(session, VERIFIERS).faults == ()
    assert drop(sqlite_db, 20).names
