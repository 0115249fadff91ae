"""The debtor test: after everything proposed, Case Manager's balance and Xero's amount due must agree (R24a)."""

from collections.abc import Iterable
from dataclasses import dataclass

from cmxero_desktop.domain import wording_balances
from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.correlation.sketches import PlacedRow, Sketch, Sketched
from cmxero_desktop.domain.firm_totals import accepted_gap
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import CaseInvoice, InvoiceSnapshot, XeroInvoice

# Live payments that these leave out are named; what the others leave out is not known to be right.
_NAMED = frozenset({Reason.CURRENCY, Reason.ACCOUNT, Reason.AMOUNT, Reason.NOTES_FULL, Reason.UNREADABLE})


@dataclass(frozen=True, slots=True)
class DebtorTest:
    """Both figures after what is proposed. `gap` is what no reason names, in cents; None where it is unknown."""

    balance: Money | None
    due: Money | None
    gap: int | None
    cause: str

    def holds(self, policy: Policy) -> bool:
        """Whether both debtor lists would agree on this invoice."""
        return self.gap is not None and abs(self.gap) <= tolerance(policy)


def tolerance(policy: Policy) -> int:
    """Return by how many cents totals may differ."""
    return int(policy.total_tolerance * 100)


def debtor_test(
    sketched: Sketched, written: Iterable[Sketch], declined: Iterable[Sketch], policy: Policy
) -> DebtorTest:
    """Compare both sides as they would stand with `written`; `declined` are held or rejected by a person."""
    invoice, xero = sketched.snapshot.case_invoice, sketched.snapshot.xero_invoice
    if invoice is None or xero is None or xero.total.currency != policy.currency or not _is_known(invoice, policy):
        return DebtorTest(None, None, None, "what is owed cannot be compared: a figure of the invoice is not known")
    now = balance_of(invoice, sketched.snapshot.case_payments)
    balance = now - Money.from_minor(sum(s.effect for s in written), policy.currency)
    named = _left_out(sketched, declined) - _other_money(sketched) + accepted_gap(xero, invoice, policy)
    apart = (balance - xero.due).minor - named
    gap = apart - _credited(invoice, xero, sketched, apart, policy)
    return DebtorTest(balance, xero.due, gap, _cause(gap, invoice, xero, sketched, policy))


def _is_known(invoice: CaseInvoice, policy: Policy) -> bool:
    """Say whether its adjustments and refunds are known, or a person accepted that they are not."""
    return invoice.are_adjustments_known or (policy.accepted_totals is not None and policy.accepted_totals.has_unknown)


def _credited(invoice: CaseInvoice, xero: XeroInvoice, sketched: Sketched, apart: int, policy: Policy) -> int:
    """S: what Xero credited and no adjustment mirrors.

    One that raises what is owed mirrors none; as it may be the sum of several, both sides must be `apart` by just that.
    """
    if invoice.adjustments.minor < 0:
        return 0
    allocated = sum(e.amount.minor for e in sketched.explained if e.what is Explained.ALLOCATION)
    credited = max(0, xero.amount_credited.minor - allocated)
    is_named = not invoice.adjustments.minor or abs(apart - credited) <= tolerance(policy)
    return credited if is_named else 0


def _left_out(sketched: Sketched, declined: Iterable[Sketch]) -> int:
    """F and N: live Xero payments that are dated ahead, left out by a named skip, hidden, or declined by a person."""
    skipped = [r for r in sketched.rows if r.reason in _NAMED or r.reason is Reason.FUTURE_DATED]
    total = sum(_only_in_xero(row) for row in (*skipped, *sketched.hidden))
    return total + sum(s.effect for s in declined if s.kind is ProposalKind.ADD)


def _only_in_xero(row: PlacedRow) -> int:
    """Return what a row adds to Xero's side alone; the copy of a hidden change stands in Case Manager already."""
    is_live = row.xero is not None and row.xero.is_live
    counts = is_live or row.sketch.startswith(ProposalKind.CHANGE.value)
    xero = row.xero.amount.minor if row.xero is not None and is_live else 0
    return xero - (row.case.amount.minor if row.case is not None and counts else 0)


def _other_money(sketched: Sketched) -> int:
    """L: what a person explained as other money."""
    return sum(e.amount.minor for e in sketched.explained if e.what is Explained.OTHER)


def _refund(invoice: CaseInvoice, snapshot: InvoiceSnapshot) -> str:
    """Name Case Manager's refund, and say whether Xero gave that money back too (R2)."""
    given = sum(refund.amount.minor for refund in snapshot.refunded)
    is_same = bool(given) and given == invoice.refunds.minor
    return (
        wording_balances.refund_on_both(snapshot.refunded)
        if is_same
        else wording_balances.refund_only_here(invoice.refunds)
    )


def _cause(gap: int, invoice: CaseInvoice, xero: XeroInvoice, sketched: Sketched, policy: Policy) -> str:
    """Name the likeliest cause of a gap."""
    own = tolerance(policy)
    totals = (invoice.total - xero.total).minor
    leftovers = sum(m.payment.amount.minor for m in sketched.leftovers)
    candidates = (
        (totals, wording_balances.totals_differ(invoice.total, xero.total)),
        (invoice.refunds.minor, _refund(invoice, sketched.snapshot)),
        (invoice.adjustments.minor, wording_balances.adjustment_only_here(invoice.adjustments)),
        (-leftovers, wording_balances.unmatched_here(Money.from_minor(leftovers, policy.currency))),
        # Without any adjustment a credit is named already.
        (
            xero.amount_credited.minor if invoice.adjustments.minor else 0,
            wording_balances.credit_only_there(xero.amount_credited),
        ),
    )
    present = [(figure, words) for figure, words in candidates if abs(figure) > own]
    exact = next((words for figure, words in present if abs(figure - gap) <= own), None)
    return exact or (present[0][1] if present else "no single figure explains it")
