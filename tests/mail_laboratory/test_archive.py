"""The archive on a real IMAP server: which copies are there, and which are dated after a moment."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest

from notifier.archive import Archive, archive_at
from notifier.links import Links
from notifier.message import Sender
from notifier.render import plain_letter
from notifier.stencil import list_archive, printed, stencil
from notifier.words import words
from tests.mail_laboratory.laboratory import Laboratory, waited
from tests.mail_laboratory.recipes import IMAP_PORT, PASSWORD, SMTP_PORT

pytestmark = pytest.mark.mail

BOX = "copies@example.net"
US = Sender("coopwatch@example.org", "coopwatch", "https://coopwatch.example.org")
TEST = Sender("coopwatch@example.org", "coopwatch", "https://test.example.org")
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def copied(sender: Sender, name: str, at: datetime) -> str:
    """Let a mail go to the archive through Postfix, and return its Message-ID."""
    letter = plain_letter("test", words("it"), links=Links(sender.public_url), sender=sender.name)
    identifier = f"<digest.{name}@example.org>"
    mail = printed(
        stencil(letter, sender), recipient="x@example.net", identifier=identifier, at=at, token="t"
    )
    with smtplib.SMTP("127.0.0.1", SMTP_PORT) as smtp:
        smtp.sendmail(sender.address, [BOX], mail)
    return identifier


@pytest.fixture(params=["imap", "maildir"])
def archive(request: pytest.FixtureRequest, laboratory: Laboratory) -> Archive:
    """The same mailbox, looked at in both ways."""
    if request.param == "maildir":
        return archive_at(str(laboratory.maildir(BOX)), "")
    return archive_at(f"imap://{BOX.replace('@', '%40')}@127.0.0.1:{IMAP_PORT}/INBOX", PASSWORD)


def test_only_our_own_later_copies_are_told(laboratory: Laboratory, archive: Archive) -> None:
    """The second counts, not the day alone; another installation's mails are not ours."""
    name = type(archive).__name__.lower()
    before = copied(US, f"{name}1", NOON)
    same_day = copied(US, f"{name}2", NOON + timedelta(seconds=1))
    days_later = copied(US, f"{name}3", NOON + timedelta(days=40))
    of_others = copied(TEST, f"{name}4", NOON + timedelta(days=1))
    sent = {before, same_day, days_later, of_others}
    waited(lambda: len(sent & {str(one["Message-ID"]) for one in laboratory.mails(BOX)}) == 4, "the copies")

    assert archive.held({*sent, "<digest.never@example.org>"}) == sent
    assert archive.later(list_archive(US), NOON) & sent == {same_day, days_later}
    assert archive.later(list_archive(US), NOON + timedelta(days=40)) == set()
