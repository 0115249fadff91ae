"""What the services need of our own store about facts: what Xero said, and what was found in it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.records import Account, UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.services.records.results import InvoiceResult, TrackedInvoice


class Facts(Protocol):
    """Payments and invoices as Xero last gave them, and which invoices are tracked."""

    def save_payments(self, payments: Iterable[XeroPayment], answered_at: datetime | None = None) -> int:
        """Store payments, newest fact wins; return how many are new or changed by content. Their gaps are closed.

        The newest is the one that Xero changed last, then the one that Xero answered last (`answered_at`, Xero's own
        clock, None where it is not known): whoever stores it last, an older one never replaces a newer one (R35).
        """

    def payments_by_id(self, payment_ids: Collection[XeroPaymentId]) -> Mapping[XeroPaymentId, XeroPayment]:
        """Return stored payments by id, compared without regard to case."""

    def payments_of_tracked(
        self, among: Collection[XeroInvoiceId] | None = None
    ) -> Mapping[XeroInvoiceId, tuple[XeroPayment, ...]]:
        """Return the payments of tracked invoices, with what the stored accounts say of where they were paid to.

        As with each of these questions, None is about all tracked invoices.
        """

    def accounts_paid_to(self) -> frozenset[str]:
        """Return the accounts, by id in lower case, that payments of tracked invoices went to."""

    def payments_stored(self) -> int:
        """Return how many payments are stored."""

    def refunds(self) -> tuple[XeroPayment, ...]:
        """Return what is stored of money that went back to customers, deleted ones included (R2)."""

    def save_invoices(self, invoices: Iterable[XeroInvoice], answered_at: datetime | None = None) -> int:
        """Store invoices in the same order; return how many are new or changed."""

    def invoices_of_tracked(
        self, among: Collection[XeroInvoiceId] | None = None
    ) -> Mapping[XeroInvoiceId, XeroInvoice]:
        """Return the facts about tracked invoices."""

    def save_accounts(self, accounts: Iterable[Account]) -> None:
        """Store accounts by id; one that is stored already is never forgotten."""

    def accounts(self) -> Mapping[str, Account]:
        """Return every stored account, by its id in lower case."""

    def track(self, invoices: Iterable[TrackedInvoice]) -> None:
        """Track invoices; one that is tracked already keeps its first number."""

    def tracked(self, among: Collection[XeroInvoiceId] | None = None) -> Mapping[XeroInvoiceId, TrackedInvoice]:
        """Return the tracked invoices."""

    def tracked_among(self, invoice_ids: Collection[XeroInvoiceId]) -> frozenset[XeroInvoiceId]:
        """Return which of these are tracked."""


class Gaps(Protocol):
    """What Xero named and nobody can read: rows that make no sense, ids that it does not know."""

    def save_unreadable(self, rows: Iterable[UnreadableRow]) -> None:
        """Store Xero rows that could not be read, one for each id or place; an id that was unknown is known again."""

    def unreadable(self) -> tuple[UnreadableRow, ...]:
        """Return the rows that are still unreadable; one whose id Xero does not know any more is kept, but gone."""

    def forget_places(self, kept: Collection[str], *, of_invoices: bool) -> None:
        """Forget the unreadable rows of payments, or of invoices, that have no id, except at the places `kept`.

        A full reading of their list has seen them all.
        """

    def forget(self, ids: Collection[str]) -> None:
        """Forget the unreadable rows with these ids, of payments and of invoices, in whatever case."""

    def save_unknown(self, ids: Iterable[str]) -> None:
        """Remember ids, of payments and of invoices, that Xero answered 404 for."""

    def unknown_ids(self) -> frozenset[XeroPaymentId]:
        """Return the ids that Xero answered 404 for."""


class Results(Protocol):
    """The last correlation of each invoice."""

    def save(self, results: Iterable[InvoiceResult], *, replace_all: bool) -> None:
        """Store results by CM number; `replace_all` also drops every other one."""

    def forget(self, numbers: Collection[str]) -> None:
        """Drop the results of these invoices."""

    def latest(self, numbers: Collection[str] | None = None) -> tuple[InvoiceResult, ...]:
        """Return the last results, ordered by CM number; None returns all."""

    def shown(self) -> tuple[InvoiceResult, ...]:
        """Return all last results as `latest` does, to be shown or looked up: the store may have them at hand."""

    def count(self) -> int:
        """Return of how many invoices there is a result."""
