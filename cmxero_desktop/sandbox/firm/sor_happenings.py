"""Make each thing happen that the SOR watch looks for, on an invoice whose schedule runs, and take it back again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from cmxero_desktop.sandbox.case_manager.database import CaseDatabase
from cmxero_desktop.sandbox.firm.sor_scenarios import LISTED, MARKED
from cmxero_desktop.sandbox.ledger.entries import CENTS, CreditKind, Invoice
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.state import LedgerRefusalError
from cmxero_desktop.sandbox.xero.messages import Json

DERIVED = "CM-22002"
_LISTED, _MARKED = f"CM-{LISTED}", f"CM-{MARKED}"
_OTHER = f"{_MARKED}B"
_REFERENCE = "Client paid direct"


class SorHappenings:
    """What can happen to invoices under SOR schedules; each returns what it touched."""

    def __init__(self, ledger: Ledger, case_database: CaseDatabase, today: Callable[[], date]) -> None:
        self._ledger = ledger
        self._case_database = case_database
        self._today = today

    def sor_overpayment_applied(self) -> Json:
        """Apply an overpayment to an invoice under a schedule."""
        return self._credited(CreditKind.OVERPAYMENT, "60.00")

    def sor_prepayment_applied(self) -> Json:
        """Apply a prepayment to an invoice under a schedule."""
        return self._credited(CreditKind.PREPAYMENT, "70.00")

    def sor_disbursement_receipted(self) -> Json:
        """Receipt the whole disbursement on an invoice under a schedule, as firms do to balance their books."""
        invoice = self._ledger.invoice_numbered(_LISTED)
        amount = f"{invoice.due_cents / 100:.2f}"
        payment_id = self._ledger.add_payment(
            invoice.invoice_id, amount, self._today(), reference="APX SOR Disbursement"
        )
        return {"invoice_number": invoice.number, "payment_id": payment_id}

    def sor_total_lowered(self) -> Json:
        """Lower an invoice by fifty, so that the instalments of its schedule have no room any more."""
        with self._ledger.lock:
            invoice = self._ledger.invoice_numbered(_LISTED)
            total, now = invoice.total_cents - 50 * CENTS, self._ledger.clock.now()
            self._ledger.invoices[invoice.invoice_id] = replace(invoice, total_cents=total, updated_at=now)
            self._ledger.revision += 1
        return {"invoice_number": invoice.number}

    def sor_invoice_voided(self) -> Json:
        """Void an invoice that is under a schedule, also where it goes by another number by now."""
        invoice = self._marked()
        self._ledger.void_invoice(invoice.invoice_id)
        return {"invoice_number": invoice.number}

    def sor_reference_changed(self) -> Json:
        """Change the reference of an invoice under a schedule."""
        with self._ledger.lock:
            invoice = self._ledger.invoice_numbered(DERIVED)
            changed = replace(invoice, reference="PO 77", updated_at=self._ledger.clock.now())
            self._ledger.invoices[invoice.invoice_id] = changed
            self._ledger.revision += 1
        return {"invoice_number": invoice.number}

    def sor_invoice_renumbered(self) -> Json:
        """Give an invoice under a schedule another number."""
        invoice = self._marked()
        other = _MARKED if invoice.number == _OTHER else _OTHER
        self._ledger.renumber_invoice(invoice.invoice_id, other)
        return {"invoice_number": other, "before": invoice.number}

    def sor_typed_in_case_manager(self) -> Json:
        """Type a payment into Case Manager, on an invoice under a schedule."""
        case_id = self._case_database.add_payment(DERIVED, "90.00", self._today())
        return {"invoice_number": DERIVED, "case_payment_id": case_id}

    def sor_adjusted_in_case_manager(self) -> Json:
        """Lower an invoice under a schedule by an adjustment in Case Manager."""
        self._case_database.adjust(DERIVED, "-80.00")
        return {"invoice_number": DERIVED}

    def sor_outside_payment_removed(self) -> Json:
        """Remove an outside payment in time."""
        invoice = self._ledger.invoice_numbered(DERIVED)
        outside = (p for p in self._ledger.live_payments(invoice.invoice_id) if p.reference == _REFERENCE)
        payment = next(outside, None)
        if payment is None:
            message = f"{DERIVED} has no outside payment"
            raise LedgerRefusalError(message)
        self._ledger.delete_payment(payment.payment_id)
        return {"invoice_number": DERIVED, "payment_id": payment.payment_id}

    def sor_instalment_arrives(self) -> Json:
        """Let Apxium write the next instalment."""
        invoice = self._ledger.invoice_numbered(DERIVED)
        first = next(p for p in self._ledger.payments.values() if p.document_id == invoice.invoice_id and p.account_id)
        payment_id = self._ledger.add_payment(
            invoice.invoice_id, "300.00", self._today(), first.account_id, reference="[Apxium:7000001]"
        )
        return {"invoice_number": DERIVED, "payment_id": payment_id}

    def _marked(self) -> Invoice:
        known = {invoice.number for invoice in self._ledger.invoices.values()}
        return self._ledger.invoice_numbered(_MARKED if _MARKED in known else _OTHER)

    def _credited(self, kind: CreditKind, amount: str) -> Json:
        invoice, today = self._ledger.invoice_numbered(DERIVED), self._today()
        with self._ledger.lock:
            credit_id = self._ledger.add_credit(kind, invoice.contact, amount, today)
            self._ledger.apply_credit(credit_id, invoice.invoice_id, amount, today)
        return {"invoice_number": invoice.number, "credit_id": credit_id}
