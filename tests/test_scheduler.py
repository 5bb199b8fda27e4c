"""The ticks: what a cron text means, what is due, and that a stopped scheduler has finished its work."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from notifier.bounces.inboxes import open_inbox
from notifier.mail import SmtpPost
from notifier.message import Sender
from notifier.terms import Terms
from schedules.jobs import Mailroom, check, enrol_sources, receive
from schedules.present import Present
from schedules.rounds import sharing_hosts
from schedules.scheduler import Duty, mark_scheduled, running_schedule
from schedules.slots import slot_passed, slots
from scraper.errors import SettingsError, SourceError
from scraper.fetch import Visitor
from scraper.sources import Source, WatchedPage
from store.database import Database
from store.deliveries import DeliveryState
from store.pages import due_pages, pages
from tests.bounce_samples import PATHS, block, report
from tests.bounce_world import READER, bounce_world
from tests.clocks import FakeClock
from tests.hostile import Reply, Site, serving, whole
from tests.visiting import AGENT, source
from tests.watched_history import days

ROME = ZoneInfo("Europe/Rome")
MOMENT = timedelta(seconds=0.1)
SENDER = Sender("watch@example.org", "coopwatch", "http://127.0.0.1:8000")


def watching(site: Site, *paths: str, **settings: object) -> Source:
    """Return a source that watches these paths of a site."""
    watched = tuple(WatchedPage(address=site.url(path)) for path in paths)
    return source(pages=watched, **settings)


def visitor(source: Source) -> Visitor:
    """Open a visitor on the real clock."""
    return Visitor(source, Present(), AGENT)


def nobody() -> SmtpPost:
    """Return the way to a mail server that does not run."""
    return SmtpPost("127.0.0.1", 9, security="none")


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Return whether the condition comes true within so many seconds."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


@pytest.mark.parametrize("weekday", ["1", "0-6", "mon-5", "7", "mon,2", "*/2", "monday", "", "lun"])
def test_days_of_the_week_are_names(weekday: str) -> None:
    """1 is Monday to cron and Tuesday to APScheduler, so a number is refused with a hint."""
    with pytest.raises(SourceError) as error:
        slots(f"30 6 * * {weekday}")
    assert error.value.hint


@pytest.mark.parametrize(
    "schedule", ["", "30 6 * *", "61 6 * * *", "x 6 * * *", "30 6 * * * *", "30 25 * * mon"]
)
def test_a_schedule_that_cannot_be_used_is_named(schedule: str) -> None:
    """The message quotes the text, in one line."""
    with pytest.raises(SourceError, match="schedule") as error:
        slots(schedule)
    assert "\n" not in str(error.value)


def test_a_schedule_is_wall_time_in_rome() -> None:
    """Half past six stays half past six when summer time ends, and Monday is Monday."""
    trigger = slots("30 6 * * MON,wed-thu")
    at = datetime(2026, 10, 22, 12, 0, tzinfo=ROME)
    found = []
    for _ in range(4):
        at = trigger.get_next_fire_time(None, at + timedelta(seconds=1))
        found.append(f"{at:%a %d %H:%M %z}")
    assert found == ["Mon 26 06:30 +0100", "Wed 28 06:30 +0100", "Thu 29 06:30 +0100", "Mon 02 06:30 +0100"]


def test_a_slot_has_passed_when_it_lies_after_the_last_visit() -> None:
    """A visit in the slot's own instant answers it; a slot that was slept through is found."""
    trigger = slots("30 6 * * *")
    slot = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert slot_passed(trigger, slot - second, slot)
    assert not slot_passed(trigger, slot, slot + second)
    assert not slot_passed(trigger, slot - second, slot - timedelta(microseconds=1))
    assert slot_passed(trigger, slot, slot + timedelta(days=3))


def test_pages_become_due_once_per_slot_however_often_it_is_asked(sqlite_db: Database) -> None:
    """The store decides: a slot that was answered is not due again, a missed one is due at once."""
    clock = FakeClock(datetime(2026, 11, 23, 5, 0, tzinfo=UTC))

    def due() -> int:
        with sqlite_db.reading() as session:
            return len(due_pages(session, clock.now()))

    with serving({"/": whole(b"<p>niente</p>")}) as site:
        watched = watching(site, "/", schedule="30 6 * * mon-sun")
        enrol_sources(sqlite_db, [watched], clock)
        assert due() == 1
        list(check(sqlite_db, [watched], lambda s: Visitor(s, clock, AGENT), clock))
        for advance, expected in ((60, 0), (1800, 1), (60, 1)):
            clock.advance(advance)
            mark_scheduled(sqlite_db, watched, clock)
            mark_scheduled(sqlite_db, watched, clock)
            assert due() == expected
        list(check(sqlite_db, [watched], lambda s: Visitor(s, clock, AGENT), clock))
        mark_scheduled(sqlite_db, watched, clock)
        assert due() == 0


