"""The tables of what staff are asked and what they decide, and of the grounds of each published change."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from store.kinds import ReviewEnd, ReviewKind, StaffAction
from store.tables import APPEND_ONLY, NEVER_REUSED, VERDICT, Row, text_field, word_field


class ReviewRow(Row, table=True):
    """A question to staff: `key` names what it is about, `question` holds a doubtful pair."""

    __tablename__ = "review"
    __table_args__ = (sa.Index(None, "source", "key"), sa.Index(None, "opened_at"), APPEND_ONLY)
    id: int | None = Field(default=None, primary_key=True)
    kind: ReviewKind = word_field("kind", ReviewKind)
    source: str = Field(foreign_key="source.name")
    page_id: int = Field(foreign_key="page.id")
    capture_id: int = Field(foreign_key="capture.id")
    key: str
    since: datetime
    opened_at: datetime
    reasons: str = text_field("reasons")
    question: str | None = text_field("question", nullable=True)


class DecisionRow(Row, table=True):
    """What a member of staff did, and why; `undoes` names the decision that it takes back.

    `member` is a number without a foreign key: names are erasable, history is not.
    """

    __tablename__ = "staff_decision"
    __table_args__ = (sa.UniqueConstraint("undoes"), sa.Index(None, "source", "id"), APPEND_ONLY)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    member: int
    action: StaffAction = word_field("action", StaffAction)
    why: str = text_field("why")
    source: str = Field(foreign_key="source.name")
    capture_id: int = Field(foreign_key="capture.id")
    review_id: int | None = Field(default=None, foreign_key="review.id")
    track: int | None = None
    other: int | None = None
    undoes: int | None = Field(default=None, foreign_key="staff_decision.id")


class ReviewEndRow(Row, table=True):
    """How a review ended: there is at most one such row for each, and none while it is open."""

    __tablename__ = "review_end"
    __table_args__ = (APPEND_ONLY,)
    review_id: int = Field(
        primary_key=True, foreign_key="review.id", sa_column_kwargs={"autoincrement": False}
    )
    at: datetime
    ending: ReviewEnd = word_field("ending", ReviewEnd)
    decision_id: int | None = Field(default=None, foreign_key="staff_decision.id")


class GroundsRow(Row, table=True):
    """Why a published change is said of that project, and where its two values stand."""

    __tablename__ = "ledger_grounds"
    __table_args__ = (APPEND_ONLY,)
    pub_seq: int = Field(
        primary_key=True, foreign_key="ledger.pub_seq", sa_column_kwargs={"autoincrement": False}
    )
    grounds: str = text_field("grounds")


class MemberRow(Row, table=True):
    """The name of somebody who decides (erasable)."""

    __tablename__ = "staff_member"
    __table_args__ = (sa.UniqueConstraint("name"), NEVER_REUSED)
    id: int | None = Field(default=None, primary_key=True)
    name: str


REVIEW = Row.metadata.tables["review"]
REVIEW_END = Row.metadata.tables["review_end"]
DECISION = Row.metadata.tables["staff_decision"]
GROUNDS = Row.metadata.tables["ledger_grounds"]
MEMBER = Row.metadata.tables["staff_member"]

# What a page's last and last but one visits came to is asked at every look for news to staff.
sa.Index(None, VERDICT.c.page_id, VERDICT.c.id)
