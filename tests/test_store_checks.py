"""The doctor on what is kept: size, disk, backup, seal, gaps, reviews; and the alarm of a full disk."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cli.health import Finding
from cli.store_checks import store_findings
from notifier.alerts import owe_alerts
from schedules.jobs import Room, watch_disk
from scraper.records import Project
from settings import Settings, load_settings
from store.backups import Manifest, remember_backup
from store.database import Database, create_database
from store.digest_runs import RunState, begin_run, move
from store.disk_alarms import disk_alarms, watch_room
from store.evidence.seals import seal
from store.sizes import sizes
from store.subscriptions import Frequency
from store.tables import BODY, SNAPSHOT
from tests.clocks import FakeClock
from tests.commands import coopwatch
from tests.evidence_world import SIGNER, mail, visit
from tests.store_visits import day, enrolled, source
from tests.test_alerts import SENDER, Watch, mails, text_of
from tests.test_reviews import TORN
from tests.watched_history import FIRST, days

SOURCES = (source(),)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an SQLite house."""
    return load_settings(tmp_path)


def history(db: Database, length: int, seals_after: tuple[int, ...]) -> None:
    """Record a visit and a mail a day, sealed after some of them."""
    with db.writing() as session:
        page = enrolled(session)
    for number in range(1, length + 1):
        with db.writing() as session:
            visit(session, page, number, {1: Project(title=f"Gambia {number}")})
            mail(session, number)
        if number in seals_after:
            with db.writing() as session:
                seal(session, SIGNER, day(number + 0.5))


def seen(db: Database, settings: Settings, at: float) -> dict[str, Finding]:
    """What the doctor says of the store on that day."""
    with db.reading() as session:
        return {found.of: found for found in store_findings(session, settings, SOURCES, day(at))}


def test_sizes_are_told_by_kind_and_grow_with_the_visits(db: Database) -> None:
    """Contents by kind fit into the whole, and the growth is that of the recorded visits."""
    history(db, 20, (10,))
    with db.reading() as session:
        young = sizes(session, day(5))
        measured = sizes(session, day(30))
        packed = sa.select(sa.func.sum(sa.func.length(BODY.c.packed)))
        readings = BODY.c.sha256.in_(sa.select(SNAPSHOT.c.content_sha256))
        assert measured.kinds["bodies"] == session.execute(packed.where(~readings)).scalar_one()
        assert measured.kinds["readings"] == session.execute(packed.where(readings)).scalar_one()

    assert young.per_year is None
    assert sum(measured.kinds.values()) < measured.total
    assert min(measured.kinds.values()) > 0
    assert measured.per_year == pytest.approx(measured.total * 365 / 29, rel=0.01)


def test_a_backup_is_missed_after_a_week(db: Database, settings: Settings) -> None:
    """None made yet is a warning at first, then a failure; one that is old is a failure again."""
    history(db, 1, (1,))
    settings = settings.model_copy(update={"database": "sqlite:///x"})
    assert seen(db, settings, 2)["backup"].state == "warning"
    assert seen(db, settings, 9)["backup"].state == "failed"
    with db.writing() as session:
        remember_backup(session, day(9), settings.data, Manifest("", "", "", 5_000_000, "0" * 64, 0, "", {}))
    assert seen(db, settings, 10)["backup"].state == "ok"
    old = seen(db, settings, 17)["backup"]
    assert old.state == "failed"
    assert "8 days old" in old.seen


def test_postgresql_backups_are_left_to_its_tools(db: Database, settings: Settings) -> None:
    """Nothing is claimed about backups that coopwatch does not make."""
    server = settings.model_copy(update={"database": "postgresql://x/y"})
    history(db, 1, (1,))
    assert "pg_dump" in seen(db, server, 50)["backup"].seen


def test_a_seal_that_fails_to_come_is_told(db: Database, settings: Settings) -> None:
    """Entries that wait for more than two days need action; a sealed log does not."""
    history(db, 3, (1,))
    assert seen(db, settings, 3)["seal"].state == "ok"
    assert seen(db, settings, 4)["seal"].state == "failed"
    with db.writing() as session:
        seal(session, SIGNER, day(4))
    assert seen(db, settings, 9)["seal"].state == "ok"


def test_a_missing_stamp_is_told_once_an_authority_is_set(db: Database, settings: Settings) -> None:
    """At first a warning, after a day a failure; without an authority nothing."""
    history(db, 1, (1,))
    assert "time stamp" not in seen(db, settings, 2)
    settings = settings.model_copy(update={"timestamp_url": "https://tsa.example/"})
    assert seen(db, settings, 2)["time stamp"].state == "warning"
    assert seen(db, settings, 3)["time stamp"].state == "failed"


