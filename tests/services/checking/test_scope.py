"""What a check takes in: CM invoices and customers' payments, from the start on, by the organisation's own date."""

from dataclasses import replace
from datetime import UTC, datetime

from cmxero_desktop.domain.errors import XeroPausedError, XeroUnavailableError
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.policy import Locks
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.records import Account
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from tests.services.checking.checks import state_of, three_payments
from tests.services.desk import NOV_1, Desk, nov


def test_only_cm_invoices_and_customer_payments_are_kept(desk: Desk) -> None:
    desk.xero.bill("INV-1")
    desk.xero.bill("cm-1")
    desk.xero.pay("INV-1", "10.00", NOV_1)
    desk.bill()
    payment_id = desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.change(payment_id, payment_type="ARCREDITPAYMENT")
    run = desk.poll()
    assert (run.fetched, run.counts.unmatched) == (2, 0)
    with desk.store.read() as unit:
        assert [t.number for t in unit.facts.tracked().values()] == ["CM-100"]


def test_a_bare_prefix_is_of_no_invoice(desk: Desk) -> None:
    desk.xero.bill("CM-")
    desk.xero.pay("CM-", "10.00", NOV_1)
    desk.poll()
    (row,) = desk.view().skipped
    assert row.placement.reason is Reason.NO_INVOICE


def test_an_invoice_first_seen_by_its_payment_is_tracked(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.clock.pass_days(1)
    desk.bill("200")
    desk.xero.pay("CM-200", "10.00", NOV_1)
    late = desk.xero.invoices.pop(XeroInvoiceId("invoice-2"))
    run = desk.poll()
    assert run.counts.skipped == 1
    desk.xero.invoices[late.invoice_id] = late
    assert desk.poll().counts.proposed == 1


def test_an_invoice_that_gets_its_number_later_brings_its_older_payments(desk: Desk) -> None:
    desk.case.bill("100")
    invoice_id = desk.xero.bill("INV-1")
    desk.xero.pay("INV-1", "10.00", NOV_1)
    # Before the first check, so that the payment is older than the cursor with its overlap.
    desk.clock.pass_days(2)
    desk.poll()
    desk.xero.renumber(invoice_id, "CM-100")
    desk.poll()
    assert None not in desk.xero.since[1:], "a full list would bring it anyway"
    assert desk.proposal().proposal.kind is ProposalKind.ADD


def test_payments_before_the_start_date_are_counted_and_not_listed(desk: Desk) -> None:
    desk.set_policy(start_date=nov(28))
    three_payments(desk)
    assert desk.poll().counts.unmatched == 0
    assert desk.view().out_of_scope == 3


def test_an_older_payment_that_was_applied_after_the_start_is_listed_and_looked_at_alone(desk: Desk) -> None:
    desk.set_policy(start_date=nov(2))
    three_payments(desk)
    assert desk.poll().counts.proposed == 3
    assert all(Flag.BEFORE_START in row.proposal.flags for row in desk.proposals())
    assert desk.approve_in_bulk().done == ()


def test_settled_another_way(desk: Desk) -> None:
    desk.bill()
    desk.xero.credit(XeroInvoiceId("invoice-1"), "1000.00")
    assert desk.poll().counts.proposed == 0
    (row,) = desk.view().settled_another_way
    assert (row.invoice_number, row.contact_name, row.settlement.number) == ("CM-100", "Ms Ito", "CN-1")


def test_r33_xero_s_lock_dates_and_the_lodged_period_come_with_the_next_full_check(desk: Desk) -> None:
    three_payments(desk)
    desk.poll()
    assert {p.proposal.flags for p in desk.proposals()} == {frozenset()}
    desk.xero.org = replace(desk.xero.org, locks=Locks(period=NOV_1))
    desk.poll(is_full=True)
    assert state_of(desk).organisation.locks == Locks(period=NOV_1)
    assert {p.proposal.flags for p in desk.proposals()} == {frozenset({Flag.CLOSED_PERIOD})}
    desk.set_policy(lodged_until=NOV_1)
    desk.xero.org = replace(desk.xero.org, locks=Locks())
    desk.poll(is_full=True)
    assert {p.proposal.flags for p in desk.proposals()} == {frozenset({Flag.CLOSED_PERIOD})}


def test_accounts_that_xero_cannot_tell_cost_no_check_unless_nothing_can_be_asked(desk: Desk) -> None:
    three_payments(desk)
    desk.xero.errors["accounts"] = XeroUnavailableError("Xero does not answer as it should.")
    assert desk.poll(is_full=True).counts.proposed == 3
    desk.xero.errors["accounts"] = XeroPausedError("Wait.", retry_after_s=7)
    assert desk.polling.poll(PollAsk(is_full=True)).outcome is PollOutcome.PAUSED


def test_the_accounts_are_read_with_each_full_check_and_where_one_is_new(desk: Desk) -> None:
    desk.bill()
    first = desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.change(first, account_id="A-1")
    desk.xero.chart = [Account(account_id="a-1", account_type="CURRENT")]
    desk.poll()
    assert desk.xero.asked.count("accounts") == 1
    assert desk.proposal().proposal.flags == {Flag.NOT_BANK}
    desk.poll()
    assert desk.xero.asked.count("accounts") == 1
    desk.xero.change(desk.xero.pay("CM-100", "20.00", NOV_1), account_id="a-2")
    desk.poll()
    assert desk.xero.asked.count("accounts") == 2
    # The account that the chart does not have is asked for with full comparisons only, also in another program run.
    desk.restart()
    desk.poll()
    assert desk.xero.asked.count("accounts") == 2
    desk.poll(is_full=True)
    assert desk.xero.asked.count("accounts") == 3


def test_today_is_the_organisation_s(desk: Desk) -> None:
    # 22 November 12:30 in London is 23:30 in Sydney.
    desk.clock.now = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    desk.bill()
    desk.xero.pay("CM-100", "400.00", nov(28))
    desk.poll()
    (row,) = desk.view().skipped
    assert (row.placement.reason, row.placement.ready_on) == (Reason.FUTURE_DATED, nov(23))
    desk.clock.now = datetime(2026, 11, 22, 13, 30, tzinfo=UTC)
    desk.poll()
    assert state_of(desk).comparison.today == nov(23)
    assert desk.proposal().proposal.kind is ProposalKind.ADD
