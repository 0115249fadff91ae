"""What the payments make up of a difference that are not listed because of their date (R5, R24a)."""

from collections.abc import Iterator, Sequence

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.correlation.sides import Sides, sides_of
from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.scope import folded

Part = tuple[Cause, int, str]
"""A cause, what Case Manager is above Xero because of it in cents, and the payment that it speaks of."""


def old_parts(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> Iterator[Part]:
    """Return the parts of the hidden payments; a pair that was matched makes up nothing."""
    sides = sides_of(snapshot, policy)
    paired_xero = {xero_id for xero_id, _ in correlation.hidden_pairs}
    paired_case = {case_id for _, case_id in correlation.hidden_pairs}
    hidden_xero = set(correlation.hidden_xero) - paired_xero
    hidden_case = set(correlation.hidden_case) - paired_case
    sent = [p for p in sides.live if p.payment_id in hidden_xero]
    typed = [m.payment for m in sides.case if m.payment.payment_id in hidden_case]
    accepted = _accepted(sides)
    for payment in (p for p in sent if folded(p.payment_id) in accepted):
        yield Cause.ACCEPTED, payment.amount.minor, ""
    for copy in (c for c in typed if c.payment_id in accepted):
        yield Cause.ACCEPTED, -copy.amount.minor, ""
    for copy in (c for c in typed if c.payment_id in sides.explained):
        is_open = sides.explained[copy.payment_id].what is Explained.TO_CORRECT
        yield Cause.TO_CORRECT if is_open else Cause.EXPLAINED, -copy.amount.minor, wording.paid(copy)
    settled = accepted | sides.explained.keys()
    yield from _left_over(
        [p for p in sent if folded(p.payment_id) not in settled], [c for c in typed if c.payment_id not in settled]
    )


def _accepted(sides: Sides) -> frozenset[XeroPaymentId | CasePaymentId]:
    """Return the payments of both sides that a person accepted as the same money."""
    members = [member for one in sides.accepted for member in one.members]
    xero = (folded(member.xero_id) for member in members if member.xero_id is not None)
    return frozenset({*xero, *(member.case_id for member in members if member.case_id is not None)})


def _left_over(sent: Sequence[XeroPayment], typed: Sequence[CasePayment]) -> Iterator[Part]:
    """Name what has no counterpart; what both sides have may be the same money, so no word may ask to enter it."""
    if sent and typed:
        for payment in sent:
            yield Cause.OLD_DIFFERS, payment.amount.minor, f"{wording.paid(payment)} in Xero"
        for copy in typed:
            yield Cause.OLD_DIFFERS, -copy.amount.minor, f"{wording.paid(copy)} in Case Manager"
        return
    for payment in sent:
        yield Cause.BEFORE_START, payment.amount.minor, wording.paid(payment)
    for copy in typed:
        yield Cause.OLD_LEFTOVER, -copy.amount.minor, wording.paid(copy)
