"""Plain text into the outline: a blank line parts entries, a single line end does not."""

from scraper.read.fields.labels import label_of
from scraper.read.fields.typography import shouts
from scraper.read.flowing.spotting import labels_in
from scraper.read.outlining.building import OutlineBuilder
from scraper.read.outlining.headings import HeadingKind, kind_of
from scraper.read.outlining.outline import Outline
from scraper.read.outlining.textentries import Entry, add_lines, add_list, entries_of
from scraper.read.outlining.texttables import add_columns, add_flattened, columns_in, header_in, table_end

_SECTION_RANK, _TITLE_RANK = 7, 8
_LONGEST_HEADING = 120
_NO_HEADING_END = (".", ":", ";", ",", "!", "?")


def outline_of_text(text: str, address: str) -> Outline:
    """Return the outline of a text page: its headings, paragraphs, lists and tables."""
    builder = OutlineBuilder(address)
    entries = [part for entry in entries_of(text) for part in _parted(entry)]
    index = 0
    while index < len(entries):
        entry, stop = entries[index], index + 1
        if rows := columns_in(entry):
            add_columns(builder, rows)
        elif header := header_in(entry):
            stop = table_end(entries, index + 1)
            add_flattened(builder, header, entries[index + 1 : stop])
        elif entry.bulleted:
            stop = next((n for n in range(index, len(entries)) if not entries[n].bulleted), len(entries))
            add_list(builder, entries[index:stop])
        else:
            for part, rank in _parts(entry, first=index == 0):
                _add_paragraph(builder, part, rank)
        index = stop
    return builder.finished()


def _parted(entry: Entry) -> list[Entry]:
    """Part an entry at a header of columns in its midst: the lines above it, it, and each line in capitals
    below it stand alone."""
    if entry.bulleted or len(entry.lines) < 2 or columns_in(entry):
        return [entry]
    place = next(
        (n for n, line in enumerate(entry.lines) if shouts(line) and header_in(Entry((line,)))), None
    )
    if place is None:
        return [entry]
    parts = [Entry(entry.lines[:place])] if place else []
    rest: list[str] = []
    for line in entry.lines[place:]:
        if shouts(line):
            parts.extend([Entry(tuple(rest))] if rest else [])
            parts.append(Entry((line,)))
            rest = []
        else:
            rest.append(line)
    return [*parts, *([Entry(tuple(rest))] if rest else [])]


def _parts(entry: Entry, first: bool) -> list[tuple[Entry, int]]:
    """Split an entry's heading from what stands right below it: a label's value, or lines of labels.

    The lines that open a page are headings each: a site's name, the page's own. Each comes with its rank.
    """
    lines = entry.lines
    rank = _rank(lines[0])
    if len(lines) < 2 or not rank:
        return [(entry, rank)]
    if first and len(lines) <= 3 and all(map(_rank, lines)):
        return [(Entry((line,)), _rank(line)) for line in lines]
    labelled = labels_in(lines[1])
    is_label = label_of(lines[0], sheet=True) is not None and shouts(lines[0])
    if is_label or (labelled and labelled[0].label_start == 0):
        return [(Entry(lines[:1]), rank), (Entry(lines[1:]), 0)]
    return [(entry, 0)]


def _add_paragraph(builder: OutlineBuilder, entry: Entry, rank: int) -> None:
    owner = object()
    if rank:
        builder.flush()
        builder.mark("heading", owner, rank=rank)
    add_lines(builder, entry)
    builder.leave(owner)


def _rank(line: str) -> int:
    """Return the rank of a line that stands as a heading does, or 0."""
    if len(line) > _LONGEST_HEADING or line.endswith(_NO_HEADING_END):
        return 0
    if ":" in line and label_of(line.partition(":")[0], sheet=True):
        return 0
    if kind_of(line) in {HeadingKind.PROJECTS, HeadingKind.GENERAL, HeadingKind.OTHER}:
        return _SECTION_RANK
    return _TITLE_RANK if line[0].isupper() or line[0].isdigit() or line[0] in "\"“«'" else 0
