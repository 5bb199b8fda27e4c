"""What comes back through real servers: taken in by IMAP and from a maildir, and what follows from it."""

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from notifier.alerts import owe_alerts
from notifier.bounces.inboxes import OpenInbox, open_inbox
from notifier.bounces.intake import take_in
from notifier.deliver import send
from notifier.mail import SmtpPost
from notifier.message import Sender, message_id
from notifier.terms import Terms
from schedules.present import Present
from store.database import Database
from store.deliveries import Delivery, DeliveryKind, DeliveryState, delivery, owe
from store.kinds import IncomingKind, Refusal
from store.subscriptions import (
    Filters,
    Frequency,
    SubscriptionState,
    confirm,
    request_subscription,
    subscription,
)
from tests.bounce_samples import PATHS, answer_of_absence, block, letter, report
from tests.incoming_mail import incoming_counts
from tests.mail_laboratory.laboratory import Laboratory, waited
from tests.mail_laboratory.recipes import IMAP_PORT, PASSWORD, SMTP_PORT
from tests.watched_history import days

pytestmark = pytest.mark.mail

BOX = "bounces@bounce.example.org"
BY_IMAP = f"imap://{BOX.replace('@', '%40')}@127.0.0.1:{IMAP_PORT}/INBOX"
STAFF = Sender(
    "coopwatch@example.org", "coopwatch", "https://coopwatch.example.org", alerts_to=("s@example.org",)
)
CLOCK = Present()


@dataclass(frozen=True)
class Returning:
    """A database whose mails go out through Postfix and whose bounces are taken in."""

    db: Database
    inbox: OpenInbox

    def owed(self, recipient: str) -> tuple[int, int]:
        """Sign somebody up and owe a digest; return the numbers of subscription and delivery."""
        now = CLOCK.now()
        identifier = message_id("digest", f"{recipient} {now.isoformat()}", "example.org")
        head = f"From: coopwatch@example.org\r\nTo: {recipient}\r\nMessage-ID: {identifier}\r\n"
        with self.db.writing() as session:
            asked = request_subscription(session, recipient, "it", Frequency.DAILY, Filters(), now)
            confirm(session, asked.id, now)
            number = owe(
                session,
                kind=DeliveryKind.DIGEST,
                recipient=recipient,
                message_id=identifier,
                message=f"{head}Subject: Novita'\r\n\r\nCiao.\r\n".encode(),
                at=now,
                subscription_id=asked.id,
                cutoff=1,
            )
        assert number is not None
        return asked.id, number

    def sent(self) -> None:
        """Send what is owed through Postfix."""
        with SmtpPost("127.0.0.1", SMTP_PORT, timeout=20) as post:
            send(self.db, CLOCK, post, Terms(paths=PATHS))

    def looked(self) -> bool:
        """Take in what came back."""
        with self.inbox() as inbox:
            take_in(self.db, CLOCK, inbox, PATHS)
        return True

    def delivery(self, number: int) -> Delivery:
        """Return a delivery as it stands."""
        with self.db.reading() as session:
            return delivery(session, number)

    def settled(self, number: int, state: DeliveryState, refusal: Refusal | None = None) -> bool:
        """Look again, and say whether a delivery has come to that."""
        self.looked()
        found = self.delivery(number)
        return (found.state, found.refusal) == (state, refusal)

    def state(self, number: int) -> SubscriptionState:
        """Return how a subscription stands."""
        with self.db.reading() as session:
            return subscription(session, number).state

    def count(self, kind: IncomingKind) -> int:
        """Return how many mails of that kind were taken in."""
        with self.db.reading() as session:
            return incoming_counts(session, days(0)).get(kind, 0)


@pytest.fixture(params=["imap", "maildir"])
def returning(
    request: pytest.FixtureRequest, laboratory: Laboratory, sqlite_db: Database
) -> Iterator[Returning]:
    """The same mailbox, read in both ways, empty to begin with."""
    place = BY_IMAP if request.param == "imap" else str(laboratory.maildir(BOX))
    emptied(laboratory)
    yield Returning(sqlite_db, partial(open_inbox, place, PASSWORD))


def emptied(laboratory: Laboratory) -> None:
    """Empty the mailbox for bounces of what other tests left."""
    with smtplib.SMTP("127.0.0.1", SMTP_PORT) as smtp:  # so that there is one
        smtp.sendmail("x@example.net", [BOX], b"Subject: hello\r\n\r\n")
    waited(lambda: laboratory.mails(BOX), "the mailbox")
    for part in ("new", "cur"):
        for file in (laboratory.maildir(BOX) / part).iterdir():
            file.unlink()


