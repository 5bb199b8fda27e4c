"""Tables of projects: which column says what, and which values of a row belong to which of its titles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scraper.read.fields.amounts import stated_currency
from scraper.read.fields.labels import Label, is_total
from scraper.read.fields.statuses import heading_status
from scraper.read.fields.titles import quoted_titles
from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import DataTable, Pair, Piece, Prose
from scraper.read.flowing.chapters import Chapter
from scraper.read.flowing.linewise import prose_parts
from scraper.read.layouts.cells import Entry, inner_pairs, titles_of
from scraper.read.layouts.columns import Columns, columns_by_content, columns_of
from scraper.read.layouts.drafts import Draft, whole, words
from scraper.read.layouts.rowvalues import pairs_for, row_entries
from scraper.read.outlining.grids import Grid, Slot
from scraper.read.outlining.headings import HeadingKind
from scraper.read.outlining.outline import Group, Outline
from scraper.records import Layout

_COOPERATION = re.compile(
    r"\b(?:cooper|co-oper|progett|project|projet|proyect|solidari|sviluppo|development)"
)

ROW_HEADING = "row heading"
"""The rule of a row that heads the rows below it."""


@dataclass(slots=True)
class TableReading:
    """What a table says: its projects, its pieces that are no project's by rule, and what could not be
    settled."""

    drafts: list[Draft] = field(default_factory=list)
    ignored: list[tuple[str, Piece]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Standing:
    """What the rows above hold for the rows below."""

    headings: tuple[Piece, ...]
    area: Piece | None = None
    band: Piece | None = None
    place: Piece | None = None


def read_table(
    outline: Outline, table: DataTable, chapter: Chapter, names: Sequence[str]
) -> TableReading | None:
    """Return what a table says of projects, or None where it lists something else."""
    grid = table.grid
    among = chapter.kind is HeadingKind.PROJECTS or chapter.among_projects
    columns = columns_of(outline, grid) or (columns_by_content(outline, grid) if among else None)
    if (
        columns is None
        or chapter.kind is HeadingKind.OTHER
        or not (among or columns.tell_of_projects(outline, _is_about_cooperation(outline, chapter)))
    ):
        return None
    reading = TableReading()
    standing = _Standing(chapter.headings, band=chapter.area, place=chapter.place)
    for number in range(columns.body):
        _ignore_row(outline, grid, number, "table header", reading)
        _between(outline, grid, number, standing)
    for number in range(columns.body, len(grid.rows)):
        _between(outline, grid, number, standing)
        _read_row(outline, grid, number, columns, standing, names, reading)
    return reading if reading.drafts else None


def _is_about_cooperation(outline: Outline, chapter: Chapter) -> bool:
    return any(_COOPERATION.search(fold(words(outline, piece))) for piece in chapter.headings)


def _between(outline: Outline, grid: Grid, number: int, standing: _Standing) -> None:
    """Take a heading between two rows as the heading of the rows after it."""
    for node in grid.between[number]:
        for block in outline.numbers(node):
            standing.headings = (whole(outline, block), *standing.headings)
            standing.area = standing.band = None


def _ignore_row(outline: Outline, grid: Grid, number: int, rule: str, reading: TableReading) -> None:
    for slot in grid.starts(number):
        if slot.row == number:
            reading.ignored.extend((rule, whole(outline, block)) for block in outline.numbers(slot.cell))


def _read_row(
    outline: Outline,
    grid: Grid,
    number: int,
    columns: Columns,
    standing: _Standing,
    names: Sequence[str],
    reading: TableReading,
) -> None:
    own = [slot for slot in grid.starts(number) if slot.row == number and outline.text(slot.cell).strip()]
    if not own:
        return
    if any(is_total(outline.text(slot.cell)) for slot in own[:2]):
        _ignore_row(outline, grid, number, "total row", reading)
    elif columns.is_header_again(outline, own):
        _ignore_row(outline, grid, number, "table header", reading)
    elif _is_band(outline, grid, number, own, columns):
        _take_band(outline, own[0], standing, reading)
    else:
        _read_projects(outline, grid, number, columns, standing, names, reading)


def _is_band(outline: Outline, grid: Grid, number: int, own: list[Slot], columns: Columns) -> bool:
    """Tell a row of one cell that heads the rows below it: it spans the columns, or nothing stands beside
    it."""
    if len(own) != 1 or any(slot and slot.row < number for slot in grid.rows[number]):
        return False
    across = sum(1 for slot in grid.rows[number] if slot is own[0])
    text = outline.text(own[0].cell)
    if "\n" in text or len(text) > 120:
        return False
    return (across > 1 and across * 2 >= grid.width) or (
        grid.width >= 3 and columns.labels[own[0].column] is not Label.TITLE
    )


def _take_band(outline: Outline, slot: Slot, standing: _Standing, reading: TableReading) -> None:
    piece = whole(outline, next(outline.numbers(slot.cell)))
    if heading_status(words(outline, piece)):
        standing.headings = (piece, *standing.headings)
        standing.band = None
    elif not stated_currency(words(outline, piece)):
        standing.band = piece
    reading.ignored.append((ROW_HEADING, piece))


def _read_projects(
    outline: Outline,
    grid: Grid,
    number: int,
    columns: Columns,
    standing: _Standing,
    names: Sequence[str],
    reading: TableReading,
) -> None:
    row = row_entries(outline, grid, number, columns)
    area = _area(grid, number, columns, row, standing)
    title_slot = grid.rows[number][columns.title]
    if title_slot and title_slot.row < number and reading.drafts:
        _continue(row, columns, grid, number, reading)
        return
    expected = max((len(found) for column, found in row.items() if column != columns.title), default=0)
    titles = _titles(outline, title_slot.cell, columns, expected, names) if title_slot else []
    if titles and not any(_has_words(outline, title.head) for title in titles):
        return
    if not titles:
        _read_untitled(row, columns, area, standing, grid, number, reading)
        return
    inner = inner_pairs(outline, title_slot.cell) if title_slot else []
    for index, title in enumerate(titles):
        pairs = pairs_for(outline, row, columns, index, len(titles), reading.warnings)
        labelled, prose = _remarks(outline, title.remarks)
        pairs = (*pairs, *labelled, *(inner if len(titles) == 1 else ()))
        draft = Draft(
            Layout.TABLE, title.head, pairs, prose, standing.headings, area or standing.band, standing.place
        )
        reading.drafts.append(replace(draft, currency=columns.currency))


def _titles(
    outline: Outline, cell: Group, columns: Columns, expected: int, names: Sequence[str]
) -> list[Entry]:
    """Return the titles of a cell; where it quotes them in prose, each with all of the cell."""
    if not columns.quoted:
        return titles_of(outline, cell, expected, names)
    titles: list[Entry] = []
    for piece in (whole(outline, number) for number in outline.numbers(cell)):
        for found in quoted_titles(words(outline, piece))[:1]:
            title = Piece(piece.block, piece.start + found.start, piece.start + found.end)
            titles.append(Entry(title, (piece,)))
    return titles


def _remarks(outline: Outline, pieces: Sequence[Piece]) -> tuple[tuple[Pair, ...], tuple[Piece, ...]]:
    """Return the labelled values and the prose in what is said below a title."""
    atoms = [atom for piece in pieces for atom in prose_parts(outline, piece)]
    return (
        tuple(atom for atom in atoms if isinstance(atom, Pair)),
        tuple(atom.piece for atom in atoms if isinstance(atom, Prose)),
    )


def _has_words(outline: Outline, piece: Piece) -> bool:
    """Tell a title from a count or a code."""
    return re.search(r"[^\W\d_]{2}", words(outline, piece)) is not None


def _area(
    grid: Grid, number: int, columns: Columns, row: dict[int, list[Entry]], standing: _Standing
) -> Piece | None:
    """Return the area of a row; an empty area cell repeats the one above it."""
    if columns.area is None:
        return None
    entries = row.get(columns.area) or []
    if entries:
        standing.area = entries[0].head
    return standing.area


def _continue(
    row: dict[int, list[Entry]], columns: Columns, grid: Grid, number: int, reading: TableReading
) -> None:
    """Add a row under a title that spans several rows to that title's project."""
    pairs = tuple(
        Pair(columns.labels[column], columns.names[column], tuple(entry.head for entry in entries))
        for column, entries in row.items()
        if entries and column not in (columns.title, columns.area) and _begins(grid, number, column)
    )
    last = reading.drafts.pop()
    reading.drafts.append(replace(last, pairs=last.pairs + pairs))


def _begins(grid: Grid, number: int, column: int) -> bool:
    slot = grid.rows[number][column]
    return slot is not None and slot.row == number


def _read_untitled(
    row: dict[int, list[Entry]],
    columns: Columns,
    area: Piece | None,
    standing: _Standing,
    grid: Grid,
    number: int,
    reading: TableReading,
) -> None:
    """Read a row whose title is missing: the row above goes on, or there are projects whose titles are not
    stated."""
    states_area = (
        columns.area is not None and bool(row.get(columns.area)) and _begins(grid, number, columns.area)
    )
    if reading.drafts and not states_area:
        _continue(row, columns, grid, number, reading)
        return
    main = [
        (column, entries)
        for column, entries in row.items()
        if entries and columns.labels[column] is Label.PROGRAMMES
    ]
    if not main:
        return
    column, entries = main[0]
    for entry in entries:
        pair = Pair(Label.PROGRAMMES, columns.names[column], (entry.head, *entry.remarks))
        reading.drafts.append(
            Draft(Layout.TABLE, None, (pair,), (), standing.headings, area or standing.band, standing.place)
        )
