"""Senders killed and stopped at any instant: nothing is lost, and with an archive nothing comes twice."""

import logging
import os
import random
import signal
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from notifier.terms import Terms
from store.database import Database, open_database
from tests import sending
from tests.durable_server import PROCESSES, Cue, durable_server, kept
from tests.outbox_world import owe_to, raw, states
from tests.watched_history import days

NOW = days(200)
SOAK = bool(os.environ.get("COOPWATCH_SOAK"))
KILLS, MESSAGES = (1000, 20_000) if SOAK else (12, 240)
STOPS, STOPPED_MESSAGES = (50, 20) if SOAK else (1, 20)
FROZEN = Terms(grace=timedelta(0))


def run_sender(
    url: str, port: int, at: datetime | None, cue: Cue, archive: Path | None, terms: Terms = FROZEN
) -> int | None:
    """Run a sender until it ends or is killed, and return its exit code."""
    cue.victim.value = 0
    sender = PROCESSES.Process(target=sending.main, args=(url, port, at, cue.victim, archive, terms))
    sender.start()
    sender.join(600)
    return sender.exitcode


@pytest.mark.soak
@pytest.mark.parametrize("archived", [True, False], ids=["archive", "no archive"])
def test_check_33_kills_lose_nothing(
    sqlite_db: Database, sqlite_url: str, tmp_path: Path, archived: bool
) -> None:
    """SIGKILL at random instants: 0 lost; 0 twice with the archive copy, else at most one for each kill."""
    chance, cue, box = random.Random(2018), Cue(), tmp_path / "box"
    archive = box if archived else None
    owe_to(sqlite_db, *range(MESSAGES), at=NOW)
    spread = int(1.4 * (5 if archived else 4) * MESSAGES / KILLS)
    kills, step = 0, Terms().lease + timedelta(seconds=1)
    at = NOW
    with durable_server(box, cue) as port:
        while kills < KILLS:
            cue.moment.value = chance.randint(1, spread)
            cue.after.value = chance.choice((0.0, 0.0, chance.uniform(0, 0.02)))
            code = run_sender(sqlite_url, port, at, cue, archive)
            at += step
            if code == 0:
                break  # everything was sent before the next kill
            assert code == -signal.SIGKILL
            kills += 1
        cue.moment.value = 0
        for _ in range(3):
            assert run_sender(sqlite_url, port, at, cue, archive) == 0
            at += step
    arrived = kept(box)
    copies = sum(sum(bytes_.values()) for bytes_ in arrived.values())
    figures = (kills, MESSAGES, MESSAGES - len(arrived), copies - len(arrived))
    logging.getLogger("soak").info("%d kills, %d messages: %d lost, %d twice", *figures)
    assert {name: [*bytes_] for name, bytes_ in arrived.items()} == {
        f"<m{number}@example.org>": [raw(number)] for number in range(MESSAGES)
    }
    assert set(states(sqlite_db)) == {"accepted"}
    assert kills >= 0.9 * KILLS
    assert copies - MESSAGES <= (0 if archived else kills)


@pytest.mark.soak
@pytest.mark.parametrize("archived", [True, False], ids=["archive", "no archive"])
def test_check_34_a_stopped_sender_does_no_harm(sqlite_url: str, tmp_path: Path, archived: bool) -> None:
    """Two senders on one database, one stopped past its lease and then waked: 0 lost, 0 twice (without the
    archive at most one for each stop)."""
    chance, twice = random.Random(1976), 0
    for stop in range(STOPS):
        url = f"sqlite:///{tmp_path / f'{stop}.db'}"
        (tmp_path / f"{stop}.db").write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
        box = tmp_path / f"box{stop}"
        with closing(open_database(url)) as db:
            owe_to(db, *range(STOPPED_MESSAGES), at=NOW)
            stop_one(url, box, archived, chance)
            arrived = kept(box)
            assert set(arrived) == {f"<m{number}@example.org>" for number in range(STOPPED_MESSAGES)}
            assert set(states(db)) == {"accepted"}
        assert all(len(bytes_) == 1 for bytes_ in arrived.values())
        twice += sum(sum(bytes_.values()) - 1 for bytes_ in arrived.values())
    assert twice <= (0 if archived else STOPS)


def stop_one(url: str, box: Path, archived: bool, chance: random.Random) -> None:
    """Let a sender begin, stop it, let another find out and go on, wake it, and send the rest.

    It is stopped while it waits for the server: whoever is stopped within a transaction of SQLite holds all
    others up, and there is nothing to find out.
    """
    cue, archive, terms = Cue(), box if archived else None, sending.SHORT
    lease, grace = terms.lease.total_seconds() + 0.1, terms.grace.total_seconds() + 0.1
    cue.signal.value = signal.SIGSTOP
    cue.moment.value = chance.randint(1, 40)
    with durable_server(box, cue, idle=1) as port:
        stopped = PROCESSES.Process(target=sending.main, args=(url, port, None, cue.victim, archive, terms))
        stopped.start()
        while cue.moment.value:
            time.sleep(0.02)
        for patience in (lease, grace, 0):  # the others go on, put the lost one in doubt, and settle that
            assert run_sender(url, port, None, Cue(), archive, terms) == 0
            time.sleep(patience)
        os.kill(cue.victim.value, signal.SIGCONT)
        stopped.join(120)
        assert stopped.exitcode == 0
        for patience in (lease, grace, 0):
            time.sleep(patience)
            assert run_sender(url, port, None, Cue(), archive, terms) == 0
