"""Judge what an invoice can take: debtor test, locked counterparts, overpayment, what depends on what (R17, R24)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain import wording_balances, wording_locked
from cmxero_desktop.domain.correlation.balance import balance_of, would_overpay
from cmxero_desktop.domain.correlation.debtors import DebtorTest, debtor_test
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place
from cmxero_desktop.domain.correlation.fixed_steps import correction_of, too_much
from cmxero_desktop.domain.correlation.naming import Named, first_named
from cmxero_desktop.domain.correlation.sketches import Sketch, Sketched
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import BLOCKING_FLAGS, Flag, ProposalKind
from cmxero_desktop.domain.records import CaseInvoice, XeroPayment

_ORDER = {
    ProposalKind.ACCEPT: 0,
    ProposalKind.LINK: 0,
    ProposalKind.REMOVE: 1,
    ProposalKind.CHANGE: 2,
    ProposalKind.ADD: 3,
}
# So many rows that make room are named to each row that needs it; before a write the sums are tested again (R24b).
_MOST_ROOM = 200


@dataclass(frozen=True, slots=True)
class Balanced:
    """What an invoice's sums say of each sketch, in the order in which they use the balance (R24)."""

    sketch: Sketch
    findings: tuple[Finding, ...]
    before: Money | None
    after: Money | None
    depends_on: tuple[str, ...]


def balanced(board: Board, sketched: Sketched, declined: frozenset[str], policy: Policy) -> tuple[Balanced, ...]:
    """Judge the sketches of one invoice; `declined` are the keys of those that a person held, rejected or undid."""
    invoice = sketched.snapshot.case_invoice
    if invoice is None or not sketched.sketches:
        return ()
    refused = [s for s in sketched.sketches if s.key in declined]
    test = debtor_test(sketched, [s for s in sketched.sketches if s.key not in declined], refused, policy)
    lost = first_named(sketched.lost)
    words = _counterparts(sketched, lost, policy) if lost.payments else ""
    by_sums = {s.key: tuple(_by_sums(s, lost, words, test, invoice, policy)) for s in sketched.sketches}
    blocked = {s.key for s in sketched.sketches if _is_blocked(board, sketched, s, by_sums[s.key])}
    running = balance_of(invoice, sketched.snapshot.case_payments)
    makes_room = tuple(s.key for s in sketched.sketches if s.effect < 0 and s.key not in declined)[:_MOST_ROOM]
    judged: list[Balanced] = []
    for sketch in sorted(sketched.sketches, key=sketch_order):
        effect = Money.from_minor(sketch.effect, policy.currency)
        before, after = running, running - effect
        findings = by_sums[sketch.key]
        is_over = would_overpay(before, effect, policy.total_tolerance)
        if is_over:
            findings = (
                *findings,
                Finding(Flag.WOULD_OVERPAY, wording_balances.would_overpay(before, sketch.amount, test.cause)),
            )
        # The unwritten rows whose money must go first: without them this one would count beside it (R24b).
        depends = makes_room if sketch.is_entry and sketch.effect > 0 and not is_over else ()
        judged.append(Balanced(sketch, findings, before, after, depends))
        if not is_over and sketch.key not in blocked and sketch.key not in declined:
            running = after
    return tuple(judged)


def sketch_order(sketch: Sketch) -> tuple[int, int, date, str]:
    """Order the sketches of one invoice as R24 lets them use its balance."""
    payment = sketch.xero or sketch.case
    paid_on = payment.paid_on if payment is not None else date.min
    key = sketch.xero.payment_id if sketch.xero is not None else sketch.key
    return (_ORDER[sketch.kind], sketch.effect if sketch.kind is ProposalKind.CHANGE else 0, paid_on, key)


def _counterparts(sketched: Sketched, lost: Named, policy: Policy) -> str:
    """Say what is locked, and name the one entry that makes up for all that it counts too much (R17)."""
    rows = {row.case.payment_id: row.xero for row in sketched.rows if row.case is not None and row.xero is not None}
    live = [_if_live(rows.get(copy.payment_id)) for copy in sketched.lost]
    owed = [too_much(copy, xero) for copy, xero in zip(sketched.lost, live, strict=True)]
    correction = correction_of(sketched.lost, total(owed, policy.currency), sketched, policy)
    return wording_locked.counterparts(lost.payments, lost.more, correction, are_gone=not any(live))


def _if_live(xero: XeroPayment | None) -> XeroPayment | None:
    return xero if xero is not None and xero.is_live else None


def _by_sums(
    sketch: Sketch, lost: Named, counterparts: str, test: DebtorTest, invoice: CaseInvoice, policy: Policy
) -> Iterable[Finding]:
    """Test the sums: whether both debtor lists would agree, and whether a locked counterpart is covered (R24a, R17)."""
    holds = test.holds(policy)
    if sketch.is_entry and not holds:
        words = wording_balances.balance_differs(test.balance, test.due, test.cause)
        yield Finding(Flag.BALANCE_DIFFERS, words, figure=test.gap)
    is_covered = holds and bool(invoice.refunds.minor or invoice.adjustments.minor)
    if sketch.is_entry and sketch.effect > 0 and lost.payments and not is_covered:
        yield Finding(Flag.JOURNALLED_COUNTERPART, counterparts, near=lost.payments, whole=lost.whole)


def _is_blocked(board: Board, sketched: Sketched, sketch: Sketch, findings: Iterable[Finding]) -> bool:
    """Say whether the row blocks itself; one half of a move brings the other (R7)."""
    flags = sketch.flags | {f.flag for f in (*board.of(sketched.number, sketch), *findings)}
    if Place(sketched.number, sketch.key) in board.moves:
        flags -= {Flag.NAMED_ELSEWHERE}
    return bool(flags & BLOCKING_FLAGS)
