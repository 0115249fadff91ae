"""Lay Xero's amounts due beside Case Manager's balances, and name every difference (R24a, the debtors tie-out).

A difference is what Case Manager is above Xero. It is taken apart by what makes it up: the totals, credits and
adjustments, refunds, and each payment by the row in which it stands. What no row and no figure explains is a rest of
its own, so that a row that got lost shows. An invoice on which the parts make up for each other is listed too: money
that stands there twice beside money that is missing would be seen nowhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_parts import DEAD, DebtorReason, DifferenceParts, parts_of
from cmxero_desktop.domain.debtor_refunds import tell_refunds
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, Side

# Xero's debtor list has no draft.
_DRAFTS = frozenset({"DRAFT", "SUBMITTED"})
ALL_OR_NONE = "Agrees in sum, so make all of these entries or none."
_LEFT_OUT = "Case Manager's adjustments and refunds are not in the mapping: its balances leave them out."


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
    def agrees_in_sum(self) -> bool:
        """Whether both sides owe the same, so that what stands here are parts that make up for each other."""
        return not self.difference.minor

    @property
    def entries(self) -> str:
        """The entries that end its difference, as sentences."""
        entries = " ".join(reason.entry for reason in self.reasons)
        return f"{ALL_OR_NONE} {entries}" if self.agrees_in_sum else entries

    @property
    def unexplained(self) -> Money:
        """What no reason names."""
        return total((r.amount for r in self.reasons if r.cause is Cause.NOT_EXPLAINED), self.due_xero.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorLists:
    """Both debtor lists: the invoices that differ, if only in their parts, and the totals over all of them.

    Where `are_adjustments_known` is false, Case Manager's balances leave its adjustments and refunds out.
    """

    lines: tuple[DebtorLine, ...]
    invoices: int
    due_xero: Money
    balance_case_manager: Money
    are_adjustments_known: bool = True

    @property
    def difference(self) -> Money:
        """The difference of the two lists; the lines add up to it."""
        return self.balance_case_manager - self.due_xero

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
        said = (self._compared, self._hidden, "" if self.are_adjustments_known else _LEFT_OUT)
        return " ".join(part for part in said if part)

    @property
    def _hidden(self) -> str:
        """Say how many invoices only look as if they agreed."""
        count = self.agreeing_in_sum
        if not count:
            return ""
        return f"On {count} invoice{'s' if count > 1 else ''} only the sums agree, not the payments behind them."

    @property
    def _compared(self) -> str:
        if len(self.lines) == self.agreeing_in_sum and not self.unexplained.minor:
            return "Both debtor lists agree on every invoice."
        cents, named = self.difference.minor, "all of it named"
        if self.unexplained.minor:
            named = f"{self.unexplained} of it not explained"
        if not cents:
            return f"In sum both lists agree, {named}."
        size = Money.from_minor(abs(cents), self.due_xero.currency)
        return f"Case Manager is {size} {'above' if cents > 0 else 'below'} Xero, {named}."


def compare_debtors(
    judged: Iterable[tuple[InvoiceSnapshot, Correlation]],
    elsewhere: Iterable[tuple[CaseInvoice, Iterable[CasePayment]]],
    policy: Policy,
) -> DebtorLists:
    """Compare both lists over every invoice of either side; `elsewhere` are those that Xero does not have."""
    judged = [(snapshot, correlation) for snapshot, correlation in judged if snapshot.number]
    elsewhere = tuple(elsewhere)
    here = (s.case_invoice for s, _ in judged if s.case_invoice is not None)
    owners = _owners([snapshot for snapshot, _ in judged], policy)
    lines = [
        *(_line(snapshot, correlation, owners, policy) for snapshot, correlation in judged),
        *(_only_here(invoice, tuple(payments), policy) for invoice, payments in elsewhere),
    ]
    differing = [line for line in lines if line.difference.minor or any(reason.hides for reason in line.reasons)]
    return DebtorLists(
        lines=tuple(sorted(differing, key=lambda line: line.invoice_number)),
        invoices=len(lines),
        due_xero=total((line.due_xero for line in lines), policy.currency),
        balance_case_manager=total((line.balance_case_manager for line in lines), policy.currency),
        are_adjustments_known=all(i.are_adjustments_known for i in (*here, *(i for i, _ in elsewhere))),
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


def _line(
    snapshot: InvoiceSnapshot, correlation: Correlation, owners: Mapping[CaseInvoiceId, str], policy: Policy
) -> DebtorLine:
    found = snapshot.case_invoice
    is_owner = found is None or owners[found.invoice_id] == snapshot.number
    invoice, zero, xero = found if is_owner else None, Money.zero(policy.currency), snapshot.xero_invoice
    is_ours = xero is not None and xero.total.currency == policy.currency
    counts = xero is not None and is_ours and xero.status not in DEAD | _DRAFTS
    paid = _paid_here(snapshot, policy) if invoice is not None else zero
    line = DebtorLine(
        invoice_number=snapshot.number,
        status=xero.status if xero is not None else "",
        contact=xero.contact_name if xero is not None else "",
        bill_to=invoice.bill_to if invoice is not None else "",
        due_xero=xero.due if xero is not None and counts else zero,
        balance_case_manager=balance_of(invoice, ()) - paid if invoice is not None else zero,
        total_xero=xero.total if xero is not None and is_ours else zero,
        total_case_manager=invoice.total if invoice is not None else zero,
        credited=xero.amount_credited if xero is not None and is_ours else zero,
        adjustments=invoice.adjustments if invoice is not None else zero,
        refunds=invoice.refunds if invoice is not None else zero,
        paid_xero=xero.amount_paid if xero is not None and is_ours else zero,
        paid_case_manager=paid,
    )
    parts = _parts(line, snapshot, invoice, correlation, policy, is_owner=is_owner)
    return replace(line, reasons=parts.reasons(line.difference))


def _paid_here(snapshot: InvoiceSnapshot, policy: Policy) -> Money:
    """Add up Case Manager's payments; of a row that cannot be read, the amount as far as it could be made out."""
    unread = (row.amount for row in snapshot.unreadable if row.side is Side.CASE_MANAGER and row.amount is not None)
    return total((*(p.amount for p in snapshot.case_payments), *unread), policy.currency)


def _parts(
    line: DebtorLine,
    snapshot: InvoiceSnapshot,
    invoice: CaseInvoice | None,
    correlation: Correlation,
    policy: Policy,
    *,
    is_owner: bool,
) -> DifferenceParts:
    """Take a difference apart, or give it the one cause that it has where the sides cannot be compared part by part."""
    xero, difference = snapshot.xero_invoice, line.difference
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
