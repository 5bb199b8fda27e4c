"""The whole way: a page is edited, visited, compared and told; the digest lies in a mailbox read by IMAP."""

from email.message import Message
from functools import partial

import pytest

from cli.demo.past import HISTORY
from notifier.bounces.inboxes import open_inbox
from notifier.dkim import DkimKey
from notifier.holding import Caution
from notifier.mail import SmtpPost
from notifier.terms import Terms
from schedules.jobs import Mailroom, deliver, receive
from schedules.present import Present
from store.database import Database
from store.digest_runs import Run, RunState, runs
from store.ledger import entries
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.bounce_samples import PATHS
from tests.hostile import serving
from tests.mail_laboratory.laboratory import Laboratory, waited
from tests.mail_laboratory.recipes import SMTP_PORT
from tests.mail_laboratory.samples import sender
from tests.test_jobs import checked, html, watching

pytestmark = pytest.mark.mail

READER, CANARY = "partner@example.net", "canary@example.net"
CLOCK = Present()


def test_check_40_an_edit_of_the_page_arrives_as_a_digest(
    laboratory: Laboratory, dkim_key: DkimKey, sqlite_db: Database
) -> None:
    """A canary gets the run first, then the reader the same news, signed, with the page's own words."""
    us, caution = sender(dkim_key), Caution(changed_percent=100, removed=100, canary=CANARY)
    with serving({"/": html(HISTORY[0].body())}) as site:
        watched = watching(site, "/")
        checked(sqlite_db, watched, CLOCK)
        with sqlite_db.writing() as session:
            asked = request_subscription(session, READER, "it", Frequency.AT_ONCE, Filters(), CLOCK.now())
            confirm(session, asked.id, CLOCK.now())
        site.replies["/"] = html(HISTORY[3].body())
        checked(sqlite_db, watched, CLOCK)
    with sqlite_db.reading() as session:
        titles = [one.change.project.title for one in entries(session) if one.change.told]
    assert titles

    def arrived(address: str) -> list[Message]:
        with SmtpPost("127.0.0.1", SMTP_PORT, timeout=20) as post:
            deliver(sqlite_db, CLOCK, Mailroom(us, post, caution, Terms(paths=PATHS)), [watched])
        return laboratory.mails(address)

    (ahead,) = waited(lambda: arrived(CANARY), "the canary's digest")
    (digest,) = waited(lambda: arrived(READER), "the reader's digest")
    assert "dkim=pass" in " ".join(map(str, digest.get_all("Authentication-Results", [])))
    assert ahead["Subject"] == digest["Subject"]
    text = next(part for part in digest.walk() if part.get_content_type() == "text/plain")
    words = text.get_payload(decode=True)
    assert isinstance(words, bytes)
    told = " ".join(words.decode().split())
    assert [title for title in titles if (title or "")[:30] not in told] == []


def test_check_40_the_report_on_the_canary_is_waited_for(
    laboratory: Laboratory, dkim_key: DkimKey, sqlite_db: Database
) -> None:
    """Once Postfix has reported a canary's mail as delivered, the next run leaves by its report alone."""
    us, caution = sender(dkim_key), Caution(changed_percent=100, removed=100, canary="bird@example.net")
    inbox = partial(open_inbox, str(laboratory.maildir("bounces@bounce.example.org")))

    def delivered() -> Run:
        with SmtpPost("127.0.0.1", SMTP_PORT, timeout=20) as post:
            mailroom = Mailroom(us, post, caution, Terms(paths=PATHS), inbox)
            receive(sqlite_db, CLOCK, mailroom)
            deliver(sqlite_db, CLOCK, mailroom, [watched])
        with sqlite_db.reading() as session:
            return runs(session)[0]

    def closed() -> bool:
        return delivered().state is RunState.CLOSED

    with serving({"/": html(HISTORY[0].body())}) as site:
        watched = watching(site, "/")
        checked(sqlite_db, watched, CLOCK)
        with sqlite_db.writing() as session:
            asked = request_subscription(session, READER, "it", Frequency.AT_ONCE, Filters(), CLOCK.now())
            confirm(session, asked.id, CLOCK.now())
        site.replies["/"] = html(HISTORY[3].body())
        checked(sqlite_db, watched, CLOCK)
        assert "no archive is set" in str(delivered().note)
        waited(closed, "the first run's reports")
        site.replies["/"] = html(HISTORY[0].body())
        checked(sqlite_db, watched, CLOCK)
    assert delivered().state is RunState.RELEASED
    waited(closed, "the second run's reports")
    assert delivered().note == "the canary's mail was reported as delivered"
