"""Plain text into the outline: extracted pages, in which a blank line separates entries and a line end does
not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.read.fields.labels import Label, label_of
from scraper.read.fields.typography import fold, shouts
from scraper.read.outlining.building import OutlineBuilder
from scraper.read.outlining.headings import HeadingKind, kind_of
from scraper.read.outlining.outline import GroupKind, Outline

_BULLET = re.compile(r"^(?P<indent>\s*)(?:[•·▪◦‣⁃*–—-]|\(?\d{1,2}[.)])\s+(?=\S)")
_LINE_END = re.compile(r"\r\n|\r|\n|\f|\v|\u2028|\u2029")
_COLUMNS = re.compile(r"\t+|\s{3,}|\s*\|\s*")
_ONE_PROJECT = re.compile(r"(?:progetto|project|projet|proyecto)\b\s*\S")
_SECTION_RANK, _TITLE_RANK = 7, 8
_LONGEST_HEADING = 120
_LONGEST_CELL = 240


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines between two blank lines, or one bulleted item with the lines indented below it."""

    lines: tuple[str, ...]
    bulleted: bool = False

    @property
    def text(self) -> str:
        """The lines in one."""
        return " ".join(self.lines)


def outline_of_text(text: str, address: str) -> Outline:
    """Return the outline of a text page: its headings, paragraphs, lists, and the table that an extraction
    flattened."""
    builder = OutlineBuilder(address)
    entries = list(entries_of(text))
    index = 0
    while index < len(entries):
        header = _header(entries[index])
        if header:
            stop = _table_end(entries, index + 1)
            _add_table(builder, header, entries[index + 1 : stop])
            index = stop
        elif entries[index].bulleted:
            stop = next((n for n in range(index, len(entries)) if not entries[n].bulleted), len(entries))
            _add_list(builder, entries[index:stop])
            index = stop
        else:
            _add_paragraph(builder, entries[index])
            index += 1
    return builder.finished()


def entries_of(text: str) -> Iterator[Entry]:
    """Yield the entries of a text: blank lines part them, and so do bullets and the line after a bullet's
    block."""
    lines: list[str] = []
    indent = -1
    for line in [*_LINE_END.split(text), ""]:
        bullet = _BULLET.match(line)
        blank = not line.strip()
        dedented = indent >= 0 and not blank and len(line) - len(line.lstrip()) <= indent
        if lines and (blank or bullet or dedented):
            yield Entry(tuple(lines), indent >= 0)
            lines, indent = [], -1
        if blank:
            continue
        if bullet:
            indent = len(bullet["indent"])
        _append(lines, line[bullet.end() if bullet else 0 :].strip())


def _append(lines: list[str], line: str) -> None:
    """Add a line; one that goes on in small letters where the line above is full only wraps it."""
    if lines and len(lines[-1]) >= 55 and line[:1].islower():
        lines[-1] = f"{lines[-1]} {line}"
    else:
        lines.append(line)


def _header(entry: Entry) -> list[tuple[str, Label]] | None:
    """Return the columns that a line names, even where the extraction ran its header cells together."""
    if len(entry.lines) != 1 or entry.bulleted:
        return None
    line = entry.lines[0]
    parts = [part for part in _COLUMNS.split(line) if part.strip()]
    labels = [label_of(part) for part in parts]
    if len(parts) >= 2 and all(labels):
        return [(part.strip(), label) for part, label in zip(parts, labels, strict=True) if label]
    return _glued(line)


def _glued(line: str) -> list[tuple[str, Label]] | None:
    """Split a line that is nothing but labels, at least two of them, with or without spaces between."""
    if len(line) > 200 or ":" in line or not (shouts(line) or re.search(r"[a-zà-ù][A-ZÀ-Ù]", line)):
        return None
    best: dict[int, list[tuple[str, Label]]] = {0: []}
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


def _table_end(entries: Sequence[Entry], index: int) -> int:
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


def _add_table(builder: OutlineBuilder, header: list[tuple[str, Label]], entries: Sequence[Entry]) -> None:
    """Add the table that an extraction flattened: a line in capitals opens a row, bullets are titles, the
    rest is the last column."""
    labels = [label for _, label in header]
    table = object()
    builder.open(GroupKind.TABLE, table)
    _add_row(builder, [[Entry((name,))] for name, _ in header], header=True)
    first = next((number for number, label in enumerate(labels) if label is not Label.TITLE), 0)
    row: list[list[Entry]] = [[] for _ in labels]
    for entry in entries:
        if not entry.bulleted and len(entry.lines) == 1 and shouts(entry.text) and Label.AREA in labels:
            _add_row(builder, row)
            row = [[] for _ in labels]
            row[labels.index(Label.AREA)].append(entry)
        elif entry.bulleted or not any(other.bulleted for other in entries):
            row[_column(labels, row, entry, first)].append(entry)
        else:
            row[_rest(labels)].append(entry)
    _add_row(builder, row)
    builder.leave(table)


def _column(labels: Sequence[Label], row: Sequence[Sequence[Entry]], entry: Entry, first: int) -> int:
    title = labels.index(Label.TITLE)
    return title if entry.bulleted or not row[title] else _rest(labels)


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
                _add_list(builder, [entry])
            else:
                _add_lines(builder, entry)
        builder.leave(cell)
    builder.leave(row)


def _add_list(builder: OutlineBuilder, entries: Sequence[Entry]) -> None:
    whole = object()
    builder.open(GroupKind.LIST, whole)
    for entry in entries:
        item = object()
        builder.open(GroupKind.ITEM, item)
        _add_lines(builder, entry)
        builder.leave(item)
    builder.leave(whole)


def _add_paragraph(builder: OutlineBuilder, entry: Entry) -> None:
    rank = _rank(entry)
    owner = object()
    if rank:
        builder.flush()
        builder.mark("heading", owner, rank=rank)
    _add_lines(builder, entry)
    builder.leave(owner)


def _rank(entry: Entry) -> int:
    """Return the rank of a line that stands alone as a heading does, or 0."""
    line = entry.text
    if len(entry.lines) != 1 or len(line) > _LONGEST_HEADING or line.endswith((".", ":", ";", ",", "!", "?")):
        return 0
    if ":" in line and label_of(line.split(":")[0], sheet=True):
        return 0
    kind = kind_of(line)
    if kind in {HeadingKind.PROJECTS, HeadingKind.GENERAL, HeadingKind.OTHER}:
        return _SECTION_RANK
    return _TITLE_RANK if line[0].isupper() or line[0].isdigit() or line[0] in "\"“«'" else 0


def _add_lines(builder: OutlineBuilder, entry: Entry) -> None:
    builder.flush()
    for number, line in enumerate(entry.lines):
        if number:
            builder.line()
        builder.add(line)
    builder.flush()
