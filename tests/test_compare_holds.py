"""When a page that could be read is not believed: held, with reasons, at 1, 8 and 500 projects."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scraper.compare import Tolerance, reject, release, step
from scraper.records import Capture, Decision, Layout, PageState, Project
from tests.compare_story import LIST, Story, project, snapshot, told

HELD, ACCEPTED = Decision.HELD, Decision.ACCEPTED


def _page(size: int) -> list[Project]:
    names = ("Acqua", "Scuola", "Orti", "Salute", "Energia", "Caffè", "Tessuti", "Boschi")
    return [
        project(
            f"{names[at % 8]} {at}x{at * at}",
            area=f"Area {at % 4}",
            programmes=(f"Bando {at % 5}",),
            start=str(2015 + at % 9),
            link=f"https://www.example.org/p/{at}",
        )
        for at in range(size)
    ]


def _after(size: int, edit: Callable[[list[Project]], list[Project]], **facts: Any) -> Decision:
    story = Story()
    story.shows(*_page(size))
    return story.sees(snapshot(edit(_page(size)), **facts)).verdict.decision


@pytest.mark.parametrize(
    ("size", "gone", "decision"),
    [
        (1, 1, HELD),
        (2, 1, ACCEPTED),
        (8, 1, ACCEPTED),
        (8, 2, ACCEPTED),
        (8, 5, HELD),
        (8, 8, HELD),
        (500, 1, ACCEPTED),
        (500, 20, ACCEPTED),
        (500, 200, HELD),
        (500, 500, HELD),
    ],
)
def test_rows_lost(size: int, gone: int, decision: Decision) -> None:
    """A removal or two on a healthy page is believed at once, a collapse is held, whatever the size."""
    assert _after(size, lambda page: page[gone:]) is decision


@pytest.mark.parametrize(
    ("size", "come", "decision"),
    [(1, 3, ACCEPTED), (8, 4, ACCEPTED), (8, 40, HELD), (500, 30, ACCEPTED), (500, 400, HELD)],
)
def test_growth(size: int, come: int, decision: Decision) -> None:
    """A few new projects are believed, an explosion is held."""
    assert _after(size, lambda page: [*page, *(project(f"Nuovo {at}") for at in range(come))]) is decision


@pytest.mark.parametrize("size", [8, 500])
def test_a_column_that_vanishes_is_held(size: int) -> None:
    """A fact that no project states any more is rather our failure than the publisher's decision."""
    assert _after(size, lambda page: [replace(each, programmes=()) for each in page]) is HELD


@pytest.mark.parametrize("size", [1, 8, 500])
def test_one_fact_no_longer_stated_is_believed(size: int) -> None:
    """A single value that is no longer stated is a change like any other."""
    assert _after(size, lambda page: [replace(page[0], start=None), *page[1:]]) is ACCEPTED


@pytest.mark.parametrize("size", [8, 500])
def test_shifted_columns_are_held(size: int) -> None:
    """Titles that all change at once are held."""
    assert (
        _after(size, lambda page: [replace(each, title=each.area, area=each.title) for each in page]) is HELD
    )


@pytest.mark.parametrize("size", [1, 8, 500])
def test_a_redesign_with_the_same_facts_is_accepted_quietly(size: int) -> None:
    """Cards under other headings instead of rows are no change."""
    story = Story()
    story.shows(*_page(size))
    cards = [replace(each, layout=Layout.CARDS, section="I nostri progetti") for each in _page(size)]
    outcome = story.shows(*cards)
    assert outcome.verdict.decision is ACCEPTED
    assert told(outcome.changes) == []
    assert size == 1 or outcome.changes == ()


@pytest.mark.parametrize("size", [1, 8, 500])
def test_prose_that_becomes_a_table_is_accepted_quietly(size: int) -> None:
    """The descriptions stay behind with the prose; the facts are the same, and nobody hears of it."""
    story = Story()
    page = [
        replace(each, layout=Layout.PROSE, note=f"Pozzi, numero {n}.") for n, each in enumerate(_page(size))
    ]
    story.shows(*page)
    outcome = story.shows(*(replace(each, layout=Layout.TABLE, note=None) for each in page))
    assert outcome.verdict.decision is ACCEPTED
    assert told(outcome.changes) == []


def test_a_removal_among_other_signs_of_trouble_is_held() -> None:
    """One project gone while the page is drawn anew waits for a person."""
    assert _after(8, _redrawn_without_the_first) is HELD


def _redrawn_without_the_first(page: list[Project]) -> list[Project]:
    return [replace(each, layout=Layout.CARDS) for each in page[1:]]


def test_a_removal_while_unread_text_rises_is_held() -> None:
    """One project gone while much text is left unread waits for a person."""
    assert _after(8, lambda page: page[1:], unread=("testo che nessuno capisce " * 20,)) is HELD


