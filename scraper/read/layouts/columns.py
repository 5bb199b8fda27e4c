"""The columns of a table of projects: what each one holds, by its header or, where there is none, by its
cells."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from scraper.read.fields.amounts import currency_of, find_amounts
from scraper.read.fields.labels import Label, label_of
from scraper.read.fields.moments import find_moments
from scraper.read.fields.statuses import find_status
from scraper.read.fields.titles import quoted_titles
from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import Piece
from scraper.read.flowing.telltales import FACTS, is_area, is_funder, is_place
from scraper.read.layouts.drafts import whole, words
from scraper.read.outlining.furniture import READ_ON, furniture_rule
from scraper.read.outlining.grids import Grid, Slot
from scraper.read.outlining.outline import Outline

_NOWHERE = Piece(0, 0, 0)
_PROJECT = re.compile(r"\b(?:progett|project|projet|proyecto|projekt|projeto|projecto|iniziativ|intervent)")
_OF_PROJECTS = {
    Label.PROGRAMMES, Label.FUNDS, Label.LEAD, Label.PARTNERS, Label.AMOUNT, Label.CUP, Label.STATUS,
    Label.AREA, Label.SHARE,
}  # fmt: skip
_OF_PEOPLE = {
    None, Label.TITLE, Label.ROLE, Label.AREA, Label.COUNTRIES, Label.CONTACT, Label.START, Label.SECTOR,
    Label.NOTE, Label.PERIOD,
}  # fmt: skip
_OF_ANYTHING = {Label.COUNTRIES, Label.PERIOD, Label.START, Label.END, Label.ROLE, Label.NOTE}


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns hold; rows from `first` to before `body` are the header.

    `quoted` says that the title stands in quotes in its cell's prose; `currency` is what the header names.
    """

    labels: tuple[Label | None, ...]
    names: tuple[Piece, ...]
    title: int
    area: int | None
    first: int
    body: int
    quoted: bool = False
    currency: str | None = None

    def tell_of_projects(self, outline: Outline, cooperation: bool) -> bool:
        """Tell a table of projects from one of people, papers or events, by what its columns say of a
        title."""
        title = self.names[self.title]
        if _PROJECT.search(fold(words(outline, title))) and title is not _NOWHERE:
            return True
        told = set(self.labels)
        if Label.CONTACT in told and told <= _OF_PEOPLE:
            return False
        return bool(told & _OF_PROJECTS) or len(told & _OF_ANYTHING) >= (2 if cooperation else 3)

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
    title, quoted = _title_column(outline, grid, labels, body)
    if title is None:
        return None
    labels[title] = Label.TITLE
    area = next((column for column, label in enumerate(labels) if label is Label.AREA), None)
    currency = _currency(outline, grid, first, body)
    return Columns(tuple(labels), names, title, area, first, body, quoted, currency)


def _currency(outline: Outline, grid: Grid, first: int, body: int) -> str | None:
    heads = [outline.text(slot.cell) for number in range(first, body) for slot in grid.starts(number)]
    named = {currency for head in heads if (currency := currency_of(head))}
    return named.pop() if len(named) == 1 else None


def _header(outline: Outline, grid: Grid) -> tuple[int, int]:
    """Return the rows of the header, first and after-last; two rows where the first one's groups are split
    below."""
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
    return Label.LINK if _leads_on(outline, grid, column, body) else None


def _leads_on(outline: Outline, grid: Grid, column: int, body: int) -> bool:
    """Tell a column without a label whose cells only lead to the projects' own pages."""
    texts = [outline.text(slot.cell).strip() for row in grid.rows[body:] if (slot := row[column])]
    told = [text for text in texts if text]
    return bool(told) and sum(1 for text in told if furniture_rule(text) == READ_ON) * 2 > len(told)


