"""The parts of a list item's line: where its title ends, and which part behind it is a place, a period or a
sum."""

import re

from scraper.read.fields.amounts import AmountKind, find_amounts
from scraper.read.fields.countries import find_countries
from scraper.read.fields.dates import find_period
from scraper.read.fields.labels import Label
from scraper.read.fields.moments import find_moments
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import Pair, Piece
from scraper.read.flowing.spotting import labels_in
from scraper.read.flowing.telltales import is_area, is_place
from scraper.read.layouts.drafts import words
from scraper.read.outlining.outline import Outline

_FACT = re.compile(
    r"(?:in|nel|nella|au|aux|en) [a-z]+$|(?:in corso|conclus|terminat|avviat|sospes|presentat|finanziat|"
    r"propost|scheda|pdf\b|punti\b|capofila|partner\b|con\b|promoss|realizzat"
    r"|ongoing|completed|funded|led by|with\b|en cours|termine|finance|porte|avec\b|en curso|finalizad|"
    r"financiad|lider|em curso|concluid|laufend|abgeschlossen|gefordert|mit\b|com\b)"
)
_BODY = re.compile(
    r"(?:(?:ONG|Ong|NGO|OSC|Associazione|Ass\.|Fondazione|Comune|Provincia|Università|Cooperativa|Caritas|"
    r"Consorzio|Istituto|"
    r"Rete|Centro|Comitato|Onlus|Gruppo|Asociación|Fundación|Association|Fondation|Ville|Commune|"
    r"Municipality|Stadt|Gemeinde|Verein|Stiftung|Município|Câmara|Associação|Fundação)\b"
    r"(?: [\w'’.-]+){0,7}|[A-Z]{3,9}(?: [Oo]nlus)?|[\w' ]{3,40} (?:Onlus|ONLUS|onlus|ETS))$"
)
_FUNDER = re.compile(
    r"(?:ue|eu|aics|maeci|undp|unicef|ato ?\d|cei|fao|usaid|interreg|erasmus|horizon|bando|unione europea|"
    r"commissione europea|european (?:union|commission)|union europeenne|autorita d'ambito|otto per mille|"
    r"fondazione|fondation|fundacion)\b"
)
_OWN_SUMS = {AmountKind.UNKNOWN, AmountKind.TOTAL}
# A dash between two dates joins them; a comma between digits is a decimal one.
_BETWEEN = re.compile(
    r"[()\[\];]|,(?!\d)|(?<=[^\d\s])\s+[-–—]\s+(?![a-z]+ \d{4})|\s+[-–—]\s+(?=[^\d\s])(?![a-z]+ \d{4})"
)
_EDGES = " :-–—.\"”»’'\n\t"
_CUT = re.compile(r"\s*(?:\(|\[|:\s|;|\s[-–—]\s|,\s)")


def cut_of(text: str) -> int:
    """Return where the title ends: before the first part that is a fact."""
    for match in _CUT.finditer(text):
        if match.start() >= 3 and _is_fact(text[match.end() - 1 :].split(")", maxsplit=1)[0][:80]):
            return match.start()
    return len(text)


def _is_fact(part: str) -> bool:
    """Tell a part that states something about a project from one that goes on with its title."""
    bare = part.strip(" ()[],:;-–")
    told = (
        find_moments(bare)
        or find_amounts(bare)
        or labels_in(bare)
        or is_place(bare)
        or _FACT.match(fold(bare))
        or _FUNDER.match(fold(bare))
    )
    return bool(told)


def parts_of(line: Piece, text: str, cut: int) -> list[Piece]:
    """Return the parts of a line behind its title: sentences, and what stands between brackets, commas,
    semicolons and spaced dashes."""
    parts: list[Piece] = []
    place = cut
    named = find_countries(text)
    between = [
        match.span()
        for match in _BETWEEN.finditer(text, cut)
        if not any(country.start < match.start() < country.end for country in named)
    ]
    for stop in [*between, (len(text), len(text))]:
        for begin, end in sentences(text[place : stop[0]]):
            part = text[place + begin : place + end].strip(_EDGES)
            if re.search(r"\w", part):
                start = line.start + text.index(part, place + begin)
                parts.append(Piece(line.block, start, start + len(part)))
        place = stop[1]
    return parts


def sorted_parts(outline: Outline, parts: list[Piece], granted: bool) -> list[Pair]:
    """Return the parts that are a place, a period or a sum, as pairs; money that is granted is a share."""
    pairs: list[Pair] = []
    sums = [part for part in parts if _is_sum(words(outline, part))]
    for part in parts:
        text = words(outline, part)
        start, end = find_period(text)
        if is_place(text):
            pairs.append(Pair(Label.COUNTRIES, part, (part,)))
        elif (start or end) and len(text) <= 60:
            pairs.append(Pair(Label.PERIOD, part, (part,)))
        elif _FUNDER.match(fold(text)):
            pairs.append(Pair(Label.PROGRAMMES, part, (part,)))
        elif _BODY.match(text) and not is_area(text):
            pairs.append(Pair(Label.PARTNERS, part, (part,)))
        if sums == [part]:
            share = granted and find_amounts(text)[0].value.kind is AmountKind.UNKNOWN
            pairs.append(Pair(Label.SHARE if share else Label.AMOUNT, part, (part,)))
    return pairs


def _is_sum(text: str) -> bool:
    """Tell a part that is one amount of money and little else."""
    amounts = find_amounts(text)
    return len(amounts) == 1 and amounts[0].value.kind in _OWN_SUMS and len(text) <= 40
