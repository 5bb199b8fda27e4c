"""The evidence log: entries, head, checkpoints and their time stamps, and the recipients' keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HISTORY = ("log_entry", "checkpoint", "checkpoint_timestamp")


def upgrade() -> None:
    """Apply the step."""
    entry_tables()
    checkpoint_tables()
    op.create_table(
        "recipient_key",
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("recipient", name=op.f("pk_recipient_key")),
    )
    op.create_index(op.f("ix_track_capture_id"), "track", ["capture_id"])
    op.create_index(op.f("ix_project_version_capture_id"), "project_version", ["capture_id"])
    for table in HISTORY:
        refuse_rewriting(table)


def entry_tables() -> None:
    """Create log_entry, and log_head with its only row."""
    op.create_table(
        "log_entry",
        sa.Column("leaf_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_log_entry")),
    )
    op.create_index(op.f("ix_log_entry_kind_key"), "log_entry", ["kind", "key"])
    head = op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.bulk_insert(head, [{"id": 1, "size": 0, "sealed": 0}])


def checkpoint_tables() -> None:
    """Create checkpoint and checkpoint_timestamp."""
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "checkpoint_timestamp",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["size"], ["checkpoint.size"], name=op.f("fk_checkpoint_timestamp_size")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint_timestamp")),
    )


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
