"""The jobs over a real store, a real site and a real mail server: what is recorded, told, and survives."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cli.demo.past import HISTORY
from schedules.jobs import LEASE_SLACK, Busy, Visited, check, check_due, enrol_sources, visit
from schedules.present import Present
from scraper.clock import Clock
from scraper.compare import step
from scraper.fetch import Visitor
from scraper.read import READER_VERSION, read
from scraper.records import Capture, ChangeKind, Decision
from scraper.sources import Source, WatchedPage
from store.database import Database
from store.history import body, captures, reading, record, state
from store.ledger import entries
from store.pages import PageEntry, mark_due, pages
from store.tracks import projects
from tests.clocks import FakeClock
from tests.hostile import Site, hang, serving, whole
from tests.visiting import AGENT, source

FIRST, SECOND = HISTORY[0].body(), HISTORY[3].body()


def opener(clock: Clock) -> Callable[[Source], Visitor]:
    """Return what opens visitors on this clock."""
    return lambda source: Visitor(source, clock, AGENT)


def watching(site: Site, *paths: str) -> Source:
    """Return a source of Torino's that watches these paths of a site."""
    watched = tuple(WatchedPage(address=site.url(path)) for path in paths)
    return source(publisher="Città metropolitana di Torino", pages=watched, deadline=1.0)


def enrolled(db: Database, source: Source, clock: Clock) -> PageEntry:
    """Enrol a source and return its first page."""
    enrol_sources(db, [source], clock)
    with db.reading() as session:
        return pages(session)[0]


def checked(db: Database, source: Source, clock: Clock) -> list[Visited]:
    """Visit every page of a source."""
    found = list(check(db, [source], opener(clock), clock))
    return [visited for visited in found if isinstance(visited, Visited)]


def html(body: bytes, *headers: str) -> Callable[..., None]:
    """Return a reply that is this page."""
    return whole(body, "Content-Type: text/html; charset=utf-8", *headers)


def test_the_first_visit_is_the_baseline_and_a_change_is_told_by_the_second(db: Database) -> None:
    """Nothing is in the ledger for the baseline; the second state brings its changes with their dates."""
    clock = FakeClock()
    with serving({"/": html(FIRST)}) as site:
        watched = watching(site, "/")
        (first,) = checked(db, watched, clock)
        site.replies["/"] = html(SECOND)
        clock.advance(3600)
        (second,) = checked(db, watched, clock)
    assert (first.outcome.verdict.decision, first.outcome.changes) == (Decision.ACCEPTED, ())
    assert second.outcome.verdict.decision is Decision.ACCEPTED
    with db.reading() as session:
        assert [entry.change for entry in entries(session)] == list(second.outcome.changes)
        assert {entry.at for entry in entries(session)} == {clock.now()}
        assert [entry.id for entry in captures(session, first.page.id)] == [
            second.capture_id,
            first.capture_id,
        ]


def test_conditions_are_those_of_the_last_accepted_visit(sqlite_db: Database) -> None:
    """A maintenance page's ETag is never sent; a 304 to the accepted one's means that it stands again."""
    clock = FakeClock()
    with serving({"/": html(FIRST, 'ETag: "good"')}) as site:
        watched = watching(site, "/")
        checked(sqlite_db, watched, clock)
        site.replies["/"] = html(HISTORY[2].body(), 'ETag: "bad"')
        (held,) = checked(sqlite_db, watched, clock)
        site.replies["/"] = whole(b"", 'ETag: "good"', status="304 Not Modified")
        (again,) = checked(sqlite_db, watched, clock)
        conditions = [line for r in site.requests for line in r.split("\r\n") if line.startswith("If-")]
    assert held.outcome.verdict.decision is Decision.HELD
    assert again.outcome.verdict.decision is Decision.UNCHANGED
    assert conditions == ['If-None-Match: "good"', 'If-None-Match: "good"']


