"""Build payments, invoices and snapshots in one line each, with the worked examples' invoice as the default."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.identifiers import (
    CaseInvoiceId,
    CasePaymentId,
    Fingerprint,
    XeroInvoiceId,
    XeroPaymentId,
)
from cmxero_desktop.domain.memory import AcceptedSet, Explanation, Member, PairedHow, RememberedPair
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.records import (
    CUSTOMER_PAYMENT,
    CaseInvoice,
    CasePayment,
    Decisions,
    InvoiceSnapshot,
    PaymentStatus,
    Settlement,
    Side,
    UnreadableRow,
    XeroInvoice,
    XeroPayment,
)
from cmxero_desktop.domain.scope import is_customer_payment

AUD = "AUD"
TODAY = date(2026, 11, 22)
AS_OF = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
POLICY = Policy(currency=AUD, forward_dating_days=5)
NOV_1 = date(2026, 11, 1)


def aud(amount: str) -> Money:
    return Money.of(amount, AUD)


def nov(day: int) -> date:
    return date(2026, 11, day)


def xero(
    payment_id: str = "P1",
    amount: str = "400",
    paid_on: date = NOV_1,
    *,
    deleted: bool = False,
    minute: int = 0,
    reference: str = "",
    currency: str = AUD,
    payment_type: str = CUSTOMER_PAYMENT,
    account: str = "",
    invoice_id: str = "INV-100",
) -> XeroPayment:
    """Return a Xero payment that was changed `minute` minutes past noon on 20 November."""
    return XeroPayment(
        payment_id=XeroPaymentId(payment_id),
        invoice_id=XeroInvoiceId(invoice_id),
        invoice_number="CM-100",
        paid_on=paid_on,
        amount=Money.of(amount, currency),
        updated_at=datetime(2026, 11, 20, 12, 0, tzinfo=UTC) + timedelta(minutes=minute),
        status=PaymentStatus.DELETED if deleted else PaymentStatus.AUTHORISED,
        reference=reference,
        payment_type=payment_type,
        account_name=account,
    )


def case(
    key: int | str = 1,
    amount: str = "400",
    paid_on: date = NOV_1,
    *,
    names: str = "",
    notes: str = "",
    journalled: bool = False,
    group: bool = False,
    reference: str = "",
) -> CasePayment:
    """Return a case payment; `names` is the Xero payment that its Notes name."""
    return CasePayment(
        payment_id=CasePaymentId(key),
        invoice_id=CaseInvoiceId(100),
        paid_on=paid_on,
        amount=aud(amount),
        payment_type="Cheque",
        reference=reference,
        notes=f"Xero payment {names}" if names else notes,
        is_journalled=journalled,
        journal_number="J7" if journalled else "",
        is_multi_invoice=group,
        group="3" if group else "",
    )


def snapshot(  # noqa: PLR0913 (every fact of an invoice in one line)
    xero_payments: Iterable[XeroPayment] = (),
    case_payments: Iterable[CasePayment] = (),
    *,
    invoice_total: str = "1000",
    amount_paid: str | None = None,
    elsewhere: Iterable[XeroPayment] = (),
    unknown: Iterable[str] = (),
    unreadable: Iterable[UnreadableRow] = (),
    links: Iterable[tuple[str, int]] = (),
    declined: Iterable[Fingerprint] = (),
    number: int = 100,
    xero_total: str | None = None,
    adjustments: str = "0",
    refunds: str = "0",
    credited: str = "0",
    bill_to: str = "",
    memory: Iterable[RememberedPair] = (),
    accepted: Iterable[AcceptedSet] = (),
    explained: Iterable[Explanation] = (),
    settlements: Iterable[Settlement] = (),
) -> InvoiceSnapshot:
    """Return CM-100 with a control total that holds, unless `amount_paid` says otherwise."""
    payments, copies = tuple(xero_payments), tuple(case_payments)
    live = (p.amount for p in payments if p.is_live and is_customer_payment(p) and p.amount.currency == AUD)
    return InvoiceSnapshot(
        number=f"CM-{number}",
        as_of=AS_OF,
        xero_invoice_id=XeroInvoiceId(f"INV-{number}"),
        xero_invoice=XeroInvoice(
            invoice_id=XeroInvoiceId(f"INV-{number}"),
            number=f"CM-{number}",
            status="AUTHORISED",
            total=aud(xero_total or invoice_total),
            amount_paid=total(live, AUD) if amount_paid is None else aud(amount_paid),
            amount_credited=aud(credited),
            updated_at=AS_OF,
            settlements=tuple(settlements),
        ),
        case_invoice=CaseInvoice(
            invoice_id=CaseInvoiceId(number),
            number=str(number),
            total=aud(invoice_total),
            adjustments=aud(adjustments),
            refunds=aud(refunds),
            bill_to=bill_to,
        ),
        xero_payments=payments,
        case_payments=copies,
        named_elsewhere={p.payment_id: p for p in elsewhere},
        unknown_ids=frozenset(XeroPaymentId(i.lower()) for i in unknown),
        unreadable=tuple(unreadable),
        decisions=Decisions(
            declined=frozenset(declined),
            memory=(*memory, *_linked(links, copies)),
            accepted=tuple(accepted),
            explained=tuple(explained),
        ),
    )


def _linked(links: Iterable[tuple[str, int]], copies: Sequence[CasePayment]) -> Iterable[RememberedPair]:
    """Return what a person called the same money, by name and key."""
    by_key = {copy.payment_id: copy for copy in copies}
    for name, key in links:
        if CasePaymentId(key) in by_key:
            yield replace(remembered(name, by_key[CasePaymentId(key)]), how=PairedHow.SAID)


def remembered(payment_id: str, copy: CasePayment) -> RememberedPair:
    """Return the memory of a pair that was equal once, with the copy's values."""
    return RememberedPair(
        xero_id=XeroPaymentId(payment_id),
        case_id=copy.payment_id,
        invoice_number="CM-100",
        amount=copy.amount,
        paid_on=copy.paid_on,
        how=PairedHow.EQUAL,
    )


