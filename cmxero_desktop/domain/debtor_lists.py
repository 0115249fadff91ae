"""Lay Xero's amounts due beside Case Manager's balances, and name every difference (R24a, the debtors tie-out).

A difference is what Case Manager is above Xero. It is taken apart by what makes it up: the totals, credits and
adjustments, refunds, and each payment by the row in which it stands. What no row and no figure explains is a rest of
its own, so that a row that got lost shows. An invoice on which the parts make up for each other is listed too: money
that stands there twice beside money that is missing would be seen nowhere else. An invoice with a row that cannot be
read is listed as unknown, and counts in no sum.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.debtor_bridge import BridgeStep, beside_payments, bridge, bridge_words
from cmxero_desktop.domain.debtor_causes import CAUSE_WORDS, Cause
from cmxero_desktop.domain.debtor_parts import DEAD, DebtorReason, DifferenceParts, parts_of
from cmxero_desktop.domain.debtor_refunds import tell_refunds
from cmxero_desktop.domain.debtor_unknown import unknown_reasons
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, Side, UnreadableRow

# Xero's debtor list has no draft.
_DRAFTS = frozenset({"DRAFT", "SUBMITTED"})
ALL_OR_NONE = "Agrees in sum, so make all of these entries or none."
_LEFT_OUT = "Case Manager's adjustments and refunds are not in the mapping: its balances leave them out."


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorLine:
    """One invoice on both debtor lists; figures of a side that does not have it are zero.

    What is owed is None on the side of which a row could not be read.
    """

    invoice_number: str
    status: str
    contact: str
    bill_to: str
    due_xero: Money | None
    balance_case_manager: Money | None
    total_xero: Money
    total_case_manager: Money
    credited: Money
    adjustments: Money
    refunds: Money
    paid_xero: Money
    paid_case_manager: Money
    reasons: tuple[DebtorReason, ...] = ()

    @property
    def difference(self) -> Money | None:
        """What Case Manager is above Xero; None where that is unknown."""
        if self.balance_case_manager is None or self.due_xero is None:
            return None
        return self.balance_case_manager - self.due_xero

    @property
    def agrees_in_sum(self) -> bool:
        """Whether both sides owe the same, so that what stands here are parts that make up for each other."""
        return self.difference is not None and not self.difference.minor

    @property
    def is_all_or_none(self) -> bool:
        """Whether only all of its entries together leave it as balanced as it is."""
        return self.agrees_in_sum and len(self.reasons) > 1

    @property
    def is_unknown(self) -> bool:
        """Whether it cannot be said what is owed on either side."""
        return self.difference is None

    @property
    def size(self) -> int:
        """How large the difference is, in cents; what is unknown has none."""
        return abs(self.difference.minor) if self.difference is not None else 0

    @property
    def beside(self) -> Mapping[BridgeStep, int]:
        """What makes it up beside the payments, in cents; it is asked of what can be compared."""
        zero = Money.zero(self.total_xero.currency)
        return beside_payments(
            owed=(self.due_xero or zero, self.balance_case_manager or zero),
            totals=(self.total_xero, self.total_case_manager),
            paid=(self.paid_xero, self.paid_case_manager),
            credited=self.credited,
            adjustments=self.adjustments,
            refunds=self.refunds,
        )

    @property
    def entries(self) -> str:
        """The entries that end its difference, as sentences."""
        entries = " ".join(reason.entry for reason in self.reasons)
        return f"{ALL_OR_NONE} {entries}" if self.is_all_or_none else entries

    @property
    def unexplained(self) -> Money:
        """What no reason names."""
        rests = (r.amount for r in self.reasons if r.cause is Cause.NOT_EXPLAINED and r.amount is not None)
        return total(rests, self.total_xero.currency)


@dataclass(frozen=True, slots=True)
class CauseTotal:
    """One cause over all invoices: on how many it stands, and what it makes up; None where that is unknown."""

    cause: Cause
    invoices: int
    amount: Money | None
    counts_twice: bool

    @property
    def step(self) -> str:
        """What to do about all of them."""
        return CAUSE_WORDS[self.cause].step


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorLists:
    """Both debtor lists: the invoices that differ, if only in their parts, and the totals over all of them.

    The totals leave out what is unknown, on both sides; `xero_as_of` is when Xero was last checked.
    `paid_apart` is what Xero has more of payments on all compared invoices, `beside` what else makes up the difference;
    `less_paid` is by how much the statement of the payments differs at the same moment, None where nobody made one.
    Where `are_adjustments_known` is false, Case Manager's balances leave its adjustments and refunds out.
    """

    lines: tuple[DebtorLine, ...]
    invoices: int
    due_xero: Money
    balance_case_manager: Money
    paid_apart: Money
    beside: Mapping[BridgeStep, Money]
    less_paid: Money | None = None
    are_adjustments_known: bool = True
    xero_as_of: datetime | None = None

    @property
    def difference(self) -> Money:
        """The difference of the two lists; the lines add up to it."""
        return self.balance_case_manager - self.due_xero

    @property
    def steps(self) -> tuple[tuple[str, Money], ...]:
        """What leads from the difference of the payments to the one of these lists; the steps add up to the latter."""
        return bridge(self.less_paid, self.paid_apart, self.beside) if self.less_paid is not None else ()

    @property
    def bridge_line(self) -> str:
        """Why these lists differ by another sum than the payments, in one line."""
        return bridge_words(self.less_paid, self.difference, self.steps) if self.less_paid is not None else ""

    @property
    def causes(self) -> tuple[CauseTotal, ...]:
        """The causes, the unknown first, then what may count twice, then the largest; they add up to the difference."""
        found: dict[Cause, list[DebtorReason]] = defaultdict(list)
        for reason in (reason for line in self.lines for reason in line.reasons):
            found[reason.cause].append(reason)
        totals = [self._total_of(cause, reasons) for cause, reasons in found.items()]
        return tuple(sorted(totals, key=_urgency))

    def _total_of(self, cause: Cause, reasons: Sequence[DebtorReason]) -> CauseTotal:
        amounts = [reason.amount for reason in reasons if reason.amount is not None]
        return CauseTotal(
            cause=cause,
            invoices=len(reasons),
            amount=total(amounts, self.due_xero.currency) if amounts else None,
            counts_twice=any(reason.counts_twice for reason in reasons),
        )

    def with_cause(self, cause: Cause) -> tuple[DebtorLine, ...]:
        """Return the lines that have a cause."""
        return tuple(line for line in self.lines if any(reason.cause is cause for reason in line.reasons))

    @property
    def unknown(self) -> tuple[DebtorLine, ...]:
        """The lines on which a figure is unknown."""
        return tuple(line for line in self.lines if line.is_unknown)

    @property
    def differing(self) -> int:
        """How many of the lines have a difference."""
        return sum(bool(line.size) for line in self.lines)

    @property
    def agreeing_in_sum(self) -> int:
        """How many of the lines agree in sum."""
        return sum(line.agrees_in_sum for line in self.lines)

    @property
    def unexplained(self) -> Money:
        """What nothing explains, over all invoices: anything but zero is an alarm."""
        rests = sum(abs(line.unexplained.minor) for line in self.lines)
        return Money.from_minor(rests, self.due_xero.currency)

    @property
    def sentence(self) -> str:
        """What a person wants to know, in words, and what makes it less than sure."""
        said = (self._compared, self._hidden, self._not_known, "" if self.are_adjustments_known else _LEFT_OUT)
        return " ".join(part for part in said if part)

    @property
    def _hidden(self) -> str:
        """Say how many invoices only look as if they agreed."""
        count = self.agreeing_in_sum
        if not count:
            return ""
        return f"On {count} invoice{'s' if count > 1 else ''} only the sums agree, not the payments behind them."

    @property
    def _not_known(self) -> str:
        """Say how many invoices cannot be compared."""
        count = len(self.unknown)
        if not count:
            return ""
        are, they = ("s are", "them") if count > 1 else (" is", "it")
        return f"{count} invoice{are} unknown, because a row of {they} could not be read, and in no sum."

    @property
    def _compared(self) -> str:
        if not self.differing and not self.unexplained.minor:
            which = "every invoice that can be compared" if self.unknown else "every invoice"
            return f"Both debtor lists agree on {which}."
        cents, named = self.difference.minor, "all of it named"
        if self.unexplained.minor:
            named = f"{self.unexplained} of it not explained"
        if not cents:
            return f"In sum both lists agree, {named}."
        size = Money.from_minor(abs(cents), self.due_xero.currency)
        return f"Case Manager is {size} {'above' if cents > 0 else 'below'} Xero, {named}."


def _urgency(one: CauseTotal) -> tuple[bool, bool, int, Cause]:
    return (one.amount is not None, not one.counts_twice, -abs(one.amount.minor) if one.amount else 0, one.cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclaimed:
    """An invoice of Case Manager that no invoice of Xero claims, with its payments."""

    invoice: CaseInvoice
    payments: tuple[CasePayment, ...] = ()
    unreadable: tuple[UnreadableRow, ...] = ()


def compare_debtors(
    judged: Iterable[tuple[InvoiceSnapshot, Correlation]], unclaimed: Iterable[Unclaimed], policy: Policy
) -> DebtorLists:
    """Compare both lists over every invoice of either side; `unclaimed` are those that Xero does not have."""
    judged, unclaimed = tuple(judged), tuple(unclaimed)
    known = [(snapshot, correlation) for snapshot, correlation in judged if snapshot.number]
    loose = [row for snapshot, _ in judged if not snapshot.number for row in snapshot.unreadable if row.is_invoice]
    owners = _owners([snapshot for snapshot, _ in known], policy)
    lines = [
        *(_line(snapshot, correlation, owners, policy) for snapshot, correlation in known),
        *_only_on_one_side(loose, unclaimed, policy),
    ]
    compared = [line for line in lines if not line.is_unknown]
    listed = [line for line in lines if line.size or any(reason.hides for reason in line.reasons)]
    beside: Counter[BridgeStep] = Counter()
    for line in compared:
        beside.update(line.beside)
    invoices = (*(s.case_invoice for s, _ in known if s.case_invoice is not None), *(u.invoice for u in unclaimed))
    return DebtorLists(
        lines=tuple(sorted(listed, key=lambda line: line.invoice_number)),
        invoices=len(lines),
        due_xero=total((line.due_xero for line in compared if line.due_xero), policy.currency),
        balance_case_manager=total(
            (line.balance_case_manager for line in compared if line.balance_case_manager), policy.currency
        ),
        paid_apart=total((line.paid_xero - line.paid_case_manager for line in compared), policy.currency),
        beside={what: Money.from_minor(beside[what], policy.currency) for what in BridgeStep if beside[what]},
        are_adjustments_known=all(invoice.are_adjustments_known for invoice in invoices),
    )


def _owners(snapshots: Sequence[InvoiceSnapshot], policy: Policy) -> Mapping[CaseInvoiceId, str]:
    """Return under which number each invoice of Case Manager is counted: once, however many of Xero's claim it (R1).

    That is the living one which bears its number today, else the first by number.
    """
    owners: dict[CaseInvoiceId, str] = {}
    for snapshot in sorted(snapshots, key=lambda s: (not _bears_number(s, policy), s.number)):
        if snapshot.case_invoice is not None:
            owners.setdefault(snapshot.case_invoice.invoice_id, snapshot.number)
    return owners


def _bears_number(snapshot: InvoiceSnapshot, policy: Policy) -> bool:
    invoice, xero = snapshot.case_invoice, snapshot.xero_invoice
    is_alive = xero is not None and xero.status not in DEAD
    number = xero.number if xero is not None and is_alive else ""
    return invoice is not None and number == f"{policy.invoice_prefix}{invoice.number}"


def _only_on_one_side(
    loose: Iterable[UnreadableRow], unclaimed: Iterable[Unclaimed], policy: Policy
) -> Iterator[DebtorLine]:
    """Return the invoices of one side, and those of Xero's rows that nobody could read.

    Such a row may name an invoice of Case Manager's: then that one is not "not in Xero".
    """
    rows: dict[str, list[UnreadableRow]] = defaultdict(list)
    for row in loose:
        rows[row.invoice_number].append(row)
    for one in unclaimed:
        yield _only_here(one, rows.pop(f"{policy.invoice_prefix}{one.invoice.number}", ()), policy)
    blank = _blank(policy)
    for number, some in rows.items():
        reasons = unknown_reasons(some, None)
        yield replace(blank, invoice_number=number or "no number", due_xero=None, reasons=reasons)


def _blank(policy: Policy) -> DebtorLine:
    zero = Money.zero(policy.currency)
    return DebtorLine(
        invoice_number="",
        status="",
        contact="",
        bill_to="",
        due_xero=zero,
        balance_case_manager=zero,
        total_xero=zero,
        total_case_manager=zero,
        credited=zero,
        adjustments=zero,
        refunds=zero,
        paid_xero=zero,
        paid_case_manager=zero,
    )


def _only_here(one: Unclaimed, of_xero: Iterable[UnreadableRow], policy: Policy) -> DebtorLine:
    invoice, unread = one.invoice, unknown_reasons((*of_xero, *one.unreadable), None)
    paid = _paid(one.payments, one.unreadable, policy)
    line = replace(
        _blank(policy),
        invoice_number=f"{policy.invoice_prefix}{invoice.number}",
        bill_to=invoice.bill_to,
        balance_case_manager=balance_of(invoice, ()) - paid,
        total_case_manager=invoice.total,
        adjustments=invoice.adjustments,
        refunds=invoice.refunds,
        paid_case_manager=paid,
    )
    if unread:
        return _as_unknown(line, unread)
    return replace(line, reasons=(DebtorReason(Cause.ONLY_CASE_MANAGER, line.difference),))


def _as_unknown(line: DebtorLine, reasons: tuple[DebtorReason, ...]) -> DebtorLine:
    """Take back what cannot be said of an invoice."""
    causes = {reason.cause for reason in reasons}
    return replace(
        line,
        due_xero=None if Cause.DUE_UNKNOWN in causes else line.due_xero,
        balance_case_manager=None if Cause.BALANCE_UNKNOWN in causes else line.balance_case_manager,
        reasons=reasons,
    )


def _line(
    snapshot: InvoiceSnapshot, correlation: Correlation, owners: Mapping[CaseInvoiceId, str], policy: Policy
) -> DebtorLine:
    found = snapshot.case_invoice
    is_owner = found is None or owners[found.invoice_id] == snapshot.number
    invoice, zero, xero = found if is_owner else None, Money.zero(policy.currency), snapshot.xero_invoice
    is_ours = xero is not None and xero.total.currency == policy.currency
    counts = xero is not None and is_ours and xero.status not in DEAD | _DRAFTS
    paid = _paid(snapshot.case_payments, snapshot.unreadable, policy) if invoice is not None else zero
    due = xero.due if xero is not None and counts else zero
    balance = balance_of(invoice, ()) - paid if invoice is not None else zero
    line = DebtorLine(
        invoice_number=snapshot.number,
        status=xero.status if xero is not None else "",
        contact=xero.contact_name if xero is not None else "",
        bill_to=invoice.bill_to if invoice is not None else "",
        due_xero=due,
        balance_case_manager=balance,
        total_xero=xero.total if xero is not None and is_ours else zero,
        total_case_manager=invoice.total if invoice is not None else zero,
        credited=xero.amount_credited if xero is not None and is_ours else zero,
        adjustments=invoice.adjustments if invoice is not None else zero,
        refunds=invoice.refunds if invoice is not None else zero,
        paid_xero=xero.amount_paid if xero is not None and is_ours else zero,
        paid_case_manager=paid,
    )
    # Where another invoice of Xero's owns it, Case Manager's rows are that one's.
    unread = [row for row in snapshot.unreadable if is_owner or row.side is Side.XERO]
    if reasons := unknown_reasons(unread, xero):
        return _as_unknown(line, reasons)
    parts = _parts(balance - due, snapshot, invoice, correlation, policy, is_owner=is_owner)
    return replace(line, reasons=parts.reasons(balance - due))


def _paid(payments: Iterable[CasePayment], unreadable: Iterable[UnreadableRow], policy: Policy) -> Money:
    """Add up Case Manager's payments; of a row that cannot be read, the amount as far as it could be made out."""
    unread = (row.amount for row in unreadable if row.side is Side.CASE_MANAGER and row.amount is not None)
    return total((*(p.amount for p in payments), *unread), policy.currency)


def _parts(
    difference: Money,
    snapshot: InvoiceSnapshot,
    invoice: CaseInvoice | None,
    correlation: Correlation,
    policy: Policy,
    *,
    is_owner: bool,
) -> DifferenceParts:
    """Take a difference apart, or give it the one cause that it has where the sides cannot be compared part by part."""
    xero = snapshot.xero_invoice
    if xero is None:
        return DifferenceParts.whole(Cause.NOT_KNOWN, difference)
    if xero.total.currency != policy.currency:
        return DifferenceParts.whole(Cause.FOREIGN, difference)
    if invoice is None:
        return DifferenceParts.whole(Cause.ONLY_XERO if is_owner else Cause.SHARED, difference)
    if xero.status in _DRAFTS:
        return DifferenceParts.whole(Cause.NOT_APPROVED, difference)
    parts = parts_of(snapshot, invoice, xero, correlation, policy)
    tell_refunds(parts, snapshot, difference)
    return parts
