"""The tables of the staff: accounts, sessions, throttles of the sign-in, and notes, with their vocabulary."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from store.review_tables import MEMBER
from store.tables import APPEND_ONLY, Row, text_field, word_field

__all__ = ["ACCOUNT", "MEMBER", "REMARK", "STAFF_SESSION", "THROTTLE", "StaffRole", "Subject"]


class StaffRole(StrEnum):
    """What a member of staff may do; each role may do what those before it may."""

    AUDITOR = "auditor"  # look at everything
    EDITOR = "editor"  # decide reviews, write notes, ask for visits
    ADMINISTRATOR = "administrator"  # see the accounts


class Subject(StrEnum):
    """What a note can be about."""

    PAGE = "page"
    PROJECT = "project"
    CHANGE = "change"


class AccountRow(Row, table=True):
    """The account of a member of staff, by the member's number; only the password's hash is kept."""

    __tablename__ = "staff_account"
    member_id: int = Field(
        primary_key=True, foreign_key="staff_member.id", sa_column_kwargs={"autoincrement": False}
    )
    role: StaffRole = word_field("role", StaffRole)
    password: str
    created_at: datetime
    disabled_at: datetime | None = None


class StaffSessionRow(Row, table=True):
    """A signed-in browser: only the SHA-256 of its token, so that a stolen copy opens nothing."""

    __tablename__ = "staff_session"
    __table_args__ = (sa.Index(None, "member_id"), sa.Index(None, "began_at"))
    sha256: str = Field(primary_key=True, max_length=64)
    member_id: int = Field(foreign_key="staff_account.member_id", ondelete="CASCADE")
    began_at: datetime
    seen_at: datetime


class ThrottleRow(Row, table=True):
    """How often a name, or an address, has tried to sign in without success since `began_at`."""

    __tablename__ = "sign_in_throttle"
    __table_args__ = (sa.Index(None, "began_at"),)
    key: str = Field(primary_key=True, max_length=80)
    tries: int
    began_at: datetime


class RemarkRow(Row, table=True):
    """A note about something; a correction is one more note.

    `member` is a number without a foreign key: names are erasable, history is not.
    """

    __tablename__ = "remark"
    __table_args__ = (sa.Index(None, "kind", "key"), APPEND_ONLY)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    member: int
    kind: Subject = word_field("kind", Subject)
    key: str
    text: str = text_field("text")


ACCOUNT = Row.metadata.tables["staff_account"]
STAFF_SESSION = Row.metadata.tables["staff_session"]
THROTTLE = Row.metadata.tables["sign_in_throttle"]
REMARK = Row.metadata.tables["remark"]
