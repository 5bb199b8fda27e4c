"""Tables in plain text: kept in columns, or flattened by an extraction to a header and the entries below
it."""

import re
from collections.abc import Sequence

from scraper.read.fields.labels import Label, label_of
from scraper.read.fields.typography import fold, shouts
from scraper.read.flowing.telltales import is_funder
from scraper.read.outlining.building import OutlineBuilder
from scraper.read.outlining.headings import HeadingKind, kind_of
from scraper.read.outlining.outline import GroupKind
from scraper.read.outlining.textentries import Entry, add_lines, add_list

Header = list[tuple[str, Label]]
"""The columns that a header names, and what they hold."""

_COLUMNS = re.compile(r"\t|\s{3,}|\s*\|\s*")
_RULE = re.compile(r"[\s|+:=_-]+")
_ONE_PROJECT = re.compile(r"(?:progetto|project|projet|proyecto)\b\s*\S")
_LONGEST_HEADING = 120
_LONGEST_CELL = 240


def columns_in(entry: Entry) -> list[list[str]] | None:
    """Return the rows of an entry whose lines are all cut into columns under a header of labels, or None."""
    rows = [_cut(line) for line in entry.lines if not _RULE.fullmatch(line)]
    if len(rows) < 2 or any(len(row) < 2 for row in rows):
        return None
    named = [label_of(cell) for cell in rows[0] if cell]
    return rows if len(named) >= 2 and all(named) else None


def _cut(line: str) -> list[str]:
    if line.startswith("|"):
        line = line.strip("|")
    return [cell.strip() for cell in _COLUMNS.split(line)]


def add_columns(builder: OutlineBuilder, rows: Sequence[Sequence[str]]) -> None:
    """Add a table that the text keeps in columns."""
    table = object()
    builder.open(GroupKind.TABLE, table)
    for number, row in enumerate(rows):
        _add_row(builder, [[Entry((cell,))] if cell else [] for cell in row], header=number == 0)
    builder.leave(table)


def header_in(entry: Entry) -> Header | None:
    """Return the columns that a line names, even where the extraction ran its header cells together."""
    if len(entry.lines) != 1 or entry.bulleted:
        return None
    line = entry.lines[0]
    parts = [part for part in _cut(line) if part]
    labels = [label_of(part) for part in parts]
    if len(parts) >= 2 and all(labels):
        return [(part.strip(), label) for part, label in zip(parts, labels, strict=True) if label]
    return _glued(line)


def _glued(line: str) -> Header | None:
    """Split a line that is nothing but labels, at least two of them, with or without spaces between."""
    if len(line) > 200 or ":" in line or not (shouts(line) or re.search(r"[a-zà-ù][A-ZÀ-Ù]", line)):
        return None
    best: dict[int, Header] = {0: []}
    for end in range(3, len(line) + 1):
        for start in sorted(best):
            part = line[start:end].strip()
            label = label_of(part) if 3 <= len(part) <= 60 and _may_part(line, end) else None
            if label and (end not in best or len(best[end]) > len(best[start]) + 1):
                best[end] = [*best[start], (part, label)]
    columns = best.get(len(line)) or []
    known = {label for _, label in columns}
    return columns if len(columns) >= 2 and Label.TITLE in known and len(known) == len(columns) else None


def _may_part(line: str, place: int) -> bool:
    """Tell whether a header cell may end at a place: not inside a word written in small letters."""
    if place >= len(line) or not line[place - 1].isalpha() or not line[place].isalpha():
        return True
    return line[place].isupper()


def table_end(entries: Sequence[Entry], index: int) -> int:
    """Return where a flattened table ends: at a heading, or at prose."""
    while index < len(entries):
        entry = entries[index]
        if not entry.bulleted and (
            _is_section(entry) or len(entry.text) > _LONGEST_CELL or _starts_project(entry)
        ):
            break
        index += 1
    return index


def _is_section(entry: Entry) -> bool:
    return (
        len(entry.lines) == 1
        and kind_of(entry.text) in {HeadingKind.PROJECTS, HeadingKind.OTHER}
        and (shouts(entry.text) or len(entry.text) < 60)
    )


def _starts_project(entry: Entry) -> bool:
    return (
        len(entry.lines) == 1
        and len(entry.text) <= _LONGEST_HEADING
        and _ONE_PROJECT.match(fold(entry.text)) is not None
    )


def add_flattened(builder: OutlineBuilder, header: Header, entries: Sequence[Entry]) -> None:
    """Add a table that an extraction flattened: a line in capitals opens a row, a bullet is a title.

    What is neither goes to the programmes; only where no title is bulleted may a plain line be one.
    """
    labels = [label for _, label in header]
    table = object()
    builder.open(GroupKind.TABLE, table)
    _add_row(builder, [[Entry((name,))] for name, _ in header], header=True)
    bullets = any(entry.bulleted for entry in entries)
    row: list[list[Entry]] = [[] for _ in labels]
    for entry in entries:
        if not entry.bulleted and len(entry.lines) == 1 and shouts(entry.text) and Label.AREA in labels:
            _add_row(builder, row)
            row = [[] for _ in labels]
            row[labels.index(Label.AREA)].append(entry)
        elif entry.bulleted or not (bullets or is_funder(entry.text)):
            row[labels.index(Label.TITLE)].append(entry)
        else:
            row[_rest(labels)].append(entry)
    _add_row(builder, row)
    builder.leave(table)


def _rest(labels: Sequence[Label]) -> int:
    """Return the column that unmarked entries belong to: the programmes, else the last one that is no
    title."""
    if Label.PROGRAMMES in labels:
        return labels.index(Label.PROGRAMMES)
    return max(number for number, label in enumerate(labels) if label is not Label.TITLE)


def _add_row(builder: OutlineBuilder, cells: Sequence[Sequence[Entry]], header: bool = False) -> None:
    if not any(cells):
        return
    row = object()
    builder.open(GroupKind.ROW, row)
    for entries in cells:
        cell = object()
        builder.open(GroupKind.CELL, cell, header=header)
        for entry in entries:
            if entry.bulleted:
                add_list(builder, [entry])
            else:
                add_lines(builder, entry)
        builder.leave(cell)
    builder.leave(row)
