"""What a row names of many payments: the nearest and how many more, the same in any order, and stale by any of them."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from cmxero_desktop.domain.cleanup import clean_up
from cmxero_desktop.domain.correlation.naming import Beside, first_named
from cmxero_desktop.domain.correlation.near_doubles import CloseDoubles, is_near_double
from cmxero_desktop.domain.correlation.sketching import sketch
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.proposals import MOST_NAMED, Flag, Proposal, ProposalKind
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from tests.domain.support import AUD, NOV_1, POLICY, TODAY, case, judged, nov, snapshot, xero

MANY = 40


def leftovers(count: int, *, first: int = 50_000) -> list[CasePayment]:
    """Return payments of one cent more each, all of one day."""
    return [replace(case(100 + k), amount=Money.from_minor(first + k, AUD)) for k in range(count)]


def beside_many(count: int = MANY, *, also: CasePayment | None = None) -> InvoiceSnapshot:
    copies = [*leftovers(count), *([also] if also is not None else [])]
    return snapshot([xero("P1", "500.20", nov(9))], copies, invoice_total="90000")


def add_of(found: Correlation) -> Proposal:
    (add,) = (p for p in found.proposals if p.kind is ProposalKind.ADD)
    return add


def test_r23a_of_many_leftovers_a_row_names_the_nearest_and_how_many_more_there_are() -> None:
    add = add_of(judged(beside_many()))
    assert [p.amount.minor for p in add.beside] == list(range(50_015, 50_027))
    assert f"500.26 on 1 Nov 2026 and {MANY - MOST_NAMED} more on this invoice" in add.explanation
    assert len(add.rests_on) == 1


def test_r23a_few_are_all_named_and_nothing_else_is_hashed() -> None:
    add = add_of(judged(beside_many(MOST_NAMED)))
    assert len(add.beside) == MOST_NAMED
    assert "more" not in add.explanation
    assert add.rests_on == ()


@pytest.mark.parametrize("count", [MOST_NAMED, MOST_NAMED + 1, MANY])
def test_r23a_a_leftover_that_is_not_named_makes_an_approval_stale_too(count: int) -> None:
    """Whoever types money far from the row between approval and write has changed what it rests on."""
    far = case(900, "9999", NOV_1 - timedelta(days=300))
    before, after = add_of(judged(beside_many(count))), add_of(judged(beside_many(count, also=far)))
    moved = add_of(judged(beside_many(count, also=replace(far, paid_on=far.paid_on + timedelta(days=1)))))
    assert len({before.fingerprint, after.fingerprint, moved.fingerprint}) == 3
    assert len({before.decision, after.decision, moved.decision}) == 3


def test_r11_the_order_of_facts_changes_nothing_of_what_is_named() -> None:
    firm = beside_many()
    shuffled = list(firm.case_payments)
    Random(4).shuffle(shuffled)
    assert judged(replace(firm, case_payments=tuple(shuffled))) == judged(firm)


def test_r23a_a_rows_own_copy_does_not_stand_beside_it() -> None:
    gone, new = xero("P1", "500.20", deleted=True), xero("P2", "500.21", nov(2), minute=5)
    own = case(1, "500.20", names="P1")
    firm = snapshot([gone, new], [own, *leftovers(MANY)], invoice_total="90000")
    (change,) = (p for p in judged(firm).proposals if p.kind is ProposalKind.CHANGE)
    assert len(change.beside) == MOST_NAMED
    assert own not in change.beside
    assert f"{MANY - MOST_NAMED} more" in change.explanation


def test_r23a_what_stands_beside_is_found_at_both_ends_and_without_a_payment() -> None:
    sketched = sketch(beside_many(), POLICY, TODAY)
    (add,) = sketched.additions
    beside = Beside(sketched)
    for amount, first in (("1", 50_000), ("9000", 50_000 + MANY - MOST_NAMED - 1)):
        named = beside.of(replace(add, xero=xero("P1", amount)))
        assert named.payments[0].amount.minor == first
        assert named.more == MANY - MOST_NAMED
    assert len(beside.of(replace(add, xero=None)).payments) == MOST_NAMED


def test_r17_many_locked_counterparts_are_named_in_part() -> None:
    gone = [xero(f"P{k}", str(100 + k), deleted=True) for k in range(MANY)]
    copies = [case(k + 1, str(100 + k), names=f"P{k}", journalled=True) for k in range(MANY)]
    add = add_of(judged(snapshot([*gone, xero("N1", "5", nov(9), minute=3)], copies, invoice_total="90000")))
    assert Flag.JOURNALLED_COUNTERPART in add.flags
    assert f"and {MANY - MOST_NAMED} more is locked" in add.explanation
    assert first_named([]).payments == ()


def test_r19a_where_a_row_names_a_part_the_rest_is_not_offered_for_setting_aside() -> None:
    """What a proposal rests on without naming it is spoken of all the same."""
    firm = beside_many()
    assert all(p.rests_on for p in judged(firm).proposals)
    cleanup = clean_up([(firm, judged(firm))], (), POLICY, TODAY)
    assert not [one for group in cleanup.groups for one in group.members]


def invented(seed: int, count: int) -> tuple[list[XeroPayment], list[CasePayment]]:
    """Return payments so close to each other that every test of R23 holds of some."""
    dice = Random(seed)
    amounts = (1_234, 1_243, 2_134, 1_334, 1_134, 1_235, 4_321, 10, 100, 1_230, 1_203)
    paid = [
        xero(f"P{k}", str(dice.choice(amounts) / 100), NOV_1 + timedelta(days=dice.randrange(12))) for k in range(8)
    ]
    typed = [case(k, str(dice.choice(amounts) / 100), NOV_1 + timedelta(days=dice.randrange(12))) for k in range(count)]
    return paid, typed


@pytest.mark.parametrize("count", [3, 12, 60])
def test_r23_close_doubles_are_those_that_comparing_each_with_each_finds(count: int) -> None:
    found = 0
    for seed in range(60):
        paid, typed = invented(seed, count)
        doubles = CloseDoubles(typed, POLICY)
        for payment in paid:
            near = [copy for copy in typed if is_near_double(payment, copy, POLICY)]
            named, more = doubles.of(payment)
            assert len(named) + more == len(near)
            assert set(named) <= set(near)
            assert len(named) == min(len(near), MOST_NAMED)
            if not more:
                assert list(named) == near
            else:
                assert list(named) == sorted(nearest(payment, near), key=typed.index)
            found += bool(near)
    assert found > 100


def nearest(payment: XeroPayment, near: list[CasePayment]) -> list[CasePayment]:
    def distance(at: int) -> tuple[int, int, int]:
        copy = near[at]
        return abs(copy.amount.minor - payment.amount.minor), abs((copy.paid_on - payment.paid_on).days), at

    return [near[at] for at in sorted(range(len(near)), key=distance)[:MOST_NAMED]]


def test_r23_of_many_close_doubles_the_twelve_nearest_are_named_from_either_side() -> None:
    firm = snapshot([xero("P1", "500.20")], leftovers(MANY), invoice_total="90000")
    add = add_of(judged(replace(firm, case_payments=firm.case_payments[:20] + firm.case_payments[21:])))
    assert Flag.NEAR_DOUBLE in add.flags
    nearest = {p.amount.minor for p in add.near}
    assert set(range(50_014, 50_027)) - {50_020} <= nearest
