"""What a table is there for: to lay out a page, to pair labels with values, or to list records."""

from enum import StrEnum

from scraper.read.fields.labels import Label, label_of
from scraper.read.outlining.grids import Grid, Slot
from scraper.read.outlining.outline import Group, GroupKind, Outline

_TITLES = {Label.TITLE}


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
    """Tell a table of labels and values: labels stand in the first column, and not beside each other in the first row."""
    if grid.width < 2:
        return False
    firsts: list[Label | None] = []
    for number in range(min(len(grid.rows), 40)):
        cells = [slot for slot in grid.starts(number) if slot.row == number and outline.text(slot.cell)]
        if len(cells) >= 2 or (len(cells) == 1 and cells[0].column == 0 and not cells[0].cell.header):
            firsts.append(_first_label(outline, cells))
    known = [label for label in firsts if label]
    if len(set(known)) < 2 or len(known) * 2 < len(firsts):
        return False
    return not _heads_columns(outline, grid, known)


def _first_label(outline: Outline, cells: list[Slot]) -> Label | None:
    return label_of(outline.text(cells[0].cell), sheet=True)


def _heads_columns(outline: Outline, grid: Grid, firsts: list[Label]) -> bool:
    """Tell whether the first row labels its columns: label beside label, which a sheet's first row has only by chance."""
    first = _row_labels(outline, grid, 0)
    if len(first) < 2 or not all(first):
        return False
    alternating = len(first) >= 4 and len(first) % 2 == 0 and not all(first[1::2])
    return not alternating and len(firsts) <= len(grid.rows) / 2


def _holds_structure(outline: Outline, grid: Grid) -> bool:
    """Tell a table that lays out a page: other tables, or chapters under headings, stand in its cells."""
    cells = [slot.cell for row in range(len(grid.rows)) for slot in grid.starts(row) if slot.row == row]
    if any(_holds_table(cell) for cell in cells):
        return True
    headings = sum(
        1 for cell in cells for number in outline.numbers(cell) if 1 <= outline.blocks[number].rank <= 4
    )
    return headings >= 1 and any(len(list(outline.numbers(cell))) >= 4 for cell in cells)


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
