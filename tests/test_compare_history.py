"""The first known history of the Torino page: prose becomes a row, a section appears, typography drifts."""

from dataclasses import replace

from scraper.records import Decision, Layout, ProjectStatus, Role, Span
from tests.compare_story import Story, project, said, told

AICS_FIRST = "Bando dell' Agenzia Italiana per la Cooperazione allo Sviluppo"
AICS = "Bando dell'Agenzia Italiana per la Cooperazione allo Sviluppo"
ATO3 = "Autorità d'ambito torinese ATO3"
SMART = project(
    "S.M.A.R.T. Sanitation, Marketing Agriculture, Rural Development and Transformation",
    acronym="SMART",
    area="AFRICA",
    programmes=(AICS_FIRST,),
)
PLASTICA = project(
    "100% Plastica - Intervento di sviluppo del settore di raccolta e riciclo dei rifiuti plastici ad Awassa",
    area="AFRICA",
    programmes=(AICS,),
    countries=("ET",),
)
LIBANO = project(None, area="MEDIO ORIENTE", programmes=("UNDP United Nations Development Programme", ATO3))
TRASVERSALE = project(None, area="TRASVERSALE", programmes=(ATO3,))
BLEU = project(
    "BleuTourMed_C3 -Maritime and Coastal SustainaBLE Tourism in the Mediterranean",
    acronym="BleuTourMed_C3",
    area="AREA MEDITERRANEA",
    programmes=("Programma Interreg MED",),
    role=Role.STAKEHOLDER,
)
MC2CM_PROSE = project(
    "PROGETTO MC2CM - seconda fase",
    acronym="MC2CM",
    status=ProjectStatus.STARTING,
    end="2021-03",
    partners=("ICMPD", "UN-Habitat", "UCLG"),
    programmes=("Unione europea",),
    section="PROGETTO MC2CM - seconda fase",
    layout=Layout.PROSE,
)
MC2CM_ROW = project(
    "MC2CM 2a fase - Mediterranean City to City Migration",
    acronym="MC2CM",
    area="AREA MEDITERRANEA",
    programmes=("Commissione europea in collaborazione con l'Agenzia nazionale Svizzera",),
    role=Role.STAKEHOLDER,
)
GAMBIA = project(
    "RAGAZZI IN GAMBIA",
    status=ProjectStatus.EVALUATION,
    role=Role.LEAD,
    section="PROGETTI IN VALUTAZIONE",
    layout=Layout.PROSE,
)
FIRST = (SMART, PLASTICA, LIBANO, TRASVERSALE, TRASVERSALE, BLEU, MC2CM_PROSE)
SECOND = (
    replace(SMART, programmes=(AICS,)),
    PLASTICA,
    LIBANO,
    TRASVERSALE,
    TRASVERSALE,
    replace(BLEU, title="BleuTourMed_C3 - Maritime and Coastal SustainaBLE Tourism in the Mediterranean."),
    MC2CM_ROW,
    GAMBIA,
)


def test_the_first_visit_is_the_baseline() -> None:
    """The first visit begins a track for each project, untitled twins apart, and announces nothing."""
    story = Story()
    outcome = story.shows(*FIRST)
    assert outcome.verdict.decision is Decision.ACCEPTED
    assert outcome.changes == ()
    assert [track.number for track in story.state.tracks] == [1, 2, 3, 4, 5, 6, 7]


def test_the_second_version_tells_the_move_of_mc2cm_and_the_new_project() -> None:
    """MC2CM is retitled with status, area, programme and role; Gambia is new; typography says nothing."""
    story = Story()
    story.shows(*FIRST)
    outcome = story.shows(*SECOND)
    title = MC2CM_ROW.title
    assert outcome.verdict.decision is Decision.ACCEPTED
    assert outcome.questions == ()
    assert told(outcome.changes) == [
        ("retitled", title, "title", MC2CM_PROSE.title, title),
        ("changed", title, "area", None, "AREA MEDITERRANEA"),
        ("changed", title, "programmes", MC2CM_PROSE.programmes, MC2CM_ROW.programmes),
        ("changed", title, "status", "starting", "ongoing"),
        ("changed", title, "role", None, "stakeholder"),
        ("added", "RAGAZZI IN GAMBIA", None, None, None),
    ]


def test_what_the_row_no_longer_states_is_recorded_and_not_told() -> None:
    """The end, the partners and the old section of MC2CM are in the record of the visit, not in digests."""
    story = Story()
    story.shows(*FIRST)
    outcome = story.shows(*SECOND)
    silent = [said(change)[2:] for change in outcome.changes if not change.told]
    assert ("end", "2021-03", None) in silent
    assert ("partners", MC2CM_PROSE.partners, ()) in silent
    assert ("section", "PROGETTO MC2CM - seconda fase", "In corso") in silent


