"""Keep what each invoice counts for in what is told of the whole firm: only one that changed is counted anew."""

from dataclasses import dataclass, field
from typing import TypeVar

from cmxero_desktop.domain.accounts import AskedPayment, questioned_among
from cmxero_desktop.domain.debtor_refunds import refund_may_be_behind
from cmxero_desktop.domain.doubts import Doubt
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.tie_out import tie_out
from cmxero_desktop.services.correlation.doubting import doubts_of
from cmxero_desktop.services.correlation.resting_firm import agrees, imported_among, pair_of
from cmxero_desktop.services.correlation.snapshots import XeroSide
from cmxero_desktop.services.correlation.warnings import warnings_of
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.readings import CaseInvoiceSide
from cmxero_desktop.services.records.rested import Pair
from cmxero_desktop.services.records.results import InvoiceResult

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class SidesCount:
    """What both sides of an invoice count for, whatever is found of them.

    `doubts` are its payments that do not add up, `warnings` say what is odd about it (raised by whoever tells them).
    `imported` counts its imported payments; `pair` are its figures where both sides may differ, and `agrees` says that
    they are known to be alike.
    """

    doubts: tuple[Doubt, ...] = ()
    warnings: tuple[Alert, ...] = ()
    imported: int = 0
    pair: Pair | None = None
    agrees: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCount:
    """What is found of an invoice counts for: its rows, and what of it asks for a person.

    `unexplained` is money on both sides that no row accounts for, in cents; `questioned` went to accounts that nobody
    has spoken of; `gap` is by how many cents the debtor lists differ where money that went back may be why.
    """

    matched: int = 0
    unmatched: int = 0
    skipped: int = 0
    unexplained: int = 0
    questioned: tuple[AskedPayment, ...] = ()
    gap: int | None = None


_NO_SIDES, _NO_RESULT = SidesCount(), ResultCount()


@dataclass(slots=True)
class FirmSums:
    """What all invoices count for together, each by the name that it goes by."""

    matched: int = 0
    unmatched: int = 0
    skipped: int = 0
    imported: int = 0
    agreeing: int = 0
    doubts: dict[str, tuple[Doubt, ...]] = field(default_factory=dict)
    warnings: dict[str, tuple[Alert, ...]] = field(default_factory=dict)
    pairs: dict[str, Pair] = field(default_factory=dict)
    unexplained: dict[str, int] = field(default_factory=dict)
    questioned: dict[str, tuple[AskedPayment, ...]] = field(default_factory=dict)
    gaps: dict[str, int] = field(default_factory=dict)
    _sides: dict[str, SidesCount] = field(default_factory=dict)
    _results: dict[str, ResultCount] = field(default_factory=dict)

    @property
    def all_doubts(self) -> list[Doubt]:
        """The doubts about all invoices."""
        return [doubt for doubts in self.doubts.values() for doubt in doubts]

    def count_sides(self, number: str, count: SidesCount) -> None:
        """Count both sides of an invoice, instead of what they were before."""
        before = self._sides.get(number, _NO_SIDES)
        self._sides[number] = count
        self.imported += count.imported - before.imported
        self.agreeing += count.agrees - before.agrees
        _put(self.doubts, number, count.doubts)
        _put(self.warnings, number, count.warnings)
        _put(self.pairs, number, count.pair)

    def count_result(self, number: str, count: ResultCount) -> None:
        """Count what is found of an invoice, instead of what was found before."""
        before = self._results.get(number, _NO_RESULT)
        self._results[number] = count
        self.matched += count.matched - before.matched
        self.unmatched += count.unmatched - before.unmatched
        self.skipped += count.skipped - before.skipped
        _put(self.unexplained, number, count.unexplained or None)
        _put(self.questioned, number, count.questioned)
        _put(self.gaps, number, count.gap)

    def leave_out(self, number: str) -> None:
        """Count nothing of an invoice any more."""
        self.count_sides(number, _NO_SIDES)
        self.count_result(number, _NO_RESULT)
        del self._sides[number], self._results[number]


def count_of_sides(side: XeroSide, case: CaseInvoiceSide | None, policy: Policy) -> SidesCount:
    """Return what both sides of an invoice count for."""
    pair = pair_of(side, case)
    is_alike = pair is not None and agrees(pair, policy)
    return SidesCount(
        doubts=doubts_of(side, policy),
        warnings=warnings_of(side, case),
        imported=imported_among(case, policy),
        pair=None if is_alike else pair,
        agrees=is_alike,
    )


def count_of_result(result: InvoiceResult | None, policy: Policy) -> ResultCount:
    """Return what was found of an invoice, counted; None counts nothing."""
    if result is None:
        return _NO_RESULT
    snapshot, found = result.snapshot, result.correlation
    buckets = [row.bucket for row in found.placements]
    return ResultCount(
        matched=buckets.count(Bucket.MATCHED),
        unmatched=buckets.count(Bucket.UNMATCHED),
        skipped=buckets.count(Bucket.SKIPPED),
        unexplained=tie_out([(snapshot, found)], policy).difference.minor,
        questioned=tuple(
            AskedPayment(payment, row.invoice_number, row.bucket.value.capitalize())
            for row in found.placements
            if row.xero is not None
            for payment in questioned_among([row.xero], policy)
        ),
        gap=refund_may_be_behind(snapshot, found, policy),
    )


def _put(by_number: dict[str, _Value], number: str, value: _Value | None) -> None:
    """Keep what is something, and forget what is nothing."""
    if value is None or value == ():
        by_number.pop(number, None)
    else:
        by_number[number] = value
