"""The present: the only module of the house that asks the machine for the time."""

import time
from datetime import UTC, datetime


class Present:
    """The real clock (see `scraper.clock.Clock`)."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds on a scale that never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass; zero or less returns at once."""
        if seconds > 0:
            time.sleep(seconds)