def test_the_match_says_its_grounds() -> None:
    """The pairing of the two MC2CM titles names the code and the phase, and is sure."""
    story = Story()
    story.shows(*FIRST)
    match = next(m for m in story.shows(*SECOND).matches if m.title == MC2CM_ROW.title)
    assert match.track == 7
    assert match.previous_title == MC2CM_PROSE.title
    assert match.confidence > 0.95
    assert {"the same code MC2CM", "the same phase 2"} <= set(match.grounds)


def test_a_conclusion_is_a_change_of_status_and_a_silent_move() -> None:
    """A project that moves among the concluded ones is told as a status, not as a removal."""
    story = Story()
    story.shows(*SECOND)
    concluded = replace(PLASTICA, status=ProjectStatus.CONCLUDED, section="PROGETTI CONCLUSI")
    outcome = story.shows(*(concluded if each is PLASTICA else each for each in SECOND))
    assert told(outcome.changes) == [("changed", PLASTICA.title, "status", "ongoing", "concluded")]
    assert [change.field for change in outcome.changes] == ["status", "section"]


def test_titles_that_an_extraction_lost_come_back_as_titles() -> None:
    """An untitled project whose title appears in the same row is retitled, not replaced."""
    story = Story()
    story.shows(*FIRST)
    outcome = story.shows(
        *(replace(LIBANO, title="SHWM Libano") if each is LIBANO else each for each in FIRST)
    )
    assert [said(change) for change in outcome.changes] == [
        ("retitled", "SHWM Libano", "title", None, "SHWM Libano")
    ]


def test_equal_untitled_records_are_matched_by_count() -> None:
    """Two equal untitled projects in any order, twice in a row, are no change."""
    story = Story()
    story.shows(*FIRST)
    outcome = story.shows(TRASVERSALE, *reversed(FIRST[:3]), TRASVERSALE, *FIRST[5:])
    assert outcome.changes == ()
    assert len(story.state.tracks) == 7


def test_a_title_cut_short_is_recorded_and_not_told() -> None:
    """A teaser's ellipsis is no new title for subscribers, nor is the full title afterwards."""
    story = Story()
    story.shows(*FIRST)
    cut = replace(PLASTICA, title="100% Plastica - Intervento di sviluppo del settore…")
    changes = [
        *story.shows(*(cut if each is PLASTICA else each for each in FIRST)).changes,
        *story.shows(*FIRST).changes,
    ]
    assert [(change.kind.value, change.told) for change in changes] == [
        ("retitled", False),
        ("retitled", False),
    ]


def test_a_country_that_only_the_title_named_changes_with_the_title_alone() -> None:
    """A title corrected in its place name is told as a title, not as a country that went."""
    spans = (Span("title", 3, 0, 20, "Acqua pulita a Ngozi"), Span("countries", 3, 15, 20, "Ngozi"))
    stated = project("Acqua pulita a Ngozi", countries=("BI",), spans=spans)
    story = Story()
    story.shows(SMART, stated, GAMBIA)

    outcome = story.shows(
        SMART, replace(stated, title="Acqua pulita a Ngozzi", countries=(), spans=()), GAMBIA
    )

    assert [change.field for change in outcome.changes if change.told] == ["title"]
    assert [change.field for change in outcome.changes if not change.told] == ["countries"]


def test_an_acronym_that_changes_with_the_title_is_told_once() -> None:
    """The title says it already; an acronym that changes alone is told."""
    story = Story()
    story.shows(*FIRST)
    retitled = replace(BLEU, title="BlueTour_C4 - Maritime and Coastal Tourism", acronym="BlueTour_C4")
    outcome = story.shows(*(retitled if each is BLEU else each for each in FIRST))
    assert [change[2] for change in told(outcome.changes)] == ["title"]
    alone = replace(retitled, acronym="BT4")
    outcome = story.shows(*(alone if each is BLEU else each for each in FIRST))
    assert [change[2] for change in told(outcome.changes)] == ["acronym"]


def test_an_acronym_recognised_anew_is_no_change() -> None:
    """Where the title stays the same, an acronym out of it that is read or not read says nothing."""
    story = Story()
    story.shows(*FIRST)
    outcome = story.shows(*(replace(BLEU, acronym=None) if each is BLEU else each for each in FIRST))
    assert outcome.changes == ()


def test_a_redesign_tells_no_links() -> None:
    """Cards without links and rows that have theirs back are no news; a link that changes in place is."""
    story = Story()
    linked = tuple(replace(each, link=f"https://www.example.org/{n}") for n, each in enumerate(FIRST))
    story.shows(*linked)
    cards = tuple(replace(each, link=None, layout=Layout.CARDS) for each in linked)
    assert told(story.shows(*cards).changes) == []
    assert told(story.shows(*linked).changes) == []
    moved = replace(linked[1], link="https://www.example.org/awassa")
    outcome = story.shows(*(moved if each is linked[1] else each for each in linked))
    assert [change[2] for change in told(outcome.changes)] == ["link"]
