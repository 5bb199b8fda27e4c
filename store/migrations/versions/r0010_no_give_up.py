"""Deliveries have no end of their own: a newer digest takes the place of one that could not be sent."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.drop_column("delivery", "give_up_at")
