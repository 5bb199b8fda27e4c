"""One block line by line: the headings in disguise, the labelled values and the prose that it holds."""

import re
from collections.abc import Iterator

from scraper.read.fields.labels import Label, label_of
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import shouts
from scraper.read.flowing.atoms import (
    CAPITALS,
    LONGEST_HEADING,
    STRONG,
    STRONG_CAPITALS,
    Atom,
    Heading,
    Pair,
    Piece,
    Prose,
)
from scraper.read.flowing.spotting import Spotted, labels_in
from scraper.read.flowing.telltales import FACTS
from scraper.read.outlining.furniture import READ_ON
from scraper.read.outlining.outline import Block, Outline

_VALUE_BEHIND = re.compile(r"\s+[\w\"“«‘'€£$]")  # and neither a dash nor a bracket, as behind a name
_NO_HEADING_END = (".", ":", ";", ",", "!", "?")
_LONG_LABELS = {Label.NOTE, Label.BENEFICIARIES, Label.SECTOR, Label.CONTACT}


def block_parts(outline: Outline, number: int) -> Iterator[Atom]:
    """Yield the headings, pairs and prose that one block holds."""
    block = outline.blocks[number]
    whole = Piece(number, 0, len(block.text))
    if block.rule == READ_ON:
        yield Pair(Label.LINK, whole, (whole,))
        return
    if block.rank:
        yield Heading(whole, block.rank)
        return
    begin = 0
    for start, end in _lines(block.text):
        rank = _disguised_rank(block, start, end)
        if rank:
            if begin < start:
                yield from _prose_parts(block, number, begin, start - 1)
            yield Heading(Piece(number, start, end), rank)
            begin = end + 1
    if begin < len(block.text):
        yield from _prose_parts(block, number, begin, len(block.text))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _disguised_rank(block: Block, start: int, end: int) -> int:
    """Return the rank of a line that is a heading in all but its tag, or 0."""
    line = block.text[start:end]
    if not 3 <= len(line) <= LONGEST_HEADING or line.endswith(_NO_HEADING_END):
        return 0
    bold = sum(
        min(last, end) - max(first, start) for first, last in block.strong if first < end and last > start
    )
    capitals = shouts(line) and sum(map(str.isalpha, line)) >= 3
    if _labels_a_value(block, start, end):
        return 0
    if bold >= len(line) - 2 or (bold >= 0.6 * len(line) and line[:3] in _bold_text(block, start, end)):
        if ": " in line and not capitals and label_of(line.split(":")[0], sheet=True):
            return 0
        return STRONG_CAPITALS if capitals else STRONG
    alone = start == 0 and "\n" not in block.text
    return CAPITALS if capitals and alone and " " in line and not re.search(r"\d|:", line) else 0


def _labels_a_value(block: Block, start: int, end: int) -> bool:
    """Tell a bold label from a heading: its value stands behind it, or below it in the same paragraph."""
    stop = next((last for first, last in block.strong if first <= start < last), start)
    if stop >= end:
        label = label_of(block.text[start:end], sheet=True) if end < len(block.text) else None
        return label in _LONG_LABELS or label in FACTS
    return _VALUE_BEHIND.match(block.text, stop, end) is not None and (
        label_of(block.text[start:stop], sheet=True) is not None
    )


def _bold_text(block: Block, start: int, end: int) -> str:
    return " ".join(block.text[max(first, start) : min(last, end)] for first, last in block.strong)


def prose_parts(outline: Outline, piece: Piece) -> Iterator[Atom]:
    """Yield the pairs of labelled lines in a piece, and the prose around them."""
    return _prose_parts(outline.blocks[piece.block], piece.block, piece.start, piece.end)


def _prose_parts(block: Block, number: int, begin: int, end: int) -> Iterator[Atom]:
    """Yield the pairs of labelled lines and the prose around them."""
    text = block.text[begin:end]
    place = 0
    for part in sorted(
        [*labels_in(text), *_bold_labels(block, begin, end)], key=lambda part: part.label_start
    ):
        if part.label_start < place:
            continue
        if text[place : part.label_start].strip(" \n|;•·–—-."):
            yield _trimmed_prose(number, text, begin, place, part.label_start)
        below = part.start == part.label_end and text[part.start : part.start + 1] == "\n"
        stop = part.end if below else _value_end(text, part.start, part.end, part.label)
        value = _trim(text, part.start, stop)
        values = (Piece(number, begin + value[0], begin + value[1]),) if value else ()
        yield Pair(part.label, Piece(number, begin + part.label_start, begin + part.label_end), values)
        place = stop
    if text[place:].strip(" \n|;•·–—-."):
        yield _trimmed_prose(number, text, begin, place, len(text))


def _bold_labels(block: Block, begin: int, end: int) -> Iterator[Spotted]:
    """Yield the labels that only their bold type parts from their values, at the beginning of a line."""
    for start, stop in block.strong:
        line_end = block.text.find("\n", stop)
        line_end = end if line_end < 0 else min(line_end, end)
        leads = start == begin or (begin < start < end and block.text[start - 1] == "\n")
        if leads and stop >= line_end:
            line_end = _next_bold(block, stop, end)
        if leads and _VALUE_BEHIND.match(block.text, stop, line_end) and ":" not in block.text[start:stop]:
            label = label_of(block.text[start:stop], sheet=True)
            if label and label is not Label.TITLE:
                yield Spotted(label, start - begin, stop - begin, stop - begin, line_end - begin)


def _next_bold(block: Block, place: int, end: int) -> int:
    """Return where the next line with a bold beginning starts: the value of the label before ends there."""
    starts = (start for start, _ in block.strong if place < start < end and block.text[start - 1] == "\n")
    return min(starts, default=end)


def _value_end(text: str, start: int, end: int, label: Label) -> int:
    """Return where the value of a label in running text ends: names and dates end with their line and
    sentence."""
    if label in _LONG_LABELS:
        return end
    value = text[start:end]
    first = value.strip("\n").find("\n")
    if value.strip() and first >= 0 and not value.startswith("\n"):
        end = start + value.find("\n", len(value) - len(value.lstrip("\n")))
    parts = sentences(text[start:end].replace(";", ","))
    return start + parts[0][1] if parts and len(parts) > 1 else end


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and (text[start].isspace() or text[start] in "|;•·–—-"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "|;•·–—-"):
        end -= 1
    return (start, end) if start < end else None


def _trimmed_prose(number: int, text: str, begin: int, start: int, end: int) -> Prose:
    place = _trim(text, start, end)
    assert place is not None
    return Prose(Piece(number, begin + place[0], begin + place[1]))
