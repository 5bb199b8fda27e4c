"""Words: titles, acronyms, roles, statuses and labels."""

import pytest

from scraper.read.fields.acronyms import acronym
from scraper.read.fields.labels import Label, is_total, label_of
from scraper.read.fields.roles import find_role, role_sentence, role_word
from scraper.read.fields.sentences import sentences
from scraper.read.fields.statuses import heading_status, prose_status
from scraper.read.fields.titles import clean_title, quoted_titles
from scraper.read.fields.typography import clean, fold
from scraper.records import ProjectStatus, Role

NAMES = ("Città metropolitana di Torino", "CMTo", "Provincia di Torino")

TITLES = [
    ("S.M.A.R.T. Sanitation, Marketing Agriculture", "S.M.A.R.T. Sanitation, Marketing Agriculture"),
    ("S.M.A.R.T.", "S.M.A.R.T."),
    (
        "• BleuTourMed_C3 -Maritime Tourism.\n La Città metropolitana di Torino è stakeholder",
        "BleuTourMed_C3 -Maritime Tourism",
    ),
    ("Acqua per tutti (Città metropolitana di Torino: partner)", "Acqua per tutti"),
    ("RAGAZZI IN GAMBIA. La Città metropolitana di Torino è proponente.", "RAGAZZI IN GAMBIA"),
    ("PROGETTO MC2CM - seconda fase", "PROGETTO MC2CM - seconda fase"),
    ("Progetto: Acqua per tutti.", "Acqua per tutti"),
    ('Progetto "Acqua per tutti"', "Acqua per tutti"),
    ("“Acqua per tutti”", "Acqua per tutti"),
    ("1) Ac\u00adqua\u00a0 pulita\u200b", "Acqua pulita"),
    ("Il capofila è il Comune di Bra", "Il capofila è il Comune di Bra"),
]

ACRONYMS = [
    ("FISH-NET - Rete dei pescatori", "FISH-NET"),
    ("S.M.A.R.T. Sanitation, Marketing Agriculture, Rural Development and Transformation", "S.M.A.R.T."),
    ("PROGETTO MC2CM - seconda fase", "MC2CM"),
    ("BleuTourMed_C3 -Maritime and Coastal SustainaBLE Tourism in the Mediterranean", "BleuTourMed_C3"),
    ("HawaTo - Hawassa Torino", "HawaTo"),
    ("R.E.TE. - Reti e territori", "R.E.TE."),
    ("SHWM Libano", "SHWM"),
    ("Solid Household Waste Management (SHWM)", "SHWM"),
    ("SHWM - Safe Health and Water Management in Libano", "SHWM"),
    ("(Co+4S+T) Cooperation for Sustainable Southern Shores and Tourism", "Co+4S+T"),
    ("MATILDE – Migration Impact Assessment", "MATILDE"),
    ("COPRA II - Cooperazione con i Balcani", "COPRA"),
]

NO_ACRONYMS = [
    "NORD-SUD: dialoghi",
    "RAGAZZI IN GAMBIA",
    "ACQUA E VITA IN MALI",
    "100% Plastica - Intervento ad Awassa",
    "Safe Health",
    "Un ponte per l'UE",
    "Formazione a Torino (TO)",
    "Acqua pulita in Senegal (ONG)",
    "Sostegno COVID-19",
    "LA FABBRICA DELL'ACQUA - fase 2",
    "WASH in Uganda",
    "Alfa: semi e saperi",
]

ROLES = [
    ("La Provincia di Torino ne è il soggetto proponente", Role.LEAD),
    ("La Città metropolitana sostiene il progetto con un contributo di 5.000 euro.", Role.FUNDER),
    ("In qualità di capofila, la Città metropolitana di Torino coordina le attività.", Role.LEAD),
    ("La Città metropolitana di Torino partecipa in qualità di stakeholder", Role.STAKEHOLDER),
    ("Capofila: CIFA Onlus; partner: Città metropolitana di Torino, Comune di Torino", Role.PARTNER),
    ("Il progetto è coordinato da Amref. La Città metropolitana è partner.", Role.PARTNER),
    ("Ente proponente: Città Metropolitana di Torino", Role.LEAD),
    ("CIFA (capofila), Città metropolitana di Torino (partner)", Role.PARTNER),
    ("con il contributo della Città metropolitana di Torino", Role.FUNDER),
    ("L'ente partecipa come partner", Role.PARTNER),
    ("siamo capofila del progetto", Role.LEAD),
    ("La Città metropolitana di Torino svolge il ruolo di capofila", Role.LEAD),
    ("Progetto promosso dalla Città metropolitana di Torino", Role.LEAD),
]

NO_ROLES = [
    "Con 600 mila euro la Regione finanzia sei progetti nei Balcani.",
    "La Città metropolitana di Torino partecipa attivamente, come capofila o come partner, a progetti",
    "Il Comune di Betlemme è partner",
    "La Città metropolitana di Torino non è capofila",
    "la Città metropolitana di Torino partecipa al progetto",
    "Capofila: Amref; partner: CIFA",
    "Il capofila è la Provincia di Cuneo",
]

