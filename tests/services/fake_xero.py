"""A Xero with a tiny ledger that a test changes as people do: pay, delete, edit, renumber, reconcile."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from cmxero_desktop.domain.identifiers import OrganisationId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.records import (
    Account,
    Organisation,
    PaymentStatus,
    Settlement,
    SettlementKind,
    Side,
    UnreadableRow,
    XeroInvoice,
    XeroPayment,
)
from cmxero_desktop.domain.xero_history import HistoryLine, HistoryOf
from cmxero_desktop.services.records.readings import InvoicesPage, PaymentsById, PaymentsPage
from cmxero_desktop.services.records.runs import CallLimits
from tests.services.fake_time import TickingClock

AUD = "AUD"
_PAGE = 2
WU = Organisation(
    organisation_id=OrganisationId("org-1"), name="Wu & Partners", currency=AUD, time_zone="Australia/Sydney"
)
_Row = TypeVar("_Row")


@dataclass(slots=True)
class FakeXero:
    """The port XeroReader over a ledger; `errors` are raised by the methods with these names."""

    clock: TickingClock
    org: Organisation = WU
    invoices: dict[XeroInvoiceId, XeroInvoice] = field(default_factory=dict)
    payments: dict[XeroPaymentId, XeroPayment] = field(default_factory=dict)
    refunds: dict[XeroPaymentId, XeroPayment] = field(default_factory=dict)
    chart: list[Account] = field(default_factory=list)
    broken: dict[XeroPaymentId, UnreadableRow] = field(default_factory=dict)
    forgotten: set[XeroPaymentId] = field(default_factory=set)
    broken_invoices: dict[XeroInvoiceId, UnreadableRow] = field(default_factory=dict)
    hidden_invoices: set[XeroInvoiceId] = field(default_factory=set)
    skew: dict[XeroInvoiceId, Money] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)
    histories: dict[str, tuple[HistoryLine, ...]] = field(default_factory=dict)
    fails_after_page: int | None = None
    has_clock: bool = True
    limits: CallLimits = field(default_factory=CallLimits)
    sign_in_renewed_at: datetime | None = None
    asked: list[str] = field(default_factory=list)
    since: list[datetime | None] = field(default_factory=list)

    # What people do in Xero

    def bill(
        self, number: str, amount: str = "1000.00", status: str = "AUTHORISED", currency: str = AUD
    ) -> XeroInvoiceId:
        invoice_id = XeroInvoiceId(f"invoice-{len(self.invoices) + 1}")
        self.invoices[invoice_id] = XeroInvoice(
            invoice_id=invoice_id,
            number=number,
            status=status,
            total=Money.of(amount, currency),
            amount_paid=Money.zero(currency),
            amount_credited=Money.zero(currency),
            updated_at=self.clock(),
            contact_name="Ms Ito",
        )
        return invoice_id

    def pay(self, number: str, amount: str, paid_on: date, reference: str = "") -> XeroPaymentId:
        """Pay the newest invoice of this number."""
        invoice = next(i for i in reversed(self.invoices.values()) if i.number == number)
        payment_id = XeroPaymentId(f"payment-{len(self.payments) + 1}")
        self.payments[payment_id] = XeroPayment(
            payment_id=payment_id,
            invoice_id=invoice.invoice_id,
            invoice_number=number,
            paid_on=paid_on,
            amount=Money.of(amount, invoice.total.currency),
            updated_at=self.clock(),
            reference=reference,
            contact_name="Ms Ito",
        )
        self._add_up(invoice.invoice_id)
        return payment_id

    def delete(self, payment_id: XeroPaymentId) -> None:
        self.change(payment_id, status=PaymentStatus.DELETED)

    def edit(self, payment_id: XeroPaymentId, amount: str, paid_on: date | None = None) -> XeroPaymentId:
        """Edit as Xero does it: the old payment is deleted and a new one takes its place."""
        old = self.payments[payment_id]
        self.delete(payment_id)
        number = self.invoices[old.invoice_id].number
        return self.pay(number, amount, paid_on or old.paid_on, old.reference)

    def change(self, payment_id: XeroPaymentId, **values: object) -> None:
        changed = replace(self.payments[payment_id], updated_at=self.clock(), **values)  # type: ignore[arg-type]  # by name
        self.payments[payment_id] = changed
        self._add_up(changed.invoice_id)

    def renumber(self, invoice_id: XeroInvoiceId, number: str) -> None:
        self.invoices[invoice_id] = replace(self.invoices[invoice_id], number=number, updated_at=self.clock())

    def credit(self, invoice_id: XeroInvoiceId, amount: str, document_id: str = "credit-1") -> None:
        settlement = Settlement(
            kind=SettlementKind.CREDIT_NOTE, number="CN-1", amount=Money.of(amount, AUD), document_id=document_id
        )
        self.invoices[invoice_id] = replace(
            self.invoices[invoice_id],
            settlements=(settlement,),
            amount_credited=settlement.amount,
            updated_at=self.clock(),
        )

    def pay_back(
        self, amount: str, paid_on: date, payment_type: str = "AROVERPAYMENTPAYMENT", **values: object
    ) -> XeroPaymentId:
        """Refund a credit note, an overpayment or a prepayment of Ms Ito's from the bank."""
        payment_id = XeroPaymentId(f"refund-{len(self.refunds) + 1}")
        refund = XeroPayment(
            payment_id=payment_id,
            invoice_id=XeroInvoiceId(f"document-{payment_id}"),
            invoice_number="",
            paid_on=paid_on,
            amount=Money.of(amount, AUD),
            updated_at=self.clock(),
            payment_type=payment_type,
            invoice_type=payment_type.removesuffix("PAYMENT"),
            contact_name="Ms Ito",
        )
        self.refunds[payment_id] = replace(refund, **values)  # type: ignore[arg-type]  # by name
        return payment_id

    def break_row(self, payment_id: XeroPaymentId, *, is_told: bool = True) -> None:
        """Make a payment unreadable; `is_told` leaves its invoice readable."""
        payment = self.payments[payment_id]
        row = UnreadableRow(
            side=Side.XERO, place=f"Payments {payment_id}", problem="Date is empty.", xero_payment_id=payment_id
        )
        self.broken[payment_id] = replace(row, xero_invoice_id=payment.invoice_id) if is_told else row

    def break_invoice(self, invoice_id: XeroInvoiceId, *, is_named: bool = True) -> None:
        """Make an invoice unreadable; `is_named` leaves its id and its number readable."""
        row = UnreadableRow(
            side=Side.XERO, place=f"Invoices {invoice_id}", problem="Total is missing.", is_invoice=True
        )
        number = self.invoices[invoice_id].number
        self.broken_invoices[invoice_id] = (
            replace(row, xero_invoice_id=invoice_id, invoice_number=number) if is_named else row
        )

    def _add_up(self, invoice_id: XeroInvoiceId) -> None:
        live = (p.amount for p in self.payments.values() if p.invoice_id == invoice_id and p.is_live)
        paid = total(live, self.invoices[invoice_id].total.currency)
        self.invoices[invoice_id] = replace(self.invoices[invoice_id], amount_paid=paid, updated_at=self.clock())

    # The port

    @property
    def requests_made(self) -> int:
        return len(self.asked)

    def organisation(self) -> Organisation:
        self._ask("organisation")
        return self.org

    def accounts(self) -> tuple[Account, ...]:
        self._ask("accounts")
        return tuple(self.chart)

    def changed_payments(self, since: datetime | None) -> Iterator[PaymentsPage]:
        self.since.append(since)
        rows = [p for p in self.payments.values() if since is None or p.updated_at >= since]
        for number, page in enumerate(_pages(rows)):
            if number == self.fails_after_page:
                raise self.errors["page"]
            self._ask("changed_payments")
            yield self._page(page)

    def changed_invoices(self, since: datetime | None) -> Iterator[InvoicesPage]:
        rows = [i for i in self.invoices.values() if since is None or i.updated_at >= since]
        for page in _pages(rows):
            self._ask("changed_invoices")
            yield self._invoices_page(page)

    def changed_refunds(self, payment_type: str, since: datetime | None) -> Iterator[PaymentsPage]:
        rows = [p for p in self.refunds.values() if p.payment_type == payment_type]
        for page in _pages([p for p in rows if since is None or p.updated_at >= since]):
            self._ask("changed_refunds")
            yield self._page(page)

    def payments_of(self, invoice_ids: Collection[XeroInvoiceId]) -> PaymentsPage:
        self._ask("payments_of")
        known = (p for p in self.payments.values() if p.payment_id not in self.forgotten)
        return self._page([p for p in known if p.invoice_id in invoice_ids])

    def payments_by_id(self, payment_ids: Collection[XeroPaymentId]) -> PaymentsById:
        self._ask("payments_by_id")
        known = [self.payments[i] for i in payment_ids if i in self.payments and i not in self.forgotten]
        page = self._page(known)
        unknown = frozenset(payment_ids) - {p.payment_id for p in known}
        return PaymentsById(payments=page.payments, unknown=unknown, unreadable=page.unreadable)

    def invoices_by_id(self, invoice_ids: Collection[XeroInvoiceId]) -> InvoicesPage:
        self._ask("invoices_by_id")
        found = [self.invoices[i] for i in invoice_ids if i in self.invoices and i not in self.hidden_invoices]
        unknown = frozenset(invoice_ids) - {i.invoice_id for i in found}
        return replace(self._invoices_page(found), unknown=unknown)

    def history(self, of: HistoryOf) -> tuple[HistoryLine, ...] | None:
        self._ask(f"history of {of.kind.value} {of.record_id}")
        self._ask("history")
        return self.histories.get(of.record_id)

    def _ask(self, name: str) -> None:
        self.asked.append(name)
        if name in self.errors:
            raise self.errors[name]

    def _as_of(self) -> datetime | None:
        return self.clock() if self.has_clock else None

    def _page(self, rows: Sequence[XeroPayment]) -> PaymentsPage:
        return PaymentsPage(
            payments=tuple(p for p in rows if p.payment_id not in self.broken),
            unreadable=tuple(self.broken[p.payment_id] for p in rows if p.payment_id in self.broken),
            as_of=self._as_of(),
        )

    def _invoices_page(self, rows: Sequence[XeroInvoice]) -> InvoicesPage:
        return InvoicesPage(
            invoices=tuple(self._skewed(i) for i in rows if i.invoice_id not in self.broken_invoices),
            unreadable=tuple(self.broken_invoices[i.invoice_id] for i in rows if i.invoice_id in self.broken_invoices),
            as_of=self._as_of(),
        )

    def _skewed(self, invoice: XeroInvoice) -> XeroInvoice:
        return replace(invoice, amount_paid=self.skew.get(invoice.invoice_id, invoice.amount_paid))


def _pages(rows: Sequence[_Row]) -> list[Sequence[_Row]]:
    return [rows[start : start + _PAGE] for start in range(0, len(rows), _PAGE)] or [()]
