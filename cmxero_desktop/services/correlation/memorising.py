"""Read what the store remembers of the firm's payments, and keep it in step with what each judgement finds (R7a)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.correlation.remembering import (
    Contradiction,
    explanations_ended,
    pairs_contradicted,
    pairs_ended,
    remembered,
    sets_reopened,
)
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, PairedHow, RememberedPair
from cmxero_desktop.domain.records import CasePayment, Decisions, InvoiceSnapshot
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseReading
from cmxero_desktop.services.records.results import InvoiceResult

_Said = TypeVar("_Said")

_ENDED = "Its key is gone from the invoice, or neither amount nor date is what it was."


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryOfFirm:
    """Everything that is remembered and has not ended, by Case Manager's own invoice number."""

    pairs: Mapping[str, tuple[RememberedPair, ...]] = field(default_factory=dict)
    accepted: Mapping[str, tuple[AcceptedSet, ...]] = field(default_factory=dict)
    explained: Mapping[str, tuple[Explanation, ...]] = field(default_factory=dict)
    apart: frozenset[tuple[XeroPaymentId, CasePaymentId]] = frozenset()
    baseline: frozenset[XeroPaymentId] = frozenset()

    def added_to(self, decisions: Decisions, number: str) -> Decisions:
        """Return the decisions about one invoice together with what is remembered of it."""
        return replace(
            decisions,
            memory=self.pairs.get(number, ()),
            accepted=self.accepted.get(number, ()),
            explained=self.explained.get(number, ()),
            apart=self.apart,
            baseline=self.baseline,
        )

    def said_of(self, number: str, payment: CasePayment) -> Explained | None:
        """Return what a person said of a case payment, as far as amount and date are what they were (R19a)."""
        said = (e for e in self.explained.get(number, ()) if e.case_id == payment.payment_id)
        return next((e.what for e in said if (e.amount, e.paid_on) == (payment.amount, payment.paid_on)), None)


def memory_of(unit: UnitOfWork, *, among: Collection[str] | None = None) -> MemoryOfFirm:
    """Read the memory of the whole firm; `among` reads the pairs of these invoices only, and no baseline."""
    pairs: dict[str, list[RememberedPair]] = defaultdict(list)
    for pair in unit.memory.pairs(among):
        pairs[pair.invoice_number].append(pair)
    return MemoryOfFirm(
        pairs={number: tuple(some) for number, some in pairs.items()},
        accepted=unit.memory.accepted(),
        explained=unit.memory.explained(),
        apart=unit.memory.apart(),
        baseline=unit.memory.baseline() if among is None else frozenset(),
    )


def remember(
    unit: UnitOfWork, results: Iterable[InvoiceResult], before: MemoryOfFirm, moment: Moment
) -> frozenset[str]:
    """Keep the pairs that were found, and end what the facts contradict: the facts always win.

    Returns the CM numbers of the invoices of which another thing is remembered than before.

    Where Notes contradict the memory, or what a person said ended with its facts, the history says so. An invoice that
    Case Manager does not show any more ends nothing; it may be back at the next check. What was said since `before` was
    read stays: the facts may be older than it.
    """
    kept: list[RememberedPair] = []
    ended: list[RememberedPair] = []
    told: list[AuditEvent] = []
    changed: set[str] = set()
    accepted, explained = unit.memory.accepted(), unit.memory.explained()
    is_first = unit.polling.state().comparison.first_polled_at is None
    for result in results:
        snapshot = result.snapshot
        if snapshot.case_invoice is None:
            continue
        number = snapshot.case_invoice.number
        known = before.pairs.get(number, ())
        contradicted = pairs_contradicted(known, snapshot, moment.policy)
        standing = [pair for pair in known if all(pair is not c.pair for c in contradicted)]
        as_before = set(standing)
        found = remembered(standing, snapshot, result.correlation, moment.now)
        if snapshot.renumbered_to or snapshot.rivals:
            # While it is in doubt which invoice this is, what is equal there proves nothing (R1).
            ids = {(p.xero_id, p.case_id) for p in standing}
            found = tuple(p for p in found if p.how is PairedHow.NAMED or (p.xero_id, p.case_id) in ids)
        new = [p for p in found if p not in as_before]
        kept += [replace(p, is_baseline=True) for p in new] if is_first else new
        gone = pairs_ended(standing, snapshot)
        ended += gone
        said_before = len(told)
        told += _won_by_notes(unit, snapshot.number, contradicted, moment.now)
        told += _reopened(unit, snapshot, _both(before.accepted, accepted, number), moment.now)
        told += _no_longer_explained(unit, snapshot, _both(before.explained, explained, number), moment.now)
        if new or gone or len(told) > said_before:
            changed.add(snapshot.number)
    unit.memory.end(ended, moment.now, _ENDED)
    unit.memory.keep(kept)
    if told:
        unit.audit.append(told)
    return frozenset(changed)