def test_a_started_scheduler_visits_what_is_due_and_goes_on_after_faults(
    sqlite_db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """New pages are visited at once; a fault costs a line in the log, and the next look tries again."""
    faults = [SettingsError("no contact is set", "Set one.")]

    def faulty(source: Source) -> Visitor:
        if faults:
            raise faults.pop()
        return visitor(source)

    with serving({"/a": whole(b"<p>a</p>"), "/b": whole(b"<p>b</p>")}) as site:
        watched = watching(site, "/a", "/b")
        with running_schedule(sqlite_db, [watched], faulty, Present(), tick=MOMENT):
            assert eventually(lambda: {"/a", "/b"} <= set(site.paths()))
    assert [record.getMessage() for record in caplog.records if record.name == "coopwatch"] == [
        "no contact is set Set one."
    ]
    with sqlite_db.reading() as session:
        assert [entry.visits for entry in pages(session)] == [1, 1]


def test_a_started_scheduler_takes_in_what_came_back(sqlite_db: Database, tmp_path: Path) -> None:
    """A report in the maildir settles its delivery and is removed; without return paths none is read."""
    world = bounce_world(sqlite_db, days(200))
    number = world.sent(1)
    for part in ("new", "cur", "tmp"):
        (tmp_path / "bounces" / part).mkdir(parents=True)
    mail = tmp_path / "bounces" / "new" / "1.here"
    mail.write_bytes(report(str(PATHS.envelope_sender(number)), block(READER, "failed", "5.1.1")))
    inbox = partial(open_inbox, str(tmp_path / "bounces"))

    def scheduled(terms: Terms) -> AbstractContextManager[None]:
        mailroom = Mailroom(SENDER, nobody(), terms=terms, open_inbox=inbox)
        intake = Duty(partial(receive, sqlite_db, Present(), mailroom), every=MOMENT)
        return running_schedule(sqlite_db, (), visitor, Present(), [intake])

    with scheduled(Terms()):
        time.sleep(0.5)
    assert mail.exists() and world.delivery(number).state is DeliveryState.ACCEPTED
    with scheduled(Terms(paths=PATHS)):
        assert eventually(lambda: not mail.exists())
    assert world.delivery(number).state is DeliveryState.BOUNCED


def test_a_stopping_scheduler_finishes_the_visit_under_way_and_begins_no_other(sqlite_db: Database) -> None:
    """Leaving the block waits until the running visit is recorded; the next page stays due."""
    asked, go_on = threading.Event(), threading.Event()

    def slow(connection: object) -> None:
        asked.set()
        go_on.wait(5)
        whole(b"<p>a</p>")(connection)  # type: ignore[arg-type]

    replies: dict[str, Reply] = {"/a": slow, "/b": whole(b"<p>b</p>")}
    with serving(replies) as site:
        watched = watching(site, "/a", "/b")
        with running_schedule(sqlite_db, [watched], visitor, Present()):
            assert asked.wait(5)
            threading.Timer(0.3, go_on.set).start()
        assert "/b" not in site.paths()
    with sqlite_db.reading() as session:
        assert [entry.visits for entry in pages(session)] == [1, 0]
        assert [entry.address for entry in due_pages(session, Present().now())] == [site.url("/b")]


def waiting_source(name: str, address: str) -> Source:
    """Return a source of that name with one page, on this machine."""
    return source(name=name, pages=(WatchedPage(address=address),), private=("127.0.0.1", "localhost"), gap=0)


@pytest.mark.parametrize(("host", "visited"), [("localhost", True), ("127.0.0.1", False)])
def test_a_slow_publisher_delays_only_those_on_its_host(
    sqlite_db: Database, host: str, visited: bool
) -> None:
    """While one visit waits, pages of other hosts are visited; its own host is never asked twice at once."""
    asked, go_on = threading.Event(), threading.Event()

    def slow(connection: object) -> None:
        asked.set()
        go_on.wait(20)
        whole(b"<p>a</p>")(connection)  # type: ignore[arg-type]

    with serving({"/slow": slow}) as first, serving({"/quick": whole(b"<p>b</p>")}) as second:
        quick = second.url("/quick").replace("127.0.0.1", host)
        watched = [waiting_source("lento", first.url("/slow")), waiting_source("svelto", quick)]
        with running_schedule(sqlite_db, watched, visitor, Present()):
            assert asked.wait(10)
            assert eventually(lambda: "/quick" in second.paths(), 5.0 if visited else 1.0) is visited
            go_on.set()
            assert eventually(lambda: "/quick" in second.paths())


@pytest.mark.parametrize(
    ("hosts", "groups"),
    [
        ({}, []),
        ({"a": "x", "b": "y", "c": "x"}, ["b", "ac"]),
        ({"a": "x", "b": "y", "c": "z", "d": "xz"}, ["b", "acd"]),
    ],
)
def test_sources_that_share_a_host_are_one_round(hosts: dict[str, str], groups: list[str]) -> None:
    """A source with two hosts joins the rounds of both; each source is in one round."""
    watched = [
        source(name=name, pages=tuple(WatchedPage(address=f"https://{host}.example/") for host in on))
        for name, on in hosts.items()
    ]
    assert ["".join(one.name for one in group) for group in sharing_hosts(watched)] == groups


def test_a_wrong_schedule_stops_the_start(sqlite_db: Database) -> None:
    """Nothing runs with half of its schedules."""
    with serving({}) as site:
        wrong = watching(site, "/", schedule="0 6 * * 1")
        with (
            pytest.raises(SourceError),
            running_schedule(sqlite_db, [wrong], visitor, Present()),
        ):
            pass
