"""What staff are asked, what their answers publish, and that every answer is kept with who, when and why."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from scraper.errors import DecisionError, NotFoundError
from scraper.records import Decision, Project
from store.database import Database, Session
from store.decisions import decisions
from store.history import captures, state
from store.kinds import StaffAction
from store.ledger import entries
from store.pages import page
from store.regrouping import merge, split, undo
from store.review_tables import DECISION, GROUNDS, REVIEW, REVIEW_END
from store.reviews import (
    Review,
    ReviewEnd,
    ReviewKind,
    Signature,
    decide_pair,
    forecast,
    open_reviews,
    past_reviews,
    reject,
    release,
    review,
)
from store.tracks import projects
from tests.watched_history import (
    ADDRESS,
    BLEU,
    FIRST,
    PLASTIC,
    SMART,
    SOURCE,
    days,
    enrolled,
    failed,
    visited,
)

OLD = replace(SMART, title="Rete delle scuole rurali", acronym=None)
NEW = replace(OLD, title="Rete delle scuole rurali - fase 2")
DOUBTFUL = (OLD, PLASTIC, BLEU)
TORN = (SMART,)
"""One project of four is left: held."""


def signed(day: float, why: str = "I asked the office") -> Signature:
    """Ada decides on that day."""
    return Signature("ada", why, days(day))


def history(session: Session, *visits: tuple[Project, ...] | None) -> int:
    """Record these visits, one a day, None being maintenance; return the page's number."""
    page_id = enrolled(session)
    for number, found in enumerate(visits):
        visited(session, page_id, days(number), found)
    return page_id


def only(session: Session) -> Review:
    """The one open review."""
    (found,) = open_reviews(session)
    return found


def kinds(session: Session) -> list[str]:
    """The kinds of the published changes."""
    return [entry.change.kind.value for entry in entries(session)]


def test_a_hold_is_one_review_however_often_it_is_seen(db: Database) -> None:
    """It begins with the first held capture, goes on over failures, and the next good visit settles it."""
    with db.writing() as session:
        page_id = history(session, FIRST, None, TORN)
        failed(session, page_id, days(3))
        asked = only(session)
        visited(session, page_id, days(4), FIRST)
    with db.reading() as session:
        assert open_reviews(session) == ()
        (ended,) = past_reviews(session)
    assert (asked.kind, asked.page_id, asked.since) == (ReviewKind.CAPTURE, page_id, days(1))
    assert (asked.capture_id, asked.about) == (2, 3)
    assert (ended.about, ended.reasons) == (2, ("the page says that it is under maintenance",))
    assert (ended.id, ended.ending, ended.ended_at) == (asked.id, ReviewEnd.SETTLED, days(4))
    assert ended.decision_id is None


def test_release_publishes_what_was_held_back_and_moves_the_baseline(db: Database) -> None:
    """The changes of the forecast come out, dated by the decision; the next visit compares with it."""
    with db.writing() as session:
        page_id = history(session, FIRST, TORN)
        asked = only(session)
        foreseen = forecast(session, asked.id)[ReviewEnd.RELEASED]
        assert kinds(session) == []
    with db.writing() as session:
        published = release(session, asked.id, signed(2))
    with db.writing() as session:
        assert published == foreseen
        assert kinds(session) == ["removed"] * 3
        assert {entry.at for entry in entries(session)} == {days(2)}
        assert [entry.project.title for entry in projects(session) if entry.present] == [SMART.title]
        assert page(session, page_id).last_decision is Decision.ACCEPTED
        visited(session, page_id, days(3), TORN)
        assert kinds(session) == ["removed"] * 3
        (done,) = decisions(session)
    assert (done.by, done.why, done.at, done.action) == (
        "ada",
        "I asked the office",
        days(2),
        StaffAction.RELEASE,
    )
    assert (done.capture_id, done.review_id) == (2, asked.id)
    with db.reading() as session:
        assert (review(session, asked.id).ending, only_past(session).decision_id) == ("released", done.id)
        first = captures(session, page_id)[1]
    assert first.reasons[0] == "released by staff"


def only_past(session: Session) -> Review:
    """The one review that has ended."""
    (found,) = past_reviews(session)
    return found


