"""Where sentences begin and end in a text, with abbreviations, acronyms and numbers kept whole."""

import re
from functools import lru_cache

from scraper.read.fields.typography import fold

_STOP = re.compile(r"[.!?…]+[\"”»')\]]*(?=\s)|\n+|;(?=\s)")
_LONGEST = 1500  # nobody writes a longer sentence; what is longer is parted, so that no search takes long
_CURRENCY = re.compile(r"(?:[€£$]|\beur|\beuro)\.$")
_GERMAN_DAY = re.compile(r"\b\d{1,2}\.$")
_GERMAN_MONTH = re.compile(
    r"\s*(?:januar|janner|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember)\b"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:[a-z]\.)*[a-z]|\b(?:dott|dr|ing|arch|prof|sig|avv|art|n|nr|num|no|prot|pag|tel|ecc|etc|es|"
    r"cfr|ss|cd|"
    r"tsd|mrd|bzw|inkl|usw|rep|dem|prov|reg|univ|ist|fraz|loc|spa|srl|soc|coop|ass|str|st|ste|mr|mrs|ms|inc|ltd|co|vs|ca|max|min|mln|mio|mil|sett|gen|feb|mar|apr|"
    r"mag|giu|lug|ago|ott|nov|dic|"
    r"janv|fevr|avr|juil|sept|oct|dec|jan|jun|jul|aug|sep|m|km|rev|mons|int|naz))\.$"
)


@lru_cache(maxsize=256)  # every finder asks for the sentences of the same few texts
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return where every sentence of `text` begins and ends; a line break or a semicolon ends one too."""
    folded = fold(text)
    spans: list[tuple[int, int]] = []
    begin = 0
    for stop in _STOP.finditer(text):
        if stop[0][0] in ".!?…" and _goes_on(text, folded, begin, stop.end()):
            continue
        spans.append((begin, stop.end()))
        begin = stop.end()
    spans.append((begin, len(text)))
    parts = [
        (first, min(first + _LONGEST, end)) for begin, end in spans for first in range(begin, end, _LONGEST)
    ]
    return tuple(trimmed for part in parts if (trimmed := _trimmed(text, *part)))


def _goes_on(text: str, folded: str, begin: int, place: int) -> bool:
    """Tell whether a stop ends no sentence: a small letter follows it, or it belongs to an abbreviation."""
    following = text[place : place + 20].lstrip()[:1]
    if following.islower() or (following.isdigit() and _CURRENCY.search(folded, begin, place)):
        return True
    if _GERMAN_DAY.search(folded, begin, place) and _GERMAN_MONTH.match(folded, place):
        return True  # am 1. Oktober 2016
    return bool(_ABBREVIATION.search(folded, max(begin, place - 20), place)) and not _is_dotted_end(
        text, place
    )


def _is_dotted_end(text: str, place: int) -> bool:
    # S.M.A.R.T. La Città …: an acronym of four letters or more may well end a sentence before an article
    return bool(re.search(r"(?:[A-Z]\.){4,}$", text[:place])) and bool(
        re.match(r"\s+(?:Il|La|Lo|L'|L’|I|Gli|Le|The|El|Los|Las|Un|Una|Nous|We)\b", text[place:])
    )


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int] | None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return (begin, end) if begin < end else None
