"""What a cell of a table lists: one entry or several, with what is said about each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scraper.read.flowing.atoms import Pair, Piece
from scraper.read.flowing.flow import flow_of
from scraper.read.layouts.drafts import lines_of, whole, words
from scraper.read.outlining.outline import Group, GroupKind, Outline
from scraper.read.recall import role_sentence_in

_BULLET = re.compile(r"^\s*(?:[-–—•·*‣▪o]|\d{1,2}[.)])\s+")
_SENTENCE = re.compile(r"[.!?]$")


_SHEETS = {GroupKind.TABLE, GroupKind.PAIRS}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a cell lists: its first line, and the lines that add to it."""

    head: Piece
    remarks: tuple[Piece, ...] = ()
    item: bool = False


def entries_of(outline: Outline, cell: Group) -> list[Entry]:
    """Return what a cell lists: its items, else its paragraphs; empty ones, which only keep columns level,
    are gone."""
    entries: list[Entry] = []
    for unit, item in _units(cell):
        pieces = [line for number in unit for line in lines_of(outline, whole(outline, number))]
        if pieces:
            entries.append(Entry(pieces[0], tuple(pieces[1:]), item))
    return entries


def _units(cell: Group) -> list[tuple[list[int], bool]]:
    """Return the blocks of a cell, those of one list item together, and whether they are an item."""
    units: list[tuple[list[int], bool]] = []
    for child in cell.children:
        if isinstance(child, int):
            units.append(([child], False))
        elif child.kind is GroupKind.LIST:
            units.extend(
                (_numbers(item) if isinstance(item, Group) else [item], True) for item in child.children
            )
        elif child.kind not in _SHEETS:
            units.extend(_units(child))
    return units


def inner_pairs(outline: Outline, cell: Group) -> list[Pair]:
    """Return the pairs of the sheets that stand inside a cell."""
    inner = [child for child in cell.children if isinstance(child, Group) and child.kind in _SHEETS]
    return [atom for atom in flow_of(outline, inner) if isinstance(atom, Pair)]


def _numbers(group: Group) -> list[int]:
    found: list[int] = []
    pending: list[int | Group] = [group]
    while pending:
        node = pending.pop()
        if isinstance(node, int):
            found.append(node)
        else:
            pending.extend(reversed(node.children))
    return found


def titles_of(outline: Outline, cell: Group, expected: int, names: Sequence[str]) -> list[Entry]:
    """Return the titles that a cell lists, each with the sentences about it.

    A paragraph that states our role belongs to the title above it, and so does a sentence, unless the row
    expects as many titles as there are paragraphs. Lines of one paragraph are titles of their own where each
    is linked, bold or bulleted, or where the row expects as many.
    """
    entries = entries_of(outline, cell)
    titles: list[Entry] = []
    for entry in entries:
        text = words(outline, entry.head)
        sentence = not entry.item and len(entries) != expected and _is_sentence(text)
        if titles and (sentence or _states_role(text, names)):
            last = titles.pop()
            titles.append(replace(last, remarks=(*last.remarks, entry.head, *entry.remarks)))
        else:
            titles.append(entry)
    if len(titles) == 1 and titles[0].remarks:
        return _split(outline, titles[0], expected, names)
    return titles


def _split(outline: Outline, entry: Entry, expected: int, names: Sequence[str]) -> list[Entry]:
    lines = [entry.head, *entry.remarks]
    groups: list[list[Piece]] = []
    for line in lines:
        if groups and (_states_role(words(outline, line), names) or _is_sentence(words(outline, line))):
            groups[-1].append(line)
        else:
            groups.append([line])
    marked = all(_is_marked(outline, group[0]) for group in groups)
    if len(groups) > 1 and (marked or len(groups) == expected):
        return [Entry(group[0], tuple(group[1:])) for group in groups]
    return [entry]


def _states_role(text: str, names: Sequence[str]) -> bool:
    """Tell a sentence about somebody's role; whether the role is ours is for the field to say."""
    return role_sentence_in(text, tuple(names)) is not None or role_sentence_in(text, ()) is not None


def _is_sentence(text: str) -> bool:
    """Tell a remark from a title: in brackets, or several words up to a full stop."""
    return text[:1] in "([" or (
        len(text.split()) >= 6 and bool(_SENTENCE.search(text)) and not text.isupper()
    )


def _is_marked(outline: Outline, line: Piece) -> bool:
    block = outline.blocks[line.block]
    if _BULLET.match(words(outline, line)):
        return True
    ranges = [(link.start, link.end) for link in block.links] + list(block.strong)
    return any(start < line.end and end > line.start for start, end in ranges)
