"""A copy of the database put back by other means than ours: known by the mails of which it does not know."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from pathlib import Path

import pytest

from notifier.archive import Maildir
from notifier.bounces.intake import take_in
from scraper.records import ProjectStatus
from store.database import Database, open_database
from store.decisions import Signature
from store.digest_runs import Run, RunState
from store.erasure import erase
from store.restoring import last_restoration
from store.run_decisions import RESTORED, hold_run, reject_run, release_run
from store.subscriptions import Frequency
from tests.bounce_samples import PATHS, block, report
from tests.bounce_world import Pile
from tests.run_world import RunWorld, projects
from tests.sending import claim
from tests.watched_history import days

TWENTY = projects(20)
SHOWN = [
    (replace(TWENTY[0], status=status), *TWENTY[1:]) for status in ProjectStatus if status != TWENTY[0].status
]
READERS = ("ong@example.org", "altra@example.org")


class _Archive(Maildir):
    """An archive that counts how often it is looked into."""

    looks = 0

    def _headers(self, written_after: datetime | None = None) -> Iterator[Message]:
        _Archive.looks += 1
        return super()._headers(written_after)


@dataclass(frozen=True)
class _Late(Maildir):
    """An archive that is so slow to look into that another process meanwhile sends what is due."""

    other: RunWorld

    def later(self, list_archive: str, moment: datetime) -> set[str]:
        deliver(self.other, 1.001)
        return super().later(list_archive, moment)


@pytest.fixture
def archive(tmp_path: Path) -> Maildir:
    """An empty archive."""
    for part in ("new", "cur"):
        (tmp_path / "archive" / part).mkdir(parents=True)
    return Maildir(tmp_path / "archive")


def house(db: Database, archive: Maildir) -> RunWorld:
    """A house with an archive, twenty projects, a reader by the day and one at once."""
    world = RunWorld(db, archive=archive)
    world.seen(TWENTY)
    world.joined(Frequency.DAILY, READERS[0])
    world.joined(Frequency.AT_ONCE, READERS[1])
    world.tick()
    return world


@pytest.fixture
def world(sqlite_db: Database, archive: Maildir) -> RunWorld:
    """That house, in a file that can be copied."""
    return house(sqlite_db, archive)


@contextmanager
def put_back(world: RunWorld, tmp_path: Path) -> Iterator[RunWorld]:
    """Yield the house on a copy of its database, as a snapshot of the machine would bring it back."""
    copy = tmp_path / "snapshot.db"
    with closing(sqlite3.connect(tmp_path / "coopwatch.db")) as present:
        present.execute("VACUUM INTO ?", (str(copy),))
    with ExitStack() as stack:
        db = open_database(f"sqlite:///{copy}")
        stack.callback(db.close)
        yield replace(world, db=db, clock=type(world.clock)(world.clock.at))


def show(world: RunWorld, day: float, number: int) -> None:
    """Let the page show another state on a day, compose, and send all that may leave, with copies."""
    world.clock.at = days(day)
    world.seen(SHOWN[number])
    deliver(world, day)


def deliver(world: RunWorld, day: float) -> list[str]:
    """Compose on that day and send what may leave; its copies lie in the archive."""
    world.tick(days(day))
    taken = world.sent()
    assert world.archive is not None
    for one in world.mails():
        if one.attempts:
            (world.archive.folder / "new" / one.message_id).write_bytes(one.message)
    return taken


def waiting(world: RunWorld) -> list[Run]:
    """Return the runs that wait for staff because of what was put back."""
    return [one for one in world.runs() if one.state is RunState.HELD and RESTORED in one.reasons]


def signed(world: RunWorld) -> Signature:
    """A decision of now."""
    return Signature("Anna", "Guardato", world.clock.now())


def test_check_30_a_copy_put_back_is_known_by_the_archive(world: RunWorld, tmp_path: Path) -> None:
    """Mails that left since then lie in the archive: the first run of each frequency waits, and no other."""
    show(world, 1, 0)
    with put_back(world, tmp_path) as old:
        show(world, 2, 1)
        old.clock.at = days(8)
        old.seen(SHOWN[1])
        assert deliver(old, 8.1) == [] and deliver(old, 8.2) == []
        assert {one.frequency for one in waiting(old)} == {Frequency.DAILY, Frequency.AT_ONCE}
        with old.db.writing() as session:
            for one in waiting(old):
                reject_run(session, one.id, signed(old), told=True)
        assert deliver(old, 8.3) == []
        old.clock.at = days(9)
        old.seen(SHOWN[2])
        assert sorted(deliver(old, 10)) == sorted(READERS)
        assert waiting(old) == []


def test_a_house_whose_database_goes_on_never_waits(db: Database, archive: Maildir) -> None:
    """Neither mails in doubt, nor readers who were erased, nor another house's mails are such a sign."""
    world = house(db, archive)
    show(world, 1, 0)
    world.clock.at = days(2)
    world.seen(SHOWN[1])
    world.tick()
    with db.writing() as session:  # taken by the server, and the sender dies before it can write that down
        taken = claim(session, days(2), days(2.1))
        assert taken is not None
    (archive.folder / "cur" / "1:2,S").write_bytes(taken.message)
    with db.writing() as session:
        assert erase(session, READERS[1], days(2), "asked", None)
    of_others = taken.message.replace(b"coopwatch.example.org/changes", b"test.example.org/changes")
    later = of_others.replace(taken.message_id.encode(), b"<digest.1@x.org>").replace(b"Aug", b"Dec")
    (archive.folder / "new" / "2").write_bytes(later)
    (archive.folder / "new" / "3").write_bytes(b"Subject: no date\r\n\r\n")
    for day, number in ((3, 2), (4, 3), (5, 4)):
        show(world, day, number)
    with db.reading() as session:
        assert last_restoration(session) is None
    assert waiting(world) == []


