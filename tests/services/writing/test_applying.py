"""Applying: what was shown is what is written, whatever happened on either side since the approval."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.errors import CaseManagerError, NotAllowedError, StoreError, XeroUnavailableError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.reports import RowOutcome
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import ANN, NOV_1, Desk, ids, nov

STALE = "It changed in Xero or in Case Manager after it was shown; look at it again."


def approved_add(desk: Desk) -> StoredProposal:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve(desk.proposal(ProposalKind.ADD))
    return desk.proposal(None, ProposalState.APPROVED)


def copied(desk: Desk) -> CasePaymentId:
    """Apply one addition and return the key of the copy."""
    add = approved_add(desk)
    desk.apply()
    key = desk.again(add).result_id
    assert key is not None
    return key


def assert_stale(desk: Desk, row: StoredProposal, *, is_good: bool = True) -> None:
    report = desk.apply()
    assert report.stale == (RowOutcome(row.proposal_id, STALE),)
    assert report.applied == report.failed == report.held_back == ()
    assert desk.again(row).state in {ProposalState.STALE, ProposalState.SUPERSEDED}
    assert AuditWhat.STALE in [e.event.what for e in desk.history()]
    assert desk.is_good() is is_good


# What Xero does between approval and apply


def test_deleted_in_xero(desk: Desk) -> None:
    add = approved_add(desk)
    desk.xero.delete(next(iter(desk.xero.payments)))
    assert_stale(desk, add)
    assert desk.paid() == []


def test_edited_in_xero(desk: Desk) -> None:
    add = approved_add(desk)
    desk.xero.edit(next(iter(desk.xero.payments)), "450.00")
    assert_stale(desk, add)
    assert desk.proposal(ProposalKind.ADD).proposal.amount == Money.of("450.00", "AUD")


def test_reference_changed_in_xero(desk: Desk) -> None:
    add = approved_add(desk)
    desk.xero.change(next(iter(desk.xero.payments)), reference="TT 8")
    assert_stale(desk, add)


def test_bank_reconciled_in_xero_changes_nothing(desk: Desk) -> None:
    approved_add(desk)
    desk.xero.change(next(iter(desk.xero.payments)), is_bank_reconciled=True)
    assert len(desk.apply().applied) == 1


def test_a_new_payment_on_the_invoice_is_read_and_left_for_review(desk: Desk) -> None:
    add = approved_add(desk)
    desk.xero.pay("CM-100", "100.00", nov(2))
    assert [row.row_id for row in desk.apply().applied] == [add.proposal_id]
    assert "payments_of" in desk.xero.asked
    assert desk.proposal(ProposalKind.ADD).proposal.amount == Money.of("100.00", "AUD")


def test_xero_answers_404(desk: Desk) -> None:
    add = approved_add(desk)
    payment_id = next(iter(desk.xero.payments))
    desk.xero.forgotten.add(payment_id)
    assert_stale(desk, add, is_good=False)
    desk.xero.forgotten.clear()
    desk.poll(is_full=True)
    assert desk.again(add).state is ProposalState.PROPOSED


@pytest.mark.parametrize("is_told", [True, False])
def test_xero_answers_something_unreadable(desk: Desk, *, is_told: bool) -> None:
    add = approved_add(desk)
    desk.xero.break_row(next(iter(desk.xero.payments)), is_told=is_told)
    assert_stale(desk, add, is_good=False)
    (row,) = desk.view().skipped
    assert row.placement.invoice_number == "CM-100"
    desk.xero.broken.clear()
    desk.poll(is_full=True)
    assert desk.again(add).state is ProposalState.PROPOSED


def test_xero_does_not_answer_about_the_invoice(desk: Desk) -> None:
    add = approved_add(desk)
    desk.xero.hidden_invoices.add(XeroInvoiceId("invoice-1"))
    report = desk.apply()
    assert [row.row_id for row in report.held_back] == [add.proposal_id]
    assert desk.again(add).state is ProposalState.PROPOSED
    assert desk.paid() == []


def test_control_total_fails_only_now(desk: Desk) -> None:
    add = approved_add(desk)
    desk.xero.skew[XeroInvoiceId("invoice-1")] = Money.of("1.00", "AUD")
    assert_stale(desk, add, is_good=False)


def test_xero_is_offline(desk: Desk) -> None:
    add = approved_add(desk)
    desk.xero.errors["payments_by_id"] = XeroUnavailableError("No connection.")
    with pytest.raises(XeroUnavailableError):
        desk.apply()
    assert desk.again(add).state is ProposalState.APPROVED
    desk.xero.errors.clear()
    assert len(desk.apply().applied) == 1


def test_r21_the_removal_is_confirmed_by_id(desk: Desk) -> None:
    key = copied(desk)
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.poll()
    remove = desk.proposal(ProposalKind.REMOVE)
    desk.approve(remove)
    desk.xero.break_row(next(iter(desk.xero.payments)))
    assert_stale(desk, remove)
    assert key in desk.case.rows


# What people do in Case Manager between approval and lock


def at_the_lock(desk: Desk, **values: object) -> None:
    desk.steps.act_at("lock", lambda: desk.case.edit(CasePaymentId(1), **values))


def approved_link(desk: Desk) -> StoredProposal:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1)
    desk.poll()
    desk.approve(desk.proposal(ProposalKind.LINK))
    return desk.proposal(None, ProposalState.APPROVED)


def test_edited_in_case_manager(desk: Desk) -> None:
    link = approved_link(desk)
    at_the_lock(desk, notes="from the bank")
    assert_stale(desk, link)
    assert desk.case.rows[CasePaymentId(1)].notes == "from the bank"


def test_journalled_in_case_manager(desk: Desk) -> None:
    link = approved_link(desk)
    at_the_lock(desk, is_journalled=True)
    assert_stale(desk, link)


def test_removed_in_case_manager(desk: Desk) -> None:
    link = approved_link(desk)
    desk.steps.act_at("lock", desk.case.rows.clear)
    assert_stale(desk, link)
    assert desk.proposal(ProposalKind.ADD).proposal.rule == Rule.R12


def test_an_equal_payment_is_typed_in(desk: Desk) -> None:
    add = approved_add(desk)
    desk.steps.act_at("lock", lambda: desk.case.type_in("100", "400.00", NOV_1))
    assert_stale(desk, add)
    assert desk.paid() == ["400.00"]
    assert desk.proposal().proposal.kind is ProposalKind.LINK


def test_a_payment_that_uses_up_the_balance_is_typed_in(desk: Desk) -> None:
    add = approved_add(desk)
    desk.steps.act_at("lock", lambda: desk.case.type_in("100", "900.00", nov(20)))
    assert_stale(desk, add)
    assert Flag.WOULD_OVERPAY in desk.proposal(ProposalKind.ADD).proposal.flags
    assert desk.paid() == ["900.00"]


def shrink(desk: Desk, total: str, adjusted: str = "0.00") -> None:
    (key,) = desk.case.invoices
    total_now, adjustments = Money.of(total, "AUD"), Money.of(adjusted, "AUD")
    desk.case.invoices[key] = replace(desk.case.invoices[key], total=total_now, adjustments=adjustments)


def test_the_invoice_becomes_too_small(desk: Desk) -> None:
    add = approved_add(desk)
    desk.steps.act_at("lock", lambda: shrink(desk, "300.00"))
    report = desk.apply()
    assert [row.row_id for row in report.held_back] == [add.proposal_id]
    assert "would overpay" in report.held_back[0].reason
    assert desk.again(add).state is ProposalState.PROPOSED
    assert Flag.WOULD_OVERPAY in desk.again(add).proposal.flags
    assert desk.paid() == []


def test_totals_that_differ_by_now_hold_back_what_was_approved_before(desk: Desk) -> None:
    """Both debtor lists agreed when it was approved; inside the transaction they would not (R24a, R24b)."""
    add = approved_add(desk)
    desk.steps.act_at("lock", lambda: shrink(desk, "900.00"))
    (held,) = desk.apply().held_back
    assert held.row_id == add.proposal_id
    assert "the invoice's total is 900.00 in Case Manager and 1,000.00 in Xero" in held.reason
    assert desk.paid() == []


def test_the_invoice_is_gone(desk: Desk) -> None:
    desk.case.bill_others()
    add = approved_add(desk)
    desk.steps.act_at("lock", lambda: desk.case.invoices.pop(CaseInvoiceId(1)))
    assert_stale(desk, add)


def test_additions_that_only_fit_one_by_one(desk: Desk) -> None:
    """Somebody enters the adjustment for what Xero credited: what differs stays the same, and less fits."""
    desk.bill(amount="570.00")
    shrink(desk, "520.00")
    desk.xero.credit(next(iter(desk.xero.invoices)), "70.00")
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.pay("CM-100", "100.00", nov(2))
    desk.poll()
    desk.approve(*desk.proposals())
    desk.steps.act_at("lock", lambda: shrink(desk, "520.00", adjusted="-70.00"))
    report = desk.apply()
    assert len(report.applied) == 1
    assert len(report.held_back) == 1
    assert desk.paid() == ["400.00"]


# Failures of Case Manager


def failure(desk: Desk, step: str, *, times: int = 1) -> None:
    desk.steps.fail_at(step, CaseManagerError("case.db: the connection broke."), times=times)


@pytest.mark.parametrize("step", ["lock", "decided", "written"])
def test_a_failure_before_the_commit(desk: Desk, step: str) -> None:
    add = approved_add(desk)
    failure(desk, step)
    report = desk.apply()
    assert report.failed == (RowOutcome(add.proposal_id, "case.db: the connection broke."),)
    failed = desk.again(add)
    assert (failed.state, failed.outcome) == (ProposalState.FAILED, "case.db: the connection broke.")
    assert desk.paid() == []
    assert desk.history()[-1].event.what is AuditWhat.FAILED
    assert desk.is_good()
    desk.poll()
    assert desk.again(add).state is ProposalState.FAILED
    desk.approve_and_apply(add)
    assert desk.paid() == ["400.00"]


def test_a_commit_that_succeeded_although_its_answer_was_lost(desk: Desk) -> None:
    add = approved_add(desk)
    failure(desk, "committed")
    report = desk.apply()
    assert [row.row_id for row in report.applied] == [add.proposal_id]
    assert desk.again(add).state is ProposalState.APPLIED
    assert desk.paid() == ["400.00"]
    last = desk.history()[-1].event
    assert (last.what, last.evidence["written"]) == (AuditWhat.RECOVERED, "yes")
    assert desk.poll().counts.alerts == 0


@pytest.mark.parametrize("step", ["written", "committed"])
def test_the_database_stays_unreachable(desk: Desk, step: str) -> None:
    add = approved_add(desk)

    def break_down(name: str) -> None:
        if name == step:
            desk.case.is_down = True
            raise CaseManagerError("case.db: the connection broke.")

    desk.steps.trouble = break_down
    report = desk.apply()
    assert [row.row_id for row in report.failed] == [add.proposal_id]
    assert "not known yet" in report.failed[0].reason
    assert desk.again(add).state is ProposalState.APPLYING
    assert not desk.is_good()
    with pytest.raises(CaseManagerError):
        desk.apply()
    desk.steps.trouble, desk.case.is_down = None, False
    desk.poll()
    is_written = step == "committed"
    assert desk.again(add).state is (ProposalState.APPLIED if is_written else ProposalState.PROPOSED)
    assert desk.paid() == (["400.00"] if is_written else [])
    assert desk.is_good()


def test_a_failure_of_one_invoice_does_not_stop_the_others(desk: Desk) -> None:
    desk.bill()
    desk.bill("200")
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.pay("CM-200", "500.00", NOV_1)
    desk.poll()
    desk.approve(*desk.proposals())
    failure(desk, "written")
    report = desk.apply()
    assert (len(report.failed), len(report.applied)) == (1, 1)
    assert (desk.paid(), desk.paid("200")) == ([], ["500.00"])


def test_the_report_survives_a_database_that_goes_away_afterwards(desk: Desk) -> None:
    add = approved_add(desk)

    def leave(name: str) -> None:
        desk.case.is_down = name == "committed"

    desk.steps.trouble = leave
    report = desk.apply()
    assert [row.row_id for row in report.applied] == [add.proposal_id]
    assert desk.again(add).state is ProposalState.APPLIED


# Failures of our own store


def store_failure(desk: Desk, number: int, *, times: int = 1) -> None:
    """Fail at the commit with this number, counted from now."""
    seen: list[str] = []

    def trouble(name: str) -> None:
        if name == "store":
            seen.append(name)
            if number <= len(seen) < number + times:
                raise StoreError("The disk is full.")

    desk.steps.trouble = trouble


def test_the_intent_cannot_be_stored(desk: Desk) -> None:
    add = approved_add(desk)
    store_failure(desk, 2)
    report = desk.apply()
    assert report.failed == (RowOutcome(add.proposal_id, "The disk is full."),)
    assert desk.paid() == []
    assert desk.again(add).state is ProposalState.FAILED


def test_neither_the_intent_nor_the_failure_can_be_stored(desk: Desk) -> None:
    add = approved_add(desk)
    store_failure(desk, 2, times=9)
    report = desk.apply()
    assert report.failed == (RowOutcome(add.proposal_id, "The disk is full."),)
    assert desk.again(add).state is ProposalState.APPROVED
    desk.steps.trouble = None
    assert len(desk.apply().applied) == 1
    assert desk.paid() == ["400.00"]


def test_the_outcome_cannot_be_stored(desk: Desk) -> None:
    add = approved_add(desk)
    store_failure(desk, 3)
    report = desk.apply()
    assert (
        "It stands in Case Manager, but that could not be noted here yet (The disk is full)" in report.applied[0].reason
    )
    assert desk.paid() == ["400.00"]
    desk.steps.trouble = None
    desk.poll()
    assert desk.again(add).state is ProposalState.APPLIED
    assert desk.poll().counts == desk.view().counts
    assert desk.is_good()


# Who asks, and for what


def test_every_id_that_was_asked_for_gets_an_outcome(desk: Desk) -> None:
    add = approved_add(desk)
    desk.xero.pay("CM-100", "10.00", nov(2))
    desk.xero.pay("CM-100", "20.00", nov(2))
    desk.poll()
    waiting, old = desk.proposals()
    desk.xero.change(old.proposal.xero_payment_id, reference="new")  # type: ignore[arg-type]  # an addition has one
    desk.poll()
    report = desk.applying.apply([add.proposal_id, waiting.proposal_id, old.proposal_id, "p-nothing"], ANN)
    assert [row.row_id for row in report.applied] == [add.proposal_id]
    assert [row.row_id for row in report.stale] == [old.proposal_id]
    assert report.failed == (
        RowOutcome(waiting.proposal_id, "It is not approved. Approve it first."),
        RowOutcome("p-nothing", "No proposal has the id p-nothing."),
    )


def test_nothing_approved(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    assert desk.apply().is_complete


def test_observe_mode_writes_nothing(desk: Desk) -> None:
    add = approved_add(desk)
    desk.set_mode(Mode.OBSERVE)
    with pytest.raises(NotAllowedError):
        desk.apply()
    assert desk.again(add).state is ProposalState.APPROVED


def test_two_desks_take_the_same_proposal(desk: Desk) -> None:
    add = approved_add(desk)
    desk.steps.act_at("lock", lambda: desk.applying.apply(None, "Bob"))
    report = desk.apply()
    assert [row.row_id for row in report.held_back] == [add.proposal_id]
    assert "Someone else was faster" in report.held_back[0].reason
    assert desk.paid() == ["400.00"]
    assert [e.event.what for e in desk.history()].count(AuditWhat.APPLIED) == 1
    assert desk.again(add).state is ProposalState.APPLIED


def test_somebody_rejects_it_between_approval_and_lock(desk: Desk) -> None:
    add = approved_add(desk)
    desk.steps.act_at("lock", lambda: desk.deciding.reject(ids([add]), by="Bob", reason="no"))
    report = desk.apply()
    assert report.held_back[0].reason == "It was rejected. Someone else was faster."
    assert desk.again(add).state is ProposalState.REJECTED
    assert desk.paid() == []


def test_somebody_rejects_it_in_the_very_last_moment(desk: Desk) -> None:
    add = approved_add(desk)
    done: list[str] = []

    def last_moment() -> str:
        # The name of the intent is asked for after the re-check and before the intent is stored.
        if not done:
            done.append("batch")
        elif len(done) == 1:
            done.append("intent")
            desk.deciding.reject(ids([add]), by="Bob", reason="no")
        return f"late-{len(done)}"

    desk.new_id = last_moment
    report = desk.apply()
    assert "rejected by now" in report.failed[0].reason
    assert desk.again(add).state is ProposalState.REJECTED
    assert desk.paid() == []
    assert desk.is_good()


def test_another_desk_settles_what_this_one_has_just_written(desk: Desk) -> None:
    add = approved_add(desk)
    desk.steps.act_at("committed", desk.settle)
    report = desk.apply()
    assert [row.row_id for row in report.applied] == [add.proposal_id]
    assert desk.again(add).state is ProposalState.APPLIED
    whats = [e.event.what for e in desk.history()]
    assert whats.count(AuditWhat.RECOVERED) + whats.count(AuditWhat.APPLIED) == 1


def test_another_desk_settles_what_this_one_failed_to_write(desk: Desk) -> None:
    add = approved_add(desk)

    def fail_and_settle() -> None:
        desk.settle()
        raise CaseManagerError("case.db: the connection broke.")

    desk.steps.act_at("written", fail_and_settle)
    report = desk.apply()
    assert [row.row_id for row in report.failed] == [add.proposal_id]
    assert desk.again(add).state is ProposalState.PROPOSED
    assert desk.paid() == []


def test_a_limit_that_holds_since_the_approval(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=1)
    desk.bill()
    payments = [desk.xero.pay("CM-100", amount, NOV_1) for amount in ("10.00", "20.00")]
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    desk.xero.delete(payments[0])
    desk.poll()
    remove = desk.proposal(ProposalKind.REMOVE)
    desk.approve(remove)
    desk.xero.delete(payments[1])
    desk.poll()
    report = desk.apply()
    assert [row.row_id for row in report.held_back] == [remove.proposal_id]
    assert "safety limit" in report.held_back[0].reason
    assert desk.paid() == ["10.00", "20.00"]


def test_the_key_of_the_invoice_belongs_to_another_one(desk: Desk) -> None:
    desk.case.bill_others()
    add = approved_add(desk)
    del desk.case.invoices[CaseInvoiceId(1)]
    desk.case.bill("300")
    assert_stale(desk, add)
    assert desk.paid("300") == []


def test_the_invoice_was_made_anew_under_another_key(desk: Desk) -> None:
    desk.case.bill_others()
    add = approved_add(desk)
    del desk.case.invoices[CaseInvoiceId(1)]
    desk.case.bill("300")
    desk.case.bill("100")
    assert_stale(desk, add)
    assert desk.proposal(ProposalKind.ADD).proposal.case_invoice_id == CaseInvoiceId(2)


def test_old_data_is_not_applied_and_the_approval_stays(desk: Desk) -> None:
    add = approved_add(desk)
    desk.clock.pass_days(1)
    for act in (desk.apply, lambda: desk.applying.ensure_open(ANN)):
        with pytest.raises(NotAllowedError, match="too old to apply") as caught:
            act()
        assert "cmxero poll" in caught.value.remedy
    assert desk.again(add).state is ProposalState.APPROVED
    assert desk.paid() == []
    desk.poll()
    desk.applying.ensure_open(ANN)
    assert len(desk.apply().applied) == 1
