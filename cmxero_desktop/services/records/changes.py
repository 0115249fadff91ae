"""What was written to Case Manager, each write by itself: what stood before, what stood after, who wrote it and why."""

from dataclasses import dataclass
from datetime import date, datetime

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.periods import Days
from cmxero_desktop.domain.proposals import PaymentValues, ProposalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenChange:
    """One write; an undo is a write of its own, of the kind that it takes back.

    `on` is the organisation's calendar date, `effect` how much more Case Manager counted as paid by it. `approved_by`
    is who said yes to it last before it was written.
    """

    at: datetime
    on: date
    by: str
    approved_by: str
    kind: ProposalKind
    is_undo: bool
    invoice_number: str
    case_payment_id: CasePaymentId | None
    before: PaymentValues | None
    after: PaymentValues | None
    effect: Money
    reason: str
    batch_id: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesWanted:
    """Which writes are meant: of these days, by this person, of this kind; what is left out leaves nothing out."""

    days: Days | None = None
    by: str = ""
    kind: ProposalKind | None = None

    def has(self, change: WrittenChange) -> bool:
        """Say whether a write is meant."""
        return (
            (self.days is None or self.days.first <= change.on <= self.days.last)
            and self.by in {"", change.by}
            and self.kind in {None, change.kind}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesTotal:
    """What one person wrote of one kind, undone writes apart: how many, and what Case Manager counted more by them."""

    by: str
    kind: ProposalKind
    is_undo: bool
    number: int
    effect: Money
