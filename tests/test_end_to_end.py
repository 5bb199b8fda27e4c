"""The whole job once: an edited page becomes a digest in a mailbox, and staff see who was told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from mailbox import Maildir
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from cli.demo.past import HISTORY
from notifier.holding import Caution
from notifier.mail import SmtpPost
from notifier.masking import masked_address, read_mail
from schedules.jobs import Mailroom, check, deliver
from scraper.fetch import Visitor
from scraper.sources import Source, WatchedPage
from store.database import Database
from store.digest_runs import RunState, runs
from store.ledger import entries
from store.staff.accounts import StaffRole
from store.staff.sign_in import begin_attempt, begin_session
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.browsing import browsing, text
from tests.clocks import FakeClock
from tests.hostile import serving, whole
from tests.mailboxes import free_port
from tests.staff_accounts import account_of
from tests.staffed_house import SENDER, Member
from tests.visiting import AGENT, source
from web.app import create_app

READER, CANARY = "ong@example.org", "canarino@example.org"
HTML = "Content-Type: text/html; charset=utf-8"


@contextmanager
def maildir(folder: Path) -> Iterator[int]:
    """Run a mail server that puts what it takes into a maildir; yield its port."""
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def visited(db: Database, watched: Source, clock: FakeClock) -> None:
    """Visit the page once."""
    list(check(db, [watched], lambda one: Visitor(one, clock, AGENT), clock))


def signed_in(db: Database, clock: FakeClock, member: Member) -> Member:
    """Give somebody who may look at everything a session."""
    account_of(db, clock, StaffRole.AUDITOR)
    with db.writing() as session:
        attempt = begin_attempt(session, StaffRole.AUDITOR, "127.0.0.1", clock.now())
        assert attempt is not None
        token = begin_session(session, attempt, clock.now())
    assert token is not None
    return replace(member, token=token)


def test_check_40_from_the_edited_page_to_the_mailbox_and_the_staff_s_answer(
    db: Database, tmp_path: Path
) -> None:
    """Page edit, crawl, digest in a maildir with the right text, the canary first; then who was told what."""
    clock = FakeClock(HISTORY[0].at)
    with serving({"/": whole(HISTORY[0].body(), HTML)}) as site, maildir(tmp_path / "mail") as port:
        page = WatchedPage(address=site.url("/"))
        watched = source(publisher="Città metropolitana di Torino", pages=(page,), deadline=5.0)
        visited(db, watched, clock)
        with db.writing() as session:
            asked = request_subscription(session, READER, "it", Frequency.DAILY, Filters(), clock.now())
            confirm(session, asked.id, clock.now())
        clock.at = HISTORY[3].at
        site.replies["/"] = whole(HISTORY[3].body(), HTML)
        visited(db, watched, clock)
        clock.advance(24 * 3600)
        with SmtpPost("127.0.0.1", port, timeout=5) as post:
            mailroom = Mailroom(SENDER, post, Caution(canary=CANARY))
            sent = deliver(db, clock, mailroom, [watched])
            deliver(db, clock, mailroom, [watched])
    assert sent.accepted == 2
    arrived = [bytes(message) for message in Maildir(tmp_path / "mail")]
    assert len(arrived) == 2
    to_reader = next(raw for raw in arrived if ("To", READER) in read_mail(raw).headers)
    words = " ".join(read_mail(to_reader).parts[0].text.split())
    with db.reading() as session:
        told = [one for one in entries(session) if one.change.told]
        closed = [one for one in runs(session, RunState.CLOSED) if one.frequency == Frequency.DAILY]
    assert told and all((one.change.title or "") in words for one in told if one.change.title)
    assert len(closed) == 1
    with browsing(create_app(db, clock, SENDER, [watched])) as client:
        member = signed_in(db, clock, Member(client))
        answer = text(member.get(f"/staff/changes/{told[0].pub_seq}"))
        assert all(masked_address(one) in answer for one in (READER, CANARY))
        assert "accettato dal server" in answer and "250" in answer
        page_of = text(member.get(f"/staff/runs/{closed[0].id}"))
        assert "conclusa" in page_of