def test_a_failed_visit_is_recorded_and_frees_the_page(sqlite_db: Database) -> None:
    """A site that hangs makes a failed capture with its reason; the next visit is free to go."""
    clock = Present()
    with serving({"/": hang()}) as site:
        watched = watching(site, "/")
        (failed,) = checked(sqlite_db, watched, clock)
        site.replies["/"] = html(FIRST)
        (well,) = checked(sqlite_db, watched, clock)
    assert failed.outcome.verdict.decision is Decision.FAILED
    assert "within 1 seconds" in failed.outcome.verdict.reasons[0]
    assert well.outcome.verdict.decision is Decision.ACCEPTED


def test_a_page_under_visit_is_busy_until_its_lease_runs_out(sqlite_db: Database) -> None:
    """A second visit stands back; one that was killed blocks the page no longer than its lease."""
    clock = FakeClock()
    begun = clock.now()
    answers: list[Visited | Busy] = []
    with serving({}) as site, Visitor(watching(site, "/"), clock, AGENT) as visitor:
        watched = watching(site, "/")
        page = enrolled(sqlite_db, watched, clock)

        class Killed(Visitor):
            def visit(self, *_: object) -> None:  # type: ignore[override]
                answers.append(visit(sqlite_db, watched, page, visitor, clock))
                clock.advance(LEASE_SLACK.total_seconds() + watched.deadline)
                answers.append(visit(sqlite_db, watched, page, visitor, clock))
                raise KeyboardInterrupt

        with Killed(watched, clock, AGENT) as killed, pytest.raises(KeyboardInterrupt):
            visit(sqlite_db, watched, page, killed, clock)
        assert isinstance(visit(sqlite_db, watched, page, visitor, clock), Visited)
    first, second = answers
    assert isinstance(first, Busy)
    assert first.until == begun + timedelta(seconds=watched.deadline) + LEASE_SLACK
    assert isinstance(second, Visited)


def test_a_retired_page_is_not_visited(sqlite_db: Database) -> None:
    """Once a source no longer names an address, neither a check nor the schedule asks for it."""
    clock = FakeClock()
    with serving({"/": html(FIRST), "/other": html(SECOND)}) as site:
        checked(sqlite_db, watching(site, "/", "/other"), clock)
        clock.advance(60)
        visits = checked(sqlite_db, watching(site, "/other"), clock)
        due = list(check_due(sqlite_db, [watching(site, "/other")], opener(clock), clock))
    assert [visited.page.address for visited in visits] == [site.url("/other")]
    assert due == []


def test_a_new_reader_version_reads_the_baseline_again_and_tells_nobody(sqlite_db: Database) -> None:
    """What an older reader saw otherwise is no change of the page; the projects keep their numbers."""
    clock = FakeClock()
    with serving({"/": html(FIRST)}) as site:
        watched = watching(site, "/")
        page = enrolled(sqlite_db, watched, clock)
        with Visitor(watched, clock, AGENT) as visitor:
            capture = visitor.visit(page.address)
        now = read(capture, watched)
        seen = tuple(replace(project, programmes=("otherwise",)) for project in now.projects)
        old = replace(now, reader_version="0", projects=seen, fingerprint="old")
        with sqlite_db.writing() as session:
            before = state(session, watched.name)
            after, outcome = step(before, capture, old)
            record(session, page.id, capture, old, before, after, outcome, clock.now())
        with sqlite_db.reading() as session:
            numbers = {entry.number: entry.project.title for entry in projects(session)}
        (again,) = checked(sqlite_db, watched, clock)
        assert again.outcome.changes == ()
        site.replies["/"] = html(SECOND)
        (changed,) = checked(sqlite_db, watched, clock)
    with sqlite_db.reading() as session:
        later = {entry.number: entry.project for entry in projects(session)}
    assert numbers.items() <= {n: p.title for n, p in later.items()}.items() | numbers.items()
    assert all("otherwise" not in project.programmes for project in later.values())
    assert {change.kind for change in changed.outcome.changes} >= {ChangeKind.RETITLED, ChangeKind.ADDED}
    assert again.snapshot is not None
    assert again.snapshot.reader_version == READER_VERSION
    with sqlite_db.reading() as session:
        assert reading(session, 1, "0") == old
        assert reading(session, 1, READER_VERSION) == now


