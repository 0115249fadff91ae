"""What a person accepts as the same money writes nothing, is remembered, and is offered anew once a fact changes."""

import pytest

from cmxero_desktop.domain.errors import CaseManagerError, NotAllowedError, StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.records.decisions import StoredProposal
from tests.services.desk import ANN, NOV_1, Desk, nov


def one_sum_for_two(desk: Desk) -> StoredProposal:
    """Xero has 500 twice; in Case Manager somebody typed 1,000 in one sum. Return what is proposed."""
    desk.bill()
    desk.xero.pay("CM-100", "500.00", NOV_1)
    desk.xero.pay("CM-100", "500.00", nov(2))
    desk.case.type_in("100", "1000.00", nov(3))
    desk.poll()
    return desk.proposal(ProposalKind.ACCEPT)


def test_an_accept_goes_in_bulk_and_writes_nothing(desk: Desk) -> None:
    accept = one_sum_for_two(desk)
    before = dict(desk.case.rows)
    desk.deciding.approve_all(ANN, ProposalKind.ACCEPT)
    report = desk.apply()
    assert [row.row_id for row in report.applied] == [accept.proposal_id]
    assert desk.case.rows == before
    assert desk.again(accept).state is ProposalState.APPLIED
    desk.restart()
    assert desk.poll(is_full=True).counts.proposed == 0
    assert {row.placement.bucket for row in desk.view().matched} == {Bucket.MATCHED}
    assert desk.is_good()


def test_more_money_is_added_beside_what_was_accepted(desk: Desk) -> None:
    desk.approve_and_apply(one_sum_for_two(desk))
    desk.xero.pay("CM-100", "33.00", nov(9))
    desk.case.bill("101")
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    assert Flag.BESIDE_UNMATCHED not in add.proposal.flags


def test_a_member_that_changes_reopens_it(desk: Desk) -> None:
    desk.approve_and_apply(one_sum_for_two(desk))
    (row,) = desk.case.payments("100")
    desk.case.edit(row.payment_id, amount=Money.of("900.00", "AUD"))
    desk.poll()
    assert {p.proposal.kind for p in desk.proposals()} == {ProposalKind.ADD}
    assert all(Flag.BESIDE_UNMATCHED in p.proposal.flags for p in desk.proposals())


def test_an_undo_ends_it_and_leaves_the_additions_to_be_looked_at(desk: Desk) -> None:
    accept = one_sum_for_two(desk)
    desk.approve_and_apply(accept)
    assert [row.row_id for row in desk.undo(accept).applied] == [accept.proposal_id]
    desk.poll()
    assert {p.proposal.kind for p in desk.proposals()} == {ProposalKind.ADD}
    assert all(Flag.BESIDE_UNMATCHED in p.proposal.flags for p in desk.proposals())
    assert desk.undo(accept).failed


@pytest.mark.parametrize("no", ["reject", "undo"])
def test_a_no_can_be_taken_back(desk: Desk, no: str) -> None:
    accept = one_sum_for_two(desk)
    if no == "reject":
        desk.deciding.reject([accept.proposal_id], by=ANN, reason="other money")
    else:
        desk.approve_and_apply(accept)
        desk.undo(accept)
    desk.poll()
    report = desk.deciding.reopen([accept.proposal_id], by=ANN, reason="it is the same")
    assert [row.row_id for row in report.done] == [accept.proposal_id]
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    assert desk.poll().counts.proposed == 0
    assert desk.paid() == ["1,000.00"]


def test_a_hold_keeps_it_closed_and_hides_nothing(desk: Desk) -> None:
    accept = one_sum_for_two(desk)
    desk.deciding.hold([accept.proposal_id], by=ANN)
    desk.poll()
    assert desk.proposals() == []
    assert desk.again(accept).state is ProposalState.HELD


def test_what_is_typed_before_it_is_kept_makes_it_stale(desk: Desk) -> None:
    accept = one_sum_for_two(desk)
    desk.approve(accept)
    desk.steps.act_at("lock", lambda: desk.case.type_in("100", "5.00", nov(4)))
    assert [row.row_id for row in desk.apply().stale] == [accept.proposal_id]


def test_an_accept_that_could_not_be_kept_stays_approved(desk: Desk) -> None:
    accept = one_sum_for_two(desk)
    desk.approve(accept)
    full = StoreError("The disk is full.")
    desk.steps.act_at("committed", lambda: desk.steps.fail_at("store", full, times=1))
    (failed,) = desk.apply().failed
    assert "approve it again" in failed.reason
    assert desk.again(accept).state is ProposalState.APPROVED
    desk.steps.trouble = None
    assert desk.apply().applied
    assert desk.poll().counts.proposed == 0


def test_a_failure_of_case_manager_keeps_nothing(desk: Desk) -> None:
    accept = one_sum_for_two(desk)
    desk.approve(accept)
    desk.steps.fail_at("lock", CaseManagerError("case.db: the connection broke."), times=1)
    assert desk.apply().failed
    assert desk.again(accept).state is ProposalState.FAILED
    with desk.store.read() as unit:
        assert unit.memory.accepted() == {}


def test_one_of_two_payments_of_an_accept_is_linked_by_name(desk: Desk) -> None:
    """The payment in Case Manager takes the values of that one of Xero's which the person names."""
    accept = one_sum_for_two(desk)
    second = accept.proposal.accepted[1]
    change = desk.link(accept, CasePaymentId(1), second.payment_id)
    (found,) = [p for p in desk.proposals() if p.proposal_id == change]
    assert found.proposal.xero == second
    assert (found.proposal.kind, str(found.proposal.amount)) == (ProposalKind.CHANGE, "500.00")


def test_which_of_several_payments_is_meant_has_to_be_said(desk: Desk) -> None:
    accept = one_sum_for_two(desk)
    with pytest.raises(NotAllowedError, match="holds 2 payments of Xero") as raised:
        desk.link(accept, CasePaymentId(1))
    assert "--xero" in raised.value.remedy
    with pytest.raises(NotAllowedError, match="has no P9"):
        desk.link(accept, CasePaymentId(1), "P9")


def test_an_undo_that_our_store_cannot_keep_says_so(desk: Desk) -> None:
    accept = one_sum_for_two(desk)
    desk.approve_and_apply(accept)
    desk.steps.fail_at("store", StoreError("The disk is full."), times=1)
    (failed,) = desk.undo(accept).failed
    assert "disk is full" in failed.reason
    assert desk.again(accept).state is ProposalState.APPLIED
