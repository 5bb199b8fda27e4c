"""The tables about keeping the installation safe: backups made, backups put back, alarms about the disk."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from store.tables import NEVER_REUSED, Row


class BackupRow(Row, table=True):
    """A backup that was made and checked: the file's place, its size in bytes and its SHA-256."""

    __tablename__ = "backup"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    place: str
    length: int = Field(sa_type=sa.BigInteger)
    sha256: str = Field(max_length=64)


class RestorationRow(Row, table=True):
    """That a state of `made_at` was put back, be it a backup or another copy; done or noticed at `at`."""

    __tablename__ = "restoration"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    made_at: datetime


class DiskAlarmRow(Row, table=True):
    """A time in which the disk was nearly full; `free` is how many bytes were free when it began."""

    __tablename__ = "disk_alarm"
    __table_args__ = (NEVER_REUSED,)
    id: int | None = Field(default=None, primary_key=True)
    began_at: datetime
    ended_at: datetime | None = None
    free: int = Field(sa_type=sa.BigInteger)


BACKUP = Row.metadata.tables["backup"]
RESTORATION = Row.metadata.tables["restoration"]
DISK_ALARM = Row.metadata.tables["disk_alarm"]
