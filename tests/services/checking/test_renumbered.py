"""An invoice that was renumbered, or whose number another took over, stays in scope and moves no money (R1)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cmxero_desktop.domain.identifiers import OrganisationId, XeroInvoiceId
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.policy import Locks
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from tests.services.checking.checks import state_of, three_payments
from tests.services.desk import ANN, NOV_1, Desk, nov


def test_a_renumbered_invoice_stays_in_scope_and_is_an_alert(desk: Desk) -> None:
    three_payments(desk)
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "INV-9")
    desk.xero.pay("INV-9", "40.00", NOV_1)
    run = desk.poll()
    assert (run.counts.proposed, run.counts.alerts) == (4, 1)
    (alert,) = desk.view().alerts
    assert (alert.kind, alert.invoice_number) == (AlertKind.RENUMBERED, "CM-100")
    assert "INV-9" in alert.explanation
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-100")
    assert desk.poll().counts.alerts == 0


def test_a_renumbered_invoice_without_payments_is_an_alert_too(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "")
    assert desk.poll().counts.alerts == 1
    assert "(no number)" in desk.view().alerts[0].explanation


def test_a_renumbered_invoice_finds_case_manager_s_new_number(desk: Desk) -> None:
    desk.xero.bill("CM-100")
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-101")
    desk.xero.pay("CM-101", "40.00", NOV_1)
    desk.case.bill("101")
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    assert desk.paid("101") == ["40.00"]


@pytest.mark.parametrize("new_number", ["CM-101", "101", ""])
def test_a_number_that_another_invoice_took_over_takes_no_money_along(desk: Desk, new_number: str) -> None:
    desk.bill()
    desk.case.bill("101")
    desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-1"), new_number)
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "90.00", NOV_1)
    desk.poll()
    assert desk.view().alerts[0].kind is AlertKind.RENUMBERED
    desk.approve_and_apply(*desk.proposals())
    assert desk.paid("100") == ["90.00"]
    assert desk.paid("101") == (["40.00"] if new_number == "CM-101" else [])
    if new_number != "CM-101":
        assert [row.placement.reason for row in desk.view().skipped] == [Reason.NO_INVOICE]


def test_two_invoices_with_one_number_share_its_case_invoice(desk: Desk) -> None:
    desk.bill()
    first = desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.xero.delete(first)
    old = XeroInvoiceId("invoice-1")
    desk.xero.invoices[old] = replace(desk.xero.invoices[old], status="VOIDED")
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "90.00", NOV_1)
    desk.poll()
    add = desk.proposal()
    assert add.proposal.xero_invoice_id == "invoice-2"
    desk.approve_and_apply(add)
    assert desk.view().alerts == ()


@pytest.mark.parametrize("is_full", [False, True])
def test_r13_a_time_zone_that_changes_in_xero_moves_today_within_a_day_whatever_is_compared(
    desk: Desk, *, is_full: bool
) -> None:
    """It is 12:00 on 22 November in Sydney at the first check, and on 23 November 02:00 in UTC at the last."""
    three_payments(desk)
    desk.poll()
    assert state_of(desk).comparison.today == nov(22)
    desk.xero.org = replace(desk.xero.org, time_zone="Etc/GMT+11", locks=Locks(period=nov(30)))
    desk.poll()
    assert state_of(desk).organisation.time_zone == "Australia/Sydney", "known at once only where all is compared"
    asked = desk.xero.asked.count("organisation")
    desk.clock.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    desk.poll(is_full=is_full)
    state = state_of(desk)
    assert (state.organisation.time_zone, state.comparison.today) == ("Etc/GMT+11", nov(22))
    assert state.organisation.locks.period == nov(30)
    desk.poll()
    assert desk.xero.asked.count("organisation") == asked + 1, "once a day is enough"


def test_an_organisation_of_another_id_is_refused_on_a_new_day_too(desk: Desk) -> None:
    three_payments(desk)
    desk.poll()
    desk.xero.org = replace(desk.xero.org, organisation_id=OrganisationId("org-2"), name="Other")
    desk.clock.pass_days(1)
    run = desk.polling.poll(PollAsk())
    assert run.outcome is PollOutcome.OTHER_BOOKS
    assert "Other (org-2)" in run.reason


def test_r1_two_living_invoices_of_one_number_are_an_alert_and_nothing_of_them_is_written(desk: Desk) -> None:
    desk.bill()
    second = desk.xero.bill("CM-100", "250.00")
    desk.xero.pay("CM-100", "90.00", NOV_1)
    desk.poll()
    [alert] = desk.view().alerts
    assert (alert.kind, alert.invoice_number) == (AlertKind.NUMBER_SHARED, "CM-100")
    assert "Xero has 2 invoices that are called CM-100 and are not void" in alert.explanation
    assert "one of 1,000.00 to Ms Ito and one of 250.00 to Ms Ito" in alert.explanation
    add = desk.proposal()
    assert Flag.NUMBER_SHARED in add.proposal.flags
    assert "may also be another of Xero's invoices called CM-100." in add.proposal.explanation
    assert desk.deciding.approve([add.proposal_id], by=ANN).done == ()
    assert desk.paid("100") == []
    # One alert while it lasts, also over a full check; gone with its cause.
    desk.poll(is_full=True)
    assert desk.view().alerts == (alert,)
    desk.xero.renumber(second, "CM-250")
    desk.poll(is_full=True)
    assert AlertKind.NUMBER_SHARED not in {each.kind for each in desk.view().alerts}


def copied(desk: Desk, number: str, amount: str) -> None:
    """Make an invoice in both systems with a payment that this program copied."""
    desk.bill(number)
    desk.xero.pay(f"CM-{number}", amount, NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())


def flags_by_invoice(desk: Desk) -> dict[str, set[Flag]]:
    """Poll, see that nothing goes in bulk, and return what is flagged."""
    desk.poll()
    assert desk.approve_in_bulk().done == ()
    found: dict[str, set[Flag]] = {}
    for stored in desk.proposals():
        found.setdefault(stored.proposal.invoice_number, set()).update(stored.proposal.flags)
    return found


def test_r1_nothing_of_a_renumbered_invoice_goes_in_bulk_while_the_alert_stands(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "INV-9")
    desk.xero.pay("INV-9", "60.00", nov(20))
    assert flags_by_invoice(desk) == {"CM-100": {Flag.RENUMBERED}}
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "")
    assert flags_by_invoice(desk) == {"CM-100": {Flag.RENUMBERED}}
    assert "(no number)" in desk.proposal().proposal.explanation
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-100")
    desk.poll()
    assert desk.approve_in_bulk().done != ()


def test_r1_where_numbers_were_swapped_what_stands_under_the_old_ones_blocks(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    copied(desk, "101", "70.00")
    for invoice, number in (("invoice-1", ""), ("invoice-2", "CM-100"), ("invoice-1", "CM-101")):
        desk.xero.renumber(XeroInvoiceId(invoice), number)
    desk.xero.pay("CM-101", "60.00", nov(20))
    flags = flags_by_invoice(desk)
    # Each goes with the invoice that holds its copies, so that nothing is proposed of the one that is matched.
    assert flags == {"CM-101": {Flag.RENUMBERED, Flag.NUMBER_SHARED}}
    explanation = desk.proposal().proposal.explanation
    assert "CM-100 is called CM-101 in Xero now. It is compared with Case Manager's invoice 100." in explanation
    assert "Invoice 100 of Case Manager may also be Xero's CM-100." in explanation
    found = [(r.placement.invoice_number, r.placement.case) for r in desk.view().matched]
    assert [(number, case.invoice_id.value) for number, case in found if case] == [("CM-100", 2), ("CM-101", 1)]
    assert [(a.kind, a.invoice_number) for a in desk.view().alerts] == [
        (AlertKind.RENUMBERED, "CM-101"),
        (AlertKind.RENUMBERED, "CM-100"),
    ]


def test_r1_swapped_numbers_without_copies_are_flagged_only(desk: Desk) -> None:
    desk.bill("100")
    desk.bill("101")
    desk.poll()
    for invoice, number in (("invoice-1", ""), ("invoice-2", "CM-100"), ("invoice-1", "CM-101")):
        desk.xero.renumber(XeroInvoiceId(invoice), number)
    desk.xero.pay("CM-101", "60.00", nov(20))
    assert flags_by_invoice(desk) == {"CM-101": {Flag.RENUMBERED}}
    assert (
        "CM-100 is called CM-101 in Xero now. It is compared with Case Manager's invoice 101."
        in desk.proposal().proposal.explanation
    )


def test_r1_an_invoice_that_was_voided_and_issued_again_blocks_until_its_copies_are_gone(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    old = XeroInvoiceId("invoice-1")
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.xero.invoices[old] = replace(desk.xero.invoices[old], status="VOIDED")
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "40.00", nov(20))
    (flags,) = flags_by_invoice(desk).values()
    assert Flag.NUMBER_SHARED in flags
    assert all(p.proposal.blocking_flags for p in desk.proposals())
    desk.case.rows.clear()
    desk.poll()
    assert Flag.NUMBER_SHARED not in desk.proposal().proposal.flags
