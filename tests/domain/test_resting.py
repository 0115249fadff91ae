"""What is at rest may be left out of a judgement: proved on thousands of invented invoices, each in a firm.

`benchmarks/bench_resting.py` proves it on as many as one likes.
"""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.correlation.judging_memo import Memo
from cmxero_desktop.domain.records import XeroPayment
from tests.domain.generated_firms import Inventor
from tests.domain.support import POLICY, TODAY, case, snapshot, xero
from tests.support.at_rest import compare

_FIRMS, _INVOICES = 700, 10


def test_leaving_out_what_is_at_rest_changes_nothing_in_a_few_firms() -> None:
    for seed in range(60):
        firm = Inventor(seed, _INVOICES).firm()
        assert not compare(firm.snapshots, firm.policy, TODAY, strays=firm.strays, limits=firm.limits).differing


@pytest.mark.untraced
def test_leaving_out_what_is_at_rest_changes_nothing() -> None:
    at_rest = woken = 0
    for seed in range(_FIRMS):
        firm = Inventor(seed, _INVOICES).firm()
        found = compare(firm.snapshots, firm.policy, TODAY, strays=firm.strays, limits=firm.limits)
        assert not found.differing, (seed, found.differing)
        at_rest, woken = at_rest + found.at_rest, woken + found.woken
    # Enough of each kind, or the proof would be of nothing.
    assert at_rest > 1_600
    assert woken > 160


def test_a_judgement_with_a_memo_says_what_one_without_says() -> None:
    for seed in range(150):
        first, second = Inventor(seed, 8).firm(), Inventor(seed + 1_000, 8).firm()
        memo = Memo()
        policy = first.policy
        judge(first.snapshots, policy, TODAY, strays=first.strays, limits=first.limits, memo=memo)
        # Half of the firm is as it was, and the other half is another one's.
        mixed = (*first.snapshots[:4], *second.snapshots[4:])
        again = judge(mixed, policy, TODAY, strays=second.strays, limits=second.limits, memo=memo)
        assert again == judge(mixed, policy, TODAY, strays=second.strays, limits=second.limits), seed


def test_another_policy_or_day_makes_a_memo_forget() -> None:
    firm = Inventor(7, 8).firm()
    memo = Memo()
    judge(firm.snapshots, POLICY, TODAY, memo=memo)
    before = dict(memo.first)
    judge(firm.snapshots, POLICY, TODAY, memo=memo)
    assert all(memo.first[number] is first for number, first in before.items())
    judge(firm.snapshots, firm.policy, TODAY.replace(year=2027), memo=memo)
    assert all(memo.first[number] is not first for number, first in before.items())


def test_a_memo_keeps_nothing_of_what_left_the_board() -> None:
    memo = Memo()
    one, other = snapshot([xero()], [case()]), snapshot(number=200)
    judge([one, other], POLICY, TODAY, memo=memo)
    judge([other], POLICY, TODAY, memo=memo)
    assert set(memo.first) == {"CM-200"}


def test_what_is_at_rest_says_which_batch_replaced_which() -> None:
    """Two invoices that lost a payment of one batch and got one of another tell it; one of them is at rest (R16b)."""

    def of(batch: str, payment: XeroPayment) -> XeroPayment:
        return replace(payment, batch_payment_id=batch)

    month = 60 * 24 * 30
    left = snapshot([of("B1", xero("P1", "250", deleted=True))], [case(1, "250", names="P1")])
    old, new = of("B1", xero("Q1", "300", deleted=True)), of("B2", xero("Q2", "310", minute=month))
    raised = snapshot([old, new], [case(2, "300", names="Q1")], number=101)
    there = [of("B1", xero("Q5", "40", deleted=True)), of("B2", xero("Q6", "40", minute=month))]
    quiet = snapshot(there, [case(3, "40", names="Q6")], number=102)
    found = compare((left, raised, quiet), POLICY, TODAY, strays=(), limits=None)
    assert (found.differing, found.at_rest, found.woken) == ((), 1, 1)
