"""Make something happen at the firm: the events of the demo's menu, by name, also for other processes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from cmxero_desktop.sandbox.case_manager.database import CaseDatabase
from cmxero_desktop.sandbox.case_manager.rows import import_note
from cmxero_desktop.sandbox.firm.books import PREFIX
from cmxero_desktop.sandbox.firm.bulk import FIRST_NUMBER
from cmxero_desktop.sandbox.firm.exception_scenarios import UNREADABLE_INVOICE
from cmxero_desktop.sandbox.firm.firm import Firm, local_today
from cmxero_desktop.sandbox.firm.sor_happenings import SorHappenings
from cmxero_desktop.sandbox.ledger.entries import CENTS, CreditKind, Invoice, Payment
from cmxero_desktop.sandbox.ledger.state import LedgerRefusalError
from cmxero_desktop.sandbox.xero.faults import Damage, Fault, FaultKind
from cmxero_desktop.sandbox.xero.messages import Json
from cmxero_desktop.sandbox.xero.xero import SandboxXero

FORTY = 40
_POLL = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that can happen: its name for programs, its label for a menu, and what makes it happen."""

    label: str
    happen: Callable[[], Json]

    @property
    def name(self) -> str:
        """Return the name by which a program asks for it."""
        return self.happen.__name__


