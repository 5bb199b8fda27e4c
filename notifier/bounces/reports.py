"""What a delivery report says of each recipient: RFC 3464 first, all other shapes by flufl.bounce."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from flufl.bounce import all_failures

from notifier.bounces.grading import graded, stated
from store.kinds import Refusal

_LONGEST_WORDS = 500


class Fate(StrEnum):
    """What a report says became of a message for one recipient."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recipient's block of a report.

    `recipients` are the addresses by which the block names it, the one that we wrote to first where the
    server knows it. `grade` stands where the message failed; `words` are the server's own, in one line.
    """

    recipients: tuple[str, ...]
    fate: Fate
    grade: Refusal | None = None
    status: str | None = None
    words: str = ""


_FATES = {
    "fail": Fate.FAILED,
    "error": Fate.FAILED,  # OpenSMTPD
    "delayed": Fate.DELAYED,
    "delivered": Fate.DELIVERED,
    "relayed": Fate.DELIVERED,  # to a server that does not report: the last that will be heard
    "expanded": Fate.DELIVERED,
}
"""The actions of RFC 3464, 2.3.3, by how they begin: servers inflect them and append comments."""

_GRAVITY = (None, Refusal.OURS, Refusal.SOFT, Refusal.ADDRESS)


def standard_outcomes(report: Message) -> tuple[Outcome, ...]:
    """Return what the message/delivery-status parts of a report say, block by block (RFC 3464)."""
    return tuple(outcome for block in _blocks(report) if (outcome := _outcome(block)) is not None)


def guessed_outcomes(report: Message) -> tuple[Outcome, ...]:
    """Return what flufl.bounce makes of a report in no standard form.

    It tells who failed, not why. Where the words give no enhanced status code either, the failure is soft:
    a guess alone is never held against an address.
    """
    try:
        delayed, failed = all_failures(report)
    except Exception:
        return ()
    words = _text(report)
    status = stated(words)
    grade = Refusal.SOFT if status is None else graded(status)
    return (
        *(Outcome((_address(one),), Fate.FAILED, grade, status, "") for one in sorted(failed)),
        *(Outcome((_address(one),), Fate.DELAYED) for one in sorted(delayed - failed)),
    )


def envelope_ids(report: Message) -> tuple[str, ...]:
    """Return the ENVIDs that a report repeats in its blocks about the whole message (RFC 3464, 2.2.1)."""
    return tuple(value for block in _blocks(report) if (value := _line(block, "Original-Envelope-Id")))


def outcome_for(recipient: str, outcomes: Iterable[Outcome]) -> Outcome | None:
    """Return what a report says of the one recipient that a message of ours has.

    Where no block names it, the address forwards, perhaps to many: the mildest block counts, as the message
    has failed only when it failed everywhere.
    """
    every = tuple(outcomes)
    wanted = recipient.casefold()
    named = [one for one in every if wanted in {address.casefold() for address in one.recipients}]
    return min(named or every, key=_gravity, default=None)


def _gravity(outcome: Outcome) -> tuple[bool, bool, int]:
    failed = outcome.fate is Fate.FAILED
    return failed, outcome.fate is Fate.DELAYED, _GRAVITY.index(outcome.grade)


def _blocks(report: Message) -> Iterator[Message]:
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _outcome(block: Message) -> Outcome | None:
    action = (_line(block, "Action") or "").lower()
    fate = next((fate for start, fate in _FATES.items() if action.startswith(start)), None)
    recipients = tuple(_recipients(block))
    if fate is None or not recipients:
        return None
    status, words = _line(block, "Status"), _line(block, "Diagnostic-Code") or ""
    grade = graded(status, words) if fate is Fate.FAILED else None
    return Outcome(recipients, fate, grade, status, words)


def _recipients(block: Message) -> Iterator[str]:
    for field in ("Original-Recipient", "Final-Recipient"):
        kind, _, address = (_line(block, field) or "").rpartition(";")
        if "@" in address and kind.strip().lower() in {"rfc822", "utf-8", ""}:
            yield address.strip().strip("<>").strip()


def _line(block: Message, name: str) -> str | None:
    value = block.get(name)
    return None if value is None else " ".join(str(value).split())[:_LONGEST_WORDS]


def _text(report: Message) -> str:
    """Return the words of a report up to the message that it brings back."""
    for part in report.walk():
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload.decode("utf-8", "replace")[:20_000]
    return ""


def _address(found: bytes) -> str:
    return found.decode("ascii", "replace")
