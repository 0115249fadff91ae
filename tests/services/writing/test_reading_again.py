"""What Xero said too long ago is no ground to write by: a batch that takes minutes, a sleep, a clock that was set."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from cmxero_desktop.domain.errors import CaseManagerError, XeroUnavailableError
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import PaymentsPage
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import NOV_1, Desk
from tests.services.fake_case_manager import FakeCaseManager
from tests.services.fake_xero import FakeXero

FIRST, SECOND = XeroPaymentId("payment-1"), XeroPaymentId("payment-2")


def additions(desk: Desk, *numbers: str) -> list[StoredProposal]:
    """Approve one addition on each of these invoices, which are written one after the other."""
    for number in numbers:
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
    desk.poll()
    rows = desk.proposals()
    desk.approve(*rows)
    desk.xero.asked.clear()
    return rows


def two_additions(desk: Desk) -> list[StoredProposal]:
    return additions(desk, "100", "200")


def three_additions(desk: Desk) -> list[StoredProposal]:
    return additions(desk, "100", "200", "300")


def invoice_of(desk: Desk, number: str) -> XeroInvoiceId:
    return next(i.invoice_id for i in desk.xero.invoices.values() if i.number == f"CM-{number}")


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
    # A Xero whose clock stands before the last check is asked by id, since it would call everything unchanged.
    by_change = 0 if pause == "set back" else 1
    assert desk.xero.asked.count("changed_payments") == by_change
    assert desk.xero.asked.count("payments_by_id") == 2 - by_change
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
    assert "this computer slept" in failed.reason
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


def test_what_was_not_confirmed_at_the_beginning_stays_so(desk: Desk) -> None:
    """A later reading tells what has changed, and nothing about what could not be read before."""
    three_additions(desk)
    desk.xero.hidden_invoices |= {invoice_of(desk, "200"), invoice_of(desk, "300")}
    desk.steps.act_at("committed", lambda: desk.clock.sleep(3600))
    report = desk.apply()
    assert (desk.paid("100"), desk.paid("200"), desk.paid("300")) == (["400.00"], [], [])
    assert len(report.held_back) == 2


def test_an_invoice_that_cannot_be_read_while_another_one_is_written_is_not_written_later(desk: Desk) -> None:
    three_additions(desk)
    third = invoice_of(desk, "300")

    def slept() -> None:
        desk.xero.invoices[third] = replace(desk.xero.invoices[third], status="VOIDED", updated_at=desk.clock())
        desk.xero.break_invoice(third)
        desk.clock.sleep(3600)

    desk.steps.act_at("committed", slept)
    desk.apply()
    assert (desk.paid("200"), desk.paid("300")) == (["400.00"], [])


def test_each_removal_that_is_left_is_asked_for_again(desk: Desk) -> None:
    for number in ("100", "200", "300"):
        desk.bill(number)
        paid = desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
        desk.case.type_in(number, "400.00", NOV_1, notes=f"Xero payment {paid}")
    desk.poll()
    for paid in tuple(desk.xero.payments):
        desk.xero.delete(paid)
    desk.poll()
    desk.approve(*desk.proposals())

    def slept() -> None:
        desk.xero.forgotten.add(XeroPaymentId("payment-3"))
        desk.clock.sleep(3600)

    desk.steps.act_at("committed", slept)
    desk.apply()
    assert (desk.paid("200"), desk.paid("300")) == ([], ["400.00"])


@pytest.mark.parametrize("side", ["xero", "case"])
def test_a_side_that_goes_away_in_the_middle_leaves_a_report_and_the_approvals(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, side: str
) -> None:
    rows = three_additions(desk)

    def away(*_: object, **__: object) -> None:
        message = "Case Manager cannot be reached."
        raise CaseManagerError(message)

    def slept() -> None:
        desk.clock.sleep(3600)
        if side == "xero":
            desk.xero.errors["changed_invoices"] = XeroUnavailableError("Xero cannot be reached.")
        else:
            monkeypatch.setattr(FakeCaseManager, "read", away)

    desk.steps.act_at("committed", slept)
    report = desk.apply()
    assert (len(report.applied), len(report.held_back)) == (1, 2)
    assert all("cannot be reached" in row.reason and "stays approved" in row.reason for row in report.held_back)
    assert Counter(desk.again(row).state for row in rows) == {ProposalState.APPLIED: 1, ProposalState.APPROVED: 2}


def test_observing_stops_an_apply_that_goes_on(desk: Desk) -> None:
    """Whoever sees something wrong and says observe must not see two hundred more rows written."""
    rows = three_additions(desk)
    desk.steps.act_at("committed", lambda: desk.set_mode(Mode.OBSERVE))
    report = desk.apply()
    assert (len(report.applied), len(report.held_back)) == (1, 2)
    assert Counter(desk.again(row).state for row in rows) == {ProposalState.APPLIED: 1, ProposalState.APPROVED: 2}


@pytest.mark.parametrize(("wait_s", "waits", "written"), [(65, 1, 3), (65, 9, 1), (40, 9, 3)])
def test_a_reading_that_xero_delays_is_made_once_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, wait_s: int, waits: int, written: int
) -> None:
    """Its limit for a minute is waited for; where it never ends, the rest stays approved and nobody is told a tale.

    An answer that is always slow, and yet young enough to write by, stops nothing.
    """
    three_additions(desk)
    reading, left = FakeXero.changed_payments, [wait_s] * waits

    def slow(self: FakeXero, since: datetime | None) -> Iterator[PaymentsPage]:
        desk.clock.sleep(left.pop() if left else 0)
        yield from reading(self, since)

    monkeypatch.setattr(FakeXero, "changed_payments", slow)
    desk.steps.act_at("committed", lambda: desk.clock.sleep(40))
    report = desk.apply()
    assert (len(report.applied), len(report.held_back), len(report.failed)) == (written, 3 - written, 0)
    assert all("Xero made us wait" in row.reason for row in report.held_back)


def test_what_was_typed_elsewhere_in_the_meantime_is_seen(desk: Desk) -> None:
    """Nothing changed in Xero, but its money stands on another invoice by now."""
    two_additions(desk)
    desk.case.bill("900")

    def typed() -> None:
        desk.case.type_in("900", "400.00", NOV_1)
        desk.clock.sleep(40)

    desk.steps.act_at("committed", typed)
    report = desk.apply()
    assert len(report.applied) == 1
    assert len(report.stale) == 1
