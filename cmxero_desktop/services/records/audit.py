"""The entries of the audit trail, and what they can say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cmxero_desktop.domain.identifiers import (
    CasePaymentId,
    ProposalId,
    XeroPaymentId,
)
from cmxero_desktop.domain.proposals import PaymentValues, Remark


class AuditWhat(StrEnum):
    """The kinds of audit entry."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    SUPERSEDED = "superseded"
    APPROVED = "approved"
    APPROVED_FIRST = "approved first"
    HELD = "held"
    REJECTED = "rejected"
    REOPENED = "put back to review"
    RELEASED = "released from the limit"
    LINK_CHOSEN = "chose the counterpart"
    LINK_TAKEN_BACK = "took the counterpart back"
    EXPLAINED = "explained"
    CLEANED_UP = "cleaned up"
    CORRECTED = "corrected elsewhere"
    UNPAIRED = "ended a pair"
    ACCOUNT_SAID = "said what an account is"
    NUMBER_SAID = "said which invoice it is"
    NOTED = "noted"
    NOTE_CHANGED = "changed a note"
    NOTE_REMOVED = "removed a note"
    FOLLOW_UP_ENDED = "ended a follow-up"
    APPLIED = "applied"
    STALE = "changed since approval"
    FAILED = "failed"
    UNDONE = "undone"
    UNDO_ASKED = "asked to undo"
    UNDO_WITHDRAWN = "withdrew the undo"
    RECOVERED = "settled after a crash"
    ADOPTED = "adopted the database"
    RESTORED = "found the store put back"
    STORE_CONFIRMED = "confirmed the store"
    MODE_CHANGED = "changed the mode"
    SETTINGS_CHANGED = "changed the settings"
    ALERT = "alert"
    TOTALS_ACCEPTED = "accepted the totals"
    TOTALS_REOPENED = "asked about the totals again"
    SOR = "SOR schedule"
    SKIPPED_RUN = "missed a check"


def figure_of(remark: Remark) -> str:
    """Name a flag with the sum that it speaks of, in cents, as an entry tells what was approved."""
    return f"{remark.flag.value} {remark.figure}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Something that happened, to be appended to the audit trail. `by` is a person or "program".

    `database` names the one that was written to, or adopted (R35).
    """

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
    database: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An event in the chain: its number, the hash of the entry before it, and its own."""

    sequence: int
    event: AuditEvent
    previous_hash: str
    entry_hash: str
