"""The declared schema: one table per noun that is kept; nothing outside this folder sees a table."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from scraper.records import ChangeKind, Decision, PageState

CHAIN = 50
"""A body is read by unpacking at most this many bodies, its own included."""

APPEND_ONLY = {"info": {"append_only": True}}
"""Marks history: triggers of the migrations refuse UPDATE and DELETE there (design, idea 11)."""
NEVER_REUSED = {"sqlite_autoincrement": True}
"""SQLite would give the number of an erased newest row to the next one; mails and logs name them."""


class Row(SQLModel):
    """Root of all tables; holds the one MetaData with the names that migrations rely on."""

    metadata: ClassVar[sa.MetaData] = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def word_field(name: str, kind: type[StrEnum], nullable: bool = False) -> Any:
    """Return a field of enum values kept as text under a CHECK (a native enum outlives its table)."""
    words = sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=20,
    )
    return Field(sa_column=sa.Column(name, words, nullable=nullable))


def text_field(name: str, nullable: bool = False) -> Any:
    """Return a field of text without a limit."""
    return Field(sa_column=sa.Column(name, sa.Text, nullable=nullable))


class SourceRow(Row, table=True):
    """A source whose pages were enrolled; `state` is what the comparison remembers, null before a visit."""

    __tablename__ = "source"
    name: str = Field(primary_key=True)
    title: str
    since: datetime
    state: str | None = text_field("state", nullable=True)


class PageRow(Row, table=True):
    """A watched address; `due_at` is a mark that asks for a visit, `lease_until` a visit under way.

    `retired_at` is when its source no longer named it; null as long as it is watched.
    """

    __tablename__ = "page"
    __table_args__ = (sa.UniqueConstraint("source", "address"), sa.Index(None, "due_at"))
    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(foreign_key="source.name")
    address: str
    title: str | None = None
    since: datetime
    due_at: datetime | None = None
    lease_until: datetime | None = None
    retired_at: datetime | None = None


class BodyRow(Row, table=True):
    """Content by its SHA-256: zstd, against the content of `base` where there is one (`depth` bases down)."""

    __tablename__ = "body"
    __table_args__ = (
        sa.CheckConstraint("(depth = 0) = (base IS NULL)", name="whole"),
        sa.CheckConstraint(f"depth BETWEEN 0 AND {CHAIN - 1}", name="chain"),
        APPEND_ONLY,
    )
    sha256: str = Field(primary_key=True, max_length=64)
    length: int
    depth: int
    base: str | None = Field(default=None, foreign_key="body.sha256", max_length=64)
    packed: bytes


class CaptureRow(Row, table=True):
    """One visit's answer or failure; `at` is the visit's own time, `recorded_at` when it was written here."""

    __tablename__ = "capture"
    __table_args__ = (sa.Index(None, "page_id", "at", "id"), APPEND_ONLY)
    id: int | None = Field(default=None, primary_key=True)
    page_id: int = Field(foreign_key="page.id")
    at: datetime
    recorded_at: datetime
    url: str
    status: int | None = None
    headers: str = text_field("headers")
    redirects: str = text_field("redirects")
    failure: str | None = text_field("failure", nullable=True)
    cut: bool
    body_sha256: str | None = Field(default=None, foreign_key="body.sha256", max_length=64)
    coded_sha256: str | None = Field(default=None, max_length=64)
    coded_length: int | None = None


class ImportedRow(Row, table=True):
    """A capture that an archive brought instead of a visit: its file, record and address there, and when."""

    __tablename__ = "imported"
    __table_args__ = (APPEND_ONLY,)
    capture_id: int = Field(
        primary_key=True, foreign_key="capture.id", sa_column_kwargs={"autoincrement": False}
    )
    at: datetime
    archive: str = text_field("archive")
    archive_sha256: str = Field(max_length=64)
    record: str = text_field("record")
    address: str = text_field("address")


class SnapshotRow(Row, table=True):
    """The reading of a capture by a reader version; its content is JSON, kept once though it recurs."""

    __tablename__ = "snapshot"
    __table_args__ = (sa.UniqueConstraint("capture_id", "reader_version"), APPEND_ONLY)
    id: int | None = Field(default=None, primary_key=True)
    capture_id: int = Field(foreign_key="capture.id")
    reader_version: str
    page_state: PageState = word_field("page_state", PageState)
    content_sha256: str = Field(foreign_key="body.sha256", max_length=64)
    at: datetime


class VerdictRow(Row, table=True):
    """A decision on a capture; a later decision on the same capture is a later row."""

    __tablename__ = "verdict"
    __table_args__ = (
        sa.Index(None, "capture_id"),
        sa.Index(None, "page_id", "decision", "id"),
        APPEND_ONLY,
    )
    id: int | None = Field(default=None, primary_key=True)
    capture_id: int = Field(foreign_key="capture.id")
    page_id: int = Field(foreign_key="page.id")
    decision: Decision = word_field("decision", Decision)
    reasons: str = text_field("reasons")
    at: datetime


class TrackRow(Row, table=True):
    """A project's permanent number within its source, and the capture with which its life began."""

    __tablename__ = "track"
    __table_args__ = (APPEND_ONLY,)
    source: str = Field(primary_key=True, foreign_key="source.name")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    capture_id: int = Field(foreign_key="capture.id")


