"""Why a change was published: both captures, the places of both values, match, verdict and decision."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.demo.past import HISTORY
from scraper.compare import step
from scraper.errors import NotFoundError
from scraper.read import outline, read
from scraper.records import Capture, Decision
from store.database import Database, create_database
from store.explanations import Explanation, Side, explanation
from store.history import answer, record, state
from store.ledger import entries
from store.reviews import Signature, decide_pair, open_reviews, release
from tests.commands import coopwatch
from tests.test_reviews import DOUBTFUL, NEW, TORN, history
from tests.watched_history import ADDRESS, BLEU, FIRST, PLASTIC, SOURCE, days, enrolled


def watched(db: Database) -> None:
    """Record the demo's pages as the present reader reads them."""
    with db.writing() as session:
        page_id = enrolled(session)
        for version in HISTORY:
            capture = Capture(ADDRESS, version.at, 200, (("content-type", "text/html"),), version.body())
            before, seen = state(session, SOURCE.name), read(capture, SOURCE)
            after, outcome = step(before, capture, seen)
            record(session, page_id, capture, seen, before, after, outcome, capture.at)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with that history."""
    db = create_database(f"sqlite:///{tmp_path / 'coopwatch.db'}")
    watched(db)
    db.close()
    return tmp_path


def explained(db: Database) -> Iterator[Explanation]:
    """Every published change, explained."""
    with db.reading() as session:
        for entry in entries(session):
            yield explanation(session, entry.pub_seq)


def quotes(db: Database, side: Side) -> list[str]:
    """What stands at a side's places in the capture itself."""
    with db.reading() as session:
        blocks = outline(answer(session, side.capture.id)).blocks
    return [blocks[span.block].text[span.start : span.end] for span in side.spans]


def test_both_values_stand_where_the_explanation_says(db: Database) -> None:
    """For each changed field the captures, read anew, show at those very characters what is quoted."""
    watched(db)
    found = [why for why in explained(db) if why.entry.change.field in {"title", "status", "area"}]
    assert len(found) >= 4
    for why in found:
        change = why.entry.change
        assert why.before is not None
        assert (why.before.value, why.after.value) == (change.before, change.after)
        for side, value in ((why.before, change.before), (why.after, change.after)):
            assert quotes(db, side) == [span.quote for span in side.spans]
            assert bool(side.spans) == (value is not None)
            assert side.capture.sha256 is not None
        assert why.before.capture.at < why.after.capture.at


def test_the_match_says_how_sure_it_is_and_why(db: Database) -> None:
    """A project that kept its code through a new title is the same, with grounds in words."""
    watched(db)
    why = next(why for why in explained(db) if why.entry.change.kind == "retitled")
    assert why.match is not None
    assert why.match.confidence > 0.9
    assert "the same code MC2CM" in why.match.grounds
    assert [verdict.decision for verdict in why.verdicts] == [Decision.ACCEPTED]


def test_a_new_project_stands_in_one_capture_alone(db: Database) -> None:
    """The one before is named, and does not state it."""
    watched(db)
    why = next(why for why in explained(db) if why.entry.change.kind == "added")
    assert why.before is not None
    assert (why.before.project, why.match) == (None, None)
    assert why.after.project is not None
    assert why.after.project.title in quotes(db, why.after)


def test_a_released_change_names_the_hold_and_who_released_it(db: Database) -> None:
    """Both verdicts are there, and the decision with its reason; what is gone was stated before."""
    with db.writing() as session:
        history(session, FIRST, TORN)
        release(session, open_reviews(session)[0].id, Signature("ada", "the office says so", days(2)))
    why = next(explained(db))
    assert [verdict.decision for verdict in why.verdicts] == [Decision.HELD, Decision.ACCEPTED]
    assert why.decided is not None
    assert (why.decided.by, why.decided.why) == ("ada", "the office says so")
    assert why.before is not None
    assert why.before.project == why.entry.change.project
    assert (why.before.capture.id, why.after.capture.id, why.after.project) == (1, 2, None)


def test_a_decided_pair_is_explained_by_the_captures_on_both_sides(db: Database) -> None:
    """The old title is shown in the capture that last stated it, the new one in the one that asked."""
    with db.writing() as session:
        history(session, DOUBTFUL, (NEW, PLASTIC, BLEU))
        decide_pair(session, open_reviews(session)[0].id, True, Signature("ada", "phase 2", days(2)))
    (why,) = explained(db)
    assert why.before is not None
    assert (why.before.capture.id, why.after.capture.id) == (1, 2)
    assert (why.before.value, why.after.value) == (why.entry.change.before, why.entry.change.after)
    assert why.decided is not None
    assert why.decided.action == "same"


def test_an_unknown_change_is_refused(db: Database) -> None:
    """There is no explanation of what was never published."""
    with pytest.raises(NotFoundError, match="no change 99"), db.reading() as session:
        explanation(session, 99)


def test_the_command_tells_people_and_programs(data: Path) -> None:
    """Captures with dates and digests, quotes, match and verdict stand in both."""
    number = 4
    shown = coopwatch("explain", str(number), "--data", data).stdout
    report = json.loads(coopwatch("explain", str(number), "--data", data, "--json").stdout)
    assert (report["field"], report["before"], report["after"]) == ("status", "starting", "ongoing")
    for side in (report["capture_before"], report["capture_after"]):
        assert side["sha256"] in shown
        assert all(f"“{span['quote']}”" in shown for span in side["spans"])
    assert report["capture_before"]["spans"][0]["quote"] == "in fase di avvio"
    assert report["match"]["grounds"][0] in shown
    assert (report["verdicts"][0]["verdict"], report["decision"]) == ("accepted", None)
    assert report["told_to"] == [] and "told by mail\n  nobody" in shown


def test_the_command_refuses_an_unknown_number(data: Path) -> None:
    """One line, a hint, and exit status 1."""
    run = coopwatch("explain", "99", "--data", data)
    assert (run.returncode, "there is no change 99" in run.stderr) == (1, True)
