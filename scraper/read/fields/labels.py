"""What the words above a column or before a value announce, in Italian, French, Spanish, English, German and
Portuguese."""

import re
from enum import StrEnum
from functools import lru_cache

from scraper.read.fields.label_words import LABEL_WORDS, TOTAL_WORDS
from scraper.read.fields.label_words_de_pt import LABEL_WORDS_DE_PT, TOTAL_WORDS_DE_PT
from scraper.read.fields.typography import fold


class Label(StrEnum):
    """What a label announces: first the fields of a project, then what no field holds."""

    TITLE = "title"
    ACRONYM = "acronym"
    AREA = "area"
    PROGRAMMES = "programmes"
    FUNDS = "funds"  # an amount or a funder: the value decides
    STATUS = "status"
    ROLE = "role"
    COUNTRIES = "countries"
    LEAD = "lead"  # the leading body: a partner, or our own role
    PARTNERS = "partners"
    START = "start"
    END = "end"
    PERIOD = "period"
    AMOUNT = "amount"
    LINK = "link"
    NOTE = "note"
    CUP = "cup"
    SHARE = "share"  # money that is not the project's total
    SECTOR = "sector"
    BENEFICIARIES = "beneficiaries"
    CONTACT = "contact"
    CODE = "code"
    SCORE = "score"
    YEAR = "year"  # of a call or a decision, not of the project
    ATTACHMENT = "attachment"


def _pattern(*tables: str) -> re.Pattern[str]:
    """Return what matches any line of some tables of words; a line goes on where it ends with a bar."""
    return re.compile("|".join(table.replace("|\n", "|").replace("\n", "|") for table in tables if table))


_PATTERNS = tuple(
    (Label(name), _pattern(words, LABEL_WORDS_DE_PT.get(name, ""))) for name, words in LABEL_WORDS.items()
)
_TOTAL = _pattern(TOTAL_WORDS, TOTAL_WORDS_DE_PT)
_TRIM = re.compile(r"^[\s\-•·*#>|]+|[\s:.*\-|?]+$")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_ARTICLE = re.compile(r"^(?:il|lo|la|i|gli|le|l'|les|el|los|las|the|un|una|der|die|das|os)(?:\s+|(?<='))")
_JOINED = re.compile(r"\s*[/,]\s*|\s+(?:e|ed|et|and|y|o|und|oder|ou)\s+|\s+-\s+")
_CURRENCY = re.compile(
    r"(?<=\w)[\s,]+(?:(?:espress[oi] )?(?:in|en|em) )?(?:euros?|eur|€|£|gbp|\$|usd|chf)(?=[\s:.]*$)"
)  # Costo totale in euro
_PLURAL = re.compile(r"(?<=[a-z])/[a-z]{1,2}\b")  # Paese/i, Partner/s
_LONGEST = 60  # a longer text is prose that happens to begin like a label


@lru_cache(maxsize=4096)
def label_of(text: str, sheet: bool = False) -> Label | None:
    """Return what a label announces, or None for other text; on a `sheet` a plain "Area" is a place."""
    if len(text) > _LONGEST:
        return None
    normal = _normal(text)
    label = _label(normal) or _label(_ARTICLE.sub("", normal)) or _joined(normal)
    if label is Label.AREA and sheet and normal in {"area", "regione", "region", "zona", "zone", "aree"}:
        return Label.COUNTRIES
    return label


@lru_cache(maxsize=4096)
def is_total(text: str) -> bool:
    """Tell whether a cell or line only announces a sum over several projects (TOTALE, Total général)."""
    return len(text) <= _LONGEST and _TOTAL.fullmatch(_normal(text)) is not None


def _joined(normal: str) -> Label | None:
    """Return the first of several labels joined in one (Paese / Area); an acronym stands in the title
    itself."""
    parts = [_label(_ARTICLE.sub("", part)) for part in _JOINED.split(normal)]
    if set(parts) == {Label.ACRONYM, Label.TITLE}:
        return Label.TITLE
    return parts[0] if all(parts) else None


def _normal(text: str) -> str:
    folded = " ".join(_BRACKETS.sub(" ", _PLURAL.sub("", fold(text))).split())
    return _TRIM.sub("", _CURRENCY.sub("", folded))


@lru_cache(maxsize=4096)
def _label(normal: str) -> Label | None:
    return next((label for label, pattern in _PATTERNS if pattern.fullmatch(normal)), None)
