"""Make room for the SOR watch: schedules and alerts, and what is to be said of them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INSTANT = sa.String(27)


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "sor_records",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_sor_records_kind", "sor_records", ["kind", "name"], unique=True)
    op.create_table(
        "sor_notices",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("notice_key", sa.Text, nullable=False, unique=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "sor_sayings",
        sa.Column("notice_key", sa.Text, primary_key=True),
        sa.Column("way", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("said_at", _INSTANT),
    )
