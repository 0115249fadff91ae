"""A clock that was wrong leaves nothing behind: deeds are ordered by the store's own counter, by no clock (R35)."""

from datetime import timedelta

from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from tests.services.desk import ANN, NOV_1, Desk

YEAR = timedelta(days=365).total_seconds()


def added(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()


def test_what_was_applied_a_year_ahead_comes_back_when_its_copy_is_gone(desk: Desk) -> None:
    """The same addition is right again, and for a year nobody was told."""
    added(desk)
    desk.clock.set_wall(YEAR)
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    desk.approve_and_apply(add)
    desk.clock.set_wall(-YEAR)
    (key,) = desk.case.rows
    del desk.case.rows[key]
    desk.poll(is_full=True)
    assert desk.again(add).state is ProposalState.PROPOSED
    desk.approve_and_apply(desk.again(add))
    assert desk.paid() == ["400.00"]
    assert desk.is_good()


def test_what_was_decided_last_counts_whatever_the_clock_said(desk: Desk) -> None:
    added(desk)
    add = desk.proposal(ProposalKind.ADD)
    desk.clock.set_wall(YEAR)
    desk.poll()
    desk.deciding.reject([add.proposal_id], by=ANN, reason="not ours")
    desk.clock.set_wall(-YEAR)
    desk.deciding.reopen([add.proposal_id], by=ANN, reason="it is ours")
    # Other evidence, the same decision: a new reference in Xero makes another proposal of it.
    (payment,) = desk.xero.payments
    desk.xero.change(payment, reference="TT 8")
    desk.poll(is_full=True)
    assert desk.proposal(ProposalKind.ADD).state is ProposalState.PROPOSED


def test_what_is_applied_while_a_check_runs_is_newer_than_the_check(desk: Desk) -> None:
    """Also with a clock that stands still."""
    added(desk)
    add = desk.proposal(ProposalKind.ADD)
    desk.approve(add)
    desk.steps.act_at("read", desk.apply)
    desk.poll(is_full=True)
    assert desk.again(add).state is ProposalState.APPLIED
    desk.poll()
    assert desk.again(add).state is ProposalState.APPLIED
    assert desk.paid() == ["400.00"]
