"""What a run of ledger entries amounts to for one reader."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.digest import Digest, digest
from notifier.news import Line, fold
from scraper.records import Change, ChangeKind, Layout, Project, ProjectStatus
from store.ledger import LedgerEntry
from tests.digest_samples import GAMBIA, MC2CM, changed, happened, ledger, november, reader


def news_of(*changes: Change, **filters: tuple[str, ...]) -> Digest | None:
    """Return the digest of a reader who has been told nothing of these changes."""
    return digest(reader(**filters), ledger(*changes))  # type: ignore[arg-type]


def lines_of(*changes: Change) -> tuple[Line, ...]:
    """Return the lines of the one project that these changes concern."""
    found = news_of(*changes)
    assert found is not None and len(found.news) == 1
    return found.news[0].lines


def test_the_page_of_november_2018_makes_two_news() -> None:
    """MC2CM is told with title, status, area, programme and role; its lost end date and its move are not."""
    found = digest(reader(), november())
    assert found is not None
    moved, added = found.news
    assert [line.field for line in moved.lines] == ["title", "status", "area", "programmes", "role"]
    assert (moved.kind, moved.number, added.kind, added.project) == ("retitled", 6, "added", GAMBIA)
    assert (found.cursor, found.cutoff) == (0, 8)


def test_a_field_corrected_twice_is_one_line_from_first_to_last() -> None:
    """A to B to C is told as A to C, and says that it took two steps."""
    lines = lines_of(changed("status", "starting", "suspended"), changed("status", "suspended", "ongoing"))
    assert lines == (Line("status", "starting", "ongoing", 2),)


def test_what_was_undone_before_it_was_told_is_dropped() -> None:
    """A to B to A is nothing."""
    assert news_of(changed("status", "a", "b"), changed("status", "b", "a")) is None


def test_what_is_undone_after_it_was_told_is_told() -> None:
    """The way back is news to whoever was told of the way there."""
    entries = ledger(changed("status", "a", "b"), changed("status", "b", "a"))
    found = digest(reader(cursor=1), entries)
    assert found is not None and found.news[0].lines == (Line("status", "b", "a"),)


def test_added_and_removed_before_anybody_heard_is_nothing() -> None:
    """A project that came and went between two digests is not mentioned."""
    assert news_of(happened(ChangeKind.ADDED), happened(ChangeKind.REMOVED)) is None


def test_removed_and_back_again_is_nothing() -> None:
    """A project that went and came back the same is not mentioned."""
    assert news_of(happened(ChangeKind.REMOVED), happened(ChangeKind.REAPPEARED)) is None


def test_removed_and_back_with_another_status_tells_the_status() -> None:
    """A project that came back otherwise than it went is told as changed, its lost dates aside."""
    before = replace(MC2CM, status=ProjectStatus.STARTING, end="2021-03", layout=Layout.PROSE)
    lines = lines_of(happened(ChangeKind.REMOVED, before, 6), happened(ChangeKind.REAPPEARED, MC2CM, 6))
    assert lines == (Line("status", "starting", "ongoing"),)


def test_a_new_project_that_changes_is_told_as_it_stands_now() -> None:
    """An addition and its corrections are one addition, with the latest record."""
    later = replace(GAMBIA, status=ProjectStatus.STARTING)
    found = news_of(
        happened(ChangeKind.ADDED), changed("status", "evaluation", "starting", project=later, track=7)
    )
    assert found is not None
    assert [(news.kind, news.project.status, news.lines) for news in found.news] == [
        ("added", "starting", ())
    ]


def test_a_changed_project_that_goes_is_told_as_gone() -> None:
    """Nobody needs the last corrections of what is no longer there."""
    found = news_of(changed("status", "a", "b"), happened(ChangeKind.REMOVED, MC2CM, 6))
    assert found is not None and [(news.kind, news.lines) for news in found.news] == [("removed", ())]


def test_a_removed_project_that_comes_back_later_has_reappeared() -> None:
    """Who was told that it went is told that it is back."""
    entries = ledger(happened(ChangeKind.REMOVED), happened(ChangeKind.REAPPEARED))
    found = digest(reader(cursor=1), entries)
    assert found is not None and [news.kind for news in found.news] == ["reappeared"]


def test_what_is_not_told_leaves_what_the_reader_believes() -> None:
    """A date that vanished with the layout and returned as another is told from what the reader knew."""
    untold = changed("end", "2021-03", None, told=False)
    assert news_of(untold) is None
    assert lines_of(untold, changed("end", None, "2021-06")) == (Line("end", "2021-03", "2021-06"),)
    assert news_of(untold, changed("end", None, "2021-03")) is None
    lost = (changed("area", None, "ASIA"), changed("area", "ASIA", None, told=False))
    assert lines_of(*lost) == (Line("area", None, "ASIA"),)  # else nobody hears of it who joined before


def test_what_was_lost_in_silence_is_still_known() -> None:
    """A value that a new shape of the page omits is not told when it returns, and still filters."""
    entries = ledger(
        changed("area", "AFRICA", None, project=replace(MC2CM, area=None), told=False),
        changed("status", "ongoing", "concluded", project=replace(MC2CM, area=None)),
        changed("area", None, "AFRICA", project=replace(MC2CM, area="AFRICA")),
    )
    found = digest(reader(cursor=1, areas=("AFRICA",)), entries[:2])
    assert found is not None and found.news[0].lines == (Line("status", "ongoing", "concluded"),)
    assert not found.news[0].entered
    assert digest(reader(cursor=2), entries) is None


def test_a_digest_names_the_newest_told_entry() -> None:
    """The link to the reason leads to something that was told."""
    found = news_of(changed("status", "a", "b"), changed("section", "x", "y", told=False))
    assert found is not None and (found.news[0].pub_seq, found.cutoff) == (1, 2)


def test_a_digest_does_not_name_an_entry_that_came_to_nothing() -> None:
    """Nor one that the reader's filters take away: the reason for what is told lies elsewhere."""
    back = (changed("status", "a", "b"), changed("area", "x", "y"), changed("area", "y", "x"))
    entries = ledger(*back)
    (news,) = fold(entries)
    assert (news.pub_seq, news.at) == (1, entries[0].at)
    found = news_of(*back)
    assert found is not None and (found.news[0].pub_seq, found.cutoff) == (1, 3)
    found = news_of(changed("status", "a", "b"), changed("section", "x", "y"), kinds=("changed",))
    assert found is not None and (found.news[0].pub_seq, found.cutoff) == (1, 2)


