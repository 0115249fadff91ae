"""Which payments the rules speak about at all (R1, R2, R5)."""

from dataclasses import dataclass

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.notes import NoteMark, read_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CUSTOMER_PAYMENT, SALES_INVOICE, CasePayment, InvoiceSnapshot, XeroPayment


@dataclass(frozen=True, slots=True)
class MarkedPayment:
    """A case payment together with what its Notes say."""

    payment: CasePayment
    mark: NoteMark


@dataclass(frozen=True, slots=True)
class Scope:
    """The payments of one invoice that take part, in an order that input order cannot change."""

    live: tuple[XeroPayment, ...]
    deleted: tuple[XeroPayment, ...]
    case: tuple[MarkedPayment, ...]
    left_out: int


def is_cm_invoice(number: str, policy: Policy) -> bool:
    """Say whether an invoice number begins with exactly the prefix and has something behind it (R1)."""
    return number.startswith(policy.invoice_prefix) and len(number) > len(policy.invoice_prefix)


def is_customer_payment(payment: XeroPayment) -> bool:
    """Say whether Xero means a payment of a sales invoice; a credit note's refund is none (R2)."""
    return payment.payment_type == CUSTOMER_PAYMENT and payment.invoice_type == SALES_INVOICE


def folded(payment_id: XeroPaymentId) -> XeroPaymentId:
    """Return the id as Notes are compared: in lower case."""
    return XeroPaymentId(payment_id.lower())


def xero_order(payment: XeroPayment) -> tuple[str, XeroPaymentId]:
    """Order Xero payments by date and id, which nobody can change."""
    return (payment.paid_on.isoformat(), payment.payment_id)


def scope_of(snapshot: InvoiceSnapshot, policy: Policy) -> Scope:
    """Take the payments in scope.

    Payments before `start_date` stay out, but a copy and its original stay together where one of them is dated later.
    """
    xero = sorted((p for p in snapshot.xero_payments if is_customer_payment(p)), key=xero_order)
    case = [
        MarkedPayment(payment, read_mark(payment.notes, policy.imported_text))
        for payment in sorted(snapshot.case_payments, key=lambda p: p.payment_id.order)
    ]
    start = policy.start_date
    if start is None:
        kept_xero, kept_case = xero, case
    else:
        named = {m.mark.payment_id for m in case if m.payment.paid_on >= start}
        originals = {folded(p.payment_id) for p in xero if p.is_live and p.paid_on >= start}
        kept_xero = [p for p in xero if p.paid_on >= start or folded(p.payment_id) in named]
        kept_case = [m for m in case if m.payment.paid_on >= start or m.mark.payment_id in originals]
    left_out = sum(p.is_live for p in xero) - sum(p.is_live for p in kept_xero) + len(case) - len(kept_case)
    return Scope(
        live=tuple(p for p in kept_xero if p.is_live),
        deleted=tuple(p for p in kept_xero if not p.is_live),
        case=tuple(kept_case),
        left_out=left_out,
    )
