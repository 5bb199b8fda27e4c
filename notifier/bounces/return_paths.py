"""The addresses to which mail servers report: one for each message, signed with a key of ours (VERP)."""

import hmac
import re
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

_MAC_BYTES = 10
_MARK = re.compile(
    r"(?<![0-9a-z])(?P<purpose>v1|leave1)\.(?P<number>[0-9]{1,18})\."
    rf"(?P<mac>[0-9a-f]{{{2 * _MAC_BYTES}}})(?![0-9a-z])",
    re.IGNORECASE,
)


class Purpose(StrEnum):
    """What a mark is about."""

    BOUNCE = "v1"  # its number is a delivery's
    LEAVE = "leave1"  # its number is a subscription's


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it was found; one that is not genuine was made, or bent, by somebody without our key."""

    purpose: Purpose
    number: int
    genuine: bool


@dataclass(frozen=True, slots=True)
class ReturnPaths:
    """Makes the marks of messages and of subscriptions, and knows its own again.

    `mailbox` is the address that takes them all by its +extension (RFC 5233); without one, mail servers
    report to the From address and nobody leaves by mail. `key` is secret: who has it can forge bounces.
    """

    key: bytes = field(repr=False)
    mailbox: str | None = None

    def envelope_sender(self, delivery_id: int) -> str | None:
        """Return the address to which mail servers report about that delivery; None without a mailbox."""
        return self._extended(self._mark(Purpose.BOUNCE, delivery_id))

    def envelope_id(self, delivery_id: int) -> str:
        """Return the ENVID of that delivery, which its reports repeat (RFC 3461, 4.4); it needs no xtext."""
        return self._mark(Purpose.BOUNCE, delivery_id)

    def leave_address(self, subscription_id: int) -> str | None:
        """Return the address a mail to which ends that subscription; None without a mailbox."""
        return self._extended(self._mark(Purpose.LEAVE, subscription_id))

    def found(self, text: str) -> Mark | None:
        """Return the first mark in an address or an envelope id, whoever made it.

        Servers on the way may wrap the address (SRS, BATV) and change its case.
        """
        match = _MARK.search(text)
        if match is None:
            return None
        purpose, number = Purpose(match["purpose"].lower()), int(match["number"])
        genuine = hmac.compare_digest(self._mac(purpose, number), match["mac"].lower())
        return Mark(purpose, number, genuine)

    def _extended(self, mark: str) -> str | None:
        if self.mailbox is None:
            return None
        local, _, domain = self.mailbox.rpartition("@")
        return f"{local}+{mark}@{domain}"

    def _mark(self, purpose: Purpose, number: int) -> str:
        return f"{purpose}.{number}.{self._mac(purpose, number)}"

    def _mac(self, purpose: Purpose, number: int) -> str:
        whole = hmac.new(self.key, f"coopwatch {purpose} {number}".encode(), sha256)
        return whole.digest()[:_MAC_BYTES].hex()
