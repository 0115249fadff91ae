"""Both sides of the invented firm while it is being filled: small steps that a scenario is written in."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from cmxero_desktop.sandbox.case_manager.rows import CaseInvoiceRow, CasePaymentRow, CaseRows, import_note
from cmxero_desktop.sandbox.ledger.entries import Contact, CreditKind, InvoiceType
from cmxero_desktop.sandbox.ledger.ledger import Ledger

PREFIX = "CM-"
COMPANIES = (
    "Acme Insurance",
    "WorkSafe Harbour",
    "Coastal Mutual",
    "Ironbark Freight",
    "Pelican Aged Care",
    "Southern Transport Fund",
    "Wattle & Co Builders",
    "Banksia Health Network",
    "Kurrajong Council",
    "Lighthouse Super",
    "Redgum Timber",
    "Quoll Logistics",
)
CASES = (
    "Lee, J",
    "Nguyen, T",
    "O'Connor, M",
    "Papadopoulos, E",
    "Smith, R",
    "Kaur, H",
    "Rossi, D",
    "Tamati, K",
    "Ward, S",
    "Ibrahim, N",
    "Müller, A",
)
_ENTRY_HOUR_UTC = time(1, 30)


class Books:
    """The ledger and case rows of one firm. Days count back from `today`; negative ones lie ahead."""

    def __init__(self, ledger: Ledger, today: date) -> None:
        self.ledger = ledger
        self.case = CaseRows()
        self.today = today
        self.now = ledger.clock.now()
        self.contacts: list[Contact] = [ledger.add_contact(name) for name in COMPANIES]
        self.cheque_account = ledger.add_account("Business cheque a/c")
        self.clearing_account = ledger.add_account("Apxium SOR Clearing", "612", "CURRENT")
        ledger.add_account("Apxium Clearing", "611", "CURRENT")
        self._invoice_ids: dict[int, str] = {}
        self._case_ids: dict[int, int] = {}
        self._groups = 0

    def day(self, days_ago: int) -> date:
        """Return the date so many days before today."""
        return self.today - timedelta(days=days_ago)

    def entered(self, day: date) -> datetime:
        """Return when something of that day was entered in Xero: the next morning, but never after now."""
        morning = datetime.combine(day + timedelta(days=1), _ENTRY_HOUR_UTC, UTC)
        return min(morning, self.now - timedelta(seconds=1))

    def invoice(
        self,
        number: int,
        total: str,
        days_ago: int = 40,
        *,
        in_xero: bool = True,
        in_case: bool = True,
        currency: str | None = None,
    ) -> None:
        """Add an invoice on both sides, or on the one that is wanted."""
        contact = self.contacts[number % len(self.contacts)]
        issued_on = self.day(days_ago)
        if in_xero:
            self._invoice_ids[number] = self.ledger.add_invoice(
                f"{PREFIX}{number}", contact, total, issued_on, currency=currency, at=self.entered(issued_on)
            )
        if in_case:
            self.case_invoice(number, contact.name, issued_on, Decimal(total))

    def case_invoice(self, number: int, bill_to: str, issued_on: date, total: Decimal) -> int:
        """Add an invoice in Case Manager alone and return its key."""
        invoice_id = len(self.case.invoices) + 1
        self._case_ids[number] = invoice_id
        due_on, case_name = issued_on + timedelta(days=14), CASES[number % len(CASES)]
        self.case.invoices.append(CaseInvoiceRow(invoice_id, str(number), bill_to, case_name, issued_on, due_on, total))
        return invoice_id

    def bill(self, number: int, total: str, days_ago: int = 40) -> str:
        """Add a bill that a supplier numbered as if it were one of ours, and return its id."""
        day = self.day(days_ago)
        return self.ledger.add_invoice(
            f"{PREFIX}{number}",
            self.contacts[0],
            total,
            day,
            invoice_type=InvoiceType.BILL,
            at=self.entered(day),
        )

    def xero_id(self, number: int) -> str:
        """Return the InvoiceID of an invoice."""
        return self._invoice_ids[number]

    def paid(
        self,
        number: int,
        amount: str,
        days_ago: int,
        *,
        reference: str | None = None,
        account: str | None = None,
        entered_days_ago: int | None = None,
    ) -> str:
        """Receive money in Xero and return the payment's id."""
        paid_on = self.day(days_ago)
        entered_on = paid_on if entered_days_ago is None else self.day(entered_days_ago)
        return self.ledger.add_payment(
            self.xero_id(number),
            amount,
            paid_on,
            account or self.cheque_account,
            reference=reference,
            at=self.entered(entered_on),
        )

    def copied(
        self,
        number: int,
        amount: str,
        days_ago: int,
        *,
        names: str | None = None,
        notes: str | None = None,
        journal: str | None = None,
        group: int | None = None,
        reference: str | None = None,
    ) -> None:
        """Add a case payment: imported where it names a Xero payment, else as typed in by hand."""
        self.case.payments.append(
            CasePaymentRow(
                payment_id=len(self.case.payments) + 1,
                invoice_id=self._case_ids[number],
                payment_date=self.day(days_ago),
                amount=Decimal(amount),
                payment_type="EFT",
                reference_number=reference,
                notes=import_note(names, notes) if names else notes,
                journal_number=journal,
                payment_group=group,
            )
        )

    def linked(
        self,
        number: int,
        amount: str,
        days_ago: int,
        *,
        journal: str | None = None,
        account: str | None = None,
    ) -> str:
        """Receive money in Xero, with the imported copy that names it, and return the payment's id."""
        payment_id = self.paid(number, amount, days_ago, account=account)
        self.copied(number, amount, days_ago, names=payment_id, journal=journal)
        return payment_id

    def credited(self, number: int, kind: CreditKind, amount: str, credit_number: str = "", days_ago: int = 10) -> None:
        """Settle an invoice, or a part of it, with a credit note, an overpayment or a prepayment."""
        day, invoice_id = self.day(days_ago), self.xero_id(number)
        contact = self.ledger.invoices[invoice_id].contact
        entered_at = self.entered(day)
        credit_id = self.ledger.add_credit(kind, contact, amount, day, number=credit_number, at=entered_at)
        self.ledger.apply_credit(credit_id, invoice_id, amount, day, at=entered_at)

    def new_group(self) -> int:
        """Return the number of a new multi-invoice payment."""
        self._groups += 1
        return 700 + self._groups
