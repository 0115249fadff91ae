"""Believable desk views for the window's tests, made from domain records by the real correlation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from cmxero_desktop.domain.accounts import AccountQuestion
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.debtor_lists import DebtorLists, compare_debtors
from cmxero_desktop.domain.decisions import company_of
from cmxero_desktop.domain.identifiers import (
    CaseInvoiceId,
    CasePaymentId,
    Fingerprint,
    XeroInvoiceId,
    XeroPaymentId,
)
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Proposal, ProposalState
from cmxero_desktop.domain.records import (
    CaseInvoice,
    CasePayment,
    InvoiceSnapshot,
    PaymentStatus,
    Settlement,
    SettlementKind,
    XeroInvoice,
    XeroPayment,
)
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.tie_out import tie_out
from cmxero_desktop.domain.wording_accounts import account_asked
from cmxero_desktop.services.correlation.snapshots import deleted_days
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import Decision, StoredProposal
from cmxero_desktop.services.records.results import InvoiceResult, standing_of
from cmxero_desktop.services.records.runs import (
    Counts,
    Cursors,
    LastComparison,
    PinnedOrganisation,
    PollOutcome,
    PollRun,
    PollState,
)
from cmxero_desktop.services.viewing.desk_view import (
    DeskView,
    MoneyBackRow,
    PaymentRow,
    ReviewRow,
    SettlementRow,
    tie_out_of,
    whole_of,
)
from cmxero_desktop.services.viewing.shown_proposals import ShownProposals
from cmxero_desktop.services.viewing.shown_results import CheckedBy, ShownResults

NOW = datetime(2026, 11, 25, 10, 45, tzinfo=UTC)
FIRMS_ZONE = "Australia/Melbourne"
TODAY = date(2026, 11, 25)
POLICY = Policy(currency="AUD", forward_dating_days=5)
LABEL = "casemanager on SRV02"


def firm_offset(now: datetime) -> timedelta:
    """Return how far a clock in the firm's office is ahead of UTC."""
    return now.astimezone(ZoneInfo(FIRMS_ZONE)).utcoffset() or timedelta()


def aud(amount: str) -> Money:
    return Money.of(amount, "AUD")


@dataclass(frozen=True, slots=True, kw_only=True)
class X:
    """A Xero payment in short: amount, day, reference, and whether it is deleted."""

    name: str
    amount: str
    on: date
    reference: str = ""
    is_deleted: bool = False
    is_bank_reconciled: bool = False
    batch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class C:
    """A case payment in short; `xero` is the payment that its Notes name."""

    number: int
    amount: str
    on: date
    reference: str = ""
    xero: str = ""
    journal: str = ""
    is_multi: bool = False


def snapshot(
    number: str,
    payer: str,
    case_name: str,
    invoice_total: str,
    xero: Sequence[X] = (),
    case: Sequence[C] = (),
    *,
    settlements: tuple[Settlement, ...] = (),
    is_in_case_manager: bool = True,
    xero_total: str = "",
) -> InvoiceSnapshot:
    invoice_id = XeroInvoiceId(f"inv-{number}")
    payments = tuple(
        XeroPayment(
            payment_id=XeroPaymentId(x.name),
            invoice_id=invoice_id,
            invoice_number=number,
            paid_on=x.on,
            amount=aud(x.amount),
            updated_at=NOW - timedelta(hours=3),
            status=PaymentStatus.DELETED if x.is_deleted else PaymentStatus.AUTHORISED,
            reference=x.reference,
            contact_name=payer,
            account_name="Business cheque account",
            is_bank_reconciled=x.is_bank_reconciled,
            batch_payment_id=x.batch,
        )
        for x in xero
    )
    paid = total((p.amount for p in payments if p.is_live), "AUD")
    credited = total((s.amount for s in settlements), "AUD")
    return InvoiceSnapshot(
        number=number,
        deleted_on=deleted_days(payments, "UTC"),
        as_of=NOW - timedelta(minutes=3),
        xero_invoice_id=invoice_id,
        xero_invoice=XeroInvoice(
            invoice_id=invoice_id,
            number=number,
            status="AUTHORISED",
            total=aud(xero_total or invoice_total),
            amount_paid=paid,
            amount_credited=credited,
            updated_at=NOW - timedelta(hours=3),
            contact_name=payer,
            settlements=settlements,
        ),
        case_invoice=_case_invoice(number, payer, case_name, invoice_total) if is_in_case_manager else None,
        xero_payments=payments,
        case_payments=tuple(_case_payment(c, number) for c in case),
    )


