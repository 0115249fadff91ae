"""Where every payment stands after correlation: matched, unmatched, or skipped with a reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cmxero_desktop.domain.identifiers import CasePaymentId, Fingerprint, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Evidence, Proposal
from cmxero_desktop.domain.records import CasePayment, Side, UnreadableRow, XeroPayment
from cmxero_desktop.domain.rules import Rule


class Bucket(StrEnum):
    """The three places of which every payment in scope has exactly one."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    SKIPPED = "skipped"


class Reason(StrEnum):
    """Why a payment was skipped."""

    NO_INVOICE = "NO_INVOICE"
    CURRENCY = "CURRENCY"
    FUTURE_DATED = "FUTURE_DATED"
    JOURNALLED = "JOURNALLED"
    MULTI_INVOICE = "MULTI_INVOICE"
    CONTROL_TOTAL = "CONTROL_TOTAL"
    NOTES_FULL = "NOTES_FULL"
    UNREADABLE = "UNREADABLE"
    ACCOUNT = "ACCOUNT"
    AMOUNT = "AMOUNT"


class MatchedHow(StrEnum):
    """How a pair was found, in the words of the Matched table."""

    LINKED = "Linked earlier"
    EXACT = "Exact, entered by hand"
    EXACT_IMPORTED = "Exact, imported earlier"
    MULTI_INVOICE = "Exact, in a multi-invoice payment"
    JOURNALLED = "Exact, journalled"
    ACCEPTED = "Accepted as the same money"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One row: a Xero payment, a case payment, a pair of them, or a row that could not be read.

    `fingerprint` names the proposal that is a property of this row, where there is one. `next_step` says what a
    person does about a skipped row, and `ready_on` when it comes to review by itself. `to_type` is what is still to be
    typed for a payment that cannot be changed: a refund, an adjustment if less than nothing, and nothing where it is
    made up for already; None where that is not known of this payment alone (R17).
    """

    bucket: Bucket
    invoice_number: str
    rule: Rule
    explanation: str
    xero: XeroPayment | None = None
    case: CasePayment | None = None
    unreadable: UnreadableRow | None = None
    reason: Reason | None = None
    matched_how: MatchedHow | None = None
    next_step: str = ""
    to_type: Money | None = None
    ready_on: date | None = None
    near_case: tuple[CasePaymentId, ...] = ()
    near_xero: tuple[XeroPaymentId, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    fingerprint: Fingerprint | None = None

    @property
    def row_id(self) -> str:
        """A name for the row that stays the same from poll to poll while its payments are the same."""
        if self.xero is not None and (self.xero.is_live or self.case is None):
            return f"x-{self.xero.payment_id}"
        if self.case is not None:
            return f"c-{self.case.payment_id}"
        return self._unreadable_id()

    def _unreadable_id(self) -> str:
        row = self.unreadable
        if row is None:
            return f"u-{self.invoice_number}"
        if row.xero_payment_id:
            return f"x-{row.xero_payment_id}"
        return f"c-{row.case_payment_id}" if row.case_payment_id else f"u-{row.place}"

    @property
    def is_fixed(self) -> bool:
        """Whether it is about a payment of Case Manager that cannot be changed and agrees with nothing (R17, R18).

        One that was typed by hand stands in Unmatched, and has a next step of its own where it is locked.
        """
        is_by_hand = self.bucket is Bucket.UNMATCHED and bool(self.next_step)
        return self.case is not None and (is_by_hand or self.reason in {Reason.JOURNALLED, Reason.MULTI_INVOICE})

    @property
    def side(self) -> Side:
        """Whose payment a row shows; a pair counts as Xero's, unless that is deleted and only the copy is left."""
        if self.xero is not None and (self.xero.is_live or self.case is None):
            return Side.XERO
        if self.unreadable is not None:
            return self.unreadable.side
        return Side.CASE_MANAGER

    @property
    def xero_amount(self) -> Money | None:
        """What the row contributes to Xero's total: nothing where its Xero payment is deleted."""
        if self.xero is not None:
            return self.xero.amount if self.xero.is_live else None
        if self.unreadable is not None and self.unreadable.side is Side.XERO:
            return self.unreadable.amount
        return None

    @property
    def case_amount(self) -> Money | None:
        """What the row contributes to Case Manager's total."""
        if self.case is not None:
            return self.case.amount
        if self.unreadable is not None and self.unreadable.side is Side.CASE_MANAGER:
            return self.unreadable.amount
        return None


@dataclass(frozen=True, slots=True)
class Correlation:
    """All rows and all proposals of one invoice, and the payments that are not listed because of their date (R5)."""

    placements: tuple[Placement, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    out_of_scope: int = 0
    hidden_xero: tuple[XeroPaymentId, ...] = ()
    hidden_case: tuple[CasePaymentId, ...] = ()
    hidden_pairs: tuple[tuple[XeroPaymentId, CasePaymentId], ...] = ()
