"""Plain text: the seed's own text, and other pages as extractors leave them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.read import read
from scraper.records import Capture, PageState, Project, ProjectStatus, Role, Snapshot
from scraper.sources import shipped_sources

SEED = Path(__file__).parent.parent.parent / "shared" / "seed"
TORINO = shipped_sources()[0]
AICS = "Bando dell'Agenzia Italiana per la Cooperazione allo Sviluppo"
PLASTICA = (
    "100% Plastica - Intervento di sviluppo del settore di raccolta e riciclo dei rifiuti plastici ad Awassa"
)
ATO3 = "Autorità d'ambito torinese ATO3"


def snapshot(text: str) -> Snapshot:
    """Read a text page of the Torino source."""
    headers = (("Content-Type", "text/plain; charset=utf-8"),)
    at = datetime(2018, 8, 20, 4, 30, tzinfo=UTC)
    return read(Capture(TORINO.pages[0].address, at, 200, headers, text.encode()), TORINO)


@pytest.fixture(scope="module")
def seed() -> Snapshot:
    """The reading of the seed's text."""
    files = sorted(SEED.glob("*.txt")) if SEED.is_dir() else []
    if not files:
        pytest.skip(f"the seed's text is not at {SEED}")
    return snapshot(files[0].read_text("utf-8"))


def test_the_seed_yields_its_seven_projects(seed: Snapshot) -> None:
    """Titles that the extraction lost are unknown, never a shifted column or an invented title."""
    assert seed.page_state is PageState.OK
    assert [(project.area, project.title) for project in seed.projects] == [
        ("AFRICA", "S.M.A.R.T. Sanitation, Marketing Agriculture, Rural Development and Transformation"),
        ("AFRICA", PLASTICA),
        ("MEDIO ORIENTE", None),
        ("TRASVERSALE", None),
        ("TRASVERSALE", None),
        (
            "AREA MEDITERRANEA",
            "BleuTourMed_C3 -Maritime and Coastal SustainaBLE Tourism in the Mediterranean",
        ),
        (None, "PROGETTO MC2CM - seconda fase"),
    ]


def test_the_seeds_programmes_stay_with_their_titles(seed: Snapshot) -> None:
    """Programmes pair with titles by order; a single line end parts no entries."""
    programmes = [project.programmes for project in seed.projects[:6]]
    assert programmes == [
        (AICS.replace("dell'A", "dell' A"),),
        (AICS,),
        ("UNDP United Nations Development Programme", ATO3),
        (ATO3,),
        (ATO3,),
        ("Programma Interreg MED",),
    ]


def test_the_seeds_roles_dates_and_states(seed: Snapshot) -> None:
    """BleuTourMed_C3 names our role, MC2CM is starting and ends in March 2021; meetings are no dates of
    it."""
    bleutourmed, mc2cm = seed.projects[5:]
    assert bleutourmed.role is Role.STAKEHOLDER
    assert (mc2cm.status, mc2cm.start, mc2cm.end, mc2cm.role) == (
        ProjectStatus.STARTING,
        None,
        "2021-03",
        None,
    )
    assert mc2cm.countries == ()


def test_the_seed_warns_of_each_lost_title(seed: Snapshot) -> None:
    """Every project without a title is warned of."""
    assert len(seed.warnings) == 3
    assert all("title" in warning for warning in seed.warnings)


def test_the_seeds_introduction_is_no_project(seed: Snapshot) -> None:
    """What the page says of co-operation in general is unread, not lost and not a project."""
    assert any(
        text.startswith("La Città metropolitana di Torino partecipa attivamente") for text in seed.unread
    )


def facts(project: Project) -> tuple[str | None, tuple[str, ...], str | None]:
    """Return what tells the projects of these tests apart."""
    return project.title, project.countries, project.status and project.status.value


def test_a_text_of_headings_and_paragraphs() -> None:
    """Lines that stand alone are headings; what follows them is prose about them."""
    text = (
        "Progetti in corso\n\nPane per Kayes\n\nForni comunitari in Mali, con la ong Lvia.\n\n"
        "Voci di Scutari\n\nUna radio giovane in Albania.\n\nContatti\n\nUfficio cooperazione, tel. 011\n"
    )
    assert [facts(project) for project in snapshot(text).projects] == [
        ("Pane per Kayes", ("ML",), "ongoing"),
        ("Voci di Scutari", ("AL",), "ongoing"),
    ]


def test_a_text_table_with_tabs() -> None:
    """A header in columns opens a table also where the extraction kept its tabs."""
    text = "PROGETTI CONCLUSI\n\nAREA\tTITOLO\tPROGRAMMA\n\nAFRICA\n\n• Terre d'acqua\n\nFondo provinciale\n"
    (project,) = snapshot(text).projects
    assert (project.area, project.title, project.programmes) == (
        "AFRICA",
        "Terre d'acqua",
        ("Fondo provinciale",),
    )
