"""The demo's whole history through the real pipeline: what is told, and that nothing else is."""

from pathlib import Path

from cli.demo.mailbox import letters, serving_mailbox
from cli.demo.past import HISTORY
from cli.demo.site import serving_replica
from notifier.mail import SmtpPost
from notifier.message import Sender
from schedules.jobs import Mailroom, Visited, check, deliver
from scraper.fetch import Visitor
from scraper.records import ChangeKind
from store.database import Database
from store.ledger import entries
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.clocks import FakeClock
from tests.visiting import AGENT

SENDER = Sender("watch@example.org", "coopwatch", "http://127.0.0.1:8000")


def replay(db: Database, mailbox: Path) -> tuple[list[str], list[list[str]]]:
    """Visit every version as the demo does; return each visit's verdict and the subjects of its mails."""
    clock = FakeClock(HISTORY[0].at)
    decisions, subjects = [], []
    with (
        serving_replica() as replica,
        serving_mailbox(mailbox) as port,
        SmtpPost("127.0.0.1", port, security="none") as post,
    ):
        with db.writing() as session:
            wish = ("reader@example.org", "en", Frequency.AT_ONCE, Filters(), clock.now())
            confirm(session, request_subscription(session, *wish).id, clock.now())
        for version in HISTORY:
            replica.show(version)
            clock.at = version.at
            (visited,) = check(db, [replica.source], lambda source: Visitor(source, clock, AGENT), clock)
            assert isinstance(visited, Visited)
            decisions.append(str(visited.outcome.verdict.decision))
            before = len(letters(mailbox))
            deliver(db, clock, Mailroom(SENDER, post), [replica.source])
            subjects.append([str(letter.message["Subject"]) for letter in letters(mailbox)[before:]])
    return decisions, subjects


def test_the_demo_tells_exactly_what_the_page_really_changed(sqlite_db: Database, tmp_path: Path) -> None:
    """Baseline, noise, maintenance and the redesign tell nothing; two digests hold the seven real changes."""
    decisions, subjects = replay(sqlite_db, tmp_path)
    assert decisions == ["accepted", "unchanged", "held", "accepted", "accepted", "accepted", "unchanged"]
    assert [len(fresh) for fresh in subjects] == [0, 0, 0, 1, 0, 1, 0]
    with sqlite_db.reading() as session:
        published = entries(session)
    told = [(entry.at.year, entry.change) for entry in published if entry.change.told]
    assert [(year, change.kind, (change.title or "")[:5], change.field) for year, change in told] == [
        (2018, ChangeKind.RETITLED, "MC2CM", "title"),
        (2018, ChangeKind.CHANGED, "MC2CM", "area"),
        (2018, ChangeKind.CHANGED, "MC2CM", "programmes"),
        (2018, ChangeKind.CHANGED, "MC2CM", "status"),
        (2018, ChangeKind.CHANGED, "MC2CM", "role"),
        (2018, ChangeKind.ADDED, "RAGAZ", None),
        (2020, ChangeKind.CHANGED, "100% ", "status"),
    ]
    values = {change.field: (change.before, change.after) for _, change in told[:5]}
    assert values["status"] == ("starting", "ongoing")
    assert values["area"] == (None, "AREA MEDITERRANEA")
    assert values["role"] == (None, "stakeholder")
    assert told[5][1].project.role == "lead"
    assert (told[6][1].before, told[6][1].after) == ("ongoing", "concluded")
    quiet = [(entry.change.field, entry.change.before) for entry in published if not entry.change.told]
    assert ("end", "2021-03") in quiet
