"""Tables for people: however narrow the terminal, what stands in a cell is shown to its last letter."""

from rich.table import Column, Table


def whole_table(*heads: str, title: str | None = None) -> Table:
    """Return a table whose cells go on in the next line where they are too wide, instead of being cut."""
    return Table(*(Column(head, overflow="fold") for head in heads), title=title)
