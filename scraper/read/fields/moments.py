"""The dates that a text names in Italian, French, Spanish, English, German and
Portuguese, no more precise than written."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from functools import lru_cache

from scraper.read.fields.found import Found
from scraper.read.fields.typography import fold

_MONTH_NAMES = (  # folded, in it, fr, es, en, de, pt; abbreviations count only beside a year
    "gennaio janvier enero january januar janner janeiro | gen janv ene jan",
    "febbraio fevrier febrero february februar fevereiro | feb febb fev fevr",
    "marzo mars march marz | mar",
    "aprile avril abril april | apr avr abr",
    "maggio mai mayo may maio | mag",
    "giugno juin junio june juni junho | giu jun",
    "luglio juillet julio july juli julho | lug juil jul",
    "agosto aout august | ago aug",
    "settembre septembre septiembre setiembre september setembro | set sett sep sept",
    "ottobre octobre octubre october oktober outubro | ott oct okt",
    "novembre noviembre november novembro | nov",
    "dicembre decembre diciembre december dezember dezembro | dic dec dez",
)
_ROMAN_MONTHS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_FULL = {name: number for number, row in enumerate(_MONTH_NAMES, 1) for name in row.split(" | ")[0].split()}
_SHORT = {name: number for number, row in enumerate(_MONTH_NAMES, 1) for name in row.split(" | ")[1].split()}
_MONTHS = _FULL | _SHORT | {numeral: number for number, numeral in enumerate(_ROMAN_MONTHS, 1)}
_FIRST = {"primo", "premier", "primero", "first", "i"}

_YEAR = r"(?:19[5-9]\d|20\d\d)"
_FULL_MONTH = "|".join(sorted(_FULL, key=len, reverse=True))
_MONTH = "|".join(sorted(_FULL | _SHORT, key=len, reverse=True))
_ROMAN = "|".join(sorted(_ROMAN_MONTHS, key=len, reverse=True))
_ORDINAL = r"(?:\s?(?:°|º|\^|er\b|st\b|nd\b|rd\b|th\b|o\b))?"
_DAY = (
    rf"(?:(?:0?[1-9]|[12]\d|3[01])(?!\d){_ORDINAL}|i[°º]|(?:(?<=\bdal\s)|(?<=\bal\s)|(?<=\bil\s))i(?=\s)|"
    r"\b(?:primo|premier|primero|first)\b)"
)
_OF = r"(?:\s*(?:de\s|di\s|d'|of\s)|[-/.])?\s*"
_OF_YEAR = r"[.,/-]?\s*(?:(?:del|de|di|of|dell'anno|anno)\s+)?"
_JOIN = r"(?:-|/|e|al?|ed|et|au|and|to|y|,|\+|&)"
_DATE = re.compile(
    rf"""(?<![\w])(?:
      (?P<iso_y>{_YEAR})-(?P<iso_m>0[1-9]|1[0-2])(?:-(?P<iso_d>0[1-9]|[12]\d|3[01]))?(?![\d-])
    | (?P<num_d>\d{{1,2}})\s?[./-]\s?(?P<num_m>\d{{1,2}}|{_ROMAN})\s?[./-]\s?
      (?P<num_y>{_YEAR}|\d\d)(?![\d/.]\d|\d)
    | (?P<us_m>{_MONTH})\.?\s+(?P<us_d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+)(?P<us_y>{_YEAR})(?!\d)
    | (?:(?P<w_d>{_DAY}){_OF})?(?<![a-z])(?P<w_m>{_MONTH}){_OF_YEAR}(?P<w_y>{_YEAR}|'\d\d)(?!\d)
    | (?P<my_m>0?[1-9]|1[0-2]|{_ROMAN})\s?[/.]\s?(?P<my_y>{_YEAR})(?!\d)
    | (?:(?P<b_d>{_DAY}){_OF})?(?<![a-z])(?P<b_m>{_FULL_MONTH})(?![a-z])
    | (?P<d_d>{_DAY})(?=\s*{_JOIN}\s*(?:i[l]?\s)?{_DAY}(?:\s*{_JOIN}\s*{_DAY})*{_OF}(?:{_MONTH})\b)
    | (?P<y_y>{_YEAR})(?!\d|[.,]\d\d)
    | (?<={_YEAR}[/-])(?P<yy_y>\d\d)(?![\d./-])
    )""".replace(rf"(?<={_YEAR}[/-])", r"(?<=[12]\d\d\d[/-])"),
    re.VERBOSE,
)
# Numbers that look like years and are names: programmes, laws, acts, money.
_NO_YEAR_BEFORE = re.compile(
    r"(?:agenda|horizon|orizzonte|europa|europe|expo|iso|h|legge|law|loi|ley|l\.|d\.\s?lgs\.?|decreto|n\.|"
    r"nr\.|n°|num\.|no\.|"
    r"prot\.|art\.|dgr|delibera\w*|deliberazione|determina\w*|regolamento|obiettivi|goals|goal|€|euro|eur|"
    r"\$|£|\bn)"
    r"\s*(?:del\s+|\d+\s*[/.-]\s*)?$"
)
_NO_YEAR_AFTER = re.compile(
    r"\s*(?:€|euro\b|eur\b|\$|£|persone\b|beneficiari|metri\b|km\b|abitanti\b|%|mila\b|dollari\b)"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as written: what is not written is None; `start` and `end` are its characters."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    @property
    def edtf(self) -> str:
        """The date as EDTF (ISO 8601-2); the year must be known."""
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part)]
        return "-".join(parts)

    @property
    def found(self) -> Found[str]:
        """The date as a found value."""
        return Found(self.edtf, self.start, self.end)


def _year(text: str) -> int:
    digits = int(text.lstrip("'"))
    if digits > 99:
        return digits
    return 2000 + digits if digits < 60 else 1900 + digits


def _day(text: str | None) -> int | None:
    if not text:
        return None
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else 1


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS[text]


def _numeric(match: re.Match[str], day: int, month: int) -> Moment | None:
    # dd/mm/yyyy is the custom of the four languages; mm/dd/yyyy only where nothing else is possible
    if month > 12 >= day:
        day, month = month, day
    return _moment(match, _year(match["num_y"]), month, day)


def _moment(match: re.Match[str], year: int | None, month: int | None, day: int | None) -> Moment | None:
    if month is not None and not 1 <= month <= 12:
        return None
    if day is not None and not 1 <= day <= monthrange(year or 2000, month or 1)[1]:
        return None
    return Moment(year, month, day, match.start(), match.end())


def _read(match: re.Match[str]) -> Moment | None:
    """Return the date that a match of one of the spellings writes, or None where there is no such day."""
    spelling, _, _ = str(match.lastgroup).partition("_")
    if spelling == "iso":
        return _iso(match)
    if spelling == "num":
        return _numeric(match, int(match["num_d"]), _month(match["num_m"]))
    part = {name.partition("_")[2]: text for name, text in match.groupdict().items() if text}
    year = _year(part["y"]) if "y" in part else None
    return _moment(match, year, _month(part["m"]) if "m" in part else None, _day(part.get("d")))


def _iso(match: re.Match[str]) -> Moment | None:
    year, month, day = int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"] or 0) or None
    if day is None and month > year % 100:  # 2010-12 is a span of years, 2021-03 a month
        return Moment(year, None, None, match.start("iso_y"), match.end("iso_y"))
    return _moment(match, year, month, day)


def _scan(folded: str) -> list[Moment]:
    moments: list[Moment] = []
    place = 0
    while match := _DATE.search(folded, place):
        moment = _read(match)
        place = max(match.end() if moment is None else moment.end, match.start() + 1)
        if moment is None or _is_name(folded, moment):
            continue
        moments.append(moment)
    return moments


def _is_name(folded: str, moment: Moment) -> bool:
    """Tell whether the number only looks like a date: Agenda 2030, legge 125/2014, 2000 euro."""
    if (
        moment.day is None
        and moment.year is not None
        and (moment.month is None or "/" in folded[moment.start : moment.end])
    ):
        before = folded[max(0, moment.start - 40) : moment.start]
        return bool(_NO_YEAR_BEFORE.search(before) or _NO_YEAR_AFTER.match(folded, moment.end))
    return False


_MARCH = re.compile("março", re.IGNORECASE)
_HAS_YEAR = re.compile(r"(?:19|20)\d\d|\d\s?[./-]\s?\d\d(?!\d)|['’‘`´]\d\d")
_LINK = re.compile(
    r"\s*(?:,?\s*(?:-|/|→|>|,|\+|&|e|ed|ad?|al|all'|alla|et|au?|to|till|until|and|y|through|"
    r"fino a[dl]?|sino a[dl]?|jusqu'(?:au?|en|a)|hasta(?: el)?|bis(?: zum)?|und|ate(?: (?:ao?|"
    r"o))?)\s*)(?:il |el |le |the )?\s*(?:(?:inizio|"
    r"fine|meta|fin|end of|mid) )?\s*"
)


def _completed(folded: str, moments: list[Moment]) -> list[Moment]:
    """Give a date without year the year of the date that it is joined to: dal 3 al 18 settembre 2018."""
    done: list[Moment] = []
    following: Moment | None = None
    for moment in reversed(moments):
        joined = following and _LINK.fullmatch(folded, moment.end, following.start)
        if moment.year is None and following and joined:
            if moment.month is None:
                moment = replace(moment, month=following.month)  # noqa: PLW2901
            year = following.year
            if year and (moment.month or 0) > (following.month or 12):
                year -= 1  # ottobre - marzo 2019 began in the year before
            moment = replace(moment, year=year)  # noqa: PLW2901
        if moment.year is not None:
            done.append(moment)
        following = moment if moment.year is not None else None
    return done[::-1]


@lru_cache(maxsize=256)  # prose is asked once to tell projects from other text, and again for the record
def find_moments(text: str) -> tuple[Moment, ...]:
    """Return the dates of `text` that have a year, in their order."""
    if not _HAS_YEAR.search(text):
        return ()  # most sentences date nothing, and the search for dates is a slow one
    # março without its cedilla is the name Marco; marzo is as long
    folded = fold(_MARCH.sub("marzo", text))
    return tuple(_completed(folded, _scan(folded)))
