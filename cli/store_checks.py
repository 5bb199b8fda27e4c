"""What the doctor looks at in what is kept: size, disk, backup, seal, stamp, visits, and what waits."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from cli.health import Finding
from cli.printed import counted, local
from schedules.slots import slot_passed, slots
from scraper.sources import Source
from settings import Settings
from store.backups import last_backup
from store.database import Session
from store.digest_runs import RunState, runs
from store.evidence.log import log_size
from store.evidence.seals import last_checkpoint
from store.kinds import DeliveryState
from store.lanes import lanes
from store.outbox import open_counts
from store.pages import PageEntry, pages, visit_times
from store.restoring import last_restoration
from store.reviews import open_reviews
from store.sizes import Sizes, sizes

SOON = timedelta(days=30)
"""A disk that will be full by then needs action."""
STALE = timedelta(days=7)
"""A backup older than this, or none after so many days of history, needs action."""
UNSEALED = timedelta(days=2)
UNSTAMPED = timedelta(days=1)
UNVISITED = timedelta(hours=1)
"""How long after its time a visit may still come."""
UNDECIDED = timedelta(days=3)
LOOK_BACK = timedelta(days=365)


def store_findings(
    session: Session, settings: Settings, sources: tuple[Source, ...], now: datetime
) -> Iterator[Finding]:
    """Yield what there is to say of the store, one finding for each thing."""
    measured = sizes(session, now)
    yield _size(measured)
    yield disk(settings, measured.per_year)
    yield _backup(session, settings, now)
    yield _seal(session, now)
    if settings.timestamp_url:
        yield _stamp(session, now)
    yield from _visits(session, sources, now)
    yield _reviews(session, now)
    yield _held_runs(session, now)
    yield _outbox(session)


def disk(settings: Settings, per_year: int | None = None) -> Finding:
    """Say how much room is left, and until when at the growth given (bytes a year)."""
    folder = standing_folder(settings.data)
    free, least = shutil.disk_usage(folder).free, settings.disk_alarm_mb * 1_000_000
    seen, lasts = f"{free / 1e9:.1f} GB free at {folder}", None
    if per_year:
        lasts = timedelta(days=min(free / per_year * 365, 36_500))
        seen += f", full in {_span(lasts)} at this growth"
    if free < least or (lasts is not None and lasts < SOON):
        return Finding("disk", "failed", seen, "Make room before the disk is full.")
    return Finding("disk", "ok", seen)


def standing_folder(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())


def _size(measured: Sizes) -> Finding:
    kinds = ", ".join(f"{kind} {_bytes(size)}" for kind, size in measured.kinds.items())
    growth = "growth not known yet" if measured.per_year is None else f"{_bytes(measured.per_year)} a year"
    return Finding("size", "ok", f"{_bytes(measured.total)} ({kinds}); {growth}")


def _backup(session: Session, settings: Settings, now: datetime) -> Finding:
    if not settings.database_url.startswith("sqlite"):
        return Finding("backup", "ok", "left to PostgreSQL's own tools: see that pg_dump runs every day")
    last = last_backup(session)
    began = min((page.since for page in pages(session)), default=now)
    hint = "Run `coopwatch backup` every day, from cron or a timer."
    if last is None:
        return Finding("backup", "failed" if now - began > STALE else "warning", "none was made yet", hint)
    seen = f"{local(last.at)}, {_bytes(last.length)}, checked when it was made: {last.place}"
    if restored := last_restoration(session):
        seen += f"; one was put back {local(restored)}"
    if now - last.at > STALE:
        return Finding("backup", "failed", f"the last one is {_span(now - last.at)} old: {seen}", hint)
    if not last.place.exists():
        return Finding("backup", "warning", f"{seen} (no longer there)", "Moved to a safe place, one hopes.")
    return Finding("backup", "ok", seen)


def _seal(session: Session, now: datetime) -> Finding:
    last, size = last_checkpoint(session), log_size(session)
    if last is None:
        return Finding("seal", "warning" if size else "ok", "the evidence log was not sealed yet")
    seen = f"{local(last.at)}, {last.size} of {counted(size, 'entry', 'entries')}"
    if now - last.at > UNSEALED and size > last.size:
        return Finding("seal", "failed", seen, "`coopwatch run` and `check` seal daily: see that one runs.")
    return Finding("seal", "ok", seen)


def _stamp(session: Session, now: datetime) -> Finding:
    last = last_checkpoint(session)
    if last is None or last.timestamp is not None:
        return Finding("time stamp", "ok", "the last checkpoint is stamped" if last else "nothing to stamp")
    late = now - last.at > UNSTAMPED
    seen = f"the checkpoint of {local(last.at)} is not stamped"
    hint = "The authority is asked again every quarter of an hour; the log of `run` says what it answers."
    return Finding("time stamp", "failed" if late else "warning", seen, hint)


def _visits(session: Session, sources: tuple[Source, ...], now: datetime) -> Iterator[Finding]:
    known = {source.name: source for source in sources}
    for page in pages(session):
        source = known.get(page.source)
        if source is not None and page.address in {watched.address for watched in source.pages}:
            yield _gaps(session, page, source, now)


def _gaps(session: Session, page: PageEntry, source: Source, now: datetime) -> Finding:
    times = visit_times(session, page.id, now - LOOK_BACK)
    seen = f"{page.address}: {len(times)} in a year"
    longest = max(pairwise(times), key=lambda gap: gap[1] - gap[0], default=None)
    if longest is not None:
        seen += f", longest gap {_span(longest[1] - longest[0])} from {local(longest[0])}"
    last = page.last_visit_at
    if last is not None and slot_passed(slots(source.schedule), last, now - UNVISITED):
        hint = "A visit is overdue: see that `coopwatch run` runs, or run `coopwatch check`."
        return Finding("visits", "failed", f"{seen}; none since {local(last)}", hint)
    return Finding("visits", "ok", seen)


def _reviews(session: Session, now: datetime) -> Finding:
    waiting = open_reviews(session)
    if not waiting:
        return Finding("reviews", "ok", "nothing waits for a decision")
    oldest = min(review.since for review in waiting)
    seen = f"{counted(len(waiting), 'waits', 'wait')} for a decision, the oldest since {local(oldest)}"
    late = now - oldest > UNDECIDED
    return Finding("reviews", "failed" if late else "warning", seen, "`coopwatch review list` shows them.")


def _held_runs(session: Session, now: datetime) -> Finding:
    held = runs(session, RunState.HELD)
    if not held:
        return Finding("digest runs", "ok", "none is held")
    oldest = min(held, key=lambda one: one.moved_at)
    seen = f"{len(held)} held, the oldest is run {oldest.id}, since {local(oldest.moved_at)}"
    hint = f"`coopwatch digest preview --run {oldest.id}`, then `digest release` or `digest reject` it."
    late = now - oldest.moved_at > UNDECIDED
    return Finding("digest runs", "failed" if late else "warning", seen, hint)


def _outbox(session: Session) -> Finding:
    counts = open_counts(session)
    stuck = {"deferred": DeliveryState.DEFERRED, "in doubt": DeliveryState.IN_DOUBT}
    told = [f"{counts[state]} {name}" for name, state in stuck.items() if state in counts]
    stopped = [lane for lane in lanes(session) if lane.stopped_at is not None]
    told += [f"{lane.domain} stopped since {local(lane.stopped_at)}" for lane in stopped]
    if not told:
        return Finding("outbox", "ok", "no mail is stuck")
    hint = "`coopwatch outbox` says why."
    if stopped:
        hint += (
            f" Mend it, then `coopwatch outbox resume {stopped[0].domain}`: until then no mail goes there."
        )
    return Finding("outbox", "failed" if stopped else "warning", ", ".join(told), hint)


def _span(length: timedelta) -> str:
    days = length / timedelta(days=1)
    if days >= 730:
        return f"{days / 365:.0f} years" if days < 36_500 else "more than 100 years"
    return f"{days:.0f} days" if days >= 2 else counted(round(days * 24), "hour", "hours")


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
