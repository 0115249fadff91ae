"""What goes wrong with schedules in an office: other money, other numbers, two schedules, dates (S1, S4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorAlert, SorAlertState
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.schedules import FirmType, ScheduleSource, ScheduleState
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.listing import take_schedules
from cmxero_desktop.services.sor.saying import (
    end_schedule,
    mark_schedule,
    say_clearing_balance,
    say_disbursed,
    set_debit_date,
    tick_ending,
)
from cmxero_desktop.ui.sor.words import banner_text
from tests.services.desk import ANN, Desk, nov

SAYS = SorSaying(by=ANN)
CLEARING = {"account_name": "Apxium/Onebox SOR Clearing Account"}


def alerts(desk: Desk) -> tuple[SorAlert, ...]:
    with desk.store.read() as unit:
        return unit.sor.alerts()


def use_firm_type(desk: Desk, firm: FirmType) -> None:
    settings = desk.settings.settings
    desk.settings.settings = replace(settings, sor=replace(settings.sor, firm_type=firm))


@pytest.fixture
def watched(desk: Desk) -> Desk:
    """Return a desk with two invoices under schedules since yesterday."""
    for number in ("100", "101"):
        desk.bill(number)
    desk.poll()
    for number in ("100", "101"):
        mark_schedule(desk.outside, number, SAYS)
    desk.clock.pass_days(1)
    return desk


# Another currency


def test_money_of_another_currency_is_told_by_its_name_and_added_to_no_other(watched: Desk) -> None:
    watched.xero.pay("CM-100", "300.00", nov(23))
    watched.xero.bill("CM-102", "1000.00", currency="USD")
    watched.poll()
    mark_schedule(watched.outside, "102", SAYS)
    watched.clock.pass_days(1)
    payment = watched.xero.pay("CM-102", "70.00", nov(24))
    watched.poll()
    board = watched.view().sor
    assert "300.00 AUD and 70.00 USD at risk" in banner_text(board)
    (alert,) = (a for a in board.standing if a.invoice_number == "CM-102")
    assert "payment of 70.00 USD dated 24 Nov" in alert.explanation
    assert "takes 70.00 USD back" in alert.consequence
    watched.xero.delete(payment)
    watched.poll()
    assert [a.state for a in alerts(watched) if a.key == alert.key] == [SorAlertState.CLEARED]


# The firm's software


def test_a_firm_whose_software_is_another_after_all_counts_no_days_any_more_and_back(watched: Desk) -> None:
    watched.xero.pay("CM-100", "300.00", nov(23))
    watched.poll()
    use_firm_type(watched, FirmType.OTHER)
    watched.poll(is_full=True)
    (alert,) = alerts(watched)
    assert (alert.debit_on, alert.debit_date_is, alert.state) == (None, None, SorAlertState.OPEN)
    watched.clock.pass_days(20)
    watched.poll()
    assert [a.state for a in alerts(watched)] == [SorAlertState.OPEN]
    use_firm_type(watched, FirmType.XERO)
    watched.poll(is_full=True)
    (alert,) = alerts(watched)
    # The week is over since the first sight: there may have been a debit.
    assert (alert.debit_on, alert.state) == (nov(30), SorAlertState.PASSED)


# Whose date it is


def test_a_date_of_one_mail_is_not_taken_for_another_one_that_may_come_sooner(watched: Desk) -> None:
    """The mail about the first payment says nothing of one that comes later, unless it is the nearer date."""
    first = watched.xero.pay("CM-100", "300.00", nov(23))
    watched.poll()
    set_debit_date(watched.outside, "100", date(2026, 12, 20), SAYS)
    watched.clock.pass_days(1)
    watched.xero.pay("CM-100", "55.00", nov(24))
    watched.poll()
    by_amount = {str(a.amount): a for a in alerts(watched)}
    assert (by_amount["300.00"].debit_on, by_amount["300.00"].debit_date_is) == (
        date(2026, 12, 20),
        DebitDateIs.ENTERED,
    )
    assert (by_amount["55.00"].debit_on, by_amount["55.00"].debit_date_is) == (
        date(2026, 12, 1),
        DebitDateIs.ESTIMATED,
    )
    watched.xero.delete(first)
    watched.poll()
    watched.clock.pass_days(1)
    watched.xero.pay("CM-100", "66.00", nov(25))
    watched.poll()
    (third,) = (a for a in alerts(watched) if str(a.amount) == "66.00")
    assert (third.debit_on, third.debit_date_is) == (date(2026, 12, 2), DebitDateIs.ESTIMATED)


def test_a_nearer_date_that_is_known_counts_for_what_comes_later_too(watched: Desk) -> None:
    watched.xero.pay("CM-100", "300.00", nov(23))
    watched.poll()
    set_debit_date(watched.outside, "100", nov(28), SAYS)
    watched.clock.pass_days(1)
    watched.xero.pay("CM-100", "55.00", nov(24))
    watched.poll()
    assert {a.debit_on for a in alerts(watched)} == {nov(28)}


def test_a_date_that_was_said_before_anything_was_seen_is_that_of_the_first_sight(watched: Desk) -> None:
    set_debit_date(watched.outside, "100", date(2026, 12, 20), SAYS)
    watched.xero.pay("CM-100", "300.00", nov(23))
    watched.poll()
    (alert,) = alerts(watched)
    assert (alert.debit_on, alert.debit_date_is) == (date(2026, 12, 20), DebitDateIs.ENTERED)


# The clearing account after an early end


def test_what_apxium_took_back_is_expected_on_the_account_only_until_its_debit_is_entered_s6_s9(watched: Desk) -> None:
    say_disbursed(watched.outside, "100", Money.of("1000.00", "AUD"), SAYS)
    say_disbursed(watched.outside, "101", Money.of("1000.00", "AUD"), SAYS)
    payment = watched.xero.pay("CM-100", "100.00", nov(23))
    watched.xero.change(payment, **CLEARING)
    watched.poll()
    end_schedule(watched.outside, "100", ScheduleState.CANCELLED, SAYS)
    say_clearing_balance(watched.outside, Money.of("1900.00", "AUD"), nov(23), SAYS)
    clearing = watched.view().sor.clearing
    assert clearing is not None
    assert (str(clearing.expected), str(clearing.difference)) == ("1,900.00", "0.00")
    tick_ending(watched.outside, "CM-100", "recouped", SAYS, is_done=True)
    say_clearing_balance(watched.outside, Money.of("1000.00", "AUD"), nov(24), SAYS)
    clearing = watched.view().sor.clearing
    assert clearing is not None
    assert (str(clearing.expected), str(clearing.difference), clearing.findings) == ("1,000.00", "0.00", ())


# Renumbered, voided, on two schedules


def test_what_happens_under_another_number_is_found_and_told_by_the_known_one(watched: Desk) -> None:
    watched.xero.renumber(next(i for i, f in watched.xero.invoices.items() if f.number == "CM-100"), "X-9")
    watched.poll()
    watched.xero.pay("X-9", "300.00", nov(23))
    watched.poll()
    assert sorted((a.invoice_number, a.kind.value) for a in alerts(watched)) == [
        ("CM-100", "sor_number_changed"),
        ("CM-100", "sor_other_payment"),
    ]


def test_an_invoice_is_on_one_running_schedule_alone(watched: Desk) -> None:
    def listed(name: str) -> ListLine:
        amount = Money.of("100.00", "AUD")
        return ListLine(line=2, schedule=name, invoice="100", due_on=date(2026, 12, 1), amount=amount)

    def take(*names: str) -> tuple[int, list[str]]:
        lines = tuple(listed(name) for name in names)
        found = take_schedules(watched.outside, lines, source=ScheduleSource.LIST, by=ANN, is_preview=False)
        return len(found.accepted), [bad.why for bad in found.bad]

    assert take("A", "B") == (
        0,
        ["Invoice CM-100 is on schedule B as well.", "Invoice CM-100 is on schedule A as well."],
    )
    assert take("A") == (1, [])
    assert take("B") == (0, ["Invoice CM-100 is on schedule A as well."])
    with pytest.raises(NotAllowedError, match="under schedule A already"):
        mark_schedule(watched.outside, "100", SAYS)


def test_a_void_invoice_stays_an_alert_and_completes_no_schedule(watched: Desk) -> None:
    key = next(i for i, f in watched.xero.invoices.items() if f.number == "CM-100")
    watched.xero.invoices[key] = replace(
        watched.xero.invoices[key], status="VOIDED", updated_at=watched.clock() + timedelta(seconds=1)
    )
    watched.poll()
    for _ in range(9):
        watched.clock.pass_days(1)
        watched.poll()
    (alert,) = alerts(watched)
    assert (alert.kind.value, alert.state) == ("sor_voided", SorAlertState.PASSED)
    with watched.store.read() as unit:
        assert {s.state for s in unit.sor.schedules()} == {ScheduleState.ACTIVE}
