"""The whole firm as it is judged at once: each invoice's snapshot, what stands elsewhere, and the removal limits."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.judging import FirstPasses, Judgement, first_passes, judge_from
from cmxero_desktop.domain.correlation.judging_memo import Memo
from cmxero_desktop.domain.correlation.limiting import Limits
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.near_numbers import NearNumbers
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.refund_homes import with_refunds
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.claiming import CaseSides, case_sides
from cmxero_desktop.services.correlation.memorising import MemoryOfFirm
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.snapshots import (
    Known,
    loose_snapshot,
    named_ids,
    snapshot_of,
)
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseReading
from cmxero_desktop.services.records.results import InvoiceResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """Everything that one judgement rests on.

    `sides` are Case Manager's sides of all invoices by CM number, also of those that nothing is known of; `strays` are
    the payments of those that no invoice of Xero's claims.
    """

    snapshots: Mapping[str, InvoiceSnapshot]
    sides: Mapping[str, CaseInvoiceSide | None]
    rivals: Mapping[str, tuple[str, ...]]
    strays: tuple[StrayPayment, ...]
    limits: Limits

    def with_snapshot(self, snapshot: InvoiceSnapshot) -> "Firm":
        """Return the firm with one invoice as it stands by now."""
        return replace(self, snapshots={**self.snapshots, snapshot.number: snapshot})

    def first_passes(self, moment: Moment, memo: Memo) -> FirstPasses:
        """Sketch each invoice by itself."""
        return first_passes(self.snapshots.values(), self.strays, moment.policy, moment.today, memo)

    def judged(self, moment: Moment, numbers: Collection[str] | None = None, memo: Memo | None = None) -> Judgement:
        """Judge all invoices; seal only those with these `numbers` (None: all)."""
        memo = memo or Memo()
        first = self.first_passes(moment, memo)
        return judge_from(first, moment.policy, limits=self.limits, only=numbers, memo=memo)


def firm_of(
    unit: UnitOfWork, known: Known, reading: CaseReading, moment: Moment, *, kept: Collection[str] = ()
) -> Firm:
    """Put together what our store knows of Xero and what Case Manager holds.

    Most invoices have no payment yet; they are left out, but for those that are `kept`.
    """
    policy = moment.policy
    found_sides = case_sides(known, reading.sides, policy)
    sides = found_sides.sides
    found = snapshots_of(unit, known, found_sides, moment)
    snapshots = [s for s in found if s.number in kept or is_worth_keeping(s)]
    snapshots = with_refunds(with_near_numbers(snapshots, NearNumbers(reading.numbers), policy), known.refunds, policy)
    loose = loose_snapshot(known, moment.as_of)
    return Firm(
        snapshots={s.number: s for s in (*snapshots, *((loose,) if loose else ()))},
        sides=sides,
        rivals=found_sides.rivals,
        strays=strays_of(unclaimed_of(reading, sides.values()), known.memory, policy),
        limits=limits_of(unit, _count_copies(reading, policy), policy),
    )


def snapshots_of(
    unit: UnitOfWork, known: Known, found: CaseSides, moment: Moment, numbers: Collection[str] | None = None
) -> Iterable[InvoiceSnapshot]:
    """Freeze the invoices with these `numbers` (None: all), each with its side in Case Manager."""
    sides = found.sides if numbers is None else {number: found.sides[number] for number in numbers}
    named = {i for side in sides.values() for i in named_ids(side, moment.policy)}
    elsewhere = {folded(i): p for i, p in unit.facts.payments_by_id(named).items()} if named else {}
    for number, side in sides.items():
        snapshot = snapshot_of(known.sides[number], side, known, elsewhere, moment.policy, moment.as_of)
        rivals = found.rivals.get(number, ())
        yield replace(snapshot, rivals=rivals) if rivals else snapshot


def with_near_numbers(snapshots: Iterable[InvoiceSnapshot], near: NearNumbers, policy: Policy) -> list[InvoiceSnapshot]:
    """Name beside each invoice that Case Manager lacks the one there whose number is hardly another (R1, R4)."""
    return [s if s.case_invoice is not None else with_near_number(s, near, policy) for s in snapshots]


def with_near_number(snapshot: InvoiceSnapshot, near: NearNumbers, policy: Policy) -> InvoiceSnapshot:
    """Name the invoice of Case Manager's whose number is hardly another; the very same snapshot where it said so."""
    number = near.near(snapshot.number.removeprefix(policy.invoice_prefix))
    return snapshot if snapshot.near_number == number else replace(snapshot, near_number=number)


