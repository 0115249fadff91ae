"""Check that every payment has exactly one row; counted from the facts, never from the rows that are checked."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cmxero_desktop.domain.placements import Bucket, Correlation, Placement
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, Side, UnreadableRow, XeroPayment
from cmxero_desktop.domain.scope import is_customer_payment

_Key = tuple[str, str]
Judged = tuple[InvoiceSnapshot, Correlation]
"""An invoice and what was found of it."""

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


@dataclass(slots=True)
class PaymentsCounted:
    """The payments of some invoices, counted as the facts have them and as the rows place them.

    An invoice that changed is counted as it was by -1 and as it is by 1: both count it the same way, so nothing drifts.
    `off` has only what the two do not agree about: by how many more facts than rows there are of it.
    """

    policy: Policy
    facts: Counter[Side] = field(default_factory=Counter)
    rows: Counter[tuple[Side, Bucket]] = field(default_factory=Counter)
    off: Counter[tuple[Side, _Key]] = field(default_factory=Counter)

    def count(self, snapshot: InvoiceSnapshot, correlation: Correlation, by: int = 1) -> None:
        """Count an invoice, or leave one out that was counted."""
        facts = _keys_in(snapshot, correlation, self.policy)
        placed = []
        for placement in correlation.placements:
            for side, key in _keys_of(placement):
                self.rows[side, placement.bucket] += by
                placed.append((side, key))
        for side, _ in facts:
            self.facts[side] += by
        # Most invoices are whole, and then there is nothing to keep of them.
        if sorted(facts) != sorted(placed):
            for keys, sign in ((facts, by), (placed, -by)):
                for each in keys:
                    self.off[each] += sign
            self.off = Counter({key: times for key, times in self.off.items() if times})

    def told(self, judged: Iterable[Judged]) -> Completeness:
        """Say what was counted; `judged` are these very invoices, which are looked at only where anything is off."""
        known = {key for each in judged for key in _keys_in(*each, self.policy)} if self.off else frozenset()
        counts = {side: self._side(side, known) for side in Side}
        return Completeness(xero=counts[Side.XERO], case_manager=counts[Side.CASE_MANAGER])

    def _side(self, side: Side, known: Collection[tuple[Side, _Key]]) -> SideCount:
        off = {key: times for key, times in self.off.items() if key[0] is side}
        return SideCount(
            facts=self.facts[side],
            matched=self.rows[side, Bucket.MATCHED],
            unmatched=self.rows[side, Bucket.UNMATCHED],
            skipped=self.rows[side, Bucket.SKIPPED],
            missing=_names({key: times for key, times in off.items() if times > 0}),
            double=_names({key: -times for key, times in off.items() if times < 0 and key in known}),
            strange=_names({key: -times for key, times in off.items() if times < 0 and key not in known}),
        )


def completeness_of(judged: Iterable[Judged], policy: Policy) -> Completeness:
    """Compare the payments in scope with the rows, one by one."""
    judged = tuple(judged)
    counted = PaymentsCounted(policy)
    for snapshot, correlation in judged:
        counted.count(snapshot, correlation)
    return counted.told(judged)


def listed_facts(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> Facts:
    """Return the facts of an invoice that must have a row.

    Only what is dated before the start may be hidden (R5): anything else that a correlation hides is missing.
    """
    start = policy.start_date or date.min
    hidden_xero, hidden_case = frozenset(correlation.hidden_xero), frozenset(correlation.hidden_case)
    live = (p for p in snapshot.xero_payments if p.is_live and is_customer_payment(p))
    return (
        tuple(p for p in live if p.paid_on >= start or p.payment_id not in hidden_xero),
        tuple(p for p in _copies(snapshot) if p.paid_on >= start or p.payment_id not in hidden_case),
        snapshot.unreadable,
    )


def _copies(snapshot: InvoiceSnapshot) -> tuple[CasePayment, ...]:
    """Return the payments in Case Manager; without an invoice there are none (R4)."""
    return snapshot.case_payments if snapshot.case_invoice is not None else ()


def _keys_in(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> list[tuple[Side, _Key]]:
    live, copies, unreadable = listed_facts(snapshot, correlation, policy)
    return [
        *((Side.XERO, _payment_key(p.payment_id)) for p in live),
        *((Side.CASE_MANAGER, _payment_key(str(p.payment_id))) for p in copies),
        *((row.side, _row_key(row)) for row in unreadable),
    ]


def _names(keys: Mapping[tuple[Side, _Key], int]) -> tuple[str, ...]:
    return tuple(sorted(name for (_, (_, name)), times in keys.items() for _ in range(times)))


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
