"""Make the tables of release 0.1.0, and let the database itself refuse to change the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_GENESIS = "0" * 64
_HASH = sa.String(64)
_INSTANT = sa.String(27)


def upgrade() -> None:
    """Make all tables."""
    _facts()
    _results_and_proposals()
    _intents()
    _audit()
    _polls()
    _protect_audit()


def _facts() -> None:
    op.create_table(
        "payments",
        sa.Column("payment_key", sa.Text, primary_key=True),
        sa.Column("payment_id", sa.Text, nullable=False),
        sa.Column("invoice_id", sa.Text, nullable=False),
        sa.Column("paid_on", sa.Date, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("is_bank_reconciled", sa.Boolean, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_index("ix_payments_invoice_id", "payments", ["invoice_id"])
    op.create_table(
        "invoices",
        sa.Column("invoice_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("paid_minor", sa.BigInteger, nullable=False),
        sa.Column("credited_minor", sa.BigInteger, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_table(
        "tracked_invoices",
        sa.Column("xero_invoice_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("first_seen_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "unreadable_rows",
        sa.Column("row_key", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table("unknown_ids", sa.Column("payment_key", sa.Text, primary_key=True))


def _results_and_proposals() -> None:
    op.create_table(
        "results",
        sa.Column("invoice_number", sa.Text, primary_key=True),
        sa.Column("digest", _HASH, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "proposals",
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column("proposal_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_proposals_proposal_id", "proposals", ["proposal_id"])
    op.create_index("ix_proposals_state", "proposals", ["state"])
    op.create_table(
        "chosen_links",
        sa.Column("xero_payment_id", sa.Text, primary_key=True),
        sa.Column("case_payment_key", sa.Text, primary_key=True),
    )


def _intents() -> None:
    op.create_table(
        "intents",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("intent_id", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_intents_state", "intents", ["state"])
    op.create_table("known_copies", sa.Column("case_payment_key", sa.Text, primary_key=True))


def _audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("program_version", sa.Text, nullable=False),
        sa.Column("rules_version", sa.Text, nullable=False),
        sa.Column("previous_hash", _HASH, nullable=False),
        sa.Column("entry_hash", _HASH, nullable=False),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("head_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.Column("entry_hash", _HASH, nullable=False),
    )
    op.bulk_insert(head, [{"head_id": 1, "entries": 0, "entry_hash": _GENESIS}])


def _polls() -> None:
    op.create_table(
        "alerts",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("alert_key", sa.Text, nullable=False, unique=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Text, nullable=False, unique=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "poll_state",
        sa.Column("state_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", sa.Text, nullable=False),
    )


def _protect_audit() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$
            """
        )
        op.execute(
            """
            CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
            """
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"""
            CREATE TRIGGER audit_entries_no_{change.lower()} BEFORE {change} ON audit_entries
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
            """
        )
