"""What people do in Xero all day, at random: every operation of the books, on CM invoices and on others."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from cmxero_desktop.sandbox.ledger.entries import CENTS, Contact, Credit, CreditKind, Invoice, InvoiceType, Payment
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.state import LedgerRefusalError

PREFIX = "CM-"
# A row can become visible some time after its stamp was taken; this stays below what a check reads again.
_LATEST_S = 100
_MANY_INVOICES = 150


class Changes:
    """Changes the books one operation at a time; `ever_cm` are the sales invoices that once bore a CM number."""

    def __init__(self, ledger: Ledger, dice: random.Random) -> None:
        self.ledger = ledger
        self.ever_cm = {i.invoice_id for i in ledger.invoices.values() if is_cm(i)}
        self.renumbered_in: set[str] = set()
        self.made = 0
        self._dice = dice
        self._numbers = 50_000
        self._all: tuple[tuple[int, Callable[[], object]], ...] = (
            (8, self._pay),
            (5, self._edit),
            (5, self._delete),
            (3, self._reconcile),
            (3, self._credit),
            (2, self._take_credit_back),
            (2, self._refund),
            (2, self._renumber),
            (2, self._batch),
            (2, self._delete_batch),
            (2, self._bill_someone),
            (1, self._void),
            (1, self._pay_unlisted),
        )

    def make(self) -> None:
        """Do one thing; what Xero would refuse is left undone."""
        weights = [weight for weight, _ in self._all]
        ((_, operation),) = self._dice.choices(self._all, weights)
        try:
            operation()
        except LedgerRefusalError:
            return
        self.made += 1

    def _pay(self) -> None:
        invoice = self._open_invoice()
        amount = self._some(invoice.due_cents)
        reference = self._dice.choice((None, "", "Ünïcode 付款", f"remittance {self._dice.randrange(99)}"))
        self.ledger.add_payment(
            invoice.invoice_id, amount, self._day(), reference=reference, at=self._late(invoice.updated_at)
        )

    def _edit(self) -> None:
        payment = self._live_payment()
        invoice = self.ledger.invoices[payment.document_id]
        kind = self._dice.randrange(3)
        self.ledger.edit_payment(
            payment.payment_id,
            amount=self._some(invoice.due_cents + payment.amount_cents) if kind == 0 else None,
            paid_on=self._day() if kind == 1 else None,
            reference=f"corrected {self._dice.randrange(99)}" if kind == 2 else None,
            at=self._late(invoice.updated_at, payment.updated_at),
        )

    def _delete(self) -> None:
        payment = self._live_payment(are_refunds_meant=True)
        document = self.ledger.invoices.get(payment.document_id) or self.ledger.credits[payment.document_id]
        self.ledger.delete_payment(payment.payment_id, at=self._late(document.updated_at, payment.updated_at))

    def _reconcile(self) -> None:
        self.ledger.reconcile(self._live_payment(are_refunds_meant=True).payment_id)

    def _credit(self) -> None:
        invoice = self._open_invoice(InvoiceType.SALES)
        kind = self._dice.choice(list(CreditKind))
        amount = self._some(invoice.due_cents)
        # Credit notes that bear a CM number are no CM invoices.
        number = self._number(self._dice.choice((PREFIX, "CN-")))
        credit_id = self.ledger.add_credit(kind, invoice.contact, amount + 5, self._day(), number=number)
        self.ledger.apply_credit(credit_id, invoice.invoice_id, amount, self._day())

    def _take_credit_back(self) -> None:
        credit = self._any_credit(lambda credit: bool(credit.allocations))
        self.ledger.remove_allocation(credit.credit_id, self._dice.choice(credit.allocations).allocation_id)

    def _refund(self) -> None:
        credit = self._any_credit(lambda credit: credit.remaining_cents > 0)
        amount = self._some(credit.remaining_cents)
        self.ledger.refund_credit(credit.credit_id, amount, self._day(), next(iter(self.ledger.accounts)))

    def _renumber(self) -> None:
        invoice = self._dice.choice(list(self.ledger.invoices.values()))
        prefix = PREFIX if self._dice.random() < 0.7 else "INV-"
        self.ledger.renumber_invoice(invoice.invoice_id, self._number(prefix))
        if invoice.invoice_type is InvoiceType.SALES and prefix == PREFIX and not is_cm(invoice):
            self.renumbered_in.add(invoice.invoice_id)
            self.ever_cm.add(invoice.invoice_id)

    def _batch(self) -> None:
        found = {i.invoice_id: i for i in (self._open_invoice(InvoiceType.SALES) for _ in range(4))}
        parts = [(i.invoice_id, self._some(i.due_cents)) for i in found.values()]
        self.ledger.add_batch(parts, self._day(), reference="one remittance")

    def _delete_batch(self) -> None:
        live = [batch.batch_id for batch in self.ledger.batches.values() if batch.status != "DELETED"]
        if live:
            self.ledger.delete_batch(self._dice.choice(live))

    def _bill_someone(self) -> None:
        if len(self.ledger.invoices) > _MANY_INVOICES:
            return
        kind = self._dice.choices((InvoiceType.SALES, InvoiceType.BILL), (4, 1))[0]
        number = self._number(self._dice.choice((PREFIX, PREFIX, "INV-", PREFIX.lower())))
        total = self._some(500_000)
        invoice_id = self.ledger.add_invoice(number, self._contact(), total, self._day(), invoice_type=kind)
        if is_cm(self.ledger.invoices[invoice_id]):
            self.ever_cm.add(invoice_id)

    def _void(self) -> None:
        self.ledger.void_invoice(self._open_invoice().invoice_id)

    def _pay_unlisted(self) -> None:
        invoice = self._open_invoice(InvoiceType.SALES)
        self.ledger.pay_unlisted(invoice.invoice_id, self._some(min(invoice.due_cents, 500)))

    def _open_invoice(self, kind: InvoiceType | None = None) -> Invoice:
        found = [i for i in self.ledger.invoices.values() if i.due_cents > 0 and kind in {None, i.invoice_type}]
        if not found:
            raise LedgerRefusalError("nothing is open")
        return self._dice.choice(found)

    def _live_payment(self, *, are_refunds_meant: bool = False) -> Payment:
        invoices = self.ledger.invoices
        found = [p for p in self.ledger.payments.values() if p.is_live]
        found = [p for p in found if are_refunds_meant or p.document_id in invoices]
        # Often one of the newest: what changes again right after it changed is what gets lost.
        return self._dice.choice(found[-6:] if self._dice.random() < 0.4 else found)

    def _any_credit(self, is_meant: Callable[[Credit], bool]) -> Credit:
        found = [credit for credit in self.ledger.credits.values() if is_meant(credit)]
        if not found:
            raise LedgerRefusalError("there is no such credit")
        return self._dice.choice(found)

    def _contact(self) -> Contact:
        return self._dice.choice(list(self.ledger.contacts.values()))

    def _day(self) -> date:
        return self.ledger.clock.now().date() - timedelta(days=self._dice.randrange(-3, 30))

    def _some(self, cents: int) -> Decimal:
        whole = self._dice.random() < 0.3
        return Decimal(cents if whole else self._dice.randint(1, max(1, cents))) / CENTS

    def _number(self, prefix: str) -> str:
        self._numbers += 1
        return f"{prefix}{self._numbers}"

    def _late(self, *stamps: datetime) -> datetime:
        """Return the stamp of a change that shows only now; it never lies before what its rows bear already."""
        now = self.ledger.clock.now()
        if self._dice.random() < 0.6:
            return now
        return max(*stamps, stamps[0], now - timedelta(seconds=self._dice.randrange(_LATEST_S)))


def is_cm(invoice: Invoice) -> bool:
    """Say whether this is a CM invoice."""
    return invoice.invoice_type is InvoiceType.SALES and invoice.number.startswith(PREFIX)
