"""What the command line writes: tables and sentences on stdout, errors on stderr, JSON for machines."""

import json
import logging

from rich.console import Console

out = Console(highlight=False)
"""Where results go."""

err = Console(stderr=True, highlight=False, soft_wrap=True)
"""Where errors, hints and progress go."""


def complain(message: str, hint: str = "") -> None:
    """Write one line that says what is wrong, and one that says what to do about it."""
    err.print(f"[bold red]error:[/] {_escaped(message)}")
    if hint:
        err.print(f"[bold]hint:[/] {_escaped(hint)}")


def print_json(value: object) -> None:
    """Write `value` as indented JSON, its letters as they are."""
    out.file.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def log_to_stderr() -> None:
    """Let the house's loggers write lines with their time and weight to stderr, for `run` and its journal."""
    lines = logging.StreamHandler()
    lines.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("coopwatch")
    logger.setLevel(logging.INFO)
    logger.addHandler(lines)


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("[", r"\[")
