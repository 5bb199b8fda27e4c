"""Projects through time: what was public at any instant, and each project's life."""

from datetime import datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import NotFoundError
from scraper.records import ChangeKind, Decision, Project
from store import history, tracks
from store.database import Database
from tests.store_visits import day, enrolled, present, record_visit

GAMBIA, MC2CM = Project(title="Gambia", acronym="GAM"), Project(title="MC2CM seconda fase")
SOURCES = count(1)

records = st.dictionaries(
    st.integers(1, 4),
    st.builds(Project, title=st.sampled_from("ABC"), area=st.sampled_from((None, "AFRICA"))),
)
visits = st.lists(
    st.tuples(st.integers(0, 3), records, st.sampled_from((Decision.ACCEPTED, Decision.HELD))), max_size=12
)


@pytest.mark.soak
@given(visits, st.lists(st.floats(-1, 40), max_size=8))
def test_projects_as_of_any_instant_equal_a_naive_replay(
    db: Database,
    visits: list[tuple[int, dict[int, Project], Decision]],
    instants: list[float],
) -> None:
    """What the store says of an instant is what a replay of all captures up to it gives."""
    name = f"source{next(SOURCES)}"
    replayed: list[tuple[datetime, dict[int, Project]]] = []
    at = 0
    with db.writing() as session:
        page_id = enrolled(session, name)
        for gap, stated, decision in visits:
            at += gap
            held = present(history.state(session, name))
            believed = stated if decision is Decision.ACCEPTED else held
            record_visit(session, page_id, day(at), believed, decision=decision)
            replayed.append((day(at), believed))
    with db.reading() as session:
        for instant in (*map(day, instants), *(when for when, _ in replayed)):
            naive = next((state for when, state in reversed(replayed) if when <= instant), {})
            then = tracks.projects(session, name, as_of=instant)
            assert {entry.number: entry.project for entry in then if entry.present} == naive
        final = {entry.number: entry.project for entry in tracks.projects(session, name) if entry.present}
        assert final == (replayed[-1][1] if replayed else {})


def test_first_and_last_sight_of_a_project(db: Database) -> None:
    """A project is last seen at the last believed visit, an absent one at the last before it was missed."""
    with db.writing() as session:
        page_id = enrolled(session)
        record_visit(session, page_id, day(1), {1: GAMBIA, 2: MC2CM})
        record_visit(session, page_id, day(2), {1: GAMBIA, 2: MC2CM}, decision=Decision.UNCHANGED)
        record_visit(session, page_id, day(3), {1: GAMBIA, 2: MC2CM}, decision=Decision.HELD)
        record_visit(session, page_id, day(4), {1: GAMBIA})
        record_visit(session, page_id, day(5), {1: GAMBIA}, body=None, decision=Decision.FAILED)

        here, gone = tracks.projects(session)
        assert (here.first_seen, here.last_seen, here.present) == (day(1), day(4), True)
        assert (gone.first_seen, gone.last_seen, gone.present) == (day(1), day(2), False)
        assert gone.project == MC2CM
        assert gone.page_id == page_id

        then = tracks.projects(session, as_of=day(3.5))
        assert [entry.present for entry in then] == [True, True]
        assert [entry.last_seen for entry in then] == [day(2), day(2)]
        assert tracks.projects(session, as_of=day(0)) == ()


def test_projects_of_one_source_only(db: Database) -> None:
    """Each source numbers its own projects."""
    with db.writing() as session:
        record_visit(session, enrolled(session), day(1), {1: GAMBIA})
        record_visit(session, enrolled(session, "milano"), day(1), {1: MC2CM})

        assert [entry.project for entry in tracks.projects(session, "milano")] == [MC2CM]
        assert [entry.source for entry in tracks.projects(session)] == ["milano", "torino"]


def test_a_projects_life_holds_all_its_versions(db: Database) -> None:
    """Every record that was ever public is in the life, with the capture that shows it."""
    renamed = Project(title="The Gambia")
    with db.writing() as session:
        page_id = enrolled(session)
        record_visit(session, page_id, day(1), {1: GAMBIA, 2: MC2CM})
        record_visit(session, page_id, day(2), {1: renamed, 2: MC2CM})
        record_visit(session, page_id, day(3), {2: MC2CM})
        record_visit(session, page_id, day(4), {1: renamed, 2: MC2CM})

        life = tracks.project_life(session, "torino", 1)
        assert [(v.at, v.capture_id, v.present, v.project) for v in life.versions] == [
            (day(1), 1, True, GAMBIA),
            (day(2), 2, True, renamed),
            (day(3), 3, False, renamed),
            (day(4), 4, True, renamed),
        ]
        kinds = [ChangeKind.ADDED, ChangeKind.RETITLED, ChangeKind.REMOVED, ChangeKind.ADDED]
        assert [entry.change.kind for entry in life.entries] == kinds
        assert life.entry == tracks.projects(session)[0]


@pytest.mark.parametrize("text", ["torino/1", "gambia", "GAM", " Gambia "])
def test_a_project_is_found_by_number_or_words(db: Database, text: str) -> None:
    """A person names a project by its number, or by words of its title or its acronym."""
    with db.writing() as session:
        record_visit(session, enrolled(session), day(1), {1: GAMBIA, 2: MC2CM, 3: Project()})

        assert tracks.find_project(session, text).number == 1


@pytest.mark.parametrize("text", ["torino/9", "gambia nord", "", "a"])
def test_a_project_that_nobody_can_mean_is_said(db: Database, text: str) -> None:
    """Where none or several fit, the hint lists the numbers to choose from."""
    with db.writing() as session:
        record_visit(session, enrolled(session), day(1), {1: GAMBIA, 2: MC2CM})

        with pytest.raises(NotFoundError) as raised:
            tracks.find_project(session, text)
        assert "torino/1 Gambia" in raised.value.hint


def test_no_project_at_all_is_said(db: Database) -> None:
    """Before the first visit there is nothing to find."""
    with db.reading() as session:
        with pytest.raises(NotFoundError, match="no project fits") as raised:
            tracks.find_project(session, "gambia")
        assert "none yet" in raised.value.hint
        with pytest.raises(NotFoundError):
            tracks.project_life(session, "torino", 1)
