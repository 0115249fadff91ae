"""The tie-out as a statement to be signed, and the audit trail line by line, for whoever audits the firm."""

import json
from collections.abc import Iterator, Mapping

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.viewing.apart import by_bill_to, rows_apart
from cmxero_desktop.services.viewing.desk_view import DeskView

_WIDE, _COUNT, _AMOUNT = 48, 10, 20


def newest_hash(view: DeskView) -> str:
    """Return the hash of the newest audit entry, which covers all before it; nothing where there is none."""
    newest = max(view.history, key=lambda entry: entry.sequence, default=None)
    return newest.entry_hash if newest is not None else ""


def statement_of(view: DeskView) -> tuple[str, ...]:
    """Return the statement from Xero's payments to Case Manager's, with a line for a signature.

    Raises DeskError before the first check, when there is nothing to state.
    """
    found, as_of = view.tie_out, view.state.cursors.as_of
    if found is None:
        message = "Nothing was compared yet, so there is nothing to state."
        raise DeskError(message, "Check Xero first.")
    whole, local = view.completeness, as_of.astimezone() if as_of is not None else None
    when = f"{day(local.date())} {local:%H:%M}" if local is not None else "not known"
    return (
        "Tie-out of payments",
        f"{view.state.organisation.name} and {view.state.comparison.case_manager_label}",
        f"All invoices in scope, {found.difference.currency}. Xero as of {when}.",
        "",
        f"{'':<{_WIDE}}{'Payments':>{_COUNT}}{'Amount':>{_AMOUNT}}",
        _line("Payments in Xero", f"{whole.xero.facts:,}", str(found.xero_total)),
        *(_line(f"  {line.label}", f"{line.added:+,}", f"{line.amount.amount:+,.2f}") for line in found.lines),
        _line("Payments in Case Manager", f"{whole.case_manager.facts:,}", str(found.case_manager_total)),
        _line("Difference not explained", "", str(found.difference)),
        *_by_payer(view, found.difference.currency),
        "",
        f"{found.sentence}.",
        "",
        f"Newest entry of the audit trail: {len(view.history):,} entries, hash",
        newest_hash(view) or "none",
        *("", "", ""),
        f"{'Date':<20}{'Name':<30}{'Signature'}",
        *("", "", f"{'_' * 16}    {'_' * 26}    {'_' * 26}"),
    )


def _by_payer(view: DeskView, currency: str) -> Iterator[str]:
    """Yield what the lines between both totals come to for each Bill To; nothing where both sides have the same."""
    sums = by_bill_to(rows_apart(view, currency), currency)
    if not sums:
        return
    yield from ("", f"{'The same by Bill To':<{_WIDE}}{'Payments':>{_COUNT}}{'Amount':>{_AMOUNT}}")
    for each in sums:
        yield _line(f"  {each.bill_to or 'no Bill To'}"[:_WIDE], f"{each.payments:,}", f"{each.less_xero.amount:+,.2f}")
    together = total((each.less_xero for each in sums), currency)
    yield _line("Together", f"{sum(each.payments for each in sums):,}", f"{together.amount:+,.2f}")


def _line(title: str, number: str, amount: str) -> str:
    return f"{title:<{_WIDE}}{number:>{_COUNT}}{amount:>{_AMOUNT}}"


def trail_of(view: DeskView) -> Iterator[str]:
    """Yield the audit trail as JSON, an entry in each line, oldest first, each with the hash before it and its own."""
    for entry in sorted(view.history, key=lambda entry: entry.sequence):
        yield json.dumps(_entry(entry), ensure_ascii=False)


def _entry(entry: AuditEntry) -> Mapping[str, object]:
    event = entry.event
    return {
        "entry": entry.sequence,
        "at": event.at.isoformat(),
        "by": event.by,
        "what": event.what.value,
        "invoice_number": event.invoice_number,
        "xero_payment_id": event.xero_payment_id,
        "case_payment_id": event.case_payment_id.value if event.case_payment_id is not None else None,
        "proposal_id": event.proposal_id,
        "before": _values(event.before),
        "after": _values(event.after),
        "reason": event.reason,
        "rule": event.rule,
        "evidence": dict(event.evidence),
        "batch": event.batch_id,
        "database": event.database,
        "previous_hash": entry.previous_hash,
        "hash": entry.entry_hash,
    }


def _values(values: PaymentValues | None) -> Mapping[str, str] | None:
    if values is None:
        return None
    return {
        "date": values.paid_on.isoformat(),
        "amount": str(values.amount.amount),
        "currency": values.amount.currency,
        "reference": values.reference,
        "notes": values.notes,
        "payment_type": values.payment_type,
    }
