"""Remember pairs, parted pairs and what persons said; the memory begins with what is known today.

What was matched at the last check belongs together, and so does what a person linked or approved and was written.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_Row = dict[str, Any]


def upgrade() -> None:
    """Make the tables, and fill the memory of pairs."""
    pairs = op.create_table(
        "remembered_pairs",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("payment_key", sa.Text, nullable=False),
        sa.Column("payment_id", sa.Text, nullable=False),
        sa.Column("case_payment_key", sa.Text, nullable=False),
        sa.Column("invoice_number", sa.Text, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("paid_on", sa.Date, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("since", sa.String(27)),
        sa.Column("ended_at", sa.String(27)),
        sa.Column("ended_why", sa.Text),
    )
    op.create_index("ix_remembered_pairs_keys", "remembered_pairs", ["payment_key", "case_payment_key"])
    op.create_table(
        "parted_pairs",
        sa.Column("payment_key", sa.Text, primary_key=True),
        sa.Column("case_payment_key", sa.Text, primary_key=True),
    )
    op.create_table(
        "sayings",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("invoice_number", sa.Text, nullable=False),
        sa.Column("has_ended", sa.Boolean, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_sayings_kind", "sayings", ["kind", "name"])
    connection = op.get_bind()
    found = {(row["payment_key"], row["case_payment_key"]): row for row in _known(connection)}
    if found:
        op.bulk_insert(pairs, list(found.values()))
    op.drop_table("chosen_links")


def _known(connection: sa.Connection) -> Iterator[_Row]:
    """Return what belongs together: what was written, in the order of the writes, then what was matched last."""
    results = _records(connection, "SELECT record FROM results", "")
    numbers = {r["snapshot"]["number"]: _number(r["snapshot"]) for r in results}
    written: dict[str, _Row] = {}
    for record in _records(connection, "SELECT record FROM proposals WHERE state = 'applied'", "changed_at"):
        proposal = record["proposal"]
        case_id = record["result_id"] or proposal["case"]["payment_id"]
        if proposal["kind"] == "remove":
            # The key may belong to another payment by now.
            written.pop(_key(case_id), None)
        else:
            number = numbers.get(proposal["invoice_number"], proposal["invoice_number"])
            written[_key(case_id)] = _pair(proposal["xero"], case_id, number, proposal["after"], "named")
    yield from written.values()
    for record in results:
        for row in record["correlation"]["placements"]:
            if row["bucket"] == "matched" and row["xero"] and row["case"]:
                how = "named" if row["matched_how"] == "Linked earlier" else "equal"
                yield _pair(row["xero"], row["case"]["payment_id"], _number(record["snapshot"]), row["case"], how)
    yield from _linked(connection, results)


def _linked(connection: sa.Connection, results: list[Any]) -> Iterator[_Row]:
    """Return what persons called the same money, as far as both payments are still there."""
    chosen = {
        (r.xero_payment_id, r.case_payment_key) for r in connection.execute(sa.text("SELECT * FROM chosen_links"))
    }
    for snapshot in (record["snapshot"] for record in results):
        for xero in snapshot["xero_payments"]:
            for copy in snapshot["case_payments"]:
                if (xero["payment_id"], _key(copy["payment_id"])) in chosen:
                    yield _pair(xero, copy["payment_id"], _number(snapshot), copy, "said by a person")


def _number(snapshot: _Row) -> str:
    """Return Case Manager's own number of an invoice."""
    return str((snapshot["case_invoice"] or {}).get("number", ""))


def _records(connection: sa.Connection, query: str, order: str) -> list[Any]:
    found = [json.loads(text) for text in connection.scalars(sa.text(query))]
    return sorted(found, key=lambda record: record[order]) if order else found


def _pair(xero: _Row, case_id: _Row, number: str, values: _Row, how: str) -> _Row:
    return {
        "payment_key": xero["payment_id"].lower(),
        "payment_id": xero["payment_id"],
        "case_payment_key": _key(case_id),
        "invoice_number": number,
        "amount_minor": int(values["amount"]["amount"].replace(".", "")),
        "currency": values["amount"]["currency"],
        "paid_on": date.fromisoformat(values["paid_on"]),
        "how": how,
    }


def _key(case_id: _Row) -> str:
    return json.dumps(case_id, separators=(",", ":"), ensure_ascii=False)
