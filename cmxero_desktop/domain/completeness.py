"""Check that every payment has exactly one row; counted from the facts, never from the rows that are checked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.placements import Bucket, Correlation, Placement
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, Side, UnreadableRow, XeroPayment
from cmxero_desktop.domain.scope import is_customer_payment, marked

_Key = tuple[str, str]
Facts = tuple[tuple[XeroPayment, ...], tuple[CasePayment, ...], tuple[UnreadableRow, ...]]
"""Xero's payments, Case Manager's payments, and the rows that could not be read, of one invoice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideCount:
    """One side's payments, counted as the facts have them and as the rows place them.

    `missing` are those without a row, `double` those with more than one, `strange` rows of no payment in scope; each
    by the payment's id, an unreadable row by its place.
    """

    facts: int = 0
    matched: int = 0
    unmatched: int = 0
    skipped: int = 0
    missing: tuple[str, ...] = ()
    double: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every payment of the facts stands in exactly one place, and nothing else does."""
        return not (self.missing or self.double or self.strange)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Both sides, counted twice each."""

    xero: SideCount = SideCount()
    case_manager: SideCount = SideCount()

    @property
    def is_whole(self) -> bool:
        """Whether no payment of either side is lost or doubled."""
        return self.xero.is_whole and self.case_manager.is_whole


NOTHING_KNOWN = Completeness()


def completeness_of(
    snapshots: Sequence[InvoiceSnapshot], correlations: Iterable[Correlation], policy: Policy
) -> Completeness:
    """Compare the payments in scope with the rows, one by one."""
    facts: dict[Side, Counter[_Key]] = {side: Counter() for side in Side}
    correlations = tuple(correlations)
    for live, case, unreadable in listed_facts(snapshots, correlations, policy):
        facts[Side.XERO].update(_payment_key(p.payment_id) for p in live)
        facts[Side.CASE_MANAGER].update(_payment_key(str(p.payment_id)) for p in case)
        for row in unreadable:
            facts[row.side][_row_key(row)] += 1
    rows: dict[Side, list[tuple[_Key, Bucket]]] = {side: [] for side in Side}
    for placement in (p for c in correlations for p in c.placements):
        for side, key in _keys_of(placement):
            rows[side].append((key, placement.bucket))
    counts = {side: _count(facts[side], rows[side]) for side in Side}
    return Completeness(xero=counts[Side.XERO], case_manager=counts[Side.CASE_MANAGER])


def listed_facts(
    snapshots: Iterable[InvoiceSnapshot], correlations: Iterable[Correlation], policy: Policy
) -> Iterable[Facts]:
    """Return the facts of each invoice that must have a row.

    Only what is dated before the start may be hidden (R5): anything else that a correlation hides is missing.
    """
    correlations = tuple(correlations)
    hidden_xero = {i for c in correlations for i in c.hidden_xero}
    hidden_case = {i for c in correlations for i in c.hidden_case}
    start = policy.start_date or date.min
    for snapshot in snapshots:
        live = (p for p in snapshot.xero_payments if p.is_live and is_customer_payment(p))
        yield (
            tuple(p for p in live if p.paid_on >= start or p.payment_id not in hidden_xero),
            tuple(
                m.payment
                for m in marked(snapshot, policy)
                if m.payment.paid_on >= start or m.payment.payment_id not in hidden_case
            ),
            snapshot.unreadable,
        )


def _count(facts: Counter[_Key], rows: Sequence[tuple[_Key, Bucket]]) -> SideCount:
    placed = Counter(key for key, _ in rows)
    buckets = Counter(bucket for _, bucket in rows)
    return SideCount(
        facts=facts.total(),
        matched=buckets[Bucket.MATCHED],
        unmatched=buckets[Bucket.UNMATCHED],
        skipped=buckets[Bucket.SKIPPED],
        missing=_names(facts - placed),
        double=_names(Counter({key: n for key, n in (placed - facts).items() if key in facts})),
        strange=_names(Counter({key: n for key, n in placed.items() if key not in facts})),
    )


def _names(keys: Counter[_Key]) -> tuple[str, ...]:
    return tuple(sorted(name for _, name in keys.elements()))


def _keys_of(placement: Placement) -> Iterable[tuple[Side, _Key]]:
    """Name the payments that a row stands for; a deleted Xero payment is only its copy's story."""
    if placement.xero is not None and placement.xero.is_live:
        yield Side.XERO, _payment_key(placement.xero.payment_id)
    if placement.case is not None:
        yield Side.CASE_MANAGER, _payment_key(str(placement.case.payment_id))
    if placement.unreadable is not None:
        yield placement.unreadable.side, _row_key(placement.unreadable)


def sides_of(placement: Placement) -> tuple[Side, ...]:
    """Return on which sides a row stands for a payment: on one, on both, or where it is gone from one on the other."""
    return tuple(side for side, _ in _keys_of(placement))


def _payment_key(payment_id: str) -> _Key:
    return ("payment", payment_id)


def _row_key(row: UnreadableRow) -> _Key:
    return ("row", row.place)
