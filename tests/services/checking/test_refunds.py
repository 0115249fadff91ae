"""When money that went back is read: with each full comparison, and at once where the debtor test fails (R2, R24a)."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.errors import XeroOfflineError, XeroUnavailableError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import PaymentStatus, Side, UnreadableRow
from cmxero_desktop.services.checking.beside import MOST_CALLS
from cmxero_desktop.services.checking.debtors import debtor_lists
from cmxero_desktop.services.records.runs import CallLimits, PollAsk, PollOutcome
from tests.services.desk import Desk, nov

NOTE = "ARCREDITPAYMENT"


@pytest.fixture(autouse=True)
def paid_invoice(desk: Desk) -> None:
    """Bill and pay an invoice, equal in both systems, and compare everything once."""
    desk.bill()
    desk.xero.pay("CM-100", "1000.00", nov(1))
    desk.case.type_in("100", "1000.00", nov(1))
    desk.poll()
    desk.xero.asked.clear()


def refunds_here(desk: Desk, amount: str) -> None:
    """Enter refunds on the invoice in Case Manager."""
    (key,) = desk.case.invoices
    desk.case.invoices[key] = replace(desk.case.invoices[key], refunds=Money.of(amount, "AUD"))


def causes(desk: Desk) -> set[Cause]:
    return {reason.cause for line in debtor_lists(desk.outside).lines for reason in line.reasons}


def listed(desk: Desk) -> list[tuple[str, str]]:
    return [(row.invoice_number, row.refund.payment_id) for row in desk.view().money_back]


def asked(desk: Desk) -> int:
    """Return how often refunds were asked for since this was last looked at."""
    count = desk.xero.asked.count("changed_refunds")
    desk.xero.asked.clear()
    return count


def test_r2_refunds_are_read_with_each_full_comparison_and_listed_newest_first(desk: Desk) -> None:
    old = desk.xero.pay_back("20.00", nov(2))
    new = desk.xero.pay_back("30.00", nov(3), NOTE, reference="CM-100")
    desk.xero.pay_back("40.00", nov(4), contact_name="Mr Ono")
    desk.poll()
    assert asked(desk) == 0
    desk.poll(is_full=True)
    assert asked(desk) == 3
    assert listed(desk) == [("CM-100", new), ("", old)]
    desk.xero.refunds[new] = replace(desk.xero.refunds[new], status=PaymentStatus.DELETED, updated_at=desk.clock())
    desk.poll(is_full=True)
    assert listed(desk) == [("", old)]


def test_r2_they_are_looked_for_at_once_and_once_where_the_lists_differ(desk: Desk) -> None:
    desk.xero.pay_back("200.00", nov(2), NOTE)
    refunds_here(desk, "200.00")
    run = desk.poll()
    assert asked(desk) == 3
    assert run.counts == desk.view().counts
    assert causes(desk) == {Cause.CREDIT_REFUNDED}
    desk.poll()
    assert asked(desk) == 0
    refunds_here(desk, "250.00")
    desk.poll()
    assert asked(desk) == 3
    # What differs since the last full comparison was looked for then.
    refunds_here(desk, "260.00")
    desk.poll(is_full=True)
    assert asked(desk) == 3
    desk.poll()
    assert asked(desk) == 0


def test_r2_at_once_only_what_is_newer_than_the_newest_known_is_read(desk: Desk) -> None:
    desk.xero.pay_back("20.00", nov(2), NOTE)
    desk.poll(is_full=True)
    for amount in ("30.00", "200.00"):
        desk.clock.pass_days(1)
        desk.xero.pay_back(amount, nov(3), NOTE)
    refunds_here(desk, "200.00")
    asked(desk)
    desk.poll()
    assert [row.refund.amount.minor for row in desk.view().money_back] == [20_000, 3_000, 2_000]


def test_r2_a_check_spends_five_calls_at_most_on_what_it_looks_for_at_once(desk: Desk) -> None:
    for _ in range(12):
        desk.xero.pay_back("20.00", nov(2), NOTE)
    refunds_here(desk, "200.00")
    desk.poll()
    assert asked(desk) == MOST_CALLS


def test_r2_accounts_share_the_five_calls(desk: Desk) -> None:
    for _ in range(12):
        desk.xero.pay_back("20.00", nov(2), NOTE)
    desk.xero.change(desk.xero.pay("CM-100", "5.00", nov(2)), account_id="new")
    refunds_here(desk, "200.00")
    desk.poll()
    assert desk.xero.asked.count("accounts") + desk.xero.asked.count("changed_refunds") == MOST_CALLS


def test_r2_while_the_calls_of_the_day_are_kept_for_persons_nothing_is_looked_for(desk: Desk) -> None:
    desk.xero.pay_back("200.00", nov(2), NOTE)
    refunds_here(desk, "200.00")
    desk.xero.limits = CallLimits(day=502, seen_at=desk.clock())
    desk.poll()
    assert asked(desk) == 0
    desk.xero.limits = CallLimits(day=4_000, seen_at=desk.clock())
    desk.poll()
    assert asked(desk) == 3


def test_r2_what_differs_only_since_the_full_comparison_is_looked_for_although_that_could_not_spend_more(
    desk: Desk,
) -> None:
    desk.xero.limits = CallLimits(day=502, seen_at=desk.clock())
    desk.poll(is_full=True)
    desk.xero.limits = CallLimits(day=4_000, seen_at=desk.clock())
    desk.xero.pay_back("200.00", nov(2), NOTE)
    refunds_here(desk, "200.00")
    desk.poll()
    assert causes(desk) == {Cause.CREDIT_REFUNDED}


def test_r2_no_check_is_lost_over_refunds_that_cannot_be_read(desk: Desk) -> None:
    desk.xero.pay_back("200.00", nov(2), NOTE)
    refunds_here(desk, "200.00")
    desk.xero.errors["changed_refunds"] = XeroUnavailableError("Broken.")
    desk.poll()
    assert causes(desk) == {Cause.REFUND}
    desk.poll(is_full=True)
    del desk.xero.errors["changed_refunds"]
    desk.poll()
    assert causes(desk) == {Cause.CREDIT_REFUNDED}


def test_r2_without_a_connection_the_check_ends_as_others_do(desk: Desk) -> None:
    refunds_here(desk, "200.00")
    desk.xero.errors["changed_refunds"] = XeroOfflineError("No connection.")
    assert desk.polling.poll(PollAsk()).outcome is PollOutcome.OFFLINE


def test_r2_a_refund_that_cannot_be_read_holds_no_invoice(desk: Desk) -> None:
    bad = desk.xero.pay_back("20.00", nov(2))
    desk.xero.broken[bad] = UnreadableRow(side=Side.XERO, place="Payments", problem="Date is empty.")
    desk.poll(is_full=True)
    assert listed(desk) == []
    assert not desk.view().skipped


def test_r2_a_refund_of_an_invoice_that_comes_later_is_found_with_the_next_full_comparison(desk: Desk) -> None:
    desk.xero.pay_back("200.00", nov(2), NOTE, contact_name="Mr Late", reference="CM-200")
    refunds_here(desk, "200.00")
    desk.poll()
    desk.bill("200")
    desk.xero.pay("CM-200", "1000.00", nov(2))
    desk.poll()
    assert listed(desk) == []
    desk.poll(is_full=True)
    assert listed(desk) == [("CM-200", "refund-1")]
