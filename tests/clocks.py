"""A clock for tests: it stands still until it is told, or asked to sleep."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Tells `at` until `advance` or `sleep` moves it on; remembers what it was asked to sleep."""

    def __init__(self, at: datetime = datetime(2018, 8, 20, 4, 30, tzinfo=UTC)) -> None:
        self.at = at
        self.elapsed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the instant that the test has set."""
        return self.at

    def monotonic(self) -> float:
        """Return the seconds by which the clock has been moved."""
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        """Move on by `seconds` at once, and remember it."""
        self.slept.append(seconds)
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Move both scales on."""
        self.at += timedelta(seconds=seconds)
        self.elapsed += seconds