def remember_strays(
    unit: UnitOfWork,
    sides: Iterable[CaseInvoiceSide | None],
    reading: CaseReading,
    before: MemoryOfFirm,
    moment: Moment,
) -> None:
    """End what was said of payments on invoices that Xero does not have, where they are gone or others by now (R19a).

    `sides` are the invoices that Xero has. A row that cannot be read just now is not gone.
    """
    claimed = {side.invoice.number for side in sides if side is not None}
    unclaimed = [s for s in (*reading.sides.values(), *reading.others) if s.invoice.number not in claimed]
    there = {(s.invoice.number, p.payment_id, p.amount, p.paid_on) for s in unclaimed for p in s.payments}
    keys = {p.payment_id for s in unclaimed for p in s.payments}
    unread = {row.case_payment_id for s in unclaimed for row in s.unreadable}
    explained = unit.memory.explained()
    for number in explained.keys() - claimed:
        for said in _both(before.explained, explained, number):
            is_unread = said.case_id not in keys and not unread.isdisjoint({said.case_id, None})
            if (number, said.case_id, said.amount, said.paid_on) not in there and not is_unread:
                unit.memory.forget_explanation(said.case_id)
                unit.audit.append([_no_longer(f"{moment.policy.invoice_prefix}{number}", said, moment.now)])


def _both(before: Mapping[str, tuple[_Said, ...]], now: Mapping[str, tuple[_Said, ...]], number: str) -> list[_Said]:
    """Return what was said of an invoice then, and stands as it was."""
    return [said for said in before.get(number, ()) if said in now.get(number, ())]


def _won_by_notes(
    unit: UnitOfWork, number: str, contradicted: Iterable[Contradiction], now: datetime
) -> Iterator[AuditEvent]:
    for found in contradicted:
        why = wording.forgotten(found.copy, found.pair.xero_id, found.named)
        unit.memory.end([found.pair], now, why)
        event = _event(number, AuditWhat.UNPAIRED, why, Rule.R7A, now)
        yield replace(event, xero_payment_id=found.pair.xero_id, case_payment_id=found.pair.case_id)


def _reopened(
    unit: UnitOfWork, snapshot: InvoiceSnapshot, sets: Iterable[AcceptedSet], now: datetime
) -> Iterator[AuditEvent]:
    number = snapshot.case_invoice.number if snapshot.case_invoice is not None else ""
    for accepted in sets_reopened(sets, snapshot):
        unit.memory.reopen(accepted)
        forget_corrections(unit, number, accepted)
        why = wording.reopened(accepted.members, accepted.by)
        yield _event(snapshot.number, AuditWhat.REOPENED, why, Rule.R19B, now)


def forget_corrections(unit: UnitOfWork, number: str, of: AcceptedSet) -> None:
    """End that the copies of a set were corrected elsewhere, as where it ends, or is accepted as another's money (R17).

    What makes up for a difference makes up for no more than that.
    """
    copies = {member.case_id for member in of.members}
    for said in unit.memory.explained().get(number, ()):
        if said.case_id in copies and said.what is Explained.CORRECTED:
            unit.memory.forget_explanation(said.case_id)


def _no_longer_explained(
    unit: UnitOfWork, snapshot: InvoiceSnapshot, explained: Iterable[Explanation], now: datetime
) -> Iterator[AuditEvent]:
    for said in explanations_ended(explained, snapshot):
        unit.memory.forget_explanation(said.case_id)
        yield _no_longer(snapshot.number, said, now)


def _no_longer(number: str, said: Explanation, now: datetime) -> AuditEvent:
    event = _event(number, AuditWhat.REOPENED, wording.no_longer_explained(said), Rule.R19A, now)
    return replace(event, case_payment_id=said.case_id)


def _event(number: str, what: AuditWhat, why: str, rule: Rule, now: datetime) -> AuditEvent:
    return AuditEvent(at=now, by="program", what=what, invoice_number=number, reason=why, rule=rule)
