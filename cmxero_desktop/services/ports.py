"""What the services need from outside, as protocols; adapters implement them, tests fake them by hand."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Protocol

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import Organisation, UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.services.readings import (
    CaseInvoiceSide,
    CaseManagerFacts,
    CaseReading,
    CaseWrite,
    InvoicesPage,
    PaymentsById,
    PaymentsPage,
)
from cmxero_desktop.services.records import (
    Alert,
    AuditEntry,
    AuditEvent,
    Intent,
    InvoiceResult,
    StoredProposal,
    TrackedInvoice,
)
from cmxero_desktop.services.runs import CallLimits, Lease, PollRun, PollState
from cmxero_desktop.services.settings import Settings

Clock = Callable[[], datetime]
"""Returns now as aware UTC."""

Turn = Callable[[], AbstractContextManager[object]]
"""Waits until no other process of this computer checks Xero for the same home folder, and keeps them waiting."""


class Patience(Protocol):
    """Waits where Xero asks for it, unless a person has enough of it."""

    def wait(self, seconds: float, because: str) -> bool:
        """Wait; return False at once where a person ended the waiting. `because` is a sentence for the screen."""


class XeroReader(Protocol):
    """Reads one organisation in Xero; it has no way to write.

    Every method raises SignInError, XeroPausedError or XeroUnavailableError; nothing else about the network gets out.
    """

    @property
    def requests_made(self) -> int:
        """How many requests were sent to Xero by this reader so far."""

    @property
    def limits(self) -> CallLimits:
        """How many calls Xero still allows, as its last answer said."""

    @property
    def sign_in_renewed_at(self) -> datetime | None:
        """When this reader last renewed the sign-in (aware UTC); None: not yet, or it does not age."""

    def organisation(self) -> Organisation:
        """Read the organisation's name, currency and time zone."""

    def changed_payments(self, since: datetime | None) -> Iterator[PaymentsPage]:
        """Read customer payments changed at or after `since` (Xero's clock), deleted ones included; None reads all."""

    def changed_invoices(self, since: datetime | None) -> Iterator[InvoicesPage]:
        """Read sales invoices changed at or after `since`; None reads all."""

    def payments_of(self, invoice_ids: Collection[XeroInvoiceId]) -> PaymentsPage:
        """Read every customer payment of the invoices, deleted ones included."""

    def payments_by_id(self, payment_ids: Collection[XeroPaymentId]) -> PaymentsById:
        """Read payments by id, telling "Xero does not know it" (404) from everything else that can go wrong."""

    def invoices_by_id(self, invoice_ids: Collection[XeroInvoiceId]) -> InvoicesPage:
        """Read sales invoices by id; those that Xero does not have are missing from the answer."""


class CaseManager(Protocol):
    """Case Manager's database through the firm's mapping. Every method raises CaseManagerError."""

    def check(self) -> CaseManagerFacts:
        """Compare the database with the mapping and read the settings; every problem is named at once."""

    def read(self, numbers: Collection[str], currency: str) -> CaseReading:
        """Read the invoices with these numbers (no prefix) and all their payments, amounts in `currency`."""

    def change_invoice(
        self,
        invoice_id: CaseInvoiceId,
        currency: str,
        decide: Callable[[CaseInvoiceSide | None], Sequence[CaseWrite]],
    ) -> Mapping[str, CasePaymentId]:
        """Lock and re-read one invoice, ask `decide` what to write, write it, and commit, all in one transaction.

        `decide` gets None where the invoice is gone. Each write is checked against its `before` once more; where that
        fails everything is rolled back. Returns for each intent id the key of the payment that was written or removed.
        """


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


class Secrets(Protocol):
    """The operating system's keyring. Every method raises SecretsError."""

    def get(self, name: str) -> str | None:
        """Return a secret, or None where there is none."""

    def set(self, name: str, value: str) -> None:
        """Store a secret."""

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""


class SettingsFile(Protocol):
    """The settings file in the home folder. Every method raises SettingsError."""

    def exists(self) -> bool:
        """Say whether there is one yet."""

    def load(self) -> Settings:
        """Read it; unknown keys and bad values are named with their line."""

    def save(self, settings: Settings) -> None:
        """Write it, keeping comments that a person added."""


class Connection(Protocol):
    """One organisation that a consent in Xero gave access to."""

    @property
    def tenant_id(self) -> str:
        """The organisation's id."""

    @property
    def name(self) -> str:
        """The organisation's name."""


class XeroSignIn(Protocol):
    """Signs in to Xero: a person in the system browser, or a custom connection by its secret.

    Every method raises SignInError or XeroUnavailableError.
    """

    def sign_in(self, secret: str = "") -> Sequence[Connection]:
        """Wait for a person in the browser, with a deadline, or try the `secret`; return the organisations."""

    @property
    def renewed_at(self) -> datetime | None:
        """When the sign-in was last renewed (aware UTC); None: not by this program run, or it does not age."""

    def keep(self) -> None:
        """Keep the tokens of the last `sign_in` in place of those before. Raises SecretsError too."""

    def renew(self) -> None:
        """Renew the sign-in, so that it lives on while nothing is asked for longer than it would last."""

    def cancel(self) -> None:
        """End a sign-in that waits for the browser, from any thread; nothing happens where none does."""

    def sign_out(self) -> None:
        """Revoke the sign-in and forget it."""
