"""Add the polling lease of a shared store, the count of requests of each day, and the version of the facts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "requests",
        sa.Column("made_on", sa.Date, primary_key=True),
        sa.Column("made", sa.Integer, nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("lease_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("until", sa.String(27), nullable=False),
    )
    op.create_table(
        "facts_version",
        sa.Column("version_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
