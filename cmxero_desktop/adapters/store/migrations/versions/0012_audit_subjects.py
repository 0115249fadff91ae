"""Say of each audit entry which proposal it is about, so that the last word about one is found without reading all."""

import json
from collections.abc import Iterator
from itertools import islice

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_AT_ONCE = 1000


def upgrade() -> None:
    """Make the table beside the trail, which nothing may change, and fill it from the trail."""
    subjects = op.create_table(
        "audit_subjects",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("proposal_id", sa.Text, nullable=False),
    )
    rows = _rows(op.get_bind())
    while some := list(islice(rows, _AT_ONCE)):
        op.get_bind().execute(subjects.insert(), some)
    op.create_index("ix_audit_subjects_proposal_id", "audit_subjects", ["proposal_id"])


def _rows(connection: sa.Connection) -> Iterator[dict[str, object]]:
    """Read the trail in steps: it may be very long."""
    entries = sa.table("audit_entries", sa.column("sequence"), sa.column("event"))
    last = 0
    while True:
        after = sa.select(entries).where(entries.c.sequence > last).order_by(entries.c.sequence).limit(_AT_ONCE)
        found = connection.execute(after).all()
        if not found:
            return
        for sequence, event in found:
            about = json.loads(event).get("proposal_id")
            if about:
                yield {"sequence": sequence, "proposal_id": about}
        last = found[-1].sequence