def is_worth_keeping(snapshot: InvoiceSnapshot) -> bool:
    """Say whether there is anything to show or to watch: most invoices have no payment yet."""
    settlements = snapshot.xero_invoice.settlements if snapshot.xero_invoice else ()
    is_watched = bool(snapshot.is_under_sor)
    return is_watched or bool(snapshot.xero_payments or snapshot.case_payments or snapshot.unreadable or settlements)


def results_of(firm: Firm, judgement: Judgement) -> tuple[InvoiceResult, ...]:
    """Return what was found, with its facts; a no said of what is not proposed any more is no part of it."""
    return tuple(result_of(firm.snapshots[number], found) for number, found in judgement.correlations.items())


def result_of(snapshot: InvoiceSnapshot, correlation: Correlation) -> InvoiceResult:
    """Return what was found of one invoice, with its facts."""
    proposed = {d for p in correlation.proposals for d in (p.decision, *p.passes_on)}
    declined = snapshot.decisions.declined & proposed
    # The memory has a table of its own; what persons parted is the whole firm's.
    decisions = replace(snapshot.decisions, declined=declined, memory=(), apart=frozenset(), baseline=frozenset())
    return InvoiceResult(snapshot=replace(snapshot, decisions=decisions), correlation=correlation)


def unclaimed_of(reading: CaseReading, claimed: Iterable[CaseInvoiceSide | None]) -> tuple[CaseInvoiceSide, ...]:
    """Return Case Manager's invoices that no invoice of Xero's claims (R4); `claimed` are the sides of those."""
    keys = {side.invoice.invoice_id for side in claimed if side is not None}
    return (*(s for s in reading.sides.values() if s.invoice.invoice_id not in keys), *reading.others)


def unclaimed_by(known: Known, reading: CaseReading, policy: Policy) -> tuple[CaseInvoiceSide, ...]:
    """Return Case Manager's invoices that Xero does not have, as far as our store knows of it."""
    return unclaimed_of(reading, case_sides(known, reading.sides, policy).sides.values())


def strays_of(unclaimed: Iterable[CaseInvoiceSide], memory: MemoryOfFirm, policy: Policy) -> tuple[StrayPayment, ...]:
    """Return the payments of the invoices that Xero does not have: their money may stand there too (R7, R23b)."""
    return tuple(
        StrayPayment(
            payment,
            f"{policy.invoice_prefix}{side.invoice.number}",
            payment.payer or side.invoice.bill_to,
            memory.said_of(side.invoice.number, payment),
        )
        for side in unclaimed
        for payment in side.payments
    )


def limits_of(unit: UnitOfWork, copies: int, policy: Policy) -> Limits:
    """Return what the removal limits are judged by (R27).

    Checking twice lifts nothing, and neither does releasing some: what was held stays held until it is released
    itself, unless a person changed the limits.
    """
    stored = unit.proposals.limited()
    released = frozenset(s.proposal.decision or s.fingerprint for s in stored if s.release is not None)
    before = unit.polling.state().comparison.policy
    is_as_before = before is not None and before.removal_limits == policy.removal_limits
    held = (
        frozenset(s.proposal.decision or s.fingerprint for s in stored if s.release is None)
        if is_as_before
        else frozenset()
    )
    return Limits(imported_copies=copies, released=released, held=held)


def _count_copies(reading: CaseReading, policy: Policy) -> int:
    return sum(
        read_mark(payment.notes, policy.imported_text).is_imported
        for side in reading.sides.values()
        for payment in side.payments
    )
