"""What comes back: mails taken in, readers in trouble for it, and the link by which they resume."""

import sqlalchemy as sa
from alembic import op

from store.migrations.rebuilding import rebuild

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    rebuild(("token",), tokens)
    op.create_table(
        "incoming_mail",
        sa.Column("sha256", sa.String(64), nullable=False),
        moment("at"),
        words("kind", "report", "complaint", "leaving", "automatic", "forged", "other"),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_incoming_mail")),
    )
    op.create_index(op.f("ix_incoming_mail_at"), "incoming_mail", ["at"])
    op.create_table(
        "trouble",
        sa.Column("subscription_id", sa.Integer(), autoincrement=False, nullable=False),
        moment("forgiven_at", nullable=True),
        moment("probed_at", nullable=True),
        sa.Column("probe_id", sa.Integer(), nullable=True),
        moment("suspended_at", nullable=True),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_trouble_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_trouble")),
    )


def tokens() -> None:
    """Create token, whose links may resume a subscription too."""
    op.create_table(
        "token",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        words("purpose", "confirm", "unsubscribe", "preferences", "resume"),
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


def words(name: str, *allowed: str) -> sa.Column[object]:
    """Return a text column that takes these words alone."""
    kind = sa.Enum(*allowed, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kind, nullable=False)
