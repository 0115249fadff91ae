"""One invented firm's invoices and payments, as they truly are: each legacy schema keeps the same ones in its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

_FIRST = date(2026, 1, 5)
_METHODS = ("EFT", "Cheque", "Credit Card", "Cash")
_GROUPS = {12: "G1", 13: "G1", 22: "G2", 23: "G2", 24: "G2"}
_GROUP_DAYS = {"G1": date(2026, 4, 20), "G2": date(2026, 6, 22)}
_ADJUSTED = {15: Decimal("-50.00"), 25: Decimal("-20.00"), 36: Decimal("-12.50")}
_REFUNDED = {18: Decimal("30.00"), 28: Decimal("15.00")}
_DELETED = (7, 17, 27)
_UNPAID, _IN_PARTS = 0, 1


@dataclass(frozen=True)
class TrueInvoice:
    """An invoice as it is; an adjustment of -50.00 is 50.00 less."""

    at: int
    number: str
    net: Decimal
    tax: Decimal
    client: str
    case: str
    dated: date
    due: date
    adjustment: Decimal = Decimal("0.00")
    refund: Decimal = Decimal("0.00")

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


@dataclass(frozen=True)
class TruePayment:
    """A payment as it is; one that `is_deleted` was never received."""

    at: int
    invoice: TrueInvoice
    paid_on: date
    amount: Decimal
    method: str
    reference: str
    notes: str
    journal: str
    group: str
    is_deleted: bool = False


@dataclass(frozen=True)
class Books:
    """All of it."""

    invoices: tuple[TrueInvoice, ...]
    payments: tuple[TruePayment, ...]

    @property
    def true_payments(self) -> tuple[TruePayment, ...]:
        return tuple(payment for payment in self.payments if not payment.is_deleted)

    def balance(self, invoice: TrueInvoice) -> Decimal:
        paid = sum((p.amount for p in self.true_payments if p.invoice is invoice), Decimal(0))
        return invoice.total + invoice.adjustment + invoice.refund - paid

    def truth(self) -> Mapping[str, tuple[Decimal, tuple[tuple[date, Decimal, bool, bool], ...]]]:
        """Return for each invoice its total, and day, amount, lock and group of its payments."""
        groups = {p.group for p in self.true_payments if p.group}
        return {
            invoice.number: (
                invoice.total,
                tuple(
                    sorted(
                        (p.paid_on, p.amount, bool(p.journal), p.group in groups)
                        for p in self.true_payments
                        if p.invoice is invoice
                    )
                ),
            )
            for invoice in self.invoices
        }


def books(count: int = 40) -> Books:
    """Return the books; the same each time."""
    invoices = tuple(_invoice(at) for at in range(1, count + 1))
    payments: list[TruePayment] = []
    for invoice in invoices:
        for paid_on, amount in _paid(invoice):
            payments.append(_payment(len(payments) + 1, invoice, paid_on, amount))
        if invoice.at in _DELETED:
            first = payments[-1]
            payments.append(
                TruePayment(
                    at=len(payments) + 1,
                    invoice=invoice,
                    paid_on=first.paid_on,
                    amount=first.amount,
                    method="EFT",
                    reference="",
                    notes="typed twice",
                    journal="",
                    group="",
                    is_deleted=True,
                )
            )
    return Books(invoices, tuple(payments))


def _invoice(at: int) -> TrueInvoice:
    net = Decimal(100 + (at * 37) % 900) + Decimal(at % 4) / 4
    dated = _FIRST + timedelta(days=5 * at)
    return TrueInvoice(
        at=at,
        number=str(20_000 + at),
        net=net,
        tax=(net / 10).quantize(Decimal("0.01")),
        client=f"Client {at % 9}",
        case=f"Case of {chr(65 + at % 26)}",
        dated=dated,
        due=dated + timedelta(days=30),
        adjustment=_ADJUSTED.get(at, Decimal("0.00")),
        refund=_REFUNDED.get(at, Decimal("0.00")),
    )


def _paid(invoice: TrueInvoice) -> list[tuple[date, Decimal]]:
    owed = invoice.total + invoice.adjustment
    day = invoice.dated + timedelta(days=20 + invoice.at % 7)
    if invoice.at in _GROUPS:
        return [(_GROUP_DAYS[_GROUPS[invoice.at]], owed)]
    if invoice.at % 5 == _UNPAID and invoice.at not in _ADJUSTED:
        return []
    if invoice.at % 5 == _IN_PARTS:
        return [(day, Decimal("60.00")), (day + timedelta(days=11), owed - 60)]
    return [(day, owed)]


def _payment(at: int, invoice: TrueInvoice, paid_on: date, amount: Decimal) -> TruePayment:
    return TruePayment(
        at=at,
        invoice=invoice,
        paid_on=paid_on,
        amount=amount,
        method=_METHODS[at % 4],
        reference=f"R{700 + at}" if at % 3 else "",
        notes=f"by hand {at}" if at % 6 == 0 else "",
        journal=f"J{paid_on:%m}" if invoice.at <= 10 else "",
        group=_GROUPS.get(invoice.at, ""),
    )
