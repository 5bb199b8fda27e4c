"""The one deadline of a visit, which every read and write below it is measured against."""

from scraper.clock import Clock
from scraper.fetch.failures import VisitFailed
from scraper.records import FailureKind


class Deadline:
    """How long the running visit may still take.

    A timeout per read never stops a server that sends one byte at a time, so every operation is given
    what is left of the whole instead.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seconds = 0.0
        self._end = clock.monotonic()

    def start(self, seconds: float) -> None:
        """Give the visit that begins now `seconds` to finish."""
        self._seconds = seconds
        self._end = self._clock.monotonic() + seconds

    def extend(self, seconds: float) -> None:
        """Put the end off: waiting that politeness asks for is not the site's delay."""
        self._end += seconds

    def left(self) -> float:
        """Return the seconds that are left, more than zero; raises VisitFailed when there are none."""
        left = self._end - self._clock.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> VisitFailed:
        """Return the exception that ends a visit whose time is over."""
        return VisitFailed(FailureKind.DEADLINE, f"no whole answer within {self._seconds:g} seconds")
