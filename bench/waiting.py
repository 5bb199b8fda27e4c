"""How long a sign-up waits for its confirmation mail while a run of 5,000 digests is composed and drains."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from statistics import median
from threading import Thread
from time import sleep

from bench.rows import Row
from bench.sending import durable_sink
from notifier.dkim import create_dkim_key
from notifier.holding import Caution
from notifier.invitations import owe_confirmation
from notifier.mail import SmtpPost
from notifier.message import Sender
from schedules.jobs import Mailroom, deliver
from schedules.present import Present
from scraper.records import Project
from store.database import Database, create_database
from store.deliveries import DeliveryKind, deliveries
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.watched_history import SOURCE, days, enrolled, visited

READERS, CHANGES = 5_000, 30
NEVER_HELD = Caution(changed_percent=100_000, removed=100_000)
CLOCK = Present()


def run() -> list[Row]:
    """Let somebody sign up every second or so, from the first look until the last digest has left."""
    with (
        tempfile.TemporaryDirectory() as name,
        durable_sink(Path(name)) as port,
        _house(Path(name)) as db,
        SmtpPost("127.0.0.1", port) as post,
    ):
        key = create_dkim_key(Path(name) / "dkim.pem", "example.org", "bench")
        sender = Sender("avvisi@example.org", "coopwatch", "https://coopwatch.example.org", dkim=key)
        begun = CLOCK.now()
        draining = Thread(target=deliver, args=(db, CLOCK, Mailroom(sender, post, NEVER_HELD), [SOURCE]))
        draining.start()
        _sign_up(db, sender, draining)
        draining.join()
        with db.reading() as session:
            sent = deliveries(session)
    spent = [
        (one.settled_at - one.created_at).total_seconds()
        for one in sent
        if one.kind is DeliveryKind.CONFIRMATION and one.settled_at is not None
    ]
    ends = [one.settled_at for one in sent if one.kind is DeliveryKind.DIGEST and one.settled_at]
    return [
        Row("digests composed, signed and taken", len(ends), "of 5,000"),
        Row("from the first look to the last digest taken", (max(ends) - begun).total_seconds(), "s"),
        Row("confirmations asked for meanwhile", len(spent), ""),
        Row("half of them were taken within", median(spent), "s"),
        Row("all of them were taken within", max(spent), "s (target 10)"),
    ]


def _sign_up(db: Database, sender: Sender, draining: Thread) -> None:
    dice, number = Random(38), 0
    while draining.is_alive():
        number += 1
        now, address = CLOCK.now(), f"nuovo{number}@example.net"
        with db.writing() as session:
            asked = request_subscription(session, address, "it", Frequency.DAILY, Filters(), now)
            owe_confirmation(session, asked, sender, now)
        sleep(dice.uniform(0.2, 1.2))


@contextmanager
def _house(folder: Path) -> Iterator[Database]:
    """Yield a database with all readers, whose page then changed."""
    shown = tuple(Project(title=f"Progetto {number}", area="AFRICA") for number in range(CHANGES))
    with closing(create_database(f"sqlite:///{folder / 'coopwatch.db'}")) as db:
        with db.writing() as session:
            page = enrolled(session)
            visited(session, page, days(0), shown)
            for number in range(READERS):
                asked = request_subscription(
                    session, f"ong{number}@example.org", "it", Frequency.AT_ONCE, Filters(), days(0)
                )
                confirm(session, asked.id, days(0))
        with db.writing() as session:
            more = (*shown, *(Project(title=f"Opera {n}", area="ASIA") for n in range(5)))
            visited(session, page, days(1), more)
        yield db
