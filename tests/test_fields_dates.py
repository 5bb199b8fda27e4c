"""Dates: every spelling of a period, and the project's own dates among those of meetings and calls."""

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from scraper.read.fields.dates import Period, find_period, find_project_period
from scraper.read.fields.moments import find_moments

PERIODS = [
    ("marzo 2024 - marzo 2025", "2024-03", "2025-03"),
    ("12 mesi (marzo 2024 - marzo 2025)", "2024-03", "2025-03"),
    ("dal 1° giugno 2018", "2018-06-01", None),
    ("dal 1° giugno 2018 al 31 ottobre 2021", "2018-06-01", "2021-10-31"),
    ("1er juin 2018 – 31 mai 2021", "2018-06-01", "2021-05-31"),
    ("39 mesi (Avviato nel Febbraio 2015)", "2015-02", None),
    ("36 mesi a partire dal 1/06/2018", "2018-06-01", None),
    ("18-19 settembre 2018", "2018-09-18", "2018-09-19"),
    ("dal 3 al 28 maggio 2019", "2019-05-03", "2019-05-28"),
    ("2015/2018", "2015", "2018"),
    ("2015-18", "2015", "2018"),
    ("2010-12", "2010", "2012"),
    ("2019", "2019", None),
    ("2018 -", "2018", None),
    ("2014, 2015 e 2016", "2014", "2016"),
    ("triennio 2017-2019", "2017", "2019"),
    ("si concluderà a marzo 2021", None, "2021-03"),
    ("fino a dicembre 2020", None, "2020-12"),
    ("fine prevista dicembre 2024", None, "2024-12"),
    ("01/06/2018 - 31/10/2021", "2018-06-01", "2021-10-31"),
    ("01.03.2019 – 28.02.2021", "2019-03-01", "2021-02-28"),
    ("12/2018-06/2020", "2018-12", "2020-06"),
    ("18.IX.2018", "2018-09-18", None),
    ("IX/2018", "2018-09", None),
    ("I° giugno 2018", "2018-06-01", None),
    ("primo giugno 2018", "2018-06-01", None),
    ("Settembre 2025 - in corso", "2025-09", None),
    ("a partire da sett. 2022", "2022-09", None),
    ("da gennaio a dicembre 2020", "2020-01", "2020-12"),
    ("ottobre - marzo 2019", "2018-10", "2019-03"),
    ("1 giugno 2018 - fine ottobre 2021", "2018-06-01", "2021-10"),
    ("iniziato ad aprile 2017 e in conclusione a fine luglio 2020", "2017-04", "2020-07"),
    ("avviato nel 2015 e concluso nel 2018", "2015", "2018"),
    ("Inizio 2015, fine 2018", "2015", "2018"),
    ("settembre 2018 (inizio); marzo 2021 (fine)", "2018-09", "2021-03"),
    ("Approvato nel 2017, avvio marzo 2018", "2018-03", None),
    ("From May 2019 to June 2020", "2019-05", "2020-06"),
    ("March 3rd, 2019", "2019-03-03", None),
    ("depuis mars 2019", "2019-03", None),
    ("de marzo de 2018 a abril de 2020", "2018-03", "2020-04"),
    ("2018-09-18", "2018-09-18", None),
    ("dal I giugno 2018", "2018-06-01", None),
    ("01-JAN-2019 to 31-DEC-2021", "2019-01-01", "2021-12-31"),
    ("entro dicembre 2021", None, "2021-12"),
    ("prorogato al 30/06/2022 (inizio 01/07/2018)", "2018-07-01", "2022-06-30"),
    ("Avviato: aprile 2017 – Concluso: luglio 2020", "2017-04", "2020-07"),
    ("gen. 2018 - dic. 2019", "2018-01", "2019-12"),
    ("Start: 01.01.2019 End: 31.12.2021", "2019-01-01", "2021-12-31"),
    ("du 1er janvier 2019 au 31 décembre 2021", "2019-01-01", "2021-12-31"),
    ("2018/20", "2018", "2020"),
    ("1/3/18-28/2/19", "2018-03-01", "2019-02-28"),
    ("24 mesi", None, None),
    ("da definire", None, None),
    ("18 mesi dalla firma della convenzione", None, None),
    ("Horizon 2020", None, None),
]

