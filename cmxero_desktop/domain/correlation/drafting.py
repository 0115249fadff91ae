"""Draft the four kinds of proposal: the values that would be written, the flags, and the fingerprint."""

from collections.abc import Iterable
from dataclasses import dataclass

from cmxero_desktop.domain.correlation.near_doubles import is_near_double
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.notes import NOTE_PREFIX, with_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import (
    Evidence,
    Flag,
    PaymentValues,
    Proposal,
    ProposalKind,
    fingerprint_of,
)
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule


@dataclass(frozen=True, slots=True)
class Drafter:
    """Drafts proposals for one invoice. `near_candidates` are payments typed by hand that no Xero payment equals."""

    snapshot: InvoiceSnapshot
    case_invoice: CaseInvoice
    policy: Policy
    is_under_sor: bool
    near_candidates: tuple[CasePayment, ...] = ()

    def add(
        self,
        xero: XeroPayment,
        *,
        rule: Rule,
        explanation: str,
        flags: Iterable[Flag],
        near: Iterable[CasePayment],
    ) -> Proposal:
        """Draft an add with Xero's date, amount and reference, and the note (R12)."""
        after = PaymentValues(
            paid_on=xero.paid_on,
            amount=xero.amount,
            reference=self._reference(xero, ""),
            notes=f"{NOTE_PREFIX}{xero.payment_id}",
            payment_type=self.policy.payment_type,
        )
        return self._proposal(ProposalKind.ADD, rule, explanation, flags, near=tuple(near), xero=xero, after=after)

    def link(self, xero: XeroPayment, copy: CasePayment, *, rule: Rule, explanation: str) -> Proposal:
        """Draft a link: nothing but the line in Notes (R8)."""
        after = PaymentValues(
            paid_on=copy.paid_on,
            amount=copy.amount,
            reference=copy.reference,
            notes=with_mark(copy.notes, xero.payment_id),
            payment_type=copy.payment_type,
        )
        return self._proposal(ProposalKind.LINK, rule, explanation, (), xero=xero, case=copy, after=after)

    def change(
        self,
        xero: XeroPayment,
        copy: CasePayment,
        *,
        rule: Rule,
        explanation: str,
        flags: Iterable[Flag] = (),
        replaced: XeroPayment | None = None,
    ) -> Proposal:
        """Draft a change of a copy to Xero's values; it keeps its key and its payment type (R14, R16, R23)."""
        after = PaymentValues(
            paid_on=xero.paid_on,
            amount=xero.amount,
            reference=self._reference(xero, copy.reference),
            notes=with_mark(copy.notes, xero.payment_id),
            payment_type=copy.payment_type,
        )
        near = tuple(other for other in self.near(xero) if other.payment_id != copy.payment_id)
        flags = (*flags, Flag.NEAR_DOUBLE) if near else flags
        return self._proposal(
            ProposalKind.CHANGE,
            rule,
            explanation,
            flags,
            near=near,
            xero=xero,
            case=copy,
            after=after,
            replaced=replaced,
        )

    def remove(
        self, copy: CasePayment, *, rule: Rule, explanation: str, replaced: XeroPayment | None = None
    ) -> Proposal:
        """Draft the removal of a copy (R15, R20)."""
        return self._proposal(ProposalKind.REMOVE, rule, explanation, (), case=copy, replaced=replaced)

    def near(self, xero: XeroPayment) -> tuple[CasePayment, ...]:
        """Return the payments typed by hand that may be the same money as `xero` (R23)."""
        return tuple(copy for copy in self.near_candidates if is_near_double(xero, copy, self.policy))

    def note_fits(self, notes: str, payment_id: XeroPaymentId) -> bool:
        """Say whether the line that names the payment fits behind what Notes hold already (R28)."""
        limit = self.policy.notes_limit
        return limit is None or len(with_mark(notes, payment_id)) <= limit

    def _reference(self, xero: XeroPayment, present: str) -> str:
        """Take Xero's reference where it has one, as much of it as the column holds (R14)."""
        return xero.reference[: self.policy.reference_limit] if xero.reference else present

    def _proposal(
        self,
        kind: ProposalKind,
        rule: Rule,
        explanation: str,
        flags: Iterable[Flag],
        *,
        xero: XeroPayment | None = None,
        case: CasePayment | None = None,
        replaced: XeroPayment | None = None,
        after: PaymentValues | None = None,
        near: tuple[CasePayment, ...] = (),
    ) -> Proposal:
        all_flags = frozenset(flags) | ({Flag.SOR} if self.is_under_sor else frozenset())
        fingerprint = fingerprint_of(
            kind,
            rule=rule,
            xero_invoice_id=self.snapshot.xero_invoice_id,
            case_invoice_id=self.case_invoice.invoice_id,
            xero=xero,
            replaced=replaced,
            case=case,
            after=after,
            flags=all_flags,
            near=near,
        )
        return Proposal(
            kind=kind,
            fingerprint=fingerprint,
            invoice_number=self.snapshot.number,
            xero_invoice_id=self.snapshot.xero_invoice_id,
            case_invoice_id=self.case_invoice.invoice_id,
            rule=rule,
            explanation=explanation,
            xero=xero,
            case=case,
            replaced=replaced,
            before=PaymentValues.of(case) if case else None,
            after=after,
            flags=all_flags,
            near=near,
            evidence=_evidence(xero, case or (near[0] if near else None), is_under_sor=self.is_under_sor),
        )


def _evidence(xero: XeroPayment | None, case: CasePayment | None, *, is_under_sor: bool) -> tuple[Evidence, ...]:
    """Name the tests that a person would make, with their outcome."""
    found = [Evidence("invoice found", holds=True)]
    if xero is not None and case is not None:
        found.append(Evidence("amount equal", xero.amount == case.amount))
        found.append(Evidence("date equal", xero.paid_on == case.paid_on))
    if case is not None:
        found.append(Evidence("not journalled", not case.is_journalled))
        found.append(Evidence("single invoice", not case.is_multi_invoice))
    found.append(Evidence("control total agrees", holds=True))
    found.append(Evidence("not on an SOR schedule", not is_under_sor))
    return tuple(found)
