"""Make room for notes on payments, with who sees to them and when."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "desk_notes",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("has_ended", sa.Boolean, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_desk_notes_has_ended", "desk_notes", ["has_ended"])
