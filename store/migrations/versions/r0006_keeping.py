"""Keeping safe: backups, restorations, alarms about the disk; and a dropped body may come back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer(), nullable=False),
        moment("at"),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
    op.create_table(
        "restoration",
        sa.Column("id", sa.Integer(), nullable=False),
        moment("at"),
        moment("made_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restoration")),
    )
    op.create_table(
        "disk_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        moment("began_at"),
        moment("ended_at", nullable=True),
        sa.Column("free", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disk_alarm")),
        sqlite_autoincrement=True,
    )
    let_dropped_bodies_return()


def let_dropped_bodies_return() -> None:
    """Refuse changes to bodies as before, but let one whose content was dropped have its content again.

    A page may go back to what it said years ago, and a body is known by its digest.
    """
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER body_no_update")
        op.execute(
            "CREATE TRIGGER body_no_update BEFORE UPDATE ON body "
            "WHEN length(OLD.packed) > 0 OR NEW.sha256 <> OLD.sha256 OR NEW.length <> OLD.length "
            "BEGIN SELECT RAISE(ABORT, 'history is append-only: body'); END"
        )
        return
    op.execute("DROP TRIGGER body_append_only ON body")
    op.execute(
        "CREATE TRIGGER body_append_only BEFORE DELETE OR TRUNCATE ON body "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
    op.execute(
        "CREATE TRIGGER body_no_update BEFORE UPDATE ON body FOR EACH ROW "
        "WHEN (length(OLD.packed) > 0 OR NEW.sha256 <> OLD.sha256 OR NEW.length <> OLD.length) "
        "EXECUTE FUNCTION refuse_rewriting()"
    )


def moment(name: str, nullable: bool = False) -> sa.Column[object]:
    """Return a column of aware UTC instants."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
