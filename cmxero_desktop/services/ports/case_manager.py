"""What the services need of Case Manager's database."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from cmxero_desktop.domain.belonging import DatabasePlace
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.services.records.abilities import Rehearsal
from cmxero_desktop.services.records.readings import (
    CaseInvoiceSide,
    CaseManagerFacts,
    CaseMarks,
    CaseReading,
    CaseWrite,
)
from cmxero_desktop.services.records.server_seen import ServerSeen

Answer = TypeVar("Answer")


class ConnectedDatabase(Protocol):
    """The database at the other end of one connection, within the transaction that is open there."""

    @property
    def place(self) -> DatabasePlace:
        """Where it is."""

    def numbers_of(self, invoice_ids: Collection[CaseInvoiceId]) -> Mapping[CaseInvoiceId, str]:
        """Return the numbers of the invoices with these keys; one that is not there is left out."""

    def oldest(self, count: int) -> Mapping[CaseInvoiceId, str]:
        """Return the numbers of the invoices with the lowest keys."""


Confirm = Callable[[ConnectedDatabase], None]
"""Raises OtherDatabaseError where a connection leads to another database than the one that is meant."""


class CaseManager(Protocol):
    """Case Manager's database through the firm's mapping. Every method raises CaseManagerError.

    Whatever reads or writes payments confirms first, in its own transaction, that it is the database that is meant.
    """

    def identify(self, look: Callable[[ConnectedDatabase], Answer]) -> Answer:
        """Let `look` see which database it is, without reading a payment; nothing is confirmed."""

    def check(self) -> CaseManagerFacts:
        """Compare the database with the mapping and read the settings; every problem is named at once."""

    def rehearse(self, payment_types: Collection[str]) -> Rehearsal:
        """Try what an approval does, also with these payment types, and take all of it back."""

    def look_at_server(self) -> ServerSeen:
        """Ask the server what it is, and what on it stands in the way of reading and writing safely."""

    def read(
        self,
        numbers: Collection[str],
        currency: str,
        *,
        with_unpaid: bool = False,
        unlike: CaseMarks | None = None,
        also: Collection[str] = (),
    ) -> CaseReading:
        """Read the invoices with these numbers (no prefix) and all their payments, amounts in `currency`.

        Also what the other invoices hold, as far as they have payments, or all of them `with_unpaid`. After an earlier
        reading only what is `unlike` it is told, of these numbers and elsewhere, and the numbers wanted `also`.
        """

    def sides_of(self, invoice_ids: Collection[CaseInvoiceId], currency: str) -> tuple[CaseInvoiceSide, ...]:
        """Read some invoices by their keys; those that are gone are left out."""

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

    def change_invoices(
        self,
        invoice_ids: Collection[CaseInvoiceId],
        currency: str,
        decide: Callable[[Mapping[CaseInvoiceId, CaseInvoiceSide | None]], Sequence[CaseWrite]],
        confirm: Callable[[], None] = lambda: None,
    ) -> Mapping[str, CasePaymentId]:
        """Do the same for several invoices in one transaction, locked in the order of their keys (R16b).

        `decide` gets every one of them, and each write says to which it belongs. Either all is written or nothing;
        `confirm` is asked last before the commit, and undoes everything by raising.
        """
