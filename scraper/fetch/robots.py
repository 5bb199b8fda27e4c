"""What a host's robots.txt (RFC 9309) allows, and for how long we believe it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

BELIEVED_FOR = timedelta(hours=24)
"""RFC 9309 section 2.4: a cached robots.txt should not be used for longer."""

LARGEST = 512 * 1024
"""Bytes of a robots.txt that are read; RFC 9309 section 2.5 asks for at least 500 KiB."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host for one product token, as they stood at `read_at`."""

    protego: Protego
    token: str
    read_at: datetime

    def allow(self, address: str) -> bool:
        """Return whether the host lets us visit this address."""
        return self.protego.can_fetch(address, self.token)

    @property
    def crawl_delay(self) -> float:
        """The seconds that the host asks to keep between requests; zero when it does not say."""
        return self.protego.crawl_delay(self.token) or 0.0

    def fresh(self, now: datetime) -> bool:
        """Return whether the rules may still be used; a clock that was set back makes them stale too."""
        return timedelta(0) <= now - self.read_at < BELIEVED_FOR


def rules(status: int, body: bytes | None, token: str, at: datetime) -> Rules | None:
    """Return the rules that this answer for /robots.txt makes, or None where it forbids everything.

    RFC 9309 section 2.3.1: 2xx is read, 4xx means that there are no rules, and a server error forbids all.
    """
    if status >= 500:
        return None
    text = (body or b"").decode("utf-8-sig", "replace") if status < 300 else ""
    return Rules(Protego.parse(text), token, at)


def product_token(agent: str) -> str:
    """Return the name by which robots.txt addresses this User-Agent ("coopwatch" of "coopwatch/0.1 (…)")."""
    return re.split(r"[/ ]", agent, maxsplit=1)[0]
