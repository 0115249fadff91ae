"""Pack the results of invoices, which took most of the room; what a comparison left is left anew by the next.

A record that is no text is left out: no other part of the store speaks of it, and the next comparison, which is one of
everything, writes it anew.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from cmxero_desktop.adapters.store.packing import pack

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_HASH_LENGTH = 64
_AT_ONCE = 500


def upgrade() -> None:
    """Write each result packed into a new table, which then takes the old one's place."""
    connection = op.get_bind()
    packed = op.create_table(
        "packed_results",
        sa.Column("invoice_number", sa.Text, primary_key=True),
        sa.Column("digest", sa.String(_HASH_LENGTH), nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    for some in _by_and_by(connection):
        texts = ((row, row["record"]) for row in some)
        rows = [{**row, "record": pack(text)} for row, text in texts if isinstance(text, str)]
        if rows:
            connection.execute(packed.insert(), rows)
    op.drop_index("ix_results_marks", "results")
    op.drop_table("results")
    op.rename_table("packed_results", "results")
    op.create_index("ix_results_marks", "results", ["invoice_number", "digest"])

    op.drop_table("left_invoices")
    op.create_table(
        "left_invoices",
        sa.Column("invoice_number", sa.Text, primary_key=True),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.execute(sa.delete(sa.table("left_heads")))


def _by_and_by(connection: sa.Connection) -> Iterator[list[dict[str, object]]]:
    """Read the results in the order of their numbers, so many at a time: all of a large firm would fill the memory."""
    stored = sa.table("results", sa.column("invoice_number"), sa.column("digest"), sa.column("record"))
    ordered = sa.select(stored).order_by(stored.c.invoice_number).limit(_AT_ONCE)
    rows = connection.execute(ordered).mappings().all()
    while rows:
        yield [dict(row) for row in rows]
        after = ordered.where(stored.c.invoice_number > rows[-1]["invoice_number"])
        rows = connection.execute(after).mappings().all()
