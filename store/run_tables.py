"""The tables of digest runs: the runs, what their mails tell, and what staff decided about them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from store.kinds import Frequency, RunAction, RunKind, RunState
from store.mail_tables import index_where
from store.tables import APPEND_ONLY, NEVER_REUSED, Row, text_field, word_field

UNDER_WAY = "state IN ('due', 'frozen', 'composed', 'held', 'released')"
"""A run whose readers' mails may not leave yet; of each frequency there is at most one."""


class RunRow(Row, table=True):
    """A run of digests or corrections; a correction has no frequency, and its period is its own number.

    It tells what lies after `start` (the least advanced of its readers) up to `cutoff`, both ledger numbers.
    `reasons` says why it is, or was, held; `note` how it ended. `reader_version` is that of the page reader.
    """

    __tablename__ = "digest_run"
    __table_args__ = (
        sa.UniqueConstraint("frequency", "period"),
        index_where(UNDER_WAY, "uq_digest_run_under_way", "frequency", unique=True),
        sa.Index(None, "state"),
        NEVER_REUSED,
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: RunKind = word_field("kind", RunKind)
    frequency: Frequency | None = word_field("frequency", Frequency, nullable=True)
    period: str = Field(max_length=40)
    due_at: datetime
    state: RunState = word_field("state", RunState)
    start: int | None = None
    cutoff: int | None = None
    reader_version: str | None = None
    reasons: str = text_field("reasons")
    note: str | None = text_field("note", nullable=True)
    moved_at: datetime


class ContentRow(Row, table=True):
    """What all readers of a run with the same filters, language and cursor are sent."""

    __tablename__ = "digest_content"
    __table_args__ = (sa.Index(None, "run_id"), NEVER_REUSED)
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="digest_run.id")


class ContentEntryRow(Row, table=True):
    """A change of the ledger that a content tells, or corrects."""

    __tablename__ = "digest_content_entry"
    __table_args__ = (sa.Index(None, "pub_seq"),)
    content_id: int = Field(
        primary_key=True, foreign_key="digest_content.id", sa_column_kwargs={"autoincrement": False}
    )
    pub_seq: int = Field(
        primary_key=True, foreign_key="ledger.pub_seq", sa_column_kwargs={"autoincrement": False}
    )


class RunDecisionRow(Row, table=True):
    """What a member of staff did with a run, and why.

    `member` is a number without a foreign key: names are erasable, history is not.
    """

    __tablename__ = "run_decision"
    __table_args__ = (sa.Index(None, "run_id"), APPEND_ONLY)
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="digest_run.id")
    at: datetime
    member: int
    action: RunAction = word_field("action", RunAction)
    why: str = text_field("why")


RUN = Row.metadata.tables["digest_run"]
CONTENT = Row.metadata.tables["digest_content"]
CONTENT_ENTRY = Row.metadata.tables["digest_content_entry"]
RUN_DECISION = Row.metadata.tables["run_decision"]
