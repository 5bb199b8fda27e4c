"""A sender that is killed again and again, with a real Postfix behind it."""

import logging
import random
import signal
import subprocess
import time
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.message import message_id
from notifier.terms import Terms
from schedules.present import Present
from store.database import open_database
from store.deliveries import DeliveryKind, DeliveryState, deliveries, owe
from tests import sending
from tests.durable_server import PROCESSES
from tests.mail_laboratory.laboratory import Laboratory, waited
from tests.mail_laboratory.recipes import PLAIN_PORT

pytestmark = pytest.mark.mail

MESSAGES = 500
MOST_COPIES = 6
"""How many messages a sender gets through, at most, before it is to die."""

READER = "killed@example.net"
TERMS = Terms(lease=timedelta(seconds=4), server_idle=timedelta(seconds=1), grace=timedelta(seconds=2))
"""Short, so that killing often takes no hours; the grace exceeds what Postfix takes to deliver the copy."""

ALL_DONE = {DeliveryState.ACCEPTED, DeliveryState.DELIVERED}


def owe_all(url: str) -> set[str]:
    """Owe the messages; return their Message-IDs."""
    identifiers = [message_id("digest", f"kill {n}", "example.org") for n in range(MESSAGES)]
    with closing(open_database(url)) as db, db.writing() as session:
        for n, identifier in enumerate(identifiers):
            head = f"From: us@example.org\r\nMessage-ID: {identifier}\r\nSubject: {n}\r\n"
            owe(
                session,
                kind=DeliveryKind.ALERT,
                recipient=READER,
                message_id=identifier,
                message=f"{head}\r\nCiao.\r\n".encode(),
                at=Present().now(),
            )
    return set(identifiers)


def open_states(url: str) -> Counter[DeliveryState]:
    """Return how many messages are in which state, those that the server took left out."""
    with closing(open_database(url)) as db, db.reading() as session:
        return Counter(one.state for one in deliveries(session) if one.state not in ALL_DONE)


def run_sender(url: str, archive: Path, copies: int | None = None, delay: float = 0) -> int | None:
    """Let a sender work off what is due, and return its exit code.

    It is killed that many seconds after so many copies more lie in the archive; with None it lives.
    """
    pid = PROCESSES.Value("i", 0)
    arguments = (url, PLAIN_PORT, None, pid, archive, TERMS)
    sender = PROCESSES.Process(target=sending.main, args=arguments)
    before = len(list((archive / "new").iterdir()))
    sender.start()
    if copies is not None:
        goal = before + copies
        waited(lambda: len(list((archive / "new").iterdir())) >= goal or not sender.is_alive(), "the sender")
        time.sleep(delay)
        sender.kill()
    sender.join()
    return sender.exitcode


def test_check_33_kills_before_a_real_postfix_lose_and_repeat_nothing(
    laboratory: Laboratory, sqlite_url: str
) -> None:
    """Of 500 messages sent by senders that die at random instants each arrives exactly once."""
    chance, kills = random.Random(33), 0
    wanted, archive = owe_all(sqlite_url), laboratory.maildir(sending.ARCHIVE)
    for part in ("new", "cur"):
        (archive / part).mkdir(parents=True, exist_ok=True)
    subprocess.run(["chown", "-R", "mail:mail", str(archive.parent)], check=True)
    while open_states(sqlite_url)[DeliveryState.READY]:
        code = run_sender(sqlite_url, archive, chance.randint(0, MOST_COPIES), chance.uniform(0, 0.05))
        kills += code == -signal.SIGKILL
    for patience in (TERMS.lease, TERMS.grace) * 3:
        if not open_states(sqlite_url):
            break
        time.sleep(patience.total_seconds())
        assert run_sender(sqlite_url, archive) == 0

    logging.getLogger("soak").info("%d kills, %d messages", kills, MESSAGES)
    assert open_states(sqlite_url) == {}
    assert kills >= 20
    assert waited(lambda: len(laboratory.mails(READER)) >= MESSAGES, "all messages")
    arrived = Counter(str(mail["Message-ID"]) for mail in laboratory.mails(READER))
    assert set(arrived) == wanted
    assert {name: n for name, n in arrived.items() if n > 1} == {}
