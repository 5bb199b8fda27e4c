"""Messages per second that the outbox sends, against bare smtplib with ready bytes and a commit each."""

import os
import smtplib
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.rows import Row
from notifier.deliver import send
from notifier.mail import SmtpPost
from notifier.terms import Terms
from schedules.present import Present
from store.database import Database, create_database
from store.deliveries import DeliveryKind, owe
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.mailboxes import free_port

COUNT = 400
ROUNDS = 5
SIZE = 16_000
FLOOR = "bare smtplib, ready bytes, one connection, one durable commit of two states per message"


def run() -> list[Row]:
    """Send to a server that is durable before it answers, as any that takes responsibility must be."""
    with tempfile.TemporaryDirectory() as folder, durable_sink(Path(folder)) as port:
        floors, ours = [], []
        for number in range(ROUNDS):
            floors.append(_floor(port, Path(folder) / f"floor{number}.db"))
            ours.append(_outbox(port, Path(folder) / f"outbox{number}.db"))
        floor, sent = median(floors), median(ours)
        ratio = median(sent / floor for sent, floor in zip(ours, floors, strict=True))
        return [
            Row(FLOOR, floor, "messages/s"),
            Row("the outbox, evidence log and leases included", sent, "messages/s", "bare", ratio),
        ]


def _message(number: int) -> bytes:
    head = (
        f"From: watch@example.org\r\nTo: ong{number}@example.org\r\nMessage-ID: <b{number}@example.org>\r\n"
    )
    return (head + "Subject: bench\r\n\r\n" + ("x" * 70 + "\r\n") * (SIZE // 72)).encode()


def _floor(port: int, file: Path) -> float:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, state TEXT)")
        db.execute("BEGIN")
        db.executemany("INSERT INTO mail VALUES (?, 'ready')", [(number,) for number in range(COUNT + 1)])
        db.execute("COMMIT")
        rows = [(number, _message(number)) for number in range(COUNT)]
        begun = perf_counter()
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            for number, message in rows:
                smtp.sendmail("watch@example.org", [f"ong{number}@example.org"], message)
                db.execute("BEGIN IMMEDIATE")
                db.execute("UPDATE mail SET state = 'accepted' WHERE id = ?", (number,))
                db.execute("UPDATE mail SET state = 'transmitting' WHERE id = ?", (number + 1,))
                db.execute("COMMIT")
        return COUNT / (perf_counter() - begun)


def _outbox(port: int, file: Path) -> float:
    db = create_database(f"sqlite:///{file}")
    _owe_all(db)
    begun = perf_counter()
    with SmtpPost("127.0.0.1", port) as post:
        sent = send(db, Present(), post, Terms())
    spent = perf_counter() - begun
    db.close()
    assert sent.accepted == COUNT
    return COUNT / spent


def _owe_all(db: Database) -> None:
    now = Present().now()
    with db.writing() as session:
        for number in range(COUNT):
            address = f"ong{number}@example.org"
            asked = request_subscription(session, address, "it", Frequency.AT_ONCE, Filters(), now)
            confirm(session, asked.id, now)
            owe(
                session,
                kind=DeliveryKind.DIGEST,
                recipient=address,
                message_id=f"<b{number}@example.org>",
                message=_message(number),
                at=now,
                subscription_id=asked.id,
                cutoff=7,
            )


class _Durable:
    """Syncs each message before it says that it has it."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "sink", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Take several commands at once (RFC 2920), as mail servers do."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message."""
        assert isinstance(envelope.content, bytes)
        os.write(self._file, envelope.content)
        os.fsync(self._file)
        return "250 taken"


@contextmanager
def durable_sink(folder: Path) -> Iterator[int]:
    """Yield the port of a mail server, in a process of its own, that keeps each mail before it answers."""
    processes = get_context("spawn")
    ours, theirs = processes.Pipe()
    server = processes.Process(target=_serve, args=(folder, theirs))
    server.start()
    try:
        yield int(ours.recv())
    finally:
        ours.send("stop")
        server.join(30)


def _serve(folder: Path, control: Connection) -> None:
    port = free_port()
    controller = Controller(_Durable(folder), hostname="127.0.0.1", port=port)
    controller.start()
    control.send(port)
    control.recv()
    controller.stop()
