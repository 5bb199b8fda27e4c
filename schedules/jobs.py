"""The jobs as straight lines of calls: visit what is watched, deliver what is owed, as the store says."""

import logging
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from notifier.alerts import owe_alerts
from notifier.bounces.inboxes import OpenInbox
from notifier.bounces.intake import take_in
from notifier.bounces.suspension import follow_up
from notifier.compose import compose
from notifier.deliver import Sent, send
from notifier.holding import STANDARD, Caution
from notifier.message import Sender
from notifier.post import Post
from notifier.terms import Terms
from schedules.rereading import read_anew
from scraper.clock import Clock
from scraper.compare import Outcome, accepted, step
from scraper.errors import CoopwatchError, DatabaseError
from scraper.fetch import Visitor, validators
from scraper.read import read
from scraper.records import Capture, Failure, FailureKind, Snapshot
from scraper.sources import Source
from store.database import Database
from store.disk_alarms import room_changes, watch_room
from store.evidence.notes import SignerKey
from store.evidence.seals import keep_timestamp, last_checkpoint, seal, seal_is_due
from store.evidence.stamps import Roots, checked_timestamp, timestamp_request
from store.history import baseline, held_state, record, state
from store.imports import last_own_visit
from store.kinds import IncomingKind
from store.pages import PageEntry, due_pages, enrol, lease, leased_until, pages, release

LEASE_SLACK = timedelta(minutes=15)
"""What a visit may take beyond its deadline, for polite waits and the reading, before it counts as lost."""

_log = logging.getLogger("coopwatch")

OpenVisitor = Callable[[Source], Visitor]
"""Makes the visitor of a source; it is closed when the source's pages have been visited."""


@dataclass(frozen=True, slots=True)
class Visited:
    """One visit as it was recorded: the page as it stood before, the capture, its reading and its outcome."""

    page: PageEntry
    capture: Capture
    snapshot: Snapshot | None
    outcome: Outcome
    capture_id: int


