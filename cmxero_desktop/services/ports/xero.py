"""What the services need of Xero: a reader that cannot write, and a sign-in."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.records import Account, Organisation
from cmxero_desktop.domain.xero_history import HistoryLine, HistoryOf
from cmxero_desktop.services.records.readings import InvoicesPage, PaymentsById, PaymentsPage
from cmxero_desktop.services.records.runs import CallLimits


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
        """Read the organisation's name, currency, time zone and lock dates."""

    def accounts(self) -> tuple[Account, ...]:
        """Read the chart of accounts; empty where Xero has none to show."""

    def changed_payments(self, since: datetime | None) -> Iterator[PaymentsPage]:
        """Read customer payments changed at or after `since` (Xero's clock), deleted ones included; None reads all."""

    def changed_invoices(self, since: datetime | None) -> Iterator[InvoicesPage]:
        """Read sales invoices changed at or after `since`; None reads all."""

    def changed_refunds(self, payment_type: str, since: datetime | None) -> Iterator[PaymentsPage]:
        """Read the refunds of one of Xero's types changed at or after `since`, deleted ones included; None reads all.

        A refund comes as a payment whose invoice is the credit note, overpayment or prepayment that it was paid out of.
        """

    def payments_of(self, invoice_ids: Collection[XeroInvoiceId]) -> PaymentsPage:
        """Read every customer payment of the invoices, deleted ones included."""

    def payments_by_id(self, payment_ids: Collection[XeroPaymentId]) -> PaymentsById:
        """Read payments by id, telling "Xero does not know it" (404) from everything else that can go wrong."""

    def invoices_by_id(self, invoice_ids: Collection[XeroInvoiceId]) -> InvoicesPage:
        """Read sales invoices by id; those that Xero does not have are missing from the answer."""

    def history(self, of: HistoryOf) -> tuple[HistoryLine, ...] | None:
        """Read the History and Notes of one record; None where Xero has none of it to show."""


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
