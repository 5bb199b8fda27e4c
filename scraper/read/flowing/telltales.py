"""What in some prose speaks for its being about one cooperation project."""

import re
from collections.abc import Iterable, Sequence

from scraper.read.fields.amounts import project_amount
from scraper.read.fields.countries import find_countries, find_project_countries
from scraper.read.fields.cup import find_cup
from scraper.read.fields.dates import find_project_period
from scraper.read.fields.labels import Label
from scraper.read.fields.partners import find_partners
from scraper.read.fields.programmes import find_programmes
from scraper.read.fields.statuses import prose_status
from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import Pair, Piece
from scraper.read.layouts.drafts import words
from scraper.read.outlining.outline import Outline
from scraper.read.recall import role_in

FACTS = frozenset(
    (
        Label.ACRONYM, Label.AREA, Label.PROGRAMMES, Label.FUNDS, Label.STATUS, Label.ROLE, Label.COUNTRIES,
        Label.LEAD, Label.PARTNERS, Label.START, Label.END, Label.PERIOD, Label.AMOUNT, Label.CUP,
    )
)  # fmt: skip
"""The labels that announce a fact about a project."""

FIELDS = FACTS | {Label.TITLE, Label.LINK, Label.NOTE}
"""The labels that announce what a project has a field for."""

ANYWHERE = {Label.COUNTRIES, Label.START, Label.END, Label.PERIOD}
"""The facts that an event or an office has too."""

_PROJECT = re.compile(
    r"\b(?:progett[oi]|project|projet|proyecto|iniziativa|intervento|projekts?|projec?to)\b"
)
_CALL = re.compile(
    r"\b(?:domand[ae] (?:entro|di (?:partecipazione|contributo))|presentare (?:domanda|progetti|proposte)|"
    r"bewerbungsschluss|antragsfrist|prazo de candidatura|scadenza|dotazione|requisiti|"
    r"appels? a projets (?:\d{4} )?(?:est|sera|ouvre|s'ouvre)|depot des (?:dossiers|candidatures)|"
    r"applications? (?:(?:is|are|now|must|will) )*(?:open|close|by|before|be)|"
    r"plazo de (?:presentacion|solicitud)|"
    r"possono (?:partecipare|presentare)|criteri)\b"
)
# Who sells or collects for projects in general tells of none: "il ricavato sostiene i nostri progetti"
_APPEAL = re.compile(
    r"\b(?:ricavat[oi]|sosten\w+|sostien\w+|sostegno|finanzi\w+|proceeds|support\w*|funds?|benefices|recettes|"
    r"souten\w+|soutien\w*|recaudacion|recaudado|beneficios|apoya\w*|apoia\w*|receitas?|erlose?|einnahmen|"
    r"unterstutz\w*)\b[^.;]{0,30}?"
    r"\b(?:(?:tutti )?(?:i|ai|dei) nostri|(?:all )?our|nos|(?:todos )?nuestros|(?:os )?nossos|unsere[rn]?)\s"
    r"(?:progetti|projects|projets|proyectos|projetos|projekten?)\b"
)


def facts(pairs: Iterable[Pair]) -> set[Label]:
    """Return the labels of facts that have a value."""
    return {pair.label for pair in pairs if pair.label in FACTS and pair.values and pair.label}


def signals(outline: Outline, pieces: Iterable[Piece], names: Sequence[str]) -> set[str]:
    """Return the kinds of statements about a project that some prose makes."""
    found: set[str] = set()
    for piece in pieces:
        text = words(outline, piece)
        start, end = find_project_period(text)
        for name, told in (
            ("country", find_project_countries(text)),
            ("period", start or end),
            ("role", role_in(text, tuple(names))),
            ("amount", project_amount(text)),
            ("status", prose_status(text)),
            ("cup", find_cup(text)),
            ("programme", find_programmes(text)),
            ("partner", find_partners(text)),
            ("project", _PROJECT.search(fold(text))),
        ):
            if told:
                found.add(name)
    return found


def asks_readers(outline: Outline, pieces: Sequence[Piece], told: set[str]) -> bool:
    """Tell prose that opens a call, or that sells or collects for projects and tells (`told`) no fact of
    one."""
    folded = [fold(words(outline, piece)) for piece in pieces]
    collects = not told - {"project"} and any(_APPEAL.search(text) for text in folded)
    return collects or any(_CALL.search(text) for text in folded)


def is_place(text: str) -> bool:
    """Tell whether a text is nothing but countries' names (and counts)."""
    found = find_countries(text)
    if not found:
        return False
    rest = "".join(
        text[end:start]
        for end, start in zip(
            [0, *(f.end for f in found)], [*(f.start for f in found), len(text)], strict=True
        )
    )
    return not re.search(r"[a-z]{3}", fold(rest))


_AREA = re.compile(
    r"(?:area (?:geografica)?:? ?|regione |zona )?(?:(?:nord|sud|west|east|south|north|africa|ovest|est|"
    r"centro)[ -]?)?(?:africa|asia|america|europa|europe|balcani|balkans|balcans|"
    r"medio oriente|middle east|proche[- ]orient|moyen[- ]orient|oriente medio|mediterraneo|mediterranea|"
    r"mediterranean|mediterranee|trasversale|transversal|transversale|sahel|maghreb|caucaso|"
    r"oceania|caraibi|afrique|amerique|caribe|latinoamerica|afrika|asien|(?:latein|mittel|sud|"
    r"zentral)amerika|"
    r"naher osten|osteuropa|sudosteuropa|balkan|westbalkan|(?:west|ost|nord|sud)afrika(?= )|medio oriente)"
    r"(?: (?:latina|centrale|meridionale|subsahariana|sub-sahariana|orientale|occidentale|del nord|del sud|"
    r"dell'est|australe|settentrionale|latine|centrale|central|del sur|e caraibi|"
    r"and the caribbean|and caribbean|of the east|subsaharienne|sub-saharienne|de l'ouest|de l'est|du nord|"
    r"du sud|y caribe|meridional|south-east|e medio oriente|e asia|est|ovest))*"
)


def is_area(text: str) -> bool:
    """Tell whether a text names a part of the world and nothing else."""
    named = _AREA.fullmatch(" ".join(fold(text).split()).strip(" :.-")) is not None
    return named and not is_place(text)  # Sudafrica


_FUNDER = re.compile(
    r"(?:bando|programma|fondo|fondi|interreg|regione|provincia|unione europea|ue\b|aics|undp|ato(?: ?\d)?\b|"
    r"autorita d'ambito|fondazione|"
    r"ministero|commissione|legge|otto per mille|european|programme|union europeenne|region|agenzia|maeci|"
    r"cei\b|unicef|horizon|erasmus)"
)


def is_funder(text: str) -> bool:
    """Tell a text that begins as funders and their programmes do."""
    return _FUNDER.match(fold(text)) is not None
