"""The values of a table's row: what each column lists, and which part of it belongs to which title."""

from scraper.read.fields.labels import Label
from scraper.read.flowing.atoms import Pair, Piece
from scraper.read.layouts.cells import Entry, entries_of
from scraper.read.layouts.columns import Columns
from scraper.read.layouts.drafts import words
from scraper.read.outlining.grids import Grid
from scraper.read.outlining.outline import Group, Outline

_ONE_OF_MANY = {Label.AMOUNT, Label.SHARE, Label.FUNDS, Label.CUP}
"""What cannot hold for several projects at once."""


def row_entries(outline: Outline, grid: Grid, number: int, columns: Columns) -> dict[int, list[Entry]]:
    """Return what each labelled column of a row lists; a cell over several rows that lists one entry a row
    is dealt out."""
    row: dict[int, list[Entry]] = {}
    seen: list[Group] = []
    for column, slot in enumerate(grid.rows[number]):
        if slot is None or any(slot.cell is cell for cell in seen):
            continue
        seen.append(slot.cell)
        entries = entries_of(outline, slot.cell)
        height = sum(1 for line in grid.rows if line[column] is slot)
        if height > 1 and len(entries) == height:
            entries = [entries[number - slot.row]]
        row[column] = entries
    return row


def pairs_for(
    outline: Outline,
    row: dict[int, list[Entry]],
    columns: Columns,
    index: int,
    count: int,
    warnings: list[str],
) -> tuple[Pair, ...]:
    """Return the values of a row that belong to its title number `index` of `count`."""
    pairs: list[Pair] = []
    for column, entries in row.items():
        if column in (columns.title, columns.area) or not entries:
            continue
        label = columns.labels[column]
        values = _share(entries, index, count, label)
        if values is None:
            if index == 0:
                told = "; ".join(words(outline, entry.head) for entry in entries)
                warnings.append(
                    f"{len(entries)} values for {count} titles in one row cannot be paired: {told}"
                )
            continue
        pairs.append(Pair(label, columns.names[column], values))
    return tuple(pairs)


def _share(entries: list[Entry], index: int, count: int, label: Label | None) -> tuple[Piece, ...] | None:
    """Return the part of a cell's entries for one of `count` titles: all for one, one for each, or one for
    all."""
    lines = [piece for entry in entries for piece in (entry.head, *entry.remarks)]
    if count == 1:
        return tuple(lines)
    if len(entries) == count:
        return (entries[index].head, *entries[index].remarks)
    if len(lines) == count:
        return (lines[index],)
    if len(entries) == 1 and label not in _ONE_OF_MANY:
        return tuple(lines)
    return None
