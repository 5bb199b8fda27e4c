"""Several pages of one source: facts merge, removals wait for the round, redirects join addresses."""

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from scraper.compare import SourceState, accepted, published, rebase
from scraper.records import Decision, Layout, PageState, ProjectStatus, Redirect, Snapshot
from tests.compare_story import LIST, Story, project, snapshot, told

DONE = "https://www.example.org/cooperazione/progetti/conclusi"
SHEET = "https://www.example.org/cooperazione/progetti/acqua"
MOVED = "https://www.example.org/cooperazione/progetti/conclusi/acqua"
ACQUA = project("Acqua per Mopti", countries=("ML",), link=SHEET)
ORTI = project("Orti di Kandi", countries=("BJ",))
SCUOLA = project("Scuola di Juba", countries=("SS",))
ACQUA_SHEET = replace(
    ACQUA, layout=Layout.SHEET, start="2022", partners=("LVIA",), link=None, section="Acqua per Mopti"
)


def test_a_sheet_and_a_list_make_one_project() -> None:
    """Two pages that name one project give one track; dates and partners come from the sheet."""
    story = Story()
    story.shows(replace(ACQUA, start="2021"), ORTI)
    outcome = story.shows(ACQUA_SHEET, url=SHEET)
    assert outcome.changes == ()
    assert len(story.state.tracks) == 2
    public = published(story.state)[1]
    assert (public.start, public.partners, public.section) == ("2022", ("LVIA",), "In corso")


def test_an_amount_and_its_currency_come_from_one_page() -> None:
    """The sheet's sum is never shown in the list's currency."""
    story = Story()
    story.shows(replace(ACQUA, amount=100.0, currency="USD"), ORTI)
    story.shows(replace(ACQUA_SHEET, amount=90.0, currency="EUR"), url=SHEET)
    public = published(story.state)[1]
    assert (public.amount, public.currency) == (90.0, "EUR")


def test_a_change_on_the_sheet_is_a_change_of_the_project() -> None:
    """The end that a sheet states later is told as the project's."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.shows(ACQUA_SHEET, url=SHEET)
    outcome = story.shows(replace(ACQUA_SHEET, end="2025"), url=SHEET)
    assert told(outcome.changes) == [("changed", ACQUA.title, "end", None, "2025")]


def test_a_project_that_moves_to_another_page_is_not_removed() -> None:
    """From the list of current projects to that of concluded ones: a change of status and a silent move."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.shows(SCUOLA, url=DONE)
    assert story.shows(ORTI).changes == ()
    concluded = replace(ACQUA, status=ProjectStatus.CONCLUDED, section="Conclusi")
    outcome = story.shows(SCUOLA, concluded, url=DONE)
    assert told(outcome.changes) == [("changed", ACQUA.title, "status", "ongoing", "concluded")]
    assert {change.kind for change in outcome.changes} == {"changed", "moved"}


def test_a_move_to_a_page_that_was_read_before_in_the_round() -> None:
    """The order in which the pages are read does not matter."""
    story = Story()
    story.shows(SCUOLA, url=DONE)
    story.shows(ACQUA, ORTI)
    story.shows(SCUOLA, ACQUA, url=DONE)
    assert told(story.shows(ORTI).changes) == []
    assert 2 in published(story.state)


SECTION = [project(f"Pozzo {place}", section="Conclusi") for place in ("a Gao", "a Kayes", "a Ségou")]
STAYING = [project(f"Scuola {place}") for place in ("a Beira", "a Pemba", "a Tete", "a Zomba")]


@pytest.mark.parametrize("first", ["the new page", "the old page"])
def test_a_page_that_is_split_over_two_is_believed(first: str) -> None:
    """A section that gets a page of its own is not gone, whichever page is read first."""
    story = Story()
    story.shows(*STAYING, *SECTION)
    if first == "the old page":
        assert story.shows(*STAYING).verdict.decision is Decision.HELD
    story.shows(*SECTION, url=DONE)
    outcome = story.shows(*STAYING)
    assert outcome.verdict.decision is Decision.ACCEPTED
    assert told(outcome.changes) == []
    assert len(published(story.state)) == 7


