"""The tables of what comes back: mails taken in, and readers in trouble because theirs do."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from store.kinds import IncomingKind
from store.tables import Row, word_field


class IncomingRow(Row, table=True):
    """A mail that came back and has been dealt with, by the SHA-256 of its beginning: once is enough."""

    __tablename__ = "incoming_mail"
    __table_args__ = (sa.Index(None, "at"),)
    sha256: str = Field(primary_key=True, max_length=64)
    at: datetime
    kind: IncomingKind = word_field("kind", IncomingKind)


class TroubleRow(Row, table=True):
    """How far things have come with a reader whose mails came back (erasable).

    Failures up to `forgiven_at` count no more. `probe_id` is the delivery that asks whether mail arrives, by
    a number without a foreign key, as it may be erased. `notices` is how many mails told of the suspension.
    """

    __tablename__ = "trouble"
    subscription_id: int = Field(
        primary_key=True,
        foreign_key="subscription.id",
        ondelete="CASCADE",
        sa_column_kwargs={"autoincrement": False},
    )
    forgiven_at: datetime | None = None
    probed_at: datetime | None = None
    probe_id: int | None = None
    suspended_at: datetime | None = None
    notices: int = 0


INCOMING = Row.metadata.tables["incoming_mail"]
TROUBLE = Row.metadata.tables["trouble"]
