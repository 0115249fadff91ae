"""What Xero said too long ago is no ground to write by: a batch that takes minutes, a sleep, a clock that was set."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from tests.services.desk import NOV_1, Desk

FIRST, SECOND = XeroPaymentId("payment-1"), XeroPaymentId("payment-2")


def two_additions(desk: Desk) -> list[StoredProposal]:
    """Approve one addition on each of two invoices, which are written one after the other."""
    for number in ("100", "200"):
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
    desk.poll()
    rows = desk.proposals()
    desk.approve(*rows)
    desk.xero.asked.clear()
    return rows


def at_the_second(desk: Desk, what: Callable[[], object], *, step: str = "lock") -> None:
    """Do something between the first invoice's write and the second one's."""
    seen: list[str] = []

    def trouble(name: str) -> None:
        if name == step:
            seen.append(name)
            if len(seen) == 2:
                what()

    desk.steps.trouble = trouble


@pytest.mark.parametrize("pause", ["sleep", "set forward", "set back"])
def test_what_was_deleted_in_xero_while_the_computer_slept_is_not_written(desk: Desk, pause: str) -> None:
    two_additions(desk)

    def slept() -> None:
        desk.xero.delete(SECOND)
        {
            "sleep": lambda: desk.clock.sleep(3600),
            "set forward": lambda: desk.clock.set_wall(3600),
            "set back": lambda: desk.clock.set_wall(-3600),
        }[pause]()

    # After the first transaction ended, before the second begins.
    desk.steps.act_at("committed", slept)
    report = desk.apply()
    assert desk.paid("100") == ["400.00"]
    assert desk.paid("200") == []
    assert len(report.applied) == len(report.stale) == 1
    assert desk.xero.asked.count("changed_invoices") == desk.xero.asked.count("changed_payments") == 1
    assert desk.is_good()


def test_xero_is_not_read_again_while_the_reading_is_young(desk: Desk) -> None:
    two_additions(desk)
    assert len(desk.apply().applied) == 2
    assert "changed_payments" not in desk.xero.asked
    assert desk.xero.asked.count("payments_by_id") == 1


@pytest.mark.parametrize("step", ["lock", "decided", "written"])
def test_a_sleep_in_the_middle_of_a_write_undoes_it(desk: Desk, step: str) -> None:
    """Between the re-check and the commit nobody reads; what came too late is taken back and said."""
    rows = two_additions(desk)
    at_the_second(desk, lambda: desk.clock.sleep(3600), step=step)
    report = desk.apply()
    assert len(report.applied) == 1
    (failed,) = report.failed
    assert "perhaps because this computer slept" in failed.reason
    late = next(row for row in rows if row.proposal_id == failed.row_id)
    assert desk.again(late).state is ProposalState.FAILED
    assert sorted(desk.paid("100") + desk.paid("200")) == ["400.00"]
    desk.steps.trouble = None
    desk.poll()
    desk.approve(desk.again(late))
    assert len(desk.apply().applied) == 1
    assert desk.is_good()


def test_another_desk_that_settles_the_write_meanwhile_is_believed(desk: Desk) -> None:
    """It has found nothing written, and said so: what it said must stay true."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    add = desk.proposal()
    desk.approve(add)

    def settle_elsewhere() -> None:
        desk.steps.trouble = None
        desk.settle()

    desk.steps.act_at("written", settle_elsewhere)
    report = desk.apply()
    assert report.applied == ()
    assert desk.paid() == []
    assert desk.again(add).state is ProposalState.PROPOSED
    desk.approve(desk.again(add))
    assert len(desk.apply().applied) == 1
    assert desk.paid() == ["400.00"]
    assert [e.event.what for e in desk.history()].count(AuditWhat.APPLIED) == 1


def test_a_removal_is_asked_for_by_id_each_time(desk: Desk) -> None:
    for number in ("100", "200"):
        desk.bill(number)
        paid = desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
        desk.case.type_in(number, "400.00", NOV_1, notes=f"Xero payment {paid}")
    desk.poll()
    for paid in (FIRST, SECOND):
        desk.xero.delete(paid)
    desk.poll()
    desk.approve(*desk.proposals())
    desk.xero.asked.clear()
    desk.steps.act_at("committed", lambda: desk.clock.sleep(3600))
    assert len(desk.apply().applied) == 2
    assert desk.xero.asked.count("payments_by_id") == 2
    assert desk.paid("100") == desk.paid("200") == []


@pytest.mark.parametrize("is_named", [True, False])
def test_what_cannot_be_read_the_second_time_is_not_written(desk: Desk, *, is_named: bool) -> None:
    """A row that does not say whose it is may be anybody's."""
    two_additions(desk)
    second = desk.xero.payments[SECOND]

    def broken() -> None:
        desk.xero.broken[SECOND] = UnreadableRow(
            side=Side.XERO,
            place="payments, page 1, row 1",
            problem="its amount is no number",
            xero_invoice_id=second.invoice_id if is_named else None,
        )
        desk.xero.change(SECOND, reference="changed")
        desk.clock.sleep(3600)

    desk.steps.act_at("committed", broken)
    report = desk.apply()
    assert len(report.applied) == 1
    assert len(report.held_back) + len(report.stale) == 1
    assert desk.paid("200") == []


def test_where_no_check_was_ever_finished_everything_is_read_by_id(desk: Desk) -> None:
    two_additions(desk)
    with desk.store.begin() as unit:
        cursors = unit.polling.state().cursors
        unit.polling.save_cursors(replace(cursors, payments=None))
        unit.commit()
    desk.steps.act_at("committed", lambda: desk.clock.sleep(3600))
    assert len(desk.apply().applied) == 2
    assert desk.xero.asked.count("payments_by_id") == 2
