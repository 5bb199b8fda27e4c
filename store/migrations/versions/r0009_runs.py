"""Digest runs: their states, what their mails tell, and what staff decided about them."""

import sqlalchemy as sa
from alembic import op

from store.migrations.rebuilding import rebuild

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    run_tables()
    rebuild(("delivery",), delivery_table)
    op.create_table(
        "run_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        moment("at"),
        sa.Column("member", sa.Integer(), nullable=False),
        words("action", "hold", "release", "reject", "correct"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["digest_run.id"], name=op.f("fk_run_decision_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_decision")),
    )
    op.create_index(op.f("ix_run_decision_run_id"), "run_decision", ["run_id"])
    refuse_rewriting("run_decision")


def run_tables() -> None:
    """Create digest_run and what its mails tell."""
    op.create_table(
        "digest_run",
        sa.Column("id", sa.Integer(), nullable=False),
        words("kind", "digest", "correction"),
        words("frequency", "at_once", "daily", "weekly", "monthly", nullable=True),
        sa.Column("period", sa.String(40), nullable=False),
        moment("due_at"),
        words(
            *("state", "due", "frozen", "composed", "held", "released", "draining"),
            *("closed", "cancelled", "quiet"),
        ),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("cutoff", sa.Integer(), nullable=True),
        sa.Column("reader_version", sa.String(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        moment("moved_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_run")),
        sa.UniqueConstraint("frequency", "period", name=op.f("uq_digest_run_frequency_period")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_digest_run_state"), "digest_run", ["state"])
    under_way = "state IN ('due', 'frozen', 'composed', 'held', 'released')"
    index_where("uq_digest_run_under_way", "digest_run", ["frequency"], under_way, unique=True)
    op.create_table(
        "digest_content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["digest_run.id"], name=op.f("fk_digest_content_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_content")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_digest_content_run_id"), "digest_content", ["run_id"])
    op.create_table(
        "digest_content_entry",
        sa.Column("content_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pub_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["digest_content.id"], name=op.f("fk_digest_content_entry_content_id")
        ),
        sa.ForeignKeyConstraint(
            ["pub_seq"], ["ledger.pub_seq"], name=op.f("fk_digest_content_entry_pub_seq")
        ),
        sa.PrimaryKeyConstraint("content_id", "pub_seq", name=op.f("pk_digest_content_entry")),
    )
    op.create_index(op.f("ix_digest_content_entry_pub_seq"), "digest_content_entry", ["pub_seq"])


def delivery_table() -> None:
    """Create delivery with what it belongs to."""
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        words("kind", "confirmation", "link", "notice", "correction", "digest", "alert", "test"),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("message_sha256", sa.String(64), nullable=True),
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
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("content_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_delivery_subscription_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["digest_run.id"], name=op.f("fk_delivery_run_id")),
        sa.ForeignKeyConstraint(["content_id"], ["digest_content.id"], name=op.f("fk_delivery_content_id")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["delivery.id"], name=op.f("fk_delivery_corrects_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_delivery_message_id")),
        sa.UniqueConstraint(
            "subscription_id", "kind", "run_id", name=op.f("uq_delivery_subscription_id_kind_run_id")
        ),
        sqlite_autoincrement=True,
    )
    unsent = "state IN ('ready', 'transmitting', 'in_doubt', 'deferred')"
    index_where("ix_delivery_unsent", "delivery", ["kind", "next_at", "id"], unsent)
    digest = "kind = 'digest' AND state IN ('composed', 'ready', 'transmitting', 'in_doubt', 'deferred')"
    index_where("uq_delivery_open_digest", "delivery", ["subscription_id"], digest, unique=True)
    op.create_index(op.f("ix_delivery_run_id_state"), "delivery", ["run_id", "state"])
    op.create_index(op.f("ix_delivery_content_id"), "delivery", ["content_id"])


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


def refuse_rewriting(table: str) -> None:
    """Let the database itself refuse to change or delete rows, as step 0001 does for its history."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'history is append-only: {table}'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
