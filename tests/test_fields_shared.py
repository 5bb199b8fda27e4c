"""Our role as one sentence or heading gives it for all the projects below it."""

import pytest

from scraper.read.fields.sharedroles import heading_role, shared_role, told_role
from scraper.records import Role

NAMES = ("Provincia di Rimini", "Fondazione Alma", "Embassy in Lima")

SENTENCES = [
    ("La Provincia è partner dei seguenti progetti:", Role.PARTNER),
    ("Di seguito i progetti di cui la Provincia di Rimini è capofila.", Role.LEAD),
    ("La Provincia è partner del progetto Acqua.", None),
    ("Il Comune di Bari è capofila dei seguenti progetti.", None),
    ("I seguenti progetti sono aperti a tutti.", None),
    ("La Fondazione Alma sostiene iniziative nel Sud del mondo.", Role.FUNDER),
    ("The Embassy funds small projects of local organisations.", Role.FUNDER),
    ("La Fondazione sostiene anche associazioni femminili.", Role.FUNDER),
    ("La Fondazione Alma sostiene il progetto Acqua.", None),
    ("La Fondazione Alma sostiene la pace.", None),
    ("La Provincia sostiene progetti con le sue città gemelle.", None),
    ("La Fondazione Beta sostiene iniziative nel Sud del mondo.", None),
    ("La Regione finanzia progetti di cooperazione.", None),
    ("Elenco dei progetti finanziati dalla Provincia e realizzati dalle associazioni.", Role.FUNDER),
    ("List of the projects funded by the Embassy in Lima.", Role.FUNDER),
    ("Elenco dei progetti finanziati dal Comune di Bari.", None),
    ("Elenco dei progetti finanziati nel 2020.", None),
    ("Gli amici della Provincia lavorano ai progetti.", None),
]
HEADINGS = [
    ("Progetti come capofila", Role.LEAD),
    ("Progetti di cui la Provincia di Rimini è partner", Role.PARTNER),
    ("Projects as partner", Role.PARTNER),
    ("Projekte als Projektpartner", Role.PARTNER),
    ("La Provincia come capofila", None),
    ("Progetti in corso", None),
]


@pytest.mark.parametrize(("text", "role"), SENTENCES)
def test_a_sentence_about_all_projects(text: str, role: Role | None) -> None:
    """A sentence about the listed projects, or one that says whom we fund, gives our role; one project,
    another body or a good cause gives none."""
    found = shared_role(text, NAMES)

    assert (found.value if found else None) is role


@pytest.mark.parametrize(("text", "role"), HEADINGS)
def test_a_heading_over_projects(text: str, role: Role | None) -> None:
    """A heading of projects says as what we take part in them."""
    found = heading_role(text, NAMES)

    assert (found.value if found else None) is role


@pytest.mark.parametrize(("text", "role"), SENTENCES)
def test_the_words_kept_of_a_sentence_say_the_same(text: str, role: Role | None) -> None:
    """The words that were found are enough to tell the role again, and stand where they are said to stand."""
    found = shared_role(text, NAMES)
    again = told_role(text[found.start : found.end]) if found else None

    assert (again.value if again else None) is role


def test_nobody_known_funds_nothing() -> None:
    """Where no name is known, a foundation that supports projects is anybody."""
    assert shared_role("La Fondazione sostiene iniziative nel Sud del mondo.") is None
    assert shared_role("Il Comune finanzia progetti di associazioni.") is None
