"""Plan many writes in one transaction of our store, so that each begins with one small step instead of three.

What is planned has not begun: Case Manager holds nothing of it, so what is given up goes back to approved without a
look there. A write begins when its intent is claimed, inside the transaction that has locked and judged its invoice.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState, moved
from cmxero_desktop.services.correlation.giving_up import give_up
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent, IntentState
from cmxero_desktop.services.writing.rechecking import Beginning, what_store_says

AT_ONCE = 50
"""So many rows are planned together: as many a crash leaves for the next start to look at."""

HOLD_FOR = timedelta(minutes=3)
"""How long a desktop may be silent between two of its writes before another one settles what it left."""

IntentOf = Callable[[StoredProposal], Intent]

_log = logging.getLogger(__name__)


class PlannedAhead:
    """What one apply has planned ahead, under a lease of its own."""

    def __init__(self, outside: Outside) -> None:
        """Keep the ports; nothing is planned yet."""
        self._outside = outside
        self._lease = 0
        self._intents: dict[Fingerprint, Intent] = {}

    @property
    def is_any(self) -> bool:
        """Whether anything was planned."""
        return bool(self._intents)

    def plan(
        self,
        groups: Sequence[Sequence[StoredProposal]],
        beginning: Beginning,
        doubts: Collection[Fingerprint],
        intent_of: IntentOf,
    ) -> None:
        """Store the intents of what still held when applying began, and take these proposals.

        A single transaction is not worth a plan. What is not planned is stored when its invoice is locked, as is
        everything where the store refuses the plan.
        """
        if len(groups) < 2:  # noqa: PLR2004 - one is not many
            return
        rows = [s for group in groups for s in group if _is_written(s) and s.fingerprint not in doubts]
        try:
            with self._outside.store.begin() as unit:
                taken_back = what_store_says(unit, rows, beginning.office).taken_back
                present = unit.proposals.by_fingerprint(
                    [s.fingerprint for s in rows if s.fingerprint not in taken_back]
                )
                free = list(present.values())
                intents = list(_planned(free, beginning, intent_of))
                self._lease = self._renewed(unit)
                planned = {i.fingerprint: replace(i, state=IntentState.PLANNED, lease=self._lease) for i in intents}
                unit.intents.open(planned.values())
                now, applying = self._outside.clock(), moved(ProposalState.APPROVED, ProposalState.APPLYING)
                unit.proposals.update(
                    (replace(stored, state=applying, changed_at=now), stored.state)
                    for stored in free
                    if stored.fingerprint in planned
                )
                unit.commit()
        except Exception as error:  # noqa: BLE001 - what is not planned is stored alone, and says then what is wrong
            _log.info("Nothing was planned ahead: %s", type(error).__name__)
        else:
            self._intents |= planned

    def standing(self, unit: UnitOfWork, group: Iterable[StoredProposal]) -> Mapping[Fingerprint, Intent]:
        """Return what is planned of these proposals and was not given up by another desktop meanwhile."""
        ours = [self._intents[s.fingerprint].intent_id for s in group if s.fingerprint in self._intents]
        found = unit.intents.by_id(ours).values() if ours else ()
        return {intent.fingerprint: intent for intent in found if intent.state is IntentState.PLANNED}

    def end(self) -> None:
        """Give up what is planned and did not begin, and end the lease.

        Where the store does not take that, the next start or check of this desktop does it.
        """
        if not self._lease:
            return
        try:
            with self._outside.store.begin() as unit:
                give_up(unit, (i for i in unit.intents.still_open() if i.lease == self._lease), self._outside.clock)
                unit.sharing.end_writing([self._lease])
                unit.commit()
        except Exception as error:  # noqa: BLE001 - what was written is what there is to report
            _log.info("What was planned could not be given up yet: %s", type(error).__name__)

    def _renewed(self, unit: UnitOfWork) -> int:
        if self._lease and unit.sharing.go_on_writing(self._lease, HOLD_FOR):
            return self._lease
        return unit.sharing.begin_writing(self._outside.holder, HOLD_FOR)


def in_batches(groups: Iterable[Sequence[StoredProposal]], at_once: int) -> Iterator[list[Sequence[StoredProposal]]]:
    """Put transactions together, whole, as long as they are of no more rows than `at_once`."""
    batch: list[Sequence[StoredProposal]] = []
    for group in groups:
        if batch and sum(map(len, batch)) + len(group) > at_once:
            yield batch
            batch = []
        batch.append(group)
    yield batch


def _planned(rows: Iterable[StoredProposal], beginning: Beginning, intent_of: IntentOf) -> Iterator[Intent]:
    """Make an intent of what both sides gave when they were read: what the lock finds otherwise is made anew then."""
    for stored in rows:
        number = stored.proposal.invoice_number
        found = beginning.judgement.correlations.get(number)
        now = {p.fingerprint: p for p in found.proposals} if found is not None else {}
        if stored.fingerprint in now:
            yield intent_of(replace(stored, proposal=now[stored.fingerprint]))


def _is_written(stored: StoredProposal) -> bool:
    return stored.proposal.kind is not ProposalKind.ACCEPT
