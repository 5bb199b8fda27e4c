"""The ledger numbers changes in the order in which they become public."""

import threading

import pytest

from scraper.errors import NotFoundError
from scraper.records import Change, ChangeKind, Project
from store import ledger
from store.database import Database
from tests.store_visits import day, enrolled, record_visit

A, B = Project(title="A"), Project(title="B")


def test_entries_are_selected_by_number_source_track_and_time(db: Database) -> None:
    """Every reader of the ledger gets the part that it asks for, oldest first."""
    with db.writing() as session:
        torino, milano = enrolled(session), enrolled(session, "milano")
        record_visit(session, torino, day(1), {1: A, 2: B})
        record_visit(session, milano, day(2), {1: B})
        record_visit(session, torino, day(3), {2: B})

        def numbers(*arguments: int, **options: object) -> list[int]:
            return [entry.pub_seq for entry in ledger.entries(session, *arguments, **options)]  # type: ignore[arg-type]

        assert numbers() == [1, 2, 3, 4]
        assert numbers(2) == [3, 4]
        assert numbers(1, 3) == [2, 3]
        assert numbers(source="torino") == [1, 2, 4]
        assert numbers(source="torino", track=1) == [1, 4]
        assert numbers(since=day(2)) == [3, 4]
        assert ledger.head(session) == 4
        assert ledger.entry(session, 3) == ledger.entries(session, 2, 3)[0]
        with pytest.raises(NotFoundError):
            ledger.entry(session, 5)


def test_the_ledger_begins_empty(db: Database) -> None:
    """Before the first change the head is 0 and a visit without changes leaves it there."""
    with db.writing() as session:
        record_visit(session, enrolled(session), day(1), {})

        assert ledger.head(session) == 0
        assert ledger.entries(session) == ()


def test_untold_changes_have_numbers_too(db: Database) -> None:
    """What no digest tells is public all the same, in its place."""
    changes = [Change(ChangeKind.MOVED, 1, A, "section", "a", "b", told=told) for told in (True, False, True)]
    with db.writing() as session:
        capture = record_visit(session, enrolled(session), day(1), {1: A})
        ledger.publish(session, "torino", capture, changes, day(2))

        assert [entry.change.told for entry in ledger.entries(session, after=1)] == [True, False, True]


def test_an_undone_transaction_gives_no_number(db: Database) -> None:
    """A number that was seen is never given twice, and one that was undone was never seen."""
    with db.writing() as session:
        page_id = enrolled(session)
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        record_visit(session, page_id, day(1), {1: A})
        _ = 1 / 0
    with db.writing() as session:
        record_visit(session, page_id, day(1), {1: A, 2: B})

        assert [entry.pub_seq for entry in ledger.entries(session)] == [1, 2]


def test_no_entry_appears_below_a_number_already_seen(db: Database) -> None:
    """A second publisher waits for the first to commit, so that a cursor can never pass over a change."""
    with db.writing() as session:
        torino, milano = enrolled(session), enrolled(session, "milano")
    started = threading.Event()

    def publish_second() -> None:
        with db.writing() as session:
            started.set()
            record_visit(session, milano, day(1), {1: B})

    second = threading.Thread(target=publish_second)
    with db.writing() as session:
        record_visit(session, torino, day(1), {1: A})
        second.start()
        started.wait(0.3)  # in SQLite it cannot even begin
        second.join(0.3)
        assert second.is_alive()
    second.join()

    with db.reading() as session:
        order = [(entry.pub_seq, entry.source) for entry in ledger.entries(session)]
        assert order == [(1, "torino"), (2, "milano")]
