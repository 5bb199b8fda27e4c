"""A sender that is killed again and again, with a real Postfix behind it."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from notifier.message import message_id
from schedules.present import Present
from store.database import open_database
from store.deliveries import DeliveryKind, DeliveryState, deliveries, owe
from tests.mail_laboratory.killed_sender import ARCHIVE, TERMS
from tests.mail_laboratory.laboratory import Laboratory, waited
from tests.mail_laboratory.recipes import PLAIN_PORT

pytestmark = pytest.mark.mail

MESSAGES = 500
READER = "killed@example.net"
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


def test_check_33_kills_before_a_real_postfix_lose_and_repeat_nothing(
    laboratory: Laboratory, sqlite_url: str
) -> None:
    """Of 500 messages sent by senders that die at random instants each arrives exactly once."""
    chance, kills = random.Random(33), 0
    wanted, archive = owe_all(sqlite_url), laboratory.maildir(ARCHIVE)
    for part in ("new", "cur"):
        (archive / part).mkdir(parents=True, exist_ok=True)
    subprocess.run(["chown", "-R", "mail:mail", str(archive.parent)], check=True)
    command = [sys.executable, "-m", "tests.mail_laboratory.killed_sender", sqlite_url, str(PLAIN_PORT)]
    while (unsent := open_states(sqlite_url))[DeliveryState.READY]:
        sender = subprocess.Popen([*command, str(archive)], cwd=Path(__file__).parents[2])
        moved = unsent[DeliveryState.READY]
        while sender.poll() is None and open_states(sqlite_url)[DeliveryState.READY] == moved:
            time.sleep(0.05)  # it has begun
        time.sleep(chance.uniform(0, 0.6))
        sender.kill()
        kills += sender.wait() == -signal.SIGKILL
    patience = (TERMS.lease + TERMS.grace).total_seconds()
    for _ in range(5):
        if not open_states(sqlite_url):
            break
        time.sleep(patience)
        subprocess.run([*command, str(archive)], check=True, cwd=Path(__file__).parents[2])

    assert open_states(sqlite_url) == {}
    assert kills >= 5
    assert waited(lambda: len(laboratory.mails(READER)) >= MESSAGES, "all messages")
    arrived = Counter(str(mail["Message-ID"]) for mail in laboratory.mails(READER))
    assert set(arrived) == wanted
    assert {name: n for name, n in arrived.items() if n > 1} == {}