def test_a_release_is_about_the_capture_that_was_looked_at(db: Database) -> None:
    """Where another answer is held by now nothing happens: it must be looked at first."""
    with db.writing() as session:
        page_id = history(session, FIRST, TORN)
        visited(session, page_id, days(2), (BLEU,))
        asked = only(session)
    with pytest.raises(DecisionError, match="about capture 3 by now"), db.writing() as session:
        release(session, asked.id, signed(2), capture_id=2)
    with db.writing() as session:
        release(session, asked.id, signed(2), capture_id=3)
        assert [entry.project.title for entry in projects(session) if entry.present] == [BLEU.title]


def test_a_review_says_why_the_capture_in_question_is_held(db: Database) -> None:
    """Where another answer took the first one's place, it is that one that is judged and remembered."""
    with db.writing() as session:
        history(session, FIRST, None)
        began = only(session)
        visited(session, began.page_id, days(3), TORN)
        asked = only(session)
        assert (asked.id, asked.capture_id) == (began.id, began.capture_id)
        assert asked.about == captures(session, began.page_id)[0].id != began.about
        assert any("gone" in reason for reason in asked.reasons) and asked.reasons != began.reasons
    with db.writing() as session:
        release(session, asked.id, signed(4))
        (over,) = past_reviews(session)
    assert (over.ending, over.about, over.reasons) == (ReviewEnd.RELEASED, asked.about, asked.reasons)


def test_a_maintenance_page_cannot_be_released(db: Database) -> None:
    """There are no projects in it that could be believed, so it must not remove those that are known."""
    with db.writing() as session:
        history(session, FIRST, None)
        asked = only(session)
    with pytest.raises(DecisionError, match="nothing in it to believe"), db.writing() as session:
        release(session, asked.id, signed(2))


def test_a_rejected_answer_asks_no_more_until_another_comes(db: Database) -> None:
    """The page stays unbelieved and nothing is published; a different answer is a new question."""
    with db.writing() as session:
        page_id = history(session, FIRST, TORN)
        asked = only(session)
        reject(session, asked.id, signed(2))
        visited(session, page_id, days(3), TORN)
        assert open_reviews(session) == ()
        assert page(session, page_id).last_decision is Decision.HELD
        visited(session, page_id, days(4), (BLEU,))
        again = only(session)
    with db.reading() as session:
        assert kinds(session) == []
        assert review(session, asked.id).ending is ReviewEnd.REJECTED
    assert again.id != asked.id


def test_a_doubtful_pair_decided_the_same_is_a_new_title(db: Database) -> None:
    """What had waited is published, and the review ends with the decision."""
    with db.writing() as session:
        history(session, DOUBTFUL, (NEW, PLASTIC, BLEU))
        asked = only(session)
        assert asked.question is not None
        assert (asked.kind, asked.question.project.title) == (ReviewKind.PAIR, NEW.title)
        foreseen = forecast(session, asked.id)
    with db.writing() as session:
        assert decide_pair(session, asked.id, True, signed(2)) == foreseen[ReviewEnd.SAME]
        assert kinds(session) == ["retitled"]
        assert open_reviews(session) == ()
        assert (only_past(session).ending, decisions(session)[0].track) == (ReviewEnd.SAME, 1)


def test_a_doubtful_pair_decided_different_is_two_projects(db: Database) -> None:
    """One comes and one goes."""
    with db.writing() as session:
        history(session, DOUBTFUL, (NEW, PLASTIC, BLEU))
        decide_pair(session, only(session).id, False, signed(2))
        assert sorted(kinds(session)) == ["added", "removed"]
        assert only_past(session).ending is ReviewEnd.DIFFERENT


def test_a_pair_is_one_review_however_often_it_is_asked(db: Database) -> None:
    """Every visit asks again; staff see one question, which goes when the evidence does."""
    with db.writing() as session:
        page_id = history(session, DOUBTFUL, (NEW, PLASTIC, BLEU), (NEW, BLEU, PLASTIC))
        asked = only(session)
        visited(session, page_id, days(3), DOUBTFUL)
        assert (only_past(session).id, only_past(session).ending) == (asked.id, ReviewEnd.SETTLED)


