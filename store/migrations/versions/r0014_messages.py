"""The bytes of mails stand in a table of their own, their digests with the deliveries for good."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from store.migrations.rebuilding import require

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "message",
        sa.Column("delivery_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_message_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_message")),
    )
    op.execute(
        "INSERT INTO message (delivery_id, content) "
        "SELECT id, message FROM delivery WHERE message_sha256 IS NULL"
    )
    connection = op.get_bind()
    query = sa.text("SELECT delivery_id, content FROM message").execution_options(yield_per=100)
    digests = [
        {"number": row.delivery_id, "digest": sha256(row.content).hexdigest()}
        for row in connection.execute(query)
    ]
    if digests:
        update = sa.text("UPDATE delivery SET message_sha256 = :digest WHERE id = :number")
        connection.execute(update, digests)
    op.drop_column("delivery", "message")
    require("delivery", "message_sha256")
