"""The columns of History, and whether an entry can be undone."""

from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import moment
from cmxero_desktop.ui.theme.words import what
from cmxero_desktop.ui.widgets.column import Column, number_in

_TONE = {
    AuditWhat.APPLIED: Tone.GOOD,
    AuditWhat.APPROVED: Tone.CALM,
    AuditWhat.UNDONE: Tone.CAUTION,
    AuditWhat.FAILED: Tone.DANGER,
    AuditWhat.ADOPTED: Tone.CAUTION,
    AuditWhat.RESTORED: Tone.CAUTION,
    AuditWhat.STORE_CONFIRMED: Tone.CAUTION,
    AuditWhat.STALE: Tone.CAUTION,
    AuditWhat.ALERT: Tone.CAUTION,
    AuditWhat.SKIPPED_RUN: Tone.CAUTION,
}


def history_columns() -> tuple[Column[AuditEntry], ...]:
    """Return the columns of History."""
    return (
        Column(
            key="when",
            title="When",
            text=lambda entry: moment(entry.event.at),
            sort_key=lambda entry: (entry.sequence, ""),
            width=20,
        ),
        Column(key="who", title="Who", text=lambda entry: entry.event.by, width=14),
        Column(
            key="what",
            title="What",
            text=what,
            badges=lambda entry: (Badge(what(entry), _TONE.get(entry.event.what, Tone.MUTED)),),
            tooltip=where,
            width=26,
        ),
        Column(
            key="invoice",
            title="Invoice",
            text=lambda entry: entry.event.invoice_number,
            sort_key=lambda entry: number_in(entry.event.invoice_number),
            width=13,
        ),
        Column(key="before", title="Before", text=lambda entry: values(entry.event.before), width=26),
        Column(key="after", title="After", text=lambda entry: values(entry.event.after), width=26),
        Column(
            key="reason",
            title="Reason",
            text=lambda entry: entry.event.reason,
            tooltip=lambda entry: entry.event.reason,
            width=34,
            is_stretched=True,
        ),
        Column(key="batch", title="Batch", text=lambda entry: entry.event.batch_id[:8], width=11, is_default=False),
        Column(key="database", title="Database", text=lambda entry: entry.event.database, width=30, is_default=False),
        Column(key="rule", title="Rule", text=lambda entry: entry.event.rule, width=7, is_default=False),
        Column(key="number", title="Entry", text=lambda entry: str(entry.sequence), width=8, is_default=False),
    )


def where(entry: AuditEntry) -> str:
    """Say which database an entry is about, where it is about one."""
    return f"Database: {entry.event.database}" if entry.event.database else ""


def values(written: PaymentValues | None) -> str:
    """Write a payment's values in short."""
    return f"{written.amount} on {day(written.paid_on)}" if written else ""


def history_sentence(entry: AuditEntry) -> str:
    """Return the whole entry as one sentence for a screen reader."""
    event = entry.event
    about = f" {event.invoice_number}" if event.invoice_number else ""
    return f"{moment(event.at)}, {event.by}: {what(entry)}{about}. {event.reason}".strip()


def is_later(entry: AuditEntry, stored: StoredProposal) -> bool:
    """Say whether the proposal was applied again after the batch that this entry is of."""
    return bool(entry.event.batch_id and stored.batch_id and entry.event.batch_id != stored.batch_id)