PROSE = [
    ("Il progetto, presentato il 12 novembre 2018, inizierà a marzo 2019 e durerà 36 mesi.", "2019-03", None),
    ("Il progetto, finanziato dal bando AICS 2017, si conclude a marzo 2021.", None, "2021-03"),
    ("La città sarà coinvolta in questa 2° fase, che si concluderà a marzo 2021", None, "2021-03"),
    (
        "Il progetto, iniziato ad aprile 2017 e in conclusione a fine luglio 2020, aiuta.",
        "2017-04",
        "2020-07",
    ),
    ("Si è svolto un incontro il 3 marzo 2020. Il progetto è terminato a dicembre 2020.", None, "2020-12"),
    ("Le projet a démarré en mars 2019 et prendra fin en février 2022.", "2019-03", "2022-02"),
    ("The project started in May 2019. The kick-off meeting was held on 3 June 2019.", "2019-05", None),
    ("El proyecto comenzó en enero de 2020 y finalizará en diciembre de 2022.", "2020-01", "2022-12"),
    ("Avviato nel 2017, il progetto durerà fino al 2020.", "2017", "2020"),
    ("Progetto triennale (2017-2019) nel distretto di Awassa.", "2017", "2019"),
    ("Il progetto è stato avviato nel 2017. Durata: aprile 2017 - luglio 2020.", "2017-04", "2020-07"),
    ("Attività dal 2015 al 2018.", "2015", "2018"),
    (
        "Il progetto ha preso il via nell'aprile 2017 e si è concluso a fine luglio 2020.",
        "2017-04",
        "2020-07",
    ),
    ("The project runs from January 2019 to December 2021 in Malawi.", "2019-01", "2021-12"),
    ("Un premier projet, mené de 2010 à 2012 à Ouagadougou, a été cofinancé.", "2010", "2012"),
    (
        "El proyecto se inició el 1 de marzo de 2018 y concluyó el 28 de febrero de 2019.",
        "2018-03-01",
        "2019-02-28",
    ),
    ("Attivo dal 2016, il progetto sostiene le cooperative.", "2016", None),
    ("In Palestina, dal 2025.", "2025", None),
    ("Tchad, 2022-2025.", "2022", "2025"),
    ("Area mediterranea – 2015/2018 – partner", "2015", "2018"),
    ("Progetto approvato a luglio 2021, inizio previsto a gennaio 2022.", "2022-01", None),
    ("Il progetto è stato prorogato fino al 31 dicembre 2022.", None, "2022-12-31"),
]

NOT_THE_PROJECT = [
    "Le attività inizieranno a settembre con il workshop che si terrà il 18-19 settembre 2018 a Cartagine",
    "Le domande devono essere presentate entro il 31 marzo 2019.",
    "Il bando si chiude il 30 giugno 2019.",
    "Il workshop si concluderà il 19 settembre 2018.",
    "La fase 1 si è conclusa nel 2018.",
    "Il programma Interreg MED 2014-2020 finanzia l'iniziativa.",
    "CIFA, attiva dal 1980, è capofila.",
    "Dal 2007 la Provincia collabora con il comune di Daloa.",
    "Presentato il 12 novembre 2018",
    "Dal 2014 al 2020 il programma ha finanziato 30 progetti.",
    "Il comité de pilotage s'est réuni le 12 juin 2020.",
    "L'evento finale si è svolto il 12 marzo 2021 a Dakar.",
    "Nel corso del 2019 sono stati formati 30 insegnanti.",
    "Appel à projets 2021 : dépôt des dossiers avant le 30 avril 2021.",
    "Con decreto n. 3840 del 27 giugno 2006 la Giunta ha approvato un contributo.",
    "The project was submitted in November 2018 and approved in March 2019.",
    "Aggiornato al 12 marzo 2020.",
    "L'Agenda 2030 e la legge 125/2014.",
    "Costa 2015 euro e ha 2020 beneficiari.",
]


