"""How long to wait before the next request to a host."""

from math import inf

from scraper.clock import Clock

LONGEST_WAIT = 30.0
"""The most seconds of a Crawl-delay or Retry-After that are sat out; a longer one must not park a worker."""


class Pace:
    """Keeps at least `gap` seconds between the end of one request to a host and the start of the next."""

    def __init__(self, clock: Clock, gap: float) -> None:
        self._clock = clock
        self._gap = gap
        self._gaps: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._closed_until: dict[str, float] = {}

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests to this host (robots.txt: Crawl-delay)."""
        self._gaps[host] = max(self._gap, min(delay, LONGEST_WAIT))

    def wait(self, host: str) -> float:
        """Let the time pass until the host may be asked again; return the seconds that it took."""
        begin = self._clock.monotonic()
        gap_over = self._ended.get(host, -inf) + self._gaps.get(host, self._gap)
        until = max(gap_over, self._closed_until.get(host, -inf))
        if until > begin:
            self._clock.sleep(until - begin)
        return self._clock.monotonic() - begin

    def asked(self, host: str, retry_after: str | None = None) -> None:
        """Note that a request to the host has just ended, and what its Retry-After said.

        Only the seconds form (RFC 9110 section 10.2.3) is heeded: it spares the host the other pages of the
        same round. The date form speaks of later visits, which the schedule sets hours apart anyway.
        """
        self._ended[host] = self._clock.monotonic()
        if retry_after and retry_after.isascii() and retry_after.isdigit():
            # the digits may be thousands: int() refuses those, float() calls them infinite
            self._closed_until[host] = self._ended[host] + min(float(retry_after), LONGEST_WAIT)
