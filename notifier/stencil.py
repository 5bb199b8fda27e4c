"""One rendering for many readers: a message set in bytes once, and printed for each with what is theirs."""

from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from notifier.dkim import relaxed_body, signature_field
from notifier.headers import Field, address_value, header_block, subject_value
from notifier.links import Links
from notifier.message import Sender
from notifier.render import TOKEN_PLACE, Letter

_ENCODED = ("Content-Transfer-Encoding", "quoted-printable")
_TEXT = (("Content-Type", 'text/plain; charset="utf-8"'), _ENCODED)
_HTML = (("Content-Type", 'text/html; charset="utf-8"'), _ENCODED)
_SOFT_BREAK = b"=\r\n"
"""A line end that decoding takes away (RFC 2045, 6.7)."""


@dataclass(frozen=True, slots=True)
class Stencil:
    """A message that lacks its reader alone: the header fields that all share, and the body around the token.

    Between two pieces of `body` belongs the token of the reader's mailed link; `hashed` is the same body as a
    signature covers it, and empty where mails are not signed.
    """

    sender: Sender
    fields: tuple[Field, ...]
    body: tuple[bytes, ...]
    hashed: tuple[bytes, ...]


def stencil(letter: Letter, sender: Sender) -> Stencil:
    """Set a letter in bytes; where it says TOKEN_PLACE, each reader's token will stand.

    Nothing is random: the boundary between the parts comes from their words.
    """
    kind, body = _alternatives(letter) if letter.html else (_TEXT, _pieces(letter.text))
    fields = (
        ("From", address_value(sender.name, sender.address)),
        ("Reply-To", sender.answers_to),
        ("Subject", subject_value(letter.subject)),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834: no out-of-office answers
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
        *kind,
    )
    hashed = relaxed_body(body) if sender.dkim else ()
    return Stencil(sender, fields, body, hashed)


def printed(
    stencil: Stencil,
    *,
    recipient: str,
    identifier: str,
    at: datetime,
    token: str | None = None,
    answers: str | None = None,
    subscription: int | None = None,
) -> bytes:
    """Return the message for one reader, signed if mails are: the same bytes for the same arguments.

    `token` is that of the link by which this reader leaves; a mail that nobody subscribed to carries none.
    `subscription` is the number of what is left by a mail instead, where bounces have a mailbox.
    `answers` is the Message-ID of the mail that this one corrects, under which mail programs show it.
    Raises ValueError for what would break the header.
    """
    fields = [
        *stencil.fields,
        ("To", recipient),
        ("Date", format_datetime(at)),
        ("Message-ID", identifier),
        *([("In-Reply-To", answers), ("References", answers)] if answers else []),
        *(_list_fields(stencil.sender, token, subscription) if token is not None else []),
    ]
    place = _quoted(token or "") + _SOFT_BREAK
    key, signature = stencil.sender.dkim, b""
    if key is not None:
        signature = signature_field(key, fields, sha256(place.join(stencil.hashed)).digest(), at)
    return b"".join((signature, header_block(fields), b"\r\n", place.join(stencil.body)))


def list_archive(sender: Sender) -> str:
    """Return the List-Archive of a sender's digests: it tells one installation's from another's."""
    return f"<{sender.public_url}/changes>"


def _list_fields(sender: Sender, token: str, subscription: int | None) -> list[Field]:
    links = Links(sender.public_url)
    by_mail = sender.paths.leave_address(subscription) if sender.paths and subscription is not None else None
    leave = f"<{links.unsubscribe(token)}>"  # RFC 8058: one https address, and it stands first
    return [
        ("List-Id", f"coopwatch <digest.coopwatch.{sender.domain}>"),  # RFC 2919: the same for ever
        ("List-Unsubscribe", leave if by_mail is None else f"{leave},\r\n <mailto:{by_mail}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Help", f"<{links.home()}>"),
        ("List-Subscribe", f"<{links.subscribe()}>"),
        ("List-Owner", f"<mailto:{sender.answers_to}>"),
        ("List-Archive", list_archive(sender)),
        ("List-Post", "NO"),
        ("Feedback-ID", "digest:coopwatch"),  # Gmail's counts of complaints, of all readers together
    ]


def _alternatives(letter: Letter) -> tuple[tuple[Field, ...], tuple[bytes, ...]]:
    """Return the field and the body of text and HTML, the text first as the lesser one (RFC 2046, 5.1.4)."""
    words = f"{letter.subject}{letter.text}{letter.html}".replace(TOKEN_PLACE, "")
    boundary = f"=_{sha256(_utf8(words)).hexdigest()[:40]}"
    line = f"--{boundary}\r\n".encode()
    body = _joined(
        (line + header_block(_TEXT) + b"\r\n",),
        _pieces(letter.text),
        (b"\r\n" + line + header_block(_HTML) + b"\r\n",),
        _pieces(letter.html),
        (f"\r\n--{boundary}--\r\n".encode(),),
    )
    return (("Content-Type", f'multipart/alternative; boundary="{boundary}"'),), body


def _pieces(words: str) -> tuple[bytes, ...]:
    """Return words as lines, broken where the token belongs: there a line ends softly before and after.

    So no encoded line runs through a token, whatever its length, and no piece depends on another.
    """
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    pieces = [_quoted(piece) for piece in lines.split(TOKEN_PLACE)]
    return (*(piece + _SOFT_BREAK for piece in pieces[:-1]), pieces[-1])


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
