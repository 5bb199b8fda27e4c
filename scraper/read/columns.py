"""The columns of a table of projects: what each one holds, by its header or, where there is none, by its cells."""

from dataclasses import dataclass

from scraper.read.drafts import whole
from scraper.read.fields.labels import Label, label_of
from scraper.read.flow import Piece
from scraper.read.grids import Grid, Slot
from scraper.read.outline import Outline

_NOWHERE = Piece(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns hold; rows from `first` to before `body` are the header."""

    labels: tuple[Label | None, ...]
    names: tuple[Piece, ...]
    title: int
    area: int | None
    first: int
    body: int

    def is_header_again(self, outline: Outline, own: list[Slot]) -> bool:
        """Tell a row that only repeats the header."""
        return (
            len(own) >= 2
            and all(label_of(outline.text(slot.cell)) == self.labels[slot.column] for slot in own)
            and any(self.labels[slot.column] for slot in own)
        )


def columns_of(outline: Outline, grid: Grid) -> Columns | None:
    """Return what the columns of a table hold, or None where no column names projects."""
    first, body = _header(outline, grid)
    if body == 0:
        return None
    labels = [_label(outline, grid, column, first, body) for column in range(grid.width)]
    names = tuple(_name(outline, grid, column, first, body) for column in range(grid.width))
    title = _title_column(outline, grid, labels, body)
    if title is None:
        return None
    labels[title] = Label.TITLE
    area = next((column for column, label in enumerate(labels) if label is Label.AREA), None)
    return Columns(tuple(labels), names, title, area, first, body)


def _header(outline: Outline, grid: Grid) -> tuple[int, int]:
    """Return the rows of the header, first and after-last; two rows where the first one's groups are split below."""
    for number in range(min(len(grid.rows), 5)):
        cells = [slot for slot in grid.starts(number) if outline.text(slot.cell).strip()]
        known = [slot for slot in cells if label_of(outline.text(slot.cell))]
        if len(known) >= 2 and len(known) * 2 >= len(cells):
            below = number + 1
            if below < len(grid.rows) and _splits(outline, grid, below):
                return number, below + 1
            return number, below
    return 0, 0


def _splits(outline: Outline, grid: Grid, number: int) -> bool:
    own = [slot for slot in grid.starts(number) if slot.row == number and outline.text(slot.cell).strip()]
    inherited = any(slot and slot.row < number for slot in grid.rows[number])
    return inherited and bool(own) and all(label_of(outline.text(slot.cell)) for slot in own)


def _label(outline: Outline, grid: Grid, column: int, first: int, body: int) -> Label | None:
    for number in range(body - 1, first - 1, -1):
        slot = grid.rows[number][column]
        label = label_of(outline.text(slot.cell)) if slot else None
        if label:
            return label
    return None


def _name(outline: Outline, grid: Grid, column: int, first: int, body: int) -> Piece:
    for number in range(body - 1, first - 1, -1):
        slot = grid.rows[number][column]
        block = next(outline.numbers(slot.cell), None) if slot else None
        if block is not None:
            return whole(outline, block)
    return _NOWHERE


def _title_column(outline: Outline, grid: Grid, labels: list[Label | None], body: int) -> int | None:
    candidates = [column for column, label in enumerate(labels) if label is Label.TITLE]
    return max(candidates, key=lambda column: _wordiness(outline, grid, column, body), default=None)


def _wordiness(outline: Outline, grid: Grid, column: int, body: int) -> int:
    return sum(
        len(outline.text(slot.cell))
        for row in grid.rows[body : body + 30]
        if (slot := row[column]) is not None
    )
