"""Which payments the rules speak about at all (R1, R2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.notes import NoteMark, read_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import (
    CUSTOMER_PAYMENT,
    SALES_INVOICE,
    CasePayment,
    InvoiceSnapshot,
    XeroPayment,
)

DELETED = "DELETED"
"""The state of an invoice that was deleted in Xero."""

DEAD = frozenset({"VOIDED", DELETED})
"""The states of an invoice in Xero that may have left its number to another one."""

# What stands behind the prefix: more letters than these are a word, and make another kind of number.
_NUMBER = re.compile(r"\d+[A-Za-z]{0,2}")


@dataclass(frozen=True, slots=True)
class MarkedPayment:
    """A case payment together with what its Notes say."""

    payment: CasePayment
    mark: NoteMark


def is_cm_invoice(number: str, policy: Policy) -> bool:
    """Say whether an invoice number begins with exactly the prefix (R1); a bare prefix is of no invoice (R4)."""
    return number.startswith(policy.invoice_prefix)


def near_number(number: str, policy: Policy) -> str:
    """Return the number, without noughts in front, of an invoice that only looks like a CM invoice; else nothing (R1).

    It is one but for case, blanks, or the hyphen: `cm-102`, `CM 102`, ` CM-102`.
    """
    letters = _squeezed(policy.invoice_prefix)
    rest = _squeezed(number)[len(letters) :]
    is_near = bool(letters) and _squeezed(number).casefold().startswith(letters.casefold())
    is_near = is_near and _NUMBER.fullmatch(rest) is not None and not is_cm_invoice(number, policy)
    return _without_noughts(rest) if is_near else ""


def plain_number(number: str) -> str:
    """Return a number without what people add or leave out in typing it: case, blanks, hyphens, noughts in front."""
    return _without_noughts(_squeezed(number).casefold())


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("-", "")


def _without_noughts(text: str) -> str:
    return text.lstrip("0") or text


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


def marked(snapshot: InvoiceSnapshot, policy: Policy) -> tuple[MarkedPayment, ...]:
    """Read the marks of the case payments, in the order of their keys; without an invoice there are none (R4)."""
    if snapshot.case_invoice is None:
        return ()
    payments = sorted(snapshot.case_payments, key=lambda p: p.payment_id.order)
    return tuple(MarkedPayment(p, read_mark(p.notes, policy.imported_text)) for p in payments)


def is_never_copied(payment: XeroPayment, policy: Policy) -> bool:
    """Say whether it went to an account whose payments stay out (R3): told by code, or by name."""
    return _is_named(payment, policy.never_copy)


def is_trusted(payment: XeroPayment, policy: Policy) -> bool:
    """Say whether the settings give the account a payment type, and so make it as good as a bank (R3)."""
    return _is_named(payment, policy.payment_types)


def payment_type_of(payment: XeroPayment, policy: Policy) -> str:
    """Return the payment type that Case Manager gets: the account's, else the firm's usual one (R3, R12)."""
    types = (kind for named, kind in policy.payment_types.items() if _is_named(payment, (named,)))
    return next(types, policy.payment_type)


def is_kept_flagged(payment: XeroPayment, policy: Policy) -> bool:
    """Say whether a person said that each payment to the account stays flagged (R3)."""
    return _is_named(payment, policy.keep_flagging)


def _is_named(payment: XeroPayment, accounts: Iterable[str]) -> bool:
    own = {payment.account_code.casefold(), payment.account_name.casefold()} - {""}
    return any(named.casefold() in own for named in accounts)
