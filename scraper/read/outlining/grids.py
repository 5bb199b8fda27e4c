"""Tables as grids: which cell a browser shows in which row and column, whatever the spans claim."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.read.outlining.outline import Group, GroupKind, Node

LARGEST = 400_000
"""Slots of a grid that are filled at most; a table that claims more keeps its cells and loses its spans."""

WIDEST = 200
"""Columns that a cell may be repeated into: beyond that a colspan is a bomb, not a layout."""

_DIGITS = re.compile(r"\s*\+?(\d+)")


def span_of(value: object, most: int, *, zero: bool = False) -> int:
    """Return a colspan or rowspan as the HTML standard reads it: leading digits, clamped; 1 where it is none.

    With `zero`, 0 is kept: a rowspan of 0 reaches to the end of the table section.
    """
    found = _DIGITS.match(str(value)) if value is not None else None
    if not found:
        return 1
    number = int(found[1][:9])
    return min(number, most) if number or zero else 1


@dataclass(frozen=True, slots=True)
class Slot:
    """One position of a grid: the cell shown there, and whether it begins there or reaches in from above or
    left."""

    cell: Group
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table, all of one width; None where no cell is shown. `between` holds what stands before
    a row."""

    rows: tuple[tuple[Slot | None, ...], ...]
    between: tuple[tuple[Node, ...], ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def starts(self, row: int) -> list[Slot]:
        """Return the cells of a row, each once, those reaching in from above included."""
        seen: list[Slot] = []
        for slot in self.rows[row]:
            if slot and not any(other.cell is slot.cell for other in seen):
                seen.append(slot)
        return seen


def grid_of(table: Group) -> Grid:
    """Return the grid of a table group, as browsers lay it out (HTML standard, "forming a table")."""
    rows, between = _rows_of(table)
    slots: list[list[Slot | None]] = [[] for _ in rows]
    ends = _group_ends(rows)
    room = LARGEST
    for number, row in enumerate(rows):
        column = 0
        for cell in (child for child in row.children if isinstance(child, Group)):
            line = slots[number]
            while column < len(line) and line[column]:
                column += 1
            left = ends[number] - number
            down = left if cell.rowspan == 0 else min(cell.rowspan, left)
            across = min(cell.colspan, WIDEST)
            if across * down > room:
                across = down = 1
            room -= across * down
            _fill(slots, Slot(cell, number, column), down, across)
            column += across
    width = max((len(line) for line in slots), default=0)
    return Grid(tuple(tuple(line) + (None,) * (width - len(line)) for line in slots), tuple(between))


def _group_ends(rows: Sequence[Group]) -> list[int]:
    """Return, for each row, the number of the row after the last one of its thead, tbody or tfoot."""
    ends = [len(rows)] * len(rows)
    for number in range(len(rows) - 2, -1, -1):
        same = rows[number].names == rows[number + 1].names
        ends[number] = ends[number + 1] if same else number + 1
    return ends


def _fill(slots: list[list[Slot | None]], slot: Slot, down: int, across: int) -> None:
    for line in slots[slot.row : slot.row + down]:
        missing = slot.column + across - len(line)
        if missing > 0:
            line.extend([None] * missing)
        for column in range(slot.column, slot.column + across):
            if line[column] is None:
                line[column] = slot


def _rows_of(table: Group) -> tuple[list[Group], list[tuple[Node, ...]]]:
    """Return the rows of a table and, for each, the blocks that stand between it and the row above."""
    rows: list[Group] = []
    between: list[tuple[Node, ...]] = []
    waiting: list[Node] = []
    for child in table.children:
        if isinstance(child, Group) and child.kind is GroupKind.ROW:
            rows.append(child)
            between.append(tuple(waiting))
            waiting = []
        else:
            waiting.append(child)
    return rows, between


def trailing(table: Group) -> Sequence[Node]:
    """Return what stands in a table after its last row."""
    last = max(
        (
            i
            for i, child in enumerate(table.children)
            if isinstance(child, Group) and child.kind is GroupKind.ROW
        ),
        default=-1,
    )
    return table.children[last + 1 :]
