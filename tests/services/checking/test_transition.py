"""The way from typing each payment twice: firms are played week by week, and the weeks tell what was done in them."""

from datetime import date, timedelta

import pytest

from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.transition import Transition, Week
from cmxero_desktop.domain.transition_steps import Hurdle
from cmxero_desktop.services.checking.transition_report import read_transition
from cmxero_desktop.services.deciding.saying import Saying, explain, same_money
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import ANN, NOV_1, Desk, nov

WEEK = timedelta(weeks=1)
THIS, NEXT, THIRD = nov(16), nov(23), nov(30)
SAID = Saying(by=ANN, reason="looked at both")


@pytest.fixture
def firm(desk: Desk) -> Desk:
    """Return a firm a week after its first check, on 22 November, which found one payment on both sides."""
    for number in ("100", "101", "102"):
        desk.bill(number, "9000.00")
    desk.xero.pay("CM-100", "50.00", NOV_1)
    desk.case.type_in("100", "50.00", NOV_1)
    desk.poll()
    desk.clock.now += WEEK
    return desk


def found(desk: Desk) -> Transition:
    return read_transition(desk.outside)


def week(desk: Desk, monday: date) -> Week:
    return next(week for week in found(desk).weeks if week.begins_on == monday)


def additions(desk: Desk) -> list[StoredProposal]:
    return [row for row in desk.proposals() if row.proposal.kind is ProposalKind.ADD]


def in_the_way(desk: Desk) -> set[Hurdle]:
    return {step.hurdle for step in found(desk).in_the_way}


def rows(desk: Desk, hurdle: Hurdle) -> tuple[str, ...]:
    return next(step.rows for step in found(desk).steps if step.hurdle is hurdle)


def test_before_any_check_nothing_is_known(desk: Desk) -> None:
    assert found(desk) == Transition()


def test_what_stood_there_at_the_first_check_belongs_to_its_date_and_what_came_later_to_the_check(firm: Desk) -> None:
    firm.xero.pay("CM-101", "60.00", NOV_1)
    firm.case.type_in("101", "60.00", NOV_1)
    firm.case.type_in("101", "61.00", NOV_1)
    firm.bill("103")
    firm.case.type_in("103", "5.00", NOV_1)
    firm.poll()
    weeks = {week.begins_on: (week.typed, week.by_itself) for week in found(firm).weeks}
    assert weeks == {date(2026, 10, 26): (1, 1), nov(2): (0, 0), nov(9): (0, 0), THIS: (0, 0), NEXT: (3, 1)}


def test_who_types_is_told_where_case_manager_says_it(firm: Desk) -> None:
    for amount, name in (("61.00", "R. Patel"), ("62.00", ""), ("63.00", "R. Patel")):
        firm.case.edit(firm.case.type_in("101", amount, NOV_1), entered_by=name)
    firm.poll()
    assert [(t.name, t.payments, t.last_week) for t in found(firm).typists] == [
        ("R. Patel", 2, NEXT),
        ("", 1, NEXT),
    ]


def test_an_addition_that_xero_had_for_days_was_missed_and_one_that_is_undone_was_not_made(firm: Desk) -> None:
    firm.xero.pay("CM-101", "60.00", nov(28))
    firm.poll()
    firm.clock.now += timedelta(days=2)
    firm.xero.pay("CM-102", "70.00", nov(30))
    firm.poll()
    late, fresh = additions(firm)
    firm.approve_and_apply(late, fresh)
    firm.poll()
    assert week(firm, THIRD) == Week(begins_on=THIRD, added=2, misses=1)
    firm.undo(firm.again(late))
    assert week(firm, THIRD) == Week(begins_on=THIRD, added=1)


def test_a_payment_typed_otherwise_is_a_double_that_was_caught_and_matched_by_nobody_s_self(firm: Desk) -> None:
    firm.xero.pay("CM-101", "60.00", nov(28))
    key = firm.case.type_in("101", "60.00", nov(26))
    firm.xero.pay("CM-102", "500.00", nov(28))
    other = firm.case.type_in("102", "498.00", nov(28))
    firm.poll()
    add = next(row for row in additions(firm) if row.proposal.invoice_number == "CM-102")
    change = firm.link(add, other)
    assert week(firm, NEXT).doubles == 1
    firm.approve_and_apply(next(row for row in firm.proposals() if row.proposal_id == change))
    (xero_id,) = (p.payment_id for p in firm.xero.payments.values() if p.invoice_number == "CM-101")
    same_money(firm.outside, key, [xero_id], SAID)
    firm.poll()
    assert week(firm, NEXT) == Week(begins_on=NEXT, typed=2, doubles=2)


