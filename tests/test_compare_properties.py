"""What holds of the comparison whatever the page says."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scraper.compare import EMPTY_STATE, published, step
from scraper.compare.plain_text import says_the_same
from scraper.compare.sameness import FACTS, content, value
from scraper.records import Capture, Change, ChangeKind, Decision, PageState, Project, ProjectStatus, Snapshot
from tests.compare_story import Story, project
from tests.history_generator import history

WORDS = ("acqua", "scuola", "orti", "salute", "energia", "caffè", "tessuti", "boschi", "strade", "mercati")
PLACES = ("Mopti", "Kandi", "Juba", "Tiro", "Praia", "Lomé", "Goma", "Fez", "Sfax", "Oruro", "Puno", "Beira")

projects = st.builds(
    project,
    st.builds("{} a {}".format, st.sampled_from(WORDS), st.sampled_from(PLACES)),
    area=st.sampled_from(("AFRICA", "MEDIO ORIENTE", None)),
    programmes=st.lists(st.sampled_from(("AICS", "UE", "ATO3")), max_size=2, unique=True).map(tuple),
    status=st.sampled_from(list(ProjectStatus)),
    start=st.sampled_from((None, "2020", "2021-05")),
)
pages = st.lists(projects, min_size=1, max_size=12, unique_by=lambda each: each.title)
seeds = st.integers(0, 10_000)


def _applied(before: dict[int, Project], changes: tuple[Change, ...]) -> dict[int, Project]:
    after = dict(before)
    for change in changes:
        if change.kind is ChangeKind.REMOVED:
            del after[change.track]
        elif change.field is None:
            after[change.track] = change.project
        else:
            fact: dict[str, Any] = {change.field: change.after}
            after[change.track] = replace(after[change.track], **fact)
    return after


@given(pages)
def test_a_page_compared_with_itself_brings_nothing(page: list[Project]) -> None:
    """diff(s, s) is empty, whatever stands on the page."""
    story = Story()
    story.shows(*page)
    outcome = story.shows(*page)
    assert (outcome.verdict.decision, outcome.changes) == (Decision.UNCHANGED, ())


@given(pages, pages)
def test_the_changes_lead_from_one_state_to_the_next(first: list[Project], second: list[Project]) -> None:
    """Applying diff(a, b) to a gives b, up to typography."""
    story = Story()
    story.shows(*first)
    before = published(story.state)
    outcome = story.shows(*second)
    reached = _applied(before, outcome.changes)
    actual = published(story.state)
    assert reached.keys() == actual.keys()
    for number, reckoned in reached.items():
        for field in FACTS:
            assert says_the_same(field, value(reckoned, field), value(actual[number], field))
    if outcome.verdict.decision is Decision.ACCEPTED and not outcome.questions:
        assert sorted(map(repr, map(content, actual.values()))) == sorted(map(repr, map(content, second)))


@given(pages, seeds)
def test_the_order_of_the_projects_does_not_matter(page: list[Project], seed: int) -> None:
    """A page whose projects stand in another order brings no change."""
    story = Story()
    story.shows(*page)
    random.Random(seed).shuffle(page)
    assert story.shows(*page).changes == ()


@given(pages, seeds, st.data())
def test_the_order_does_not_matter_beside_a_change(
    page: list[Project], seed: int, data: st.DataObject
) -> None:
    """A change of one project is the same change whatever the order."""
    at = data.draw(st.integers(0, len(page) - 1))
    other = data.draw(st.sampled_from([each for each in ProjectStatus if each is not page[at].status]))
    edited = [*page[:at], replace(page[at], status=other), *page[at + 1 :]]
    shuffled = random.Random(seed).sample(edited, len(edited))
    outcomes = []
    for second in (edited, shuffled):
        story = Story()
        story.shows(*page)
        outcomes.append(story.shows(*second).changes)
    assert outcomes[0] == outcomes[1]
    assert [(change.field, change.after) for change in outcomes[0]] == [("status", other)]


@given(pages, st.data())
def test_there_and_back_is_two_changes(page: list[Project], data: st.DataObject) -> None:
    """A→B→A is two changes, not none."""
    at = data.draw(st.integers(0, len(page) - 1))
    edited = [*page[:at], replace(page[at], note="Una nota."), *page[at + 1 :]]
    story = Story()
    story.shows(*page)
    there, back = story.shows(*edited).changes, story.shows(*page).changes
    assert [(change.before, change.after) for change in (*there, *back)] == [
        (None, "Una nota."),
        ("Una nota.", None),
    ]


@given(seeds, st.integers(1, 11), st.sampled_from(("maintenance", "503", "no rows")))
def test_a_bad_visit_in_between_changes_nothing(seed: int, at: int, kind: str) -> None:
    """A held or failed visit put anywhere into a history changes none of its other outcomes."""
    state, disturbed = EMPTY_STATE, EMPTY_STATE
    for number, visit in enumerate(history(seed)):
        if number == at:
            disturbed, outcome = step(disturbed, *_bad(visit.capture, kind))
            assert outcome.changes == ()
        state, expected = step(state, visit.capture, visit.snapshot)
        disturbed, actual = step(disturbed, visit.capture, visit.snapshot)
        assert actual == expected
    assert disturbed.tracks == state.tracks


def _bad(capture: Capture, kind: str) -> tuple[Capture, Snapshot | None]:
    if kind == "503":
        return replace(capture, status=503, failure=None), None
    state = PageState.MAINTENANCE if kind == "maintenance" else PageState.OK
    return replace(capture, status=200, failure=None), Snapshot("generator", state)


@given(seeds)
def test_numbers_are_permanent(seed: int) -> None:
    """A track number, once given, is never given again, and no two present projects share one."""
    state, highest = EMPTY_STATE, 0
    for visit in history(seed):
        state, outcome = step(state, visit.capture, visit.snapshot)
        added = [change.track for change in outcome.changes if change.kind is ChangeKind.ADDED]
        assert all(number > highest for number in added)
        highest = max([highest, *(track.number for track in state.tracks)])
        assert [track.number for track in state.tracks] == list(range(1, len(state.tracks) + 1))


@given(seeds)
def test_the_fold_is_deterministic(seed: int) -> None:
    """The same visits give the same state and outcomes."""
    ends = []
    for _ in range(2):
        state = EMPTY_STATE
        outcomes = []
        for visit in history(seed):
            state, outcome = step(state, visit.capture, visit.snapshot)
            outcomes.append(outcome)
        ends.append((state, outcomes))
    assert ends[0] == ends[1]
