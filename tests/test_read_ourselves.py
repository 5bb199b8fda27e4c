"""Which names mean the body whose page it is."""

import pytest

from scraper.read.ourselves import Body


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("Ville de Gap", "Ville de Gap"),
        ("Ville de Gap", "Ville"),
        ("Comune di Alba", "Città di Alba"),
        ("Comune di Alba", "Città"),
        ("Município de Faro", "Câmara Municipal de Faro"),
        ("Provincia di Cuneo", "Provincia di Cuneo - Settore ambiente"),
        ("Fondazione Alma", "Fondazione"),
    ],
)
def test_names_of_ours(own: str, name: str) -> None:
    """A body is meant by its name, by another word for the same kind of body, or by that word alone."""
    assert Body((own,)).is_meant(name)


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("Ville de Gap", "Ville de Digne"),
        ("Comune di Alba", "Comune di Bra"),
        ("Comune di Alba", "Provincia"),
        ("Città di Torino", "Città metropolitana di Torino"),
        ("Ponte Blu", "Ponte"),
        ("Comune di Alba", ""),
    ],
)
def test_names_of_others(own: str, name: str) -> None:
    """Another place, another kind of body, or a part of a proper name is somebody else."""
    assert not Body((own,)).is_meant(name)
