"""The tables of what readers ask for and what they are sent: subscriptions, mailed links, deliveries."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from store.kinds import (
    DeliveryKind,
    DeliveryState,
    Frequency,
    Refusal,
    SignUpForm,
    SubscriptionState,
    SuspensionReason,
    TokenPurpose,
)
from store.tables import NEVER_REUSED, Row, text_field, word_field

UNSENT = "state IN ('ready', 'transmitting', 'in_doubt', 'deferred')"
"""What the sender has to do with: to send it, to send it again, or to find out whether it was sent."""
OPEN = "state IN ('composed', 'ready', 'transmitting', 'in_doubt', 'deferred')"
"""What is owed and not settled, whether it may be sent already or not."""


def index_where(condition: str, name: str, *columns: str, unique: bool = False) -> sa.Index:
    """Return an index of the rows that meet the condition."""
    where = sa.text(condition)
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


class SubscriptionRow(Row, table=True):
    """A reader's standing request (erasable); `cursor` is the last `pub_seq` that it has been told about.

    A mailbox has one that stands. `wish_sha256` is that of mailbox, language, frequency and filters: the same
    wish waits once to be confirmed. `form`, `asked_wording`, `member` and `origin` say how it was asked for.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        index_where("state = 'pending'", "uq_subscription_pending_wish", "wish_sha256", unique=True),
        index_where(
            "state IN ('active', 'suspended')", "uq_subscription_standing_mailbox", "mailbox", unique=True
        ),
        sa.Index(None, "state"),
        sa.Index(None, "mailbox"),
        NEVER_REUSED,
    )
    id: int | None = Field(default=None, primary_key=True)
    address: str
    language: str = Field(max_length=8)
    frequency: Frequency = word_field("frequency", Frequency)
    filters: str = text_field("filters")
    wish_sha256: str = Field(max_length=64)
    state: SubscriptionState = word_field("state", SubscriptionState)
    cursor: int
    requested_at: datetime
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    told_at: datetime | None = None
    mailbox: str
    form: SignUpForm = word_field("form", SignUpForm)
    asked_wording: str | None = Field(default=None, max_length=64)
    member: int | None = None
    origin: str | None = text_field("origin", nullable=True)
    suspended_at: datetime | None = None
    suspended_for: SuspensionReason | None = word_field("suspended_for", SuspensionReason, nullable=True)


class TokenRow(Row, table=True):
    """What a mailed link proves (erasable): only the token's SHA-256, so that a stolen copy opens nothing."""

    __tablename__ = "token"
    __table_args__ = (sa.Index(None, "subscription_id"),)
    sha256: str = Field(primary_key=True, max_length=64)
    subscription_id: int = Field(foreign_key="subscription.id", ondelete="CASCADE")
    purpose: TokenPurpose = word_field("purpose", TokenPurpose)
    created_at: datetime
    expires_at: datetime | None = None


class DeliveryRow(Row, table=True):
    """One e-mail owed and its fate (erasable); at most one digest of a subscription is open at a time.

    `next_at` is when an unsent one comes up: for one under way that is when its sender counts as lost, for
    one in doubt when evidence is looked for. `attempts` also fences: it names the sender whose turn it is.
    `lane` is the recipient's domain in lower case. `doubted_at` is when it was first in doubt, `resends` how
    often it was sent again without evidence, and so perhaps twice. `message_sha256` stays when the bytes go.
    `run_id` is the run it belongs to, `content_id` what it tells as ledger numbers, `corrects_id` what a
    correction is about.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("message_id"),
        sa.UniqueConstraint("subscription_id", "kind", "run_id"),
        index_where(f"kind = 'digest' AND {OPEN}", "uq_delivery_open_digest", "subscription_id", unique=True),
        index_where(UNSENT, "ix_delivery_unsent", "kind", "next_at", "id"),
        sa.Index(None, "run_id", "state"),
        sa.Index(None, "content_id"),
        NEVER_REUSED,
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: DeliveryKind = word_field("kind", DeliveryKind)
    recipient: str
    subscription_id: int | None = Field(default=None, foreign_key="subscription.id", ondelete="SET NULL")
    message_id: str
    message_sha256: str = Field(max_length=64)
    state: DeliveryState = word_field("state", DeliveryState)
    attempts: int
    next_at: datetime
    cutoff: int | None = None
    created_at: datetime
    settled_at: datetime | None = None
    response: str | None = None
    lane: str
    refusal: Refusal | None = word_field("refusal", Refusal, nullable=True)
    doubted_at: datetime | None = None
    resends: int = 0
    run_id: int | None = Field(default=None, foreign_key="digest_run.id")
    content_id: int | None = Field(default=None, foreign_key="digest_content.id")
    corrects_id: int | None = Field(default=None, foreign_key="delivery.id", ondelete="SET NULL")


class MessageRow(Row, table=True):
    """The exact bytes of an e-mail (erasable); they go after a while.

    Apart from the delivery, for that is written twice in every turn, and all its columns each time.
    """

    __tablename__ = "message"
    delivery_id: int = Field(
        primary_key=True,
        foreign_key="delivery.id",
        ondelete="CASCADE",
        sa_column_kwargs={"autoincrement": False},
    )
    content: bytes


class LaneRow(Row, table=True):
    """How a recipients' domain is to be treated; "" is all mail together.

    Nothing leaves on it before `open_at`; `slowdowns` counts how often in a row its server asked for less.
    From `stopped_at` on nothing leaves at all until staff resume it: `stopped_why` is the server's answer.
    """

    __tablename__ = "mail_lane"
    domain: str = Field(primary_key=True)
    open_at: datetime
    slowdowns: int
    stopped_at: datetime | None = None
    stopped_why: str | None = text_field("stopped_why", nullable=True)


SUBSCRIPTION = Row.metadata.tables["subscription"]
TOKEN = Row.metadata.tables["token"]
DELIVERY = Row.metadata.tables["delivery"]
MESSAGE = Row.metadata.tables["message"]
LANE = Row.metadata.tables["mail_lane"]
