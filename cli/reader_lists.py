"""Lists of readers as CSV files: each line is somebody to ask, or a reason why it cannot be used."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from notifier.words import LANGUAGES, words
from scraper.errors import AddressError, UnreadableError
from scraper.records import ChangeKind, ProjectStatus, Role
from store.mailboxes import Address, parse_address
from store.subscriptions import Filters, Frequency, Wish

COLUMNS = ("address", "origin", "language", "frequency")
"""Every list has the first two; the others, and those of filters, where somebody wants to say more."""

LISTS = ("sources", "areas", "countries", "programmes", "statuses", "roles", "kinds", "words")
"""Columns that hold several values with | between them."""

_KNOWN: dict[str, set[str]] = {
    "statuses": set(ProjectStatus),
    "roles": set(Role),
    "kinds": {kind.value for kind in ChangeKind if kind is not ChangeKind.MOVED},
    "countries": {code for code, _ in words("en").countries()},
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list, by its number in the file: whom to ask for what, and where the consent comes from."""

    number: int
    address: Address
    wish: Wish
    origin: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be used, and why."""

    number: int
    text: str
    why: str


def read_list(path: Path, sources: set[str]) -> list[Line | Problem]:
    """Return the lines of a CSV file, in order; `sources` are the names that filters may use.

    UTF-8, or else the Windows code page in which spreadsheets save; commas, semicolons or tabs. Raises
    UnreadableError where there is no list of this kind at all.
    """
    rows = list(csv.reader(text := _text(path).splitlines(), delimiter=_delimiter(text)))
    heads = [name.strip().lower() for name in rows[0]] if rows else []
    missing = [name for name in COLUMNS[:2] if name not in heads]
    strange = [name for name in heads if name not in (*COLUMNS, *LISTS)]
    if missing or strange:
        wrong = f"has no column {missing[0]!r}" if missing else f"has a column {strange[0]!r}"
        raise UnreadableError(
            f"{path}: {wrong}", f"Name the columns {', '.join(COLUMNS)}, and for filters {', '.join(LISTS)}."
        )
    return list(_checked(heads, rows[1:], sources))


def _checked(heads: list[str], rows: list[list[str]], sources: set[str]) -> Iterator[Line | Problem]:
    first: dict[str, int] = {}
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            line = _line(number, dict(zip(heads, (cell.strip() for cell in row), strict=False)), sources)
            if len(row) > len(heads):
                raise ValueError(f"has {len(row)} cells under {len(heads)} columns")
        except (AddressError, ValueError) as error:
            yield Problem(number, " ".join(" | ".join(row).split())[:200], str(error))
            continue
        earlier = first.setdefault(line.address.mailbox, number)
        if earlier != number:
            yield Problem(number, line.address.envelope, f"reaches the same mailbox as line {earlier}")
        else:
            yield line


def _line(number: int, cells: dict[str, str], sources: set[str]) -> Line:
    address = parse_address(cells.get("address", ""))
    origin = cells.get("origin", "")
    if not origin:
        raise ValueError("does not say where the consent comes from (column origin)")
    language = cells.get("language") or LANGUAGES[0]
    frequency = cells.get("frequency") or Frequency.WEEKLY
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is none of {', '.join(LANGUAGES)}")
    if frequency not in set(Frequency):
        raise ValueError(f"frequency {frequency!r} is none of {', '.join(Frequency)}")
    values = {name: _values(name, cells.get(name, ""), sources) for name in LISTS}
    return Line(number, address, Wish(language, Frequency(frequency), _filters(values)), origin)


def _values(name: str, cell: str, sources: set[str]) -> tuple[str, ...]:
    found = tuple(part.strip() for part in cell.split("|") if part.strip())
    known = sources if name == "sources" else _KNOWN.get(name)
    unknown = [value for value in found if known is not None and value not in known]
    if unknown:
        raise ValueError(f"{name}: {unknown[0]!r} is not known")
    return found


def _filters(values: dict[str, tuple[str, ...]]) -> Filters:
    return Filters(
        sources=values["sources"],
        areas=values["areas"],
        countries=values["countries"],
        programmes=values["programmes"],
        statuses=tuple(map(ProjectStatus, values["statuses"])),
        roles=tuple(map(Role, values["roles"])),
        kinds=tuple(map(ChangeKind, values["kinds"])),
        words=values["words"],
    )


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}", "Name a CSV file that can be read.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")


def _delimiter(lines: list[str]) -> str:
    head = lines[0] if lines else ""
    return max(",;\t", key=head.count)
