"""The first tables: sources and pages, append-only history, the ledger, subscriptions, deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HISTORY = ("body", "capture", "snapshot", "verdict", "track", "project_version", "ledger")


def upgrade() -> None:
    """Apply the step."""
    watched_tables()
    body_table()
    capture_tables()
    project_tables()
    ledger_tables()
    subscription_tables()
    delivery_table()
    for table in HISTORY:
        refuse_rewriting(table)


def watched_tables() -> None:
    """Create source and page."""
    op.create_table(
        "source",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        moment("since"),
        sa.Column("state", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_source")),
    )
    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        moment("since"),
        moment("due_at", nullable=True),
        moment("lease_until", nullable=True),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_page_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("source", "address", name=op.f("uq_page_source_address")),
    )
    op.create_index(op.f("ix_page_due_at"), "page", ["due_at"])


def body_table() -> None:
    """Create body."""
    op.create_table(
        "body",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(64), nullable=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(depth = 0) = (base IS NULL)", name=op.f("ck_body_whole")),
        sa.CheckConstraint("depth BETWEEN 0 AND 49", name=op.f("ck_body_chain")),
        sa.ForeignKeyConstraint(["base"], ["body.sha256"], name=op.f("fk_body_base")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_body")),
    )


def capture_tables() -> None:
    """Create capture, snapshot and verdict."""
    op.create_table(
        "capture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        moment("at"),
        moment("recorded_at"),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("redirects", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=True),
        sa.Column("coded_sha256", sa.String(64), nullable=True),
        sa.Column("coded_length", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["body_sha256"], ["body.sha256"], name=op.f("fk_capture_body_sha256")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_capture_page_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
    )
    op.create_index(op.f("ix_capture_page_id_at_id"), "capture", ["page_id", "at", "id"])
    reading_tables()


def reading_tables() -> None:
    """Create snapshot and verdict."""
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.Column("reader_version", sa.String(), nullable=False),
        words(
            "page_state",
            *("ok", "empty", "maintenance", "blocked", "not_found"),
            *("moved", "truncated", "not_html", "too_large"),
        ),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        moment("at"),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_snapshot_capture_id")),
        sa.ForeignKeyConstraint(["content_sha256"], ["body.sha256"], name=op.f("fk_snapshot_content_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint(
            "capture_id", "reader_version", name=op.f("uq_snapshot_capture_id_reader_version")
        ),
    )
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        words("decision", "accepted", "unchanged", "held", "failed"),
        sa.Column("reasons", sa.Text(), nullable=False),
        moment("at"),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_verdict_capture_id")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_verdict_page_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index(op.f("ix_verdict_capture_id"), "verdict", ["capture_id"])
    op.create_index(op.f("ix_verdict_page_id_decision_id"), "verdict", ["page_id", "decision", "id"])


def project_tables() -> None:
    """Create track and project_version."""
    op.create_table(
        "track",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_track_capture_id")),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_track_source")),
        sa.PrimaryKeyConstraint("source", "number", name=op.f("pk_track")),
    )
    op.create_table(
        "project_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        moment("at"),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_project_version_capture_id")),
        sa.ForeignKeyConstraint(
            ["source", "number"],
            ["track.source", "track.number"],
            name=op.f("fk_project_version_source_number"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_version")),
    )
    op.create_index(
        op.f("ix_project_version_source_number_at_id"),
        "project_version",
        ["source", "number", "at", "id"],
    )


def ledger_tables() -> None:
    """Create ledger, and ledger_head with its only row."""
    op.create_table(
        "ledger",
        sa.Column("pub_seq", sa.Integer(), autoincrement=False, nullable=False),
        moment("at"),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("track", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        words("kind", "added", "changed", "retitled", "moved", "removed", "reappeared"),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_ledger_capture_id")),
        sa.ForeignKeyConstraint(
            ["source", "track"], ["track.source", "track.number"], name=op.f("fk_ledger_source_track")
        ),
        sa.PrimaryKeyConstraint("pub_seq", name=op.f("pk_ledger")),
    )
    op.create_index(op.f("ix_ledger_at"), "ledger", ["at"])
    op.create_index(op.f("ix_ledger_capture_id"), "ledger", ["capture_id"])
    op.create_index(op.f("ix_ledger_source_track_pub_seq"), "ledger", ["source", "track", "pub_seq"])
    head = op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pub_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.bulk_insert(head, [{"id": 1, "pub_seq": 0}])


def subscription_tables() -> None:
    """Create subscription and token."""
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        words("frequency", "at_once", "daily", "weekly"),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("wish_sha256", sa.String(64), nullable=False),
        words("state", "pending", "active", "ended"),
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
        words("purpose", "confirm", "unsubscribe"),
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


def delivery_table() -> None:
    """Create delivery."""
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        words("kind", "confirmation", "digest", "alert"),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        words("state", "ready", "transmitting", "accepted", "deferred", "rejected", "cancelled"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        moment("next_at"),
        sa.Column("cutoff", sa.Integer(), nullable=True),
        moment("created_at"),
        moment("settled_at", nullable=True),
        sa.Column("response", sa.String(), nullable=True),
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
    unsent = "state IN ('ready', 'transmitting', 'deferred')"
    index_where("ix_delivery_unsent", "delivery", ["kind", "next_at", "id"], unsent)
    digest = f"kind = 'digest' AND {unsent}"
    index_where("uq_delivery_unsent_digest", "delivery", ["subscription_id"], digest, unique=True)


def moment(name: str, nullable: bool = False) -> sa.Column[object]:
    """Return a column of aware UTC instants."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str, *known: str) -> sa.Column[object]:
    """Return a column of text that holds one of the known words."""
    kind = sa.Enum(*known, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kind, nullable=False)


def index_where(name: str, table: str, columns: list[str], condition: str, unique: bool = False) -> None:
    """Create an index of the rows that meet the condition."""
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def refuse_rewriting(table: str) -> None:
    """Let the database itself refuse to change or delete rows of a history table.

    A later step that rebuilds such a table (SQLite's batch mode) must create its triggers again.
    """
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'history is append-only: {table}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'history is append-only: %', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