def _case_invoice(number: str, payer: str, case_name: str, invoice_total: str) -> CaseInvoice:
    return CaseInvoice(
        invoice_id=CaseInvoiceId(int(number.removeprefix("CM-"))),
        number=number.removeprefix("CM-"),
        total=aud(invoice_total),
        adjustments=aud("0.00"),
        refunds=aud("0.00"),
        bill_to=payer,
        case_name=case_name,
    )


def _case_payment(c: C, number: str) -> CasePayment:
    return CasePayment(
        payment_id=CasePaymentId(c.number),
        invoice_id=CaseInvoiceId(int(number.removeprefix("CM-"))),
        paid_on=c.on,
        amount=aud(c.amount),
        payment_type="EFT",
        reference=c.reference,
        notes=f"Xero payment {c.xero}" if c.xero else "",
        is_journalled=bool(c.journal),
        journal_number=c.journal,
        is_multi_invoice=c.is_multi,
    )


def day(number: int, month: int = 11) -> date:
    return date(2026, month, number)


def firm() -> tuple[InvoiceSnapshot, ...]:
    """Return an invented firm with about every kind of row."""
    acme, work, icare, lee = "Acme Insurance", "WorkSafe Victoria", "icare NSW", "Lee & Partners"
    return (
        snapshot(
            "CM-10234", acme, "4471 Lee, J", "1500.00", [X(name="a1", amount="1500.00", on=day(24), reference="REM889")]
        ),
        snapshot(
            "CM-10236", icare, "4490 Ng, P", "980.00", [X(name="a2", amount="330.00", on=day(23), reference="EFT 2231")]
        ),
        snapshot(
            "CM-10238", lee, "4502 Osei, K", "2200.00", [X(name="a3", amount="330.00", on=day(20), reference="2231-B")]
        ),
        snapshot(
            "CM-10240",
            acme,
            "4471 Lee, J",
            "330.00",
            [X(name="b1", amount="330.00", on=day(23))],
            [C(number=501, amount="330.00", on=day(22), reference="EFT 22/11")],
            xero_total="335.00",
        ),
        snapshot(
            "CM-10190",
            "Harbour Legal",
            "4310 Petrov, A",
            "1240.00",
            [X(name="c1", amount="620.00", on=day(12), reference="HL-77", is_bank_reconciled=True)],
            [C(number=502, amount="620.00", on=day(12), reference="HL-77")],
        ),
        snapshot(
            "CM-10101",
            work,
            "4200 Smith, R",
            "880.00",
            [X(name="d1", amount="880.00", on=day(30, 10), is_deleted=True)],
            [C(number=503, amount="880.00", on=day(30, 10), xero="d1")],
        ),
        snapshot(
            "CM-10155",
            "TAC",
            "4288 Brown, T",
            "1450.00",
            [
                X(name="e1", amount="700.00", on=day(2), reference="TAC 9", is_deleted=True),
                X(name="e2", amount="725.00", on=day(3), reference="TAC 9"),
            ],
            [C(number=504, amount="700.00", on=day(2), reference="TAC 9", xero="e1")],
        ),
        snapshot(
            "CM-10160",
            "Allianz",
            "4290 Walsh, D",
            "600.00",
            [
                X(name="f1", amount="200.00", on=day(9), reference="A-1"),
                X(name="f2", amount="200.00", on=day(9), reference="A-2"),
            ],
            [C(number=505, amount="200.00", on=day(9), xero="f1", reference="A-1")],
        ),
        snapshot(
            "CM-10166",
            "QBE",
            "4291 Ito, M",
            "500.00",
            [X(name="g1", amount="450.00", on=day(17), reference="Q-881")],
            [C(number=506, amount="400.00", on=day(5), reference="chq 1209")],
        ),
        snapshot(
            "CM-10120",
            work,
            "4210 Adams, L",
            "640.00",
            [X(name="h1", amount="640.00", on=day(6, 10), is_deleted=True)],
            [C(number=507, amount="640.00", on=day(6, 10), xero="h1", journal="1042")],
        ),
        snapshot("CM-10244", icare, "4511 Khan, S", "410.00", [X(name="i1", amount="410.00", on=date(2026, 12, 12))]),
        snapshot(
            "CM-99999",
            "Unknown Pty Ltd",
            "",
            "150.00",
            [X(name="j1", amount="150.00", on=day(18))],
            is_in_case_manager=False,
        ),
        snapshot(
            "CM-10111",
            lee,
            "4205 Hart, V",
            "770.00",
            [],
            [C(number=508, amount="770.00", on=day(1), reference="group 8", is_multi=True)],
        ),
        snapshot(
            "CM-10115",
            "QBE",
            "4206 Moss, E",
            "300.00",
            [],
            [C(number=509, amount="120.00", on=day(3), reference="cash")],
        ),
        snapshot(
            "CM-10117",
            acme,
            "4207 Diaz, F",
            "200.00",
            settlements=(
                Settlement(kind=SettlementKind.CREDIT_NOTE, number="CN-88", amount=aud("200.00"), settled_on=day(8)),
            ),
        ),
        *(_linked(number) for number in range(10000, 10040)),
    )


