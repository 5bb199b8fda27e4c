"""The options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer


def _or_the_one_before_the_command(context: typer.Context, value: Path | None) -> Path | None:
    """Let `coopwatch --data DIR check` mean the same as `coopwatch check --data DIR`."""
    root = context.find_root()
    if value is None and root is not context:
        return root.params.get("data")
    return value


Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The data folder. Default: COOPWATCH_DATA, else ./coopwatch-data.",
        callback=_or_the_one_before_the_command,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
