"""Our role where a heading says that projects were funded, and the label of a sum that the money is ours."""

import re
from collections.abc import Iterable

from scraper.read.fields.selfmentions import selves
from scraper.read.fields.typography import fold

_ADJECTIVES = (  # of a kind of body, as its name begins
    (r"(?:regione|region)\b", r"regional[ei]?s?|regionaux"),
    (r"(?:provincia|province|diputacion)\b", r"provincial[ei]?s?"),
    (
        r"(?:comune|commune|ville|ayuntamiento|municipio|camara municipal|mairie|citta(?! metropolitana)|"
        r"ciudad|stadt|gemeinde)\b",
        r"comunal[ei]|municipal[ei]?s?|municipais|communale?s?|stadtisch\w+|kommunale\w?",
    ),
    (r"(?:citta metropolitana|metropole)\b", r"metropolitan[oae]|metropolitaine?"),
    (r"departement\b", r"departementale?s?"),
)
# to us, or only asked for
_NOT_GIVEN = re.compile(
    r"\b(?:al|allo|alla|alle|agli|ai|to|au|aux|a|an|para|richiest\w+|demande\w*|requested|solicitad\w+|"
    r"beantragt\w*)\b|\ball'"
)
_FUNDED = re.compile(
    r"\b(?:progetti|iniziative|interventi|projects|projets|initiatives|proyectos|iniciativas|projec?tos) "
    r"(?:(?:che )?(?:abbiamo |we (?:have )?|que hemos |que nous avons )?)"
    r"(?:(?:co-?)?finanziat|sostenut|(?:co-?)?funded|supported|(?:co)?finances|soutenus|subventionnes|"
    r"subvencionad|(?:co)?financiad|apoyad|apoiad)|"
    r"\b(?:funded|supported|geforderte|finanzierte|unterstutzte)n? (?:projects|projekten?|vorhaben)\b"
)


def heads_funded(heading: str) -> bool:
    """Tell a heading over projects that somebody funded: Progetti sostenuti nel 2023."""
    return _FUNDED.search(fold(heading)) is not None


def is_our_grant(label: str, names: Iterable[str]) -> bool:
    """Tell a label that says that what stands behind it was paid by us, `names` being ours."""
    folded, own = fold(label), tuple(names)
    if not own or _NOT_GIVEN.search(folded):
        return False
    kinds = [words for name in own for kind, words in _ADJECTIVES if re.match(kind, fold(name))]
    named = any(re.search(rf"\b(?:{words})\b", folded) for words in kinds)
    return named or bool(selves(folded, 0, len(folded), own))
