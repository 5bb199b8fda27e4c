"""Reviews and how they ended, staff decisions and who made them, and the grounds of published changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HISTORY = ("review", "staff_decision", "review_end", "ledger_grounds")


def upgrade() -> None:
    """Apply the step."""
    review_table()
    decision_tables()
    review_end_table()
    op.create_table(
        "ledger_grounds",
        sa.Column("pub_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["pub_seq"], ["ledger.pub_seq"], name=op.f("fk_ledger_grounds_pub_seq")),
        sa.PrimaryKeyConstraint("pub_seq", name=op.f("pk_ledger_grounds")),
    )
    op.create_index(op.f("ix_verdict_page_id_id"), "verdict", ["page_id", "id"])
    for table in HISTORY:
        refuse_rewriting(table)


def review_table() -> None:
    """Create review."""
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        words("kind", "capture", "pair"),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        moment("since"),
        moment("opened_at"),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_review_source")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_review_page_id")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_review_capture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_source_key"), "review", ["source", "key"])
    op.create_index(op.f("ix_review_opened_at"), "review", ["opened_at"])


def decision_tables() -> None:
    """Create staff_member and staff_decision."""
    op.create_table(
        "staff_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_member_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        moment("at"),
        sa.Column("member", sa.Integer(), nullable=False),
        words("action", "release", "reject", "same", "different", "merge", "split", "undo"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("track", sa.Integer(), nullable=True),
        sa.Column("other", sa.Integer(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_staff_decision_source")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_staff_decision_capture_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_staff_decision_review_id")),
        sa.ForeignKeyConstraint(["undoes"], ["staff_decision.id"], name=op.f("fk_staff_decision_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_decision")),
        sa.UniqueConstraint("undoes", name=op.f("uq_staff_decision_undoes")),
    )
    op.create_index(op.f("ix_staff_decision_source_id"), "staff_decision", ["source", "id"])


def review_end_table() -> None:
    """Create review_end."""
    op.create_table(
        "review_end",
        sa.Column("review_id", sa.Integer(), autoincrement=False, nullable=False),
        moment("at"),
        words("ending", "settled", "released", "rejected", "same", "different"),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_end_review_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["staff_decision.id"], name=op.f("fk_review_end_decision_id")
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_review_end")),
    )


def moment(name: str) -> sa.Column[object]:
    """Return the column of an instant."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


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