HEADINGS = [
    ("PROGETTI  IN CORSO", ProjectStatus.ONGOING),
    ("PROGETTI IN VALUTAZIONE", ProjectStatus.EVALUATION),
    ("Conclusi", ProjectStatus.CONCLUDED),
    ("Projets terminés", ProjectStatus.CONCLUDED),
    ("Ongoing projects", ProjectStatus.ONGOING),
    ("Proyectos finalizados", ProjectStatus.CONCLUDED),
    ("Progetti approvati e in fase di avvio", ProjectStatus.STARTING),
    ("Progetti non finanziati", ProjectStatus.CANCELLED),
    ("Projets en cours d'instruction", ProjectStatus.EVALUATION),
    ("Progetti sospesi", ProjectStatus.SUSPENDED),
    ("Corsi conclusi", None),
    ("Lavori in corso", None),
    ("PROGETTO MC2CM - seconda fase", None),
    ("Menu", None),
    ("Bandi chiusi", None),
]

PROSE = [
    ("Progetto approvato e in fase di avvio.", ProjectStatus.STARTING),
    ("Il progetto si è concluso a marzo 2021.", ProjectStatus.CONCLUDED),
    ("Il progetto, presentato al bando nel 2018, è ora in corso.", ProjectStatus.ONGOING),
    ("Progetto presentato il 12 novembre 2018 al bando AICS.", ProjectStatus.EVALUATION),
    ("Acqua per tutti (in corso)", ProjectStatus.ONGOING),
    ("Le projet est terminé depuis 2019", ProjectStatus.CONCLUDED),
    ("Progetto sospeso per l'emergenza", ProjectStatus.SUSPENDED),
    ("Il progetto non è ancora concluso.", None),
    ("La conclusione prevista è marzo 2021", None),
    ("Il bando si è concluso nel 2018.", None),
    ("Il progetto sarà concluso nel 2020", None),
    ("Il workshop è terminato.", None),
    ("La prima fase del progetto si è conclusa nel 2018", None),
    ("Con il progetto sono stati realizzati tre pozzi", None),
    ("Il progetto, avviato nel 2017, coinvolge 300 donne", None),
]

LABELS = [
    ("AREA GEOGRAFICA", Label.AREA),
    ("TITOLO PROGETTO", Label.TITLE),
    ("PROGRAMMA DI FINANZIAMENTO", Label.PROGRAMMES),
    ("Luogo di intervento", Label.COUNTRIES),
    ("Settore d'intervento", Label.SECTOR),
    ("Breve descrizione", Label.NOTE),
    ("Capofila", Label.LEAD),
    ("Data inizio", Label.START),
    ("Data fine", Label.END),
    ("Begins", Label.START),
    ("Ends", Label.END),
    ("Se termine le", Label.END),
    ("Finaliza", Label.END),
    ("Referente", Label.CONTACT),
    ("COSA", Label.NOTE),
    ("DOVE", Label.COUNTRIES),
    ("QUANDO", Label.PERIOD),
    ("VALORE", Label.AMOUNT),
    ("CHI", Label.PARTNERS),
    ("OSS", Label.SECTOR),
    ("BANDO", Label.PROGRAMMES),
    ("AID", Label.CODE),
    ("Importo Totale:", Label.AMOUNT),
    ("Total award", Label.AMOUNT),
    ("Realizzato da", Label.PARTNERS),
    ("Fondi", Label.FUNDS),
    ("Années", Label.PERIOD),
    ("Date de fin", Label.END),
    ("Statut", Label.STATUS),
    ("Organisation", Label.PARTNERS),
    ("Summary", Label.NOTE),
    ("Award detail", Label.SHARE),
    ("Year 1", Label.SHARE),
    ("Beneficiario", Label.PARTNERS),
    ("Beneficiari", Label.BENEFICIARIES),
    ("Contributo concesso", Label.SHARE),
    ("Costo totale (€)", Label.AMOUNT),
    ("Paese/i", Label.COUNTRIES),
    ("Titolo e descrizione", Label.TITLE),
    ("Presupuesto total", Label.AMOUNT),
    ("CUP", Label.CUP),
    ("AFRICA", None),
    ("Etiopia", None),
    ("Comune di Torino", None),
    ("ONG CIFA", None),
    ("Bando AICS 2017", None),
    ("Progetti in corso", None),
    ("La nostra storia", None),
]


@pytest.mark.parametrize(("text", "title"), TITLES)
def test_title_keeps_the_pages_words(text: str, title: str) -> None:
    """A title is the page's words without bullet, label, role sentence and full stop."""
    found = clean_title(text, NAMES)

    assert found is not None
    assert found.value == title
    assert clean(text[found.start : found.end]) == title


@pytest.mark.parametrize("text", ["", " \u200b", "-", "…"])
def test_no_words_are_no_title(text: str) -> None:
    """Marks and white space alone are no title."""
    assert clean_title(text) is None


