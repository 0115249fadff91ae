"""The tables of our own store, the same on SQLite and PostgreSQL.

A column exists for what is looked up, compared or added up; the rest of a record is JSON in the last one,
packed where records are long.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from cmxero_desktop.adapters.store.packing import Packed

metadata = MetaData()

HASH_LENGTH = 64
INSTANT_LENGTH = 27
_UTC_LENGTH = len("+00:00")


class Instant(TypeDecorator[datetime]):
    """An aware UTC time as ISO text of a fixed width: such texts sort as the times do, on every database."""

    impl = String(INSTANT_LENGTH)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write the time in UTC; raise ValueError for one without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value} has no time zone"
            raise ValueError(message)
        return instant_text(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read the time as aware UTC."""
        return None if value is None else datetime.fromisoformat(value)


def instant_text(value: datetime) -> str:
    """Write an aware time as it is stored."""
    if value.tzinfo is UTC:
        return f"{value.isoformat(timespec='microseconds')[:-_UTC_LENGTH]}Z"
    utc = value.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='microseconds')}Z"


# --- facts from Xero ----------------------------------------------------------------------------------------

# `payment_key` is the id in lower case: Notes carry ids in either case.
payments = Table(
    "payments",
    metadata,
    Column("payment_key", Text, primary_key=True),
    Column("payment_id", Text, nullable=False),
    Column("invoice_id", Text, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("is_bank_reconciled", Boolean, nullable=False),
    Column("details", Text, nullable=False),
    Column("born", Integer, nullable=False, server_default="0"),
    Column("answered_at", Instant),
    Index("ix_payments_invoice_id", "invoice_id"),
)

invoices = Table(
    "invoices",
    metadata,
    Column("invoice_id", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
    Column("credited_minor", BigInteger, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("details", Text, nullable=False),
    Column("born", Integer, nullable=False, server_default="0"),
    Column("answered_at", Instant),
)

# `account_key` is the id in lower case.
accounts = Table(
    "accounts",
    metadata,
    Column("account_key", Text, primary_key=True),
    Column("record", Text, nullable=False),
)

tracked_invoices = Table(
    "tracked_invoices",
    metadata,
    Column("xero_invoice_id", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
)

unreadable_rows = Table(
    "unreadable_rows",
    metadata,
    Column("row_key", Text, primary_key=True),
    Column("record", Text, nullable=False),
)

unknown_ids = Table("unknown_ids", metadata, Column("payment_key", Text, primary_key=True))

# One row: a number that grows with every change of the facts, so that nothing need be compared to know of one.
facts_version = Table(
    "facts_version",
    metadata,
    Column("version_id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)

# Which invoices something was stored about, and the number of the last time: whoever compared by a lower one compares
# them again. `subject` says by which of its names an invoice is meant; one of them means all that there are.
touched = Table(
    "touched",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("generation", BigInteger, nullable=False),
    Index("ix_touched_generation", "generation"),
)

# --- results and proposals ----------------------------------------------------------------------------------

results = Table(
    "results",
    metadata,
    Column("invoice_number", Text, primary_key=True),
    Column("digest", String(HASH_LENGTH), nullable=False),
    Column("record", Packed, nullable=False),
    # All that a look at the marks needs; the records beside them are long.
    Index("ix_results_marks", "invoice_number", "digest"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("proposal_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("invoice_number", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("is_limited", Boolean, nullable=False),
    Index("ix_proposals_proposal_id", "proposal_id"),
    Index("ix_proposals_state", "state"),
    Index("ix_proposals_invoice_number", "invoice_number"),
    Index("ix_proposals_decision", "decision"),
    Index("ix_proposals_is_limited", "is_limited"),
)

# --- memory -------------------------------------------------------------------------------------------------

# Keys of Case Manager are JSON here, so that the number 7 and the text "7" stay two keys.
# What has ended stays: a key of Case Manager is used again, and an ended pair never is.
remembered_pairs = Table(
    "remembered_pairs",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("payment_key", Text, nullable=False),
    Column("payment_id", Text, nullable=False),
    Column("case_payment_key", Text, nullable=False),
    Column("invoice_number", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("how", Text, nullable=False),
    Column("since", Instant),
    Column("ended_at", Instant),
    Column("ended_why", Text),
    Column("born", Integer, nullable=False, server_default="0"),
    Column("is_baseline", Boolean, nullable=False, server_default=false()),
    Index("ix_remembered_pairs_keys", "payment_key", "case_payment_key"),
    Index("ix_remembered_pairs_invoice_number", "invoice_number"),
)

parted_pairs = Table(
    "parted_pairs",
    metadata,
    Column("payment_key", Text, primary_key=True),
    Column("case_payment_key", Text, primary_key=True),
)

# Accepted sets, explanations, and which invoice is which; `name` tells what each is about, and has one saying at a time
# that has not ended.
sayings = Table(
    "sayings",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("invoice_number", Text, nullable=False),
    Column("has_ended", Boolean, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_sayings_kind", "kind", "name"),
)

# Notes on payments: they are few, and read together.
desk_notes = Table(
    "desk_notes",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("has_ended", Boolean, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_desk_notes_has_ended", "has_ended"),
)

# --- what was ---------------------------------------------------------------------------------------------

# One row for each transaction that changed what is shown: the store's own counter, its own time, which never
# decreases, and how long the audit trail was then.
moments = Table(
    "moments",
    metadata,
    Column("moment", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Index("ix_moments_at", "at"),
)

# What was there before a moment: of a record that is still there the fields that differ, of one that is gone the whole
# record, and nothing where there was none. What is there now stands in the other tables, and `born` in them is the
# moment of a first row, so that a first load writes nothing here.
was = Table(
    "was",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("moment", Integer, nullable=False),
    Column("kind", String(2), nullable=False),
    Column("subject", Text, nullable=False),
    Column("home", Text, nullable=False),
    Column("record", Text),
    Index("ix_was_home", "home"),
)

# --- the SOR watch ------------------------------------------------------------------------------------------

# Schedules, alerts, the balance of the clearing account, and who did what with a payment of Xero's as the watch or a
# person asked, each kind by its own key.
sor_records = Table(
    "sor_records",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_sor_records_kind", "kind", "name", unique=True),
)

sor_notices = Table(
    "sor_notices",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("notice_key", Text, nullable=False, unique=True),
    Column("record", Text, nullable=False),
)

# Who is about to say which notice in which way, and whether it was said; a way that nobody took has no row.
sor_sayings = Table(
    "sor_sayings",
    metadata,
    Column("notice_key", Text, primary_key=True),
    Column("way", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Column("said_at", Instant),
)

# --- intents and copies -------------------------------------------------------------------------------------

intents = Table(
    "intents",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("intent_id", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_intents_state", "state"),
)

known_copies = Table("known_copies", metadata, Column("case_payment_key", Text, primary_key=True))

# When others copied a payment of Xero's, by its id in lower case, as far as the checks could see it.
copy_times = Table(
    "copy_times",
    metadata,
    Column("payment_key", Text, primary_key=True),
    Column("record", Text, nullable=False),
)

# Imported payments that nothing accounted for when they came; a person's link makes one known, and it stays here too.
foreign_copies = Table(
    "foreign_copies",
    metadata,
    Column("case_payment_key", Text, primary_key=True),
    Column("record", Text, nullable=False),
)

# --- the audit trail ----------------------------------------------------------------------------------------

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("program_version", Text, nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("previous_hash", String(HASH_LENGTH), nullable=False),
    Column("entry_hash", String(HASH_LENGTH), nullable=False),
)

# Which proposal an entry is about, where it is about one: beside the trail, whose rows and columns never change.
audit_subjects = Table(
    "audit_subjects",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("proposal_id", Text, nullable=False),
    Index("ix_audit_subjects_proposal_id", "proposal_id"),
)

# One row: how many entries there are and the hash of the last, so that a cut-off tail shows.
audit_head = Table(
    "audit_head",
    metadata,
    Column("head_id", Integer, primary_key=True, autoincrement=False),
    Column("entries", BigInteger, nullable=False),
    Column("entry_hash", String(HASH_LENGTH), nullable=False),
)

# --- polls --------------------------------------------------------------------------------------------------

alerts = Table(
    "alerts",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("alert_key", Text, nullable=False, unique=True),
    Column("record", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("run_id", Text, nullable=False, unique=True),
    Column("record", Text, nullable=False),
)

# One row for each part of the state of polling, by its name: whoever writes one leaves the others alone.
poll_state = Table(
    "poll_state",
    metadata,
    Column("part", Text, primary_key=True),
    Column("record", Text, nullable=False),
)

# How many requests went to Xero on a day, whatever they were for.
requests = Table(
    "requests",
    metadata,
    Column("made_on", Date, primary_key=True),
    Column("made", Integer, nullable=False),
)

# One row: which desktop of a shared store checks Xero; the number is another one for each that took it.
leases = Table(
    "leases",
    metadata,
    Column("lease_id", Integer, primary_key=True, autoincrement=False),
    Column("holder", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Column("number", BigInteger, nullable=False, server_default="0"),
)

# Who writes a batch to Case Manager, each under a number of its own; one that has ended has no time left.
writers = Table(
    "writers",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("holder", Text, nullable=False),
    Column("until", Instant),
)

# --- what a comparison leaves -------------------------------------------------------------------------------

# One row: when it was made, and by what.
left_heads = Table(
    "left_heads",
    metadata,
    Column("head_id", Integer, primary_key=True, autoincrement=False),
    Column("rules_version", Text, nullable=False),
    Column("record", Text, nullable=False),
)

left_invoices = Table(
    "left_invoices",
    metadata,
    Column("invoice_number", Text, primary_key=True),
    Column("record", Packed, nullable=False),
)

# A hash of the rows of each invoice in Case Manager, by its key there as JSON, and the number that it had.
left_marks = Table(
    "left_marks",
    metadata,
    Column("case_key", Text, primary_key=True),
    Column("mark", Text, nullable=False),
    Column("number", Text, nullable=False),
)