def test_the_record_before_the_run_is_known() -> None:
    """The earlier record has every changed field as it stood before its first change."""
    found = digest(reader(), november())
    assert found is not None and found.news[0].previous is not None
    before = found.news[0].previous
    assert (before.title, before.status, before.area, before.end) == (
        "PROGETTO MC2CM - seconda fase",
        "starting",
        None,
        "2021-03",
    )


def test_entries_up_to_the_cursor_are_not_told_again() -> None:
    """The cursor decides what is news."""
    assert digest(reader(cursor=8), november()) is None
    assert digest(reader(), []) is None


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"sources": ("torino",)}, [6, 7]),
        ({"sources": ("milano",)}, []),
        ({"areas": ("area mediterranea",)}, [6]),
        ({"countries": ("GM", "ET")}, [7]),
        ({"programmes": ("agenzia nazionale svizzera",)}, [6]),
        ({"statuses": ("starting",)}, [6]),  # it was what this reader follows
        ({"statuses": ("ongoing",)}, [6]),
        ({"statuses": ("evaluation",)}, [7]),
        ({"kinds": ("added",)}, [7]),
        ({"kinds": ("changed",)}, [6]),
        ({"words": ("migration", "xyz")}, [6]),
        ({"words": ("seconda fase",)}, [6]),  # the title that it had
        ({"words": ("novembre 2018",)}, [7]),
        ({"areas": ("AREA MEDITERRANEA",), "kinds": ("added",)}, []),
    ],
)
def test_filters_choose_by_what_was_or_is(filters: dict[str, tuple[str, ...]], told: list[int]) -> None:
    """A reader hears of a project that is, or until now was, within the filters."""
    found = digest(reader(**filters), november())  # type: ignore[arg-type]
    assert [news.number for news in found.news] == told if found else told == []


