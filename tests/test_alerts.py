"""Alerts to staff: outages when they begin and end, doubtful pairs, holds that wait; never to subscribers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from notifier.alerts import owe_alerts
from notifier.compose import compose
from notifier.deliver import send
from notifier.mail import SmtpPost
from notifier.message import Sender
from settings import load_settings
from store.database import Database
from store.deliveries import DeliveryKind, deliveries
from store.pages import pages
from store.reviews import Signature, open_reviews, reject, release
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.clocks import FakeClock
from tests.commands import coopwatch
from tests.mailboxes import Mailbox, serving
from tests.test_reviews import DOUBTFUL, NEW, TORN
from tests.watched_history import ADDRESS, BLEU, FIRST, PLASTIC, days, enrolled, failed, visited

STAFF = ("ada@example.org", "bruno@example.org")
SENDER = Sender(
    "watch@example.org", "coopwatch", "http://127.0.0.1:8000", alerts_to=STAFF[:1], alerts_language="en"
)


class Watch:
    """A page under watch, whose staff are told after every visit."""

    def __init__(self, db: Database, sender: Sender = SENDER) -> None:
        self.db = db
        self.sender = sender
        self.clock = FakeClock(days(0))
        with db.writing() as session:
            self.page = enrolled(session)

    def sees(self, found: object, day: float) -> list[str]:
        """Visit on that day (None: maintenance, "down": no answer); return the subjects that staff get."""
        self.clock.at = days(day)
        with self.db.writing() as session:
            if found == "down":
                failed(session, self.page, self.clock.now())
            else:
                visited(session, self.page, self.clock.now(), found)  # type: ignore[arg-type]
        return self.told()

    def told(self) -> list[str]:
        """The subjects of the alerts that are owed now and were not before."""
        before = len(mails(self.db))
        count = owe_alerts(self.db, self.clock, self.sender)
        fresh = mails(self.db)[before:]
        assert len(fresh) == count
        return [str(mail["Subject"]) for mail in fresh]


def mails(db: Database) -> list[EmailMessage]:
    """Every alert so far, oldest first."""
    with db.reading() as session:
        found = deliveries(session, kind=DeliveryKind.ALERT)
    return [message_from_bytes(one.message, policy=policy.default) for one in reversed(found)]


def text_of(mail: EmailMessage) -> str:
    """What a reader sees."""
    return "\n".join(mail.get_content().splitlines()) + "\n"


@pytest.fixture
def watch(db: Database) -> Watch:
    """A page that was well on its first day."""
    watch = Watch(db)
    assert watch.sees(FIRST, 0) == []
    return watch


def test_an_outage_is_told_when_it_begins_and_when_it_ends(watch: Watch) -> None:
    """However many visits it lasts, whatever they come to, and however often the job runs."""
    (began,) = watch.sees("down", 1)
    assert "the page cannot be believed" in began
    assert watch.told() == []
    assert watch.sees("down", 1.2) == []
    assert watch.sees(None, 1.4) == []
    (ended,) = watch.sees(FIRST, 1.6)
    assert "well again" in ended
    assert watch.sees(FIRST, 1.8) == []
    assert len(watch.sees("down", 2)) == 1


def test_the_mail_says_which_page_since_when_and_why(watch: Watch) -> None:
    """As plain text, to the staff's address, with the command that shows the held answer."""
    watch.sees(None, 1)
    (mail,) = mails(watch.db)
    text = text_of(mail)
    assert (mail["To"], mail.get_content_type()) == (STAFF[0], "text/plain")
    assert "21 August 2018, 06:30 (Rome)" in text
    assert f"    {ADDRESS}\n" in text
    assert "  - the page says that it is under maintenance\n" in text
    assert "coopwatch review show 1\n" in text
    assert "http://127.0.0.1:8000/pages/1" in text


def test_italian_is_spoken_where_it_is_set(db: Database) -> None:
    """The default language of alerts."""
    watch = Watch(db, replace(SENDER, alerts_language="it"))
    watch.sees(FIRST, 0)
    (began,) = watch.sees("down", 1)
    assert began.endswith("la pagina non è attendibile")
    assert "Dal 21 agosto 2018, 06:30 (ora di Roma)" in text_of(mails(db)[0])


def test_a_doubtful_pair_is_asked_about_once(db: Database) -> None:
    """Both titles and the grounds are there; the next visit, which asks again, sends nothing."""
    watch = Watch(db)
    watch.sees(DOUBTFUL, 0)
    (asked,) = watch.sees((NEW, PLASTIC, BLEU), 1)
    assert asked == f"coopwatch: one project or two? {NEW.title}"
    assert watch.sees((NEW, BLEU, PLASTIC), 2) == []
    text = text_of(mails(db)[0])
    assert f"known (torino/1): {DOUBTFUL[0].title}" in text
    assert f"found: {NEW.title}" in text
    assert "  - phase 2 is stated on one side only" in text


