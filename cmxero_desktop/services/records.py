"""Frozen records of the work itself: results, decisions, intents, audit entries and alerts."""

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
from cmxero_desktop.domain.proposals import PaymentValues, Proposal, ProposalState
from cmxero_desktop.domain.records import (
    InvoiceSnapshot,
)
from cmxero_desktop.services.readings import WriteKind


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
    DISCONNECTED = "disconnected"
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
    SIGN_IN = "sign_in"


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