def test_sheets_of_single_projects_do_not_vouch_for_a_torn_list() -> None:
    """A list that loses its end is held although each lost project has a sheet of its own."""
    story = Story()
    story.shows(*STAYING, *SECTION)
    for number, each in enumerate((*STAYING, *SECTION)):
        story.shows(replace(each, layout=Layout.SHEET), url=f"{SHEET}/{number}")
    assert story.shows(*STAYING).verdict.decision is Decision.HELD


def test_a_page_that_lists_them_all_does_not_vouch_for_a_torn_list() -> None:
    """A second list that states what is left as well as what is lost proves no move."""
    story = Story()
    story.shows(*STAYING, *SECTION)
    story.shows(*STAYING, *SECTION, url=DONE)
    assert story.shows(*STAYING).verdict.decision is Decision.HELD


def test_a_page_that_is_seldom_read_is_waited_for() -> None:
    """Where all pages are read every other week, a removal still waits for the round's other page."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.shows(SCUOLA, url=DONE)
    story.day += 14
    assert story.shows(ORTI).changes == ()
    outcome = story.shows(SCUOLA, replace(ACQUA, section="Conclusi"), url=DONE)
    assert told(outcome.changes) == []


def test_a_page_that_is_watched_no_more_delays_removals_for_a_week() -> None:
    """A page that is never read again, and not out of order either, is waited for a week from the removal."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.shows(SCUOLA, url=DONE)
    story.day += 30
    assert story.shows(ORTI).changes == ()
    story.day += 5
    assert story.shows(ORTI).changes == ()
    story.day += 1
    assert told(story.shows(ORTI).changes) == [("removed", ACQUA.title, None, None, None)]


def test_a_removal_is_public_once_the_round_is_read() -> None:
    """A project that no page states any more is removed at the round's last page, were it unchanged."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.shows(SCUOLA, url=DONE)
    assert story.shows(ORTI).changes == ()
    assert 1 in published(story.state)
    outcome = story.shows(SCUOLA, url=DONE)
    assert outcome.verdict.decision is Decision.UNCHANGED
    assert told(outcome.changes) == [("removed", ACQUA.title, None, None, None)]
    assert 1 not in published(story.state)


def test_a_removal_waits_for_a_page_that_cannot_be_read_but_not_for_ever() -> None:
    """While the other page fails nothing is removed; after a week without it the removal is believed."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.shows(SCUOLA, url=DONE)
    heard = []
    for _ in range(4):
        heard.append(told(story.shows(ORTI).changes))
        story.fails(DONE)
    assert heard[:3] == [[], [], []]
    assert heard[3] == [] or heard[3] == [("removed", ACQUA.title, None, None, None)]
    story.day += 2
    story.shows(ORTI)
    assert 1 not in published(story.state)


def test_a_page_that_joins_later_is_a_baseline() -> None:
    """The first visit of a further page announces nothing, whatever it names."""
    story = Story()
    story.shows(ACQUA, ORTI)
    assert story.shows(SCUOLA, ACQUA, url=DONE).changes == ()
    assert sorted(published(story.state)) == [1, 2, 3]


def test_a_permanent_redirect_joins_two_addresses() -> None:
    """What was watched at the old address goes on at the new one, with its tracks and without a baseline."""
    story = Story()
    story.shows(ACQUA_SHEET, url=SHEET)
    story.sees(snapshot((ACQUA_SHEET,)), url=SHEET, redirects=(Redirect(301, MOVED),))
    outcome = story.shows(replace(ACQUA_SHEET, end="2025"), url=MOVED)
    assert told(outcome.changes) == [("changed", ACQUA.title, "end", None, "2025")]
    assert accepted(story.state, SHEET) == accepted(story.state, MOVED)
    assert len(story.state.pages) == 1


