"""Mail as bytes: who sends it, the names of messages, and messages that stay the same for ever."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from notifier.headers import address_value, header_block, subject_value
from notifier.render import Letter


@dataclass(frozen=True, slots=True)
class Sender:
    """Who our mails come from, who reads the answers, and where their links lead.

    `public_url` has no slash at its end. Message-IDs and the List-Id stand in the address's domain.
    `alerts_to` are the staff's addresses for what goes wrong, told in `alerts_language`.
    """

    address: str
    name: str
    public_url: str
    reply_to: str | None = None
    alerts_to: tuple[str, ...] = ()
    alerts_language: str = "it"

    @property
    def domain(self) -> str:
        """The domain of the address."""
        return self.address.rpartition("@")[2]


def message_id(kind: str, key: str, domain: str) -> str:
    """Return the Message-ID of the delivery that `key` names: the same for ever, and telling nothing."""
    return f"<{kind}.{sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def envelope_sender(message: bytes) -> str:
    """Return the address to which a mail server reports about a message: the one in its From."""
    fields = BytesHeaderParser().parsebytes(message)
    return parseaddr(fields["From"])[1]


def message_bytes(
    letter: Letter,
    sender: Sender,
    *,
    recipient: str,
    identifier: str,
    at: datetime,
    unsubscribe: str | None = None,
) -> bytes:
    """Return the message with this Message-ID, the same bytes for the same arguments.

    `unsubscribe` is the address for one-click (RFC 8058); a mail that nobody subscribed to yet carries none.
    """
    fields = [
        ("From", address_value(sender.name, sender.address)),
        *([("Reply-To", sender.reply_to)] if sender.reply_to else []),
        ("To", recipient),
        ("Subject", subject_value(letter.subject)),
        ("Date", format_datetime(at)),
        ("Message-ID", identifier),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834: no out-of-office answers
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        *_list_fields(sender, unsubscribe),
    ]
    return header_block(fields) + _body(letter, identifier)


def _list_fields(sender: Sender, unsubscribe: str | None) -> list[tuple[str, str]]:
    if unsubscribe is None:
        return []
    return [
        ("List-Id", f"coopwatch <digest.coopwatch.{sender.domain}>"),
        ("List-Unsubscribe", f"<{unsubscribe}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Help", f"<{sender.public_url}/>"),
        ("List-Post", "NO"),
    ]


def _body(letter: Letter, identifier: str) -> bytes:
    body = EmailMessage(policy=SMTP)
    body.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        body.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        body.set_boundary(f"=_{sha256(identifier.encode()).hexdigest()[:40]}")
    return body.as_bytes()
