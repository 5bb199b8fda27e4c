"""Whose money the label of a sum names."""

import pytest

from scraper.read.fields.grants import heads_funded, is_our_grant


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Contributo della Regione", "Regione Marche"),
        ("Contributo regionale", "Regione Marche"),
        ("Subvención municipal", "Ayuntamiento de Lugo"),
        ("Subvention de la Ville de Gap", "Ville de Gap"),
        ("Contributo della Fondazione", "Fondazione Alma"),
        ("Contributo comunale", "Città di Alba"),
    ],
)
def test_labels_of_our_money(label: str, name: str) -> None:
    """Our name, our kind of body or its adjective in a label says that we pay."""
    assert is_our_grant(label, [name])


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Contributo regionale", "Comune di Alba"),
        ("Contributo", "Regione Marche"),
        ("Contributo alla Regione Marche", "Regione Marche"),
        ("Contributo regionale richiesto", "Regione Marche"),
        ("Contributo della Fondazione Beta", "Regione Marche"),
        ("Contributo comunale", "Città metropolitana di Torino"),
    ],
)
def test_labels_of_other_money(label: str, name: str) -> None:
    """Another body's money, what is only asked for, and what we get are not what we pay."""
    assert not is_our_grant(label, [name])


def test_nobody_known_pays_nothing() -> None:
    """Where the publisher is unknown, a regional grant is anybody's."""
    assert not is_our_grant("Contributo regionale", [])


@pytest.mark.parametrize(
    "text", ["Progetti sostenuti nel 2023", "Funded projects", "Proyectos subvencionados"]
)
def test_headings_over_funded_projects(text: str) -> None:
    """A heading says in the passive that its projects were paid for."""
    assert heads_funded(text)


@pytest.mark.parametrize("text", ["Progetti realizzati nel 2023", "Progetti approvati", "Funding"])
def test_headings_that_say_nothing_of_money(text: str) -> None:
    """Projects that were carried out or approved may have been paid for by anybody."""
    assert not heads_funded(text)
