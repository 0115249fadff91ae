"""Say of each proposal which invoice it is of, so that those of one invoice are found without reading all."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and fill it from the records before it is required."""
    op.add_column("proposals", sa.Column("invoice_number", sa.Text))
    proposals = sa.table("proposals", sa.column("fingerprint"), sa.column("record"), sa.column("invoice_number"))
    connection = op.get_bind()
    rows = [
        {"key": fingerprint, "number": json.loads(record)["proposal"]["invoice_number"]}
        for fingerprint, record in connection.execute(sa.select(proposals.c.fingerprint, proposals.c.record))
    ]
    if rows:
        statement = proposals.update().where(proposals.c.fingerprint == sa.bindparam("key"))
        connection.execute(statement.values(invoice_number=sa.bindparam("number")), rows)
    with op.batch_alter_table("proposals") as table:
        table.alter_column("invoice_number", existing_type=sa.Text, nullable=False)
    op.create_index("ix_proposals_invoice_number", "proposals", ["invoice_number"])
