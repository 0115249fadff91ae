"""Say who writes a batch to Case Manager, so that another desktop settles it only when that one is heard of no more."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INSTANT = sa.String(27)


def upgrade() -> None:
    """Make the table, empty: an older program stored what it was about to write one invoice at a time."""
    op.create_table(
        "writers",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", _INSTANT),
    )
