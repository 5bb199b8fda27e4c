"""What the doctor says of one thing; the checks themselves live in modules of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scraper.errors import CoopwatchError


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor saw of one thing, and what to do about it."""

    of: str
    state: Literal["ok", "warning", "failed"]
    seen: str
    hint: str = ""


def tried(of: str, look: Callable[[], str]) -> Finding:
    """Return what `look` saw, or the error that it met."""
    try:
        return Finding(of, "ok", look())
    except CoopwatchError as error:
        return Finding(of, "failed", str(error), error.hint)