class VersionRow(Row, table=True):
    """A project's public record from `at` on; where not `present`, the last one before it disappeared."""

    __tablename__ = "project_version"
    __table_args__ = (
        sa.ForeignKeyConstraint(["source", "number"], ["track.source", "track.number"]),
        sa.Index(None, "source", "number", "at", "id"),
        APPEND_ONLY,
    )
    id: int | None = Field(default=None, primary_key=True)
    source: str
    number: int
    capture_id: int = Field(foreign_key="capture.id")
    at: datetime
    present: bool
    project: str = text_field("project")


class LedgerRow(Row, table=True):
    """A change in the order in which it became public; `at` is when it did."""

    __tablename__ = "ledger"
    __table_args__ = (
        sa.ForeignKeyConstraint(["source", "track"], ["track.source", "track.number"]),
        sa.Index(None, "source", "track", "pub_seq"),
        sa.Index(None, "capture_id"),
        sa.Index(None, "at"),
        APPEND_ONLY,
    )
    pub_seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    source: str
    track: int
    capture_id: int = Field(foreign_key="capture.id")
    kind: ChangeKind = word_field("kind", ChangeKind)
    told: bool
    change: str = text_field("change")


class RetoldRow(Row, table=True):
    """Marks an entry of the ledger that old captures brought: history of its date, and never news."""

    __tablename__ = "retold"
    __table_args__ = (APPEND_ONLY,)
    pub_seq: int = Field(
        primary_key=True, foreign_key="ledger.pub_seq", sa_column_kwargs={"autoincrement": False}
    )


class LedgerHeadRow(Row, table=True):
    """The last `pub_seq` given, in one row: its lock makes the order of numbers the order of commits."""

    __tablename__ = "ledger_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    pub_seq: int


def _table(row: type[Row]) -> sa.Table:
    return Row.metadata.tables[str(row.__tablename__)]


# The same tables for core statements: reading rows costs a fifth of reading objects.
SOURCE = _table(SourceRow)
PAGE = _table(PageRow)
BODY = _table(BodyRow)
CAPTURE = _table(CaptureRow)
IMPORTED = _table(ImportedRow)
SNAPSHOT = _table(SnapshotRow)
VERDICT = _table(VerdictRow)
TRACK = _table(TrackRow)
VERSION = _table(VersionRow)
LEDGER = _table(LedgerRow)
RETOLD = _table(RetoldRow)
LEDGER_HEAD = _table(LedgerHeadRow)

HISTORY = tuple(table for table in Row.metadata.sorted_tables if table.info.get("append_only"))
"""The append-only tables."""