def test_grounds_of_doubt_are_told_in_italian(db: Database) -> None:
    """Whoever is written to in Italian reads in Italian why a pair is doubtful."""
    watch = Watch(db, replace(SENDER, alerts_language="it"))
    watch.sees(DOUBTFUL, 0)
    watch.sees((NEW, PLASTIC, BLEU), 1)
    assert "  - la fase 2 è indicata da una parte sola\n" in text_of(mails(db)[0])


def test_a_hold_of_three_days_is_reminded_of_every_morning(watch: Watch) -> None:
    """From the first 07:00 in Rome after three days on, once a day, until it is decided."""
    watch.sees(TORN, 1)
    assert watch.sees(TORN, 3.9) == []
    (first,) = watch.sees(TORN, 4.5)
    assert first == "coopwatch: 1 held page waits for a decision"
    assert "3 days ago" in text_of(mails(watch.db)[-1])
    assert watch.sees(TORN, 4.6) == []
    assert len(watch.sees(TORN, 5.5)) == 1
    with watch.db.writing() as session:
        reject(session, open_reviews(session)[0].id, Signature("ada", "torn", watch.clock.now()))
    watch.clock.at = days(6.5)
    assert watch.told() == []


def test_a_released_hold_ends_the_outage(watch: Watch) -> None:
    """Once somebody believes the answer the page is well, though nobody visited it."""
    watch.sees(TORN, 1)
    with watch.db.writing() as session:
        watch.clock.advance(3600)
        release(session, open_reviews(session)[0].id, Signature("ada", "so it is", watch.clock.now()))
    (ended,) = watch.told()
    assert "well again" in ended


def test_everybody_on_the_list_is_told(db: Database) -> None:
    """One mail each, and none where nobody is listed."""
    watch = Watch(db, replace(SENDER, alerts_to=STAFF))
    watch.sees(FIRST, 0)
    assert len(watch.sees("down", 1)) == 2
    assert [mail["To"] for mail in mails(db)] == list(STAFF)
    watch.sender = replace(SENDER, alerts_to=())
    assert watch.sees(FIRST, 2) == []


def test_old_outages_are_no_news(watch: Watch) -> None:
    """Whoever sets the list after months is not flooded with what long ended."""
    watch.sender = replace(SENDER, alerts_to=())
    watch.sees("down", 1)
    watch.sees(FIRST, 2)
    watch.sender = SENDER
    assert watch.sees(FIRST, 20) == []


@pytest.fixture
def post() -> Iterator[tuple[SmtpPost, Mailbox]]:
    """A mail server, and what arrived there."""
    mailbox = Mailbox()
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        yield post, mailbox


def test_subscribers_never_get_an_alert(sqlite_db: Database, post: tuple[SmtpPost, Mailbox]) -> None:
    """An outage, a pair and a reminder reach staff alone, over a real mail server."""
    server, mailbox = post
    watch = Watch(sqlite_db)
    watch.sees(DOUBTFUL, 0)
    with sqlite_db.writing() as session:
        wish = ("reader@example.org", "en", Frequency.AT_ONCE, Filters(), watch.clock.now())
        confirm(session, request_subscription(session, *wish).id, watch.clock.now())
    watch.sees((NEW, PLASTIC, BLEU), 1)
    watch.sees("down", 2)
    watch.sees((NEW,), 3)
    watch.clock.at = days(6) + timedelta(hours=6)
    assert len(watch.told()) == 1
    compose(sqlite_db, watch.clock, SENDER)
    send(sqlite_db, watch.clock, server)
    assert [recipient for recipient, _ in mailbox.messages] == [STAFF[0]] * 3
    with sqlite_db.reading() as session:
        assert pages(session)[0].last_decision == "held"


@pytest.mark.parametrize("written", ["'ada@example.org, bruno@example.org'", str(list(STAFF))])
def test_the_list_is_a_setting(tmp_path: Path, written: str) -> None:
    """In the file as a list, or in one line."""
    (tmp_path / "coopwatch.toml").write_text(f"alerts_to = {written}\n", "utf-8")
    assert load_settings(tmp_path).alerts_to == STAFF


def test_the_environment_names_the_list_in_one_line(tmp_path: Path) -> None:
    """With commas between the addresses; what is none is refused by its place."""
    looked = coopwatch("doctor", "--data", tmp_path, env={"COOPWATCH_ALERTS_TO": "ada@example.org, bruno"})
    assert "alerts_to 2 (COOPWATCH_ALERTS_TO) must be an e-mail address" in looked.stderr
    looked = coopwatch("doctor", "--data", tmp_path, env={"COOPWATCH_ALERTS_TO": ",".join(STAFF)})
    assert "alerts_to" not in looked.stderr
