"""Bounds of the finders: any text is searched, every place lies in the text, and no text takes long."""

from collections.abc import Callable, Iterable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.read.fields.acronyms import acronym
from scraper.read.fields.amounts import find_amounts, stated_amount
from scraper.read.fields.countries import find_countries, find_project_countries
from scraper.read.fields.cup import find_cup
from scraper.read.fields.dates import find_period, find_project_period
from scraper.read.fields.found import Found
from scraper.read.fields.labels import label_of
from scraper.read.fields.namelists import split_names
from scraper.read.fields.partners import find_partners
from scraper.read.fields.programmes import find_programmes, split_programmes
from scraper.read.fields.roles import find_role, role_sentence, role_word
from scraper.read.fields.sentences import sentences
from scraper.read.fields.statuses import find_status, heading_status, prose_status
from scraper.read.fields.titles import clean_title, quoted_titles

NAMES = ("Città metropolitana di Torino", "CMTo")
Finder = Callable[[str], Iterable[Found[object] | None]]
FINDERS: dict[str, Finder] = {
    "acronym": lambda text: [acronym(text)],
    "amounts": lambda text: [*find_amounts(text), *find_amounts(text, bare=True), stated_amount(text)],
    "bodies": split_names,
    "countries": lambda text: [*find_countries(text, "IT"), *find_project_countries(text, "IT")],
    "cup": lambda text: [find_cup(text)],
    "dates": lambda text: [*find_period(text), *find_project_period(text, "COPRA II")],
    "partners": find_partners,
    "programmes": lambda text: [*find_programmes(text), *split_programmes(text)],
    "roles": lambda text: [find_role(text, NAMES), find_role(text), role_word(text)],
    "statuses": lambda text: [find_status(text), heading_status(text), prose_status(text)],
    "titles": lambda text: [clean_title(text, NAMES), *quoted_titles(text)],
}
WORDS = (
    "Il progetto",
    "è",
    "partner",
    "capofila",
    ":",
    "(",
    ")",
    ",",
    ".",
    ";",
    "\n",
    " - ",
    "“",
    "”",
    '"',
    "'",
    "Città metropolitana di Torino",
    "la Regione",
    "in collaborazione con",
    "grazie al sostegno di",
    "finanziato da",
    "CIFA Onlus",
    "Comune di Bra",
    "e",
    "o",
    "marzo 2024",
    "dal",
    "al",
    "1° giugno",
    "2015",
    "/",
    "18-19",
    "€ 1.283.174",
    "500mila euro",
    "totale",
    "contributo",
    "bando AICS",
    "Mali",
    "a Dakar",
    "si concluderà",
    "avviato",
    "in corso",
    "non",
    "fase 2",
    "workshop",
    "S.M.A.R.T.",
    "MC2CM",
    "\u00a0",
    "\u200b",
    "C11G06000000001",
    "Dipartimento di Scienze",
    "8x1000",
    "l'",
    "d'",
    "%",
    "di cui",
    "mezzo",
    "un milione",
)
REPEATED = (
    "A, ",
    "A e ",
    "(",
    "“",
    "grazie a ",
    "finanziato da ",
    "partner: ",
    "2015/",
    "in Mali ",
    "1.000 ",
    "in corso ",
    "di cui ",
    "Comune di A e ",
)


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=60))
def test_any_text_is_searched(text: str) -> None:
    """No text breaks a finder, and what is found stands inside the text."""
    for finder in FINDERS.values():
        for found in finder(text):
            assert found is None or 0 <= found.start < found.end <= len(text)
    label_of(text)


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_sentences_hold_every_word(text: str) -> None:
    """Sentences follow each other, and nothing but white space lies between them."""
    place = 0
    for begin, end in sentences(text):
        assert begin < end
        assert not text[place:begin].strip()
        place = end
    assert not text[place:].strip()


@given(st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join))
def test_role_sentence_lies_in_the_text(text: str) -> None:
    """A role sentence is a stretch of the text, so that a title can be cut there."""
    place = role_sentence(text, NAMES)

    assert place is None or 0 <= place[0] < place[1] <= len(text)


@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.parametrize("finder", FINDERS)
def test_no_text_takes_long(finder: str, piece: str) -> None:
    """Endless repetition, which no person writes, is read within two seconds."""
    text = piece * (10_000 // len(piece)) + "è 2015!"
    begun = process_time()

    FINDERS[finder](text)

    assert process_time() - begun < 2
