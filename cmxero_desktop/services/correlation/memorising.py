"""Read what the store remembers of the firm's payments, and keep it in step with what each judgement finds (R7a)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.correlation.remembering import Contradiction, pairs_contradicted, pairs_ended, remembered
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explanation, RememberedPair
from cmxero_desktop.domain.records import Decisions
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.results import InvoiceResult

_ENDED = "Its key is gone from the invoice, or neither amount nor date is what it was."


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryOfFirm:
    """Everything that is remembered and has not ended, by Case Manager's own invoice number."""

    pairs: Mapping[str, tuple[RememberedPair, ...]] = field(default_factory=dict)
    accepted: Mapping[str, tuple[AcceptedSet, ...]] = field(default_factory=dict)
    explained: Mapping[str, tuple[Explanation, ...]] = field(default_factory=dict)
    apart: frozenset[tuple[XeroPaymentId, CasePaymentId]] = frozenset()

    def added_to(self, decisions: Decisions, number: str) -> Decisions:
        """Return the decisions about one invoice together with what is remembered of it."""
        return replace(
            decisions,
            memory=self.pairs.get(number, ()),
            accepted=self.accepted.get(number, ()),
            explained=self.explained.get(number, ()),
            apart=self.apart,
        )


def memory_of(unit: UnitOfWork) -> MemoryOfFirm:
    """Read the memory of the whole firm."""
    pairs: dict[str, list[RememberedPair]] = defaultdict(list)
    for pair in unit.memory.pairs():
        pairs[pair.invoice_number].append(pair)
    return MemoryOfFirm(
        pairs={number: tuple(some) for number, some in pairs.items()},
        accepted=unit.memory.accepted(),
        explained=unit.memory.explained(),
        apart=unit.memory.apart(),
    )


def remember(unit: UnitOfWork, results: Iterable[InvoiceResult], before: MemoryOfFirm, moment: Moment) -> None:
    """Keep the pairs that were found, and end those that the facts contradict: the facts always win.

    Where Notes contradict the memory, the history says so. An invoice that Case Manager does not show any more ends
    nothing; it may be back at the next check.
    """
    kept: list[RememberedPair] = []
    ended: list[RememberedPair] = []
    for result in results:
        snapshot = result.snapshot
        if snapshot.case_invoice is None:
            continue
        known = before.pairs.get(snapshot.case_invoice.number, ())
        contradicted = pairs_contradicted(known, snapshot, moment.policy)
        _say_what_won(unit, snapshot.number, contradicted, moment.now)
        standing = [pair for pair in known if all(pair is not c.pair for c in contradicted)]
        as_before = set(standing)
        kept += [p for p in remembered(standing, snapshot, result.correlation, moment.now) if p not in as_before]
        ended += pairs_ended(standing, snapshot)
    unit.memory.end(ended, moment.now, _ENDED)
    unit.memory.keep(kept)


def _say_what_won(unit: UnitOfWork, number: str, contradicted: Iterable[Contradiction], now: datetime) -> None:
    """End the pairs that Notes contradict, each with its sentence in the history."""
    for found in contradicted:
        why = wording.forgotten(found.copy, found.pair.xero_id, found.named)
        unit.memory.end([found.pair], now, why)
        unit.audit.append([_event(number, found, why, now)])


def _event(number: str, found: Contradiction, why: str, now: datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        by="program",
        what=AuditWhat.UNPAIRED,
        invoice_number=number,
        xero_payment_id=found.pair.xero_id,
        case_payment_id=found.pair.case_id,
        reason=why,
        rule=Rule.R7A,
    )
