"""The statement that starts with Xero's total and ends with Case Manager's, with nothing unexplained."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain.completeness import listed_facts, sides_of
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot, Side
from cmxero_desktop.domain.wording import SHORT

ONLY_IN_XERO = "Only in Xero"
ONLY_IN_CASE_MANAGER = "Only in Case Manager"


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
    def is_apart(self) -> bool:
        """Whether Case Manager counts more or less paid than Xero."""
        return self.xero_total != self.case_manager_total

    @property
    def sentence(self) -> str:
        """The main figure in words: how much more or less Case Manager counts as paid, and whether all is named."""
        less = self.xero_total - self.case_manager_total
        named = "all of it named" if self.is_explained else f"{self.difference} not explained"
        if not less.minor:
            same = "Case Manager counts as much paid as Xero"
            return same if self.is_explained else f"{same}, but {named}"
        apart = f"{less} less" if less.minor > 0 else f"{-less} more"
        return f"Case Manager counts {apart} paid than Xero, {named}"


def tie_out(snapshots: Sequence[InvoiceSnapshot], correlations: Iterable[Correlation], policy: Policy) -> TieOut:
    """Make the statement. Both totals are added up from the facts, not from the rows, so a lost row would show.

    Payments in another currency take no part: their amounts cannot be added.
    """
    currency = policy.currency
    correlations = tuple(correlations)
    xero_total = case_total = Money.zero(currency)
    for live, case, unreadable in listed_facts(snapshots, correlations, policy):
        xero_total += total((p.amount for p in live if p.amount.currency == currency), currency)
        case_total += total((p.amount for p in case), currency)
        for row in unreadable:
            if row.amount is not None and row.amount.currency == currency:
                if row.side is Side.XERO:
                    xero_total += row.amount
                else:
                    case_total += row.amount
    placements = [p for c in correlations for p in c.placements]
    placed_xero = total(_amounts((p.xero_amount for p in placements), currency), currency)
    placed_case = total(_amounts((p.case_amount for p in placements), currency), currency)
    # Added without their signs: a matched pair that was lost would otherwise cancel itself out.
    difference = abs((xero_total - placed_xero).minor) + abs((case_total - placed_case).minor)
    return TieOut(xero_total, _lines(placements, currency), case_total, Money.from_minor(difference, currency))


def _amounts(amounts: Iterable[Money | None], currency: str) -> Iterable[Money]:
    return (amount for amount in amounts if amount is not None and amount.currency == currency)


def _lines(placements: Iterable[Placement], currency: str) -> tuple[TieOutLine, ...]:
    """Add up, for each reason, what Case Manager has more or less than Xero because of it."""
    amounts: dict[str, Money] = defaultdict(lambda: Money.zero(currency))
    counts: dict[str, int] = defaultdict(int)
    added: dict[str, int] = defaultdict(int)
    for placement in placements:
        effect = _effect(placement, currency)
        if placement.bucket is Bucket.MATCHED and effect.minor == 0:
            continue
        label = _label(placement)
        amounts[label] += effect
        counts[label] += 1
        added[label] += sum(1 if side is Side.CASE_MANAGER else -1 for side in sides_of(placement))
    return tuple(TieOutLine(label, counts[label], amounts[label], added[label]) for label in sorted(amounts))


def _effect(placement: Placement, currency: str) -> Money:
    case = total(_amounts([placement.case_amount], currency), currency)
    return case - total(_amounts([placement.xero_amount], currency), currency)


def _label(placement: Placement) -> str:
    if placement.reason is not None:
        return f"Skipped: {SHORT[Reason(placement.reason)]}"
    return ONLY_IN_XERO if placement.side is Side.XERO else ONLY_IN_CASE_MANAGER
