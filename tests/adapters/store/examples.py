"""Plain records to store, each with just enough said about it."""

from datetime import UTC, date, datetime

from cmxero_desktop.domain.identifiers import (
    CaseInvoiceId,
    CasePaymentId,
    Fingerprint,
    XeroInvoiceId,
    XeroPaymentId,
)
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement
from cmxero_desktop.domain.proposals import PaymentValues, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import (
    InvoiceSnapshot,
    PaymentStatus,
    Settlement,
    SettlementKind,
    Side,
    UnreadableRow,
    XeroInvoice,
    XeroPayment,
)
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent, IntentPurpose
from cmxero_desktop.services.records.readings import WriteKind
from cmxero_desktop.services.records.results import InvoiceResult, TrackedInvoice
from cmxero_desktop.services.records.runs import (
    Counts,
    Cursors,
    LastComparison,
    PinnedOrganisation,
    PollOutcome,
    PollRun,
    PollState,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE_PM = datetime(2026, 11, 22, 13, tzinfo=UTC)
INVOICE = XeroInvoiceId("invoice-1")
PAID_ON = date(2026, 11, 1)


def aud(amount: str) -> Money:
    return Money.of(amount, "AUD")


def xero_payment(
    payment_id: str = "Payment-1",
    amount: str = "400.00",
    *,
    invoice_id: XeroInvoiceId = INVOICE,
    updated_at: datetime = NOON,
    reference: str = "EFT 7",
    contact_name: str = "Acme",
    is_bank_reconciled: bool = False,
    status: PaymentStatus = PaymentStatus.AUTHORISED,
) -> XeroPayment:
    return XeroPayment(
        payment_id=XeroPaymentId(payment_id),
        invoice_id=invoice_id,
        invoice_number="CM-100",
        paid_on=PAID_ON,
        amount=aud(amount),
        updated_at=updated_at,
        status=status,
        reference=reference,
        contact_name=contact_name,
        account_name="Trust \u2013 cheque",
        batch_payment_id="batch-1",
        is_bank_reconciled=is_bank_reconciled,
    )


def xero_invoice(paid: str = "400.00", *, updated_at: datetime = NOON) -> XeroInvoice:
    credit = Settlement(kind=SettlementKind.CREDIT_NOTE, number="CN-1", amount=aud("10.00"), settled_on=PAID_ON)
    return XeroInvoice(
        invoice_id=INVOICE,
        number="CM-100",
        status="AUTHORISED",
        total=aud("1000.00"),
        amount_paid=aud(paid),
        amount_credited=aud("10.00"),
        updated_at=updated_at,
        contact_name="Acme",
        settlements=(credit,),
    )


def tracked(number: str = "CM-100", invoice_id: XeroInvoiceId = INVOICE) -> TrackedInvoice:
    return TrackedInvoice(xero_invoice_id=invoice_id, number=number, first_seen_at=NOON)


def unreadable_invoice(invoice_id: str | None = "Invoice-1", place: str = "Invoices, page 1, row 3") -> UnreadableRow:
    """Return an invoice's row that makes no sense."""
    return UnreadableRow(
        side=Side.XERO,
        place=place,
        problem="Total is missing.",
        xero_invoice_id=XeroInvoiceId(invoice_id) if invoice_id else None,
        invoice_number="CM-100",
        is_invoice=True,
    )


def unreadable(payment_id: str | None = "Payment-1", place: str = "Payments, page 1, row 3") -> UnreadableRow:
    return UnreadableRow(
        side=Side.XERO,
        place=place,
        problem="Amount is null.",
        xero_payment_id=XeroPaymentId(payment_id) if payment_id else None,
    )


def result(number: str = "CM-100", *, explanation: str = "Equal.", as_of: datetime = NOON) -> InvoiceResult:
    snapshot = InvoiceSnapshot(
        number=number,
        as_of=as_of,
        xero_invoice_id=INVOICE,
        xero_invoice=xero_invoice(),
        case_invoice=None,
        xero_payments=(xero_payment(),),
        unknown_ids=frozenset({XeroPaymentId("b"), XeroPaymentId("a"), XeroPaymentId("c")}),
    )
    placement = Placement(
        bucket=Bucket.MATCHED,
        invoice_number=number,
        rule=Rule.R7,
        explanation=explanation,
        xero=xero_payment(),
    )
    return InvoiceResult(snapshot=snapshot, correlation=Correlation((placement,), (), 2))


def values(amount: str = "400.00", notes: str = "") -> PaymentValues:
    return PaymentValues(paid_on=PAID_ON, amount=aud(amount), reference="EFT 7", notes=notes, payment_type="EFT")


def stored_proposal(
    fingerprint: str = "f" * 64,
    state: ProposalState = ProposalState.PROPOSED,
    *,
    number: str = "CM-100",
    first_seen_at: datetime = NOON,
) -> StoredProposal:
    proposal = Proposal(
        kind=ProposalKind.ADD,
        fingerprint=Fingerprint(fingerprint),
        invoice_number=number,
        xero_invoice_id=INVOICE,
        case_invoice_id=CaseInvoiceId(100),
        rule=Rule.R12,
        explanation="Xero has 400.00.",
        xero=xero_payment(),
        after=values(notes="Xero payment Payment-1"),
        balance_before=aud("1000.00"),
        balance_after=aud("600.00"),
    )
    return StoredProposal(proposal=proposal, state=state, first_seen_at=first_seen_at, changed_at=NOON)


def intent(intent_id: str = "intent-1") -> Intent:
    return Intent(
        intent_id=intent_id,
        purpose=IntentPurpose.APPLY,
        fingerprint=Fingerprint("f" * 64),
        invoice_number="CM-100",
        case_invoice_id=CaseInvoiceId(100),
        kind=WriteKind.INSERT,
        payment_id=None,
        before=None,
        after=values(),
        xero_payment_id=XeroPaymentId("Payment-1"),
        known_ids=(CasePaymentId(7), CasePaymentId("7")),
        by="Kim",
        reason="",
        batch_id="batch-1",
    )


def event(reason: str = "agreed", what: AuditWhat = AuditWhat.APPLIED) -> AuditEvent:
    return AuditEvent(
        at=NOON,
        by="Kim",
        what=what,
        invoice_number="CM-100",
        case_payment_id=CasePaymentId(7),
        before=values("400.00"),
        after=values("450.00"),
        reason=reason,
        rule=Rule.R14,
        evidence={"amount": "differs", "date": "equal"},
    )


def alert(key: str = "renumbered CM-100", explanation: str = "Renumbered.", at: datetime = NOON) -> Alert:
    return Alert(
        key=key,
        kind=AlertKind.RENUMBERED,
        rule=Rule.R1,
        explanation=explanation,
        next_step="Look.",
        raised_at=at,
    )


def run(run_id: str = "run-1", outcome: PollOutcome = PollOutcome.DONE) -> PollRun:
    return PollRun(
        run_id=run_id,
        started_at=NOON,
        finished_at=ONE_PM,
        is_full=True,
        outcome=outcome,
        fetched=3,
        requests=2,
        counts=Counts(matched=1),
    )


def poll_state() -> PollState:
    return PollState(
        organisation=PinnedOrganisation(organisation_id="org"),
        cursors=Cursors(payments=NOON),
        comparison=LastComparison(today=PAID_ON),
    )
