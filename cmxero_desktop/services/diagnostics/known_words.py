"""Gather from our store every name, number and amount that must not leave the firm unasked."""

from collections.abc import Iterator

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import PaymentValues, ProposalState
from cmxero_desktop.domain.records import CasePayment, UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.services.diagnostics.redacting import KnownWords, amount_forms
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import Decision, FirstYes, StoredProposal
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import Lease, PollState

Word = str | Money | None


def known_words(unit: UnitOfWork) -> KnownWords:
    """Return what is known by name or amount; Notes count line by line, as each may stand alone."""
    found = [
        *_state(unit.polling.state(), unit.sharing.lease()),
        *(word for result in unit.results.latest() for word in _result(result)),
        *(word for stored in unit.proposals.in_states(tuple(ProposalState)) for word in _proposal(stored)),
        *(word for entry in unit.audit.entries() for word in _event(entry.event)),
        *(word for alert in unit.alerts.standing() for word in _alert(alert)),
        *(word for row in unit.gaps.unreadable() for word in _unreadable(row)),
        *(intent.invoice_number for intent in unit.intents.still_open()),
        *(word for note in unit.notes.standing() for word in (note.by, note.owner, note.text)),
    ]
    texts = {word for word in found if isinstance(word, str)}
    lines = {line.strip() for text in texts for line in text.splitlines()}
    cents = {word.minor for word in found if isinstance(word, Money)}
    return KnownWords(
        names=frozenset(texts | lines) - {""},
        amounts=frozenset(form for amount in cents for form in amount_forms(amount)),
    )


def _state(state: PollState, lease: Lease | None) -> Iterator[Word]:
    yield from (state.organisation.organisation_id, state.organisation.name, state.comparison.case_manager_label)
    yield state.database.place.name
    if lease is not None:
        yield from (lease.holder, lease.label)
    if state.comparison.policy is not None:
        yield state.comparison.policy.sor_account_text


def _result(result: InvoiceResult) -> Iterator[Word]:
    snapshot = result.snapshot
    yield snapshot.number
    if snapshot.xero_invoice is not None:
        yield from _xero_invoice(snapshot.xero_invoice)
    if (case := snapshot.case_invoice) is not None:
        yield from (case.number, case.bill_to, case.case_name, case.total, case.adjustments, case.refunds)
    for payment in (*snapshot.xero_payments, *snapshot.named_elsewhere.values()):
        yield from _xero_payment(payment)
    for copy in snapshot.case_payments:
        yield from _case_payment(copy)
    for row in snapshot.unreadable:
        yield from _unreadable(row)
    for placement in result.correlation.placements:
        if placement.unreadable is not None:
            yield from _unreadable(placement.unreadable)


def _xero_invoice(invoice: XeroInvoice) -> Iterator[Word]:
    yield from (invoice.number, invoice.contact_name, invoice.reference)
    yield from (invoice.total, invoice.amount_paid, invoice.amount_credited)
    for settlement in invoice.settlements:
        yield from (settlement.number, settlement.amount)


def _xero_payment(payment: XeroPayment) -> Iterator[Word]:
    yield from (payment.invoice_number, payment.reference, payment.contact_name, payment.account_name, payment.amount)


def _case_payment(payment: CasePayment) -> Iterator[Word]:
    yield from (payment.reference, payment.notes, payment.journal_number, payment.entered_by, payment.amount)


def _unreadable(row: UnreadableRow) -> Iterator[Word]:
    yield from (row.invoice_number, row.amount)


def _proposal(stored: StoredProposal) -> Iterator[Word]:
    proposal = stored.proposal
    yield from (proposal.invoice_number, proposal.balance_before, proposal.balance_after)
    yield from _values(proposal.before, proposal.after)
    for payment in (proposal.xero, proposal.replaced):
        if payment is not None:
            yield from _xero_payment(payment)
    for decision in (stored.decision, stored.release, stored.first, stored.undo_asked):
        if decision is not None:
            yield from _decision(decision)


def _decision(decision: Decision | FirstYes) -> Iterator[Word]:
    yield from (decision.by, decision.reason)


def _event(event: AuditEvent) -> Iterator[Word]:
    yield from (event.invoice_number, event.by if event.by != "program" else None)
    if event.what in {AuditWhat.CONNECTED, AuditWhat.DISCONNECTED}:
        yield event.reason
    yield from _values(event.before, event.after)


def _values(*both: PaymentValues | None) -> Iterator[Word]:
    for values in both:
        if values is not None:
            yield from (values.reference, values.notes, values.amount)


def _alert(alert: Alert) -> Iterator[Word]:
    yield from (alert.invoice_number, alert.amount)
