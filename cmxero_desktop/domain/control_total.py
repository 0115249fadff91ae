"""Check that all payments of an invoice are known: their sum must be Xero's own AmountPaid (R22)."""

from dataclasses import dataclass

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.scope import is_customer_payment


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """What was added up, and what Xero says; `stated` is None where Xero's invoice could not be read."""

    added_up: Money
    stated: Money | None

    @property
    def holds(self) -> bool:
        """Whether the collection of payments is known to be whole."""
        return self.stated is not None and self.added_up == self.stated


def control_total_of(snapshot: InvoiceSnapshot, currency: str) -> ControlTotal:
    """Add up the invoice's live payments, in scope by date or not."""
    invoice = snapshot.xero_invoice
    own = invoice.total.currency if invoice else currency
    live = [
        p.amount for p in snapshot.xero_payments if p.is_live and is_customer_payment(p) and p.amount.currency == own
    ]
    return ControlTotal(total(live, own), invoice.amount_paid if invoice else None)
