"""Keep what is overwritten from now on; what is there today is the first version of everything (R34)."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; a store that holds something is kept from this instant on."""
    moments = op.create_table(
        "moments",
        sa.Column("moment", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("entries", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_moments_at", "moments", ["at"])
    op.create_table(
        "was",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("moment", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(2), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        sa.Column("record", sa.Text),
    )
    op.create_index("ix_was_home", "was", ["home"])
    for table in ("payments", "invoices", "remembered_pairs"):
        op.add_column(table, sa.Column("born", sa.Integer, nullable=False, server_default="0"))
    connection = op.get_bind()
    entries = connection.scalar(sa.text("SELECT entries FROM audit_head")) or 0
    if entries or connection.scalar(sa.text("SELECT count(*) FROM payments")):
        now: datetime = context.config.attributes.get("now") or datetime.now(UTC)
        at = f"{now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
        op.bulk_insert(moments, [{"moment": 0, "at": at, "entries": entries}])
