"""Times in which the disk was nearly full: when each began, and when it ended."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.keeping_tables import DISK_ALARM

ENOUGH = 1.2
"""An alarm ends with a fifth more room than it begins with, so that it does not come and go."""


@dataclass(frozen=True, slots=True)
class DiskAlarm:
    """An alarm, begun with `free` bytes; `ended_at` is None while it lasts."""

    id: int
    began_at: datetime
    ended_at: datetime | None
    free: int


def watch_room(session: Session, free: int, least: int, at: datetime) -> None:
    """Begin an alarm where less than `least` bytes are free, and end the one that lasts where enough are."""
    lasting = sa.select(DISK_ALARM.c.id).where(DISK_ALARM.c.ended_at.is_(None))
    number = session.execute(lasting.with_for_update()).scalar()
    if number is None and free < least:
        session.execute(sa.insert(DISK_ALARM).values(began_at=at, free=free))
    elif number is not None and free >= least * ENOUGH:
        session.execute(sa.update(DISK_ALARM).where(DISK_ALARM.c.id == number).values(ended_at=at))


def room_changes(session: Session, free: int, least: int) -> bool:
    """Say whether `watch_room` would write anything: most looks find the disk as the last one did."""
    lasting = session.execute(sa.select(DISK_ALARM.c.id).where(DISK_ALARM.c.ended_at.is_(None))).first()
    return free < least if lasting is None else free >= least * ENOUGH


def disk_alarms(session: Session, since: datetime) -> tuple[DiskAlarm, ...]:
    """Return the alarms that began or ended since then, or last, oldest first."""
    late = sa.func.coalesce(DISK_ALARM.c.ended_at, since) >= since
    rows = session.execute(sa.select(DISK_ALARM).where(late).order_by(DISK_ALARM.c.id))
    return tuple(DiskAlarm(row.id, row.began_at, row.ended_at, row.free) for row in rows)