def _linked(number: int) -> InvoiceSnapshot:
    payers = ("Acme Insurance", "WorkSafe Victoria", "icare NSW", "TAC", "Allianz", "QBE", "Harbour Legal")
    name, amount = f"m{number}", f"{(number * 37) % 1900 + 110}.{(number * 5) % 100:02d}"
    on = date(2026, 7, 1) + timedelta(days=(number * 3) % 140)
    reference = f"REM{number % 997:03d}"
    return snapshot(
        f"CM-{number}",
        payers[number % len(payers)],
        f"{number - 6000} Case",
        amount,
        [X(name=name, amount=amount, on=on, reference=reference, is_bank_reconciled=True)],
        [C(number=number, amount=amount, on=on, reference=reference, xero=name)],
    )


def results_of(snapshots: Iterable[InvoiceSnapshot]) -> tuple[InvoiceResult, ...]:
    snapshots = tuple(snapshots)
    found = judge(snapshots, POLICY, TODAY).correlations
    return tuple(InvoiceResult(snapshot=s, correlation=found[s.number]) for s in snapshots)


def debtors_of(results: Iterable[InvoiceResult]) -> DebtorLists:
    """Return both debtor lists of some invoices, with what leads to them from their payments."""
    judged = [(each.snapshot, each.correlation) for each in results]
    return replace(compare_debtors(judged, (), POLICY), less_paid=tie_out(judged, POLICY).less_paid)


def stored_of(
    results: Iterable[InvoiceResult], state_of: Callable[[str], ProposalState] = lambda _: ProposalState.PROPOSED
) -> tuple[StoredProposal, ...]:
    """Store every proposal in the state that its invoice number is given."""
    return tuple(
        StoredProposal(
            proposal=proposal,
            state=state_of(proposal.invoice_number),
            first_seen_at=NOW - timedelta(hours=5 + 19 * (index % 5)),
            changed_at=NOW - timedelta(hours=1),
        )
        for index, proposal in enumerate(p for r in results for p in r.correlation.proposals)
    )


