"""Read what the store remembers of the firm's payments, and keep it in step with what each judgement finds (R7a)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cmxero_desktop.domain.correlation.remembering import pairs_ended, remembered
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explanation, RememberedPair
from cmxero_desktop.domain.records import Decisions
from cmxero_desktop.services.ports.store import UnitOfWork
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


def remember(unit: UnitOfWork, results: Iterable[InvoiceResult], before: MemoryOfFirm, now: datetime) -> None:
    """Keep the pairs that were found, and end those that the facts contradict: the facts always win.

    An invoice that Case Manager does not show any more ends nothing; it may be back at the next check.
    """
    kept: list[RememberedPair] = []
    ended: list[RememberedPair] = []
    for result in results:
        snapshot = result.snapshot
        if snapshot.case_invoice is None:
            continue
        known = before.pairs.get(snapshot.case_invoice.number, ())
        as_before = set(known)
        kept += [p for p in remembered(known, snapshot, result.correlation, now) if p not in as_before]
        ended += pairs_ended(known, snapshot)
    unit.memory.end(ended, now, _ENDED)
    unit.memory.keep(kept)
