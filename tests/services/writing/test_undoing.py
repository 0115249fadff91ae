"""Undo: a compensating change with its own entry, every refusal in words, and nothing comes right back (R31)."""

import pytest

from cmxero_desktop.domain.errors import CaseManagerError, NotAllowedError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.reports import RowOutcome
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import ANN, NOV_1, Desk, ids, nov
from tests.services.fake_time import Crash

FIRST = CasePaymentId(1)


def applied_add(desk: Desk) -> StoredProposal:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    return desk.proposal(None, ProposalState.APPLIED)


def applied_removal(desk: Desk) -> StoredProposal:
    applied_add(desk)
    desk.case.type_in("100", "5.00", nov(9))
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.poll()
    remove = desk.proposal(ProposalKind.REMOVE)
    desk.approve_and_apply(remove)
    return desk.again(remove)


def assert_undone(desk: Desk, row: StoredProposal) -> None:
    report = desk.undo(row)
    assert [done.row_id for done in report.applied] == [row.proposal_id], report
    assert desk.again(row).state is ProposalState.UNDONE
    assert desk.is_good()
    desk.poll()
    desk.poll(is_full=True)
    assert desk.proposals() == []
    assert desk.again(row).state is ProposalState.UNDONE


def assert_refused(desk: Desk, row: StoredProposal, reason: str) -> None:
    before = dict(desk.case.rows)
    report = desk.undo(row)
    assert report.failed == (RowOutcome(row.proposal_id, reason),)
    assert report.applied == ()
    assert desk.case.rows == before


def test_undo_of_an_add(desk: Desk) -> None:
    add = applied_add(desk)
    assert_undone(desk, add)
    assert desk.case.rows == {}
    event = next(e.event for e in desk.history() if e.event.what is AuditWhat.UNDONE)
    assert (event.by, event.reason, event.before, event.after) == (ANN, "a mistake", add.proposal.after, None)


