"""Keep the state of polling in parts, one row each, so that whoever writes one leaves the others alone."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The fields of each part, by their names in the record that held them all.
_PARTS = {
    "organisation": {
        "organisation_id": "organisation_id",
        "organisation_name": "name",
        "currency": "currency",
        "time_zone": "time_zone",
        "locks": "locks",
    },
    "cursors": {
        "payments_cursor": "payments",
        "invoices_cursor": "invoices",
        "last_full_at": "last_full_at",
        "as_of": "as_of",
    },
    "comparison": {
        "first_polled_at": "first_polled_at",
        "last_polled_at": "last_polled_at",
        "today": "today",
        "policy": "policy",
        "case_manager_label": "case_manager_label",
        "other_payments": "other_payments",
    },
    "allowance": {"limits": "limits", "pause": "pause", "full_requests": "full_requests"},
    "sign_in": {"sign_in_renewed_at": "renewed_at"},
}


def upgrade() -> None:
    """Take the one record apart; what an older program had not stored yet begins with its default."""
    text = op.get_bind().scalar(sa.text("SELECT record FROM poll_state"))
    op.drop_table("poll_state")
    parts = op.create_table(
        "poll_state",
        sa.Column("part", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    if text is not None:
        state = json.loads(text)
        op.bulk_insert(parts, [{"part": part, "record": _record(state, names)} for part, names in _PARTS.items()])


def _record(state: dict[str, object], names: dict[str, str]) -> str:
    return json.dumps(
        {new: state[old] for old, new in names.items() if old in state}, separators=(",", ":"), ensure_ascii=False
    )
