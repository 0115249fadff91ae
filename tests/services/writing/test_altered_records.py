"""A record edited in our own store is never written, whatever was edited and whenever, and `verify` names it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.refusals import Why, refused
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.diagnostics.verifying import verify
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import Decision, StoredProposal
from cmxero_desktop.services.records.reports import DecisionReport
from tests.services.desk import ANN, NOV_1, Desk, nov

ALTERED, NO_APPROVAL = str(refused(Why.ALTERED)), str(refused(Why.NO_APPROVAL))


def raised(proposal: Proposal) -> Proposal:
    """Return the proposal with 9,000.00 where it would write 400.00."""
    assert proposal.after is not None
    return replace(proposal, after=replace(proposal.after, amount=Money.of("9000.00", "AUD")))


def edit(desk: Desk, stored: StoredProposal, edited: StoredProposal) -> None:
    """Write a record into our store beside the program."""
    with desk.store.begin() as unit:
        unit.proposals.update([(edited, stored.state)])
        unit.commit()


def added(desk: Desk) -> StoredProposal:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    return desk.proposal(ProposalKind.ADD)


def asked_to_approve(desk: Desk, row: StoredProposal) -> DecisionReport:
    return desk.deciding.approve([row.proposal_id], by=ANN)


def findings(desk: Desk, why: str) -> list[str]:
    return [finding for finding in verify(desk.store).findings if why in finding]


def test_what_is_edited_after_the_approval_is_not_written(desk: Desk) -> None:
    add = added(desk)
    desk.approve(add)
    approved = desk.again(add)
    edit(desk, approved, replace(approved, proposal=raised(approved.proposal)))
    assert len(findings(desk, ALTERED)) == 1
    report = desk.apply()
    assert [(row.row_id, row.reason) for row in report.held_back] == [(add.proposal_id, ALTERED)]
    assert report.applied == ()
    assert desk.paid() == []
    desk.poll()
    assert desk.proposal(ProposalKind.ADD).proposal.amount == Money.of("400.00", "AUD")
    assert desk.is_good()


def test_what_is_edited_before_it_cannot_be_approved(desk: Desk) -> None:
    add = added(desk)
    edit(desk, add, replace(add, proposal=raised(add.proposal)))
    assert [row.reason for row in asked_to_approve(desk, add).held_back] == [ALTERED]
    assert desk.deciding.approve_all(ANN, ProposalKind.ADD).done == ()
    assert desk.apply().applied == ()
    assert desk.paid() == []
    assert len(findings(desk, ALTERED)) == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda p: replace(p, xero=replace(p.xero, amount=Money.of("9000.00", "AUD"))), id="original"),
        pytest.param(lambda p: replace(p, before=p.after), id="before"),
        pytest.param(lambda p: replace(p, case_invoice_id=CaseInvoiceId(77)), id="invoice"),
        pytest.param(lambda p: replace(p, kind=ProposalKind.CHANGE), id="kind"),
        pytest.param(lambda p: replace(p, rule=Rule.R16), id="rule"),
        pytest.param(lambda p: replace(p, flags=p.flags - {Flag.BESIDE_UNMATCHED}), id="flag"),
        pytest.param(lambda p: replace(p, near=()), id="what a flag speaks of"),
        pytest.param(lambda p: replace(p, beside=()), id="leftovers"),
    ],
)
def test_no_part_of_what_it_rests_on_can_be_edited(desk: Desk, change: partial[Proposal]) -> None:
    desk.bill()
    desk.case.type_in("100", "320.00", nov(3))
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    assert Flag.BESIDE_UNMATCHED in add.proposal.flags
    edit(desk, add, replace(add, proposal=change(add.proposal)))
    assert [row.reason for row in asked_to_approve(desk, add).held_back] == [ALTERED]


def test_a_record_that_calls_itself_approved_is_not_written(desk: Desk) -> None:
    add = added(desk)
    edit(desk, add, replace(add, state=ProposalState.APPROVED, decision=Decision(by=ANN, at=datetime.now(UTC))))
    assert len(findings(desk, NO_APPROVAL)) == 1
    report = desk.apply()
    assert [(row.row_id, row.reason) for row in report.held_back] == [(add.proposal_id, NO_APPROVAL)]
    assert desk.paid() == []


def test_an_approval_that_was_taken_back_counts_no_more(desk: Desk) -> None:
    add = added(desk)
    desk.approve(add)
    desk.deciding.reopen([add.proposal_id], by=ANN, reason="a doubt")
    back = desk.again(add)
    edit(desk, back, replace(back, state=ProposalState.APPROVED))
    assert [row.reason for row in desk.apply().held_back] == [NO_APPROVAL]
    assert desk.paid() == []


def test_an_undo_takes_back_only_what_the_trail_says_was_written(desk: Desk) -> None:
    add = added(desk)
    desk.approve_and_apply(add)
    applied = desk.again(add)
    other = desk.case.type_in("100", "400.00", nov(9))
    edit(desk, applied, replace(applied, result_id=other))
    assert len(findings(desk, ALTERED)) == 1
    assert [row.reason for row in desk.undo(applied).failed] == [ALTERED]
    assert len(desk.paid()) == 2


def removed(desk: Desk) -> StoredProposal:
    """Return an applied removal on the first of two invoices."""
    for number in ("100", "200"):
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "10.00", NOV_1)
        desk.case.type_in(number, "10.00", NOV_1)
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1, notes=f"Xero payment {paid}")
    desk.poll()
    desk.xero.delete(paid)
    desk.poll()
    removal = desk.proposal(ProposalKind.REMOVE)
    desk.approve_and_apply(removal)
    return desk.again(removal)


def test_an_undo_puts_nothing_back_where_only_an_edited_record_says_that_it_was(desk: Desk) -> None:
    applied = removed(desk)
    other = next(i for i in desk.case.invoices.values() if i.number == "200")
    elsewhere = replace(
        applied.proposal,
        invoice_number="CM-200",
        case_invoice_id=other.invoice_id,
        xero_invoice_id=next(i.invoice_id for i in desk.xero.invoices.values() if i.number == "CM-200"),
    )
    edit(desk, applied, replace(applied, proposal=elsewhere))
    assert [row.reason for row in desk.undo(applied).failed] == [ALTERED]
    assert (desk.paid("100"), desk.paid("200")) == (["10.00"], ["10.00"])
    assert len(findings(desk, ALTERED)) == 1


@pytest.mark.parametrize("counted", [True, False], ids=["of this version", "as if of an older one"])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda p: replace(p, xero=replace(p.xero, amount=Money.of("9000.00", "AUD"))), id="original"),
        pytest.param(lambda p: replace(p, case_invoice_id=CaseInvoiceId(77)), id="invoice"),
        pytest.param(lambda p: replace(p, kind=ProposalKind.CHANGE), id="kind"),
        pytest.param(lambda p: replace(p, rule=Rule.R16), id="rule"),
    ],
)
def test_no_part_of_what_was_applied_can_be_edited(
    desk: Desk, change: Callable[[Proposal], Proposal], *, counted: bool
) -> None:
    add = added(desk)
    desk.approve_and_apply(add)
    applied = desk.again(add)
    changed = replace(applied, proposal=change(applied.proposal))
    edit(desk, applied, changed if counted else replace(changed, deed=0))
    assert [row.reason for row in desk.undo(applied).failed] == [ALTERED]
    assert len(findings(desk, ALTERED)) == 1
    assert desk.paid() == ["400.00"]


def test_an_undo_takes_no_half_of_a_move_back_whose_record_calls_it_none(desk: Desk) -> None:
    for number in ("100", "200"):
        desk.bill(number)
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1, notes=f"Xero payment {paid}")
    desk.poll()
    desk.xero.delete(paid)
    desk.xero.pay("CM-200", "400.00", NOV_1)
    desk.poll()
    halves = desk.proposals()
    desk.approve_and_apply(*halves)
    removal = desk.again(next(row for row in halves if row.proposal.kind is ProposalKind.REMOVE))
    edit(desk, removal, replace(removal, proposal=replace(removal.proposal, move_id="")))
    assert [row.reason for row in desk.undo(removal).failed] == [ALTERED]
    assert (desk.paid("100"), desk.paid("200")) == ([], ["400.00"])


@pytest.mark.parametrize("state", list(ProposalState))
def test_verify_computes_the_fingerprint_of_every_record_again(desk: Desk, state: ProposalState) -> None:
    add = added(desk)
    assert findings(desk, ALTERED) == []
    edit(desk, add, replace(add, state=state, proposal=raised(add.proposal)))
    assert len(findings(desk, ALTERED)) == 1


def over_the_limit(desk: Desk) -> list[StoredProposal]:
    """Return two removals, where one is the limit."""
    desk.set_policy(removal_limit_count=1)
    desk.bill()
    paid = [desk.xero.pay("CM-100", amount, NOV_1) for amount in ("10.00", "20.00")]
    for payment_id, amount in zip(paid, ("10.00", "20.00"), strict=True):
        desk.case.type_in("100", amount, NOV_1, notes=f"Xero payment {payment_id}")
    desk.poll()
    for payment_id in paid:
        desk.xero.delete(payment_id)
    desk.poll()
    return desk.proposals()


def released(row: StoredProposal) -> StoredProposal:
    return replace(row, release=Decision(by=ANN, at=datetime.now(UTC), reason="looked at"))


def test_a_release_that_only_the_record_tells_of_releases_nothing(desk: Desk) -> None:
    row, _ = over_the_limit(desk)
    edit(desk, row, released(row))
    desk.poll()
    assert len(findings(desk, ALTERED)) == 1
    assert [refusal.reason for refusal in asked_to_approve(desk, row).held_back] == [ALTERED]
    assert desk.apply().applied == ()
    assert desk.paid() == ["10.00", "20.00"]


def test_what_an_apply_puts_back_to_review_needs_a_new_release_and_is_not_called_edited(desk: Desk) -> None:
    rows = over_the_limit(desk)
    desk.approve(*rows, release="looked at")
    hidden = next(iter(desk.xero.invoices))
    desk.xero.hidden_invoices.add(hidden)
    assert len(desk.apply().held_back) == 2
    desk.xero.hidden_invoices.clear()
    desk.poll()
    assert desk.is_good()
    assert {desk.again(row).release for row in rows} == {None}
    desk.approve(*map(desk.again, rows), release="looked at again")
    assert len(desk.apply().applied) == 2
    assert desk.is_good()


def test_a_release_written_into_what_is_approved_releases_nothing(desk: Desk) -> None:
    rows = over_the_limit(desk)
    desk.approve(*rows, release="looked at")
    assert findings(desk, ALTERED) == []
    desk.deciding.reopen([row.proposal_id for row in rows], by=ANN, reason="a doubt")
    desk.set_policy(removal_limit_count=9)
    desk.poll()
    desk.approve(*map(desk.again, rows))
    desk.set_policy(removal_limit_count=1)
    for row in map(desk.again, rows):
        edit(desk, row, released(row))
    assert len(findings(desk, ALTERED)) == 2
    assert {row.reason for row in desk.apply().held_back} == {ALTERED}
    assert desk.paid() == ["10.00", "20.00"]


def test_an_accept_that_was_edited_is_not_taken_back(desk: Desk) -> None:
    desk.bill()
    desk.case.type_in("100", "400.00", nov(3))
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    accept = desk.proposal(ProposalKind.ACCEPT)
    desk.approve_and_apply(accept)
    applied = desk.again(accept)
    edit(desk, applied, replace(applied, proposal=replace(applied.proposal, accepted=())))
    assert [row.reason for row in desk.undo(applied).failed] == [ALTERED]


def test_an_accept_of_an_older_version_can_be_taken_back(desk: Desk) -> None:
    """Its fingerprint was made of less, and no counter was kept then."""
    desk.bill()
    desk.case.type_in("100", "400.00", nov(3))
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    accept = desk.proposal(ProposalKind.ACCEPT)
    desk.approve_and_apply(accept)
    applied = desk.again(accept)
    edit(desk, applied, replace(applied, deed=0, proposal=replace(applied.proposal, beside=applied.proposal.near)))
    assert len(desk.undo(applied).applied) == 1


def test_an_undo_that_failed_before_does_not_stand_in_the_way(desk: Desk) -> None:
    add = added(desk)
    desk.approve_and_apply(add)
    desk.steps.fail_at("written", CaseManagerError("the disk is full"))
    assert len(desk.undo(add).failed) == 1
    desk.poll()
    assert [row.row_id for row in desk.undo(add).applied] == [add.proposal_id]
    assert [e.event.what for e in desk.history()].count(AuditWhat.UNDONE) == 1
    assert desk.paid() == []
    assert desk.is_good()
