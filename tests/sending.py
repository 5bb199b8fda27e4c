"""What a sender's process does, to be killed or stopped by tests."""

import os
from collections.abc import Collection
from contextlib import closing
from datetime import datetime, timedelta
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from notifier.archive import Maildir
from notifier.deliver import send
from notifier.mail import SmtpPost
from notifier.terms import Terms
from schedules.present import Present
from scraper.clock import Clock
from store.database import Session, open_database
from store.deliveries import Delivery
from store.turns import due, take
from tests.clocks import FakeClock

ARCHIVE = "archive@example.org"
SHORT = Terms(lease=timedelta(seconds=3), server_idle=timedelta(seconds=1.5), grace=timedelta(seconds=0.2))
"""Terms by which a stopped sender is found out within seconds; the server hangs up after one."""


def main(
    url: str, port: int, at: datetime | None, pid: "Synchronized[int]", archive: Path | None, terms: Terms
) -> None:
    """Send everything that is due at that instant (None: now, by the real clock), and say who we are."""
    pid.value = os.getpid()
    clock: Clock = Present() if at is None else FakeClock(at)
    held = None if archive is None else Maildir(archive)
    chosen = Terms(lease=terms.lease, server_idle=terms.server_idle, grace=terms.grace, archive=held)
    copies = None if archive is None else ARCHIVE
    with (
        closing(open_database(url)) as db,
        SmtpPost("127.0.0.1", port, timeout=10, archive_to=copies) as post,
    ):
        send(db, clock, post, chosen)


def claim(
    session: Session, now: datetime, lease_until: datetime, closed: Collection[str] = ()
) -> Delivery | None:
    """Take the next message that is due, as a sender does; None where nothing is."""
    found = due(session, now, closed)
    return take(session, found[0], lease_until) if found else None
