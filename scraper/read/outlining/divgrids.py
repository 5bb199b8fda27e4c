"""Tables built of plain divs: rows of as many cells each, under a row of labels."""

from bs4 import Tag

from scraper.read.fields.labels import label_of

CELL_ROLES = frozenset(["cell", "gridcell", "columnheader", "rowheader"])
"""The ARIA roles of a table's cells."""

_FEWEST_CELLS = 3
_LONGEST_LABEL = 60


def give_roles(tag: Tag) -> None:
    """Give a div, its rows and its cells the roles of a table where they are one in all but name."""
    rows = _children(tag)
    if len(rows) < 2 or any(row.name != "div" or "role" in row.attrs for row in rows):
        return
    cells = [_children(row) for row in rows]
    width = len(cells[0])
    if width < _FEWEST_CELLS or any(len(line) != width for line in cells) or not _are_labels(cells[0]):
        return
    if any(cell.name != "div" for line in cells for cell in line):
        return
    tag.attrs["role"] = "table"
    for row, line in zip(rows, cells, strict=True):
        row.attrs["role"] = "row"
        for cell in line:
            cell.attrs["role"] = "cell"


def _children(tag: Tag) -> list[Tag]:
    return [child for child in tag.contents if isinstance(child, Tag)]


def _are_labels(cells: list[Tag]) -> bool:
    texts = [cell.get_text(" ", strip=True) for cell in cells]
    return all(len(text) <= _LONGEST_LABEL and label_of(text) for text in texts)