def test_a_filter_by_kind_chooses_lines() -> None:
    """Who follows new titles alone is not shown the other fields."""
    found = digest(reader(kinds=("retitled",)), november())
    assert found is not None
    assert [[line.field for line in news.lines] for news in found.news] == [["title"]]


def test_a_history_page_folds_what_is_never_mailed_too() -> None:
    """With `untold`, moves and values that are no longer stated have lines of their own."""
    moved = fold(november(), untold=True)[0]
    assert {"end", "section"} <= {line.field for line in moved.lines}


def test_a_move_alone_is_a_move() -> None:
    """A project that only stands elsewhere on the page is called moved, where everything is shown."""
    entries = ledger(changed("section", "x", "y", told=False))
    assert [news.kind for news in fold(entries, untold=True)] == ["moved"] and fold(entries) == ()


FIELD_VALUES: dict[str, list[Any]] = {
    "status": ["starting", "ongoing", "concluded"],
    "area": [None, "AFRICA", "ASIA"],
    "title": ["A", "B"],
}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[LedgerEntry], list[dict[int, dict[str, Any]]]]:
    """Draw a ledger of a few projects and the published state after each entry, the first one empty."""
    state: dict[int, dict[str, Any]] = {}
    known: dict[int, dict[str, Any]] = {}
    changes: list[Change] = []
    states: list[dict[int, dict[str, Any]]] = [{}]
    for _ in range(draw(st.integers(1, 24))):
        track = draw(st.integers(1, 3))
        change = draw(next_changes(track, state, known))
        changes.append(change)
        states.append({number: dict(record) for number, record in state.items()})
    return ledger(*changes), states


@st.composite
def next_changes(
    draw: st.DrawFn, track: int, state: dict[int, dict[str, Any]], known: dict[int, dict[str, Any]]
) -> Change:
    """Draw what happens to one project, and do it to the state."""
    if track not in state:
        kind = ChangeKind.REAPPEARED if track in known else ChangeKind.ADDED
        state[track] = {field: draw(st.sampled_from(values)) for field, values in FIELD_VALUES.items()}
        known[track] = state[track]
        return Change(kind, track, Project(**state[track]))
    if draw(st.integers(0, 4)) == 0:
        gone = state.pop(track)
        return Change(ChangeKind.REMOVED, track, Project(**gone))
    field = draw(st.sampled_from(sorted(FIELD_VALUES)))
    before = state[track][field]
    after = draw(st.sampled_from([value for value in FIELD_VALUES[field] if value != before]))
    state[track][field] = after
    return changed(field, before, after, project=Project(**state[track]), track=track)


def told(state: dict[int, dict[str, Any]], owed: Digest | None) -> dict[int, dict[str, Any]]:
    """Return what a reader believes after a digest."""
    believed = {number: dict(record) for number, record in state.items()}
    for news in owed.news if owed else ():
        if news.kind == ChangeKind.REMOVED:
            del believed[news.number]
            continue
        if news.kind in {ChangeKind.ADDED, ChangeKind.REAPPEARED}:
            assert news.number not in believed
            believed[news.number] = {field: getattr(news.project, field) for field in FIELD_VALUES}
        for line in news.lines:
            assert believed[news.number][line.field] == line.before
            believed[news.number][line.field] = line.after
    return believed


@given(histories(), st.lists(st.integers(0, 24)))
def test_digests_add_up_to_the_published_state(
    history: tuple[list[LedgerEntry], list[dict[int, dict[str, Any]]]], cuts: list[int]
) -> None:
    """From any sign-up on, the state then and all digests, wherever cut, give the published state."""
    entries, states = history
    ends = sorted({min(cut, len(entries)) for cut in cuts} | {len(entries)})
    cursor = ends[0]
    believed = states[cursor]
    for end in ends:
        believed = told(believed, digest(reader(cursor=cursor), entries[:end]))
        cursor = end
        assert believed == states[end]
