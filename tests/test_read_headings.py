"""What a heading stands for: a title, projects, nothing, or what is no project."""

import pytest

from scraper.read.outlining.headings import HeadingKind, kind_of

ASKING = [
    "Sostienici",
    "Sostieni i progetti",
    "Dona ora",
    "Faire un don",
    "Support our work",
    "Work with us",
    "Lavora con noi",
    "Get involved",
    "Diventa volontario",
    "Become a member",
    "Faire connaître votre projet",
    "Proponi il tuo progetto",
    "Submit your project",
    "Emergency appeal",
    "Mitmachen",
    "Quer apoiar-nos?",
    "5 per mille",
    "Antragstellung",
    "Últimas noticias",
    "Definitions",
    "Glossaire",
    "La nostra storia",
    "Città gemellate",
    "Villes jumelées",
    "Aktuelles: Afrika-Tag im Rathaus",
    "Sei una scuola?",
    "Are you a company?",
    "Vous êtes un club de sport ?",
]
TITLES = [
    "Sostieni una famiglia di Goma",
    "Dona un libro",
    "Support to fishing cooperatives",
    "Lavoro dignitoso a Novi Pazar",
    "Working with farmers in Tigray",
    "Volontari per Haiti",
    "Gemellaggio scolastico con Betlemme",
    "Historia viva de Potosí",
    "Anno del bambino",
    "Sei scuole per Herat",
    "Scheda dopo scheda: archivi a Praia",
    "En bref, la radio de Kayes",
]


@pytest.mark.parametrize("text", ASKING)
def test_who_asks_or_explains_tells_of_no_project(text: str) -> None:
    """Headings that ask for help, work or ideas, explain words or list twin towns head no projects."""
    assert kind_of(text) is HeadingKind.OTHER


@pytest.mark.parametrize("text", TITLES)
def test_titles_that_begin_like_a_request(text: str) -> None:
    """A project may be called by words that also begin a request."""
    assert kind_of(text) is HeadingKind.TITLE


@pytest.mark.parametrize("text", ["Annualità 2020", "Anno 2021/2022", "Year 2023", "Jahr 2019", "2021"])
def test_years_say_nothing(text: str) -> None:
    """A heading that is only a year stands above projects and is none."""
    assert kind_of(text) is HeadingKind.GENERAL


@pytest.mark.parametrize(
    "text", ["Scheda progetto", "In sintesi", "Project at a glance", "Fiche technique", "Ficha del proyecto"]
)
def test_what_heads_a_sheet_names_no_project(text: str) -> None:
    """The words above a sheet of facts are nobody's title."""
    assert kind_of(text) is HeadingKind.GENERAL
