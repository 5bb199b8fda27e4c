"""The value that a finder found in a text, with the characters that it came from."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """A value and where it stands: characters `start` to `end` of the text that was searched."""

    value: T_co
    start: int
    end: int

    def moved(self, by: int) -> "Found[T_co]":
        """Return the same value with its place moved by `by` characters."""
        return Found(self.value, self.start + by, self.end + by)
