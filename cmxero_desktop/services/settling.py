"""Settle open intents: find out in Case Manager whether a write that was about to be made was made (DESIGN, step 7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.proposals import PaymentValues, ProposalState, moved
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.ports import CaseManager, Clock, Store, UnitOfWork
from cmxero_desktop.services.proposing import event_of
from cmxero_desktop.services.records import (
    AuditEvent,
    AuditWhat,
    CaseInvoiceSide,
    CaseWrite,
    Decision,
    Intent,
    IntentPurpose,
    IntentState,
    StoredProposal,
    WriteKind,
)

INTERRUPTED = "The program ended before the outcome was recorded."


def settle_open_intents(
    store: Store,
    case_manager: CaseManager,
    clock: Clock,
    *,
    why: str,
    unwritten: ProposalState = ProposalState.PROPOSED,
    only: Collection[str] | None = None,
) -> tuple[Intent, ...]:
    """Settle open intents (those with the ids `only`, None: all) and return them; `why` says what left them open.

    Reads each invoice under the same lock that a write takes, so a commit still under way is waited for. Raises
    CaseManagerError where the database cannot be reached: the intents stay open and nothing is guessed.
    """
    with store.read() as unit:
        pending = [i for i in unit.intents(only_open=True) if only is None or i.intent_id in only]
        currency = unit.poll_state().currency
    by_invoice: dict[CaseInvoiceId, list[Intent]] = defaultdict(list)
    for intent in pending:
        by_invoice[intent.case_invoice_id].append(intent)
    settled: list[Intent] = []
    for invoice_id, intents in by_invoice.items():
        side = _read_locked(case_manager, invoice_id, currency)
        outcome = [_settled(intent, side) for intent in intents]
        with store.begin() as unit:
            record_outcome(unit, outcome, clock, what=AuditWhat.RECOVERED, why=why, unwritten=unwritten)
            unit.commit()
        settled += outcome
    return tuple(settled)


def _read_locked(case_manager: CaseManager, invoice_id: CaseInvoiceId, currency: str) -> CaseInvoiceSide | None:
    seen: list[CaseInvoiceSide | None] = []

    def look(side: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        seen.append(side)
        return ()

    case_manager.change_invoice(invoice_id, currency, look)
    return seen[0]


def _settled(intent: Intent, side: CaseInvoiceSide | None) -> Intent:
    """Return the intent with what is found in Case Manager: written, or not."""
    payments = side.payments if side else ()
    if intent.kind is WriteKind.INSERT:
        found = next((p for p in payments if _is_inserted(intent, p)), None)
        state = IntentState.WRITTEN if found else IntentState.NOT_WRITTEN
        return replace(intent, state=state, result_id=found.payment_id if found else None)
    present = next((p for p in payments if p.payment_id == intent.payment_id), None)
    is_written = present is None if intent.kind is WriteKind.DELETE else _is_updated(intent, present)
    state = IntentState.WRITTEN if is_written else IntentState.NOT_WRITTEN
    return replace(intent, state=state, result_id=intent.payment_id)


def _is_inserted(intent: Intent, payment: CasePayment) -> bool:
    """Say whether a payment is the one that was to be inserted: new, and naming the same Xero payment or all equal."""
    if payment.payment_id in intent.known_ids:
        return False
    named = read_mark(payment.notes, "").payment_id
    if intent.xero_payment_id is not None and named == folded(intent.xero_payment_id):
        return True
    return PaymentValues.of(payment) == intent.after


def _is_updated(intent: Intent, payment: CasePayment | None) -> bool:
    """Say whether an update was made; a row that someone changed further since is told by its note."""
    if payment is None:
        return False
    values = PaymentValues.of(payment)
    if values in {intent.before, intent.after}:
        return values == intent.after
    return intent.before is None or payment.notes != intent.before.notes


def record_outcome(
    unit: UnitOfWork,
    intents: Iterable[Intent],
    clock: Clock,
    *,
    what: AuditWhat,
    why: str,
    unwritten: ProposalState = ProposalState.PROPOSED,
) -> None:
    """Close intents, move their proposals, remember copies that we wrote, and append the audit entries.

    A proposal that was not written becomes `unwritten`; one that was to be undone stays applied.
    """
    intents = tuple(intents)
    unit.close_intents(intents)
    found = unit.proposals_by_fingerprint([intent.fingerprint for intent in intents])
    for intent in intents:
        old = found.get(intent.fingerprint)
        if old is None:
            continue
        new = _moved(old, intent, clock, why, unwritten)
        unit.update_proposals([(new, old.state)])
        unit.append_audit([_event(new, intent, what, clock, why)])
    unit.add_known_copies(i.result_id for i in intents if i.state is IntentState.WRITTEN and i.result_id is not None)


def _event(stored: StoredProposal, intent: Intent, what: AuditWhat, clock: Clock, why: str) -> AuditEvent:
    """Describe the write that was made or not made; its before and after are the intent's, also for an undo."""
    event = event_of(stored, what, at=clock(), by=intent.by, reason=why or intent.reason)
    return replace(
        event,
        before=intent.before,
        after=intent.after,
        case_payment_id=intent.result_id or intent.payment_id,
        batch_id=intent.batch_id,
        evidence={**event.evidence, "written": "yes" if intent.state is IntentState.WRITTEN else "no"},
    )


def _moved(stored: StoredProposal, intent: Intent, clock: Clock, why: str, unwritten: ProposalState) -> StoredProposal:
    is_written = intent.state is IntentState.WRITTEN
    if intent.purpose is IntentPurpose.UNDO:
        if not is_written:
            return replace(stored, outcome=why)
        decision = Decision(by=intent.by, at=clock(), reason=intent.reason)
        return replace(
            stored, state=moved(stored.state, ProposalState.UNDONE), changed_at=clock(), decision=decision, outcome=""
        )
    return replace(
        stored,
        state=moved(stored.state, ProposalState.APPLIED if is_written else unwritten),
        changed_at=clock(),
        result_id=intent.result_id if is_written else None,
        outcome="" if is_written else why,
    )
