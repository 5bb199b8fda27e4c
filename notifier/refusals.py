"""What a mail server's answer means: whose fault a refusal is, and whether its domain wants less mail."""

from typing import Literal

from notifier.bounces.grading import graded, stated
from store.kinds import Refusal

Stage = Literal["mail", "rcpt", "data"]
"""What was asked when the answer came: to take our name, a recipient, or the message."""


def refusal(answer: str, stage: Stage) -> Refusal:
    """Return whose fault it is that a server refuses for good (5xx).

    What is said to our own name is ours, and so is whatever is not clearly about the address: a reader is
    never blamed for what may be said of us.
    """
    return Refusal.OURS if stage == "mail" else graded(None, answer)


def is_too_large(answer: str) -> bool:
    """Say whether a refusal is about the size of one message (RFC 1870), which is told with our name."""
    return answer.startswith("552") or stated(answer) == "5.3.4"


def wants_less(answer: str) -> bool:
    """Say whether an answer asks us to slow down: 421, or a passing refusal by policy (4.7.x)."""
    return answer.startswith("421") or (stated(answer) or "").startswith("4.7.")
