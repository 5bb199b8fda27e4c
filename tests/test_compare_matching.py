"""Pairs of titles and facts that must, or must not, be one project; and the parts that judge them."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.compare.matching.assignment import best_assignment
from scraper.compare.matching.naming import initials, name, spells
from scraper.compare.plain_text import plain, plain_link, says_the_same
from scraper.records import Project
from tests.compare_story import Story, project

OTHERS = (
    project("Orti comunitari a Kandi", area="AFRICA", programmes=("Regione Piemonte",)),
    project("Energia solare a Tiro", area="MEDIO ORIENTE", programmes=("UNDP",)),
    project("Filiera del caffè", area="AMERICA LATINA", programmes=("AICS",)),
)


def _kinds(before: Project, after: Project) -> set[str]:
    story = Story()
    story.shows(before, *OTHERS)
    outcome = story.shows(*OTHERS, after)
    assert outcome.verdict.decision == "accepted"
    return {change.kind.value for change in outcome.changes} | {
        question.kind for question in outcome.questions
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("PROGETTO NETPORT - seconda fase", "NETPORT 2° fase - Network of Ports in Transition"),
        ("NETPORT II", "NETPORT - fase 2"),
        ("W.A.T.E.R.", "Women and Territories for Equal Resources"),
        ("Youth Employment in Small Towns", "YEST"),
        ("Riciclo della plastica ad Awassa", "Riciclo della plastica a Hawassa"),
        ("Cooperazione con le municipalità della Tripolitania", "Cooperazione con le municipalità della…"),
        ("L'acqua di Koudougou", "Progetto L’acqua di Koudougou: pozzi e scuole"),
        ("Sanità di base a Ouagadougou", "Sanità di base a Uagadugu"),
        ("Semi di dialogo a Goraf", "Semi di dialogo a Gorfa"),
        ("Sostegno alle cooperative agrcole di Zarqa", "Sostegno alle cooperative agricole di Zarqa"),
    ],
)
def test_titles_of_one_project(before: str, after: str) -> None:
    """Another spelling, form or length of a title is a retitle and nothing else."""
    assert _kinds(project(before), project(after)) == {"retitled"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "NETPORT 1° fase - Network of Ports in Transition",
            "NETPORT 2° fase - Network of Ports in Transition",
        ),
        ("COPRA II", "COPRA III"),
        ("Ragazzi in Gambia", "Ragazzi in Giordania"),
        ("Borse di studio 2022", "Borse di studio 2023"),
        ("Pozzi a Mopti", "Biblioteca di quartiere a Scutari"),
        ("Formazione docenti a Praia", "Formazione docenti a Lomé"),
    ],
)
def test_titles_of_two_projects(before: str, after: str) -> None:
    """A next phase, a next year, a template filled in anew are another project."""
    assert _kinds(project(before), project(after)) == {"added", "removed"}


@pytest.mark.parametrize(
    "facts",
    [
        {"cup": "D19C20000120001"},
        {"link": "https://www.example.org/progetti/scheda-12"},
        {"amount": 120500.0, "partners": ("LVIA", "Comune di Cuneo"), "start": "2021-05"},
    ],
)
def test_evidence_without_the_title(facts: dict[str, object]) -> None:
    """A wholly new name keeps the project where its CUP, link, or amount with partners and start agree."""
    area = {"area": "BALCANI", "programmes": ("Unione europea",)}
    before = project("Casa delle culture", **area, **facts)
    assert _kinds(before, replace(before, title="Spazio giovani Scutari")) == {"retitled"}


def test_another_cup_is_another_project() -> None:
    """The same title under another CUP is a project of its own."""
    before = project("Casa delle culture", cup="D19C20000120001")
    assert _kinds(before, replace(before, cup="E55F21000090006")) == {"added", "removed"}


def test_a_link_that_several_projects_share_proves_nothing() -> None:
    """The address of the call, under every title, does not join two projects."""
    shared = "https://www.example.org/bando"
    story = Story()
    page = [replace(each, link=shared) for each in OTHERS]
    story.shows(project("Pozzi a Mopti", link=shared), *page)
    outcome = story.shows(*page, project("Biblioteca di Scutari", link=shared))
    assert {change.kind.value for change in outcome.changes} == {"added", "removed"}


def test_a_link_printed_twice_is_still_one_projects_link() -> None:
    """A project that stands twice on the page keeps the weight of its own link."""
    linked = project("Casa delle culture", link="https://www.example.org/p/1")
    renamed = replace(linked, title="Spazio giovani Scutari")
    story = Story()
    story.shows(linked, linked, *OTHERS)
    outcome = story.shows(renamed, renamed, *OTHERS)
    assert [change.kind.value for change in outcome.changes] == ["retitled"]


def test_the_place_in_the_list_counts() -> None:
    """Between the same neighbours an untitled row that gets a title is itself, elsewhere a question."""
    nameless = project(None, area="BALCANI")
    named = replace(nameless, title="Casa delle culture", programmes=("Unione europea",))
    for page, kinds in (((named, *OTHERS), {"retitled", "changed"}), ((*OTHERS, named), {"pair"})):
        story = Story()
        story.shows(nameless, *OTHERS)
        outcome = story.shows(*page)
        found = {change.kind.value for change in outcome.changes} | {each.kind for each in outcome.questions}
        assert found == kinds


def test_a_title_from_the_past_is_remembered() -> None:
    """A project that takes back the title it had three versions ago, elsewhere on the page, is itself."""
    story = Story()
    first = project("Casa delle culture", link="https://www.example.org/p/1")
    story.shows(first, *OTHERS)
    renamed = replace(first, title="Spazio giovani Scutari")
    story.shows(renamed, *OTHERS)
    story.shows(replace(renamed, link=None), *OTHERS)
    outcome = story.shows(*OTHERS, replace(first, link=None))
    assert {(change.kind.value, change.track) for change in outcome.changes} == {("retitled", 1)}


def test_a_project_that_comes_back_reappears() -> None:
    """After its absence a project is the same track again."""
    story = Story()
    story.shows(project("Casa delle culture"), *OTHERS)
    story.shows(*OTHERS)
    outcome = story.shows(*OTHERS, project("Casa delle Culture."))
    assert [(change.kind.value, change.track) for change in outcome.changes] == [("reappeared", 1)]


def test_a_project_printed_twice_is_one() -> None:
    """A row that is repeated, or no longer repeated, is no change."""
    story = Story()
    story.shows(*OTHERS)
    assert story.shows(*OTHERS, OTHERS[0]).changes == ()
    assert story.shows(OTHERS[0], *OTHERS).changes == ()
    assert story.shows(*OTHERS).changes == ()


def test_one_title_for_two_places_is_two_projects() -> None:
    """Equal titles with countries that differ are told apart, also when one of them goes."""
    story = Story()
    kenya, mali = project("Borse di studio", countries=("KE",)), project("Borse di studio", countries=("ML",))
    story.shows(kenya, mali, *OTHERS)
    assert len(story.state.tracks) == 5
    outcome = story.shows(mali, *OTHERS)
    assert [(change.kind.value, change.track) for change in outcome.changes] == [("removed", 1)]


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 4)), st.sampled_from((0.5, 1.0, 2.0, 3.5)), max_size=14
    )
)
def test_the_assignment_is_the_best_one(weights: dict[tuple[int, int], float]) -> None:
    """No other one-to-one assignment weighs more."""
    found = best_assignment(weights)
    assert len(set(found.values())) == len(found)
    best = 0.0
    for columns in product((None, 0, 1, 2, 3, 4), repeat=5):
        pairs = [(row, column) for row, column in enumerate(columns) if column is not None]
        if len({column for _, column in pairs}) == len(pairs) and all(pair in weights for pair in pairs):
            best = max(best, sum(weights[pair] for pair in pairs))
    assert sum(weights[pair] for pair in found.items()) == pytest.approx(best)


@pytest.mark.parametrize(
    ("title", "phase"),
    [
        ("NETPORT - seconda fase", 2),
        ("NETPORT 2a fase", 2),
        ("NETPORT 2ª fase", 2),
        ("NETPORT 2^ fase", 2),
        ("Fase II di NETPORT", 2),
        ("NETPORT phase 3", 3),
        ("COPRA IV", 4),
        ("Smart 2.0", 2),
        ("Terza annualità del servizio", 3),
        ("NETPORT", None),
        ("Primo soccorso a Goma", None),
        ("I bambini di Goma", None),
        ("100% plastica", None),
        ("Acqua 2020", None),
    ],
)
def test_phases_are_read_in_every_spelling(title: str, phase: int | None) -> None:
    """Ordinals count only where they count a phase."""
    assert name(title).phase == phase


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("S.O.L.E. Sviluppo e lavoro", {"sole"}),
        ("BlueRoute_C3 - turismo", {"blueroute_c3"}),
        ("MC2CM migrazioni", {"mc2cm"}),
        ("HawaTo - riciclo", {"hawato"}),
        ("RAGAZZI IN GAMBIA", set()),
        ("Progetto AICS in Mali", set()),
    ],
)
def test_codes_of_a_title(title: str, codes: set[str]) -> None:
    """Acronyms are codes; capitals throughout and the initials of funders are none."""
    assert name(title).codes == codes


def test_initials_spell_codes() -> None:
    """Small words may be skipped or counted, figures may stand for words."""
    letters = name("Mediterranean City to City Migration").letters
    assert spells("mc2cm", letters)
    assert spells("mccm", letters)
    assert not spells("mcm", letters)
    assert "mccm" in initials(letters)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("dell' Agenzia", "dell’Agenzia"),
        ("Blue -Maritime", "Blue – Maritime"),
        ("PROGETTO  A", "Progetto\u00a0a."),
        ("“Acqua” per tutti", "«Acqua» per tutti"),
        ("citta' metropolitana", "Città metropolitana"),
        ("2ª fase", "2a fase"),
        ("co\u00adoperazione", "cooperazione"),
        ("cooperazione\u200b", "cooperazione"),
        ("Ete\u0301 2020", "Eté 2020"),
        ("Acqua , scuola", "Acqua, scuola"),
    ],
)
def test_typography_is_no_change(before: str, after: str) -> None:
    """Case, spaces, quotes, dashes, invisible signs and closing stops say nothing."""
    assert says_the_same("title", before, after)


@pytest.mark.parametrize(
    ("before", "after"), [("rifugiati", "rifugiate"), ("Mopti 1", "Mopti 2"), ("a b", "a c")]
)
def test_a_corrected_letter_is_a_change(before: str, after: str) -> None:
    """One letter that differs is a difference."""
    assert not says_the_same("title", before, after)


def test_session_ids_in_links_are_no_change() -> None:
    """A link is its address: without scheme, session and fragment, but with what it asks for."""
    assert plain_link("https://www.a.it/p/?PHPSESSID=12&id=3#top") == plain_link("http://a.it/p?id=3")
    assert plain_link("https://a.it/p;jsessionid=9A") == plain_link("https://a.it/p")
    assert plain_link("https://a.it/p?id=3") != plain_link("https://a.it/p?id=4")


@given(st.text(max_size=40))
def test_plain_text_is_settled(text: str) -> None:
    """Reducing a reduced text changes nothing more."""
    assert plain(plain(text)) == plain(text)