@pytest.mark.parametrize(("title", "expected"), ACRONYMS)
def test_stated_acronym(title: str, expected: str) -> None:
    """An acronym or code is repeated as the title writes it."""
    found = acronym(title)

    assert found is not None
    assert found.value == expected == title[found.start : found.end]


@pytest.mark.parametrize("title", NO_ACRONYMS)
def test_capitals_alone_are_no_acronym(title: str) -> None:
    """Ordinary words in capitals, provinces, kinds of bodies and common codes are no acronym."""
    assert acronym(title) is None


def test_quoted_titles_in_prose() -> None:
    """Titles in every kind of quotes are found; apostrophes open none."""
    text = (
        "i progetti \"Acqua per tutti\" (Mali), “L’Afrique en marche,” e «Casa Comune». All'inizio dell'anno"
    )

    assert [found.value for found in quoted_titles(text)] == [
        "Acqua per tutti",
        "L’Afrique en marche",
        "Casa Comune",
    ]


@pytest.mark.parametrize(("text", "role"), ROLES)
def test_our_role(text: str, role: Role) -> None:
    """The role is that of the body whose page it is."""
    found = find_role(text, NAMES)

    assert found is not None
    assert found.value is role
    assert role_sentence(text, NAMES) is not None


@pytest.mark.parametrize("text", NO_ROLES)
def test_other_bodies_roles_are_not_ours(text: str) -> None:
    """Roles of others, general phrases and denials give none."""
    assert find_role(text, NAMES) is None
    assert role_sentence(text, NAMES) is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Capofila", Role.LEAD),
        ("chef de file", Role.LEAD),
        ("Partner associato", Role.PARTNER),
        ("contributo finanziario", Role.FUNDER),
        ("capofila o partner", None),
        ("-", None),
    ],
)
def test_role_cell(text: str, role: Role | None) -> None:
    """A cell of a role column needs no name."""
    found = role_word(text)

    assert (found.value if found else None) == role


@pytest.mark.parametrize(("text", "status"), HEADINGS)
def test_status_of_a_heading(text: str, status: ProjectStatus | None) -> None:
    """A heading about projects gives their status; one about other things gives none."""
    found = heading_status(text)

    assert (found.value if found else None) == status


@pytest.mark.parametrize(("text", "status"), PROSE)
def test_status_in_prose(text: str, status: ProjectStatus | None) -> None:
    """Prose gives the project's status, never that of a call, a meeting, a phase or the future."""
    found = prose_status(text)

    assert (found.value if found else None) == status


@pytest.mark.parametrize(("text", "label"), LABELS)
def test_label(text: str, label: Label | None) -> None:
    """A label is known in four languages; names and headings are no labels."""
    assert label_of(text) is label


@pytest.mark.parametrize("text", ["Costo totale in euro", "Costo totale €", "Budget, in EUR", "Importo (€)"])
def test_a_currency_behind_a_label_leaves_it_one(text: str) -> None:
    """A label for a sum may name the currency."""
    assert label_of(text) is Label.AMOUNT


def test_area_on_a_sheet_is_a_place() -> None:
    """A plain "Area" among the labels of a sheet names a place (AICS), "Area geografica" never does."""
    assert label_of("Area", sheet=True) is Label.COUNTRIES
    assert label_of("Area") is Label.AREA
    assert label_of("Area geografica", sheet=True) is Label.AREA


@pytest.mark.parametrize(
    "text",
    [
        "TOTALE",
        "Totale generale",
        "Total",
        "TOTALE CONTRIBUTI",
        "Totale progetti finanziati",
        "Subtotale",
        "Total général",
    ],
)
def test_total_rows(text: str) -> None:
    """Words of a total row are known."""
    assert is_total(text)


@pytest.mark.parametrize("text", ["Totalmente donna", "Acqua totale", "100% Plastica", ""])
def test_titles_are_no_total_rows(text: str) -> None:
    """A title that only begins like a total is none."""
    assert not is_total(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Costa 500 euro. Il progetto è in corso.", ["Costa 500 euro.", "Il progetto è in corso."]),
        ("Costa €. 500,00 in tutto.", ["Costa €. 500,00 in tutto."]),
        ("S.M.A.R.T. La Città è partner", ["S.M.A.R.T.", "La Città è partner"]),
        (
            "La dott.ssa M. Rossi (tel. 011) risponde. Fine",
            ["La dott.ssa M. Rossi (tel. 011) risponde.", "Fine"],
        ),
        ("“Perché no?” di Bambini; poi altro\nRiga", ["“Perché no?” di Bambini;", "poi altro", "Riga"]),
        ("legge n. 125 del 2014. Poi", ["legge n. 125 del 2014.", "Poi"]),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    """Sentences end at stops, not at abbreviations, acronyms and sums."""
    assert [text[begin:end] for begin, end in sentences(text)] == parts


def test_folding_keeps_places() -> None:
    """Folded text has the length of the text, so that places agree."""
    text = "Città’s “NIÑO” – œuvre İstanbul\u00a0ß"

    assert len(fold(text)) == len(text)
    assert fold("Città") == "citta"
