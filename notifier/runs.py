"""Runs brought forward, each as far as it may go: frozen, composed, held or released, draining, closed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from notifier.archive import Archive
from notifier.civil_periods import PERIODIC, due_at, missed
from notifier.holding import CANARY, CANARY_PATIENCE, Caution, is_too_old, surprises
from notifier.issuing import issue
from notifier.message import Sender
from notifier.news import fold
from notifier.put_back import notice_later_mails, notice_mails_sent_before
from notifier.render import Origins
from scraper.errors import MailError
from store.database import Database, Session
from store.deliveries import Delivery, DeliveryState
from store.digest_runs import (
    Run,
    RunKind,
    RunState,
    begin_run,
    last_reader_version,
    move,
    newest_run,
    note_merged,
    open_runs,
    public_by,
    run,
    vouched,
)
from store.kinds import Frequency
from store.ledger import entries, head
from store.run_decisions import RESTORED, is_restored_since, keep_from_leaving
from store.run_mails import (
    catch_strays,
    is_wanted_now,
    last_sent_ahead,
    mail_counts,
    readers_behind,
    sent_ahead,
    set_ready,
    strays,
)
from store.tracks import projects

TAKEN = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)
LOST = (DeliveryState.REJECTED, DeliveryState.BOUNCED, DeliveryState.CANCELLED)
NOT_SETTLED = (
    *(DeliveryState.COMPOSED, DeliveryState.READY, DeliveryState.DEFERRED),
    *(DeliveryState.TRANSMITTING, DeliveryState.IN_DOUBT),
)


@dataclass(frozen=True, slots=True)
class Press:
    """What composing a run takes beside the store: the sender, where news comes from, and when to wait.

    In the `archive`, where there is one, the canary's mail is looked for.
    """

    sender: Sender
    origins: Callable[[Session], Origins]
    caution: Caution
    archive: Archive | None = None


def begin_due(db: Database, now: datetime, press: Press) -> None:
    """Begin the runs that are due, whatever was missed; runs of one frequency that were missed become one.

    A run of a frequency begins only when the mails of its last one may leave, so nothing overtakes a hold.
    Before one begins, the archive is asked whether an earlier database was put back.
    """
    with db.reading() as session:
        due = _due(session, now)
    if due and press.archive is not None:
        notice_later_mails(db, now, press.archive, press.sender)
    for frequency, periods in due.items():
        with db.writing() as session:
            _begin(session, frequency, periods, now)


def bring_forward(db: Database, now: datetime, press: Press) -> int:
    """Bring every open run as far as it may go without staff; return how many mails that made."""
    with db.reading() as session:
        waiting, loose = open_runs(session), strays(session)
    if loose:
        with db.writing() as session:
            catch_strays(session, now)
    return sum(_forward(db, one.id, now, press) for one in waiting)


def _due(session: Session, now: datetime) -> dict[Frequency, tuple[str, ...]]:
    """Return the periods whose runs are to begin, by frequency; none of one whose last run is under way."""
    busy = {one.frequency for one in open_runs(session) if one.state is not RunState.DRAINING}
    due = {frequency: _missed(session, frequency, now) for frequency in PERIODIC}
    if is_wanted_now(session, head(session)):
        due[Frequency.AT_ONCE] = (now.isoformat(),)
    return {frequency: periods for frequency, periods in due.items() if periods and frequency not in busy}


def _missed(session: Session, frequency: Frequency, now: datetime) -> tuple[str, ...]:
    last = newest_run(session, frequency)
    return missed(frequency, last.period if last else None, now)


def _begin(session: Session, frequency: Frequency, periods: tuple[str, ...], now: datetime) -> None:
    *older, newest = periods
    due = now if frequency is Frequency.AT_ONCE else due_at(frequency, newest)
    if begin_run(session, frequency, newest, due, now) is not None:
        for period in older:
            note_merged(session, frequency, period, due_at(frequency, period), newest, now)


def _forward(db: Database, number: int, now: datetime, press: Press) -> int:
    made = 0
    if _left_before(db, number, now, press):
        return made
    while True:
        with db.reading() as session:
            present = run(session, number)
        match present.state:
            case RunState.DUE:
                moved = _freeze(db, present, now, press.caution)
            case RunState.FROZEN if present.kind == RunKind.DIGEST:
                made += issue(db, present, now, press.sender, press.origins, press.caution.canary)
                moved = True
            case RunState.COMPOSED:
                moved = _judge(db, present, now, press.caution)
            case RunState.RELEASED | RunState.DRAINING:
                moved = _drain(db, present, now, press)
            case _:
                return made
        if not moved:
            return made


def _left_before(db: Database, number: int, now: datetime, press: Press) -> bool:
    """Hold a run whose mails may leave, but did so before, unless staff know that; say whether it is so."""
    with db.reading() as session:
        present = run(session, number)
    may_leave = present.state in {RunState.RELEASED, RunState.DRAINING}
    if press.archive is None or not may_leave or RESTORED in present.reasons:
        return False
    return notice_mails_sent_before(db, number, now, press.archive)


def _freeze(db: Database, due: Run, now: datetime, caution: Caution) -> bool:
    """Fix up to where the run tells: up to the instant at which it was due, however late it is."""
    assert due.frequency is not None
    with db.writing() as session:
        at_once = due.frequency == Frequency.AT_ONCE
        cutoff = head(session) if at_once else public_by(session, due.due_at)
        behind = readers_behind(session, due.frequency, cutoff)
        start = min((reader.cursor for reader in behind), default=cutoff)
        values = {"cutoff": cutoff, "start": start, "reader_version": caution.reader_version}
        return move(session, due.id, [RunState.DUE], RunState.FROZEN, now, **values)


def _judge(db: Database, composed: Run, now: datetime, caution: Caution) -> bool:
    with db.writing() as session:
        reasons = reasons_to_hold(session, composed, now, caution)
        if reasons:
            return keep_from_leaving(session, composed.id, reasons, now)
        return move(session, composed.id, [RunState.COMPOSED], RunState.RELEASED, now)


def reasons_to_hold(session: Session, composed: Run, now: datetime, caution: Caution) -> tuple[str, ...]:
    """Return why a run waits for staff; what they have let go already is not held against it again."""
    assert composed.start is not None and composed.cutoff is not None
    after = max(composed.start, vouched(session))
    told = fold(entries(session, after=after, upto=composed.cutoff))
    present = [entry.source for entry in projects(session) if entry.present]
    before = {
        source: present.count(source) - sum(_grew(one.kind) for one in told if one.source == source)
        for source in {one.source for one in told}
    }
    reasons = [*surprises(told, before, caution)]
    last = last_reader_version(session)
    if told and last is not None and last != composed.reader_version:
        reasons.append(f"the page reader is new: {composed.reader_version} instead of {last}")
    if is_too_old(composed.frequency, composed.due_at, now):
        reasons.append(f"it was due long ago, on {composed.due_at:%Y-%m-%d}")
    if is_restored_since(session, composed.frequency):
        reasons.append(RESTORED)
    return tuple(reasons)


def _grew(kind: str) -> int:
    return {"added": 1, "reappeared": 1, "removed": -1}.get(kind, 0)


def _drain(db: Database, present: Run, now: datetime, press: Press) -> bool:
    """Let the canary's mail leave, and once it has arrived the others; hold the run where it has not."""
    canary, arrived = press.caution.canary, _arrival(db, present, press)
    with db.writing() as session:
        trouble = _trouble(session, present, now, press, arrived)
        if trouble is not None:
            return keep_from_leaving(session, present.id, (trouble,), now)
        if present.state == RunState.DRAINING:
            counts = mail_counts(session, present.id)
            if any(counts[state] for state in NOT_SETTLED):
                return False
            return move(session, present.id, [RunState.DRAINING], RunState.CLOSED, now)
        ahead = sent_ahead(session, present.id, canary) if canary else None
        waits = ahead is not None and (ahead.state in NOT_SETTLED or arrived is None)
        if ahead is not None and waits and not _spoke_of_canary(present):
            set_ready(session, present.id, now, only=ahead.id)
            return False
        known = {} if arrived is None else {"note": arrived}
        if not move(session, present.id, [RunState.RELEASED], RunState.DRAINING, now, **known):
            return False
        set_ready(session, present.id, now)
        return True


