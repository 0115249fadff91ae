"""Say of each proposal what is decided by it and whether the removal limits know it, so that neither needs all read."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and fill them from the records before they are required."""
    op.add_column("proposals", sa.Column("decision", sa.Text))
    op.add_column("proposals", sa.Column("is_limited", sa.Boolean))
    proposals = sa.table(
        "proposals",
        sa.column("fingerprint"),
        sa.column("record"),
        sa.column("decision"),
        sa.column("is_limited", sa.Boolean),
    )
    connection = op.get_bind()
    rows = [
        {"key": fingerprint, **_told(json.loads(record))}
        for fingerprint, record in connection.execute(sa.select(proposals.c.fingerprint, proposals.c.record))
    ]
    if rows:
        statement = proposals.update().where(proposals.c.fingerprint == sa.bindparam("key"))
        connection.execute(statement.values(decision=sa.bindparam("said"), is_limited=sa.bindparam("limited")), rows)
    with op.batch_alter_table("proposals") as table:
        table.alter_column("decision", existing_type=sa.Text, nullable=False)
        table.alter_column("is_limited", existing_type=sa.Boolean, nullable=False)
    op.create_index("ix_proposals_decision", "proposals", ["decision"])
    op.create_index("ix_proposals_is_limited", "proposals", ["is_limited"])


def _told(record: dict[str, dict[str, str | list[str]] | None]) -> dict[str, object]:
    proposal = record["proposal"] or {}
    is_limited = "over_limit" in proposal.get("flags", ()) or record.get("release") is not None
    return {"said": proposal.get("decision", ""), "limited": is_limited}
