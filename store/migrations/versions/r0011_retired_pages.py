"""Pages that their source no longer names are retired: kept with their history, visited no more."""

import sqlalchemy as sa

from store.migrations.rebuilding import widen

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    widen("page", [(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True), "NULL")])