def test_a_review_is_answered_once_and_in_its_own_words(db: Database) -> None:
    """An ended review, an answer of the other kind and an unknown number are refused in one line each."""
    with db.writing() as session:
        history(session, FIRST, TORN)
        asked = only(session)
    with pytest.raises(DecisionError, match="is of kind capture"), db.writing() as session:
        decide_pair(session, asked.id, True, signed(2))
    with db.writing() as session:
        release(session, asked.id, signed(2))
    for answer in (release, reject):
        with pytest.raises(DecisionError, match="has ended: released"), db.writing() as session:
            answer(session, asked.id, signed(3))
    with pytest.raises(NotFoundError, match="no review 99"), db.writing() as session:
        reject(session, 99, signed(3))
    with db.reading() as session:
        assert len(decisions(session)) == 1
        assert kinds(session) == ["removed"] * 3


def test_merged_tracks_tell_nobody_and_can_be_parted_again(db: Database) -> None:
    """The other's number is no longer present; undoing gives it back, once."""
    with db.writing() as session:
        history(session, FIRST)
        merged = merge(session, SOURCE.name, 1, 2, signed(1))
        assert [entry.number for entry in projects(session) if entry.present] == [1, 3, 4]
    with db.writing() as session:
        undone = undo(session, merged.id, signed(2, "they are two"))
        assert [entry.number for entry in projects(session) if entry.present] == [1, 2, 3, 4]
        assert kinds(session) == []
    with pytest.raises(DecisionError, match=f"undone by decision {undone.id}"), db.writing() as session:
        undo(session, merged.id, signed(3))
    with db.reading() as session:
        newest, oldest = decisions(session, SOURCE.name)
    assert (oldest.action, oldest.track, oldest.other, oldest.undone_by) == ("merge", 1, 2, newest.id)
    assert (newest.action, newest.undoes, newest.why) == ("undo", oldest.id, "they are two")


def test_a_split_track_gets_a_number_and_can_be_joined_again(db: Database) -> None:
    """What the page states of it is a new project; undoing makes it a part of the old one."""
    with db.writing() as session:
        history(session, FIRST)
        parted = split(session, SOURCE.name, 2, ADDRESS, signed(1))
        assert (parted.track, parted.other) == (2, 5)
        assert [entry.number for entry in projects(session) if entry.present] == [1, 3, 4, 5]
    with db.writing() as session:
        undo(session, parted.id, signed(2))
        assert [entry.number for entry in projects(session) if entry.present] == [1, 2, 3, 4]
        assert kinds(session) == []


@pytest.mark.parametrize(("keep", "other"), [(1, 1), (1, 9), (0, 2)])
def test_tracks_that_cannot_be_merged_are_refused(db: Database, keep: int, other: int) -> None:
    """One with itself, or with one that there is not: nothing is written."""
    with db.writing() as session:
        history(session, FIRST)
        before = state(session, SOURCE.name)
    with pytest.raises(DecisionError), db.writing() as session:
        merge(session, SOURCE.name, keep, other, signed(1))
    with db.reading() as session:
        assert state(session, SOURCE.name) == before
        assert decisions(session) == ()


def test_only_merges_and_splits_are_undone(db: Database) -> None:
    """What was published stays published: a correction is a new decision."""
    with db.writing() as session:
        history(session, FIRST, TORN)
        release(session, only(session).id, signed(2))
        (done,) = decisions(session)
    with pytest.raises(DecisionError, match="cannot be undone: release"), db.writing() as session:
        undo(session, done.id, signed(3))


@pytest.mark.parametrize("table", [REVIEW, REVIEW_END, DECISION, GROUNDS], ids=lambda table: table.name)
def test_what_staff_decided_cannot_be_rewritten(db: Database, table: sa.Table) -> None:
    """The database itself refuses to change or delete any of it."""
    with db.writing() as session:
        history(session, FIRST, TORN)
        release(session, only(session).id, signed(2))
    key = next(iter(table.primary_key.columns))
    for statement in (sa.update(table).values({key.name: key}), sa.delete(table)):
        with (
            pytest.raises(sa.exc.DBAPIError, match=f"append-only: {table.name}"),
            db.writing() as session,
        ):
            session.execute(statement)