def test_overdue_visits_and_the_longest_gap_are_told(db: Database, settings: Settings) -> None:
    """A page of which a scheduled visit did not come needs action; past gaps are named."""
    history(db, 3, (1,))
    with db.reading() as session:
        found = list(store_findings(session, settings, SOURCES, day(3)))
    visits = [one for one in found if one.of == "visits"]
    assert [one.state for one in visits] == ["ok", "ok"]
    assert "longest gap 24 hours" in visits[0].seen
    with db.reading() as session:
        late = [one for one in store_findings(session, settings, SOURCES, day(4)) if one.of == "visits"]
    assert late[0].state == "failed"
    assert "none since" in late[0].seen


def test_reviews_that_wait_too_long_need_action(db: Database, settings: Settings) -> None:
    """One that just began is a warning, one that is older than three days a failure."""
    watch = Watch(db)
    watch.sees(FIRST, 0)
    watch.sees(TORN, 1)
    for later, state in ((2, "warning"), (5, "failed")):
        with db.reading() as session:
            found = store_findings(session, settings, (), days(later))
            (reviews,) = [one for one in found if one.of == "reviews"]
        assert reviews.state == state
        assert reviews.seen.startswith("1 wait")


def test_a_run_that_is_held_is_told_and_after_three_days_needs_action(
    db: Database, settings: Settings
) -> None:
    """Its readers wait for staff, who may not have seen the alarm."""
    assert {seen(db, settings, 1)[of].state for of in ("digest runs", "outbox")} == {"ok"}
    with db.writing() as session:
        number = begin_run(session, Frequency.DAILY, "2018-08-20", day(1), day(1))
        assert number is not None and move(session, number, {RunState.DUE}, RunState.HELD, day(1))

    for later, state in ((2, "warning"), (5, "failed")):
        found = seen(db, settings, later)["digest runs"]
        assert (found.state, found.seen.partition(",")[0]) == (state, "1 held")
        assert f"digest preview --run {number}" in found.hint and "digest release" in found.hint


def test_a_disk_that_will_be_full_soon_needs_action(db: Database, settings: Settings) -> None:
    """Too little room now is a failure, room for years is none."""
    history(db, 20, (10,))
    assert seen(db, settings, 30)["disk"].state == "ok"
    assert "at this growth" in seen(db, settings, 30)["disk"].seen
    small = settings.model_copy(update={"disk_alarm_mb": 10**9})
    assert seen(db, small, 30)["disk"].state == "failed"


@pytest.mark.parametrize("language", ["it", "en"])
def test_staff_are_told_once_of_a_full_disk_and_once_of_its_end(db: Database, language: str) -> None:
    """The alarm goes out when it begins and when it ends, however often the disk is looked at."""
    clock = FakeClock(day(1))
    sender = SENDER.__class__(
        "watch@example.org",
        "coopwatch",
        "http://x.example",
        alerts_to=("ada@example.org",),
        alerts_language=language,
    )
    told: list[int] = []
    for free in (2000, 900, 800, 1100, 900, 1300, 1300):
        clock.advance(60)
        with db.writing() as session:
            watch_room(session, free * 1_000_000, 1_000_000_000, clock.now())
        told.append(owe_alerts(db, clock, sender))

    assert told == [0, 1, 0, 0, 0, 1, 0]
    began, ended = mails(db)
    assert "900" in text_of(began)
    assert ("nearly full" if language == "en" else "quasi pieno") in began["Subject"]
    assert ("room again" if language == "en" else "di nuovo spazio") in ended["Subject"]


def test_the_disk_itself_is_looked_at(db: Database, tmp_path: Path) -> None:
    """The job measures the folder's disk and writes only what has changed."""
    clock = FakeClock(day(1))
    for least in (10**18, 10**18, 1):
        clock.advance(60)
        watch_disk(db, clock, Room(tmp_path, least))
    with db.reading() as session:
        (alarm,) = disk_alarms(session, day(0))
    assert alarm.ended_at == clock.now()
    assert 0 < alarm.free < 10**18


def test_the_command_says_it_all(tmp_path: Path) -> None:
    """`doctor --json` names each thing, and ends with 1 where something needs action."""
    db = create_database(f"sqlite:///{tmp_path / 'coopwatch.db'}")
    history(db, 3, (1,))
    db.close()
    run = coopwatch("doctor", "--json", "--data", tmp_path)
    found: list[dict[str, Any]] = json.loads(run.stdout)

    assert run.returncode == 1
    assert {"size", "disk", "backup", "seal", "reviews"} <= {one["of"] for one in found}
    assert all(one["hint"] for one in found if one["state"] == "failed")
