"""Passwords: which ones will do, their argon2 hashes, and the comparison that gives nothing away."""

import unicodedata
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from scraper.errors import AccountError

SHORTEST = 12
LONGEST = 200

NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$AzJb4NE/tmQqz4iJMl3zoA$P3XPO32vjOfR0e071LI2n4hhw30uqi2+UDemIf1FUrM"
"""The hash of a password that nobody has: comparing with it takes the time that comparing takes."""

_ADVICE = "Take four or five words that only you know."
_HASH = PasswordHash.recommended()
_AT_ONCE = BoundedSemaphore(2)
"""One comparison takes 64 MiB and 0.2 s of a processor: a flood of sign-ins must not take all of both."""


def hashed(password: str, name: str) -> str:
    """Return the hash under which a new password of `name` is kept; raises AccountError where it is weak."""
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise AccountError(f"a password has {SHORTEST} to {LONGEST} characters", _ADVICE)
    if len(set(plain)) < 5 or not plain.casefold().replace(name.casefold(), ""):
        raise AccountError("that password is too easily guessed", _ADVICE)
    with _AT_ONCE:
        return _HASH.hash(plain)


def matches(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Say whether that is the password, and return the hash to be kept instead where `kept` is outdated.

    Without a hash the answer is no, after the same time.
    """
    plain = _normal(password)
    if len(plain) > LONGEST:
        plain = ""
    with _AT_ONCE:
        right, newer = _HASH.verify_and_update(plain, kept or NOBODY)
    return (right, newer) if kept is not None else (False, None)


def _normal(password: str) -> str:
    # The same letters typed on another keyboard may come composed differently (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)