def test_what_another_process_sends_meanwhile_is_no_sign(world: RunWorld) -> None:
    """Its run began, and its mails left, after this one had looked into the database."""
    other = replace(world)
    world.clock.at = days(1)
    world.seen(SHOWN[0])
    world.archive = _Late(other.archive.folder, other)  # type: ignore[union-attr]
    world.tick()
    assert [one.recipient for one in world.mails()] == [READERS[1]]
    with world.db.reading() as session:
        assert last_restoration(session) is None


def test_what_is_made_anew_has_a_name_of_its_own(world: RunWorld, tmp_path: Path) -> None:
    """Mail programs and the archive take two mails of one Message-ID for one, though numbers begin again."""
    with put_back(world, tmp_path) as old:
        show(world, 1, 0)
        show(old, 1.01, 1)
        (lost,), (new,) = world.mails(), old.mails()
        assert (lost.run_id, lost.recipient) == (new.run_id, new.recipient)
        assert lost.message_id != new.message_id


def test_an_archive_that_cannot_be_read_holds_nothing(world: RunWorld) -> None:
    """It proves nothing; the digests leave."""
    world.archive = Maildir(Path("/nowhere"))
    world.clock.at = days(1)
    world.seen(SHOWN[0])
    world.tick()
    assert world.sent() == [READERS[1]]


def test_a_run_that_left_before_waits_until_staff_have_looked(world: RunWorld, tmp_path: Path) -> None:
    """A copy made while a run was held does not send it again when it is released, before staff know why."""
    world.clock.at = days(1)
    world.seen(SHOWN[0])
    world.tick()
    with world.db.writing() as session:
        hold_run(session, world.runs()[-1].id, signed(world))
    with put_back(world, tmp_path) as old:
        for one in (world, old):
            with one.db.writing() as session:
                release_run(session, one.runs()[-1].id, signed(one))
        assert deliver(world, 1.005) == [READERS[1]]
        assert deliver(old, 1.01) == []
        assert [one.frequency for one in waiting(old)] == [Frequency.AT_ONCE]
        with old.db.writing() as session:
            release_run(session, waiting(old)[0].id, signed(old))
        assert deliver(old, 1.015) == [READERS[1]]


def test_a_run_half_sent_waits_with_its_other_half(world: RunWorld, tmp_path: Path) -> None:
    """A copy made while a run's mails were leaving holds those that left after it."""
    world.joined(Frequency.AT_ONCE, "terza@example.org")
    world.clock.at = days(1)
    world.seen(SHOWN[0])
    world.tick()
    with put_back(world, tmp_path) as old:
        assert len(deliver(world, 1)) == 2
        assert deliver(old, 1.01) == []
        assert len(waiting(old)) == 1


@pytest.mark.parametrize("number", ["waiting", "unknown"])
def test_a_report_about_what_was_never_sent_is_a_sign(db: Database, archive: Maildir, number: str) -> None:
    """A genuine report of a mail that waits here, or has never been, holds the runs; once, not for each."""
    world = house(db, archive)
    world.clock.at = days(1)
    world.seen(SHOWN[0])
    world.tick()
    known = world.mails()[-1].id
    path = str(PATHS.envelope_sender(known if number == "waiting" else known + 50))
    take_in(db, world.clock, Pile(report(path, block(READERS[1], "delivered", "2.0.0"))), PATHS)
    assert world.sent() == [] and len(waiting(world)) == 1
    with db.writing() as session:
        release_run(session, waiting(world)[0].id, signed(world))
    take_in(db, world.clock, Pile(report(path, block(READERS[1], "failed", "5.1.1"))), PATHS)
    world.tick()
    assert world.sent() == [READERS[1]]


def test_a_report_about_somebody_who_was_erased_is_none(db: Database, archive: Maildir) -> None:
    """The log remembers that there was such a mail; no run waits."""
    world = house(db, archive)
    show(world, 1, 0)
    number = world.mails()[-1].id
    with db.writing() as session:
        assert erase(session, READERS[1], days(2), "asked", None)
    path = str(PATHS.envelope_sender(number))
    take_in(db, world.clock, Pile(report(path, block(READERS[1], "failed", "5.1.1"))), PATHS)
    with db.reading() as session:
        assert last_restoration(session) is None


def test_the_archive_is_asked_once_for_each_run(world: RunWorld) -> None:
    """However many mails leave, and however long a run waits."""
    for number in range(40):
        world.joined(Frequency.AT_ONCE, f"r{number}@example.org")
    assert world.archive is not None
    world.archive = _Archive(world.archive.folder)
    before = _Archive.looks
    world.clock.at = days(1)
    world.seen(SHOWN[0])
    world.tick()
    with world.db.writing() as session:
        hold_run(session, world.runs()[-1].id, signed(world))
    world.seen(SHOWN[1])
    for tick in range(5):
        world.tick(days(1 + tick / 1000))
    assert _Archive.looks - before == 1
    with world.db.writing() as session:
        release_run(session, world.runs()[-1].id, signed(world))
    world.tick()
    assert len(world.sent()) == 41 and _Archive.looks - before == 2
