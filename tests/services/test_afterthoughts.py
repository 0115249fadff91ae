"""What happens between and after the steps of a day: approvals left behind, second thoughts, keys used again."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from cmxero_desktop.domain.errors import NotAllowedError, XeroUnavailableError
from cmxero_desktop.domain.memory import PairedHow
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import CaseReading
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import ANN, NOV_1, Desk, ids, nov
from tests.services.fake_case_manager import FakeCaseManager


def one_add(desk: Desk) -> StoredProposal:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    return desk.proposal(ProposalKind.ADD)


def one_removal(desk: Desk) -> StoredProposal:
    desk.approve_and_apply(one_add(desk))
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.poll()
    return desk.proposal(ProposalKind.REMOVE)


def test_approvals_that_an_outage_left_behind_are_taken_up_by_the_next_approve_all(desk: Desk) -> None:
    add = one_add(desk)
    desk.approve_in_bulk()
    desk.xero.errors["payments_by_id"] = XeroUnavailableError("No connection.")
    with pytest.raises(XeroUnavailableError):
        desk.apply()
    desk.xero.errors.clear()
    assert [row.row_id for row in desk.approve_in_bulk().done] == [add.proposal_id]
    assert desk.apply().is_complete
    assert desk.paid() == ["400.00"]


def test_what_is_applied_while_a_check_reads_stays_applied(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    add = one_add(desk)
    desk.approve(add)
    read = FakeCaseManager.read

    def read_then_apply(
        case: FakeCaseManager, numbers: Collection[str], currency: str, **more: Collection[str]
    ) -> CaseReading:
        monkeypatch.setattr(FakeCaseManager, "read", read)
        reading = read(case, numbers, currency, **more)  # type: ignore[arg-type]  # passed on as it came
        assert desk.apply().is_complete
        return reading

    monkeypatch.setattr(FakeCaseManager, "read", read_then_apply)
    desk.poll()
    assert desk.again(add).state is ProposalState.APPLIED
    desk.poll()
    assert len(desk.undo(add).applied) == 1
    assert desk.paid() == []


def test_a_removal_is_not_put_back_on_an_invoice_that_has_its_key_now(desk: Desk) -> None:
    desk.case.bill_others()
    removal = one_removal(desk)
    desk.approve_and_apply(removal)
    invoice_id = removal.proposal.case_invoice_id
    desk.case.invoices[invoice_id] = replace(desk.case.invoices[invoice_id], number="200")
    (row,) = desk.undo(removal).failed
    assert "number 200" in row.reason
    assert desk.paid("200") == []


def test_a_release_counts_for_one_approval_only(desk: Desk) -> None:
    removal = one_removal(desk)
    desk.set_policy(removal_limit_count=0)
    desk.poll()
    desk.approve(removal, release="all right")
    desk.deciding.reopen(ids([removal]), by=ANN, reason="I was wrong")
    desk.poll()
    again = desk.again(removal)
    assert again.release is None
    assert Flag.OVER_LIMIT in again.proposal.flags
    assert desk.deciding.approve(ids([removal]), by=ANN).held_back


def test_a_release_does_not_outlive_what_it_released(desk: Desk) -> None:
    removal = one_removal(desk)
    desk.set_policy(removal_limit_count=0)
    desk.poll()
    copy = desk.case.payments("100")[0]
    desk.approve(removal, release="all right")
    desk.apply()
    desk.case.rows[copy.payment_id] = copy
    desk.poll()
    assert Flag.OVER_LIMIT in desk.again(removal).proposal.flags


def test_a_copy_that_we_removed_and_a_backup_of_case_manager_brings_back_is_no_other_writers(desk: Desk) -> None:
    add = one_add(desk)
    desk.approve_and_apply(add)
    copy = desk.case.payments("100")[0]
    desk.undo(add)
    desk.case.rows[copy.payment_id] = copy
    desk.poll()
    assert desk.view().alerts == ()
    assert desk.settings.load().mode is Mode.APPROVE


def test_observe_mode_stores_no_link(desk: Desk) -> None:
    add = one_add(desk)
    desk.set_mode(Mode.OBSERVE)
    key = desk.case.type_in("100", "400.00", nov(2))
    with pytest.raises(NotAllowedError, match="Observe only"):
        desk.link(add, key)
    with desk.store.read() as unit:
        assert [p for p in unit.memory.pairs() if p.how is PairedHow.SAID] == []


def test_linked_rejected_and_linked_again_waits_for_approval(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.50", NOV_1)
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    change = desk.link(add, key)
    desk.deciding.reject([change], by=ANN, reason="not sure")
    desk.poll()
    assert desk.link(desk.proposal(ProposalKind.ADD), key) == change
    assert [row.proposal_id for row in desk.proposals()] == [change]
