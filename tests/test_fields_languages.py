"""German and Portuguese: labels, statuses, dates, sums, places and bodies as their pages word them."""

import pytest

from scraper.read.fields.amounts import project_amount
from scraper.read.fields.countries import find_countries
from scraper.read.fields.dates import find_period, find_project_period
from scraper.read.fields.labels import Label, label_of
from scraper.read.fields.namelists import split_names
from scraper.read.fields.partners import find_partners
from scraper.read.fields.programmes import find_programmes
from scraper.read.fields.roles import find_role
from scraper.read.fields.statuses import heading_status, prose_status
from scraper.read.fields.typography import fold
from scraper.read.outlining.headings import HeadingKind, kind_of
from scraper.read.wording import NONE_STATED
from scraper.records import ProjectStatus, Role

LABELS = [
    ("Projektpartner vor Ort", Label.PARTNERS),
    ("Laufzeit", Label.PERIOD),
    ("Fördermittel", Label.FUNDS),
    ("Mittelgeber", Label.PROGRAMMES),
    ("Gesamtkosten des Projekts", Label.AMOUNT),
    ("Fördersumme", Label.SHARE),
    ("Projektträger", Label.LEAD),
    ("Zielland", Label.COUNTRIES),
    ("Stand", Label.YEAR),
    ("Partenaires financiers", Label.PROGRAMMES),
    ("Ansprechpartnerin", Label.CONTACT),
    ("Parceiros locais", Label.PARTNERS),
    ("Entidade financiadora", Label.PROGRAMMES),
    ("Data de início", Label.START),
    ("Fim do projeto", Label.END),
    ("Beginnt", Label.START),
    ("Endet im", Label.END),
    ("Orçamento total do projecto", Label.AMOUNT),
    ("Montante aprovado", Label.SHARE),
    ("Ponto de situação", Label.STATUS),
    ("Designação do projeto", Label.TITLE),
    ("Landschaft", None),
    ("Projektionen", None),
]
KINDS = [
    ("Unsere Projekte im Überblick", HeadingKind.PROJECTS),
    ("Geförderte Hilfsprojekte 2023", HeadingKind.PROJECTS),
    ("Laufende Projekte", HeadingKind.PROJECTS),
    ("Os nossos projetos", HeadingKind.PROJECTS),
    ("Ansprechpartner", HeadingKind.OTHER),
    ("Notícias", HeadingKind.OTHER),
    ("Kommunale Entwicklungszusammenarbeit", HeadingKind.GENERAL),
    ("Klimapartnerschaft mit Kumasi", HeadingKind.TITLE),
]
STATUSES = [
    ("Abgeschlossene Projekte", ProjectStatus.CONCLUDED),
    ("Geplante Vorhaben", ProjectStatus.STARTING),
    ("in Vorbereitung", ProjectStatus.STARTING),
    ("noch nicht abgeschlossen", ProjectStatus.ONGOING),
    ("Projetos em avaliação", ProjectStatus.EVALUATION),
    ("Em execução", ProjectStatus.ONGOING),
    ("Encerrado", ProjectStatus.CONCLUDED),
    ("Aktuelle Meldungen", None),
]
TOLD = [
    ("Philippines | 2019–2022 | Completed", ProjectStatus.CONCLUDED),
    ("Sierra Leone · Active", ProjectStatus.ONGOING),
    ("Active citizens | Schools", None),
    ("dal 2022, in corso – budget € 120.000", ProjectStatus.ONGOING),
    ("Das Projekt wurde 2019 abgeschlossen.", ProjectStatus.CONCLUDED),
    ("O projeto está em curso.", ProjectStatus.ONGOING),
    ("Die Seite wird laufend ergänzt.", None),
]
PERIODS = [
    ("1. Mai 2021 bis 30. April 2023", "2021-05-01", "2023-04-30"),
    ("seit Jänner 2022", "2022-01", None),
    ("ab März 2026", "2026-03", None),
    ("de março de 2022 a fevereiro de 2025", "2022-03", "2025-02"),
    ("até dezembro de 2024", None, "2024-12"),
    ("San Marco, 2019", "2019", None),
]
SUMS = [
    ("Die Gesamtkosten betragen 1,2 Mio. Euro.", 1_200_000.0),
    ("O custo total é de 1,5 milhões de euros.", 1_500_000.0),
    ("Der Zuschuss beträgt 20.000 Euro.", None),
]
PLACES = [
    ("Äthiopien und Elfenbeinküste", ["ET", "CI"]),
    ("Moçambique, São Tomé e Príncipe", ["MZ", "ST"]),
    ("Demokratische Republik Kongo", ["CD"]),
    ("Im Norden Ghanas und im Osten Kenias", ["GH", "KE"]),
    ("Zona franca, Reunião de 2020, Treasure Island", []),
]


