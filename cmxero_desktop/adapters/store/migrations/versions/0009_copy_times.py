"""Keep when others copied the payments that Xero got, as far as the checks could see it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the next checks fill it."""
    op.create_table(
        "copy_times",
        sa.Column("payment_key", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
    )
