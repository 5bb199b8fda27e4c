"""Old captures in history: the same as having visited all along, and nobody is told."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from notifier.alerts import owe_alerts
from notifier.digest import digest
from notifier.message import Sender
from scraper.read import READER_VERSION
from scraper.records import Capture, ChangeKind, PageState, Project, Snapshot
from store.database import Database, open_database
from store.evidence.verification import verify
from store.history import captures, state
from store.ledger import entries
from store.pages import GOOD
from store.reviews import open_reviews
from store.tracks import find_project, project_life, projects
from tests.clocks import FakeClock
from tests.digest_samples import reader
from tests.evidence_world import VERIFIERS
from tests.history_generator import ADDRESS, EPOCH, Visit
from tests.import_world import SOURCE, as_of_each, bring, lived, page_number, said, visit_all
from tests.watched_history import FIRST, SECOND, THIRD

SEEDS = range(700, 1000) if os.environ.get("COOPWATCH_SOAK") else range(700, 710)
LATER = EPOCH + timedelta(days=5000)
Fresh = Callable[[], Database]


@pytest.fixture
def clock() -> FakeClock:
    """A clock long after all that the histories tell."""
    return FakeClock(LATER)


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest) -> Iterator[Fresh]:
    """Make any number of empty databases, of each kind in turn."""
    opened: list[Database] = []

    def make() -> Database:
        if request.param == "postgres":
            url = request.getfixturevalue("postgres_database")()
        else:
            folder = request.getfixturevalue("tmp_path_factory").mktemp("fresh")
            file = folder / "coopwatch.db"
            file.write_bytes(request.getfixturevalue("empty_sqlite").read_bytes())
            url = f"sqlite:///{file}"
        opened.append(open_database(url))
        return opened[-1]

    yield make
    for db in opened:
        db.close()


def believed_days(db: Database) -> set[datetime]:
    """When visits of our own were believed."""
    with db.reading() as session:
        return {one.at for one in captures(session, 1) if one.archive is None and one.decision in GOOD}


def news(db: Database) -> list[str]:
    """What a reader who was told nothing yet would be told now."""
    with db.reading() as session:
        owed = digest(reader(), entries(session))
    return [] if owed is None else [repr((one.number, one.kind, one.lines)) for one in owed.news]


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_an_imported_beginning_equals_having_visited_all_along(
    fresh: Fresh, clock: FakeClock, seed: int
) -> None:
    """State, tracks and the answers as of every day are those of a house that was there all the time."""
    visits = lived(seed)
    border = len(visits) // 2
    along, brought = fresh(), fresh()
    visit_all(along, visits)
    bring(brought, visits[:border], clock)
    assert news(brought) == []
    visit_all(brought, visits[border:])

    assert as_of_each(brought, visits) == as_of_each(along, visits)
    with along.reading() as one, brought.reading() as other:
        assert state(one, SOURCE.name) == state(other, SOURCE.name)
        verdicts = [[(each.at, each.decision, each.reasons) for each in captures(s, 1)] for s in (one, other)]
        assert verdicts[0] == verdicts[1]
        assert verify(other, VERIFIERS).faults == ()


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_a_beginning_that_comes_later_leaves_all_that_was_known(
    fresh: Fresh, clock: FakeClock, seed: int
) -> None:
    """Days before our first visit are answered as by one who was there; days since then as before."""
    visits = lived(seed)
    border = len(visits) // 2
    along, brought = fresh(), fresh()
    visit_all(along, visits[:border])
    visit_all(brought, visits[border:])
    known, told = as_of_each(brought, visits[border:]), news(brought)
    bring(brought, visits[:border], clock)

    assert [said(each) for each in as_of_each(brought, visits[:border])] == [
        said(each) for each in as_of_each(along, visits[:border])
    ]
    believed = believed_days(brought)
    for visit, before, after in zip(
        visits[border:], known, as_of_each(brought, visits[border:]), strict=True
    ):
        if visit.capture.at not in believed:
            continue  # an archive's word holds until a visit of ours is believed
        numbers = {entry.number for entry in before}
        assert [(each.number, each.project) for each in before if each.present] == [
            (each.number, each.project) for each in after if each.present
        ]
        first = {entry.number: entry.first_seen for entry in before}
        assert all(each.first_seen <= first[each.number] for each in after if each.number in numbers)
    assert news(brought) == told


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_captures_between_our_visits_speak_of_their_own_days_alone(
    fresh: Fresh, clock: FakeClock, seed: int
) -> None:
    """What we answered as of each of our visits, and what we told, stays as it was."""
    visits = lived(seed, 15)
    own, others = visits[::2], visits[1::2]
    db = fresh()
    visit_all(db, own)
    known, told = as_of_each(db, own), news(db)
    with db.reading() as session:
        before = state(session, SOURCE.name)
    bring(db, [visit for visit in others if visit.capture.at < max(believed_days(db))], clock)

    believed = believed_days(db)
    for visit, one, other in zip(own, known, as_of_each(db, own), strict=True):
        if visit.capture.at not in believed:
            continue
        assert [(each.number, each.project) for each in one if each.present] == [
            (each.number, each.project) for each in other if each.present
        ]
    assert news(db) == told
    with db.reading() as session:
        after = state(session, SOURCE.name)
        assert after.pages == before.pages
        assert [track.number for track in after.tracks if track.present] == [
            track.number for track in before.tracks if track.present
        ]
        assert verify(session, VERIFIERS).faults == ()


def test_the_same_archive_twice_adds_nothing(fresh: Fresh, clock: FakeClock) -> None:
    """Neither captures nor verdicts nor ledger entries come a second time."""
    db, visits = fresh(), lived(701)
    bring(db, visits, clock)
    with db.reading() as session:
        once = (captures(session, 1), entries(session), projects(session))
    compared = bring(db, visits, clock, archive="copy.warc.gz")

    assert compared.captures == 0
    with db.reading() as session:
        assert (captures(session, 1), entries(session), projects(session)) == once


def test_archives_in_any_order_give_one_history(fresh: Fresh, clock: FakeClock) -> None:
    """The years may come last first: each day is answered as if they had come in their order."""
    visits = lived(703, 15)
    right, wrong = fresh(), fresh()
    for part in (visits[:5], visits[5:10], visits[10:]):
        bring(right, part, clock)
    for part in (visits[10:], visits[5:10], visits[:5]):
        bring(wrong, part, clock)

    assert [said(each) for each in as_of_each(wrong, visits)] == [
        said(each) for each in as_of_each(right, visits)
    ]


def test_a_project_known_today_gets_its_earlier_life(fresh: Fresh, clock: FakeClock) -> None:
    """Its number stays, its first day moves back, and its life lists what the archive shows, by its dates."""
    db = fresh()
    page = page_number(db)
    watched = [(0, FIRST), (10, FIRST), (85, SECOND), (101, SECOND)]
    visits = [_shown(day, found) for day, found in watched]
    visit_all(db, visits[3:])
    with db.reading() as session:
        known = find_project(session, "MC2CM")
    bring(db, visits[:3], clock)

    with db.reading() as session:
        life = project_life(session, SOURCE.name, known.number)
        assert life.entry.first_seen == visits[0].capture.at < known.first_seen
        assert next((e.at, e.change.kind, e.retold) for e in life.entries) == (
            visits[2].capture.at,
            ChangeKind.RETITLED,
            True,
        )
        assert find_project(session, "GAMBIA").first_seen == visits[2].capture.at
        assert {entry.archive for entry in captures(session, page)} == {None, "old.warc.gz"}


def test_the_first_visit_after_an_archive_is_no_news(fresh: Fresh, clock: FakeClock) -> None:
    """What differs is recorded; the next change is told, from what stood before it."""
    db = fresh()
    bring(db, [_shown(0, FIRST)], clock)
    visit_all(db, [_shown(2000, SECOND)])
    with db.reading() as session:
        assert entries(session)
        assert not any(entry.change.told for entry in entries(session))
    assert news(db) == []
    visit_all(db, [_shown(2001, THIRD)])

    with db.reading() as session:
        owed = digest(reader(), entries(session))
    assert owed is not None
    (one,) = owed.news
    assert [(line.field, line.before, line.after) for line in one.lines] == [
        ("status", "ongoing", "concluded")
    ]


def test_what_an_archive_leaves_in_doubt_is_no_alert(fresh: Fresh, clock: FakeClock) -> None:
    """A page that an archive shows under maintenance last, today, makes no outage and no mail to staff."""
    db = fresh()
    down = replace(_shown(5, FIRST), snapshot=Snapshot(READER_VERSION, PageState.MAINTENANCE, "closed"))
    bring(db, [_shown(0, FIRST), down], clock)
    sender = Sender("cw@example.org", "coopwatch", "https://example.org", alerts_to=("staff@example.org",))

    with db.reading() as session:
        assert open_reviews(session)
    assert owe_alerts(db, clock, sender) == 0


def _shown(day: float, found: tuple[Project, ...]) -> Visit:
    snapshot = Snapshot(READER_VERSION, PageState.OK, projects=found, fingerprint=repr(found))
    capture = Capture(ADDRESS, EPOCH + timedelta(days=day), 200, (), f"{day} {found}".encode())
    return Visit(capture, snapshot)
