"""Lay Xero's amounts due beside Case Manager's balances, and name every difference (R24a, the debtors tie-out).

A difference is what Case Manager is above Xero. It is taken apart by what makes it up: the totals, credits and
adjustments, refunds, and each payment by the row in which it stands. What no row and no figure explains is a rest of
its own, so that a row that got lost shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.debtor_causes import CAUSE_WORDS, Cause
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, XeroInvoice
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import is_customer_payment

_DEAD = frozenset({"VOIDED", "DELETED"})
_BY_REASON = {
    Reason.FUTURE_DATED: Cause.DATED_AHEAD,
    Reason.JOURNALLED: Cause.LOCKED,
    Reason.MULTI_INVOICE: Cause.MULTI_INVOICE,
}
_BY_KIND = {
    ProposalKind.ADD: Cause.TO_ADD,
    ProposalKind.CHANGE: Cause.TO_CHANGE,
    ProposalKind.REMOVE: Cause.TO_REMOVE,
    ProposalKind.ACCEPT: Cause.ACCEPTED,
    # A link changes no amount; the pair was matched because both are equal.
    ProposalKind.LINK: Cause.ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class DebtorReason:
    """A part of a difference: what Case Manager is above Xero because of it."""

    cause: Cause
    amount: Money

    @property
    def counts_twice(self) -> bool:
        """Whether Case Manager may count money that is not there, or counts it twice."""
        lowers = self.cause is Cause.TO_CHANGE and self.amount.minor < 0
        return lowers or CAUSE_WORDS[self.cause].counts_twice


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorLine:
    """One invoice on both debtor lists; figures of a side that does not have it are zero."""

    invoice_number: str
    status: str
    contact: str
    bill_to: str
    due_xero: Money
    balance_case_manager: Money
    total_xero: Money
    total_case_manager: Money
    credited: Money
    adjustments: Money
    refunds: Money
    paid_xero: Money
    paid_case_manager: Money
    reasons: tuple[DebtorReason, ...] = ()

    @property
    def difference(self) -> Money:
        """What Case Manager is above Xero."""
        return self.balance_case_manager - self.due_xero

    @property
    def unexplained(self) -> Money:
        """What no reason names."""
        return total((r.amount for r in self.reasons if r.cause is Cause.NOT_EXPLAINED), self.due_xero.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorLists:
    """Both debtor lists: the invoices that differ, and the totals over all of them."""

    lines: tuple[DebtorLine, ...]
    invoices: int
    due_xero: Money
    balance_case_manager: Money

    @property
    def difference(self) -> Money:
        """The difference of the two lists; the lines add up to it."""
        return self.balance_case_manager - self.due_xero

    @property
    def unexplained(self) -> Money:
        """What nothing explains, over all invoices: anything but zero is an alarm."""
        rests = sum(abs(line.unexplained.minor) for line in self.lines)
        return Money.from_minor(rests, self.due_xero.currency)


def compare_debtors(
    judged: Iterable[tuple[InvoiceSnapshot, Correlation]],
    elsewhere: Iterable[tuple[CaseInvoice, Iterable[CasePayment]]],
    policy: Policy,
) -> DebtorLists:
    """Compare both lists over every invoice of either side; `elsewhere` are those that Xero does not have."""
    lines = [
        *(_line(snapshot, correlation, policy) for snapshot, correlation in judged if snapshot.number),
        *(_only_here(invoice, tuple(payments), policy) for invoice, payments in elsewhere),
    ]
    differing = [line for line in lines if line.difference.minor]
    return DebtorLists(
        lines=tuple(sorted(differing, key=lambda line: line.invoice_number)),
        invoices=len(lines),
        due_xero=total((line.due_xero for line in lines), policy.currency),
        balance_case_manager=total((line.balance_case_manager for line in lines), policy.currency),
    )


def _only_here(invoice: CaseInvoice, payments: tuple[CasePayment, ...], policy: Policy) -> DebtorLine:
    balance, zero = balance_of(invoice, payments), Money.zero(policy.currency)
    return DebtorLine(
        invoice_number=f"{policy.invoice_prefix}{invoice.number}",
        status="",
        contact="",
        bill_to=invoice.bill_to,
        due_xero=zero,
        balance_case_manager=balance,
        total_xero=zero,
        total_case_manager=invoice.total,
        credited=zero,
        adjustments=invoice.adjustments,
        refunds=invoice.refunds,
        paid_xero=zero,
        paid_case_manager=total((p.amount for p in payments), policy.currency),
        reasons=(DebtorReason(Cause.ONLY_CASE_MANAGER, balance),),
    )


def _line(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> DebtorLine:
    invoice, zero = snapshot.case_invoice, Money.zero(policy.currency)
    xero = snapshot.xero_invoice
    is_ours = xero is not None and xero.total.currency == policy.currency
    counts = xero is not None and is_ours and xero.status not in _DEAD
    balance = balance_of(invoice, snapshot.case_payments) if invoice is not None else zero
    line = DebtorLine(
        invoice_number=snapshot.number,
        status=xero.status if xero is not None else "",
        contact=xero.contact_name if xero is not None else "",
        bill_to=invoice.bill_to if invoice is not None else "",
        due_xero=xero.due if xero is not None and counts else zero,
        balance_case_manager=balance,
        total_xero=xero.total if xero is not None and is_ours else zero,
        total_case_manager=invoice.total if invoice is not None else zero,
        credited=xero.amount_credited if xero is not None and is_ours else zero,
        adjustments=invoice.adjustments if invoice is not None else zero,
        refunds=invoice.refunds if invoice is not None else zero,
        paid_xero=xero.amount_paid if xero is not None and is_ours else zero,
        paid_case_manager=total((p.amount for p in snapshot.case_payments), policy.currency),
    )
    whole = _whole(xero, invoice, policy)
    if whole is not None:
        parts: Mapping[Cause, int] = {whole: line.difference.minor}
    else:
        parts = _parts(line, snapshot, correlation, policy)
    return _with_reasons(line, parts, policy)


def _whole(xero: XeroInvoice | None, invoice: CaseInvoice | None, policy: Policy) -> Cause | None:
    """Return the one cause of the whole difference, where the two sides cannot be compared part by part."""
    if xero is None:
        return Cause.NOT_KNOWN
    if xero.total.currency != policy.currency:
        return Cause.FOREIGN
    if xero.status in _DEAD:
        return Cause.VOIDED
    return Cause.ONLY_XERO if invoice is None else None


def _parts(
    line: DebtorLine, snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy
) -> Mapping[Cause, int]:
    """Take the difference apart, in cents; the parts add up to it, but for what got lost on the way."""
    parts: dict[Cause, int] = defaultdict(int)
    tolerance = int(policy.total_tolerance * 100)
    totals = (line.total_case_manager - line.total_xero).minor
    parts[Cause.ROUNDING if abs(totals) <= tolerance else Cause.TOTALS] += totals
    parts[_credit(line)] += line.adjustments.minor + line.credited.minor
    parts[Cause.REFUND] += line.refunds.minor
    live = sum(
        p.amount.minor
        for p in snapshot.xero_payments
        if p.is_live and is_customer_payment(p) and p.amount.currency == policy.currency
    )
    stated = (line.total_xero - line.paid_xero - line.credited - line.due_xero).minor
    parts[Cause.NOT_ADDED_UP] += line.paid_xero.minor - live + stated
    for cause, amount in _by_payments(snapshot, correlation, policy):
        parts[cause] += amount
    rest = line.difference.minor - sum(parts.values())
    parts[Cause.NOT_EXPLAINED] += rest
    return parts


def _credit(line: DebtorLine) -> Cause:
    """Say on which side what lowers the invoice is missing."""
    return Cause.CREDIT if line.adjustments.minor + line.credited.minor > 0 else Cause.ADJUSTMENT


def _by_payments(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> Iterator[tuple[Cause, int]]:
    """Return what each payment adds to the difference: Xero's raise it, Case Manager's lower it."""
    kinds = {p.fingerprint: p.kind for p in correlation.proposals}
    said_no = snapshot.decisions.declined
    declined = {p.fingerprint for p in correlation.proposals if p.decision in said_no or p.fingerprint in said_no}
    for row in correlation.placements:
        amount = _in_cents(row, policy)
        if amount:
            yield _cause_of(row, kinds, declined), amount
    xero = {p.payment_id: p.amount for p in snapshot.xero_payments}
    case = {p.payment_id: p.amount for p in snapshot.case_payments}
    hidden = sum(xero[i].minor for i in correlation.hidden_xero if xero[i].currency == policy.currency)
    yield Cause.BEFORE_START, hidden - sum(case[i].minor for i in correlation.hidden_case)


def _in_cents(row: Placement, policy: Policy) -> int:
    xero = row.xero.amount if row.xero is not None and row.xero.is_live else None
    ours = xero.minor if xero is not None and xero.currency == policy.currency else 0
    return ours - (row.case.amount.minor if row.case is not None else 0)


def _cause_of(row: Placement, kinds: Mapping[Fingerprint, ProposalKind], declined: set[Fingerprint]) -> Cause:
    if row.bucket is Bucket.MATCHED:
        return Cause.ACCEPTED
    if row.reason is not None:
        return _BY_REASON.get(row.reason, Cause.SKIPPED)
    if row.fingerprint in declined:
        return Cause.DECLINED
    kind = kinds.get(row.fingerprint) if row.fingerprint is not None else None
    if kind is not None:
        return _BY_KIND[kind]
    if row.case is None:
        return Cause.SKIPPED
    return Cause.EXPLAINED if row.rule is Rule.R19A else Cause.LEFTOVER


def _with_reasons(line: DebtorLine, parts: Mapping[Cause, int], policy: Policy) -> DebtorLine:
    reasons = tuple(
        DebtorReason(cause, Money.from_minor(parts[cause], policy.currency)) for cause in Cause if parts.get(cause)
    )
    return replace(line, reasons=reasons)
