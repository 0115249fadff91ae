"""What the services need of our own store."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Protocol

from cmxero_desktop.domain.identifiers import CasePaymentId, Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent
from cmxero_desktop.services.records.results import InvoiceResult, TrackedInvoice
from cmxero_desktop.services.records.runs import Lease, PollRun, PollState


class UnitOfWork(Protocol):
    """One transaction of our own store. Nothing lasts unless `commit` is called; leaving undoes the rest."""

    def commit(self) -> None:
        """Make everything done in this unit last."""

    # Facts from Xero
    def save_payments(self, payments: Iterable[XeroPayment]) -> int:
        """Store payments, newest fact wins by content; return how many are new or changed. Clears unreadable ids."""

    def save_invoices(self, invoices: Iterable[XeroInvoice]) -> int:
        """Store invoices; return how many are new or changed."""

    def save_unreadable(self, rows: Iterable[UnreadableRow]) -> None:
        """Store Xero rows that could not be read, one for each id or place."""

    def forget_places(self, kept: Collection[str]) -> None:
        """Forget the unreadable rows that have no id, except at the places `kept`; a full reading has seen them all."""

    def save_unknown_ids(self, payment_ids: Iterable[XeroPaymentId]) -> None:
        """Remember ids that Xero answered 404 for."""

    def track_invoices(self, invoices: Iterable[TrackedInvoice]) -> None:
        """Track invoices; one that is tracked already keeps its first number."""

    def tracked_invoices(self) -> Mapping[XeroInvoiceId, TrackedInvoice]:
        """Return every tracked invoice."""

    def payments_of_tracked(self) -> Mapping[XeroInvoiceId, tuple[XeroPayment, ...]]:
        """Return the payments of all tracked invoices."""

    def payments_by_id(self, payment_ids: Collection[XeroPaymentId]) -> Mapping[XeroPaymentId, XeroPayment]:
        """Return stored payments by id, compared without regard to case."""

    def invoices_of_tracked(self) -> Mapping[XeroInvoiceId, XeroInvoice]:
        """Return the facts about all tracked invoices."""

    def unreadable_rows(self) -> tuple[UnreadableRow, ...]:
        """Return the rows that are still unreadable."""

    def unknown_ids(self) -> frozenset[XeroPaymentId]:
        """Return the ids that Xero answered 404 for."""

    # Results
    def save_results(self, results: Iterable[InvoiceResult], *, replace_all: bool) -> None:
        """Store results by CM number; `replace_all` also drops every other one."""

    def results(self, numbers: Collection[str] | None = None) -> tuple[InvoiceResult, ...]:
        """Return the last results, ordered by CM number; None returns all."""

    # Proposals
    def add_proposals(self, proposals: Iterable[StoredProposal]) -> None:
        """Store proposals that are new."""

    def update_proposals(self, proposals: Iterable[tuple[StoredProposal, ProposalState]]) -> None:
        """Store each proposal provided its state is still the one given; else raise NotAllowedError.

        That is how two people can never decide or apply the same proposal twice.
        """

    def proposals(self, states: Collection[ProposalState] | None = None) -> tuple[StoredProposal, ...]:
        """Return proposals in these states (None: all), by CM number and first seen."""

    def proposals_by_fingerprint(self, fingerprints: Collection[Fingerprint]) -> Mapping[Fingerprint, StoredProposal]:
        """Return the stored proposals among these."""

    def proposals_by_id(self, proposal_ids: Collection[str]) -> Mapping[str, StoredProposal]:
        """Return the stored proposals with these short names."""

    def choose_link(self, xero_payment_id: XeroPaymentId, case_payment_id: CasePaymentId) -> None:
        """Remember that a person said these two are the same money (R23)."""

    def forget_link(self, xero_payment_id: XeroPaymentId, case_payment_id: CasePaymentId) -> None:
        """Forget what was said about these two; nothing happens where nothing was."""

    def chosen_links(self) -> frozenset[tuple[XeroPaymentId, CasePaymentId]]:
        """Return what persons said about near doubles."""

    # Intents, copies, audit, alerts, polls
    def open_intents(self, intents: Iterable[Intent]) -> None:
        """Store intents before anything is written."""

    def close_intents(self, intents: Iterable[Intent]) -> None:
        """Store how intents ended."""

    def intents(self, *, only_open: bool) -> tuple[Intent, ...]:
        """Return intents, oldest first."""

    def known_copies(self) -> frozenset[CasePaymentId]:
        """Return the imported case payments that were there at the first poll or that we wrote (R29)."""

    def add_known_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Add to the known copies."""

    def forget_known_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Forget copies that we removed ourselves."""

    def append_audit(self, events: Iterable[AuditEvent]) -> None:
        """Append events to the hash-chained audit trail."""

    def audit_entries(self, *, newest: int | None = None) -> tuple[AuditEntry, ...]:
        """Return audit entries, newest first."""

    def broken_audit_entry(self) -> int | None:
        """Recompute the whole chain; return the number of the first entry that does not fit, or None."""

    def raise_alerts(self, alerts: Iterable[Alert]) -> tuple[Alert, ...]:
        """Store alerts by key; return those that were not there before."""

    def clear_alerts(self, keys: Iterable[str]) -> None:
        """Clear alerts whose cause is gone."""

    def alerts(self) -> tuple[Alert, ...]:
        """Return the alerts that stand, oldest first."""

    def save_run(self, run: PollRun) -> None:
        """Store a poll run."""

    def runs(self, newest: int) -> tuple[PollRun, ...]:
        """Return the newest runs, newest first."""

    def poll_state(self) -> PollState:
        """Return where polling stands."""

    def save_poll_state(self, state: PollState) -> None:
        """Store where polling stands."""

    def count_requests(self, on: date, made: int) -> None:
        """Add to the requests that were sent to Xero on a day."""

    def requests_on(self, on: date) -> int:
        """Return how many requests were sent to Xero on a day, by every desktop of this store."""

    def version(self) -> str:
        """Return a text that differs whenever the facts from Xero or the audit trail do; every decision is in that."""

    def take_lease(self, holder: str, label: str, hold_for: timedelta) -> Lease:
        """Take or renew the polling lease where it is free or ours; return the lease that stands now.

        Time is the store's own, so that desktops whose clocks differ agree.
        """

    def lease(self) -> Lease | None:
        """Return the polling lease, None where there is none or it has run out."""


class Store(Protocol):
    """Our own store."""

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that may write. Raises StoreError."""

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that only reads and blocks nobody."""
