"""Addresses beyond ASCII on their way out: in the right envelope, or refused for themselves alone."""

from aiosmtpd.controller import Controller

from notifier.deliver import Sent, send
from notifier.invitations import owe_confirmation
from notifier.mail import SmtpPost
from notifier.message import Sender
from store.database import Database
from store.deliveries import deliveries
from store.kinds import Refusal
from store.mailboxes import parse_address
from store.subscriptions import Filters, Frequency, request_subscription
from tests.clocks import FakeClock
from tests.mailboxes import Mailbox, free_port

SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")
TYPED = ("perché@example.org", "ong@caffè.example.org", "Ong+lista@example.org")
ENVELOPES = ["perché@example.org", "ong@xn--caff-8oa.example.org", "Ong+lista@example.org"]


def sent_to(db: Database, mailbox: Mailbox, *, knows_unicode: bool) -> Sent:
    """Send a confirmation to each address, to a server that knows SMTPUTF8 or not."""
    clock, port = FakeClock(), free_port()
    with db.writing() as session:
        for typed in TYPED:
            envelope = parse_address(typed).envelope
            reader = request_subscription(session, envelope, "it", Frequency.DAILY, Filters(), clock.now())
            owe_confirmation(session, reader, SENDER, clock.now())
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, enable_SMTPUTF8=knows_unicode)
    controller.start()
    try:
        with SmtpPost("127.0.0.1", port, timeout=5) as post:
            return send(db, clock, post)
    finally:
        controller.stop()


def test_check_24_each_address_has_its_envelope(db: Database) -> None:
    """A server that knows SMTPUTF8 gets the local part as it is written, and domains in ASCII."""
    mailbox = Mailbox()
    assert sent_to(db, mailbox, knows_unicode=True).accepted == 3
    assert sorted(recipient for recipient, _ in mailbox.messages) == sorted(ENVELOPES)
    for recipient, message in mailbox.messages:
        assert f"\r\nTo: {recipient}\r\n".encode() in message


def test_check_24_a_server_without_unicode_refuses_one_row(db: Database) -> None:
    """Only the row that needs it fails, with a plain reason that is not held against its reader."""
    mailbox = Mailbox()
    sent = sent_to(db, mailbox, knows_unicode=False)
    assert (sent.accepted, sent.rejected) == (2, 1)
    assert sorted(recipient for recipient, _ in mailbox.messages) == sorted(ENVELOPES[1:])
    with db.reading() as session:
        (refused,) = [one for one in deliveries(session) if one.state == "rejected"]
    assert refused.recipient == ENVELOPES[0] and refused.refusal is Refusal.OURS
    assert "SMTPUTF8" in str(refused.response)
