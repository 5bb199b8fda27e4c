"""Mails that come back, for tests: reports in the standard form, complaints, answers of absence."""

from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from notifier.bounces.return_paths import ReturnPaths

PATHS = ReturnPaths(b"a key of thirty-two bytes for it", "bounces@bounce.example.org")


def report(
    to: str,
    *blocks: dict[str, str],
    envelope_id: str | None = None,
) -> bytes:
    """Return a report (RFC 3464) sent to that address, with one block for each recipient."""
    mail = MIMEMultipart("report", report_type="delivery-status")
    mail["From"] = "Mail Delivery System <MAILER-DAEMON@mx.example.net>"
    mail["To"] = to
    mail["Subject"] = "Undelivered Mail Returned to Sender"
    mail["Auto-Submitted"] = "auto-replied"
    mail.attach(MIMEText("This is the mail system."))
    about = {"Reporting-MTA": "dns; mx.example.net"}
    if envelope_id is not None:
        about["Original-Envelope-Id"] = envelope_id
    mail.attach(_part("message", "delivery-status", about, *blocks))
    return mail.as_bytes()


def block(recipient: str, action: str, status: str, words: str = "") -> dict[str, str]:
    """Return what a report says of one recipient."""
    fields = {"Final-Recipient": f"rfc822; {recipient}", "Action": action, "Status": status}
    return fields | ({"Diagnostic-Code": f"smtp; {words}"} if words else {})


def complaint(sender: str, kind: str = "abuse") -> bytes:
    """Return a complaint (RFC 5965) about a message that had this envelope sender."""
    mail = MIMEMultipart("report", report_type="feedback-report")
    mail["From"] = "feedback@mail.example.net"
    mail["To"] = "abuse@example.org"
    mail.attach(MIMEText("A reader of ours says that this is spam."))
    fields = {"Feedback-Type": kind, "User-Agent": "Loop/1.0", "Version": "1"}
    mail.attach(_part("message", "feedback-report", fields | {"Original-Mail-From": f"<{sender}>"}))
    return mail.as_bytes()


def answer_of_absence(to: str, quoted: str = "") -> bytes:
    """Return what a mailbox answers whose owner is away (RFC 3834)."""
    mail = EmailMessage()
    mail["Return-Path"] = "<>"
    mail["From"] = "reader@example.net"
    mail["To"] = to
    mail["Subject"] = "Out of office"
    mail["Auto-Submitted"] = "auto-replied (vacation)"
    mail.set_content(f"I am away until Monday. Your message could not be delivered to me.\n{quoted}")
    return mail.as_bytes()


def letter(to: str, subject: str = "unsubscribe") -> bytes:
    """Return what a person writes."""
    mail = EmailMessage()
    mail["From"] = "reader@example.net"
    mail["To"] = to
    mail["Subject"] = subject
    mail.set_content("Please.")
    return mail.as_bytes()


def _part(kind: str, subtype: str, *blocks: dict[str, str]) -> Message:
    part = MIMEBase(kind, subtype)
    part.set_payload([_block(fields) for fields in blocks])
    return part


def _block(fields: dict[str, str]) -> Message:
    block = Message()
    for name, value in fields.items():
        block[name] = value
    return block