@pytest.mark.parametrize(("text", "label"), LABELS)
def test_labels(text: str, label: Label | None) -> None:
    """German and Portuguese labels announce what they announce in the other languages."""
    assert label_of(text) is label


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_headings(text: str, kind: HeadingKind) -> None:
    """A heading of projects is told from a title and from what is no project."""
    assert kind_of(text) is kind


@pytest.mark.parametrize(("text", "status"), STATUSES)
def test_statuses_of_headings(text: str, status: ProjectStatus | None) -> None:
    """Headings and cells give a status."""
    found = heading_status(text)

    assert (found.value if found else None) is status


@pytest.mark.parametrize(("text", "status"), TOLD)
def test_statuses_in_prose(text: str, status: ProjectStatus | None) -> None:
    """Prose gives a status where it speaks of the project, and a mere adverb gives none."""
    found = prose_status(text)

    assert (found.value if found else None) is status


@pytest.mark.parametrize(("text", "start", "end"), PERIODS)
def test_periods(text: str, start: str | None, end: str | None) -> None:
    """Periods are read with their months and small words; Marco without its cedilla is no month."""
    first, last = find_period(text)

    assert (first.value if first else None, last.value if last else None) == (start, end)


def test_periods_in_prose() -> None:
    """A sentence that says since when and until when gives both."""
    german = find_project_period("Das Projekt läuft seit Mai 2023 und endet im April 2025.")
    portuguese = find_project_period("O projeto decorre desde maio de 2023 até abril de 2025.")

    assert [[found.value for found in period if found] for period in (german, portuguese)] == [
        ["2023-05", "2025-04"]
    ] * 2


@pytest.mark.parametrize(("text", "value"), SUMS)
def test_sums(text: str, value: float | None) -> None:
    """A total is read with its millions; a share is none."""
    found = project_amount(text)

    assert (found.value.value if found else None) == value


@pytest.mark.parametrize(("text", "codes"), PLACES)
def test_places(text: str, codes: list[str]) -> None:
    """Countries go by their German and Portuguese names, and common words are none."""
    assert [found.value for found in find_countries(text)] == codes


def test_bodies() -> None:
    """Lists, partners, funders and roles are found between German and Portuguese words."""
    german = "Sie entsteht in Zusammenarbeit mit dem Verein Ukulima, gefördert durch Engagement Global."
    portuguese = "Em parceria com a Associação Ler Mais e com o apoio da Fundação Atlântica."

    assert [name.value for name in split_names("Gemeinde San Ramón und Stiftung Wasserkreis")] == [
        "Gemeinde San Ramón",
        "Stiftung Wasserkreis",
    ]
    assert [name.value for name in find_partners(german)] == ["Verein Ukulima"]
    assert [name.value for name in find_programmes(german)] == ["Engagement Global"]
    assert [name.value for name in find_partners(portuguese)] == ["Associação Ler Mais"]
    assert [name.value for name in find_programmes(portuguese)] == ["Fundação Atlântica"]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Die Stadt Ulm ist Projektträger.", "Stadt Ulm", Role.LEAD),
        ("Die Stadt ist nicht Projektträger.", "Stadt Ulm", None),
        ("O Município é parceiro do projeto.", "Município de Faro", Role.PARTNER),
    ],
)
def test_our_role(text: str, name: str, role: Role | None) -> None:
    """A sentence about the publisher gives its role."""
    found = find_role(text, (name,))

    assert (found.value if found else None) is role


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Derzeit gibt es keine laufenden Projekte.", True),
        ("Neste momento não há projetos em curso.", True),
        ("Keine Angst vor großen Projekten", False),
        ("Não perca o nosso projeto!", False),
    ],
)
def test_pages_that_say_that_there_are_none(text: str, said: bool) -> None:
    """A page says in words that there are no projects."""
    assert (NONE_STATED.search(fold(text)) is not None) is said