def test_a_rejected_addition_beside_what_was_typed_is_a_double_until_it_is_put_back(firm: Desk) -> None:
    firm.xero.pay("CM-101", "60.00", nov(28))
    firm.xero.pay("CM-102", "80.00", nov(28))
    firm.case.type_in("101", "61.00", nov(28))
    firm.poll()
    beside, plain = additions(firm)
    firm.deciding.reject([beside.proposal_id], by=ANN, reason="it is there")
    firm.deciding.reject([plain.proposal_id], by=ANN, reason="not ours")
    assert week(firm, NEXT).doubles == 1
    firm.deciding.reopen([beside.proposal_id], by=ANN, reason="look again")
    assert week(firm, NEXT).doubles == 0


def test_what_is_accepted_in_sum_and_a_copy_that_stood_twice_are_doubles(desk: Desk) -> None:
    desk.bill("101", "9000.00")
    desk.bill("102", "9000.00")
    desk.xero.pay("CM-101", "60.00", nov(18))
    desk.case.type_in("101", "30.00", nov(17))
    desk.case.type_in("101", "30.00", nov(18))
    named = desk.xero.pay("CM-102", "80.00", nov(18))
    for _ in range(2):
        desk.case.type_in("102", "80.00", nov(18), notes=f"Xero payment {named}")
    desk.poll()
    kinds = {row.proposal.kind: row for row in desk.proposals()}
    desk.approve_and_apply(kinds[ProposalKind.ACCEPT])
    desk.approve_and_apply(kinds[ProposalKind.REMOVE])
    assert week(desk, THIS) == Week(begins_on=THIS, typed=2, doubles=2)


def test_payments_that_are_locked_after_they_were_seen_are_counted_in_that_week(firm: Desk) -> None:
    (payment,) = firm.case.payments("100")
    firm.case.journal(payment.payment_id)
    firm.case.journal(firm.case.type_in("101", "9.00", NOV_1))
    firm.poll()
    assert week(firm, NEXT).journalled == 1


def test_what_stands_in_the_way_names_its_rows(firm: Desk) -> None:
    assert in_the_way(firm) == {Hurdle.CHECKS, Hurdle.ADDED}
    old = firm.case.type_in("101", "61.00", NOV_1)
    firm.xero.pay("CM-102", "70.00", nov(28))
    firm.xero.bill("CM-777", "10.00")
    firm.xero.pay("CM-777", "10.00", nov(28))
    firm.poll()
    assert in_the_way(firm) == {Hurdle.ADDED, Hurdle.NEW_LEFTOVERS, Hurdle.SKIPPED}
    assert rows(firm, Hurdle.NEW_LEFTOVERS) == (f"c-{old}",)
    (skipped,) = firm.view().skipped
    assert rows(firm, Hurdle.SKIPPED) == (skipped.row_id,)
    firm.clock.now += 4 * WEEK
    firm.poll()
    assert in_the_way(firm) == {Hurdle.ADDED, Hurdle.OLD_LEFTOVERS, Hurdle.SKIPPED, Hurdle.WAITING}
    add = firm.proposal(ProposalKind.ADD)
    assert rows(firm, Hurdle.WAITING) == (add.proposal_id,)
    explain(firm.outside, old, Explained.TO_CORRECT, SAID)
    assert Hurdle.OLD_LEFTOVERS in in_the_way(firm)
    explain(firm.outside, old, Explained.OTHER, SAID)
    firm.approve_and_apply(add)
    assert in_the_way(firm) == {Hurdle.SKIPPED}


def test_what_is_held_does_not_wait_and_observing_is_in_the_way(firm: Desk) -> None:
    firm.xero.pay("CM-102", "70.00", nov(28))
    firm.poll()
    firm.deciding.hold([firm.proposal(ProposalKind.ADD).proposal_id], by=ANN, reason="asked the client", until=None)
    firm.clock.now += 2 * WEEK
    firm.set_mode(Mode.OBSERVE)
    firm.poll()
    assert firm.proposal(None, ProposalState.HELD).proposal.amount == Money.of("70.00", "AUD")
    assert in_the_way(firm) == {Hurdle.MODE, Hurdle.ADDED}
