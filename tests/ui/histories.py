"""One invoice as it stood, for the window and the command line."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, ProposalId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, Member, PairedHow, RememberedPair
from cmxero_desktop.domain.placements import Bucket, MatchedHow, Reason
from cmxero_desktop.domain.proposals import PaymentValues, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, PaymentStatus, XeroInvoice, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import Decision, StoredProposal
from cmxero_desktop.services.records.history import CaseSide, Remembered, RowPlace, Seen
from cmxero_desktop.services.viewing.showing import InvoiceHistory
from tests.ui.views import aud

SYDNEY = timezone(timedelta(hours=11), "AEDT")
AS_OF = datetime(2026, 10, 31, 17, 0, tzinfo=SYDNEY)
SEEN = datetime(2026, 10, 30, 23, 42, tzinfo=UTC)
CHANGED = datetime(2026, 11, 2, 0, 5, tzinfo=UTC)
OCT_1 = date(2026, 10, 1)


def history() -> InvoiceHistory:
    """Return an invoice with two payments in Xero and two in Case Manager, at the end of October."""
    copied = XeroPayment(
        payment_id=XeroPaymentId("x-copied"),
        invoice_id=XeroInvoiceId("i-1"),
        invoice_number="CM-10234",
        paid_on=OCT_1,
        amount=aud("1200.00"),
        updated_at=SEEN,
        reference="EFT 7",
        account_code="090",
        account_name="Cheque account",
        is_bank_reconciled=True,
    )
    gone = replace(
        copied,
        payment_id=XeroPaymentId("x-gone"),
        amount=aud("77.00"),
        status=PaymentStatus.DELETED,
        reference="",
        batch_payment_id="b-1",
    )
    copy = CasePayment(
        payment_id=CasePaymentId(501),
        invoice_id=CaseInvoiceId(234),
        paid_on=OCT_1,
        amount=aud("1200.00"),
        payment_type="EFT",
        reference="EFT 7",
        notes="Xero payment x-copied",
    )
    locked = replace(
        copy,
        payment_id=CasePaymentId(502),
        amount=aud("77.00"),
        notes="",
        is_journalled=True,
        journal_number="1042",
    )
    return InvoiceHistory(
        number="CM-10234",
        as_of=AS_OF,
        is_now=False,
        kept_since=datetime(2026, 10, 1, 9, 0, tzinfo=SYDNEY),
        checked_at=datetime(2026, 10, 31, 16, 50, tzinfo=SYDNEY),
        xero_invoices=(Seen(fact=_invoice(), since=SEEN, until=None),),
        xero_payments=(Seen(fact=copied, since=None, until=None), Seen(fact=gone, since=SEEN, until=CHANGED)),
        case=CaseSide(
            invoice=Seen(fact=_case_invoice(), since=None, until=CHANGED),
            payments=(Seen(fact=copy, since=None, until=None), Seen(fact=locked, since=SEEN, until=None)),
            places=(
                RowPlace(
                    bucket=Bucket.MATCHED,
                    rule=Rule.R7,
                    xero_id=copied.payment_id,
                    case_id=copy.payment_id,
                    matched_how=MatchedHow.LINKED,
                ),
                RowPlace(bucket=Bucket.SKIPPED, rule=Rule.R17, case_id=locked.payment_id, reason=Reason.JOURNALLED),
            ),
        ),
        proposals=(_proposal(ProposalState.PROPOSED), _proposal(ProposalState.REJECTED, by="Ann")),
        remembered=_remembered(),
        entries=(
            AuditEntry(
                sequence=12,
                event=AuditEvent(
                    at=SEEN,
                    by="Ann",
                    what=AuditWhat.REJECTED,
                    invoice_number="CM-10234",
                    proposal_id=ProposalId("p-50"),
                    after=_values(),
                    reason="Asked the client.",
                ),
                previous_hash="",
                entry_hash="",
            ),
            AuditEntry(
                sequence=11,
                event=AuditEvent(
                    at=SEEN, by="program", what=AuditWhat.REOPENED, invoice_number="CM-10234", reason="It changed."
                ),
                previous_hash="",
                entry_hash="",
            ),
        ),
    )


def empty_history() -> InvoiceHistory:
    """Return the same invoice before Case Manager was ever read, as it stands now."""
    return replace(
        history(),
        is_now=True,
        checked_at=None,
        case=CaseSide(),
        proposals=(),
        remembered=Remembered(),
        entries=(),
    )


def _invoice() -> XeroInvoice:
    return XeroInvoice(
        invoice_id=XeroInvoiceId("i-1"),
        number="CM-10234",
        status="AUTHORISED",
        total=aud("2000.00"),
        amount_paid=aud("1200.00"),
        amount_credited=aud("0.00"),
        updated_at=SEEN,
        contact_name="Hartley",
    )


def _case_invoice() -> CaseInvoice:
    return CaseInvoice(
        invoice_id=CaseInvoiceId(234),
        number="10234",
        total=aud("2000.00"),
        adjustments=aud("-10.00"),
        refunds=aud("0.00"),
        bill_to="Hartley & Sons",
    )


def _values() -> PaymentValues:
    return PaymentValues(paid_on=OCT_1, amount=aud("50.00"), reference="EFT 8", notes="", payment_type="EFT")


def _proposal(state: ProposalState, by: str = "") -> Seen[StoredProposal]:
    proposal = Proposal(
        kind=ProposalKind.ADD,
        fingerprint=state.value * 9,  # type: ignore[arg-type]  # any text
        invoice_number="CM-10234",
        xero_invoice_id=XeroInvoiceId("i-1"),
        case_invoice_id=CaseInvoiceId(234),
        rule=Rule.R12,
        explanation="Xero has 50.00.",
        after=_values(),
        balance_before=aud("800.00"),
        balance_after=aud("750.00"),
    )
    decision = Decision(by=by, at=SEEN, reason="Asked the client.") if by else None
    stored = StoredProposal(proposal=proposal, state=state, first_seen_at=SEEN, changed_at=SEEN, decision=decision)
    return Seen(fact=stored, since=SEEN, until=CHANGED if by else None)


def _remembered() -> Remembered:
    pair = RememberedPair(
        xero_id=XeroPaymentId("x-copied"),
        case_id=CasePaymentId(501),
        invoice_number="10234",
        amount=aud("1200.00"),
        paid_on=OCT_1,
        how=PairedHow.NAMED,
    )
    accepted = AcceptedSet(
        members=(
            Member(amount=aud("1.00"), paid_on=OCT_1, xero_id=XeroPaymentId("x-1")),
            Member(amount=aud("1.00"), paid_on=OCT_1, case_id=CasePaymentId(509)),
        ),
        by="Ann",
        reason="Same cheque.",
    )
    said = Explanation(
        case_id=CasePaymentId(502), what=Explained.OTHER, amount=aud("77.00"), paid_on=OCT_1, by="Kim", reason="Rent."
    )
    return Remembered(
        pairs=(Seen(fact=pair, since=SEEN, until=None),),
        accepted=(Seen(fact=accepted, since=SEEN, until=None),),
        explained=(Seen(fact=said, since=SEEN, until=CHANGED),),
    )
