"""The words of subscriptions and deliveries as they are now, what settles a delivery, and lanes."""

import sqlalchemy as sa
from alembic import op

from store.migrations.rebuilding import rebuild

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    rebuild(
        ("subscription", "token", "delivery"), mail_tables, **{"delivery.lane": "''", "delivery.resends": "0"}
    )
    name_lanes()
    op.create_table(
        "mail_lane",
        sa.Column("domain", sa.String(), nullable=False),
        moment("open_at"),
        sa.Column("slowdowns", sa.Integer(), nullable=False),
        moment("stopped_at", nullable=True),
        sa.Column("stopped_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_lane")),
    )


def name_lanes() -> None:
    """Give old deliveries the lane of their recipient."""
    connection = op.get_bind()
    for recipient in connection.execute(sa.text("SELECT DISTINCT recipient FROM delivery")).scalars().all():
        lane = recipient.rpartition("@")[2].lower()
        update = sa.text("UPDATE delivery SET lane = :lane WHERE recipient = :recipient")
        connection.execute(update, {"lane": lane, "recipient": recipient})


def mail_tables() -> None:
    """Create subscription, token and delivery."""
    subscription_tables()
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        words("kind", "confirmation", "link", "notice", "correction", "digest", "alert", "test"),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        words(
            *("state", "composed", "ready", "transmitting", "in_doubt", "deferred"),
            *("accepted", "delivered", "rejected", "bounced", "cancelled"),
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        moment("next_at"),
        sa.Column("cutoff", sa.Integer(), nullable=True),
        moment("created_at"),
        moment("settled_at", nullable=True),
        sa.Column("response", sa.String(), nullable=True),
        sa.Column("lane", sa.String(), nullable=False),
        moment("give_up_at", nullable=True),
        words("refusal", "address", "soft", "ours", nullable=True),
        moment("doubted_at", nullable=True),
        sa.Column("resends", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_delivery_subscription_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_delivery_message_id")),
        sa.UniqueConstraint(
            "subscription_id", "kind", "cutoff", name=op.f("uq_delivery_subscription_id_kind_cutoff")
        ),
        sqlite_autoincrement=True,
    )
    unsent = "state IN ('ready', 'transmitting', 'in_doubt', 'deferred')"
    index_where("ix_delivery_unsent", "delivery", ["kind", "next_at", "id"], unsent)
    digest = "kind = 'digest' AND state IN ('composed', 'ready', 'transmitting', 'in_doubt', 'deferred')"
    index_where("uq_delivery_open_digest", "delivery", ["subscription_id"], digest, unique=True)


def subscription_tables() -> None:
    """Create subscription and token."""
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        words("frequency", "at_once", "daily", "weekly", "monthly"),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("wish_sha256", sa.String(64), nullable=False),
        words("state", "pending", "active", "suspended", "ended"),
        sa.Column("cursor", sa.Integer(), nullable=False),
        moment("requested_at"),
        moment("confirmed_at", nullable=True),
        moment("ended_at", nullable=True),
        moment("told_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_subscription_state"), "subscription", ["state"])
    standing = "state <> 'ended'"
    index_where("uq_subscription_wish_sha256", "subscription", ["wish_sha256"], standing, unique=True)
    op.create_table(
        "token",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        words("purpose", "confirm", "unsubscribe", "preferences"),
        moment("created_at"),
        moment("expires_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_token_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_token")),
    )
    op.create_index(op.f("ix_token_subscription_id"), "token", ["subscription_id"])


def moment(name: str, nullable: bool = False) -> sa.Column[object]:
    """Return a column of aware UTC instants."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str, *known: str, nullable: bool = False) -> sa.Column[object]:
    """Return a column of text that holds one of the known words."""
    kind = sa.Enum(*known, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kind, nullable=nullable)


def index_where(name: str, table: str, columns: list[str], condition: str, unique: bool = False) -> None:
    """Create an index of the rows that meet the condition."""
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