def test_a_project_that_the_page_still_names_is_not_removed() -> None:
    """A title among the unread texts shows that the row was not read rather than taken away."""
    story = Story()
    story.shows(*_page(8))
    outcome = story.shows(*_page(8)[1:], unread=(f"Nota: {_page(8)[0].title} prosegue",))
    assert outcome.verdict.decision is HELD
    assert "still names it" in outcome.verdict.reasons[0]


def test_the_last_rows_gone_look_like_half_a_page() -> None:
    """Two removals from the end of the list are held, two from its middle are believed."""
    assert _after(12, lambda page: page[:-2]) is HELD
    assert _after(12, lambda page: [*page[:4], *page[6:]]) is ACCEPTED


def test_a_redesign_that_states_one_thing_differently_throughout_is_held() -> None:
    """Cards whose programme differs from the row's for every project are rather misread than changed."""

    def labelled(page: list[Project]) -> list[Project]:
        return [replace(each, layout=Layout.CARDS, programmes=("Programma:",)) for each in page]

    assert _after(4, labelled) is HELD
    assert _after(4, lambda page: [replace(each, programmes=("AICS",)) for each in page]) is ACCEPTED


def test_a_section_that_goes_with_several_projects_is_held() -> None:
    """Two projects gone from a page of twelve are held where their whole section went with them."""
    page = [
        replace(each, section="In valutazione" if at in (3, 4) else "In corso")
        for at, each in enumerate(_page(12))
    ]
    story = Story()
    story.shows(*page)
    assert story.shows(*page[:3], *page[5:]).verdict.decision is HELD


def test_many_projects_exchanged_at_once_are_held() -> None:
    """Three of seven projects replaced by three others are no everyday edit, one of seven is."""
    fresh = [project(f"Nuova iniziativa {name}", area="EUROPA") for name in ("Lilla", "Verde", "Rossa")]
    assert _after(7, lambda page: [*fresh[:1], *page[1:]]) is ACCEPTED
    assert _after(12, lambda page: [*fresh[:2], *page[2:]]) is ACCEPTED
    assert _after(5, lambda page: [*fresh[:2], *page[2:]]) is HELD


def test_a_removal_while_other_projects_lose_facts_is_held() -> None:
    """One project gone while two others state no start any more waits for a person."""

    def worn(page: list[Project]) -> list[Project]:
        return [replace(each, start=None) if at < 2 else each for at, each in enumerate(page[:-1])]

    assert _after(8, worn) is HELD
    assert _after(8, lambda page: [*worn(page), page[-1]]) is ACCEPTED


def test_a_title_that_is_lost_is_held_or_silent() -> None:
    """On a small page a row without its title holds the page, among many it is recorded and not told."""

    def nameless(page: list[Project]) -> list[Project]:
        return [replace(page[0], title=None), *page[1:]]

    assert _after(8, nameless) is HELD
    story = Story()
    story.shows(*_page(40))
    outcome = story.shows(*nameless(_page(40)))
    assert [(change.kind.value, change.told) for change in outcome.changes] == [("retitled", False)]


def test_a_sheet_that_loses_most_of_its_facts_is_held() -> None:
    """A page of one project that suddenly states little else than a title was not read."""
    bare: dict[str, Any] = {"area": None, "programmes": (), "start": None, "link": None}
    assert _after(1, lambda page: [replace(page[0], **bare)]) is HELD


def test_facts_that_nearly_all_differ_are_held() -> None:
    """Rows whose areas, programmes, dates and links all changed were paired or read wrongly."""

    def shifted(page: list[Project]) -> list[Project]:
        return [
            replace(
                each,
                area=f"Zona {at}",
                programmes=(f"Legge {at}",),
                start=f"{1990 + at}",
                link=f"https://a.it/{at}",
            )
            for at, each in enumerate(page)
        ]

    assert _after(8, shifted) is HELD


def test_many_doubtful_pairs_hold_the_page() -> None:
    """Where a person would be asked about most of the page, the page itself is the question."""

    def phased(page: list[Project]) -> list[Project]:
        return [
            replace(each, title=f"{each.title} - fase 2", link=None) if at < 5 else each
            for at, each in enumerate(page)
        ]

    story = Story()
    story.shows(*(replace(each, title=f"{each.title} Nord") for each in _page(12)))
    seen = snapshot(phased([replace(each, title=f"{each.title} Nord") for each in _page(12)]))
    outcome = story.sees(seen)
    assert outcome.verdict.decision is HELD
    assert outcome.verdict.reasons == ("5 of 12 projects cannot be told from others",)


def test_only_another_shape_is_still_another_snapshot() -> None:
    """A redesign with equal facts is accepted, so that later visits compare with the new shape."""
    story = Story()
    story.shows(*_page(3))
    assert (
        story.shows(*(replace(each, layout=Layout.CARDS) for each in _page(3))).verdict.decision is ACCEPTED
    )


def test_none_left_is_believed_where_the_page_says_so() -> None:
    """From n to none is held unless the page says in words that there are no projects."""
    assert _after(8, lambda page: [], states_none=True) is ACCEPTED


