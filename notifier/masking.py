"""Mails as staff may read them: every header and word, and ••• wherever a mailed link holds its secret."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from functools import partial

from store.kinds import TokenPurpose

MASK = "•••"

_SECRETS = re.compile(rf"(/(?:{'|'.join(TokenPurpose)})/)[A-Za-z0-9_-]+")
"""The addresses of mailed links are named for their purpose; what follows opens a door."""


@dataclass(frozen=True, slots=True)
class Part:
    """A readable part of a mail."""

    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """A mail: its header lines as they stand in it, its subject decoded, its readable parts."""

    headers: tuple[tuple[str, str], ...]
    subject: str
    parts: tuple[Part, ...]


def masked(text: str) -> str:
    """Return a text without the secrets of mailed links."""
    return _SECRETS.sub(rf"\1{MASK}", text)


def masked_address(address: str) -> str:
    """Return an address of which only the first letter and the domain can be read."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}{MASK}@{domain}"


def without_address(text: str, address: str) -> str:
    """Return a text with an address masked wherever it stands, however its domain is spelt there."""
    local, _, _ = address.rpartition("@")
    mailbox = re.compile(rf"(?<![\w.+-]){re.escape(local)}@([\w.-]*\w)", re.IGNORECASE)
    return mailbox.sub(rf"{local[:1]}{MASK}@\1", text)


def read_mail(message: bytes, masking: str | None = None) -> Read:
    """Return a mail as staff may read it, with the address `masking` masked throughout."""
    said = masked if masking is None else partial(_masked_both, masking)
    found = message_from_bytes(message, policy=default)
    head = message.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    lines = re.split(r"\r?\n(?![ \t])", head)
    headers = (line.partition(":") for line in lines if line)
    texts = (part for part in found.walk() if part.get_content_maintype() == "text")
    return Read(
        headers=tuple((name, said(_unfolded(value))) for name, _, value in headers),
        subject=str(found["Subject"] or ""),
        parts=tuple(Part(part.get_content_type(), said(str(part.get_content()))) for part in texts),
    )


def _masked_both(address: str, text: str) -> str:
    return without_address(masked(text), address)


def _unfolded(value: str) -> str:
    """Return a header's value on one line: a secret may be folded in its midst."""
    return re.sub(r"\r?\n[ \t]", " ", value).strip()
