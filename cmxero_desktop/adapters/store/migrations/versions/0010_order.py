"""Keep when Xero gave each answer, and number the leases, so that what is older never replaces what is newer (R35)."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of what is stored already nobody knows when it was answered."""
    for table in ("payments", "invoices"):
        op.add_column(table, sa.Column("answered_at", sa.String(27)))
    op.add_column("leases", sa.Column("number", sa.BigInteger, nullable=False, server_default="0"))