@dataclass(frozen=True, slots=True)
class Mailroom:
    """Where mail goes out and comes in: who it comes from, its way out, and the way to what came back.

    `caution` says which runs wait for staff, `terms` how the others leave. Without an inbox, or without the
    return paths of the terms, nothing is taken in.
    """

    sender: Sender
    post: Post
    caution: Caution = STANDARD
    terms: Terms = field(default_factory=Terms)
    open_inbox: OpenInbox | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority: how it is asked (RFC 3161, DER both ways), and the roots that count."""

    ask: Callable[[bytes], bytes]
    roots: Roots


@dataclass(frozen=True, slots=True)
class Room:
    """The disk under a folder, and how many bytes must be free there without an alarm."""

    folder: Path
    least: int


@dataclass(frozen=True, slots=True)
class Busy:
    """A page that another visit holds; that visit's outcome stands for this one.

    A visit that has not ended by `until` counts as lost, and the page may be visited again.
    """

    page: PageEntry
    until: datetime | None


def enrol_sources(db: Database, sources: Iterable[Source], clock: Clock) -> None:
    """Make the store know the sources and their pages; new pages are due at once."""
    with db.writing() as session:
        for source in sources:
            enrol(session, source, clock.now())


def check(
    db: Database, sources: Iterable[Source], open_visitor: OpenVisitor, clock: Clock
) -> Generator[Visited | Busy]:
    """Visit every page of the sources now; yields each visit once it is recorded."""
    known = tuple(sources)
    enrol_sources(db, known, clock)
    for source in known:
        with db.reading() as session:
            entries = pages(session, source.name)
        yield from _visits(db, source, entries, open_visitor, clock)


def check_due(
    db: Database, sources: Iterable[Source], open_visitor: OpenVisitor, clock: Clock
) -> Generator[Visited | Busy]:
    """Visit the pages of the sources that are due; yields each visit once it is recorded."""
    with db.reading() as session:
        due = due_pages(session, clock.now())
    for source in sources:
        entries = tuple(entry for entry in due if entry.source == source.name)
        yield from _visits(db, source, entries, open_visitor, clock)


def receive(db: Database, clock: Clock, mailroom: Mailroom) -> Counter[IncomingKind]:
    """Take in what came back by mail; return how many mails of each kind there were. Raises MailError."""
    if mailroom.open_inbox is None or mailroom.terms.paths is None:
        return Counter()
    with mailroom.open_inbox() as inbox:
        return take_in(db, clock, inbox, mailroom.terms.paths)


def deliver(db: Database, clock: Clock, mailroom: Mailroom, sources: Iterable[Source] = ()) -> Sent:
    """Owe readers the digests that are due and staff their alerts, then send all that is owed.

    Before that, take the next step with readers whose mails come back. `sources` give the titles and
    languages that the digests name. Where a canary goes ahead, the others follow at once when it is known to
    have arrived. Raises MailError.
    """
    known = tuple(sources)
    follow_up(db, clock, mailroom.sender)
    ahead = _owed_and_sent(db, clock, mailroom, known)
    return ahead + _owed_and_sent(db, clock, mailroom, known)


def seal_daily(db: Database, clock: Clock, signer: SignerKey) -> None:
    """Sign the evidence log as it stands, unless that was done today (UTC); raises DatabaseError."""
    with db.reading() as session:
        if not seal_is_due(session, clock.now()):
            return
    with db.writing() as session:
        if seal_is_due(session, clock.now()):  # another process may have come first
            seal(session, signer, clock.now())


def watch_disk(db: Database, clock: Clock, room: Room) -> None:
    """Remember when the disk is nearly full, and when it no longer is: staff are told of both."""
    free = shutil.disk_usage(room.folder).free
    with db.reading() as session:
        changes = room_changes(session, free, room.least)
    if changes:
        with db.writing() as session:
            watch_room(session, free, room.least, clock.now())


def stamp_last(db: Database, clock: Clock, authority: Authority) -> bool:
    """Have the last checkpoint stamped where it is not, and say whether that was done now.

    Earlier ones that were never stamped stay so: whatever a stamp proves of them the later one proves too.
    Raises TimestampError, which changes nothing: sealing never waits for an authority.
    """
    with db.reading() as session:
        last = last_checkpoint(session)
    if last is None or last.timestamp is not None:
        return False
    request = timestamp_request(last.note)
    response = authority.ask(request.as_bytes())
    checked_timestamp(response, last.note, authority.roots, request)
    with db.writing() as session:
        return keep_timestamp(session, last.size, response, clock.now())


def visit(db: Database, source: Source, page: PageEntry, visitor: Visitor, clock: Clock) -> Visited | Busy:
    """Visit one page and record what came of it, in one transaction; a failure is recorded like an answer."""
    with db.writing() as session:
        until = clock.now() + timedelta(seconds=source.deadline) + LEASE_SLACK
        if not lease(session, page.id, clock.now(), until):
            return Busy(page, leased_until(session, page.id))
    try:
        with db.reading() as session:
            believed = baseline(session, page.id) if last_own_visit(session, page.id) else None
            known = accepted(state(session, source.name), page.address)
        capture = visitor.visit(page.address, validators(believed) if believed else None)
        try:
            snapshot = None if capture.body is None else read(capture, source, known)
            return _recorded(db, source, page, capture, snapshot, clock)
        except CoopwatchError:
            raise
        except Exception as error:  # a fault of ours on one page is a visit that failed, with its answer
            _log.exception("%s: this is a fault of coopwatch", page.address)
            return _recorded(db, source, page, _at_fault(capture, error), None, clock)
    except BaseException:
        with suppress(DatabaseError), db.writing() as session:
            release(session, page.id)
        raise


def _owed_and_sent(db: Database, clock: Clock, mailroom: Mailroom, sources: tuple[Source, ...]) -> Sent:
    compose(db, clock, mailroom.sender, sources, mailroom.caution, mailroom.terms.archive)
    owe_alerts(db, clock, mailroom.sender)
    return send(db, clock, mailroom.post, mailroom.terms)


def _visits(
    db: Database, source: Source, entries: Iterable[PageEntry], open_visitor: OpenVisitor, clock: Clock
) -> Generator[Visited | Busy]:
    still_watched = [entry for entry in entries if entry.retired_at is None]
    if still_watched:
        with open_visitor(source) as visitor:
            for entry in still_watched:
                try:
                    yield visit(db, source, entry, visitor, clock)
                except CoopwatchError:
                    raise
                except Exception:
                    _log.exception("%s: the visit could not be recorded", entry.address)


def _at_fault(capture: Capture, error: Exception) -> Capture:
    message = f"coopwatch could not read the answer: {type(error).__name__}: {error}"
    return replace(capture, failure=Failure(FailureKind.FAULT, " ".join(message.split())))


def _recorded(
    db: Database, source: Source, page: PageEntry, capture: Capture, snapshot: Snapshot | None, clock: Clock
) -> Visited:
    """Fold the visit into the source's state, which no other visit moves until the commit."""
    with db.writing() as session:
        before = held_state(session, source.name)
        present = before if snapshot is None else read_anew(session, source, page, before, capture.at)
        after, outcome = step(present, capture, snapshot)
        release(session, page.id)
        number = record(session, page.id, capture, snapshot, present, after, outcome, clock.now())
        return Visited(page, capture, snapshot, outcome, number)
