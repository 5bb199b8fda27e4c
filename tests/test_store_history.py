"""A visit is recorded whole: capture, body, reading, verdict, changes, versions and state."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from scraper.compare import (
    EMPTY_STATE,
    Hold,
    Mention,
    Outcome,
    PageMemory,
    Question,
    Ruling,
    SourceState,
    Track,
    Trouble,
)
from scraper.errors import NotFoundError
from scraper.records import (
    Capture,
    Change,
    ChangeKind,
    Decision,
    Failure,
    FailureKind,
    Layout,
    PageState,
    Project,
    ProjectStatus,
    Redirect,
    Role,
    Snapshot,
    Span,
    Verdict,
)
from store import captured, history, ledger, pages, tracks
from store.database import Database
from store.tables import BODY
from tests.store_visits import ADDRESS, day, enrolled, record_visit, snapshot_of

GAMBIA = Project(
    title="Gambia – “Città”",
    programmes=("ATO3", "UNDP"),
    status=ProjectStatus.ONGOING,
    role=Role.LEAD,
    countries=("GM",),
    amount=1_283_174.1,
    layout=Layout.TABLE,
    spans=(Span("title", 3, 0, 6, "Gambia"),),
)
ANSWER = Capture(
    url=ADDRESS,
    at=day(1),
    status=200,
    headers=(("ETag", '"a"'), ("set-cookie", "a=1"), ("set-cookie", "è=2\x00")),
    body=b"<html>\xff\x00",
    redirects=(Redirect(301, "https://torino.example/new"),),
    cut=True,
    coded_sha256="c0" * 32,
    coded_length=5,
)


def test_a_visit_comes_back_as_it_was(db: Database) -> None:
    """Every part of a visit is read as it was written."""
    reading = Snapshot("r1", PageState.OK, None, (GAMBIA,), ("left",), ("warned",), "f1", states_none=False)
    after = SourceState(tracks=(Track(1, GAMBIA, day(1), day(1)),))
    added = Change(ChangeKind.ADDED, 1, GAMBIA)
    outcome = Outcome(Verdict(Decision.ACCEPTED, ("because", "so")), (added,))
    with db.writing() as session:
        page_id = enrolled(session)
        number = history.record(session, page_id, ANSWER, reading, EMPTY_STATE, after, outcome, day(2))

    with db.reading() as session:
        assert history.baseline(session, page_id) == ANSWER
        assert history.body(session, number) == ANSWER.body
        kept = history.snapshot(session, number)
        assert kept == reading
        assert kept is not None
        assert kept.projects[0].spans == GAMBIA.spans
        assert kept.projects[0].layout is Layout.TABLE
        assert history.state(session, "torino") == after
        assert [
            (e.pub_seq, e.at, e.source, e.page_id, e.capture_id, e.change) for e in ledger.entries(session)
        ] == [(1, day(2), "torino", page_id, number, added)]
        entry = history.capture(session, number)
        assert entry == history.captures(session, page_id)[0]
        assert (entry.at, entry.url, entry.status) == (ANSWER.at, ANSWER.url, 200)
        assert (entry.headers, entry.redirects, entry.failure) == (ANSWER.headers, ANSWER.redirects, None)
        assert (entry.length, entry.reader_version, entry.page_state) == (8, "r1", PageState.OK)
        assert (entry.decision, entry.reasons, entry.changes) == (Decision.ACCEPTED, ("because", "so"), 1)


def test_a_failed_visit_is_history_too(db: Database) -> None:
    """A visit without an answer is kept with its reason, and changes nothing."""
    failure = Failure(FailureKind.TLS, "the certificate has expired")
    capture = Capture(ADDRESS, day(3), failure=failure)
    outcome = Outcome(Verdict(Decision.FAILED, (failure.message,)))
    with db.writing() as session:
        page_id = enrolled(session)
        number = history.record(session, page_id, capture, None, EMPTY_STATE, EMPTY_STATE, outcome, day(3))

        entry = history.capture(session, number)
        assert (entry.failure, entry.length, entry.page_state) == (failure, None, None)
        assert history.snapshot(session, number) is None
        assert history.baseline(session, page_id) is None
        with pytest.raises(NotFoundError):
            history.body(session, number)


def test_the_baseline_is_the_last_accepted_capture(db: Database) -> None:
    """Held, failed and unchanged visits leave the baseline where it was."""
    with db.writing() as session:
        page_id = enrolled(session)
        record_visit(session, page_id, day(1), {}, body=b"old")
        record_visit(session, page_id, day(2), {}, body=b"good")
        record_visit(session, page_id, day(3), {}, body=b"maintenance", decision=Decision.HELD)
        record_visit(session, page_id, day(4), {}, body=b"counter", decision=Decision.UNCHANGED)
        record_visit(session, page_id, day(5), {}, body=None, decision=Decision.FAILED)

        accepted = history.baseline(session, page_id)
        assert accepted is not None
        assert (accepted.body, accepted.header("ETag")) == (b"good", '"1"')


def test_captures_are_listed_newest_first_in_pages(db: Database) -> None:
    """A listing can be continued from its last line, however many visits follow."""
    with db.writing() as session:
        page_id = enrolled(session)
        other = pages.pages(session)[1].id
        for number in range(7):
            record_visit(session, page_id, day(number // 2), {})
            record_visit(session, other, day(number), {})

        everything = [entry.id for entry in history.captures(session, page_id)]
        first = history.captures(session, page_id, limit=3)
        rest = history.captures(session, page_id, before=first[-1].id)
        assert everything == sorted(everything, reverse=True)
        assert [entry.id for entry in (*first, *rest)] == everything


def test_a_visit_of_no_known_page_is_refused(db: Database) -> None:
    """History takes no visit of a page that was never enrolled."""
    outcome = Outcome(Verdict(Decision.ACCEPTED))
    with pytest.raises(NotFoundError), db.writing() as session:
        history.record(session, 99, ANSWER, None, EMPTY_STATE, EMPTY_STATE, outcome, day(2))


def test_an_unknown_capture_is_said(db: Database) -> None:
    """Asking for a capture, or its body, that does not exist is an error with a hint."""
    with db.reading() as session:
        for ask in (history.capture, history.body):
            with pytest.raises(NotFoundError) as raised:
                ask(session, 99)
            assert raised.value.hint


def test_equal_readings_are_kept_once(db: Database) -> None:
    """A hundred unchanged visits refer to one content, and each still knows its reading."""
    with db.writing() as session:
        page_id = enrolled(session)
        record_visit(session, page_id, day(0), {1: GAMBIA})
        count = sa.select(sa.func.count()).select_from(BODY)
        before = session.execute(count).scalar_one()
        for number in range(1, 101):
            record_visit(session, page_id, day(number), {1: GAMBIA}, decision=Decision.UNCHANGED)

        assert session.execute(count).scalar_one() == before
        assert history.snapshot(session, 101) == snapshot_of({1: GAMBIA})


def test_a_capture_read_again_keeps_both_readings(db: Database) -> None:
    """A new reader version adds its reading; the old one stays, and nothing becomes public."""
    with db.writing() as session:
        page_id = enrolled(session)
        number = record_visit(session, page_id, day(1), {1: GAMBIA})
        again = replace(snapshot_of({1: GAMBIA}), reader_version="reader-2", unread=("found",))
        head = ledger.head(session)
        captured.keep_snapshot(session, number, again, day(9))

        assert history.snapshot(session, number) == again
        assert history.capture(session, number).reader_version == "reader-2"
        assert ledger.head(session) == head


def test_a_known_version_reads_a_capture_once(db: Database) -> None:
    """Two readings of one capture by one reader version cannot both be kept."""
    with pytest.raises(sa.exc.IntegrityError), db.writing() as session:
        number = record_visit(session, enrolled(session), day(1), {})
        captured.keep_snapshot(session, number, snapshot_of({}), day(2))


def test_a_visit_answers_the_mark_that_asked_for_it(db: Database) -> None:
    """A mark set before the visit is gone after it; one for later stands."""
    with db.writing() as session:
        page_id = enrolled(session)
        record_visit(session, page_id, day(1), {})
        assert page_id not in {entry.id for entry in pages.due_pages(session, day(9))}

        pages.mark_due(session, page_id, day(3))
        record_visit(session, page_id, day(2), {})
        assert page_id in {entry.id for entry in pages.due_pages(session, day(3))}


def test_a_change_of_a_track_that_was_never_public_is_kept(db: Database) -> None:
    """A project that comes and goes within one visit still has a number to which its changes belong."""
    changes = (Change(ChangeKind.ADDED, 7, GAMBIA), Change(ChangeKind.REMOVED, 7, GAMBIA))
    outcome = Outcome(Verdict(Decision.ACCEPTED), changes)
    with db.writing() as session:
        page_id = enrolled(session)
        history.record(session, page_id, ANSWER, None, EMPTY_STATE, EMPTY_STATE, outcome, day(1))

        assert [entry.change for entry in ledger.entries(session, source="torino", track=7)] == list(changes)
        assert tracks.projects(session) == ()


FULL_STATE = SourceState(
    pages=(
        PageMemory(
            url=ADDRESS,
            addresses=("https://torino.example/old",),
            snapshot=Snapshot("r", PageState.OK, projects=(GAMBIA,)),
            numbers=(1, None),
            kept=(Mention(1, GAMBIA),),
            questions=(Question(ADDRESS, 1, 1, GAMBIA, GAMBIA, 0.5, ("alike",)),),
            read_at=day(1.5),
            hold=Hold(ADDRESS, day(1), day(0), ("odd",), Snapshot("r", PageState.EMPTY)),
            trouble=Trouble(day(0), Decision.HELD, ("odd",), 3),
        ),
    ),
    tracks=(Track(1, GAMBIA, day(0), day(1), titles=("Gambia",), missing_since=day(2)),),
    rulings=(Ruling(1, "Gambia", same=True),),
    round=(ADDRESS,),
)


def test_the_whole_state_survives_its_json() -> None:
    """Whatever the comparison remembers comes back equal, instants and enums included."""
    adapter = TypeAdapter(SourceState)

    assert adapter.validate_json(adapter.dump_json(FULL_STATE)) == FULL_STATE


texts = st.text(max_size=30)
projects = st.builds(
    Project,
    title=st.none() | texts,
    programmes=st.lists(texts, max_size=2).map(tuple),
    status=st.none() | st.sampled_from(ProjectStatus),
    amount=st.none() | st.floats(0, 1e12),
    spans=st.lists(
        st.builds(Span, texts, st.integers(0), st.integers(0), st.integers(0), texts), max_size=1
    ).map(tuple),
)
changes = st.builds(
    Change,
    kind=st.sampled_from(ChangeKind),
    track=st.integers(1, 9),
    project=projects,
    field=st.none() | st.just("status"),
    before=st.none() | texts | st.floats(0, 1e12) | st.lists(texts, max_size=2).map(tuple),
    told=st.booleans(),
)


@pytest.mark.soak
@given(st.lists(changes, max_size=4).map(tuple), st.lists(st.tuples(texts, texts), max_size=2).map(tuple))
def test_any_change_and_header_comes_back(
    db: Database, changes: tuple[Change, ...], headers: tuple[tuple[str, str], ...]
) -> None:
    """No text of a page or a server is lost or altered on its way through the database, NUL included."""
    with db.writing() as session:
        page_id = enrolled(session)
        before = history.state(session, "torino")
        head = ledger.head(session)
        visit = Capture(ADDRESS, day(1), 200, headers)
        outcome = Outcome(Verdict(Decision.ACCEPTED, tuple(value for _, value in headers)), changes)
        number = history.record(session, page_id, visit, None, before, before, outcome, day(1))

        entry = history.capture(session, number)
        assert entry.headers == headers
        assert entry.reasons == tuple(value for _, value in headers)
        assert tuple(e.change for e in ledger.entries(session, after=head)) == changes
