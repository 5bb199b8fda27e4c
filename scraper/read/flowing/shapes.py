"""What a table is there for: to lay out a page, to pair labels with values, or to list records."""

from enum import StrEnum

from scraper.read.fields.labels import Label, label_of
from scraper.read.flowing.spotting import labels_in
from scraper.read.outlining.grids import Grid, Slot
from scraper.read.outlining.outline import Group, GroupKind, Outline

_ENOUGH_LABELS = 3


class TableShape(StrEnum):
    """What a table is there for."""

    LAYOUT = "layout"
    SHEET = "sheet"
    DATA = "data"


def shape_of(outline: Outline, grid: Grid) -> TableShape:
    """Return what a table is there for, judged by its labels first and its build second."""
    labels = [_row_labels(outline, grid, number) for number in range(min(len(grid.rows), 4))]
    headed = any(len([label for label in row if label]) >= 2 and _is_header(row) for row in labels)
    if _is_sheet(outline, grid):
        return TableShape.SHEET
    if headed:
        return TableShape.DATA
    if grid.width < 2 or len(grid.rows) < 2 or _holds_structure(outline, grid):
        return TableShape.LAYOUT
    return TableShape.DATA


def _row_labels(outline: Outline, grid: Grid, row: int) -> list[Label | None]:
    return [label_of(outline.text(slot.cell)) for slot in grid.starts(row) if outline.text(slot.cell)]


def _is_header(row: list[Label | None]) -> bool:
    return sum(1 for label in row if label) * 2 >= len(row)


def _is_sheet(outline: Outline, grid: Grid) -> bool:
    """Tell a table of labels and values: labels stand in the first column, and not beside each other in the
    first row."""
    if grid.width < 2:
        return False
    rows = [
        [slot for slot in grid.starts(number) if slot.row == number and outline.text(slot.cell)]
        for number in range(min(len(grid.rows), 40))
    ]
    if any(_heads_columns(outline, grid, number) for number in range(min(len(grid.rows), 3))):
        return False
    firsts = [
        _first_label(outline, cells)
        for cells in rows
        if len(cells) >= 2 or (cells and _is_alone(cells[0], grid))
    ]
    known = [label for label in firsts if label]
    return len(set(known)) >= 2 and len(known) * 2 >= len(firsts)


def _is_alone(slot: Slot, grid: Grid) -> bool:
    """Tell a label whose value is empty from a title over the whole sheet."""
    return slot.column == 0 and not slot.cell.header and slot.cell.colspan < grid.width


def _first_label(outline: Outline, cells: list[Slot]) -> Label | None:
    return label_of(outline.text(cells[0].cell), sheet=True)


def _heads_columns(outline: Outline, grid: Grid, number: int) -> bool:
    """Tell a row that labels the columns below it: label beside label, and no labels under its first cell."""
    labels = _row_labels(outline, grid, number)
    if len(labels) < 2 or not all(labels):
        return False
    below = [grid.rows[row][0] for row in range(number + 1, len(grid.rows))]
    texts = {outline.text(slot.cell) for slot in below if slot and slot.row > number}
    known = [text for text in texts if label_of(text, sheet=True)]
    return len(known) * 2 <= len(texts)


def _holds_structure(outline: Outline, grid: Grid) -> bool:
    """Tell a table that lays out a page: other tables, or chapters under headings, stand in its cells."""
    cells = [slot.cell for row in range(len(grid.rows)) for slot in grid.starts(row) if slot.row == row]
    if any(_holds_table(cell) for cell in cells):
        return True
    if sum(1 for cell in cells if _holds_sheet(outline, cell)) == 1:
        return True
    headings = sum(
        1 for cell in cells for number in outline.numbers(cell) if 1 <= outline.blocks[number].rank <= 4
    )
    return headings >= 1 and any(len(list(outline.numbers(cell))) >= 4 for cell in cells)


def _holds_sheet(outline: Outline, cell: Group) -> bool:
    """Tell whether labelled lines of a whole sheet, or of several, stand in one cell."""
    labels = {
        spotted.label
        for number in outline.numbers(cell)
        for spotted in labels_in(outline.blocks[number].text)
    }
    return len(labels) >= _ENOUGH_LABELS


def _holds_table(cell: Group) -> bool:
    pending: list[Group] = [cell]
    while pending:
        group = pending.pop()
        for child in group.children:
            if isinstance(child, Group):
                if child.kind is GroupKind.TABLE:
                    return True
                pending.append(child)
    return False
