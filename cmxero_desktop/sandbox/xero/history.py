"""History and Notes as Xero writes them, newest first: what the books themselves tell of who did what, and when."""

from datetime import UTC, datetime, time

from cmxero_desktop.sandbox.ledger.entries import VOIDED, Invoice, Payment
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.xero.messages import JsonValue
from cmxero_desktop.sandbox.xero.wire_values import instant

CLERK, MANAGER, APXIUM = "R. Patel", "J. Wu", "Apxium"


def payment_lines(ledger: Ledger, payment: Payment) -> list[JsonValue]:
    """Return the history of a payment: entered by the clerk, or by Apxium, and deleted by the manager."""
    account = ledger.accounts.get(payment.account_id)
    who = APXIUM if account is not None and "SOR Clearing" in account.name else CLERK
    if payment.is_live:
        return [_line(payment.updated_at, who, "Created")]
    noon = datetime.combine(payment.paid_on, time(12), UTC)
    return [
        _line(payment.updated_at, MANAGER, "Deleted"),
        _line(min(noon, payment.updated_at), who, "Created"),
    ]


def invoice_lines(_ledger: Ledger, invoice: Invoice) -> list[JsonValue]:
    """Return the history of an invoice: what was done with it last, and who entered it."""
    entered_at = min(datetime.combine(invoice.issued_on, time(), UTC), invoice.updated_at)
    if invoice.status == VOIDED:
        return [_line(invoice.updated_at, MANAGER, "Voided"), _line(entered_at, CLERK, "Created")]
    what = "Credit applied" if invoice.credited_cents else "Edited"
    return [_line(invoice.updated_at, CLERK, what), _line(entered_at, CLERK, "Created")]


def _line(at: datetime, who: str, what: str) -> JsonValue:
    return {
        "Changes": what,
        "DateUTCString": at.strftime("%Y-%m-%dT%H:%M:%S"),
        "DateUTC": instant(at),
        "User": who,
        "Details": f"{what} in the sandbox",
    }
