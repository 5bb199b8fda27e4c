"""The protocol of the clock: the only way in which any room learns what time it is."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and lets it pass; the real one is `schedules.present.Present`."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds on a scale that never goes back; only differences mean anything."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass; zero or less returns at once."""
