"""One money moved from one invoice to another is written whole or not at all, and taken back whole (R16b)."""

import pytest

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.records.decisions import StoredProposal
from tests.services.desk import ANN, NOV_1, Desk


def moved(desk: Desk) -> tuple[StoredProposal, StoredProposal]:
    """Move 250.00 in Xero from CM-100, where its copy stands, to CM-200; return what is proposed on each."""
    desk.bill("100")
    desk.bill("200")
    first = desk.xero.pay("CM-100", "250.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.xero.delete(first)
    desk.xero.pay("CM-200", "250.00", NOV_1)
    desk.poll()
    return desk.proposal(ProposalKind.REMOVE), desk.proposal(ProposalKind.ADD)


def stands(desk: Desk) -> tuple[list[str], list[str]]:
    return desk.paid("100"), desk.paid("200")


BEFORE: tuple[list[str], list[str]] = (["250.00"], [])
AFTER: tuple[list[str], list[str]] = ([], ["250.00"])


def test_both_halves_are_written_in_one_transaction(desk: Desk) -> None:
    halves = moved(desk)
    transactions: list[object] = []
    desk.steps.act_at("lock", lambda: transactions.append(1))
    desk.approve_and_apply(*halves)
    assert stands(desk) == AFTER
    assert len(transactions) == 1
    assert desk.poll().counts.proposed == 0
    assert desk.is_good()


@pytest.mark.parametrize("which", [0, 1])
def test_one_half_alone_is_not_written(desk: Desk, which: int) -> None:
    """Nobody can approve half a move; here the other half is put on hold between the approval and the write."""
    halves = moved(desk)
    half, other = halves[which], halves[1 - which]
    assert desk.deciding.approve([half.proposal_id], by=ANN).held_back
    desk.approve(*halves)
    desk.deciding.hold([other.proposal_id], by=ANN)
    (held,) = desk.apply().held_back
    assert held.row_id == half.proposal_id
    assert "both halves" in held.reason
    assert stands(desk) == BEFORE
    assert desk.again(half).state is ProposalState.PROPOSED


@pytest.mark.parametrize("step", ["lock", "decided", "written"])
def test_a_failure_leaves_the_money_where_it_was(desk: Desk, step: str) -> None:
    halves = moved(desk)
    desk.approve(*halves)
    desk.steps.fail_at(step, CaseManagerError("case.db: the connection broke."), times=1)
    desk.apply()
    assert stands(desk) == BEFORE


def test_what_was_typed_on_either_invoice_meanwhile_stops_both_halves(desk: Desk) -> None:
    halves = moved(desk)
    desk.approve(*halves)
    desk.case.type_in("200", "30.00", NOV_1)
    report = desk.apply()
    assert report.applied == ()
    assert {row.row_id for row in (*report.stale, *report.held_back)} == {half.proposal_id for half in halves}
    assert stands(desk) == (["250.00"], ["30.00"])


@pytest.mark.parametrize("step", ["", "lock"])
def test_the_same_money_typed_at_its_new_place_meanwhile_stops_both_halves(desk: Desk, step: str) -> None:
    """What is left is a removal alone by then, and nobody has seen that one."""
    halves = moved(desk)
    desk.approve(*halves)
    if step:
        desk.steps.act_at(step, lambda: desk.case.type_in("200", "250.00", NOV_1))
    else:
        desk.case.type_in("200", "250.00", NOV_1)
    assert desk.apply().applied == ()
    assert stands(desk) == (["250.00"], ["250.00"])
    desk.poll()
    assert desk.proposal(ProposalKind.REMOVE).proposal.move_id == ""


@pytest.mark.parametrize("which", [0, 1])
def test_an_undo_takes_both_halves_back(desk: Desk, which: int) -> None:
    halves = moved(desk)
    desk.approve_and_apply(*halves)
    report = desk.undo(halves[which])
    assert {row.row_id for row in report.applied} == {half.proposal_id for half in halves}
    assert stands(desk) == BEFORE
    desk.poll()
    assert desk.proposals() == []


def test_an_undo_of_which_one_half_is_locked_by_now_takes_nothing_back(desk: Desk) -> None:
    halves = moved(desk)
    desk.approve_and_apply(*halves)
    (row,) = desk.case.payments("200")
    desk.case.journal(row.payment_id)
    report = desk.undo(*halves)
    assert report.applied == ()
    assert len(report.failed) == 2
    assert stands(desk) == AFTER


def test_a_misplaced_copy_is_moved_to_its_payments_own_invoice(desk: Desk) -> None:
    """The copy of P1 was typed on the wrong invoice: together the two halves put it right, alone the add is closed."""
    desk.bill("100")
    desk.bill("200")
    paid = desk.xero.pay("CM-100", "77.00", NOV_1)
    desk.case.type_in("200", "77.00", NOV_1, notes=f"Xero payment {paid}")
    desk.poll()
    remove, add = desk.proposal(ProposalKind.REMOVE), desk.proposal(ProposalKind.ADD)
    assert remove.proposal.move_id == add.proposal.move_id != ""
    desk.deciding.approve_all(ANN, ProposalKind.ADD)
    desk.apply()
    assert stands(desk) == ([], ["77.00"])
    desk.approve_and_apply(remove, add)
    assert stands(desk) == (["77.00"], [])
    assert desk.poll().counts.proposed == 0
