"""The whole journey of each kind of proposal: poll, see, approve, apply, matched, and then peace (R32)."""

from dataclasses import replace

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.placements import Bucket, Reason
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.audit import AuditWhat
from tests.services.desk import ANN, NOV_1, Desk, nov


def assert_peace(desk: Desk) -> None:
    """Poll again with unchanged facts: nothing is proposed, and everything adds up."""
    run = desk.poll()
    assert run.counts.proposed == 0
    assert desk.proposals() == []
    statement = desk.view().tie_out
    assert statement is not None
    assert statement.is_explained
    assert desk.is_good()


def test_add(desk: Desk) -> None:
    desk.bill()
    payment_id = desk.xero.pay("CM-100", "400.00", NOV_1, "TT 7")
    run = desk.poll()
    assert (run.fetched, run.counts.unmatched, run.counts.proposed) == (1, 1, 1)
    add = desk.proposal(ProposalKind.ADD)
    desk.approve_and_apply(add)
    (row,) = desk.case.payments("100")
    assert (str(row.amount), row.paid_on, row.reference) == ("400.00", NOV_1, "TT 7")
    assert (row.payment_type, row.notes) == ("EFT", f"Xero payment {payment_id}")
    (matched,) = desk.view().matched
    assert matched.placement.rule == Rule.R7
    assert desk.again(add).result_id == row.payment_id
    assert_peace(desk)


def test_link_of_an_equal_payment_typed_by_hand(desk: Desk) -> None:
    desk.bill()
    payment_id = desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", NOV_1, "by post")
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.LINK))
    assert desk.case.rows[key].notes == f"by post\nXero payment {payment_id}"
    assert_peace(desk)


def test_change_after_an_edit_in_xero(desk: Desk) -> None:
    desk.bill()
    first = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    (before,) = desk.case.payments("100")
    second = desk.xero.edit(first, "450.00", nov(3))
    desk.poll()
    change = desk.proposal(ProposalKind.CHANGE)
    assert change.proposal.rule == Rule.R16
    desk.approve_and_apply(change)
    (row,) = desk.case.payments("100")
    assert row == replace(
        before, amount=desk.xero.payments[second].amount, paid_on=nov(3), notes=f"Xero payment {second}"
    )
    assert_peace(desk)


def test_remove_after_a_deletion_in_xero(desk: Desk) -> None:
    desk.bill()
    payment_id = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    desk.xero.delete(payment_id)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.REMOVE))
    assert desk.case.payments("100") == []
    assert_peace(desk)


def test_removal_of_a_copy_without_an_original_leaves_no_row_behind(desk: Desk) -> None:
    desk.bill()
    desk.case.type_in("100", "400.00", NOV_1, "Imported from Xero")
    desk.poll()
    remove = desk.proposal(ProposalKind.REMOVE)
    assert remove.proposal.rule == Rule.R20
    desk.approve_and_apply(remove)
    view = desk.view()
    assert (view.unmatched, view.matched, view.review) == ((), (), ())
    assert_peace(desk)


def test_remove_of_a_copy_whose_id_xero_does_not_know(desk: Desk) -> None:
    desk.bill()
    desk.case.type_in("100", "400.00", NOV_1, "Xero payment gone-1")
    desk.poll()
    remove = desk.proposal(ProposalKind.REMOVE)
    assert remove.proposal.rule == Rule.R20
    desk.approve_and_apply(remove)
    assert_peace(desk)


