"""Everything that the window and the command line show, as one frozen view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from cmxero_desktop.domain.acts import Company
from cmxero_desktop.domain.completeness import NOTHING_KNOWN, Completeness, completeness_of
from cmxero_desktop.domain.desk_notes import DeskNote
from cmxero_desktop.domain.identifiers import CaseInvoiceId, Fingerprint
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, Placement
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CaseInvoice, Settlement, Side, XeroPayment
from cmxero_desktop.domain.sor.board import NO_BOARD, SorBoard
from cmxero_desktop.domain.tie_out import TieOut, tie_out
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import Counts, PollRun, PollState


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A line of a multi-invoice payment: its invoice, its amount, and where its row stands."""

    invoice_number: str
    amount: Money
    bucket: Bucket

    def __str__(self) -> str:
        """Name it: `CM-10112 330.00`."""
        return f"{self.invoice_number} {self.amount}"

    @property
    def placed(self) -> str:
        """Its name, and where to look for it: `CM-10112 330.00 (in Matched)`."""
        return f"{self} (in {self.bucket.value.capitalize()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """A row of Matched, Unmatched or Skipped: its placement, its invoice, and the proposal that it carries.

    `parts` are the other lines of its multi-invoice payment, by invoice, where they were looked for and are known.
    `notes` are what persons noted on its payments, the newest first.
    """

    placement: Placement
    result: InvoiceResult
    proposal: StoredProposal | None = None
    parts: tuple[GroupPart, ...] = ()
    notes: tuple[DeskNote, ...] = ()

    @property
    def row_id(self) -> str:
        """The row's name."""
        return self.placement.row_id

    @property
    def explained_as(self) -> Explained | None:
        """What a person said that it is, while amount and date are what they were (R19a)."""
        copy = self.placement.case
        return self.result.snapshot.decisions.said_of(copy) if copy is not None else None

    @property
    def is_set_aside(self) -> bool:
        """Whether a person said that it is from before and stays as it stands (R19a)."""
        return self.explained_as is Explained.SET_ASIDE

    @property
    def case_invoice(self) -> CaseInvoice | None:
        """The invoice in Case Manager, where it has one."""
        return self.result.snapshot.case_invoice

    @property
    def amount(self) -> Money | None:
        """The amount to show: Xero's where the payment lives there, else Case Manager's."""
        return self.placement.xero_amount or self.placement.case_amount

    @property
    def less_xero(self) -> Money | None:
        """By how much Case Manager counts more than Xero because of this row; less is negative."""
        in_xero, case = self.placement.xero_amount, self.placement.case_amount
        if in_xero is None or (case is not None and case.currency != in_xero.currency):
            return case
        return -in_xero if case is None else case - in_xero

    @property
    def paid_on(self) -> date | None:
        """The date to show."""
        placement = self.placement
        if placement.xero is not None and placement.xero.is_live:
            return placement.xero.paid_on
        if placement.case is not None:
            return placement.case.paid_on
        return placement.unreadable.paid_on if placement.unreadable else None

    @property
    def reference(self) -> str:
        """The reference to show."""
        payment = self.placement.xero or self.placement.case
        return payment.reference if payment else ""

    @property
    def bill_to(self) -> str:
        """Who pays: Case Manager's Bill To, else Xero's contact."""
        invoice = self.case_invoice
        if invoice is not None and invoice.bill_to:
            return invoice.bill_to
        return self.placement.xero.contact_name if self.placement.xero else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherInvoice:
    """An invoice beside a row's own on which a payment stands that a flag speaks of, and its payer."""

    invoice_id: CaseInvoiceId
    number: str
    bill_to: str

    def __str__(self) -> str:
        """Name it with its payer: `CM-10166, QBE`."""
        return ", ".join(part for part in (self.number, self.bill_to) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """A proposal that waits for a decision or for being applied, with the invoice it belongs to.

    `elsewhere` are the other invoices on which what is near stands, `notes` what persons noted on its payments, the
    newest first.
    """

    stored: StoredProposal
    result: InvoiceResult | None
    elsewhere: tuple[OtherInvoice, ...] = ()
    notes: tuple[DeskNote, ...] = ()

    @property
    def row_id(self) -> str:
        """The proposal's short name."""
        return self.stored.proposal_id

    @property
    def bill_to(self) -> str:
        """Who pays."""
        invoice = self.result.snapshot.case_invoice if self.result else None
        if invoice is not None and invoice.bill_to:
            return invoice.bill_to
        return self.stored.proposal.xero.contact_name if self.stored.proposal.xero else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """An amount that settles a CM invoice in Xero without being a payment (R2)."""

    invoice_number: str
    contact_name: str
    settlement: Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBackRow:
    """Money that went back to a customer in Xero, and the CM invoice that it belongs to, as far as that shows (R2)."""

    invoice_number: str
    refund: XeroPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """The whole desk at one moment. `tie_out` is None before the first poll.

    `old_leftovers` are those on Xero's invoices that nobody has explained yet (R19a).
    `rejected` are the rows that a person rejected and that could still be put back to `review`.
    `proposals` are all about which a person may still decide something, by id: open, applied or declined. `busy`,
    `standing` and `company` are what decisions depend on beside them.
    """

    state: PollState
    counts: Counts = field(default_factory=Counts)
    review: tuple[ReviewRow, ...] = ()
    rejected: tuple[ReviewRow, ...] = ()
    matched: tuple[PaymentRow, ...] = ()
    unmatched: tuple[PaymentRow, ...] = ()
    skipped: tuple[PaymentRow, ...] = ()
    settled_another_way: tuple[SettlementRow, ...] = ()
    money_back: tuple[MoneyBackRow, ...] = ()
    history: tuple[AuditEntry, ...] = ()
    alerts: tuple[Alert, ...] = ()
    sor: SorBoard = NO_BOARD
    runs: tuple[PollRun, ...] = ()
    proposals: Mapping[str, StoredProposal] = field(default_factory=dict)
    busy: frozenset[Fingerprint] = frozenset()
    standing: frozenset[Fingerprint] = frozenset()
    company: Company = field(default_factory=Company)
    tie_out: TieOut | None = None
    completeness: Completeness = NOTHING_KNOWN
    out_of_scope: int = 0
    old_leftovers: int = 0

    def unmatched_on(self, side: Side) -> tuple[PaymentRow, ...]:
        """Return the unmatched rows of one side."""
        return tuple(row for row in self.unmatched if row.placement.side is side)


def warned(view: DeskView, alert: Alert | None) -> DeskView:
    """Return the view with a warning that this desk alone has, before those of the store."""
    if alert is None:
        return view
    return replace(view, alerts=(alert, *view.alerts), counts=replace(view.counts, alerts=view.counts.alerts + 1))


def count_alerts(unit: UnitOfWork) -> int:
    """Count what stands: warnings, and alerts of the SOR watch."""
    return len(unit.alerts.standing()) + sum(alert.is_standing for alert in unit.sor.alerts())


def tie_out_of(results: Iterable[InvoiceResult], policy: Policy | None) -> TieOut | None:
    """Make the statement over all invoices, by the policy of the last correlation."""
    if policy is None:
        return None
    return tie_out(((r.snapshot, r.correlation) for r in results), policy)


def whole_of(results: Iterable[InvoiceResult], policy: Policy | None) -> Completeness:
    """Count both sides' payments from the stored facts and compare them with the rows."""
    if policy is None:
        return NOTHING_KNOWN
    return completeness_of(((r.snapshot, r.correlation) for r in results), policy)
