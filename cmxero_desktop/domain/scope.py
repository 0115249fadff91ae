"""Which payments the rules speak about at all (R1, R2, R5)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.notes import NoteMark, mark_of, read_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import (
    CUSTOMER_PAYMENT,
    SALES_INVOICE,
    CasePayment,
    InvoiceSnapshot,
    XeroPayment,
)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class MarkedPayment:
    """A case payment together with what its Notes say."""

    payment: CasePayment
    mark: NoteMark


@dataclass(frozen=True, slots=True)
class Scope:
    """The payments of one invoice that take part, in an order that input order cannot change.

    `early_live` and `early_case` are those before `start_date`: counted and not listed (R5).
    """

    live: tuple[XeroPayment, ...]
    deleted: tuple[XeroPayment, ...]
    case: tuple[MarkedPayment, ...]
    early_live: tuple[XeroPayment, ...] = ()
    early_case: tuple[MarkedPayment, ...] = ()

    @property
    def left_out(self) -> int:
        """How many payments are out of scope by date; a deleted one counts no more."""
        return len(self.early_live) + len(self.early_case)


def is_cm_invoice(number: str, policy: Policy) -> bool:
    """Say whether an invoice number begins with exactly the prefix (R1); a bare prefix is of no invoice (R4)."""
    return number.startswith(policy.invoice_prefix)


def is_customer_payment(payment: XeroPayment) -> bool:
    """Say whether Xero means a payment of a sales invoice; a credit note's refund is none (R2)."""
    return payment.payment_type == CUSTOMER_PAYMENT and payment.invoice_type == SALES_INVOICE


def is_instalment(payment: XeroPayment, policy: Policy) -> bool:
    """Say whether the payment went to the SOR clearing account, told by its code or a part of its name (S1, S2)."""
    text = policy.sor_account_text.strip().casefold()
    return bool(text) and (text in payment.account_name.casefold() or text == payment.account_code.casefold())


def folded(payment_id: XeroPaymentId) -> XeroPaymentId:
    """Return the id as Notes are compared: in lower case."""
    return XeroPaymentId(payment_id.lower())


def xero_order(payment: XeroPayment) -> tuple[date, XeroPaymentId]:
    """Order Xero payments by date and id, which nobody can change."""
    return (payment.paid_on, payment.payment_id)


def scope_of(snapshot: InvoiceSnapshot, policy: Policy) -> Scope:
    """Take the payments in scope (R2, R4, R5)."""
    xero = [p for p in snapshot.xero_payments if is_customer_payment(p)]
    xero.sort(key=xero_order)
    case = _marked(snapshot, policy)
    if policy.start_date is not None:
        return _since(policy.start_date, xero, case, snapshot)
    live = tuple([p for p in xero if p.is_live])
    deleted = tuple([p for p in xero if not p.is_live]) if len(live) < len(xero) else ()
    return Scope(live, deleted, tuple(case))


def _marked(snapshot: InvoiceSnapshot, policy: Policy) -> list[MarkedPayment]:
    """Read the marks of the case payments, in the order of their keys; without an invoice there are none (R4)."""
    if snapshot.case_invoice is None:
        return []
    payments = sorted(snapshot.case_payments, key=lambda p: p.payment_id.order)
    return [MarkedPayment(p, read_mark(p.notes, policy.imported_text)) for p in payments]


def marked(snapshot: InvoiceSnapshot, policy: Policy) -> tuple[MarkedPayment, ...]:
    """Read the marks of the case payments, in the order of their keys; without an invoice there are none (R4)."""
    if snapshot.case_invoice is None:
        return ()
    payments = sorted(snapshot.case_payments, key=lambda p: p.payment_id.order)
    return tuple(MarkedPayment(p, mark_of(p.notes, policy.imported_text)) for p in payments)


def _since(start: date, xero: Iterable[XeroPayment], case: Iterable[MarkedPayment], snapshot: InvoiceSnapshot) -> Scope:
    """Split at `start`, never between an original and its copies, nor before a copy that a person chose to link.

    Torn apart, one of them would be added or removed although the other is there.
    """
    ids = {folded(p.payment_id) for p in xero if p.paid_on >= start}
    ids |= {m.mark.payment_id for m in case if m.payment.paid_on >= start and m.mark.payment_id is not None}
    chosen = {case_id for _, case_id in snapshot.decisions.links}
    kept, early = _split(xero, lambda p: p.paid_on >= start or folded(p.payment_id) in ids)
    kept_case, early_case = _split(
        case,
        lambda m: m.payment.paid_on >= start or m.mark.payment_id in ids or m.payment.payment_id in chosen,
    )
    live, deleted = _split(kept, lambda p: p.is_live)
    return Scope(live, deleted, kept_case, tuple(p for p in early if p.is_live), early_case)


def _split(items: Iterable[_T], test: Callable[[_T], bool]) -> tuple[tuple[_T, ...], tuple[_T, ...]]:
    """Return the items that pass the test, and the others."""
    passing: list[_T] = []
    failing: list[_T] = []
    for item in items:
        (passing if test(item) else failing).append(item)
    return tuple(passing), tuple(failing)