def _values(period: Period) -> tuple[str | None, str | None]:
    start, end = period
    return (start.value if start else None, end.value if end else None)


@pytest.mark.parametrize(("text", "start", "end"), PERIODS)
def test_period_in_every_spelling(text: str, start: str | None, end: str | None) -> None:
    """A text about a period gives its start and end, no more precise than written."""
    assert _values(find_period(text)) == (start, end)


@pytest.mark.parametrize(("prose", "start", "end"), PROSE)
def test_project_period_in_prose(prose: str, start: str | None, end: str | None) -> None:
    """Prose gives the project's own start and end."""
    assert _values(find_project_period(prose)) == (start, end)


@pytest.mark.parametrize("prose", NOT_THE_PROJECT)
def test_other_dates_are_not_the_projects(prose: str) -> None:
    """Dates of meetings, calls, papers, programmes and bodies are nobody's start or end."""
    assert _values(find_project_period(prose)) == (None, None)


@pytest.mark.parametrize(
    ("title", "start", "end"), [("COPRA I", "2011", "2013"), ("COPRA II", None, None), ("COPRA", None, None)]
)
def test_dates_of_another_phase_are_not_the_projects(title: str, start: str | None, end: str | None) -> None:
    """The phase that a title states decides whose dates prose tells."""
    prose = "Une première phase a été menée au Maroc de 2011 à 2013."

    assert _values(find_project_period(prose, title)) == (start, end)


def test_a_date_points_at_its_words() -> None:
    """The place of a date is that of the words that state it."""
    text = "Durata: 12 mesi (marzo 2024 - marzo 2025)"
    start, end = find_period(text)

    assert start is not None
    assert end is not None
    assert text[start.start : start.end] == "marzo 2024"
    assert text[end.start : end.end] == "marzo 2025"


DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2049, 12, 31))
LONG = {"it": "d MMMM yyyy", "fr": "d MMMM yyyy", "es": "d 'de' MMMM 'de' yyyy", "en": "d MMMM yyyy"}


@given(day=DAYS, language=st.sampled_from(sorted(LONG)), shout=st.booleans())
def test_a_written_day_is_found_again(day: date, language: str, shout: bool) -> None:
    """A day written out in any of the four languages, in any case, is read as that day."""
    written = format_date(day, LONG[language], locale=language)
    text = f"({written.upper() if shout else written})"

    assert [moment.edtf for moment in find_moments(text)] == [day.isoformat()]


@given(day=DAYS, pattern=st.sampled_from(["dd/MM/yyyy", "d.M.yyyy", "dd-MM-yyyy", "yyyy-MM-dd"]))
def test_a_numeric_day_is_found_again(day: date, pattern: str) -> None:
    """A day in figures is read day before month."""
    assert [moment.edtf for moment in find_moments(format_date(day, pattern, locale="it"))] == [
        day.isoformat()
    ]


@given(
    first=DAYS,
    last=DAYS,
    language=st.sampled_from(sorted(LONG)),
    dash=st.sampled_from([" - ", " – ", "-", " / "]),
)
def test_two_months_make_a_period(first: date, last: date, language: str, dash: str) -> None:
    """Two months joined by a dash are start and end, to the month."""
    if last < first:
        first, last = last, first
    text = dash.join(format_date(day, "MMMM yyyy", locale=language) for day in (first, last))

    assert _values(find_period(text)) == (f"{first:%Y-%m}", f"{last:%Y-%m}")


@given(st.text(alphabet="0123456789/-. °aegilmnoprstuz'’", max_size=40))
def test_any_text_is_searched_without_error(text: str) -> None:
    """No text breaks the finders, and what they find lies inside it."""
    for moment in find_moments(text):
        assert 0 <= moment.start < moment.end <= len(text)
    find_period(text)
    find_project_period(text)
