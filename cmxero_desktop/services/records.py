"""Frozen records of the work itself: runs, decisions, intents, audit entries, alerts, and what verbs report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cmxero_desktop.domain.identifiers import (
    CaseInvoiceId,
    CasePaymentId,
    Fingerprint,
    ProposalId,
    XeroInvoiceId,
    XeroPaymentId,
)
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import PaymentValues, Proposal, ProposalState
from cmxero_desktop.domain.records import (
    CaseInvoice,
    CasePayment,
    InvoiceSnapshot,
    UnreadableRow,
    XeroInvoice,
    XeroPayment,
)

# --- what Xero answers -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsPage:
    """One page of payments. `as_of` is Xero's own clock, None where the answer carried none."""

    payments: tuple[XeroPayment, ...] = ()
    unreadable: tuple[UnreadableRow, ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicesPage:
    """One page of sales invoices."""

    invoices: tuple[XeroInvoice, ...] = ()
    unreadable: tuple[UnreadableRow, ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsById:
    """Payments asked for by id: those that Xero has, those it does not know (404), and those that cannot be read."""

    payments: tuple[XeroPayment, ...] = ()
    unknown: frozenset[XeroPaymentId] = frozenset()
    unreadable: tuple[UnreadableRow, ...] = ()


# --- what Case Manager answers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseManagerFacts:
    """What the database and the mapping say about the firm's Case Manager.

    `label` is for persons ("case.db on this computer"); limits are None where the column has none.
    `forward_dating_days` is Case Manager's own setting, None where it is empty or missing.
    """

    label: str
    invoices: int
    payments: int
    forward_dating_days: int | None
    is_journalled_locked: bool
    notes_limit: int | None
    reference_limit: int | None
    payment_type: str
    imported_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInvoiceSide:
    """One invoice of Case Manager with all its payments."""

    invoice: CaseInvoice
    payments: tuple[CasePayment, ...] = ()
    unreadable: tuple[UnreadableRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReading:
    """The invoices that were found, by Case Manager's number, and how many payments the other invoices have (R4)."""

    sides: Mapping[str, CaseInvoiceSide]
    other_payments: int = 0


class WriteKind(StrEnum):
    """What a write does to one payment row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWrite:
    """One row to write. `before` must still hold inside the transaction, or the whole invoice is left alone."""

    intent_id: str
    kind: WriteKind
    payment_id: CasePaymentId | None
    before: PaymentValues | None
    after: PaymentValues | None


# --- our own records ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedInvoice:
    """A sales invoice that was once seen with a CM number; it stays tracked by its id if it is renumbered (R1)."""

    xero_invoice_id: XeroInvoiceId
    number: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceResult:
    """The last correlation of one invoice together with the facts that it rests on."""

    snapshot: InvoiceSnapshot
    correlation: Correlation


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided: who, when (aware UTC), why, and for a hold until when."""

    by: str
    at: datetime
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProposal:
    """A proposal with its state and its story.

    `release` lifts the removal limit for it (R27). `result_id` is the key of the payment that applying it wrote.
    `outcome` is the sentence about the last attempt that did not succeed. `superseded_from` is the state that it had
    when the facts went away, so that a hold is still one when the same facts come back (R31).
    """

    proposal: Proposal
    state: ProposalState
    first_seen_at: datetime
    changed_at: datetime
    decision: Decision | None = None
    release: Decision | None = None
    batch_id: str = ""
    result_id: CasePaymentId | None = None
    outcome: str = ""
    note: str = ""
    superseded_from: ProposalState | None = None

    @property
    def proposal_id(self) -> ProposalId:
        """The short name of the proposal."""
        return self.proposal.proposal_id

    @property
    def fingerprint(self) -> Fingerprint:
        """The identity of the proposal."""
        return self.proposal.fingerprint


class IntentPurpose(StrEnum):
    """Why a write is intended."""

    APPLY = "apply"
    UNDO = "undo"


class IntentState(StrEnum):
    """How an intent ended; OPEN is the only state in which the outcome is not known yet."""

    OPEN = "open"
    WRITTEN = "written"
    NOT_WRITTEN = "not_written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A write that was about to be made, stored before it is made so that a crash leaves a trace.

    `known_ids` are the payments that the invoice had before, by which an inserted row is told from an older one.
    """

    intent_id: str
    purpose: IntentPurpose
    fingerprint: Fingerprint
    invoice_number: str
    case_invoice_id: CaseInvoiceId
    kind: WriteKind
    payment_id: CasePaymentId | None
    before: PaymentValues | None
    after: PaymentValues | None
    xero_payment_id: XeroPaymentId | None
    known_ids: tuple[CasePaymentId, ...]
    by: str
    reason: str
    batch_id: str
    opened_at: datetime
    state: IntentState = IntentState.OPEN
    result_id: CasePaymentId | None = None


class AuditWhat(StrEnum):
    """The kinds of audit entry."""

    CONNECTED = "connected"
    CHECKED = "checked Xero"
    PROPOSED = "proposed"
    SUPERSEDED = "superseded"
    APPROVED = "approved"
    HELD = "held"
    REJECTED = "rejected"
    REOPENED = "put back to review"
    RELEASED = "released from the limit"
    LINK_CHOSEN = "chose the counterpart"
    APPLIED = "applied"
    STALE = "changed since approval"
    FAILED = "failed"
    UNDONE = "undone"
    RECOVERED = "settled after a crash"
    MODE_CHANGED = "changed the mode"
    ALERT = "alert"
    SKIPPED_RUN = "missed a check"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Something that happened, to be appended to the audit trail. `by` is a person or "program"."""

    at: datetime
    by: str
    what: AuditWhat
    invoice_number: str = ""
    proposal_id: ProposalId | None = None
    xero_payment_id: XeroPaymentId | None = None
    case_payment_id: CasePaymentId | None = None
    before: PaymentValues | None = None
    after: PaymentValues | None = None
    reason: str = ""
    rule: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    batch_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An event in the chain: its number, the hash of the entry before it, and its own."""

    sequence: int
    event: AuditEvent
    previous_hash: str
    entry_hash: str


class AlertKind(StrEnum):
    """What an alert warns of."""

    OTHER_WRITER = "other_writer"
    RENUMBERED = "renumbered"
    REMOVAL_LIMIT = "removal_limit"
    NOT_EXPLAINED = "not_explained"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A warning that stays until its cause is gone. The same `key` is the same alert."""

    key: str
    kind: AlertKind
    rule: str
    explanation: str
    next_step: str
    raised_at: datetime
    invoice_number: str = ""
    amount: Money | None = None
    xero_payment_id: XeroPaymentId | None = None
    case_payment_id: CasePaymentId | None = None
    on: date | None = None


class PollOutcome(StrEnum):
    """How a poll ended."""

    DONE = "done"
    PAUSED = "paused"
    OFFLINE = "offline"
    SIGNED_OUT = "signed_out"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many rows stand where after a correlation."""

    matched: int = 0
    unmatched: int = 0
    skipped: int = 0
    proposed: int = 0
    alerts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRun:
    """One run of the poll: when (aware UTC), how it ended, and in words why it did not succeed."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    is_full: bool
    outcome: PollOutcome
    fetched: int
    requests: int
    counts: Counts
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """Where polling stands: the cursors are on Xero's clock, and move only after the facts are stored.

    `policy` and `today` (the organisation's local date) are those of the last correlation, `as_of` its instant.
    """

    organisation_id: str = ""
    organisation_name: str = ""
    currency: str = ""
    time_zone: str = ""
    payments_cursor: datetime | None = None
    invoices_cursor: datetime | None = None
    first_polled_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_full_at: datetime | None = None
    as_of: datetime | None = None
    today: date | None = None
    policy: Policy | None = None
    case_manager_label: str = ""


# --- what verbs report -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row, and why."""

    row_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReport:
    """The outcome of a decision that writes nothing to Case Manager: approve, hold, reject, put back."""

    done: tuple[RowOutcome, ...] = ()
    refused: tuple[RowOutcome, ...] = ()
    stale: tuple[RowOutcome, ...] = ()
    held_back: tuple[RowOutcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What verification found: each finding is a sentence; none means that everything holds."""

    audit_entries: int
    invoices: int
    findings: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether everything holds."""
        return not self.findings


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """One line of `doctor`: what was looked at, whether it is good, what was seen, and what to do."""

    name: str
    is_good: bool
    seen: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyReport:
    """The outcome of every row of one approval: nothing is left out."""

    batch_id: str = ""
    applied: tuple[RowOutcome, ...] = ()
    stale: tuple[RowOutcome, ...] = ()
    failed: tuple[RowOutcome, ...] = ()
    held_back: tuple[RowOutcome, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everything that was asked for was done."""
        return not (self.stale or self.failed or self.held_back)