def handed(sender: str, recipient: str, message: bytes) -> None:
    """Hand a mail to Postfix as somebody else would."""
    with smtplib.SMTP("127.0.0.1", SMTP_PORT) as smtp:
        smtp.sendmail(sender, [recipient], message)


def test_check_36_only_a_dead_address_counts_against_its_reader(returning: Returning) -> None:
    """Dead, full, refused by policy, delivered, refused at once; a forgery is ignored, staff are paged."""
    recipients = {
        "gone@refusing.example": (DeliveryState.BOUNCED, Refusal.ADDRESS),
        "full@refusing.example": (DeliveryState.BOUNCED, Refusal.SOFT),
        "policy@refusing.example": (DeliveryState.BOUNCED, Refusal.OURS),
        "reader@example.net": (DeliveryState.DELIVERED, None),
        "nobody@nowhere.example": (DeliveryState.REJECTED, Refusal.ADDRESS),
    }
    owed = {recipient: returning.owed(recipient)[1] for recipient in recipients}
    returning.sent()
    for recipient, (state, refusal) in recipients.items():
        assert waited(partial(returning.settled, owed[recipient], state, refusal), recipient)

    arrived = owed["reader@example.net"]
    forged = str(PATHS.envelope_sender(arrived + 1000)).replace(f"v1.{arrived + 1000}.", f"v1.{arrived}.")
    handed("", forged, report(forged, block("reader@example.net", "failed", "5.1.1")))
    assert waited(lambda: returning.looked() and returning.count(IncomingKind.FORGED), "the forged report")
    assert returning.delivery(arrived).state is DeliveryState.DELIVERED

    against = [name for name, number in owed.items() if returning.delivery(number).refusal is Refusal.ADDRESS]
    assert sorted(against) == ["gone@refusing.example", "nobody@nowhere.example"]
    assert owe_alerts(returning.db, CLOCK, STAFF) == 1


QMAIL = """\
From: MAILER-DAEMON@old.example.net
Subject: failure notice

Hi. This is the qmail-send program at old.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

"""


def test_check_36_a_bounce_in_no_standard_form_is_only_a_guess(returning: Returning) -> None:
    """It weighs softly unless it states a code; where it names nobody it is counted, and nothing follows."""
    said = {
        "guessed@example.net": ("<guessed@example.net>:\nSorry, it was refused.\n", Refusal.SOFT),
        "stated@example.net": ("<stated@example.net>:\nNo mailbox by that name. (#5.1.1)\n", Refusal.ADDRESS),
        "vague@example.net": ("It did not arrive.\n", None),
    }
    owed = {recipient: returning.owed(recipient) for recipient in said}
    returning.sent()
    for _, number in owed.values():
        assert waited(partial(returning.settled, number, DeliveryState.DELIVERED), "the reports")
    for recipient, (words, _) in said.items():
        path = str(PATHS.envelope_sender(owed[recipient][1]))
        handed("", path, f"{QMAIL}{words}".replace("\n", "\r\n").encode())
    assert waited(lambda: returning.looked() and returning.count(IncomingKind.AUTOMATIC), "the vague one")
    for recipient, (_, refusal) in said.items():
        state = DeliveryState.DELIVERED if refusal is None else DeliveryState.BOUNCED
        subscription_number, number = owed[recipient]
        assert waited(partial(returning.settled, number, state, refusal), recipient)
        assert returning.state(subscription_number) is SubscriptionState.ACTIVE
    assert owe_alerts(returning.db, CLOCK, STAFF) == 0


def test_check_23_a_mail_to_the_leave_address_unsubscribes(returning: Returning) -> None:
    """It works from a real server; answers of absence neither end anything nor draw an answer."""
    number, _ = returning.owed("leaver@example.net")
    leave = str(PATHS.leave_address(number))
    handed("", leave, answer_of_absence(leave))
    assert waited(
        lambda: returning.looked() and returning.count(IncomingKind.AUTOMATIC), "the answer of absence"
    )
    assert returning.state(number) is SubscriptionState.ACTIVE

    handed("leaver@example.net", leave, letter(leave))
    assert waited(
        lambda: returning.looked() and returning.state(number) is SubscriptionState.ENDED, "the wish to leave"
    )
