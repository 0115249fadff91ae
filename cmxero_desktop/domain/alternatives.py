"""Which other case payments a Xero payment might have been paired with, and why each was not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.wording import day


@dataclass(frozen=True, slots=True)
class Alternative:
    """A case payment that was looked at, and why it lost."""

    payment: CasePayment
    why: str


_NO_NAMES: Mapping[CaseInvoiceId, str] = MappingProxyType({})


def alternatives(
    proposal: Proposal,
    snapshot: InvoiceSnapshot,
    correlation: Correlation,
    names: Mapping[CaseInvoiceId, str] = _NO_NAMES,
) -> tuple[Alternative, ...]:
    """Return what is close, beside, or equal in amount, but for what the proposal itself is about.

    `names` are those of the other invoices, as far as they are known.
    """
    xero = proposal.xero
    if xero is None:
        return ()
    paired = {p.case.payment_id: p.xero for p in correlation.placements if p.case is not None and p.xero is not None}
    own = {payment.payment_id for payment in (proposal.case, *proposal.accepted_as) if payment is not None}
    found: dict[CasePaymentId, CasePayment] = {}
    for payment in (*proposal.near, *proposal.beside, *_equal_in_amount(snapshot, xero.amount)):
        if payment.payment_id not in own:
            found.setdefault(payment.payment_id, payment)
    return tuple(
        Alternative(payment, _why(payment, xero, paired.get(payment.payment_id), proposal, names))
        for payment in found.values()
    )


def _equal_in_amount(snapshot: InvoiceSnapshot, amount: Money) -> Iterator[CasePayment]:
    return (payment for payment in snapshot.case_payments if payment.amount == amount)


def _why(
    payment: CasePayment,
    xero: XeroPayment,
    other: XeroPayment | None,
    proposal: Proposal,
    names: Mapping[CaseInvoiceId, str],
) -> str:
    if other is not None and other.payment_id != xero.payment_id:
        return f"matched with Xero's {other.amount} of {day(other.paid_on)}"
    reasons = [*_apart(payment, xero)]
    if payment.invoice_id != proposal.case_invoice_id:
        reasons.append(f"on {names.get(payment.invoice_id, 'another invoice')}")
    return ", ".join(reasons) or "equal, but one payment stands for one"


def _apart(payment: CasePayment, xero: XeroPayment) -> Iterator[str]:
    less = xero.amount - payment.amount
    if less.minor:
        yield f"{less} less" if less.minor > 0 else f"{-less} more"
    days = (xero.paid_on - payment.paid_on).days
    if days:
        some = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
        yield f"{some} earlier" if days > 0 else f"{some} later"
