"""Decisions: each id gets its own outcome, nothing is written, and what a person said stands until the facts change."""

from datetime import date

import pytest

from cmxero_desktop.domain.errors import CaseManagerError, DeskError, NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import PairedHow
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.deciding.linking import link_payment, take_back_link
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.reports import RowOutcome
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import ANN, NOV_1, Desk, ids, nov


def one_add(desk: Desk, amount: str = "400.00") -> StoredProposal:
    desk.bill()
    desk.xero.pay("CM-100", amount, NOV_1)
    desk.poll()
    return desk.proposal(ProposalKind.ADD)


def several_removals(desk: Desk, count: int) -> list[StoredProposal]:
    """Make imported copies whose Xero payments are deleted by now."""
    desk.bill(amount="99000.00")
    for number in range(count):
        desk.xero.pay("CM-100", f"{100 + number}.00", NOV_1)
    desk.poll()
    desk.approve_in_bulk()
    desk.apply()
    for payment_id in list(desk.xero.payments):
        desk.xero.delete(payment_id)
    desk.poll()
    return desk.proposals()


def test_approving_writes_nothing(desk: Desk) -> None:
    add = one_add(desk)
    desk.approve(add)
    assert desk.case.payments("100") == []
    assert desk.again(add).state is ProposalState.APPROVED
    decision = desk.again(add).decision
    assert decision is not None
    assert decision.by == ANN


def test_one_outcome_for_each_id(desk: Desk) -> None:
    add = one_add(desk)
    desk.case.forward_dating_days = 0
    late = desk.xero.pay("CM-100", "50.00", date(2026, 12, 24))
    desk.poll()
    report = desk.deciding.approve([add.proposal_id, f"x-{late}", "p-nothing", add.proposal_id], by=ANN)
    assert [row.row_id for row in report.done] == [add.proposal_id]
    assert [row.row_id for row in report.held_back] == [f"x-{late}"]
    assert report.held_back[0].reason.startswith("Nothing is proposed for this row: ")
    assert [row.row_id for row in report.refused] == ["p-nothing"]


def test_the_id_of_a_row_names_the_proposal_to_approve(desk: Desk) -> None:
    add = one_add(desk)
    (row,) = desk.view().unmatched
    report = desk.deciding.approve([row.row_id], by=ANN)
    assert add.proposal_id in report.held_back[0].reason
    assert report.done == ()


