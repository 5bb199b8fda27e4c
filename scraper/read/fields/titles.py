"""Titles of projects as the page words them, their acronyms, and titles quoted in running prose."""

import re
from collections.abc import Iterable

from scraper.read.fields.found import Found
from scraper.read.fields.roles import role_sentence
from scraper.read.fields.typography import clean, fold

_LABEL = re.compile(
    r"^\s*(?:titolo(?: del)?(?: progetto)?|nome(?: del)? progetto|denominazione|progetto|project(?: title|"
    r" name)?|projet|titre(?: du projet)?|"
    r"proyecto|titulo(?: del proyecto| do projec?to)?|iniziativa|intervento|projekt(?:titel|name)?|titel|"
    r"projec?to)\s*[:：]\s*"
)
_NUMBERED = re.compile(r"^\s*(?:[•·▪◦●■□‣⁃*>»–—-]+\s*|\(?\d{1,2}[.)]\s+(?=\S)|\(?[a-z][.)]\s+(?=\S))")
_DOTTED = re.compile(r"(?<![\w.])(?:[A-Z]\.\s?){2,}[A-Z]?\.?(?!\w)")
_OPEN_QUOTES = '"“„«‟'
_QUOTED = re.compile(
    r"[“„«\"‟]\s*(?P<inner>[^“”„«»\"‟\n]{3,200}?)\s*[”»\"“‟]|"
    r"(?<![\w’'])[‘'](?P<single>[A-ZÀ-Ý0-9][^‘’'\n]{4,150}?)[’'](?![\w])"
)
_PROJECT_BEFORE = re.compile(
    r"^(?:il |la |l')?(?:progetto|project|projet|proyecto|projekt|projec?to|iniziativa|intervento|"
    r"programma)?\s*$"
)


def clean_title(text: str, names: Iterable[str] = ()) -> Found[str] | None:
    """Return the page's words for a title, without bullet, label, role sentence or full stop.

    The value is cleaned of invisible characters; the place is that of the words in `text`.
    """
    begin, end = _without_role(text, tuple(names))
    begin, end = _trimmed(text, begin, end)
    value = clean(text[begin:end])
    return Found(value, begin, end) if re.search(r"\w", value) else None


def _without_role(text: str, names: tuple[str, ...]) -> tuple[int, int]:
    """Return the part of `text` before its role sentence, or after it where the text begins with it."""
    begin, end = 0, len(text)
    while span := role_sentence(text[begin:end], names):
        first, last = begin + span[0], begin + span[1]
        if text[begin:first].strip():
            end = first
        elif text[last:end].strip():
            begin = last
        else:
            break
    return begin, end


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """Leave out bullets, a label, wrapping quotes and closing marks at both ends."""
    for pattern in (_NUMBERED, _LABEL):
        if match := pattern.match(fold(text[begin:end])):
            begin += match.end()
    while begin < end and (text[begin].isspace() or not clean(text[begin])):
        begin += 1
    while end > begin and (
        text[end - 1].isspace() or text[end - 1] in ",;:–—-·|" or not clean(text[end - 1])
    ):
        end -= 1
    if text[end - 1 : end] == "." and not _keeps_stop(text[begin:end]):
        return _trimmed(text, begin, end - 1)
    return _unquoted(text, begin, end)


def _keeps_stop(title: str) -> bool:
    # S.M.A.R.T. and S.r.l. own their last full stop, and so do the three of an ellipsis
    return bool(
        re.search(r"(?:(?<!\w)(?:\w\.\s?){1,}\w\.|\.\.\.|\b(?:ecc|etc|S\.r\.l|Inc|Ltd|Onlus\.?)\.)$", title)
    )


def _unquoted(text: str, begin: int, end: int) -> tuple[int, int]:
    """Take the quotes off a title that is quoted as a whole, alone or after the word "progetto"."""
    quotes = list(_QUOTED.finditer(text, begin, end))
    if len(quotes) != 1 or quotes[0].end() != end:
        return begin, end
    if not _PROJECT_BEFORE.match(fold(text[begin : quotes[0].start()])):
        return begin, end
    group = "inner" if quotes[0]["inner"] else "single"
    return _trimmed(text, *quotes[0].span(group)) if quotes[0].span(group) != (begin, end) else (begin, end)


def quoted_titles(text: str) -> list[Found[str]]:
    """Return what stands in quotes in `text`, cleaned, without its closing comma or full stop."""
    found = []
    for match in _QUOTED.finditer(text):
        begin, end = _trimmed(text, *match.span("inner" if match["inner"] else "single"))
        if re.search(r"\w{2}", text[begin:end]):
            found.append(Found(clean(text[begin:end]), begin, end))
    return found