def test_several_proposals_of_one_invoice_in_one_go(desk: Desk) -> None:
    desk.bill()
    desk.bill("200")
    gone = desk.xero.pay("CM-100", "500.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.xero.delete(gone)
    desk.clock.pass_days(1)
    desk.poll()
    desk.xero.pay("CM-200", "100.00", nov(4))
    desk.xero.pay("CM-100", "300.00", nov(2))
    desk.xero.pay("CM-100", "700.00", nov(3))
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    assert desk.paid() == ["300.00", "700.00"]
    assert desk.paid("200") == ["100.00"]
    assert_peace(desk)


def test_near_double_that_a_person_calls_the_same_money(desk: Desk) -> None:
    desk.bill()
    payment_id = desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.50", NOV_1)
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    assert Flag.NEAR_DOUBLE in add.proposal.flags
    change_id = desk.link(add, key)
    change = desk.proposal(ProposalKind.CHANGE)
    assert (change.proposal_id, change.proposal.rule) == (change_id, Rule.R23)
    assert desk.again(add).state is ProposalState.SUPERSEDED
    desk.approve_and_apply(change)
    (row,) = desk.case.payments("100")
    assert (row.payment_id, str(row.amount), row.notes) == (key, "400.00", f"Xero payment {payment_id}")
    assert [e.event.what for e in desk.history()].count(AuditWhat.LINK_CHOSEN) == 1
    assert_peace(desk)


def edited_and_typed_with_another_date(desk: Desk) -> CasePaymentId:
    """P1 became P2 in Xero, and somebody typed P2 into Case Manager, where the copy of P1 stands still."""
    desk.bill()
    first = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    desk.xero.delete(first)
    desk.xero.pay("CM-100", "450.00", NOV_1)
    key = desk.case.type_in("100", "450.00", nov(4))
    desk.poll()
    return key


def test_an_edit_that_was_typed_by_hand_too_is_not_written_in_bulk(desk: Desk) -> None:
    edited_and_typed_with_another_date(desk)
    change = desk.proposal(ProposalKind.CHANGE)
    assert change.proposal.flags >= {Flag.NEAR_DOUBLE, Flag.BESIDE_UNMATCHED}
    report = desk.approve_in_bulk()
    assert not report.done
    assert [row.row_id for row in report.held_back] == [change.proposal_id]
    desk.apply()
    assert desk.paid() == ["400.00", "450.00"]


def test_an_edit_that_was_typed_by_hand_too_is_linked_to_what_was_typed(desk: Desk) -> None:
    key = edited_and_typed_with_another_date(desk)
    desk.link(desk.proposal(ProposalKind.CHANGE), key)
    change, removal = desk.proposal(ProposalKind.CHANGE), desk.proposal(ProposalKind.REMOVE)
    assert (change.proposal.rule, change.proposal.case and change.proposal.case.payment_id) == (Rule.R23, key)
    desk.approve_and_apply(change, removal)
    (row,) = desk.case.payments("100")
    assert (row.payment_id, str(row.amount), row.paid_on) == (key, "450.00", NOV_1)
    assert_peace(desk)


def test_near_double_that_is_added_anyway(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.50", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    assert desk.paid() == ["400.00", "400.50"]
    assert_peace(desk)


def test_the_audit_says_who_when_before_and_after(desk: Desk) -> None:
    desk.bill()
    payment_id = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    add = desk.proposal()
    desk.approve_and_apply(add)
    approved, applied = (entry.event for entry in desk.history())
    assert (approved.what, approved.by, approved.proposal_id) == (AuditWhat.APPROVED, ANN, add.proposal_id)
    assert approved.at < applied.at
    assert (applied.what, applied.by, applied.invoice_number) == (AuditWhat.APPLIED, ANN, "CM-100")
    assert (applied.before, applied.after) == (None, add.proposal.after)
    assert (applied.xero_payment_id, applied.case_payment_id) == (payment_id, CasePaymentId(1))
    assert applied.batch_id
    assert desk.again(add).batch_id == applied.batch_id
    assert applied.evidence["written"] == "yes"
    assert applied.evidence["fingerprint"] == add.fingerprint
    assert applied.evidence["control total agrees"] == "yes"


def test_a_payment_with_no_invoice_in_case_manager_is_skipped(desk: Desk) -> None:
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    (row,) = desk.view().skipped
    assert (row.placement.reason, row.placement.bucket) == (Reason.NO_INVOICE, Bucket.SKIPPED)
    desk.case.bill("100")
    desk.poll()
    assert desk.proposal().proposal.kind is ProposalKind.ADD