def test_a_temporary_redirect_joins_nothing() -> None:
    """A 302 may point anywhere tomorrow; the new address begins with a baseline of its own."""
    story = Story()
    story.shows(ACQUA_SHEET, url=SHEET)
    story.sees(snapshot((ACQUA_SHEET,)), url=SHEET, redirects=(Redirect(302, MOVED),))
    assert story.shows(replace(ACQUA_SHEET, end="2025"), url=MOVED).changes == ()


def test_a_redirect_to_a_watched_page_makes_one_page_of_two() -> None:
    """A page that now leads to another watched one is that page; its projects are not announced twice."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.shows(SCUOLA, url=DONE)
    outcome = story.sees(snapshot((ACQUA, ORTI, SCUOLA)), url=DONE, redirects=(Redirect(308, LIST),))
    assert told(outcome.changes) == []
    assert [page.url for page in story.state.pages] == [LIST]


def test_a_held_redirect_joins_nothing() -> None:
    """A redirect to a page that is not believed (a soft 404) leaves the addresses apart."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.sees(snapshot((), PageState.NOT_FOUND), redirects=(Redirect(301, "https://www.example.org/"),))
    assert story.state.pages[0].addresses == ()


def test_a_new_reader_version_announces_nothing_and_keeps_the_tracks() -> None:
    """After `rebase` the next visit is compared with the new reading, and numbers stay."""
    story = Story()
    story.shows(ACQUA, ORTI)
    better = Snapshot("2", PageState.OK, projects=(replace(ACQUA, programmes=("AICS",)), ORTI))
    story.state = rebase(story.state, LIST, better)
    assert [track.number for track in story.state.tracks] == [1, 2]
    assert published(story.state)[1].programmes == ("AICS",)
    outcome = story.sees(better)
    assert outcome.changes == ()


def test_an_older_reading_is_never_compared_with_a_newer_one() -> None:
    """Comparing across reader versions is refused rather than announced as changes of the page."""
    story = Story()
    story.shows(ACQUA, ORTI)
    with pytest.raises(ValueError, match="rebased to 2"):
        story.sees(Snapshot("2", PageState.OK, projects=(ORTI,)))


def test_a_reader_that_fails_on_an_old_capture_keeps_the_old_facts() -> None:
    """A new version that cannot read the accepted capture removes nothing."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.state = rebase(story.state, LIST, Snapshot("2", PageState.MAINTENANCE))
    outcome = story.sees(Snapshot("2", PageState.OK, projects=(ACQUA, ORTI)))
    assert outcome.changes == ()


def test_the_state_survives_json() -> None:
    """The state of a source with tracks, a hold, trouble and a question comes back equal from JSON."""
    story = Story()
    story.shows(ACQUA, ORTI, SCUOLA)
    story.shows(ACQUA_SHEET, url=SHEET)
    story.shows(replace(ACQUA, title="Acqua per Mopti - fase 2", link=None), ORTI, SCUOLA)
    story.shows()
    state = TypeAdapter(SourceState)
    assert story.state.pages[0].hold is not None
    assert state.validate_json(state.dump_json(story.state)) == story.state


def test_a_sheet_is_the_page_that_the_list_links_to() -> None:
    """A detail sheet under another title joins the project whose link in the list is the sheet's address."""
    story = Story()
    story.shows(ACQUA, ORTI)
    story.shows(replace(ACQUA_SHEET, title="Potabilizzazione e igiene nel cerchio"), url=SHEET)
    assert sorted(published(story.state)) == [1, 2]
    assert published(story.state)[1].partners == ("LVIA",)


def test_a_row_and_a_passage_of_one_page_are_one_project() -> None:
    """A passage of prose about a project of the table is no project of its own, nor is its end a removal."""
    row = project("NETPORT - Network of Ports", area="AREA MEDITERRANEA")
    prose = project("IL PROGETTO NETPORT", layout=Layout.PROSE, end="2026", section="IL PROGETTO NETPORT")
    story = Story()
    story.shows(row, ORTI)
    outcome = story.shows(row, ORTI, prose)
    assert told(outcome.changes) == [("changed", row.title, "end", None, "2026")]
    outcome = story.shows(row, ORTI)
    assert [(change.field, change.told) for change in outcome.changes] == [("end", False)]
