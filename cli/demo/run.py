"""The command `demo`: the real pipeline over a replica of the watched page that replays its history."""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.progress import Progress

from cli.console import err
from cli.demo.mailbox import serving_mailbox
from cli.demo.past import HISTORY
from cli.demo.site import Replica, serving_replica
from cli.demo.summary import show_places, show_summary
from cli.house import make_folder
from cli.options import Data
from cli.serving import listener, serve
from cli.wiring import log_signer
from notifier.mail import SmtpPost
from notifier.message import Sender
from schedules.jobs import Mailroom, check, deliver, enrol_sources, seal_daily
from schedules.present import Present
from schedules.scheduler import Duty, running_schedule
from scraper.clock import Clock
from scraper.errors import CoopwatchError, DatabaseMissingError
from scraper.fetch import Visitor
from settings import Settings, load_settings
from store.database import Database, create_database, open_database
from store.evidence.notes import SignerKey
from store.pages import PageEntry, pages, release
from store.subscriptions import Filters, Frequency, active_subscriptions, confirm, request_subscription
from web.app import create_app

app = typer.Typer()

READER = "lettrice@ong.example"
AGENT = "coopwatch-demo (+demo@coopwatch.example)"
FINISHED = "finished"
AN_HOUR = timedelta(hours=1)
A_MOMENT = timedelta(seconds=2)
"""The time between two looks for mail to deliver while the demo's pages are up."""


class PastClock:
    """A clock that stands in the history's own time and runs on at the present's pace."""

    def __init__(self, at: datetime, present: Clock) -> None:
        self._present = present
        self.set(at)

    def set(self, at: datetime) -> None:
        """Move to another instant of the history."""
        self._at, self._since = at, self._present.monotonic()

    def now(self) -> datetime:
        """Return the instant of the history that has been reached, aware, in UTC."""
        return self._at + timedelta(seconds=self._present.monotonic() - self._since)

    def monotonic(self) -> float:
        """Return the present's seconds: deadlines are kept in earnest."""
        return self._present.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass in earnest."""
        self._present.sleep(seconds)


@app.command(epilog="Examples: coopwatch demo · coopwatch demo --once")
def demo(
    once: Annotated[bool, typer.Option("--once", help="End when all is done; serve no web pages.")] = False,
    data: Data = None,
) -> None:
    """See the whole job on this machine alone: visits, digests in a mailbox, history on web pages.

    A replica of a real cooperation page replays two years of its history. An interrupted demo resumes; a
    finished one starts anew.
    """
    settings = load_settings(data)
    with ExitStack() as stack:
        folder = stack.enter_context(_own_folder(settings))
        db = _database(folder)
        listening = None if once else stack.enter_context(_any_listener(settings))
        port = settings.web_port if listening is None else listening.getsockname()[1]
        sender = Sender(
            address="coopwatch@coopwatch.example", name="coopwatch", public_url=f"http://127.0.0.1:{port}"
        )
        replica = stack.enter_context(serving_replica(_stored_port(db)))
        signer = log_signer(settings.model_copy(update={"data": folder}), db)
        post = stack.enter_context(
            SmtpPost("127.0.0.1", stack.enter_context(serving_mailbox(folder / "mailbox")))
        )
        mailroom = Mailroom(sender, post)
        _replay(db, replica, mailroom, signer)
        show_summary(db, folder / "mailbox")
        (folder / FINISHED).touch()
        show_places(folder, None if listening is None else sender.public_url)
        if listening is not None:  # who subscribes on the pages finds the confirmation in the mailbox
            clock, sources = Present(), [replica.source]
            duties = (
                Duty(partial(deliver, db, clock, mailroom, sources), every=A_MOMENT),
                Duty(partial(seal_daily, db, clock, signer)),
            )
            visitor = partial(Visitor, clock=clock, agent=AGENT)
            with running_schedule(db, [], visitor, clock, duties):
                serve(create_app(db, clock, sender, sources), listening)


def _replay(db: Database, replica: Replica, mailroom: Mailroom, signer: SignerKey) -> None:
    """Visit every version that was not visited yet; deliver after each visit, and seal the log."""
    clock = PastClock(HISTORY[0].at - AN_HOUR, Present())
    page = _prepared(db, replica, clock)
    with _progress() as progress:
        task = progress.add_task("replaying the page's history", total=len(HISTORY), completed=page.visits)
        if page.visits:  # what a killed demo still owed; an hour later no lease of its deliveries holds
            clock.set(HISTORY[page.visits - 1].at + AN_HOUR)
            deliver(db, clock, mailroom, [replica.source])
        for version in HISTORY[page.visits :]:
            replica.show(version)
            clock.set(version.at)
            list(check(db, [replica.source], lambda source: Visitor(source, clock, AGENT), clock))
            deliver(db, clock, mailroom, [replica.source])
            seal_daily(db, clock, signer)
            progress.advance(task)


def _prepared(db: Database, replica: Replica, clock: Clock) -> PageEntry:
    """Return the watched page, enrolled and free to visit, with one reader who wants to hear at once."""
    enrol_sources(db, [replica.source], clock)
    with db.writing() as session:
        (page,) = pages(session)
        release(session, page.id)  # a killed demo may have left it leased; the replica's port is ours alone
        if not active_subscriptions(session):
            reader = request_subscription(session, READER, "it", Frequency.AT_ONCE, Filters(), clock.now())
            confirm(session, reader.id, clock.now())
    return page


@contextmanager
def _own_folder(settings: Settings) -> Iterator[Path]:
    """Yield the demo's folder, which no other demo takes meanwhile; what a finished one left is removed."""
    folder = settings.data / "demo"
    make_folder(folder)
    handle = os.open(folder, os.O_RDONLY)
    try:
        _lock(handle, folder)
        if (folder / FINISHED).exists():
            for left in sorted(folder.iterdir(), key=lambda left: left.name == FINISHED):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield folder
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a killed demo holds it no longer
    except BlockingIOError as error:
        raise CoopwatchError(
            f"a demo is running in {folder}", "End it, or name another data folder: --data DIR."
        ) from error


def _database(folder: Path) -> Database:
    url = f"sqlite:///{folder.absolute() / 'coopwatch.db'}"
    try:
        return open_database(url)
    except DatabaseMissingError:
        return create_database(url)


def _any_listener(settings: Settings) -> socket.socket:
    """Return a socket on the configured port, or on any free one where that is taken."""
    try:
        return listener(settings.web_host, settings.web_port)
    except CoopwatchError:
        return listener(settings.web_host, 0)


def _stored_port(db: Database) -> int:
    """Return the port at which an interrupted demo knew its page, or 0 for any free one."""
    with db.reading() as session:
        return next((urlsplit(page.address).port or 0 for page in pages(session)), 0)


def _progress() -> Progress:
    return Progress(console=err, transient=True, disable=not err.is_terminal)
