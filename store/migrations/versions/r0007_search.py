"""Search over everything ever said: the texts, the index of their words, filled from history."""

import sqlalchemy as sa
from alembic import op

from store.search.indexing import rebuild
from store.search.word_index import CREATE

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "said",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("first_capture_id", sa.Integer(), nullable=False),
        sa.Column("gone_capture_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(number IS NULL) <> (page_id IS NULL)", name=op.f("ck_said_one_speaker")),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_said_source")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_said_page_id")),
        sa.ForeignKeyConstraint(["first_capture_id"], ["capture.id"], name=op.f("fk_said_first_capture_id")),
        sa.ForeignKeyConstraint(["gone_capture_id"], ["capture.id"], name=op.f("fk_said_gone_capture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said")),
    )
    op.create_index(op.f("ix_said_source_number_sha256"), "said", ["source", "number", "sha256"])
    op.create_index(op.f("ix_said_page_id_sha256"), "said", ["page_id", "sha256"])
    for statement in CREATE[op.get_bind().dialect.name]:
        op.execute(statement)
    # The index is derived. A later step that changes what it is made from makes it anew, and this call goes.
    rebuild(op.get_bind())
