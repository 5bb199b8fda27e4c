"""The flow: an outline read from top to bottom as headings, prose, pairs, lists, tables and cards."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scraper.read.fields.labels import Label, label_of
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import shouts
from scraper.read.flowing.shapes import TableShape, shape_of
from scraper.read.flowing.spotting import labels_in
from scraper.read.outlining.furniture import READ_ON
from scraper.read.outlining.grids import Grid, grid_of
from scraper.read.outlining.outline import Block, Group, GroupKind, Node, Outline

STRONG_CAPITALS, STRONG, CAPITALS = 7, 8, 9
"""The ranks of headings in disguise, below the six that HTML has."""

_LONGEST_HEADING = 160
_NO_HEADING_END = (".", ":", ";", ",", "!", "?")
_LONG_LABELS = {Label.NOTE, Label.BENEFICIARIES, Label.SECTOR, Label.CONTACT}


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` to `end` of block `block`."""

    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, as marked up or in disguise; a smaller rank stands higher."""

    piece: Piece
    rank: int


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, or what is left of one."""

    piece: Piece


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its values; `label` is None where nobody knows what it announces."""

    label: Label | None
    name: Piece
    values: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    group: Group


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table whose rows or cells are records."""

    grid: Grid
    after: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class CardBox:
    """A card."""

    group: Group


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""


Atom = Heading | Prose | Pair | Listing | DataTable | CardBox | Rule


def flow_of(outline: Outline, nodes: Iterable[Node]) -> list[Atom]:
    """Return what nodes show, in order; layout tables and other mere containers are dissolved."""
    atoms: list[Atom] = []
    pending: list[Node] = list(reversed(list(nodes)))
    while pending:
        node = pending.pop()
        if isinstance(node, int):
            atoms.extend(block_parts(outline, node))
        elif node.kind is GroupKind.LIST:
            atoms.append(Listing(node))
        elif node.kind is GroupKind.CARD:
            atoms.append(CardBox(node))
        elif node.kind is GroupKind.RULE:
            atoms.append(Rule())
        elif node.kind is GroupKind.TABLE:
            pending.extend(reversed(_table(outline, node, atoms)))
        elif node.kind is GroupKind.PAIRS:
            pending.extend(reversed(_description_list(outline, node, atoms)))
        else:
            pending.extend(reversed(node.children))
    return atoms


def _table(outline: Outline, table: Group, atoms: list[Atom]) -> list[Node]:
    """Add what a table says to `atoms`; return the nodes that are still to be read because it is mere layout."""
    grid = grid_of(table)
    shape = shape_of(outline, grid)
    if shape is TableShape.LAYOUT:
        return list(table.children)
    if shape is TableShape.SHEET:
        atoms.extend(_sheet(outline, grid))
        return []
    atoms.append(DataTable(grid))
    return []


def _sheet(outline: Outline, grid: Grid) -> Iterator[Atom]:
    """Yield the pairs of a table of labels and values."""
    titles = _title_row(outline, grid)
    if titles is not None:
        yield from _side_by_side(outline, grid, titles)
        return
    for number in range(len(grid.rows)):
        for node in grid.between[number]:
            yield from flow_of(outline, [node])
        cells = [slot.cell for slot in grid.starts(number) if slot.row == number]
        index = 0
        while index < len(cells):
            name = cells[index]
            label = label_of(outline.text(name), sheet=True)
            pieces = cell_pieces(outline, name)
            if len(cells) == 1 and label is None:
                yield from (
                    Heading(piece, STRONG)
                    if len(pieces) == 1 and piece.end <= _LONGEST_HEADING
                    else Prose(piece)
                    for piece in pieces
                )
                break
            if not pieces:
                index += 1
                continue
            value = cells[index + 1] if index + 1 < len(cells) else None
            values = tuple(cell_pieces(outline, value)) if value else ()
            yield Pair(label, Piece(pieces[0].block, pieces[0].start, pieces[0].end), values)
            index += 2


def _title_row(outline: Outline, grid: Grid) -> int | None:
    """Return the row that names the projects of a sheet whose columns are projects side by side, or None."""
    if grid.width < 3:
        return None
    for number in range(len(grid.rows)):
        texts = [outline.text(slot.cell).strip() if slot else "" for slot in grid.rows[number]]
        label = label_of(texts[0], sheet=True)
        if label is Label.TITLE or (number == 0 and not texts[0]):
            others = [text for text in texts[1:] if text]
            return number if len(set(others)) >= 2 and not any(label_of(text) for text in others) else None
    return None


