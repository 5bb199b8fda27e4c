"""Mail headers written by our own hand, because Python's writers break long links and can inject headers."""

import re
import unicodedata
from collections.abc import Iterable
from email.header import Header
from email.utils import formataddr

Field = tuple[str, str]
"""A header field: its name and its value, folded where that is needed."""

LONGEST_LINE = 998
"""Bytes of a line at most, its end left out (RFC 5322, 2.1.1)."""

_INTERNATIONAL = {"To"}
_LONGEST_SUBJECT = 300
_LONGEST_NAME = 100
_LONGEST_WORD = 60
_BROKEN = re.compile(r"\r\n(?![ \t])|\r(?!\n)|(?<!\r)\n|\0")
"""What would end a header's value: a line end that is not followed by a blank, or one that is no CR LF."""


def header_block(fields: Iterable[Field]) -> bytes:
    """Return header fields as bytes; raises ValueError for a value that would end its line or is too long.

    The values come from the functions below. Python's own policies would turn a List-Unsubscribe longer than
    a line into encoded words, which no mail program follows (cpython #85725), and decode a CR LF hidden in an
    encoded word into a header of its own (until 3.13.0). Only addresses may be more than ASCII (RFC 6532).
    """
    return b"".join(_line(name, value) for name, value in fields)


def _line(name: str, value: str) -> bytes:
    line = f"{name}: {value}\r\n".encode()
    if _BROKEN.search(value) or not (value.isascii() or name in _INTERNATIONAL):
        raise ValueError(f"{name}: not a safe header value")
    if max(map(len, line.split(b"\r\n"))) > LONGEST_LINE:
        raise ValueError(f"{name}: longer than a line of mail may be")
    return line


def subject_value(subject: str) -> str:
    """Return a subject as header text, encoded by the old `email.header`: it loses no blank between words."""
    clean = one_line(subject)[:_LONGEST_SUBJECT].rstrip()
    return _encoded(clean, "Subject")


def address_value(name: str, address: str) -> str:
    """Return a display name and an address as header text."""
    clean = one_line(name)[:_LONGEST_NAME].rstrip()
    if not clean:
        return address
    return formataddr((clean, address)) if _plain(clean) else f"{_encoded(clean, 'From')} <{address}>"


def one_line(text: str) -> str:
    """Return text without what could end, hide or turn around a line: controls, line ends, bidi marks."""
    return " ".join("".join(_harmless(character) for character in text).split())


def _harmless(character: str) -> str:
    match unicodedata.category(character):
        case "Cf" | "Cs":  # zero widths, bidi overrides, half characters
            return ""
        case "Cc" | "Zl" | "Zp":
            return " "
        case _:
            return character


def _plain(text: str) -> bool:
    """Say whether text may stand as it is: a word longer than a line could not be folded."""
    return text.isascii() and "=?" not in text and all(len(word) <= _LONGEST_WORD for word in text.split())


def _encoded(text: str, name: str) -> str:
    charset = "us-ascii" if _plain(text) else "utf-8"
    return Header(text, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")
