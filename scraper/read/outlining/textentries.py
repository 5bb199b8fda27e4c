"""The entries of a plain text, and how they are told to an outline."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.read.outlining.building import OutlineBuilder
from scraper.read.outlining.outline import GroupKind

_BULLET = re.compile(r"^(?P<indent>\s*)(?:[•·▪◦‣⁃*–—-]|\(?\d{1,2}[.)])\s+(?=\S)")
_LINE_END = re.compile(r"\r\n|\r|\n|\f|\v|\u2028|\u2029")


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines between two blank lines, or one bulleted item with the lines indented below it."""

    lines: tuple[str, ...]
    bulleted: bool = False

    @property
    def text(self) -> str:
        """The lines in one."""
        return " ".join(self.lines)


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
        _append(lines, line[bullet.end() if bullet else 0 :].strip(" \u00a0" if "\t" in line else None))


def _append(lines: list[str], line: str) -> None:
    """Add a line; one that goes on in small letters where the line above is full only wraps it."""
    if lines and len(lines[-1]) >= 55 and line[:1].islower() and "\t" not in line:
        lines[-1] = f"{lines[-1]} {line}"
    else:
        lines.append(line)


def add_list(builder: OutlineBuilder, entries: Sequence[Entry]) -> None:
    """Add bulleted entries as one list."""
    whole = object()
    builder.open(GroupKind.LIST, whole)
    for entry in entries:
        item = object()
        builder.open(GroupKind.ITEM, item)
        add_lines(builder, entry)
        builder.leave(item)
    builder.leave(whole)


def add_lines(builder: OutlineBuilder, entry: Entry) -> None:
    """Add the lines of an entry as one paragraph."""
    builder.flush()
    for number, line in enumerate(entry.lines):
        if number:
            builder.line()
        builder.add(line)
    builder.flush()