def test_a_fault_of_ours_on_one_page_fails_that_visit_alone(sqlite_db: Database) -> None:
    """The answer is kept with what went wrong, the next page is visited, and the page is not due at once."""
    clock = FakeClock()
    with serving({"/a": html(FIRST), "/b": html(FIRST)}) as site:
        watched = watching(site, "/a", "/b")

        class Damaging(Visitor):
            def visit(self, address: str, *conditions: object) -> Capture:
                capture = super().visit(address)
                # A body without the methods of bytes stands for any answer that the reader stumbles over.
                odd = replace(capture, body=memoryview(FIRST))  # type: ignore[arg-type]
                return odd if address.endswith("a") else capture

        visits = list(check(sqlite_db, [watched], lambda source: Damaging(source, clock, AGENT), clock))
        assert list(check_due(sqlite_db, [watched], opener(clock), clock)) == []
    first, second = visits
    assert isinstance(first, Visited)
    assert isinstance(second, Visited)
    assert first.outcome.verdict.decision is Decision.FAILED
    assert "could not read the answer: " in first.outcome.verdict.reasons[0]
    assert second.outcome.verdict.decision is Decision.ACCEPTED
    with sqlite_db.reading() as session:
        assert body(session, first.capture_id) == FIRST


def test_only_due_pages_are_visited_and_a_visit_answers_the_mark(sqlite_db: Database) -> None:
    """Asking for a visit now is a mark in the store; the next look acts on it once."""
    clock = FakeClock()
    with serving({"/a": html(FIRST), "/b": html(FIRST)}) as site:
        watched = watching(site, "/a", "/b")
        page = enrolled(sqlite_db, watched, clock)
        assert len(list(check_due(sqlite_db, [watched], opener(clock), clock))) == 2
        assert list(check_due(sqlite_db, [watched], opener(clock), clock)) == []
        clock.advance(60)
        with sqlite_db.writing() as session:
            mark_due(session, page.id, clock.now())
        due = list(check_due(sqlite_db, [watched], opener(clock), clock))
        assert [visited.page.address for visited in due] == [site.url("/a")]
        assert list(check_due(sqlite_db, [watched], opener(clock), clock)) == []


def test_a_page_that_left_its_source_is_visited_no_more(sqlite_db: Database) -> None:
    """Its history stays; only the source file says what is watched."""
    clock = FakeClock()
    with serving({"/a": html(FIRST), "/b": html(FIRST)}) as site:
        checked(sqlite_db, watching(site, "/a", "/b"), clock)
        remaining = checked(sqlite_db, watching(site, "/b"), clock)
    assert [visited.page.address for visited in remaining] == [site.url("/b")]


def test_two_pages_of_a_source_visited_at_once_share_its_tracks(db: Database) -> None:
    """Both are folded into the state that stands at the commit, so no project is numbered twice or lost."""
    clock = FakeClock()
    with serving({"/a": html(FIRST), "/b": html(SECOND)}) as site:
        watched = watching(site, "/a", "/b")
        enrolled(db, watched, clock)
        with db.reading() as session:
            both = pages(session)
        together = threading.Barrier(2)
        results: list[Visited | Busy] = []

        def one(page: PageEntry) -> None:
            with Visitor(watched, clock, AGENT) as visitor:
                together.wait()
                results.append(visit(db, watched, page, visitor, clock))

        threads = [threading.Thread(target=one, args=(page,)) for page in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [type(result) for result in results] == [Visited, Visited]
    with db.reading() as session:
        found = projects(session)
        remembered = state(session, watched.name)
    titles = [entry.project.title for entry in found]
    assert len(titles) == len(set(titles)) == 8
    assert len({entry.number for entry in found}) == 8
    assert len(remembered.pages) == 2
