"""Sheets: tables and description lists that pair labels with values."""

from collections.abc import Iterator, Sequence

from scraper.read.fields.labels import Label, label_of
from scraper.read.flowing.atoms import LONGEST_HEADING, STRONG, Atom, Heading, Pair, Piece, Prose, cell_pieces
from scraper.read.flowing.linewise import block_parts
from scraper.read.outlining.grids import Grid
from scraper.read.outlining.outline import Group, GroupKind, Node, Outline


def sheet_atoms(outline: Outline, grid: Grid) -> Iterator[Atom]:
    """Yield the pairs of a table of labels and values."""
    titles = _title_row(outline, grid)
    if titles is not None:
        yield from _side_by_side(outline, grid, titles)
        return
    for number in range(len(grid.rows)):
        for node in grid.between[number]:
            for block in outline.numbers(node):
                yield from block_parts(outline, block)
        yield from _row_pairs(outline, [slot.cell for slot in grid.starts(number) if slot.row == number])


def _row_pairs(outline: Outline, cells: Sequence[Group]) -> Iterator[Atom]:
    """Yield the pairs of one row; a row of one cell without a label is a heading."""
    if len(cells) == 1 and label_of(outline.text(cells[0]), sheet=True) is None:
        pieces = cell_pieces(outline, cells[0])
        heads = len(pieces) == 1 and pieces[0].end <= LONGEST_HEADING
        yield from (Heading(piece, STRONG) if heads else Prose(piece) for piece in pieces)
        return
    index = 0
    while index < len(cells):
        names = cell_pieces(outline, cells[index])
        if names:
            label = label_of(outline.text(cells[index]), sheet=True)
            values = cell_pieces(outline, cells[index + 1]) if index + 1 < len(cells) else []
            yield Pair(label, names[0], tuple(values))
        index += 2 if names else 1


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
            value, name = grid.rows[number][column], grid.rows[number][0]
            values = tuple(cell_pieces(outline, value.cell)) if value else ()
            heads = cell_pieces(outline, name.cell) if name else []
            if number == titles and values:
                yield Pair(Label.TITLE, heads[0] if heads else values[0], values)
            elif name and values and heads:
                yield Pair(label_of(outline.text(name.cell), sheet=True), heads[0], values)


def description_nodes(outline: Outline, pairs: Group) -> list[Atom | Node]:
    """Return the pairs of a description list; terms that are no labels are headings over their details."""
    groups = [child for child in pairs.children if isinstance(child, Group)]
    terms = [group for group in groups if group.kind is GroupKind.TERM]
    if any(label_of(outline.text(term), sheet=True) for term in terms):
        return list(_described(outline, groups))
    nodes: list[Atom | Node] = []
    for group in groups:
        if group.kind is GroupKind.TERM:
            nodes.extend(Heading(piece, STRONG) for piece in cell_pieces(outline, group))
        else:
            nodes.extend(group.children)
    return nodes


def _described(outline: Outline, groups: Sequence[Group]) -> Iterator[Atom]:
    name: Piece | None = None
    label: Label | None = None
    values: list[Piece] = []
    for group in groups:
        if group.kind is not GroupKind.TERM:
            values.extend(cell_pieces(outline, group))
            continue
        if name:
            yield Pair(label, name, tuple(values))
        name = next(iter(cell_pieces(outline, group)), None)
        label, values = label_of(outline.text(group), sheet=True), []
    if name:
        yield Pair(label, name, tuple(values))
