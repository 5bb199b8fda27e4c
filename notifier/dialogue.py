"""What is said to a mail server before and about a message, by the extensions that it offers."""

import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass

from notifier.post import MailRejected
from store.kinds import Refusal

Answers = Iterator[tuple[int, bytes]]
"""A server's answers in their order: code and words of each."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom a message of `size` bytes goes to whom, and to the archive too where there is one.

    `name` is what reports about it will call it (ENVID, RFC 3461, 4.4).
    """

    sender: str
    recipient: str
    size: int
    name: str | None
    archive_to: str | None

    @property
    def plain(self) -> bool:
        """Whether ASCII says it all, so that the server need not know more (RFC 6531)."""
        return all(name.isascii() for name in (self.sender, self.recipient, self.archive_to or ""))

    def commands(self, connection: smtplib.SMTP) -> list[str]:
        """Return what is said before the message; raises MailRejected where that cannot be said."""
        sending = [f"size={self.size}"] if connection.has_extn("size") else []
        wanted, unwanted = "", ""
        if not self.plain:
            if not connection.has_extn("smtputf8"):
                answer = "the mail server does not take addresses beyond ASCII (SMTPUTF8, RFC 6531)"
                raise MailRejected(answer, Refusal.OURS, stops=False)
            sending += ["SMTPUTF8", "BODY=8BITMIME"]
        if connection.has_extn("dsn"):
            sending += ["RET=HDRS", *([f"ENVID={_xtext(self.name)}"] if self.name else [])]
            wanted = f" NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;{_xtext(self.recipient)}"
            wanted = wanted if self.recipient.isascii() else ""
            unwanted = " NOTIFY=NEVER"
        archive = self.archive_to
        return [
            " ".join((f"MAIL FROM:{smtplib.quoteaddr(self.sender)}", *sending)),
            f"RCPT TO:{smtplib.quoteaddr(self.recipient)}{wanted}",
            *([] if archive is None else [f"RCPT TO:{smtplib.quoteaddr(archive)}{unwanted}"]),
            "DATA",
        ]


def answers_to(connection: smtplib.SMTP, envelope: Envelope) -> Answers:
    """Yield the answer to each command; they are all sent at once where the server takes that (RFC 2920)."""
    commands = envelope.commands(connection)
    connection.command_encoding = "ascii" if envelope.plain else "utf-8"
    at_once = connection.has_extn("pipelining")
    if at_once:
        for command in commands:
            connection.putcmd(command)
    for command in commands:
        if not at_once:
            connection.putcmd(command)
        yield connection.getreply()


def stuffed(message: bytes) -> bytes:
    """Return the lines of a message with their leading dots doubled (RFC 5321, 4.5.2)."""
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole) if b"\n." in whole or whole.startswith(b".") else whole


def _xtext(text: str) -> str:
    """Return text as RFC 3461, 4 writes it in parameters."""
    return re.sub(r"[^!-*,-<>-~]", lambda found: f"+{ord(found[0]):02X}", text)
