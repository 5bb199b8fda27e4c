"""Which captures an archive brought, and which ledger entries they brought that are no news."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "imported",
        sa.Column("capture_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archive", sa.Text(), nullable=False),
        sa.Column("archive_sha256", sa.String(64), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_imported_capture_id")),
        sa.PrimaryKeyConstraint("capture_id", name=op.f("pk_imported")),
    )
    op.create_table(
        "retold",
        sa.Column("pub_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["pub_seq"], ["ledger.pub_seq"], name=op.f("fk_retold_pub_seq")),
        sa.PrimaryKeyConstraint("pub_seq", name=op.f("pk_retold")),
    )
    for table in ("imported", "retold"):
        refuse_rewriting(table)


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
