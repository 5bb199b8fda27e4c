"""What a mail that came back is: a report, a complaint, a wish to leave, an automatic answer, or neither."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from notifier.bounces.reports import Outcome, envelope_ids, guessed_outcomes, standard_outcomes
from notifier.bounces.return_paths import Mark, Purpose, ReturnPaths
from store.kinds import IncomingKind

_ENVELOPE_FIELDS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Received")
"""Where the address stands to which a mail was sent, the most trustworthy first.

Some servers, Dovecot's LMTP among them, write it in their trace alone (RFC 5321, 4.4: "for").
"""

_SENDER_FIELDS = ("Original-Mail-From", "Return-Path")
"""Where a complaint shows the envelope sender of the message complained about (RFC 5965, 3.2)."""

_DAEMONS = ("mailer-daemon", "postmaster", "mail.delivery", "mdaemon")


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a mail is, and the number of the delivery, or of the subscription to be left, that it is about.

    `number` is None where the mail bears no mark of ours; then nothing follows from it.
    """

    kind: IncomingKind
    number: int | None = None
    outcomes: tuple[Outcome, ...] = ()


def incoming(message: bytes, paths: ReturnPaths) -> Incoming:
    """Return what a mail is. Only a genuine mark ties it to a delivery of ours: all else can be forged."""
    mail = message_from_bytes(message)
    outcomes = standard_outcomes(mail)
    if outcomes:
        return _about(
            IncomingKind.REPORT, _first_mark(paths, (*_addressed(mail), *envelope_ids(mail))), outcomes
        )
    if complaint := _feedback(mail):
        return _about(IncomingKind.COMPLAINT, _first_mark(paths, _complained_of(mail, complaint)))
    if not _answers_itself(mail) and (outcomes := guessed_outcomes(mail)):
        return _about(IncomingKind.REPORT, _first_mark(paths, _addressed(mail)), outcomes)
    if _is_automatic(mail):
        return Incoming(IncomingKind.AUTOMATIC)
    mark = _first_mark(paths, _addressed(mail))
    if mark is not None and mark.purpose is Purpose.LEAVE:
        return _about(IncomingKind.LEAVING, mark)
    return Incoming(IncomingKind.OTHER)


def _about(kind: IncomingKind, mark: Mark | None, outcomes: tuple[Outcome, ...] = ()) -> Incoming:
    wanted = Purpose.LEAVE if kind is IncomingKind.LEAVING else Purpose.BOUNCE
    if mark is None:
        return Incoming(kind, None, outcomes)
    if not mark.genuine or mark.purpose is not wanted:
        return Incoming(IncomingKind.FORGED)
    return Incoming(kind, mark.number, outcomes)


def _first_mark(paths: ReturnPaths, texts: Iterator[str] | tuple[str, ...]) -> Mark | None:
    return next((mark for text in texts if (mark := paths.found(text)) is not None), None)


def _addressed(mail: Message) -> Iterator[str]:
    for name in _ENVELOPE_FIELDS:
        yield from map(str, mail.get_all(name, []))


def _feedback(mail: Message) -> Message | None:
    """Return the fields of a complaint (RFC 5965); that somebody found us to be no spam is none."""
    for part in mail.walk():
        if part.get_content_type() == "message/feedback-report":
            fields = _fields(part)
            kind = str(fields.get("Feedback-Type", "")).strip().lower()
            return None if kind == "not-spam" else fields
    return None


def _fields(part: Message) -> Message:
    payload = part.get_payload()
    if isinstance(payload, list):
        inner = payload[0] if payload else None
        text = inner.as_string() if isinstance(inner, Message) else ""
    else:
        raw = part.get_payload(decode=True)
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return message_from_bytes(text.lstrip().encode())


def _complained_of(mail: Message, fields: Message) -> Iterator[str]:
    enclosed = [part for part in mail.walk() if part is not mail]
    enclosed += [_fields(part) for part in enclosed if part.get_content_type() == "text/rfc822-headers"]
    for one in (fields, *enclosed):
        for name in _SENDER_FIELDS:
            yield from map(str, one.get_all(name, []))


def _is_automatic(mail: Message) -> bool:
    """Say whether nobody wrote this (RFC 3834, 2 and 5): answers of absence, lists, null senders."""
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return (
        submitted != "no"
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or str(mail.get("Return-Path", "")).strip() == "<>"
        or any(name in mail for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
        or _from_daemon(mail)
    )


def _answers_itself(mail: Message) -> bool:
    """Say whether a person's mailbox answered, not a mail server: such words are never a bounce."""
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    return submitted != "no" and not _from_daemon(mail)


def _from_daemon(mail: Message) -> bool:
    address = parseaddr(str(mail.get("From", "")))[1].lower()
    return "@" not in address or address.startswith(_DAEMONS)