def view_of(
    results: tuple[InvoiceResult, ...],
    stored: Sequence[StoredProposal],
    *,
    history: Sequence[AuditEntry] = (),
    alerts: Sequence[Alert] = (),
    runs: Sequence[PollRun] | None = None,
    polled_at: datetime | None = NOW - timedelta(minutes=3),
    money_back: Sequence[MoneyBackRow] = (),
) -> DeskView:
    by_fingerprint = {s.fingerprint: s for s in stored}
    rows = tuple(
        PaymentRow(placement=p, result=r, proposal=by_fingerprint.get(p.fingerprint) if p.fingerprint else None)
        for r in results
        for p in r.correlation.placements
    )
    buckets = {bucket: tuple(row for row in rows if row.placement.bucket is bucket) for bucket in Bucket}
    shown, waiting = ShownResults(CheckedBy(POLICY if polled_at else None, None)), ShownProposals()
    for result in results:
        shown.put(result.snapshot.number, result)
    for number in {s.proposal.invoice_number for s in stored}:
        waiting.put(number, [s for s in stored if s.proposal.invoice_number == number])
    for s in stored:
        waiting.place(s.fingerprint, shown)
    review = waiting.waiting.rows
    return DeskView(
        state=state(polled_at),
        counts=Counts(matched=len(buckets[Bucket.MATCHED]), proposed=len(review)),
        review=review,
        matched=buckets[Bucket.MATCHED],
        unmatched=buckets[Bucket.UNMATCHED],
        skipped=buckets[Bucket.SKIPPED],
        settled_another_way=tuple(
            SettlementRow(
                invoice_number=r.snapshot.number, contact_name=r.snapshot.xero_invoice.contact_name, settlement=s
            )
            for r in results
            if r.snapshot.xero_invoice is not None
            for s in r.snapshot.xero_invoice.settlements
        ),
        money_back=tuple(money_back),
        history=tuple(history),
        alerts=tuple(alerts),
        runs=tuple(runs if runs is not None else [run(NOW - timedelta(minutes=3 + 10 * n)) for n in range(5)]),
        proposals={s.proposal_id: s for s in stored},
        standing=standing_of(results),
        company=company_of(stored),
        tie_out=tie_out_of(results, POLICY) if polled_at else None,
        completeness=whole_of(results, POLICY if polled_at else None),
    )


def state(polled_at: datetime | None) -> PollState:
    if polled_at is None:
        return PollState()
    return PollState(
        organisation=PinnedOrganisation(
            organisation_id="org", name="Brightside Rehab Pty Ltd", currency="AUD", time_zone=FIRMS_ZONE
        ),
        cursors=Cursors(last_full_at=NOW - timedelta(hours=9), as_of=polled_at),
        comparison=LastComparison(last_polled_at=polled_at, today=TODAY, policy=POLICY, case_manager_label=LABEL),
    )


def run(at: datetime, outcome: PollOutcome = PollOutcome.DONE, reason: str = "") -> PollRun:
    return PollRun(
        run_id=f"run-{at:%Y%m%d%H%M}",
        started_at=at,
        finished_at=at + timedelta(seconds=2.4),
        is_full=False,
        outcome=outcome,
        fetched=3,
        requests=4,
        counts=Counts(matched=42, unmatched=8, skipped=4, proposed=9),
        reason=reason,
    )


def entry(
    sequence: int, what: AuditWhat, *, by: str, at: datetime, stored: StoredProposal | None, why: str = ""
) -> AuditEntry:
    event = AuditEvent(at=at, by=by, what=what, reason=why)
    if stored is not None:
        event = replace(
            event,
            invoice_number=stored.proposal.invoice_number,
            proposal_id=stored.proposal_id,
            before=stored.proposal.before,
            after=stored.proposal.after,
            batch_id=stored.batch_id,
            rule=stored.proposal.rule,
        )
    return AuditEntry(sequence=sequence, event=event, previous_hash="0" * 64, entry_hash="1" * 64)


def firm_states(number: str) -> ProposalState:
    return {
        "CM-10236": ProposalState.APPROVED,
        "CM-10190": ProposalState.APPROVED,
        "CM-10238": ProposalState.HELD,
    }.get(number, ProposalState.PROPOSED)


def refund_row(number: str, name: str, amount: str, payment_type: str, document: str = "") -> MoneyBackRow:
    """Return money that went back to a customer."""
    refund = XeroPayment(
        payment_id=XeroPaymentId(name),
        invoice_id=XeroInvoiceId(f"document-{name}"),
        invoice_number=document,
        paid_on=day(9),
        amount=aud(amount),
        updated_at=NOW - timedelta(days=9),
        payment_type=payment_type,
        contact_name="Acme Insurance",
    )
    return MoneyBackRow(invoice_number=number, refund=refund)


