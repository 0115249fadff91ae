"""What makes two payments equal, locked, or of one reference (R7 to R11)."""

from dataclasses import dataclass

from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.scope import MarkedPayment


@dataclass(frozen=True, slots=True)
class Pairing:
    """A Xero payment and a case payment that belong together; `is_named` where the Notes say so themselves."""

    xero: XeroPayment
    case: MarkedPayment
    is_named: bool


def are_equal(xero: XeroPayment, case: CasePayment) -> bool:
    """Say whether amount and date are the same (P)."""
    return xero.paid_on == case.paid_on and xero.amount == case.amount


def is_locked(payment: CasePayment, policy: Policy) -> bool:
    """Say whether a journal entry locks the payment (R10)."""
    return payment.is_journalled and policy.is_journalled_locked


def is_free(payment: CasePayment, policy: Policy) -> bool:
    """Say whether the payment can be changed at all (R9, R10)."""
    return not payment.is_fixed(is_journalled_locked=policy.is_journalled_locked)


def has_same_reference(xero: XeroPayment, case: CasePayment) -> bool:
    """Say whether both sides carry the same reference; two blank ones prove nothing."""
    return is_same_text(xero.reference, case.reference)


def is_same_text(one: str, other: str) -> bool:
    """Say whether two texts are the same but for the space around them, and not both blank."""
    return bool(one.strip()) and one.strip() == other.strip()
