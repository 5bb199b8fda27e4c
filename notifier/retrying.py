"""When a mail that was put off is tried again, and when that ends: pure functions of instants."""

from datetime import datetime, timedelta
from hashlib import sha256

GIVE_UP = timedelta(hours=72)
"""How long a mail is tried."""

_WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240, 480))
_JITTER = 0.2
_SLOWED = timedelta(minutes=1)
_MOST_SLOWED = timedelta(hours=2)


def retry_at(attempts: int, created_at: datetime, now: datetime, key: str) -> datetime | None:
    """Return when a mail that was put off after so many attempts is tried again; None when it is given up.

    Waits are up to a fifth longer than their step, by how much depends on `key` alone, so that mails put off
    together do not come back together. A digest ends before its three days when the reader's next one, which
    tells the same, takes its place.
    """
    step = _WAITS[min(max(attempts, 1), len(_WAITS)) - 1]
    again = now + step * (1 + _JITTER * _share(f"{key}/{attempts}"))
    return again if again <= created_at + GIVE_UP else None


def lane_opens_at(slowdowns: int, now: datetime) -> datetime:
    """Return until when a domain is left in peace whose server asked for less so many times in a row."""
    return now + min(_SLOWED * (1 << min(slowdowns - 1, 10)), _MOST_SLOWED)


def _share(key: str) -> float:
    """Return a number from 0 to 1 that is always the same for the same key."""
    return int.from_bytes(sha256(key.encode()).digest()[:4], "big") / 2**32
