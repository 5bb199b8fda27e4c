"""The tables of the evidence log: entries, length, signed heads, and the erasable keys of recipients."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from store.tables import APPEND_ONLY, TRACK, VERSION, Row


class LogEntryRow(Row, table=True):
    """One entry: its canonical JSON, and the hashes of the tree's nodes that it completes, its own first.

    So the node (level, index) stands in the row of leaf `(index + 1) * 2**level - 1`, as its part `level`.
    """

    __tablename__ = "log_entry"
    __table_args__ = (sa.Index(None, "kind", "key"), APPEND_ONLY)
    leaf_index: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=32)
    key: str
    entry: str = Field(sa_column=sa.Column("entry", sa.Text, nullable=False))
    hashes: bytes


class LogHeadRow(Row, table=True):
    """How many entries there are and how many are sealed, in one row: its lock puts the writers in order."""

    __tablename__ = "log_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    size: int
    sealed: int


class CheckpointRow(Row, table=True):
    """A signed tree head over the first `size` entries, made at `at`."""

    __tablename__ = "checkpoint"
    __table_args__ = (APPEND_ONLY,)
    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    note: str = Field(sa_column=sa.Column("note", sa.Text, nullable=False))


class TimestampRow(Row, table=True):
    """A time-stamping authority's RFC 3161 answer about a checkpoint."""

    __tablename__ = "checkpoint_timestamp"
    __table_args__ = (APPEND_ONLY,)
    size: int = Field(
        primary_key=True, foreign_key="checkpoint.size", sa_column_kwargs={"autoincrement": False}
    )
    at: datetime
    response: bytes


class RecipientKeyRow(Row, table=True):
    """The secret under which the log names a recipient (erasable): without it the log's names say nothing."""

    __tablename__ = "recipient_key"
    recipient: str = Field(primary_key=True)
    secret: bytes


LOG_ENTRY = Row.metadata.tables["log_entry"]
LOG_HEAD = Row.metadata.tables["log_head"]
CHECKPOINT = Row.metadata.tables["checkpoint"]
TIMESTAMP = Row.metadata.tables["checkpoint_timestamp"]
RECIPIENT_KEY = Row.metadata.tables["recipient_key"]

# What one visit wrote is gathered by its capture: without these that would read whole tables.
sa.Index(None, TRACK.c.capture_id)
sa.Index(None, VERSION.c.capture_id)