def test_undo_of_a_link(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", NOV_1, "by post")
    before = desk.case.rows[key]
    desk.poll()
    link = desk.proposal(ProposalKind.LINK)
    desk.approve_and_apply(link)
    assert desk.undo(link).is_complete
    assert desk.again(link).state is ProposalState.UNDONE
    assert desk.case.rows == {key: before}


def test_what_a_person_unlinked_is_never_paired_again(desk: Desk) -> None:
    """Equal as they are, the two stay apart: that they are the same money after all is for a person to say (R7a)."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", NOV_1)
    desk.poll()
    link = desk.proposal(ProposalKind.LINK)
    desk.approve_and_apply(link)
    desk.undo(link)
    desk.restart()
    desk.poll(is_full=True)
    add = desk.proposal()
    assert add.proposal.kind is ProposalKind.ADD
    assert add.proposal.flags >= {Flag.BESIDE_UNMATCHED, Flag.NEAR_DOUBLE}
    assert [p.payment_id for p in add.proposal.near] == [key]
    assert desk.paid() == ["400.00"]


def test_undo_of_a_change(desk: Desk) -> None:
    applied_add(desk)
    before = desk.case.rows[FIRST]
    desk.xero.edit(next(iter(desk.xero.payments)), "450.00")
    desk.poll()
    change = desk.proposal(ProposalKind.CHANGE)
    desk.approve_and_apply(change)
    assert_undone(desk, change)
    assert desk.case.rows == {FIRST: before}


def test_undo_of_a_removal_makes_a_new_payment_that_is_not_proposed_again(desk: Desk) -> None:
    remove = applied_removal(desk)
    report = desk.undo(remove)
    assert report.applied == (
        RowOutcome(
            remove.proposal_id,
            "Undone: the payment was put back under a new number. What Case Manager keeps of a payment outside the "
            "mapping, such as who entered it or its journal, is not restored.",
        ),
    )
    assert desk.paid() == ["400.00", "5.00"]
    again = desk.proposal(None, ProposalState.REJECTED)
    assert again.proposal.kind is ProposalKind.REMOVE
    assert again.decision is not None
    assert (again.decision.by, again.decision.reason) == (ANN, "You undid this: a mistake")
    assert desk.history()[-1].event.what is AuditWhat.REJECTED
    run = desk.poll()
    assert (run.counts.proposed, run.counts.alerts) == (0, 0)
    desk.case.edit(CasePaymentId(3), reference="new")
    assert desk.poll().counts.proposed == 0, "other evidence of the same decision"
    desk.case.edit(CasePaymentId(3), paid_on=nov(9))
    desk.poll()
    assert desk.proposal().proposal.kind is ProposalKind.REMOVE


def test_undo_of_a_removal_whose_key_is_given_again(desk: Desk) -> None:
    applied_add(desk)
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.poll()
    remove = desk.proposal(ProposalKind.REMOVE)
    desk.approve_and_apply(remove)
    assert_undone(desk, desk.again(remove))
    assert list(desk.case.rows) == [FIRST]


def test_undo_of_a_whole_batch(desk: Desk) -> None:
    desk.bill()
    gone = desk.xero.pay("CM-100", "600.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.xero.delete(gone)
    desk.clock.pass_days(1)
    desk.poll()
    desk.case.type_in("100", "50.00", nov(9))
    desk.xero.pay("CM-100", "50.00", nov(9))
    desk.poll()
    batch = desk.proposals()
    assert {row.proposal.kind for row in batch} == {ProposalKind.REMOVE, ProposalKind.LINK}
    before = sorted((str(p.amount), p.notes) for p in desk.case.rows.values())
    desk.approve_and_apply(*batch)
    report = desk.undo(*batch)
    assert report.is_complete
    assert sorted((str(p.amount), p.notes) for p in desk.case.rows.values()) == before
    desk.poll()
    # The payment that was unlinked would be the edit of the one that was put back: that no stands for both (R16).
    assert desk.proposals() == []


def test_undo_by_the_number_of_a_history_entry(desk: Desk) -> None:
    add = applied_add(desk)
    number = desk.history()[-1].sequence
    report = desk.undoing.undo([f"h-{number}", add.proposal_id, "h-99"], by=ANN, reason="a mistake")
    assert [row.row_id for row in report.applied] == [add.proposal_id]
    assert [row.row_id for row in report.failed] == ["h-99"]


def test_undo_of_what_was_reopened_and_applied_again(desk: Desk) -> None:
    add = applied_add(desk)
    desk.undo(add)
    assert desk.deciding.reopen(ids([add]), by=ANN, reason="it was right").done
    desk.approve_and_apply(add)
    assert desk.paid() == ["400.00"]
    assert_undone(desk, add)


def test_refused_journalled_since(desk: Desk) -> None:
    add = applied_add(desk)
    desk.case.journal(FIRST)
    reason = "It was journalled since (J-7); correct it in Case Manager with a refund or adjustment."
    assert_refused(desk, add, reason)
    desk.case.journal(FIRST, "")
    assert_refused(desk, add, reason.replace(" (J-7)", ""))
    desk.case.is_journalled_locked = False
    assert_undone(desk, add)


def test_refused_part_of_a_multi_invoice_payment_since(desk: Desk) -> None:
    add = applied_add(desk)
    desk.case.edit(FIRST, is_multi_invoice=True, group="9")
    assert_refused(desk, add, "It is part of a multi-invoice payment by now, which cannot be changed.")


def test_refused_edited_since(desk: Desk) -> None:
    add = applied_add(desk)
    desk.case.edit(FIRST, reference="by hand")
    assert_refused(desk, add, "It was edited in Case Manager since.")
    assert desk.again(add).state is ProposalState.APPLIED


def test_a_refused_undo_declines_nothing(desk: Desk) -> None:
    add = applied_add(desk)
    desk.case.edit(FIRST, paid_on=nov(2))
    desk.undo(add)
    change = desk.proposal(ProposalKind.CHANGE)
    assert change.proposal.rule == Rule.R14


def test_refused_removed_since(desk: Desk) -> None:
    add = applied_add(desk)
    desk.case.rows.clear()
    assert_refused(desk, add, "The payment was removed from Case Manager since.")
    desk.poll()
    assert desk.again(add).state is ProposalState.PROPOSED


def test_refused_invoice_gone(desk: Desk) -> None:
    desk.case.bill_others()
    add = applied_add(desk)
    del desk.case.invoices[CaseInvoiceId(1)]
    desk.case.rows.clear()
    assert_refused(desk, add, "The invoice is not in Case Manager any more.")


def test_refused_undone_already_or_never_applied(desk: Desk) -> None:
    add = applied_add(desk)
    desk.undo(add)
    assert_refused(desk, add, "It is undone already.")
    desk.deciding.reopen(ids([add]), by=ANN, reason="it was right")
    assert_refused(desk, add, "It is not applied, so there is nothing to undo.")
    report = desk.undoing.undo(["p-nothing"], by=ANN, reason="a mistake")
    assert report.failed == (RowOutcome("p-nothing", "Nothing that was applied has the id p-nothing."),)


def test_refused_putting_back_would_overpay(desk: Desk) -> None:
    remove = applied_removal(desk)
    desk.case.type_in("100", "900.00", nov(10))
    assert_refused(desk, remove, "Putting it back would overpay the invoice.")


def test_what_one_undo_frees_another_may_use(desk: Desk) -> None:
    desk.bill(amount="400.00")
    gone = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.xero.delete(gone)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.REMOVE))
    desk.xero.pay("CM-100", "300.00", nov(3))
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    applied = [p for p in desk.proposals(ProposalState.APPLIED) if p.result_id is not None]
    last_two = [p for p in applied if p.proposal.kind is ProposalKind.REMOVE or "300" in str(p.proposal.amount)]
    assert len(last_two) == 2
    assert desk.undo(*last_two).is_complete
    assert desk.paid() == ["400.00"]


def test_two_desks_undo_the_same_removal(desk: Desk) -> None:
    desk.bill()
    desk.case.type_in("100", "400.00", NOV_1, "Imported from Xero")
    desk.poll()
    remove = desk.proposal(ProposalKind.REMOVE)
    desk.approve_and_apply(remove)
    desk.steps.act_at("lock", lambda: desk.undo(remove))
    report = desk.undo(remove)
    assert report.failed == (RowOutcome(remove.proposal_id, "It is undone already. Someone else was faster."),)
    assert desk.paid() == ["400.00"]


def test_a_desk_finds_that_another_one_is_undoing(desk: Desk) -> None:
    desk.bill()
    desk.case.type_in("100", "400.00", NOV_1, "Imported from Xero")
    desk.poll()
    remove = desk.proposal(ProposalKind.REMOVE)
    desk.approve_and_apply(remove)

    def die(name: str) -> None:
        if name == "committed":
            raise Crash

    def other_desk() -> None:
        desk.steps.trouble = die
        with pytest.raises(Crash):
            desk.undo(remove)
        desk.steps.trouble = None

    desk.steps.act_at("lock", other_desk)
    report = desk.undo(remove)
    assert report.failed == (
        RowOutcome(
            remove.proposal_id,
            "It is being written at this moment, or nobody knows yet how that ended. Someone else was faster.",
        ),
    )
    assert desk.paid() == ["400.00"]
    desk.poll()
    assert desk.again(remove).state is ProposalState.UNDONE


def test_a_failed_undo_leaves_the_row_applied(desk: Desk) -> None:
    add = applied_add(desk)
    desk.steps.fail_at("written", CaseManagerError("case.db: the connection broke."))
    report = desk.undo(add)
    assert report.failed == (RowOutcome(add.proposal_id, "case.db: the connection broke."),)
    after = desk.again(add)
    assert (after.state, after.outcome) == (ProposalState.APPLIED, "case.db: the connection broke.")
    assert desk.history()[-1].event.what is AuditWhat.FAILED
    assert_undone(desk, add)


def test_no_undo_without_a_reason_or_in_observe_mode(desk: Desk) -> None:
    add = applied_add(desk)
    with pytest.raises(NotAllowedError):
        desk.undoing.undo(ids([add]), by=ANN, reason=" ")
    desk.set_mode(Mode.OBSERVE)
    with pytest.raises(NotAllowedError):
        desk.undo(add)
    assert desk.paid() == ["400.00"]
