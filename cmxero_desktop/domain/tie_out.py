"""The statement that starts with Xero's total and ends with Case Manager's, with nothing unexplained."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cmxero_desktop.domain.completeness import Judged, listed_facts, sides_of
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot, Side
from cmxero_desktop.domain.wording import AS_SAID, SHORT

ONLY_IN_XERO = "Only in Xero"
ONLY_IN_CASE_MANAGER = "Only in Case Manager"
MATCHED_OTHERWISE = "Matched as the same money, entered otherwise"


@dataclass(frozen=True, slots=True)
class TieOutLine:
    """One step from Xero's total to Case Manager's: what it is, how many rows, and what it adds.

    `added` is by how many payments Case Manager has more or less because of it: what is on both sides adds none.
    """

    label: str
    payments: int
    amount: Money
    added: int = 0


@dataclass(frozen=True, slots=True)
class TieOut:
    """The statement for one invoice or for all.

    `difference` is the money on both sides that no row, or more than one, accounts for: always 0.00.
    """

    xero_total: Money
    lines: tuple[TieOutLine, ...]
    case_manager_total: Money
    difference: Money

    @property
    def is_explained(self) -> bool:
        """Whether nothing is left over."""
        return self.difference.minor == 0

    @property
    def less_paid(self) -> Money:
        """What Case Manager counts less as paid than Xero; more is negative."""
        return self.xero_total - self.case_manager_total

    @property
    def is_apart(self) -> bool:
        """Whether Case Manager counts more or less paid than Xero."""
        return self.xero_total != self.case_manager_total

    @property
    def sentence(self) -> str:
        """The main figure in words: how much more or less Case Manager counts as paid, and whether all is named."""
        less = self.less_paid
        named = "all of it named" if self.is_explained else f"{self.difference} not explained"
        if not less.minor:
            same = "Case Manager counts as much paid as Xero"
            return same if self.is_explained else f"{same}, but {named}"
        apart = f"{less} less" if less.minor > 0 else f"{-less} more"
        return f"Case Manager counts {apart} paid than Xero, {named}"


@dataclass(slots=True)
class _Step:
    payments: int = 0
    minor: int = 0
    added: int = 0

    def take(self, minor: int, added: int, by: int) -> None:
        self.payments += by
        self.minor += by * minor
        self.added += by * added


@dataclass(slots=True)
class MoneyCounted:
    """The money of some invoices in cents, added up from the facts and from the rows, and what is apart by its reason.

    An invoice that changed is counted as it was by -1 and as it is by 1. Money in another currency takes no part.
    """

    policy: Policy
    facts: Counter[Side] = field(default_factory=Counter)
    rows: Counter[Side] = field(default_factory=Counter)
    steps: dict[str, _Step] = field(default_factory=dict)

    def count(self, snapshot: InvoiceSnapshot, correlation: Correlation, by: int = 1) -> None:
        """Count an invoice, or leave one out that was counted."""
        currency = self.policy.currency
        live, copies, unreadable = listed_facts(snapshot, correlation, self.policy)
        for payment in live:
            self.facts[Side.XERO] += by * _minor(payment.amount, currency)
        for copy in copies:
            self.facts[Side.CASE_MANAGER] += by * _minor(copy.amount, currency)
        for row in unreadable:
            self.facts[row.side] += by * _minor(row.amount, currency)
        for placement in correlation.placements:
            xero, case = _minor(placement.xero_amount, currency), _minor(placement.case_amount, currency)
            self.rows[Side.XERO] += by * xero
            self.rows[Side.CASE_MANAGER] += by * case
            if case != xero or placement.bucket is not Bucket.MATCHED:
                added = sum(1 if side is Side.CASE_MANAGER else -1 for side in sides_of(placement))
                self.steps.setdefault(step_label(placement, snapshot), _Step()).take(case - xero, added, by)

    @property
    def statement(self) -> TieOut:
        """The statement over what was counted."""
        # Added without their signs: a matched pair that was lost would otherwise cancel itself out.
        difference = sum(abs(self.facts[side] - self.rows[side]) for side in Side)
        steps = sorted((label, step) for label, step in self.steps.items() if step.payments)
        return TieOut(
            self._money(self.facts[Side.XERO]),
            tuple(TieOutLine(label, s.payments, self._money(s.minor), s.added) for label, s in steps),
            self._money(self.facts[Side.CASE_MANAGER]),
            self._money(difference),
        )

    def _money(self, minor: int) -> Money:
        return Money.from_minor(minor, self.policy.currency)


def tie_out(judged: Iterable[Judged], policy: Policy) -> TieOut:
    """Make the statement. Both totals are added up from the facts, not from the rows, so a lost row would show."""
    counted = MoneyCounted(policy)
    for snapshot, correlation in judged:
        counted.count(snapshot, correlation)
    return counted.statement


def _minor(amount: Money | None, currency: str) -> int:
    """Return an amount in cents; one of another currency takes no part."""
    return amount.minor if amount is not None and amount.currency == currency else 0


def is_step(placement: Placement, currency: str) -> bool:
    """Say whether a row is a part of what leads from Xero's total to Case Manager's; other currencies have no part."""
    xero, case = placement.xero_amount, placement.case_amount
    if placement.bucket is not Bucket.MATCHED:
        return xero is not None or case is not None
    # Nearly all rows are equal ones, and nobody waits until each is counted in cents.
    return xero != case and _minor(xero, currency) != _minor(case, currency)


def step_label(placement: Placement, snapshot: InvoiceSnapshot) -> str:
    """Name a step: what persons said of a payment is told apart, since it stays a difference for good (R17, R19a)."""
    if placement.reason is not None:
        return f"Skipped: {SHORT[Reason(placement.reason)]}"
    if placement.bucket is Bucket.MATCHED:
        return MATCHED_OTHERWISE
    if placement.side is Side.XERO:
        return ONLY_IN_XERO
    said = snapshot.decisions.said_of(placement.case) if placement.case is not None else None
    return f"{ONLY_IN_CASE_MANAGER}: {AS_SAID[said]}" if said is not None else ONLY_IN_CASE_MANAGER


def after_correction(placement: Placement) -> str:
    """Say of a locked payment that differs where its difference is named now, and where once it was corrected (R17)."""
    case, xero = placement.case_amount, placement.xero_amount
    if placement.reason not in {Reason.JOURNALLED, Reason.MULTI_INVOICE} or case is None or case == xero:
        return ""
    named = MATCHED_OTHERWISE if xero is not None else f"{ONLY_IN_CASE_MANAGER}: {AS_SAID[Explained.CORRECTED]}"
    differs = abs(case.minor - (xero.minor if xero is not None else 0))
    return (
        f"Its {Money.from_minor(differs, case.currency)} is named under Skipped now. Once you say Corrected elsewhere "
        f"it stays a difference of the payments, named {named}, since this payment stays as it is; Debtors then show "
        "no difference for it."
    )
