"""Keep what a comparison leaves for the next program, which then looks only at what changed since."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty: the next check compares everything and fills them."""
    op.create_table(
        "left_heads",
        sa.Column("head_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rules_version", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "left_invoices",
        sa.Column("invoice_number", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "left_marks",
        sa.Column("case_key", sa.Text, primary_key=True),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
    )
