"""The tables around a subscription: versions of its preferences, consent, suppressed mailboxes, askings."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from store.kinds import ConsentEvent, Frequency, SignUpForm, SuppressionReason
from store.tables import APPEND_ONLY, Row, text_field, word_field


class PreferenceRow(Row, table=True):
    """What a subscription asked for from `at` on (erasable); `member` entered it, or (null) the reader.

    The subscription itself holds the newest version once more, for all who send.
    """

    __tablename__ = "preference"
    subscription_id: int = Field(primary_key=True, foreign_key="subscription.id", ondelete="CASCADE")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    member: int | None = None
    language: str = Field(max_length=8)
    frequency: Frequency = word_field("frequency", Frequency)
    filters: str = text_field("filters")


class ConsentWordingRow(Row, table=True):
    """The exact words above a button that somebody pressed, once each, by their SHA-256."""

    __tablename__ = "consent_wording"
    __table_args__ = (APPEND_ONLY,)
    sha256: str = Field(primary_key=True, max_length=64)
    version: str
    language: str = Field(max_length=8)
    text: str = text_field("text")


class ConsentRow(Row, table=True):
    """Consent given or withdrawn, for ever, and without personal data.

    `subject` is the mailbox's HMAC under the recipient's secret: once that is erased nobody can tell whose
    consent this was. So is `origin`, the HMAC of how staff came by it. `asked_wording` stood on the form that
    asked, `wording` above the button that confirmed. `member` is who of the staff asked for the reader.
    """

    __tablename__ = "consent"
    __table_args__ = (sa.Index(None, "subject"), APPEND_ONLY)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    event: ConsentEvent = word_field("event", ConsentEvent)
    subject: str
    form: SignUpForm = word_field("form", SignUpForm)
    requested_at: datetime
    language: str = Field(max_length=8)
    frequency: Frequency = word_field("frequency", Frequency)
    asked_wording: str | None = Field(default=None, foreign_key="consent_wording.sha256", max_length=64)
    wording: str | None = Field(default=None, foreign_key="consent_wording.sha256", max_length=64)
    origin: str | None = None
    member: int | None = None


class SuppressionRow(Row, table=True):
    """A mailbox that staff must not write to again, only by its HMAC under the installation's secret."""

    __tablename__ = "suppression"
    mailbox: str = Field(primary_key=True, max_length=64)
    reason: SuppressionReason = word_field("reason", SuppressionReason)
    at: datetime


class SuppressionSecretRow(Row, table=True):
    """The installation's secret, in one row: its lock also puts those who ask for mails in order."""

    __tablename__ = "suppression_secret"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    secret: bytes


class AskingRow(Row, table=True):
    """A mail that somebody made us send to an address, within the last hour: both ends only by their HMAC."""

    __tablename__ = "asking"
    __table_args__ = (sa.Index(None, "at"),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    mailbox: str = Field(max_length=64)
    origin: str = Field(max_length=64)


PREFERENCE = Row.metadata.tables["preference"]
CONSENT_WORDING = Row.metadata.tables["consent_wording"]
CONSENT = Row.metadata.tables["consent"]
SUPPRESSION = Row.metadata.tables["suppression"]
SUPPRESSION_SECRET = Row.metadata.tables["suppression_secret"]
ASKING = Row.metadata.tables["asking"]
