"""Mark the pairs that the very first comparison found, which until now were told by the clock alone (R5, R35)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PARTS = sa.table("poll_state", sa.column("part", sa.Text), sa.column("record", sa.Text))
_PAIRS = sa.table(
    "remembered_pairs",
    sa.column("position", sa.Integer),
    sa.column("since", sa.String(27)),
    sa.column("is_baseline", sa.Boolean),
)


def upgrade() -> None:
    """Add the column, and mark what a store has by now."""
    op.add_column("remembered_pairs", sa.Column("is_baseline", sa.Boolean, nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    text = connection.scalar(sa.select(_PARTS.c.record).where(_PARTS.c.part == "comparison"))
    first = json.loads(text).get("first_polled_at") if text else None
    if first is None:
        return
    found = sa.select(_PAIRS.c.position, _PAIRS.c.since).where(_PAIRS.c.since.is_not(None))
    baseline = _baseline(connection.execute(found.order_by(_PAIRS.c.position)).all(), datetime.fromisoformat(first))
    if baseline:
        mark = _PAIRS.update().where(_PAIRS.c.position == sa.bindparam("at")).values(is_baseline=sa.true())
        connection.execute(mark, [{"at": position} for position in baseline])


def _baseline(pairs: Sequence[Any], first: datetime) -> list[int]:
    """Return the places of the pairs that the first comparison found.

    It gave them its own instant exactly, and they stand in the order in which they were found: what follows the last of
    them is newer, also where the clock was ahead then and right afterwards.
    """
    times = [(row.position, datetime.fromisoformat(row.since)) for row in pairs]
    last = max((position for position, since in times if since == first), default=None)
    return [position for position, since in times if since <= first and (last is None or position <= last)]