def judged(*firm: InvoiceSnapshot, policy: Policy = POLICY, today: date = TODAY) -> Correlation:
    """Return what is said of the first invoice while the others stand around it."""
    return judge(firm, policy, today).correlations[firm[0].number]


def without_case_invoice(base: InvoiceSnapshot) -> InvoiceSnapshot:
    return replace(base, case_invoice=None)


def without_xero_invoice(base: InvoiceSnapshot) -> InvoiceSnapshot:
    return replace(base, xero_invoice=None)


def unreadable(side: Side, place: str = "row 3", amount: str | None = None) -> UnreadableRow:
    return UnreadableRow(side=side, place=place, problem="the date is missing", amount=aud(amount) if amount else None)


def run(facts: InvoiceSnapshot, policy: Policy = POLICY, today: date = TODAY) -> Correlation:
    return judge([facts], policy, today).correlations[facts.number]


def rows(correlation: Correlation) -> set[str]:
    """Write each row in one line: `matched P1=1 R8`, `unmatched =1 R19`, `skipped P1= FUTURE_DATED R13`."""
    return {_row(placement) for placement in correlation.placements}


def _row(placement: Placement) -> str:
    left = placement.xero.payment_id if placement.xero else ""
    right = str(placement.case.payment_id) if placement.case else ""
    if placement.unreadable is not None:
        right = placement.unreadable.place
    reason = f" {placement.reason.value}" if placement.reason and placement.bucket is Bucket.SKIPPED else ""
    return f"{placement.bucket.value} {left}={right}{reason} {placement.rule}"


def changes(correlation: Correlation) -> set[str]:
    """Write each proposal in one line: `add P1 400.00`, `change P2=1 450.00 twin`, `remove =1 400.00`."""
    return {describe(proposal) for proposal in correlation.proposals}


def describe(proposal: Proposal) -> str:
    """Name the live payment, the copy, the amount and the flags of one proposal."""
    accepted = ",".join(p.payment_id for p in proposal.accepted)
    left = proposal.xero.payment_id if proposal.xero else accepted
    copies = [proposal.case] if proposal.case else proposal.accepted_as
    right = f"={','.join(str(p.payment_id) for p in copies)}" if copies else ""
    flags = " ".join(sorted(flag.value for flag in proposal.flags))
    return f"{proposal.kind.value} {left}{right} {proposal.amount} {flags}".rstrip()


def only(correlation: Correlation) -> Proposal:
    (proposal,) = correlation.proposals
    return proposal


def applied(facts: InvoiceSnapshot, proposals: Iterable[Proposal]) -> InvoiceSnapshot:
    """Write proposals into the case side in memory, as Case Manager would; new keys follow the highest."""
    payments = {p.payment_id: p for p in facts.case_payments}
    invoice = facts.case_invoice
    assert invoice is not None
    sets: list[AcceptedSet] = []
    for number, proposal in enumerate(proposals, start=1000):
        if proposal.kind is ProposalKind.ACCEPT:
            sets.append(accepted_set(proposal))
            continue
        if proposal.kind is ProposalKind.REMOVE:
            assert proposal.case is not None
            del payments[proposal.case.payment_id]
            continue
        values = proposal.after
        assert values is not None
        key = proposal.case.payment_id if proposal.case else CasePaymentId(number)
        base = payments.get(key) or CasePayment(
            payment_id=key, invoice_id=invoice.invoice_id, paid_on=values.paid_on, amount=values.amount
        )
        payments[key] = replace(
            base,
            paid_on=values.paid_on,
            amount=values.amount,
            reference=values.reference,
            notes=values.notes,
            payment_type=values.payment_type,
        )
    decisions = replace(facts.decisions, accepted=(*facts.decisions.accepted, *sets))
    return replace(facts, case_payments=tuple(payments.values()), decisions=decisions)


def accepted_set(proposal: Proposal) -> AcceptedSet:
    """Return what accepting a proposal leaves in the store."""
    return AcceptedSet(
        members=(
            *(Member(amount=p.amount, paid_on=p.paid_on, xero_id=p.payment_id) for p in proposal.accepted),
            *(Member(amount=p.amount, paid_on=p.paid_on, case_id=p.payment_id) for p in proposal.accepted_as),
        )
    )
