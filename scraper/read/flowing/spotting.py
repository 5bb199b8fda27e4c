"""Labels with values in running text: Luogo: Etiopia; Partner: Cisv, on one line or on several."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.read.fields.labels import Label, label_of

_COLON = re.compile(r"[:：](?!//|\d)|(?<=\D)[:：](?=\d)")
_BREAK = re.compile(r"[\n|;•·▪(]|\.\s|,\s|\s[-–—]\s")
_LONGEST = 60
_CLOSING = " \n\t|;•·▪–—-"


@dataclass(frozen=True, slots=True)
class Spotted:
    """A label in a text, and the characters `start` to `end` of its value."""

    label: Label
    label_start: int
    label_end: int
    start: int
    end: int


def labels_in(text: str) -> list[Spotted]:
    """Return the labels of a text in order, each with its value up to the next label."""
    marks = list(_marks(text))
    return [
        Spotted(
            label,
            begin,
            end,
            value,
            _value_end(text, value, marks[number + 1][1] if number + 1 < len(marks) else None),
        )
        for number, (label, begin, end, value) in enumerate(marks)
    ]


def _marks(text: str) -> Iterator[tuple[Label, int, int, int]]:
    """Yield each label with its place and where its value may begin."""
    place = 0
    for colon in _COLON.finditer(text):
        if colon.start() < place:
            continue
        found = _label_before(text, place, colon.start())
        if found:
            place = colon.end()
            yield *found, place


def _label_before(text: str, place: int, colon: int) -> tuple[Label, int, int] | None:
    """Return the longest label that ends at a colon and begins after a break of the text."""
    floor = max(place, colon - _LONGEST - 2)
    starts = [match.end() for match in _BREAK.finditer(text, floor, colon)]
    if floor == place:
        starts.insert(0, place)
    for start in starts:
        words = text[start:colon]
        if start == place > 0 and "\n" in words.strip():
            continue  # Ruolo: partner, and Partner: Comune di Bra on the next line
        label = label_of(words, sheet=True) if words.strip() else None
        if label:
            lead = len(words) - len(words.lstrip(" \n*-–—•·▪"))
            return label, start + lead, start + len(words.rstrip())
    return None


def _value_end(text: str, start: int, following: int | None) -> int:
    end = len(text) if following is None else following
    while end > start and text[end - 1] in _CLOSING:
        end -= 1
    if following is not None and end > start and text[end - 1] in ",(":
        end -= 1
    return end
