"""Both ledgers of an invented firm, each row with the receipts whose money it is: the truth that nobody else knows."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import (
    CaseInvoice,
    CasePayment,
    PaymentStatus,
    Settlement,
    SettlementKind,
    XeroInvoice,
    XeroPayment,
)

AUD = "AUD"
PREFIX = "CM-"
NOTHING = Money.zero(AUD)

# A receipt and how many of its cents a row stands for.
Shares = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Receipt:
    """Money that really came, once. `cents` is nothing where a cheque bounced or a payment was a slip.

    `is_entered_twice` says that Xero itself has it twice although it came once.
    """

    number: int
    cents: int
    story: str
    is_entered_twice: bool = False


def money(cents: int) -> Money:
    """Return cents as money of the firm."""
    return Money.from_minor(cents, AUD)


@dataclass(slots=True)
class Books:
    """Xero's and Case Manager's rows. A key that was freed is given to the next row, at once."""

    receipts: list[Receipt] = field(default_factory=list)
    xero_invoices: dict[XeroInvoiceId, XeroInvoice] = field(default_factory=dict)
    xero_payments: dict[XeroPaymentId, XeroPayment] = field(default_factory=dict)
    case_invoices: dict[CaseInvoiceId, CaseInvoice] = field(default_factory=dict)
    rows: dict[CasePaymentId, CasePayment] = field(default_factory=dict)
    payments_of: dict[XeroInvoiceId, list[XeroPaymentId]] = field(default_factory=lambda: defaultdict(list))
    rows_of: dict[CaseInvoiceId, dict[CasePaymentId, None]] = field(default_factory=lambda: defaultdict(dict))
    xero_money: dict[XeroPaymentId, Shares] = field(default_factory=dict)
    case_of: dict[XeroInvoiceId, CaseInvoiceId] = field(default_factory=dict)
    bills_of: dict[CaseInvoiceId, list[XeroInvoiceId]] = field(default_factory=lambda: defaultdict(list))
    case_money: dict[CasePaymentId, Shares] = field(default_factory=dict)
    touched_xero: set[XeroInvoiceId] = field(default_factory=set)
    touched_case: set[CaseInvoiceId] = field(default_factory=set)
    _rows_with: dict[int, set[CasePaymentId]] = field(default_factory=lambda: defaultdict(set))
    _payments_with: dict[int, set[XeroPaymentId]] = field(default_factory=lambda: defaultdict(set))
    _given_back: Counter[int] = field(default_factory=Counter)
    _groups: dict[str, set[CasePaymentId]] = field(default_factory=lambda: defaultdict(set))
    _freed: list[CasePaymentId] = field(default_factory=list)
    _last_key: int = 0

    # The truth

    def receipt(self, cents: int, story: str) -> Receipt:
        """Let money come."""
        receipt = Receipt(len(self.receipts), cents, story)
        self.receipts.append(receipt)
        return receipt

    def standing(self, receipt: int, on: CaseInvoiceId | None = None) -> int:
        """Return how many cents of a receipt stand in Case Manager, or on one invoice of it.

        Of all of them a refund takes back what it undoes.
        """
        keys = (key for key in self._rows_with[receipt] if on in {None, self.rows[key].invoice_id})
        cents = sum(c for key in keys for r, c in self.case_money[key] if r == receipt)
        return cents - self._given_back[receipt] if on is None else cents

    def alive(self, receipt: int, on: CaseInvoiceId | None = None) -> int:
        """Return how many cents of a receipt stand in Xero, or on the invoices there that are one of Case Manager's."""
        live = (p for p in self._payments_with[receipt] if self.xero_payments[p].is_live)
        own = (p for p in live if on in {None, self.case_of[self.xero_payments[p].invoice_id]})
        return sum(c for p in own for r, c in self.xero_money[p] if r == receipt)

    def rows_with(self, receipt: int) -> list[CasePayment]:
        """Return the rows of Case Manager that are this money."""
        return [self.rows[key] for key in sorted(self._rows_with[receipt])]

    def payments_with(self, receipt: int) -> list[XeroPayment]:
        """Return the payments in Xero that are or were this money."""
        return [self.xero_payments[key] for key in sorted(self._payments_with[receipt])]

    def give_back(self, receipt: int, cents: int) -> None:
        """Note that a refund or an adjustment, typed by hand, undoes a row that still stands."""
        self._given_back[receipt] += cents

    # Xero

    def bill_xero(self, number: str, cents: int, contact: str, at: datetime) -> XeroInvoiceId:
        """Make an invoice in Xero."""
        key = XeroInvoiceId(f"{len(self.xero_invoices) + 1:08x}-1111-4000-8000-000000000000")
        self.xero_invoices[key] = XeroInvoice(
            invoice_id=key,
            number=number,
            status="AUTHORISED",
            total=money(cents),
            amount_paid=NOTHING,
            amount_credited=NOTHING,
            updated_at=at,
            contact_name=contact,
        )
        self.touched_xero.add(key)
        return key

    def belong(self, xero: XeroInvoiceId, case: CaseInvoiceId) -> None:
        """Note which invoice of Case Manager an invoice in Xero really is, whatever their numbers become."""
        self.case_of[xero] = case
        self.bills_of[case].append(xero)

    def pay(self, payment: XeroPayment, shares: Shares) -> None:
        """Enter a payment in Xero that is the money of these receipts."""
        self.xero_payments[payment.payment_id] = payment
        self.payments_of[payment.invoice_id].append(payment.payment_id)
        self.xero_money[payment.payment_id] = shares
        for receipt, _ in shares:
            self._payments_with[receipt].add(payment.payment_id)
        self._add_up(payment.invoice_id, payment.updated_at)

    def delete_payment(self, payment_id: XeroPaymentId, at: datetime) -> None:
        """Delete a payment in Xero: it stays there with another status."""
        gone = replace(self.xero_payments[payment_id], status=PaymentStatus.DELETED, updated_at=at)
        self.xero_payments[payment_id] = gone
        self._add_up(gone.invoice_id, at)

    def credit(self, invoice_id: XeroInvoiceId, cents: int, on: date, at: datetime) -> None:
        """Settle a part of an invoice in Xero by a credit note."""
        invoice = self.xero_invoices[invoice_id]
        note = Settlement(
            kind=SettlementKind.CREDIT_NOTE, number=f"CN-{invoice_id[:8]}", amount=money(cents), settled_on=on
        )
        self.change_invoice(
            invoice_id,
            at,
            settlements=(*invoice.settlements, note),
            amount_credited=invoice.amount_credited + money(cents),
        )

    def change_invoice(self, invoice_id: XeroInvoiceId, at: datetime, **values: object) -> None:
        """Change an invoice in Xero."""
        changed = replace(self.xero_invoices[invoice_id], updated_at=at, **values)  # type: ignore[arg-type]  # by name
        self.xero_invoices[invoice_id] = changed
        self.touched_xero.add(invoice_id)

    def _add_up(self, invoice_id: XeroInvoiceId, at: datetime) -> None:
        own = (self.xero_payments[i] for i in self.payments_of[invoice_id])
        self.change_invoice(invoice_id, at, amount_paid=money(sum(p.amount.minor for p in own if p.is_live)))

    # Case Manager

    def bill_case(self, number: str, cents: int, bill_to: str) -> CaseInvoiceId:
        """Make an invoice in Case Manager."""
        key = CaseInvoiceId(len(self.case_invoices) + 1)
        self.case_invoices[key] = CaseInvoice(
            invoice_id=key, number=number, total=money(cents), adjustments=NOTHING, refunds=NOTHING, bill_to=bill_to
        )
        self.touched_case.add(key)
        return key

    def next_key(self) -> CasePaymentId:
        """Return the key of the next row: one of a removed row, if there is one."""
        if self._freed:
            return self._freed.pop()
        self._last_key += 1
        return CasePaymentId(self._last_key)

    def take_key(self, key: CasePaymentId) -> None:
        """Note that the program gave this key to a new row."""
        assert isinstance(key.value, int)
        self._last_key = max(self._last_key, key.value)
        if key in self._freed:
            self._freed.remove(key)

    def put(self, row: CasePayment, shares: Shares) -> None:
        """Write a row, new or changed, that is the money of these receipts."""
        if row.payment_id in self.rows:
            self._forget(row.payment_id)
        self.rows[row.payment_id] = row
        self.rows_of[row.invoice_id][row.payment_id] = None
        self.case_money[row.payment_id] = shares
        for receipt, _ in shares:
            self._rows_with[receipt].add(row.payment_id)
        self._groups[row.group].add(row.payment_id)
        self._regroup(row.group)
        self.touched_case.add(row.invoice_id)

    def remove(self, key: CasePaymentId) -> None:
        """Delete a row; its key is free for the next one."""
        row = self.rows[key]
        self._forget(key)
        del self.rows[key], self.case_money[key]
        self._freed.append(key)
        self._regroup(row.group)

    def change_case_invoice(self, key: CaseInvoiceId, *, refunds: int = 0, adjustments: int = 0) -> None:
        """Enter a refund or an adjustment by hand."""
        invoice = self.case_invoices[key]
        self.case_invoices[key] = replace(
            invoice,
            refunds=invoice.refunds + money(refunds),
            adjustments=invoice.adjustments + money(adjustments),
        )
        self.touched_case.add(key)

    def retotal_case(self, key: CaseInvoiceId, cents: int) -> None:
        """Bill another total in Case Manager."""
        self.case_invoices[key] = replace(self.case_invoices[key], total=money(cents))
        self.touched_case.add(key)

    def renumber_case(self, key: CaseInvoiceId, number: str) -> None:
        """Give an invoice in Case Manager another number."""
        self.case_invoices[key] = replace(self.case_invoices[key], number=number)
        self.touched_case.add(key)

    def _forget(self, key: CasePaymentId) -> None:
        row = self.rows[key]
        del self.rows_of[row.invoice_id][key]
        for receipt, _ in self.case_money[key]:
            self._rows_with[receipt].discard(key)
        self._groups[row.group].discard(key)
        self.touched_case.add(row.invoice_id)

    def _regroup(self, group: str) -> None:
        """Say of each row of a group whether it really shares it with another one (R10)."""
        keys = self._groups[group] if group else set()
        for key in keys:
            row = self.rows[key]
            if row.is_multi_invoice != (len(keys) > 1):
                self.rows[key] = replace(row, is_multi_invoice=len(keys) > 1)
                self.touched_case.add(row.invoice_id)

    # What both sides say of each other

    def owed(self, key: CaseInvoiceId) -> int:
        """Return Case Manager's balance in cents."""
        invoice = self.case_invoices[key]
        paid = sum(self.rows[row].amount.minor for row in self.rows_of[key])
        return (invoice.total + invoice.adjustments + invoice.refunds).minor - paid

    def due(self, key: XeroInvoiceId) -> int:
        """Return Xero's amount due in cents."""
        invoice = self.xero_invoices[key]
        if invoice.status in {"VOIDED", "DELETED"}:
            return 0
        return (invoice.total - invoice.amount_paid - invoice.amount_credited).minor