def test_all_leaves_out_removals_flagged_rows_and_holds(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.pay("CM-100", "20.00", NOV_1)
    desk.bill("200")
    desk.xero.pay("CM-200", "30.00", NOV_1)
    desk.case.type_in("200", "30.50", NOV_1)
    desk.bill("300")
    desk.case.type_in("300", "5.00", NOV_1, "Imported from Xero")
    desk.poll()
    by_amount = {str(p.proposal.amount): p for p in desk.proposals()}
    desk.deciding.hold([by_amount["20.00"].proposal_id], by=ANN)
    report = desk.approve_in_bulk()
    assert [row.row_id for row in report.done] == [by_amount["10.00"].proposal_id]
    assert {row.row_id: row.reason for row in report.held_back} == {
        by_amount["20.00"].proposal_id: "It is on hold. Put it back to review, or approve it on its own.",
        by_amount["30.00"].proposal_id: "Flagged balance differs, beside unmatched, near double: "
        "it is approved on its own. Look at it first.",
    }
    (removal,) = desk.deciding.approve_all(ANN, ProposalKind.REMOVE).held_back
    assert removal == RowOutcome(by_amount["5.00"].proposal_id, "A removal is approved on its own. Look at it first.")


def test_several_kinds_in_one_command_are_refused_and_nothing_is_approved(desk: Desk) -> None:
    add = one_add(desk)
    desk.bill("200")
    desk.xero.pay("CM-200", "30.00", NOV_1)
    desk.case.type_in("200", "30.00", NOV_1)
    desk.poll()
    with pytest.raises(NotAllowedError, match="several kinds") as refused:
        desk.deciding.approve(ids(desk.proposals()), by=ANN)
    assert "one kind after the other" in refused.value.remedy
    assert desk.again(add).state is ProposalState.PROPOSED


def test_several_of_one_kind_are_judged_as_bulk(desk: Desk) -> None:
    desk.bill(amount="9000.00")
    for amount in ("10.00", "20.00", "5000.01"):
        desk.xero.pay("CM-100", amount, NOV_1)
    desk.poll()
    report = desk.deciding.approve(ids(desk.proposals()), by=ANN)
    assert len(report.done) == 2
    assert [row.reason for row in report.held_back] == [
        "It is more than 5,000.00, the firm's limit for bulk (Settings, Limits). Look at it first."
    ]


def test_the_halves_of_a_move_are_approved_together_or_not_at_all(desk: Desk) -> None:
    desk.bill()
    desk.bill("200")
    wrong = desk.xero.pay("CM-100", "250.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.xero.delete(wrong)
    desk.xero.pay("CM-200", "250.00", NOV_1)
    desk.poll()
    removal, add = desk.proposals()
    for half, other in ((removal, add), (add, removal)):
        (row,) = desk.deciding.approve(ids([half]), by=ANN).held_back
        assert f"The other half is {other.proposal_id}, the " in row.reason
        assert other.proposal.invoice_number in row.reason
    assert desk.deciding.approve(ids([removal, add]), by=ANN).done
    desk.apply()
    assert (desk.paid("100"), desk.paid("200")) == ([], ["250.00"])


def test_what_depends_on_a_removal_is_approved_after_it(desk: Desk) -> None:
    desk.bill()
    bounced = desk.xero.pay("CM-100", "300.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.clock.pass_days(5)
    desk.xero.delete(bounced)
    desk.poll()
    desk.clock.pass_days(5)
    desk.xero.pay("CM-100", "600.00", nov(30))
    desk.poll()
    add, removal = desk.proposal(ProposalKind.ADD), desk.proposal(ProposalKind.REMOVE)
    assert add.proposal.depends_on == (removal.proposal_id,)
    (row,) = desk.deciding.approve(ids([add]), by=ANN).held_back
    assert f"right only once {removal.proposal_id}, the removal of 300.00" in row.reason
    desk.approve(removal)
    assert desk.deciding.approve(ids([add]), by=ANN).done
    # Approved after it, and still not written before it.
    (row,) = desk.applying.apply(ids([add]), ANN).held_back
    assert "approve that first, or both together" in row.reason
    assert desk.paid("100") == ["300.00"]


def test_the_removals_of_a_deleted_batch_are_one_act(desk: Desk) -> None:
    batch = []
    for number in ("100", "200"):
        desk.bill(number)
        batch.append(desk.xero.pay(f"CM-{number}", "250.00", NOV_1))
        desk.xero.change(batch[-1], batch_payment_id="B-1")
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    for payment_id in batch:
        desk.xero.delete(payment_id)
    desk.poll()
    report = desk.deciding.approve(ids(desk.proposals()), by=ANN)
    assert len(report.done) == 2
    desk.apply()
    assert (desk.paid("100"), desk.paid("200")) == ([], [])


def test_what_was_superseded_is_stale(desk: Desk) -> None:
    add = one_add(desk)
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.poll()
    report = desk.deciding.approve(ids([add]), by=ANN)
    assert [row.row_id for row in report.stale] == [add.proposal_id]


def test_what_was_applied_cannot_be_approved_again(desk: Desk) -> None:
    add = one_add(desk)
    desk.approve_and_apply(add)
    report = desk.deciding.approve(ids([add]), by=ANN)
    assert report.refused == (
        RowOutcome(
            add.proposal_id, "It is applied to Case Manager. Take it back by Undo at its entry Applied in History."
        ),
    )


def test_observe_mode_approves_nothing_but_takes_decisions(desk: Desk) -> None:
    add = one_add(desk)
    desk.set_mode(Mode.OBSERVE)
    with pytest.raises(NotAllowedError):
        desk.deciding.approve(ids([add]), by=ANN)
    with pytest.raises(NotAllowedError):
        desk.approve_in_bulk()
    assert desk.again(add).state is ProposalState.PROPOSED
    assert desk.deciding.reject(ids([add]), by=ANN, reason="not ours").done


def test_an_overpayment_cannot_be_approved(desk: Desk) -> None:
    desk.bill()
    desk.case.type_in("100", "900.00", nov(5))
    desk.xero.pay("CM-100", "1000.00", NOV_1)
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    assert Flag.WOULD_OVERPAY in add.proposal.flags
    report = desk.deciding.approve(ids([add]), by=ANN)
    assert report.held_back[0].reason.startswith("It would overpay the invoice: the balance would be -900.00.")


def test_removals_over_the_limit_need_a_release_by_name_and_reason(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=2)
    removals = several_removals(desk, 3)
    assert all(Flag.OVER_LIMIT in row.proposal.flags for row in removals)
    assert desk.deciding.approve(ids(removals), by=ANN).done == ()
    assert desk.deciding.approve(ids(removals), by=ANN, release_reason="  ").done == ()
    desk.approve(removals[0], release="the client paid twice")
    release = desk.again(removals[0]).release
    assert release is not None
    assert (release.by, release.reason) == (ANN, "the client paid twice")
    whats = [e.event.what for e in desk.history()]
    assert whats[-2:] == [AuditWhat.RELEASED, AuditWhat.APPROVED]
    assert [row.row_id for row in desk.apply().applied] == [removals[0].proposal_id]


def test_a_release_is_kept_only_where_a_limit_holds(desk: Desk) -> None:
    add = one_add(desk)
    desk.approve(add, release="just in case")
    assert desk.again(add).release is None
    assert AuditWhat.RELEASED not in [e.event.what for e in desk.history()]


def test_an_approval_may_be_given_twice(desk: Desk) -> None:
    add = one_add(desk)
    desk.approve(add)
    desk.approve(add)
    assert desk.again(add).state is ProposalState.APPROVED


@pytest.mark.parametrize("state", [ProposalState.REJECTED, ProposalState.HELD])
def test_a_decision_survives_polls_until_the_facts_change(desk: Desk, state: ProposalState) -> None:
    add = one_add(desk)
    if state is ProposalState.HELD:
        desk.deciding.hold(ids([add]), by=ANN, reason="ask first")
    else:
        desk.deciding.reject(ids([add]), by=ANN, reason="ask first")
    desk.poll()
    desk.poll(is_full=True)
    assert desk.again(add).state is state
    assert desk.proposals() == []
    desk.xero.change(next(iter(desk.xero.payments)), reference="new")
    desk.poll()
    assert desk.proposals() == [], "other evidence of the same decision"
    desk.case.type_in("100", "77.00", nov(2))
    desk.poll()
    fresh = desk.proposal(ProposalKind.ADD)
    assert fresh.fingerprint != add.fingerprint


def test_a_hold_stays_one_when_the_same_facts_come_back(desk: Desk) -> None:
    add = one_add(desk)
    desk.deciding.hold(ids([add]), by=ANN, reason="ask first", until=nov(30))
    key = desk.case.type_in("100", "400.00", NOV_1)
    desk.poll()
    assert desk.again(add).state is ProposalState.SUPERSEDED
    del desk.case.rows[key]
    desk.poll()
    held = desk.again(add)
    assert held.state is ProposalState.HELD
    assert held.decision is not None
    assert held.decision.reason == "ask first"
    desk.clock.pass_days(9)
    desk.poll()
    assert desk.again(add).state is ProposalState.PROPOSED


def test_a_hold_that_came_due_meanwhile_comes_back_to_review(desk: Desk) -> None:
    add = one_add(desk)
    desk.deciding.hold(ids([add]), by=ANN, until=nov(24))
    key = desk.case.type_in("100", "400.00", NOV_1)
    desk.poll()
    desk.clock.pass_days(3)
    del desk.case.rows[key]
    desk.poll()
    assert desk.again(add).state is ProposalState.PROPOSED


def test_a_hold_that_ends_counts_in_the_very_check_that_brings_it_back(desk: Desk) -> None:
    desk.bill(amount="100.00")
    desk.xero.pay("CM-100", "60.00", NOV_1)
    desk.xero.pay("CM-100", "70.00", nov(2))
    desk.poll()
    first, second = sorted(desk.proposals(), key=lambda row: str(row.proposal.amount))
    desk.deciding.hold(ids([first]), by=ANN, until=nov(24))
    desk.poll()
    assert desk.again(second).proposal.flags == frozenset()
    desk.clock.pass_days(2)
    desk.poll()
    assert desk.again(first).state is ProposalState.PROPOSED
    assert desk.again(second).proposal.flags == {Flag.WOULD_OVERPAY}


def test_an_approval_does_not_come_back_by_itself(desk: Desk) -> None:
    add = one_add(desk)
    desk.approve(add)
    key = desk.case.type_in("100", "400.00", NOV_1)
    desk.poll()
    assert desk.history()[-1].event.what is AuditWhat.SUPERSEDED
    del desk.case.rows[key]
    desk.poll()
    assert desk.again(add).state is ProposalState.PROPOSED


def test_a_hold_ends_on_its_day(desk: Desk) -> None:
    add = one_add(desk)
    desk.deciding.hold(ids([add]), by=ANN, reason="ask the client", until=nov(24))
    said = desk.history()[-1].event
    assert (said.what, said.evidence["until"]) == (AuditWhat.HELD, "2026-11-24")
    desk.clock.pass_days(1)
    desk.poll()
    held = desk.again(add)
    assert (held.state, held.held_until, held.hold_ended) == (ProposalState.HELD, nov(24), None)
    desk.clock.pass_days(1)
    desk.poll()
    back = desk.again(add)
    assert (back.state, back.held_until) == (ProposalState.PROPOSED, None)
    assert back.hold_ended is not None
    assert (back.hold_ended.by, back.hold_ended.reason) == (ANN, "ask the client")
    ended = [e.event for e in desk.history() if e.event.what is AuditWhat.REOPENED]
    assert [(e.by, e.reason, e.proposal_id) for e in ended] == [
        ("program", f"On hold by {ANN} until 24 Nov 2026: ask the client", add.proposal_id)
    ]
    desk.poll()
    assert len([e for e in desk.history() if e.event.what is AuditWhat.REOPENED]) == 1, "it is told once"


def test_what_is_decided_after_a_hold_takes_its_place(desk: Desk) -> None:
    add = one_add(desk)
    desk.deciding.hold(ids([add]), by=ANN, until=nov(24))
    desk.clock.pass_days(2)
    desk.poll()
    assert desk.history()[-1].event.reason != ""
    desk.deciding.hold(ids([desk.again(add)]), by=ANN)
    assert (desk.again(add).held_until, desk.again(add).hold_ended) == (None, None)
    assert "until" not in desk.history()[-1].event.evidence
    desk.deciding.reopen(ids([add]), by=ANN, reason="now")
    assert desk.again(add).hold_ended is None


def test_reopening_takes_a_decision_back(desk: Desk) -> None:
    add = one_add(desk)
    desk.deciding.reject(ids([add]), by=ANN, reason="not ours")
    assert desk.deciding.reopen(ids([add]), by=ANN, reason="it is ours").done
    assert desk.again(add).state is ProposalState.PROPOSED
    assert desk.history()[-1].event.what is AuditWhat.REOPENED


def test_what_was_applied_or_replaced_is_not_put_back_by_a_wish(desk: Desk) -> None:
    add = one_add(desk)
    desk.approve_and_apply(add)
    report = desk.deciding.reopen(ids([add]), by=ANN, reason="again")
    assert report.refused == (
        RowOutcome(
            add.proposal_id, "It is applied to Case Manager. Take it back by Undo at its entry Applied in History."
        ),
    )
    report = desk.deciding.reject(ids([add]), by=ANN, reason="no")
    assert report.refused == (
        RowOutcome(
            add.proposal_id, "It is applied to Case Manager. Take it back by Undo at its entry Applied in History."
        ),
    )
    report = desk.deciding.hold(["p-nothing"], by=ANN)
    assert [row.row_id for row in report.refused] == ["p-nothing"]


def test_a_rejection_needs_a_reason(desk: Desk) -> None:
    add = one_add(desk)
    with pytest.raises(NotAllowedError):
        desk.deciding.reject(ids([add]), by=ANN, reason=" ")
    assert desk.again(add).state is ProposalState.PROPOSED


def test_only_an_unmatched_payment_of_a_row_that_waits_can_be_linked(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    matched = desk.xero.pay("CM-100", "77.00", nov(2))
    key = desk.case.type_in("100", "400.00", nov(2))
    other = desk.case.type_in("100", "77.00", nov(2), notes=f"Xero payment {matched}")
    desk.poll()
    add = desk.proposal()
    with pytest.raises(NotAllowedError, match="not one of the unmatched payments"):
        desk.link(add, other)
    with pytest.raises(NotAllowedError, match="No proposal has the id"):
        link_payment(desk.outside, proposal_id="p-nothing", case_payment_id=key, by=ANN)
    desk.deciding.reject(ids([add]), by=ANN, reason="not ours")
    with pytest.raises(NotAllowedError, match="was rejected"):
        desk.link(add, key)
    with desk.store.read() as unit:
        assert [p for p in unit.memory.pairs() if p.how is PairedHow.SAID] == []


def test_rejecting_the_change_takes_the_link_back(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", nov(2))
    desk.poll()
    add = desk.proposal()
    change = desk.link(add, key)
    desk.deciding.reject([change], by=ANN, reason="another client's after all")
    desk.poll()
    assert [row.proposal_id for row in desk.proposals()] == [add.proposal_id]


def linked_by_hand(desk: Desk) -> tuple[StoredProposal, str]:
    """Call an addition the same as a payment typed a day off; return it and the change that took its place."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", nov(2))
    desk.poll()
    add = desk.proposal()
    return add, desk.link(add, key)


@pytest.mark.parametrize("state", ["proposed", "approved", "held"])
def test_a_link_is_taken_back_at_once_as_long_as_nothing_is_written(desk: Desk, state: str) -> None:
    add, change = linked_by_hand(desk)
    if state == "approved":
        desk.deciding.approve([change], by=ANN)
    elif state == "held":
        desk.deciding.hold([change], by=ANN)
    assert "CM-100: not called the same payment" in take_back_link(desk.outside, proposal_id=change, by=ANN)
    # Without any check in between the addition waits as it did.
    assert [row.proposal_id for row in desk.proposals()] == [add.proposal_id]
    desk.poll()
    assert [row.proposal_id for row in desk.proposals()] == [add.proposal_id]
    assert desk.proposals(ProposalState.APPROVED) == []
    assert desk.apply().applied == ()
    assert desk.paid() == ["400.00"]
    assert desk.is_good()


def test_a_link_whose_change_was_rejected_is_none_any_more(desk: Desk) -> None:
    _, change = linked_by_hand(desk)
    desk.deciding.reject([change], by=ANN, reason="r")
    with pytest.raises(NotAllowedError, match="Nobody called"):
        take_back_link(desk.outside, proposal_id=change, by=ANN)


def test_a_link_that_was_written_is_not_taken_back_but_undone(desk: Desk) -> None:
    _, change = linked_by_hand(desk)
    desk.deciding.approve([change], by=ANN)
    desk.apply()
    with pytest.raises(NotAllowedError, match="It is applied to Case Manager"):
        take_back_link(desk.outside, proposal_id=change, by=ANN)
    with pytest.raises(NotAllowedError, match="Nobody called"):
        take_back_link(desk.outside, proposal_id="p-nothing", by=ANN)


def test_what_nobody_called_the_same_is_no_link(desk: Desk) -> None:
    add = one_add(desk)
    with pytest.raises(NotAllowedError, match="Nobody called"):
        take_back_link(desk.outside, proposal_id=add.proposal_id, by=ANN)


def test_a_link_that_is_taken_back_is_so_where_the_invoice_cannot_be_read(desk: Desk) -> None:
    add, change = linked_by_hand(desk)
    desk.steps.fail_at("read", CaseManagerError("case.db: locked."))
    with pytest.raises(DeskError, match=r"not called the same money any more; CM-100 could not be compared again"):
        take_back_link(desk.outside, proposal_id=change, by=ANN)
    desk.poll()
    assert [row.proposal_id for row in desk.proposals()] == [add.proposal_id]


def test_a_link_that_is_kept_is_said_to_be_where_the_invoice_cannot_be_read(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", nov(2))
    desk.poll()
    add = desk.proposal()
    desk.steps.fail_at("read", CaseManagerError("case.db: locked."))
    with pytest.raises(DeskError, match=r"is kept; CM-100 could not be compared again: case\.db: locked\."):
        desk.link(add, key)
    desk.poll()
    assert desk.proposal().proposal.kind is ProposalKind.CHANGE


def test_a_journalled_counterpart_cannot_be_linked(desk: Desk) -> None:
    desk.bill()
    first = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.case.journal(CasePaymentId(1))
    desk.xero.edit(first, "450.00")
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    assert Flag.JOURNALLED_COUNTERPART in add.proposal.flags
    with pytest.raises(NotAllowedError, match="is locked in Case Manager"):
        desk.link(add, CasePaymentId(1))


def test_a_choice_that_the_facts_do_not_allow_any_more_is_said_to_be_none(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", nov(2))
    desk.poll()
    add = desk.proposal()
    desk.case.journal(key)
    with pytest.raises(NotAllowedError, match="cannot take the values"):
        desk.link(add, key)


@pytest.mark.parametrize("state", [ProposalState.HELD, ProposalState.REJECTED])
def test_a_no_to_a_removal_passes_on_to_the_edit_until_that_is_decided_itself(desk: Desk, state: ProposalState) -> None:
    desk.bill()
    first = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.xero.delete(first)
    desk.poll()
    removal = desk.proposal(ProposalKind.REMOVE)
    if state is ProposalState.HELD:
        desk.deciding.hold(ids([removal]), by=ANN, reason="the client asks")
    else:
        desk.deciding.reject(ids([removal]), by=ANN, reason="the client asks")
    second = desk.xero.pay("CM-100", "450.00", NOV_1)
    desk.poll()
    change = desk.proposal(ProposalKind.CHANGE, state)
    assert change.decision is not None
    assert (change.decision.by, change.decision.reason) == (ANN, "the client asks")
    desk.deciding.reopen(ids([change]), by=ANN, reason="it is an edit after all")
    desk.xero.change(second, reference="TT 9")
    desk.poll()
    assert desk.proposal(ProposalKind.CHANGE, ProposalState.PROPOSED).proposal.after != change.proposal.after
