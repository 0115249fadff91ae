"""Keep Xero's chart of accounts, which says what kind of account a payment went to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the next full comparison fills it."""
    op.create_table(
        "accounts",
        sa.Column("account_key", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
    )
