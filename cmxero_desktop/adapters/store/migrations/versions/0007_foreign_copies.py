"""Record the copies that nothing accounts for, and make one alert of those that were raised for each of them."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OF_ONE_COPY = "writer:"


def upgrade() -> None:
    """Make the table; a copy that an alert stands for moves there from those that are accounted for."""
    foreign = op.create_table(
        "foreign_copies",
        sa.Column("case_payment_key", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    alerts = sa.table("alerts", sa.column("position"), sa.column("alert_key"), sa.column("record"))
    known = sa.table("known_copies", sa.column("case_payment_key"))
    connection = op.get_bind()
    found = [
        (row.alert_key, json.loads(row.record))
        for row in connection.execute(sa.select(alerts).order_by(alerts.c.position))
        if row.alert_key.startswith(_OF_ONE_COPY)
    ]
    if not found:
        return
    copies = {_key(alert["case_payment_id"]): _copy(alert) for _, alert in found}
    op.bulk_insert(foreign, [{"case_payment_key": key, "record": _json(copy)} for key, copy in copies.items()])
    named: sa.BindParameter[str] = sa.bindparam("key")
    connection.execute(known.delete().where(known.c.case_payment_key == named), [{"key": key} for key in copies])
    first_key, first = found[0]
    one = {"alert_key": "other-writer", "record": _json(_alert(first, len(found)))}
    connection.execute(alerts.update().where(alerts.c.alert_key == first_key).values(one))
    others = [{"key": key} for key, _ in found[1:]]
    if others:
        connection.execute(alerts.delete().where(alerts.c.alert_key == named), others)


def _copy(alert: dict[str, Any]) -> dict[str, Any]:
    """Return what the alert says of its copy; of its Notes it says nothing, so they count as Case Manager's own."""
    return {
        "case_id": alert["case_payment_id"],
        "invoice_number": alert["invoice_number"],
        "amount": alert["amount"],
        "paid_on": alert["on"],
        "sign": "case_manager_text",
        "seen_at": alert["raised_at"],
        "seen_on": alert["raised_at"][:10],
    }


def _alert(first: dict[str, Any], count: int) -> dict[str, Any]:
    """Return the alert about all of them; the next check finds better words."""
    what = f"{count} imported payments were not written by this program"
    words = f"{what}: Case Manager's own Xero link seems to be on. Only observing now, so that nothing is added twice."
    return {**first, "key": "other-writer", "explanation": words if count > 1 else first["explanation"]}


def _key(case_id: dict[str, Any]) -> str:
    return json.dumps(case_id, separators=(",", ":"), ensure_ascii=False)


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False)
