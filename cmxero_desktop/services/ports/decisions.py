"""What the services need of our own store about decisions: pairs, proposals, intents and the audit trail."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

from cmxero_desktop.domain.copying import CopyTime
from cmxero_desktop.domain.identifiers import CasePaymentId, Fingerprint, ProposalId, XeroPaymentId
from cmxero_desktop.domain.other_writer import ForeignCopy
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent


class Pairs(Protocol):
    """Which copies in Case Manager are accounted for, and which are foreign (R29)."""

    def copies(self) -> frozenset[CasePaymentId]:
        """Return the imported case payments of the first poll, those that we wrote, and those that are dealt with."""

    def copies_among(self, payment_ids: Collection[CasePaymentId]) -> frozenset[CasePaymentId]:
        """Return which of these case payments are known copies."""

    def add_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Add to the known copies; that a foreign one was foreign when it came stays on record."""

    def forget_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Forget copies that we removed ourselves."""

    def foreign(self) -> tuple[ForeignCopy, ...]:
        """Return the imported case payments that nothing accounted for when they came, by key."""

    def add_foreign(self, copies: Iterable[ForeignCopy]) -> None:
        """Record foreign copies; one that is recorded already keeps its first record."""

    def forget_foreign(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Forget that copies were foreign: they are gone, or a person dealt with whoever wrote them."""

    def copy_times(self) -> Mapping[XeroPaymentId, CopyTime]:
        """Return what is known of when others copied Xero's payments, by their ids in lower case."""

    def save_copy_times(self, times: Iterable[CopyTime]) -> None:
        """Store what is known now of some payments."""

    def forget_copy_times(self, payment_ids: Iterable[XeroPaymentId]) -> None:
        """Forget what was known of some payments (ids in lower case)."""


class Proposals(Protocol):
    """Proposals, by fingerprint, and how far each has come."""

    def add(self, proposals: Iterable[StoredProposal]) -> None:
        """Store proposals that are new."""

    def update(self, proposals: Iterable[tuple[StoredProposal, ProposalState]]) -> None:
        """Store each proposal provided its state is still the one given; else raise NotAllowedError.

        That is how two people can never decide or apply the same proposal twice.
        """

    def in_states(self, states: Collection[ProposalState]) -> tuple[StoredProposal, ...]:
        """Return proposals in these states, by CM number and first seen."""

    def count(self, state: ProposalState) -> int:
        """Return how many proposals are in a state."""

    def of_invoices(self, numbers: Collection[str], states: Collection[ProposalState]) -> tuple[StoredProposal, ...]:
        """Return the proposals of these invoices (CM numbers, as written) in these states, in the same order."""

    def of_decisions(
        self, decisions: Collection[Fingerprint], states: Collection[ProposalState]
    ) -> tuple[StoredProposal, ...]:
        """Return the proposals by which these are decided (their `decision`), in these states, in the same order."""

    def limited(self) -> tuple[StoredProposal, ...]:
        """Return the open proposals that the removal limits hold, and those that were released, in the same order."""

    def by_fingerprint(self, fingerprints: Collection[Fingerprint]) -> Mapping[Fingerprint, StoredProposal]:
        """Return the stored proposals among these."""

    def by_id(self, proposal_ids: Collection[str]) -> Mapping[str, StoredProposal]:
        """Return the stored proposals with these short names; raise NotAllowedError where one names two."""


class Intents(Protocol):
    """What is about to be written to Case Manager, so that a crash leaves a trace."""

    def open(self, intents: Iterable[Intent]) -> None:
        """Store intents before anything is written."""

    def claim(self, intents: Iterable[Intent]) -> None:
        """Store that planned intents begin, as they are by now; raise NotAllowedError where one is planned no more."""

    def close(self, intents: Iterable[Intent]) -> None:
        """Store how intents ended; raise StoreError for one that was never opened."""

    def still_open(self) -> tuple[Intent, ...]:
        """Return the intents that have not ended, planned ones too, oldest first."""

    def by_id(self, intent_ids: Collection[str]) -> Mapping[str, Intent]:
        """Return the intents with these ids, oldest first."""

    def every(self) -> Iterable[Intent]:
        """Return all intents, oldest first, one after the other: there may be very many."""


class Audit(Protocol):
    """The hash-chained audit trail, which nobody can change."""

    def append(self, events: Iterable[AuditEvent]) -> None:
        """Append events."""

    def entries(self, *, newest: int | None = None) -> tuple[AuditEntry, ...]:
        """Return entries, newest first; None returns all."""

    def shown(self) -> tuple[AuditEntry, ...]:
        """Return all entries as `entries` does, to be shown or looked up: the store may have them at hand."""

    def entry(self, sequence: int) -> AuditEntry | None:
        """Return an entry by its number, None where there is none."""

    def last_of(
        self, proposal_ids: Collection[str], is_wanted: Callable[[AuditEvent], bool]
    ) -> Mapping[ProposalId, AuditEvent]:
        """Return the last wanted event about each of these proposals, where there is one."""

    def first_broken(self) -> int | None:
        """Recompute the whole chain; return the number of the first entry that does not fit, or None."""
