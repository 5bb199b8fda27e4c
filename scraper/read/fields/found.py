"""The value that a finder found in a text, with the characters that it came from."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and where it stands: characters `start` to `end` of the text that was searched."""

    value: T
    start: int
    end: int

    def moved(self, by: int) -> "Found[T]":
        """Return the same value with its place moved by `by` characters."""
        return Found(self.value, self.start + by, self.end + by)
