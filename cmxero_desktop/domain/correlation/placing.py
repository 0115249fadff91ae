"""Collect the rows and proposals of one invoice while it is being correlated."""

from datetime import date, timedelta

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.identifiers import Fingerprint, XeroPaymentId
from cmxero_desktop.domain.placements import Bucket, MatchedHow, Placement, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule


class Rows:
    """The rows and proposals found so far for one invoice."""

    def __init__(self, snapshot: InvoiceSnapshot, policy: Policy) -> None:
        self.snapshot = snapshot
        self.policy = policy
        self.placements: list[Placement] = []
        self.proposals: list[Proposal] = []

    def matched(
        self,
        xero: XeroPayment,
        copy: CasePayment,
        how: MatchedHow,
        rule: Rule,
        fingerprint: Fingerprint | None,
    ) -> None:
        """Place an equal pair."""
        self.placements.append(
            Placement(
                bucket=Bucket.MATCHED,
                invoice_number=self.snapshot.number,
                rule=rule,
                explanation=wording.MATCHED[how],
                xero=xero,
                case=copy,
                matched_how=how,
                fingerprint=fingerprint,
            )
        )

    def unmatched_case(
        self,
        copy: CasePayment,
        rule: Rule,
        explanation: str,
        *,
        near: tuple[XeroPaymentId, ...] = (),
        proposal: Proposal | None = None,
    ) -> None:
        """Place a case payment that no Xero payment equals."""
        self.placements.append(
            Placement(
                bucket=Bucket.UNMATCHED,
                invoice_number=self.snapshot.number,
                rule=rule,
                explanation=explanation,
                case=copy,
                near_xero=near,
                evidence=proposal.evidence if proposal else (),
                fingerprint=proposal.fingerprint if proposal else None,
            )
        )

    def unmatched_xero(self, xero: XeroPayment, proposal: Proposal) -> None:
        """Place a Xero payment that no case payment equals; something is always proposed for it."""
        self.placements.append(
            Placement(
                bucket=Bucket.UNMATCHED,
                invoice_number=self.snapshot.number,
                rule=proposal.rule,
                explanation=proposal.explanation,
                xero=xero,
                near_case=tuple(payment.payment_id for payment in proposal.near),
                evidence=proposal.evidence,
                fingerprint=proposal.fingerprint,
            )
        )

    def skipped(
        self,
        reason: Reason,
        rule: Rule,
        explanation: str,
        *,
        xero: XeroPayment | None = None,
        case: CasePayment | None = None,
    ) -> None:
        """Place what the rules leave undisturbed, with the reason and the next step."""
        self.placements.append(
            Placement(
                bucket=Bucket.SKIPPED,
                invoice_number=self.snapshot.number,
                rule=rule,
                explanation=explanation,
                xero=xero,
                case=case,
                reason=reason,
                next_step=wording.NEXT_STEP[reason],
            )
        )

    def future_dated(self, xero: XeroPayment, case: CasePayment | None, *, today: date, limit: int) -> None:
        """Place a payment dated beyond the forward dating limit; it is ready when the limit reaches it (R13)."""
        ready_on = xero.paid_on - timedelta(days=limit)
        self.placements.append(
            Placement(
                bucket=Bucket.SKIPPED,
                invoice_number=self.snapshot.number,
                rule=Rule.R13,
                explanation=wording.future_dated(xero, today, limit),
                xero=xero,
                case=case,
                reason=Reason.FUTURE_DATED,
                next_step=wording.comes_to_review(ready_on),
                ready_on=ready_on,
            )
        )

    def notes_full(self, xero: XeroPayment, case: CasePayment | None) -> None:
        """Place a payment whose note would not fit (R28)."""
        self.skipped(
            Reason.NOTES_FULL,
            Rule.R28,
            wording.notes_full(case, self.policy.notes_limit or 0),
            xero=xero,
            case=case,
        )

    def unreadable(self) -> None:
        """Place the rows of this invoice that could not be read (R30)."""
        if not self.snapshot.unreadable:
            return
        for row in sorted(self.snapshot.unreadable, key=lambda row: (row.side, row.place)):
            self.placements.append(
                Placement(
                    bucket=Bucket.SKIPPED,
                    invoice_number=self.snapshot.number,
                    rule=Rule.R30,
                    explanation=wording.unreadable(row),
                    unreadable=row,
                    reason=Reason.UNREADABLE,
                    next_step=wording.NEXT_STEP[Reason.UNREADABLE],
                )
            )
