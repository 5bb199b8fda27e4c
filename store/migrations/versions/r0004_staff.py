"""The staff: accounts, sessions, throttles of the sign-in, and notes that are never overwritten."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    account_tables()
    op.create_table(
        "sign_in_throttle",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        moment("began_at"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_throttle")),
    )
    op.create_index(op.f("ix_sign_in_throttle_began_at"), "sign_in_throttle", ["began_at"])
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        moment("at"),
        sa.Column("member", sa.Integer(), nullable=False),
        words("kind", "page", "project", "change"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index(op.f("ix_remark_kind_key"), "remark", ["kind", "key"])
    refuse_rewriting("remark")


def account_tables() -> None:
    """Create staff_account and staff_session."""
    op.create_table(
        "staff_account",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        words("role", "auditor", "editor", "administrator"),
        sa.Column("password", sa.String(), nullable=False),
        moment("created_at"),
        moment("disabled_at", nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_staff_account_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_staff_account")),
    )
    op.create_table(
        "staff_session",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        moment("began_at"),
        moment("seen_at"),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["staff_account.member_id"],
            name=op.f("fk_staff_session_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_member_id"), "staff_session", ["member_id"])
    op.create_index(op.f("ix_staff_session_began_at"), "staff_session", ["began_at"])


def moment(name: str, nullable: bool = False) -> sa.Column[object]:
    """Return a column of aware UTC instants."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str, *allowed: str) -> sa.Column[object]:
    """Return a text column that takes these words alone."""
    kind = sa.Enum(*allowed, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kind, nullable=False)


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
