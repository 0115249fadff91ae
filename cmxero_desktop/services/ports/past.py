"""What the services need of our own store about what was: what stood where at a moment (R34)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.memory import NumberSaid
from cmxero_desktop.domain.records import XeroInvoice, XeroPayment
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.history import Accounts, CaseSide, CaseSightings, Remembered, Seen, StoreMoment


class Past(Protocol):
    """What the store knew at a moment of its own counter; the last one is what it knows now.

    A moment is a transaction that changed something that is shown. Where a clock was wrong for a while, the times are
    those that can be believed (`domain/store_times.py`).
    """

    def begins_at(self) -> datetime | None:
        """Return the instant since which everything is kept, None where nothing is yet."""

    def moment(self, at: datetime | None = None) -> StoreMoment | None:
        """Return the last moment that was not later than an instant (None: the last of all)."""

    def xero_invoices(self, numbers: Collection[str], moment: StoreMoment) -> tuple[Seen[XeroInvoice], ...]:
        """Return the invoices in Xero that bear one of the numbers now, at first, or at any time."""

    def xero_payments(
        self, invoice_ids: Collection[XeroInvoiceId], moment: StoreMoment
    ) -> tuple[Seen[XeroPayment], ...]:
        """Return the payments of these invoices, as Xero told of them."""

    def accounts(self, moment: StoreMoment) -> Accounts:
        """Return what was known of Xero's accounts."""

    def case_side(self, number: str, moment: StoreMoment) -> CaseSide:
        """Return Case Manager's side of an invoice (its CM number) as it was read, and where each payment stood."""

    def case_sightings(self) -> CaseSightings:
        """Return when each payment of Case Manager was seen first, and when it was seen journalled that was not."""

    def proposals(self, number: str, moment: StoreMoment) -> tuple[Seen[StoredProposal], ...]:
        """Return the proposals of an invoice (its CM number) in the states that they had."""

    def remembered(self, number: str, moment: StoreMoment) -> Remembered:
        """Return what was remembered of an invoice, by Case Manager's own number."""

    def numbers_said(self, moment: StoreMoment) -> Mapping[XeroInvoiceId, NumberSaid]:
        """Return what persons had said last of which invoice is which."""

    def entries(self, number: str, moment: StoreMoment) -> tuple[AuditEntry, ...]:
        """Return the entries of the audit trail about an invoice (its CM number) that there were, newest first."""
