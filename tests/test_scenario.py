"""The history of 22 visits through the real pipeline: five changes reach the inbox, and nothing else."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from notifier.mail import SmtpPost
from notifier.message import Sender
from schedules.jobs import Mailroom, Visited, check, deliver
from scraper.errors import MailError
from scraper.fetch import Visitor
from scraper.sources import Source, WatchedPage
from store.database import Database, open_database
from store.deliveries import deliveries
from store.ledger import LedgerEntry, entries
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.clocks import FakeClock
from tests.hostile import Reply, Site, serving, whole
from tests.mailboxes import Mailbox, free_port
from tests.mailboxes import serving as serving_mailbox
from tests.scenario_pages import (
    MAINTENANCE,
    SEVENTH,
    SIX,
    STEPS,
    Entry,
    Layout,
    cards,
    lean_cards,
    lists_in_cells,
    page,
    rows,
)
from tests.visiting import AGENT, source

READER, STAFF = "reader@example.org", "staff@example.org"
SENDER = Sender(
    "watch@example.org",
    "coopwatch",
    "http://127.0.0.1:8000",
    alerts_to=(STAFF,),
    alerts_language="en",
)
MAIL_IS_DOWN = 21
CORRECTED = "Acqua pulita per il distretto di Ngozi"


@dataclass(frozen=True, slots=True)
class Heard:
    """What one run of the history left: verdicts, ledger, the mails of reader and staff by step."""

    decisions: list[str]
    published: tuple[LedgerEntry, ...]
    mails: dict[int, list[str]]
    alerts: dict[int, list[str]]
    deliveries: int


def history(table: Layout, redesign: Layout) -> Iterator[Reply]:
    """Yield what the site answers at each of the 22 visits."""
    corrected = (replace(SIX[0], title=CORRECTED), *SIX[1:])
    seven = (*corrected[:3], SEVENTH, *corrected[3:])
    funded = (*seven[:2], replace(seven[2], programme="Regione Piemonte"), *seven[3:])
    retyped = tuple(map(_retyped, seven))
    fewer = tuple(entry for entry in seven if entry.label != "pamir")
    shown: list[tuple[Entry, ...] | Reply] = [SIX, SIX, SIX[::-1], SIX, corrected, seven]
    shown += [_html(MAINTENANCE), seven, _html(b""), seven, _unavailable(), seven]
    shown += [(), seven, _html(page(redesign(seven), 15)), seven]
    shown += [funded, seven, retyped, seven, fewer, fewer]
    assert len(shown) == STEPS
    for visit, what in enumerate(shown, start=1):
        yield _html(page(table(what), visit)) if isinstance(what, tuple) else what


def _retyped(entry: Entry) -> Entry:
    """Return the same facts as another editor types them: NBSP, curly quotes, a space less."""
    title = entry.title.replace("Citta' costiere", "Citta’costiere").replace(" di ", "\u00a0di ", 1)
    return replace(entry, title=title, programme=entry.programme.replace("'", "’"))


def _html(body: bytes) -> Reply:
    return whole(body, "Content-Type: text/html; charset=utf-8")


def _unavailable() -> Reply:
    return whole(b"<h1>503</h1>", "Content-Type: text/html", status="503 Service Unavailable")


def subscribe_one_reader(db: Database, clock: FakeClock) -> None:
    """Let one reader be subscribed to every change, at once."""
    with db.writing() as session:
        wish = (READER, "en", Frequency.AT_ONCE, Filters(), clock.now())
        confirm(session, request_subscription(session, *wish).id, clock.now())


def run(db: Database, table: Layout, redesign: Layout) -> Heard:
    """Visit every step, deliver after each, the mail server being down at one."""
    clock, mailbox, port = FakeClock(), Mailbox(), free_port()
    decisions: list[str] = []
    mails: dict[int, list[str]] = defaultdict(list)
    alerts: dict[int, list[str]] = defaultdict(list)
    subscribe_one_reader(db, clock)
    with serving({}) as site:
        watched = _watching(site)
        for step, reply in enumerate(history(table, redesign), start=1):
            site.replies["/progetti"] = reply
            (visited,) = check(db, [watched], lambda source: Visitor(source, clock, AGENT), clock)
            assert isinstance(visited, Visited)
            decisions.append(str(visited.outcome.verdict.decision))
            before = len(mailbox.messages)
            _deliver(db, clock, mailbox, port, down=step == MAIL_IS_DOWN)
            for recipient, raw in mailbox.messages[before:]:
                {READER: mails, STAFF: alerts}[recipient][step].append(_text(raw))
            clock.advance(24 * 3600)
    with db.reading() as session:
        return Heard(decisions, entries(session), mails, alerts, len(deliveries(session)))


def _watching(site: Site) -> Source:
    return source(pages=(WatchedPage(address=site.url("/progetti")),))


def _deliver(db: Database, clock: FakeClock, mailbox: Mailbox, port: int, down: bool) -> None:
    with SmtpPost("127.0.0.1", port, timeout=5) as post:
        if down:
            with pytest.raises(MailError):
                deliver(db, clock, Mailroom(SENDER, post))
        else:
            with serving_mailbox(mailbox, port):
                deliver(db, clock, Mailroom(SENDER, post))


def _text(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


@pytest.fixture(scope="module", params=[(rows, cards), (lists_in_cells, lean_cards)], ids=["rows", "lists"])
def heard(
    request: pytest.FixtureRequest, empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Heard:
    """The history, visited once for each way in which the page may be laid out before its redesign."""
    file = shutil.copy(empty_sqlite, tmp_path_factory.mktemp("scenario") / "coopwatch.db")
    db = open_database(f"sqlite:///{file}")
    try:
        return run(db, *request.param)
    finally:
        db.close()


def test_the_five_changes_and_nothing_else_are_published(heard: Heard) -> None:
    """Each is one record with its project, field, before and after; the other 17 visits publish nothing."""
    found = [
        (entry.capture_id, change.kind.value, change.title, change.field, change.before, change.after)
        for entry in heard.published
        for change in [entry.change]
    ]
    terre, ato3 = SIX[2].title, (SIX[2].programme,)
    assert found == [
        (5, "retitled", CORRECTED, "title", SIX[0].title, CORRECTED),
        (6, "added", SEVENTH.title, None, None, None),
        (17, "changed", terre, "programmes", ato3, ("Regione Piemonte",)),
        (18, "changed", terre, "programmes", ("Regione Piemonte",), ato3),
        (21, "removed", SIX[3].title, None, None, None),
    ]
    assert all(entry.change.told for entry in heard.published)


def test_the_reader_gets_one_mail_for_each_change(heard: Heard) -> None:
    """Each mail is about one project and says before and after; the one that found no server comes later."""
    ato3 = SIX[2].programme
    said = {
        5: f"Title Before: {SIX[0].title} After: {CORRECTED}",
        6: f"[New project] {SEVENTH.title}: new project",
        17: f"Funding programmes Before: {ato3} After: Regione Piemonte",
        18: f"Funding programmes Before: Regione Piemonte After: {ato3}",
        22: f"[No longer on the page] {SIX[3].title}",
    }
    assert heard.mails.keys() == said.keys()
    for step, (text,) in heard.mails.items():
        assert text.startswith("1 project with news"), step
        assert said[step] in text
        assert (text.count("Before:"), text.count("Why we say so:")) == (int(step in {5, 17, 18}), 1)
    assert heard.deliveries == len(said) + len(heard.alerts)


def test_only_answers_that_are_not_the_page_are_disbelieved(heard: Heard) -> None:
    """Maintenance, an empty body and a table without rows are held, HTTP 503 has failed, all else stands."""
    steps = enumerate(heard.decisions, start=1)
    doubted = {step: decision for step, decision in steps if decision in {"held", "failed"}}
    assert doubted == {7: "held", 9: "held", 11: "failed", 13: "held"}
    assert [heard.decisions[step - 1] for step in (2, 8, 10, 12, 14, 22)] == ["unchanged"] * 6


def test_staff_are_told_of_each_outage_when_it_begins_and_ends(heard: Heard) -> None:
    """Four outages of one visit each make eight mails, and nothing else does."""
    assert {step: len(texts) for step, texts in heard.alerts.items()} == dict.fromkeys(range(7, 15), 1)
    told = ["believed again" in text for texts in heard.alerts.values() for text in texts]
    assert told == [False, True] * 4