class Happenings:
    """Everything that can happen at the firm; each returns what it touched."""

    def __init__(self, firm: Firm, xero: SandboxXero, case_database: CaseDatabase) -> None:
        self._firm = firm
        self._xero = xero
        self._ledger = firm.ledger
        self._case_database = case_database
        self.sor = SorHappenings(firm.ledger, case_database, lambda: local_today(xero.clock))

    def events(self) -> tuple[Event, ...]:
        """Return every event, in the order of a menu."""
        return (
            Event("A payment arrives", self.payment_arrives),
            Event("A payment is deleted", self.payment_deleted),
            Event("A payment is edited", self.payment_edited),
            Event("A payment is reconciled to the bank", self.payment_reconciled),
            Event("A future-dated payment comes due", self.future_dated_comes_due),
            Event("An SOR invoice gets an outside payment", self.outside_payment),
            Event("An SOR invoice gets a credit note", self.outside_credit_note),
            Event("An SOR instalment is deleted", self.instalment_deleted),
            Event("An SOR instalment arrives", self.sor.sor_instalment_arrives),
            Event("An SOR invoice gets an overpayment", self.sor.sor_overpayment_applied),
            Event("An SOR invoice gets a prepayment", self.sor.sor_prepayment_applied),
            Event("An SOR disbursement is receipted", self.sor.sor_disbursement_receipted),
            Event("An SOR invoice gets another reference", self.sor.sor_reference_changed),
            Event("An SOR invoice gets another number", self.sor.sor_invoice_renumbered),
            Event("An SOR invoice is lowered below its instalments", self.sor.sor_total_lowered),
            Event("An SOR invoice is voided", self.sor.sor_invoice_voided),
            Event("An SOR invoice is paid in Case Manager", self.sor.sor_typed_in_case_manager),
            Event("An SOR invoice is adjusted in Case Manager", self.sor.sor_adjusted_in_case_manager),
            Event("An outside payment of an SOR invoice is removed", self.sor.sor_outside_payment_removed),
            Event("An invoice gets another number", self.invoice_renumbered),
            Event("Forty payments are deleted", self.forty_deleted),
            Event("A payment changes after its approval", self.changed_after_approval),
            Event("Case Manager journals an applied payment", self.journalled_since),
            Event("The computer sleeps over two checks", self.slept_over_two_runs),
            Event("The connection to Xero is lost", self.connection_lost),
            Event("The connection to Xero is back", self.connection_back),
            Event("The Xero sign-in expires", self.sign_in_expired),
            Event("Case Manager is not reachable", self.case_manager_down),
            Event("Case Manager is reachable again", self.case_manager_up),
            Event("Case Manager's own Xero link writes a copy", self.case_manager_link_writes),
        )

    def by_name(self) -> dict[str, Callable[[], Json]]:
        """Return every event by its name."""
        return {event.name: event.happen for event in self.events()}

    def break_unreadable_row(self) -> None:
        """Let the row of the scenario that cannot be read be broken in every answer."""
        for payment_id in self._firm.payment_ids(UNREADABLE_INVOICE):
            self._xero.faults.add(
                Fault(
                    kind=FaultKind.ROW,
                    path="/Payments",
                    times=None,
                    row_id=payment_id,
                    damage=Damage.UNKNOWN_STATUS,
                )
            )

    def payment_arrives(self) -> Json:
        """Receive the rest of the next ordinary invoice that nothing is paid on."""
        unpaid = (each for each in self._ledger.invoices.values() if not each.paid_cents and each.due_cents)
        invoice = next((each for each in unpaid if _is_ordinary(each)), None)
        if invoice is None:
            message = "there is no ordinary invoice left that nothing is paid on"
            raise LedgerRefusalError(message)
        return self._paid(invoice.number, _amount(invoice.due_cents), "REM NEW")

    def payment_deleted(self) -> Json:
        """Delete a payment that has an imported copy."""
        payment = self._next_linked()
        self._ledger.delete_payment(payment.payment_id)
        return self._about(payment)

    def payment_edited(self) -> Json:
        """Edit a payment that has an imported copy: ten cents less, which is a deletion and a new payment."""
        payment = self._next_linked()
        cents = payment.amount_cents - 10
        new_id = self._ledger.edit_payment(payment.payment_id, amount=_amount(cents))
        return {**self._about(payment), "new_payment_id": new_id}

    def payment_reconciled(self) -> Json:
        """Reconcile a payment to the bank: a new stamp and nothing to do."""
        payment = self._next_linked()
        self._ledger.reconcile(payment.payment_id)
        return self._about(payment)

    def future_dated_comes_due(self) -> Json:
        """Let a day pass, so that the payment dated six days ahead is accepted."""
        self._xero.clock.advance(timedelta(days=1))
        return {"invoice_number": "CM-21201", "today": local_today(self._xero.clock).isoformat()}

    def outside_payment(self) -> Json:
        """Pay an invoice under an SOR schedule outside its schedule."""
        return self._paid("CM-22002", "300.00", "Client paid direct")

    def outside_credit_note(self) -> Json:
        """Apply a credit note to an invoice under an SOR schedule."""
        invoice, today = self._ledger.invoice_numbered("CM-22002"), local_today(self._xero.clock)
        with self._ledger.lock:
            credit_id = self._ledger.add_credit(
                CreditKind.CREDIT_NOTE, invoice.contact, "150.00", today, number="CN-91"
            )
            self._ledger.apply_credit(credit_id, invoice.invoice_id, "150.00", today)
        return {"invoice_number": invoice.number, "credit_id": credit_id}

    def instalment_deleted(self) -> Json:
        """Delete an instalment that Apxium wrote, which breaks its link."""
        payment = self._only_live("CM-22002")
        self._ledger.delete_payment(payment.payment_id)
        return self._about(payment)

    def invoice_renumbered(self) -> Json:
        """Give an invoice with a linked payment another number; its payments stay as they were."""
        invoice = self._ledger.invoice_numbered("CM-20301")
        self._ledger.renumber_invoice(invoice.invoice_id, "CM-20301A")
        return {"invoice_number": "CM-20301A", "before": "CM-20301"}

    def forty_deleted(self) -> Json:
        """Delete forty payments that have imported copies, at once."""
        payments: list[Payment] = []
        for _ in range(FORTY):
            payment = self._next_linked()
            self._ledger.delete_payment(payment.payment_id)
            payments.append(payment)
        return {"payment_ids": [each.payment_id for each in payments]}

    def changed_after_approval(self) -> Json:
        """Edit the payment of scenario 22."""
        payment = self._only_live("CM-22201")
        new_id = self._ledger.edit_payment(payment.payment_id, amount="630.00")
        return {**self._about(payment), "new_payment_id": new_id}

    def journalled_since(self) -> Json:
        """Lock the case payments of scenario 24 in a journal entry."""
        return {"invoice_number": "CM-22401", "journalled": self._case_database.journal("CM-22401", "1043")}

    def slept_over_two_runs(self) -> Json:
        """Let two polls' time pass, with a payment in between."""
        self._xero.clock.advance(_POLL)
        about = self._paid("CM-22701", "250.00", "REM SLEPT")
        self._xero.clock.advance(_POLL)
        return about

    def connection_lost(self) -> Json:
        """Cut every connection until `connection_back`."""
        self._xero.faults.add(Fault(kind=FaultKind.RESET, times=None))
        return {}

    def connection_back(self) -> Json:
        """End every fault but the row that can never be read."""
        self._xero.faults.clear()
        self.break_unreadable_row()
        return {}

    def sign_in_expired(self) -> Json:
        """End every token: only signing in again helps."""
        self._xero.identity.tokens.end_all()
        return {}

    def case_manager_down(self) -> Json:
        """Make Case Manager's database unreachable."""
        self._case_database.take_away()
        return {}

    def case_manager_up(self) -> Json:
        """Make Case Manager's database reachable again."""
        self._case_database.bring_back()
        return {}

    def case_manager_link_writes(self) -> Json:
        """Let Case Manager's own link to Xero write the copy of scenario 30."""
        payment = self._only_live("CM-23001")
        note = import_note(payment.payment_id)
        case_id = self._case_database.add_payment(
            "CM-23001", _amount(payment.amount_cents), payment.paid_on, notes=note
        )
        return {**self._about(payment), "case_payment_id": case_id}

    def _next_linked(self) -> Payment:
        linked = (self._ledger.payments[key] for key in self._firm.linked_payment_ids)
        payment = next((each for each in linked if each.is_live and each.batch_id is None), None)
        if payment is None:
            message = "there is no payment left that has an imported copy"
            raise LedgerRefusalError(message)
        return payment

    def _only_live(self, invoice_number: str) -> Payment:
        invoice = self._ledger.invoice_numbered(invoice_number)
        live = self._ledger.live_payments(invoice.invoice_id)
        if not live:
            message = f"{invoice_number} has no payment left"
            raise LedgerRefusalError(message)
        return live[0]

    def _paid(self, invoice_number: str, amount: str, reference: str) -> Json:
        invoice = self._ledger.invoice_numbered(invoice_number)
        today = local_today(self._xero.clock)
        payment_id = self._ledger.add_payment(invoice.invoice_id, amount, today, reference=reference)
        return self._about(self._ledger.payments[payment_id])

    def _about(self, payment: Payment) -> Json:
        number = self._ledger.invoices[payment.document_id].number
        return {"invoice_number": number, "payment_id": payment.payment_id}


def _is_ordinary(invoice: Invoice) -> bool:
    digits = invoice.number.removeprefix(PREFIX)
    return digits.isdecimal() and int(digits) >= FIRST_NUMBER


def _amount(cents: int) -> str:
    return f"{cents // CENTS}.{cents % CENTS:02}"
