"""Old captures read again: what differs stands beside the old reading, and nobody is told."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from cli.demo.past import HISTORY
from schedules.rereading import Reread, reread, work
from scraper.compare import accepted, step
from scraper.read import READER_VERSION, read
from scraper.records import Capture, Decision, Snapshot
from store.database import Database, create_database
from store.history import answer, captures, reading, record, snapshot, state
from store.ledger import entries, head
from store.pages import pages
from store.reviews import Signature, open_reviews, release
from store.tables import SNAPSHOT
from store.tracks import projects
from tests.clocks import FakeClock
from tests.commands import coopwatch
from tests.watched_history import ADDRESS, SOURCE, days, enrolled

PAGES = tuple(version.body() for version in HISTORY)
FIRST, TABLE = PAGES[0], PAGES[3]
"""The page before and after its first real changes."""


def answered(day: float, body: bytes) -> Capture:
    """An answer of that day."""
    return Capture(ADDRESS, days(day), 200, (("content-type", "text/html; charset=utf-8"),), body)


def as_read_before(capture: Capture) -> Snapshot:
    """What an older reader saw in it: it took every programme for another."""
    now = read(capture, SOURCE)
    seen = tuple(replace(project, programmes=("otherwise",)) for project in now.projects)
    return replace(now, reader_version="0", projects=seen, fingerprint=f"old {now.fingerprint}")


def history(db: Database, bodies: Sequence[bytes]) -> int:
    """Record these answers as an older version read them, one a day; return the page's number."""
    with db.writing() as session:
        page_id = enrolled(session)
        for number, body in enumerate(bodies):
            capture = answered(number, body)
            seen, before = as_read_before(capture), state(session, SOURCE.name)
            after, outcome = step(before, capture, seen)
            record(session, page_id, capture, seen, before, after, outcome, capture.at)
    return page_id


def rereadings(db: Database, day: float = 10) -> list[Reread]:
    """Read all again on that day."""
    return list(reread(db, [SOURCE], FakeClock(days(day))))


def test_what_differs_stands_beside_the_old_reading(db: Database) -> None:
    """Both readings of a capture can be looked at, the newer one is shown, and bodies stay as they were."""
    page_id = history(db, [FIRST, TABLE])
    assert work(db, [SOURCE]) == 2
    assert [again.differs for again in rereadings(db)] == [True, True]
    with db.reading() as session:
        for entry in captures(session, page_id):
            old, new = reading(session, entry.id, "0"), reading(session, entry.id, READER_VERSION)
            assert old == as_read_before(answer(session, entry.id))
            assert new == read(answer(session, entry.id), SOURCE)
            assert snapshot(session, entry.id) == new


def test_reading_again_tells_nobody_and_keeps_numbers(db: Database) -> None:
    """The ledger stands still; projects are shown as they are read now, under the numbers they had."""
    history(db, [FIRST, TABLE])
    with db.reading() as session:
        told, before = head(session), {entry.number: entry.project.title for entry in projects(session)}
    rereadings(db)
    with db.reading() as session:
        after = projects(session)
        assert head(session) == told
        assert {entry.number: entry.project.title for entry in after} == before
        assert all("otherwise" not in entry.project.programmes for entry in after)
        was = projects(session, as_of=days(5))
    assert any("otherwise" in entry.project.programmes for entry in was)


def test_the_next_visit_is_compared_with_the_new_reading(db: Database) -> None:
    """The same page is no change, and a changed one brings its own changes alone."""
    page_id = history(db, [FIRST])
    rereadings(db)
    with db.writing() as session:
        before = state(session, SOURCE.name)
        known = accepted(before, ADDRESS)
        assert known is not None
        assert known.reader_version == READER_VERSION
        again = answered(11, FIRST)
        after, outcome = step(before, again, read(again, SOURCE))
        assert outcome.verdict.decision is Decision.UNCHANGED
        record(session, page_id, again, read(again, SOURCE), before, after, outcome, again.at)
        changed = answered(12, TABLE)
        _, outcome = step(after, changed, read(changed, SOURCE))
    assert {change.field for change in outcome.changes if change.kind == "changed"} >= {"status", "area"}
    assert all(change.before != ("otherwise",) for change in outcome.changes)


def test_reading_again_twice_changes_nothing_more(db: Database) -> None:
    """A capture has one reading for each version, however often the command is run."""
    history(db, [FIRST, TABLE, TABLE])
    rereadings(db)
    with db.reading() as session:
        before = session.execute(sa.select(sa.func.count()).select_from(SNAPSHOT)).scalar_one()
    assert [again.differs for again in rereadings(db, 11)] == [False, False, False]
    with db.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(SNAPSHOT)).scalar_one() == before


def test_a_capture_that_reads_the_same_gets_no_revision(db: Database) -> None:
    """Only the page's present state is written anew, since it is what the next visit is compared with."""
    page_id = enrolled_as_it_reads_now(db)
    assert [again.differs for again in rereadings(db)] == [False, False]
    with db.reading() as session:
        newest, oldest = captures(session, page_id)
        assert reading(session, oldest.id, READER_VERSION) is None
        assert reading(session, newest.id, READER_VERSION) is not None


def enrolled_as_it_reads_now(db: Database) -> int:
    """Record two answers as a version read them that only bears another number."""
    with db.writing() as session:
        page_id = enrolled(session)
        for number, body in enumerate((FIRST, TABLE)):
            capture = answered(number, body)
            seen = replace(read(capture, SOURCE), reader_version="0", fingerprint=str(number))
            before = state(session, SOURCE.name)
            after, outcome = step(before, capture, seen)
            record(session, page_id, capture, seen, before, after, outcome, capture.at)
    return page_id


def test_a_held_answer_is_released_as_it_is_read_now(db: Database) -> None:
    """What only an older reader missed in it is removed by no release."""
    history(db, [TABLE])
    with db.writing() as session:
        page_id = pages(session)[0].id
        poorly = answered(1, TABLE + b" ")
        seen = as_read_before(poorly)
        seen = replace(seen, projects=seen.projects[:1], fingerprint="poor")
        before = state(session, SOURCE.name)
        after, outcome = step(before, poorly, seen)
        assert outcome.verdict.decision is Decision.HELD
        record(session, page_id, poorly, seen, before, after, outcome, poorly.at)
    rereadings(db)
    with db.writing() as session:
        (asked,) = open_reviews(session)
        assert release(session, asked.id, Signature("ada", "as it is", days(11))) == ()
        assert entries(session) == ()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A data folder with two visits that an older version read."""
    db = create_database(f"sqlite:///{tmp_path / 'coopwatch.db'}")
    history(db, [FIRST, TABLE])
    db.close()
    return tmp_path


def test_the_command_counts_revisions(kept: Path) -> None:
    """It says for each page how many captures read otherwise, and has nothing left to do afterwards."""
    assert (
        coopwatch("reread", "torino", "--data", kept).stdout == f"{ADDRESS}: 2 read otherwise than before\n"
    )
    again = coopwatch("reread", "--data", kept, "--json")
    assert json.loads(again.stdout) == [{"url": ADDRESS, "revisions": 0}]


def test_the_command_names_an_unknown_source(kept: Path) -> None:
    """One line with a hint, and exit status 1."""
    run = coopwatch("reread", "nowhere", "--data", kept)
    assert run.returncode == 1
    assert "hint:" in run.stderr
