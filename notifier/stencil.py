"""One rendering for many readers: a message set in bytes once, and printed for each with what is theirs."""

from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from notifier.headers import address_value, header_block, subject_value
from notifier.links import Links
from notifier.message import Sender
from notifier.render import TOKEN_PLACE, Letter

_SOFT_BREAK = b"=\r\n"
"""A line end that decoding takes away (RFC 2045, 6.7)."""


@dataclass(frozen=True, slots=True)
class Stencil:
    """A message that lacks its reader alone: the header fields all share, and the body around the token.

    Between two pieces of `body` belongs the token of the reader's mailed link.
    """

    sender: Sender
    shared: bytes
    body: tuple[bytes, ...]


def stencil(letter: Letter, sender: Sender) -> Stencil:
    """Set a letter in bytes; where it says TOKEN_PLACE, each reader's token will stand.

    Nothing is random: the boundary of the parts comes from their words.
    """
    boundary = f"=_{sha256(_utf8(f'{letter.subject}{letter.text}{letter.html}')).hexdigest()[:40]}"
    shared = header_block(
        [
            ("From", address_value(sender.name, sender.address)),
            ("Reply-To", sender.answers_to),
            ("Subject", subject_value(letter.subject)),
            ("Auto-Submitted", "auto-generated"),  # RFC 3834: no out-of-office answers
            ("Precedence", "bulk"),
            ("X-Auto-Response-Suppress", "All"),
            ("MIME-Version", "1.0"),
        ]
    )
    text = _part("plain", letter.text)
    if not letter.html:
        return Stencil(sender, shared, text)
    opening = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode()
    between = f"\r\n--{boundary}\r\n".encode()
    closing = f"\r\n--{boundary}--\r\n".encode()
    return Stencil(
        sender, shared, _joined((opening,), text, (between,), _part("html", letter.html), (closing,))
    )


def printed(
    stencil: Stencil, *, recipient: str, identifier: str, at: datetime, token: str | None = None
) -> bytes:
    """Return the message for one reader, the same bytes for the same arguments.

    `token` is that of the link by which this reader leaves; a mail that nobody subscribed to carries none.
    Raises ValueError for what would break the header.
    """
    own = [
        ("To", recipient),
        ("Date", format_datetime(at)),
        ("Message-ID", identifier),
        *(_list_fields(stencil.sender, token) if token is not None else []),
    ]
    place = _quoted(token or "") + _SOFT_BREAK
    return stencil.shared + header_block(own) + place.join(stencil.body)


def _list_fields(sender: Sender, token: str) -> list[tuple[str, str]]:
    links = Links(sender.public_url)
    return [
        ("List-Id", f"coopwatch <digest.coopwatch.{sender.domain}>"),  # RFC 2919: the same for ever
        ("List-Unsubscribe", f"<{links.unsubscribe(token)}>"),  # RFC 8058: one https address
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Help", f"<{links.home()}>"),
        ("List-Subscribe", f"<{links.subscribe()}>"),
        ("List-Owner", f"<mailto:{sender.answers_to}>"),
        ("List-Archive", f"<{links.root}/changes>"),
        ("List-Post", "NO"),
        ("Feedback-ID", "digest:coopwatch"),  # Gmail's counts of complaints, of all readers together
    ]


def _part(subtype: str, words: str) -> tuple[bytes, ...]:
    """Return a part of the body, broken where the token belongs: there the line ends softly before and after.

    So no encoded line runs through a token, whatever its length, and no piece depends on another.
    """
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
    head += "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    pieces = [_quoted(piece) for piece in lines.split(TOKEN_PLACE)]
    broken = [*(piece + _SOFT_BREAK for piece in pieces[:-1]), pieces[-1]]
    return (head.encode() + broken[0], *broken[1:])


def _quoted(words: str) -> bytes:
    """Return words as quoted-printable lines of at most 76 bytes."""
    return b2a_qp(_utf8(words)).replace(b"\n", b"\r\n")


def _utf8(words: str) -> bytes:
    return words.encode("utf-8", "replace")  # half characters become question marks


def _joined(*runs: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return runs of pieces one after the other: the last piece of each run continues in the next."""
    joined: list[bytes] = [b""]
    for first, *rest in runs:
        joined[-1] += first
        joined += rest
    return tuple(joined)
