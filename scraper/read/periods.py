"""A project's period where prose about it states it in a clause of dates alone: "in Libano, 2013 - 2020."."""

import re
from collections.abc import Iterator

from scraper.read.fields.dates import Period, find_period
from scraper.read.fields.moments import find_moments
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import fold

_CLAUSE = re.compile(r"[^,;()\[\]|·•]+")
_LINKS = re.compile(
    r"(?:\b(?:dal|dall|dalla|da|al|all|alla|a|ad|e|il|la|l|nel|tra|fra|fino|sino|di|del|anni|anno|periodo|"
    r"inizio|fine|from|to|until|till|since|between|and|in|the|"
    r"de|du|des|au|en|depuis|jusqu|entre|et|le|a partir|desde|hasta|el|y|los|partir|dates|period|periode)\b|"
    r"[\s'.\-–—/:°])*"
)


def clause_period(prose: str) -> Period:
    """Return the period in the first clause of `prose` that holds nothing but dates, never the days of a
    meeting."""
    for begin, end in sentences(prose):
        for first, last in _date_clauses(prose, begin, end):
            start, finish = find_period(prose[first:last])
            if not start or (finish and start.value[:7] == finish.value[:7]):
                continue
            told, _ = find_period(prose[begin:last])  # knows the words of meetings, calls and papers
            if told and told.value == start.value:
                return start.moved(first), finish.moved(first) if finish else None
    return None, None


def _date_clauses(prose: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the clauses of a sentence that are a range of dates, or one date with a word of beginning before
    it."""
    for clause in _CLAUSE.finditer(prose, begin, end):
        moments = find_moments(clause[0])
        if not moments:
            continue
        rest = clause[0]
        for moment in reversed(moments):
            rest = rest[: moment.start] + rest[moment.end :]
        linked = re.search(r"\w", rest) is not None
        if _LINKS.fullmatch(fold(rest)) and (linked or len(moments) > 1):
            yield clause.start(), clause.end()