def _name(outline: Outline, grid: Grid, column: int, first: int, body: int) -> Piece:
    for number in range(body - 1, first - 1, -1):
        slot = grid.rows[number][column]
        block = next(outline.numbers(slot.cell), None) if slot else None
        if block is not None:
            return whole(outline, block)
    return _NOWHERE


def _title_column(
    outline: Outline, grid: Grid, labels: list[Label | None], body: int
) -> tuple[int | None, bool]:
    """Return the column of the titles, and whether they stand there in quotes amid prose."""
    named = [column for column, label in enumerate(labels) if label is Label.TITLE]
    if named:
        return max(named, key=lambda column: _wordiness(outline, grid, column, body)), False
    if len(set(labels) & FACTS) < 2:
        return None, False
    told = [column for column, label in enumerate(labels) if label is Label.NOTE]
    quoted = next((column for column in told if _quotes(outline, grid, column, body)), None)
    if quoted is not None:
        return quoted, True
    unnamed = [column for column, label in enumerate(labels) if label is None]
    wordy = [
        column
        for column in unnamed
        if _wordiness(outline, grid, column, body) >= 12 * (len(grid.rows) - body)
    ]
    return max(wordy, key=lambda column: _wordiness(outline, grid, column, body), default=None), False


def _quotes(outline: Outline, grid: Grid, column: int, body: int) -> bool:
    """Tell whether most cells of a column quote a title."""
    cells = [slot.cell for row in grid.rows[body:] if (slot := row[column]) is not None]
    quoting = sum(1 for cell in cells if quoted_titles(outline.text(cell)))
    return bool(cells) and quoting * 2 >= len(cells)


def _wordiness(outline: Outline, grid: Grid, column: int, body: int) -> int:
    return sum(
        len(outline.text(slot.cell))
        for row in grid.rows[body : body + 30]
        if (slot := row[column]) is not None
    )


def columns_by_content(outline: Outline, grid: Grid) -> Columns | None:
    """Return what the columns of a table hold whose header, if it has one, names no titles, judged by most
    of their cells; None without titles."""
    first, body = _header(outline, grid)
    rows = len(grid.rows) - body
    if grid.width < 2 or rows < (1 if body else 2):
        return None
    labels = [
        (_label(outline, grid, column, first, body) if body else None)
        or _content_label(outline, grid, column, body)
        for column in range(grid.width)
    ]
    free = [column for column, label in enumerate(labels) if label is None]
    title = max(free, key=lambda column: _wordiness(outline, grid, column, body), default=None)
    if title is None or len(free) == len(labels) or _wordiness(outline, grid, title, body) < 6 * rows:
        return None
    labels[title] = Label.TITLE
    for column in free:
        labels[column] = labels[column] or Label.PARTNERS
    area = next((column for column, label in enumerate(labels) if label is Label.AREA), None)
    names = tuple(_name(outline, grid, column, first, body) for column in range(grid.width))
    return Columns(tuple(labels), names, title, area, first, body)


def _content_label(outline: Outline, grid: Grid, column: int, body: int) -> Label | None:
    cells = {id(slot.cell): slot.cell for row in grid.rows[body:] if (slot := row[column]) is not None}
    texts = [text for cell in cells.values() if (text := outline.text(cell).strip())]
    for label, says in _CONTENTS:
        if texts and sum(1 for text in texts if says(text)) * 2 > len(texts):
            return label
    return None


_CONTENTS: tuple[tuple[Label, Callable[[str], object]], ...] = (
    (Label.COUNTRIES, is_place),
    (Label.AREA, is_area),
    (Label.STATUS, lambda text: len(text) <= 40 and find_status(text)),
    (Label.AMOUNT, lambda text: len(text) <= 40 and find_amounts(text)),
    (Label.PERIOD, lambda text: len(text) <= 60 and find_moments(text)),
    (Label.CODE, lambda text: not re.search(r"[^\W\d_]{2}", text)),
    (Label.PROGRAMMES, is_funder),
)
"""What each kind of column is known by, the surest first."""
