"""`python -m bench [NAME…]`: run the benches and print their rows."""

import sys
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.rows import Row

NO_BENCH = {"__init__", "__main__", "changing", "copying", "rows"}


def names() -> list[str]:
    """Return the names of all benches."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NO_BENCH)


def table(name: str, rows: list[Row]) -> Table:
    """Return the rows of one bench for people."""
    shown = Table("measured", "value", "unit", "× floor", "the floor", title=name, title_justify="left")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        shown.add_row(row.what, f"{row.value:,.3f}", row.unit, ratio, row.floor)
    return shown


def main() -> None:
    """Run the named benches, or all."""
    console = Console()
    for name in sys.argv[1:] or names():
        console.print(table(name, import_module(f"bench.{name}").run()))


if __name__ == "__main__":
    main()
