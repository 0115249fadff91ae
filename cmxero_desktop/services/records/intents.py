"""What is about to be written, stored before it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cmxero_desktop.domain.identifiers import (
    CaseInvoiceId,
    CasePaymentId,
    Fingerprint,
    XeroPaymentId,
)
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.services.records.readings import WriteKind


class IntentPurpose(StrEnum):
    """Why a write is intended."""

    APPLY = "apply"
    UNDO = "undo"


class IntentState(StrEnum):
    """How far an intent is: PLANNED has not begun, of one that is OPEN nobody knows yet, the others ended."""

    PLANNED = "planned"
    OPEN = "open"
    WRITTEN = "written"
    NOT_WRITTEN = "not_written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A write that was about to be made, stored before it is made so that a crash leaves a trace.

    `known_ids` are the payments that the invoice had before, by which an inserted row is told from an older one; where
    an act inserts several into one invoice, the first says it for all. `lease` is the writer's lease under which it was
    planned together with others, 0 where it was stored alone.
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
    known_ids: tuple[CasePaymentId, ...] = ()
    by: str
    reason: str
    batch_id: str
    state: IntentState = IntentState.OPEN
    result_id: CasePaymentId | None = None
    lease: int = 0


def busy_of(open_intents: Iterable[Intent]) -> frozenset[Fingerprint]:
    """Return the proposals with a write whose outcome is not known, or that is about to begin."""
    return frozenset(intent.fingerprint for intent in open_intents)