def test_a_first_visit_without_projects_is_no_baseline() -> None:
    """A page that we cannot read at the first visit begins nothing; its projects are not announced later."""
    story = Story()
    assert story.shows().verdict.decision is HELD
    outcome = story.shows(*_page(8))
    assert (outcome.verdict.decision, outcome.changes) == (ACCEPTED, ())


def test_a_held_capture_between_two_healthy_ones_changes_nothing() -> None:
    """The comparison goes on from the last accepted state, not from the last seen one."""
    story, other = Story(), Story()
    for each in (story, other):
        each.shows(*_page(8))
    story.shows(*_page(8)[5:])
    other.day += 1
    assert story.shows(*_page(8)[1:]).changes == other.shows(*_page(8)[1:]).changes
    assert story.state == other.state


def test_a_hold_says_why_and_what_it_withholds() -> None:
    """Staff see the reasons and the changes that a release would bring."""
    story = Story()
    story.shows(*_page(8))
    outcome = story.shows(*_page(8)[5:])
    assert outcome.verdict.reasons == ("5 of 8 projects are gone",)
    assert outcome.changes == ()
    assert [change.kind for change in outcome.withheld] == ["removed"] * 5


def test_a_later_healthy_visit_closes_the_hold() -> None:
    """Nobody has to clean up after an outage."""
    story = Story()
    story.shows(*_page(8))
    story.shows(*_page(8)[5:])
    assert story.state.pages[0].hold is not None
    story.shows(*_page(8))
    assert story.state.pages[0].hold is None


def test_release_publishes_what_was_withheld() -> None:
    """What staff release comes out as the withheld changes, and becomes the baseline."""
    story = Story()
    story.shows(*_page(8))
    held = story.shows(*_page(8)[5:])
    hold = story.state.pages[0].hold
    assert hold is not None
    story.state, outcome = release(story.state, hold)
    assert outcome.changes == held.withheld
    assert story.state.pages[0].hold is None
    assert story.shows(*_page(8)[5:]).verdict.decision is Decision.UNCHANGED


def test_a_released_first_visit_is_a_baseline() -> None:
    """Releasing a first visit without projects accepts that there are none."""
    story = Story()
    story.shows()
    hold = story.state.pages[0].hold
    assert hold is not None
    story.state, outcome = release(story.state, hold)
    assert outcome.changes == ()
    assert [change.kind for change in story.shows(project("Nuovo")).changes] == ["added"]


def test_a_rejected_answer_opens_no_new_review() -> None:
    """The same answer again stays rejected; another bad answer is a new question."""
    story = Story()
    story.shows(*_page(8))
    story.shows(*_page(8)[5:])
    hold = story.state.pages[0].hold
    assert hold is not None
    story.state = reject(story.state, hold)
    story.shows(*_page(8)[5:])
    again = story.state.pages[0].hold
    assert again is not None
    assert again.rejected
    story.shows(*_page(8)[6:])
    other = story.state.pages[0].hold
    assert other is not None
    assert not other.rejected


def test_an_outage_begins_once_and_ends_once() -> None:
    """The trouble appears with the first bad visit, counts the others, and leaves with the healthy one."""
    story = Story()
    story.shows(*_page(8))
    seen = []
    story.fails()
    seen.append(story.state.pages[0].trouble)
    story.sees(None, status=503)
    story.sees(snapshot((), PageState.MAINTENANCE, reason="under maintenance"))
    seen.append(story.state.pages[0].trouble)
    story.visits(Capture(LIST, story.now, 304), None)
    first, last = seen
    assert first is not None
    assert last is not None
    assert (first.visits, last.visits, last.since) == (1, 3, first.since)
    assert story.state.pages[0].trouble is None


@pytest.mark.parametrize(
    ("status", "word"),
    [(404, "not found"), (410, "not found"), (403, "refuses"), (429, "refuses"), (500, "out of order")],
)
def test_an_error_answer_is_failed_whatever_it_says(status: int, word: str) -> None:
    """HTTP 400 and above is a failed visit even where projects can be read in it."""
    story = Story()
    story.shows(*_page(8))
    outcome = story.sees(snapshot(_page(3)), status=status)
    assert outcome.verdict.decision is Decision.FAILED
    assert word in outcome.verdict.reasons[0]


def test_not_modified_without_a_baseline_is_failed() -> None:
    """A 304 means the accepted state again; where there is none it means nothing."""
    story = Story()
    assert story.visits(Capture(LIST, story.now, 304), None).verdict.decision is Decision.FAILED


def test_thresholds_are_settings() -> None:
    """A stricter tolerance holds what the usual one believes."""
    story = Story()
    story.shows(*_page(8))
    strict = Tolerance(lost_base=0, lost_share=0.1)
    seen = snapshot(_page(8)[1:])
    _, outcome = step(story.state, Capture(LIST, story.now, 200, body=b""), seen, strict)
    assert outcome.verdict.decision is HELD
