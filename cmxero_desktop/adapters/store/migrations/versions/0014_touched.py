"""Say which invoices something was stored about, so that a check need compare only these."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty, since a program run first compares everything; and find pairs by their invoice."""
    op.create_table(
        "touched",
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("generation", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_touched_generation", "touched", ["generation"])
    op.create_index("ix_remembered_pairs_invoice_number", "remembered_pairs", ["invoice_number"])