MONEY_BACK = (
    refund_row("CM-10117", "back-1", "120.00", "ARCREDITPAYMENT", "CN-88"),
    refund_row("", "back-2", "45.00", "AROVERPAYMENTPAYMENT"),
)


HELD_BECAUSE = "waiting for the client's remittance advice"


@cache
def firm_view() -> DeskView:
    """Return the invented firm with a story behind it; nobody changes it, so one is enough for all tests."""
    results = results_of(firm())
    stored = list(stored_of(results, firm_states))
    applied_results = results_of(
        [snapshot("CM-10050", "TAC", "4111 Roe, B", "90.00", [X(name="z1", amount="90.00", on=day(10))])]
    )
    applied_at = NOW - timedelta(days=1, hours=1)
    applied = replace(stored_of(applied_results)[0], state=ProposalState.APPLIED, batch_id="b-1", changed_at=applied_at)
    hold = Decision(by="R. Patel", at=NOW - timedelta(hours=1), reason=HELD_BECAUSE, until=date(2026, 12, 2))
    stored = [replace(s, decision=hold) if s.state is ProposalState.HELD else s for s in stored]
    by_number = {s.proposal.invoice_number: s for s in stored}
    history = (
        entry(1, AuditWhat.CONNECTED, by="R. Patel", at=NOW - timedelta(days=9), stored=None),
        entry(2, AuditWhat.APPROVED, by="J. Wu", at=NOW - timedelta(days=1, hours=2), stored=applied),
        entry(3, AuditWhat.APPLIED, by="J. Wu", at=applied_at, stored=applied),
        entry(4, AuditWhat.APPROVED, by="J. Wu", at=NOW - timedelta(hours=2), stored=by_number["CM-10236"]),
        entry(
            5,
            AuditWhat.HELD,
            by="R. Patel",
            at=NOW - timedelta(hours=1),
            stored=by_number["CM-10238"],
            why=HELD_BECAUSE,
        ),
        entry(6, AuditWhat.SKIPPED_RUN, by="program", at=NOW - timedelta(minutes=3), stored=None, why="no connection"),
    )
    return view_of(results, [*stored, applied], history=history, money_back=MONEY_BACK)


def many_view(rows: int, most: int = 5_000_000) -> DeskView:
    """Return a view with many additions in Review, of less than so many cents, and many matched rows."""
    base_results = results_of(firm()[:1] + tuple(_linked(10000 + n) for n in range(1)))
    base = stored_of(base_results[:1])[0]
    review = tuple(
        ReviewRow(
            stored=replace(base, proposal=_numbered(base, n, most)),
            result=base_results[0],
        )
        for n in range(rows)
    )
    proposals = {row.row_id: row.stored for row in review}
    return replace(view_of(base_results, [base]), review=review, proposals=proposals)


def _numbered(base: StoredProposal, number: int, most: int) -> Proposal:
    after = base.proposal.after
    assert after is not None
    return replace(
        base.proposal,
        fingerprint=Fingerprint(f"{number:012x}{'0' * 52}"),
        invoice_number=f"CM-{(number * 7919) % 1_000_003}",
        after=replace(
            after,
            amount=Money.from_minor((number * 104_729) % most, "AUD"),
            paid_on=date(2025, 1, 1) + timedelta(days=(number * 31) % 690),
            reference=f"REF{number}",
        ),
    )


def account_alert() -> Alert:
    """Ask about an account that is no bank account."""
    question = AccountQuestion(
        account_id="acc-882", code="882", name="Trust money held", payments=12, amount=aud("4310.00")
    )
    return Alert(
        key="account:acc-882",
        kind=AlertKind.ACCOUNT,
        rule=Rule.R3,
        explanation=account_asked(question),
        next_step="Say once what becomes of such payments: copied as a payment type, never copied, or flagged each.",
        raised_at=NOW,
        amount=question.amount,
        account=question,
    )