def _arrival(db: Database, present: Run, press: Press) -> str | None:
    """Return, in English, by what the canary's mail is known to have arrived; None where it is not, yet.

    Without an archive a report is waited for where one came the last time: else its way brings none.
    """
    canary = press.caution.canary
    if canary is None or present.state != RunState.RELEASED:
        return None
    with db.reading() as session:
        ahead = sent_ahead(session, present.id, canary)
        before = last_sent_ahead(session, present.id, canary)
    if ahead is None or ahead.state not in TAKEN:
        return None
    if ahead.state == DeliveryState.DELIVERED:
        return f"{CANARY}'s mail was reported as delivered"
    if press.archive is None:
        taken = f"{CANARY}'s mail was accepted; no archive is set in which to look for it"
        return None if before == DeliveryState.DELIVERED else taken
    try:
        found = press.archive.held({ahead.message_id})
    except MailError:
        return None
    return f"{CANARY}'s mail was found in the archive" if found else None


def _trouble(session: Session, present: Run, now: datetime, press: Press, arrived: str | None) -> str | None:
    """Return why a released run must not leave (or not go on leaving) after all; staff are asked but once."""
    if present.state == RunState.RELEASED and is_too_old(present.frequency, present.moved_at, now):
        return f"it was released on {present.moved_at:%Y-%m-%d} and never left"
    canary = press.caution.canary
    ahead = sent_ahead(session, present.id, canary) if canary else None
    if ahead is None or _spoke_of_canary(present):
        return None
    if ahead.state in LOST:
        return f"{CANARY}'s mail is {ahead.state}: {ahead.response}"
    waits = present.state == RunState.RELEASED and arrived is None
    if not waits or now - present.moved_at <= CANARY_PATIENCE:
        return None
    return _overdue(ahead, press.archive)


def _overdue(ahead: Delivery, archive: Archive | None) -> str:
    if ahead.state not in TAKEN:
        return f"{CANARY}'s mail was not taken within an hour: {ahead.response or 'no answer yet'}"
    if archive is None:
        return f"{CANARY}'s mail was accepted and not reported as delivered within an hour"
    return f"{CANARY}'s mail was accepted and not found in the archive within an hour"


def _spoke_of_canary(present: Run) -> bool:
    return any(reason.startswith(CANARY) for reason in present.reasons)