def _side_by_side(outline: Outline, grid: Grid, titles: int) -> Iterator[Atom]:
    order = [titles, *(number for number in range(len(grid.rows)) if number != titles)]
    for column in range(1, grid.width):
        for number in order:
            name, value = grid.rows[number][0], grid.rows[number][column]
            values = tuple(cell_pieces(outline, value.cell)) if value else ()
            heads = cell_pieces(outline, name.cell) if name else []
            if values and (heads or number == titles):
                label = (
                    Label.TITLE
                    if number == titles
                    else label_of(outline.text(name.cell), sheet=True)
                    if name
                    else None
                )
                yield Pair(label, heads[0] if heads else values[0], values)


def _description_list(outline: Outline, pairs: Group, atoms: list[Atom]) -> list[Node]:
    groups = [child for child in pairs.children if isinstance(child, Group)]
    terms = [group for group in groups if group.kind is GroupKind.TERM]
    known = [term for term in terms if label_of(outline.text(term), sheet=True)]
    if not known:  # terms are headings, details their prose
        for group in groups:
            for atom in flow_of(outline, group.children):
                is_term = group.kind is GroupKind.TERM and isinstance(atom, Prose)
                atoms.append(Heading(atom.piece, STRONG) if is_term and isinstance(atom, Prose) else atom)
        return []
    name: Piece | None = None
    label: Label | None = None
    values: list[Piece] = []
    for group in groups:
        if group.kind is GroupKind.TERM:
            if name:
                atoms.append(Pair(label, name, tuple(values)))
            pieces = cell_pieces(outline, group)
            name, label, values = (
                (pieces[0] if pieces else None),
                label_of(outline.text(group), sheet=True),
                [],
            )
        elif group.kind is GroupKind.DETAIL:
            values.extend(cell_pieces(outline, group))
    if name:
        atoms.append(Pair(label, name, tuple(values)))
    return []


def cell_pieces(outline: Outline, node: Node) -> list[Piece]:
    """Return the blocks of a node as pieces, each whole."""
    return [Piece(number, 0, len(outline.blocks[number].text)) for number in outline.numbers(node)]


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
    if not 3 <= len(line) <= _LONGEST_HEADING or line.endswith(_NO_HEADING_END):
        return 0
    bold = sum(
        min(last, end) - max(first, start) for first, last in block.strong if first < end and last > start
    )
    capitals = shouts(line) and sum(map(str.isalpha, line)) >= 3
    if bold >= len(line) - 2 or (bold >= 0.6 * len(line) and line[:3] in _bold_text(block, start, end)):
        if ": " in line and not capitals and label_of(line.split(":")[0], sheet=True):
            return 0
        return STRONG_CAPITALS if capitals else STRONG
    alone = start == 0 and "\n" not in block.text
    return CAPITALS if capitals and alone and " " in line and not re.search(r"\d|:", line) else 0


def _bold_text(block: Block, start: int, end: int) -> str:
    return " ".join(block.text[max(first, start) : min(last, end)] for first, last in block.strong)


def prose_parts(outline: Outline, piece: Piece) -> Iterator[Atom]:
    """Yield the pairs of labelled lines in a piece, and the prose around them."""
    return _prose_parts(outline.blocks[piece.block], piece.block, piece.start, piece.end)


def _prose_parts(block: Block, number: int, begin: int, end: int) -> Iterator[Atom]:
    """Yield the pairs of labelled lines and the prose around them."""
    text = block.text[begin:end]
    place = 0
    for part in labels_in(text):
        if part.label_start < place:
            continue
        if text[place : part.label_start].strip(" \n|;•–—-."):
            yield _trimmed_prose(number, text, begin, place, part.label_start)
        stop = _value_end(text, part.start, part.end, part.label)
        value = _trim(text, part.start, stop)
        values = (Piece(number, begin + value[0], begin + value[1]),) if value else ()
        yield Pair(part.label, Piece(number, begin + part.label_start, begin + part.label_end), values)
        place = stop
    if text[place:].strip(" \n|;•–—-."):
        yield _trimmed_prose(number, text, begin, place, len(text))


def _value_end(text: str, start: int, end: int, label: Label) -> int:
    """Return where the value of a label in running text ends: names and dates end with their line and sentence."""
    if label in _LONG_LABELS:
        return end
    value = text[start:end]
    first = value.strip("\n").find("\n")
    if value.strip() and first >= 0 and not value.startswith("\n"):
        end = start + value.find("\n", len(value) - len(value.lstrip("\n")))
    parts = sentences(text[start:end].replace(";", ","))
    return start + parts[0][1] if parts and len(parts) > 1 else end


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and (text[start].isspace() or text[start] in "|;•–—-"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "|;•–—-"):
        end -= 1
    return (start, end) if start < end else None


def _trimmed_prose(number: int, text: str, begin: int, start: int, end: int) -> Prose:
    place = _trim(text, start, end)
    assert place is not None
    return Prose(Piece(number, begin + place[0], begin + place[1]))
