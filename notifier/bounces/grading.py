"""Whose fault a failure is: the reader's address, something that may pass, or ours (RFC 3463)."""

import re

from store.kinds import Refusal

_ENHANCED = re.compile(r"(?<![0-9.])([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9]|\.[0-9])")
_REPLY = re.compile(r"(?:^|[^0-9.])([45])[0-9]{2}(?![0-9.])")

_DEAD = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4"}
"""There is no such mailbox or domain, or it has moved or been closed."""


def graded(status: str | None, words: str = "") -> Refusal:
    """Return the class of a failure from its status ("5.1.1") and the server's words.

    Where the status says no more than "failed" (5.0.0, or none), the first one in the words counts, for
    there the server that refused speaks itself. A full mailbox and whatever was given up after temporary
    failures is soft; anything else that is permanent (policy, content, size, bare 5xx) is ours to look into.
    """
    code = _enhanced(status or "")
    if code is None or code[1] == "0.0":
        code = _enhanced(words) or code or _bare(words)
    if code is None:
        return Refusal.OURS
    kind, detail = code
    if kind == "4" or detail == "2.2":
        return Refusal.SOFT
    return Refusal.ADDRESS if detail in _DEAD else Refusal.OURS


def concerns_all(grade: Refusal, status: str | None) -> bool:
    """Say whether other mails to that domain would fare alike: a policy against us (RFC 3463, 3.8)."""
    return grade is Refusal.OURS and (status or "").startswith("5.7.")


def stated(words: str) -> str | None:
    """Return the first enhanced status code in a server's words."""
    code = _enhanced(words)
    return None if code is None else ".".join(code)


def _enhanced(text: str) -> tuple[str, str] | None:
    match = _ENHANCED.search(text)
    return None if match is None else (match[1], f"{int(match[2])}.{int(match[3])}")


def _bare(words: str) -> tuple[str, str] | None:
    match = _REPLY.search(words)
    return None if match is None else (match[1], "0.0")
