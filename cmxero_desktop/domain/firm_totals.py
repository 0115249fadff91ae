"""Compare the totals of a firm's invoices: whether Case Manager means by a total what Xero means (R24a)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from cmxero_desktop.domain.policy import AcceptedShape, Policy
from cmxero_desktop.domain.records import CaseInvoice, XeroInvoice
from cmxero_desktop.domain.shown_codes import shown_code
from cmxero_desktop.domain.ways import way

# One in twenty; and a single odd invoice or two are no pattern, however small the firm: their rows are flagged anyway.
_ONE_IN = 20
_FEWEST = 3
# So many of those that differ make a pattern.
_MOST = Decimal("0.8")
_TAXES = (Decimal("0.10"), Decimal("0.15"), Decimal("0.20"))
_STEADY_WITHIN = Decimal("0.005")
_PLACES = Decimal("0.000001")
# What is accepted stays so while ratio and shares move by no more than this.
_RATIO_MOVES = Decimal("0.01")
_SHARE_MOVES = Decimal("0.05")


class TotalsCause(StrEnum):
    """Why totals are likely to differ. UNKNOWN: those that can be compared agree, the others cannot."""

    TAX = "tax"
    STEADY = "steady"
    VARYING = "varying"
    MIXED = "mixed"
    UNKNOWN = "unknown"


_STEPS: Mapping[TotalsCause, str] = MappingProxyType(
    {
        TotalsCause.TAX: "let the mapping name the total with tax",
        TotalsCause.STEADY: "let the mapping name the total that Xero has",
        TotalsCause.VARYING: "let the mapping name the total with everything in it",
        TotalsCause.MIXED: "look at the list of debtors",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsFinding:
    """How many of a firm's invoices have other totals, or figures that are not known, and in what way.

    `concerned` are those of which either is so. `low` and `high` hold most of the ratios of Xero's total to the other.
    """

    invoices: int
    concerned: int
    differing: int = 0
    unknown: int = 0
    cause: TotalsCause = TotalsCause.UNKNOWN
    low: Decimal = Decimal(1)
    high: Decimal = Decimal(1)
    are_adjustments_known: bool = True

    @property
    def shape(self) -> AcceptedShape:
        """What the debtor test takes for granted once a person accepted it."""
        return AcceptedShape(low=self.low, high=self.high, has_unknown=not self.are_adjustments_known)

    def covers(self, other: "TotalsFinding") -> bool:
        """Say whether what was accepted of this one is still what there is: its cause, its ratios, about its share."""
        return (
            other.cause is self.cause
            and other.are_adjustments_known is self.are_adjustments_known
            and other.low >= self.low - _RATIO_MOVES
            and other.high <= self.high + _RATIO_MOVES
            and _share(other.concerned, other) <= _share(self.concerned, self) + _SHARE_MOVES
            and _share(other.unknown, other) <= _share(self.unknown, self) + _SHARE_MOVES
        )

    def __str__(self) -> str:
        """Say it in words, with the figures."""
        return " ".join(words for words in (self._differing_words(), self._unknown_words()) if words)

    @property
    def code(self) -> str:
        """A short code of these words and figures, by which whoever accepts them says what was shown."""
        return shown_code([str(self)])

    @property
    def next_step(self) -> str:
        """Say what to do."""
        steps = [_STEPS[self.cause]] if self.differing else []
        if not self.are_adjustments_known:
            steps.append("let the mapping name adjustments and refunds")
        elif self.unknown:
            steps.append(f"compare everything ({way('File, Compare everything', 'poll --full')})")
        wish = " and ".join(steps)
        accepting = way("Accept…", f"accept-totals --shown {self.code}")
        return (
            f"{wish[0].upper()}{wish[1:]}, or accept that it is so ({accepting}). Until then no addition goes in bulk."
        )

    def _differing_words(self) -> str:
        if not self.differing:
            return ""
        is_above = self.low + self.high > 2  # noqa: PLR2004 - the ratio 1, twice
        side, other = ("Xero's", "Case Manager's") if is_above else ("Case Manager's", "Xero's")
        percent = _percent((self.low + self.high) / 2)
        hows = {
            TotalsCause.TAX: f": {side} is {percent} above, as where {other} leaves out tax of {percent}",
            TotalsCause.STEADY: f": {side} is about {percent} above, on nearly all of them",
            TotalsCause.VARYING: f": {side} is the higher one, by varying amounts, as where {other} leaves out "
            "disbursements, or tax on some of them",
            TotalsCause.MIXED: ", without a pattern",
        }
        return (
            f"{self.differing:,} of {self.invoices:,} invoices have another total in Xero than in Case "
            f"Manager{hows[self.cause]}."
        )

    def _unknown_words(self) -> str:
        if not self.unknown:
            return ""
        of = f"{self.unknown:,} of {self.invoices:,} invoices"
        if not self.are_adjustments_known:
            return f"What is owed cannot be compared on {of}: the mapping does not name adjustments and refunds."
        return f"What is owed cannot be compared on {of}: Xero's own figures of them are not known yet."


def find_totals(
    pairs: Iterable[tuple[XeroInvoice | None, CaseInvoice]], policy: Policy, *, agreeing: int = 0
) -> TotalsFinding | None:
    """Compare both sides' totals, an invoice of Case Manager with Xero's figures of it, where these are known.

    `agreeing` counts further ones that are known to agree. Returns None where at most one in twenty differs.
    """
    pairs = [(x, c) for x, c in pairs if x is None or x.total.currency == policy.currency]
    unknown = [(x, c) for x, c in pairs if x is None or not c.are_adjustments_known]
    differing = [(x, c) for x, c in pairs if x is not None and not is_same_total(x, c, policy)]
    concerned = len({c.invoice_id for _, c in (*unknown, *differing)})
    if concerned < _FEWEST or concerned * _ONE_IN <= len(pairs) + agreeing:
        return None
    cause, low, high = _shape(differing, policy) if differing else (TotalsCause.UNKNOWN, Decimal(1), Decimal(1))
    return TotalsFinding(
        invoices=len(pairs) + agreeing,
        concerned=concerned,
        differing=len(differing),
        unknown=len(unknown),
        cause=cause,
        low=low,
        high=high,
        are_adjustments_known=all(c.are_adjustments_known for _, c in pairs),
    )


def is_same_total(xero: XeroInvoice, case: CaseInvoice, policy: Policy) -> bool:
    """Say whether both mean one total; an invoice that was lowered in Xero may be lowered by an adjustment here."""
    tolerance = policy.total_tolerance
    gap = (case.total - xero.total).amount
    return abs(gap) <= tolerance or abs(gap + case.adjustments.amount) <= tolerance


def accepted_gap(xero: XeroInvoice, case: CaseInvoice, policy: Policy) -> int:
    """Return by how many cents Case Manager's total is above Xero's where a person accepted that it is, in this way."""
    shape = policy.accepted_totals
    if shape is None or is_same_total(xero, case, policy):
        return 0
    here, there, room = case.total.amount, xero.total.amount, policy.total_tolerance
    is_within = shape.low * here - room <= there <= shape.high * here + room
    return (case.total - xero.total).minor if is_within else 0


_Shape = tuple[TotalsCause, Decimal, Decimal]


def _shape(differing: Sequence[tuple[XeroInvoice, CaseInvoice]], policy: Policy) -> _Shape:
    """Return the likely cause, and between which ratios most of them lie."""
    figures = [(x.total.amount, c.total.amount) for x, c in differing]
    needed = _MOST * len(figures)
    for tax in _TAXES:
        for ratio in (1 + tax, 1 / (1 + tax)):
            if sum(abs(here * ratio - there) <= policy.total_tolerance for there, here in figures) >= needed:
                return TotalsCause.TAX, ratio.quantize(_PLACES), ratio.quantize(_PLACES)
    ratios = sorted(there / here for there, here in figures if here)
    if len(ratios) < needed:
        return TotalsCause.MIXED, Decimal(1), Decimal(1)
    middle = ratios[len(ratios) // 2].quantize(_PLACES)
    if sum(abs(ratio - middle) <= _STEADY_WITHIN for ratio in ratios) >= needed:
        return TotalsCause.STEADY, middle - _STEADY_WITHIN, middle + _STEADY_WITHIN
    above = [ratio for ratio in ratios if ratio > 1]
    if len(above) >= needed:
        return TotalsCause.VARYING, Decimal(1), _most(above).quantize(_PLACES)
    below = [ratio for ratio in reversed(ratios) if 0 < ratio < 1]
    if len(below) >= needed:
        return TotalsCause.VARYING, _most(below).quantize(_PLACES), Decimal(1)
    return TotalsCause.MIXED, Decimal(1), Decimal(1)


def _most(ratios: Sequence[Decimal]) -> Decimal:
    """Return the ratio that nine in ten do not pass; `ratios` begin at the one nearest to 1."""
    return ratios[len(ratios) * 9 // 10 - 1] if len(ratios) > 1 else ratios[0]


def _share(count: int, finding: TotalsFinding) -> Decimal:
    return Decimal(count) / finding.invoices


def _percent(ratio: Decimal) -> str:
    """Write by how many percent the larger side is above the smaller."""
    above = (max(ratio, 1 / ratio) - 1) * 100
    return f"{above.quantize(Decimal('0.1')).normalize():f} %"
