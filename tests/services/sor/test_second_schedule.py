"""A second schedule on an invoice whose first one ended early: each instalment counts once, in the one it was for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.alerts import SorKind
from cmxero_desktop.domain.sor.board import SorRow
from cmxero_desktop.domain.sor.ending import RECOUPED
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.domain.sor.sums import invoice_sums, schedule_sums
from cmxero_desktop.services.records.settings import PolicySettings
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.listing import take_schedules
from cmxero_desktop.services.sor.saying import end_schedule, say_clearing_balance, say_disbursed, tick_ending
from tests.services.desk import ANN, Desk, nov

SAYS = SorSaying(by=ANN, reason="a new agreement")
CLEARING = {"account_name": "Apxium/Onebox SOR Clearing Account"}
DECEMBER = date(2026, 12, 20)


def take(desk: Desk, name: str, *instalments: tuple[str, date]) -> None:
    """Import a schedule of CM-100."""
    lines = tuple(
        ListLine(line=n, schedule=name, invoice="100", due_on=due, amount=Money.of(amount, "AUD"))
        for n, (amount, due) in enumerate(instalments, 2)
    )
    found = take_schedules(desk.outside, lines, source=ScheduleSource.LIST, by=ANN, is_preview=False)
    assert len(found.accepted) == 1, found.bad


def write(desk: Desk, amount: str, day: date) -> str:
    """Have Apxium write an instalment, and see it."""
    payment = desk.xero.pay("CM-100", amount, day)
    desk.xero.change(payment, **CLEARING)
    desk.clock.pass_days(1)
    desk.poll()
    return payment


def row(desk: Desk, name: str) -> SorRow:
    return next(r for r in desk.view().sor.rows if r.schedule.schedule_id == name)


def sums(desk: Desk, name: str) -> tuple[str, str]:
    return invoice_sums(row(desk, name)), schedule_sums(row(desk, name), desk.view().sor.today)


@pytest.fixture
def first(desk: Desk) -> str:
    """Have A, of 1,000.00, end with 400.00 of it written; return the id of its first instalment."""
    desk.bill()
    desk.poll()
    take(desk, "A", ("200.00", nov(10)), ("200.00", nov(20)), ("600.00", DECEMBER))
    one = write(desk, "200.00", nov(10))
    write(desk, "200.00", nov(20))
    say_disbursed(desk.outside, "100", Money.of("1000.00", "AUD"), SAYS)
    end_schedule(desk.outside, "100", ScheduleState.CANCELLED, SAYS)
    desk.clock.pass_days(1)
    desk.poll()
    return one


@pytest.fixture
def second(desk: Desk, first: str) -> str:
    """Have B, of 600.00, begin, with 300.00 of it written."""
    take(desk, "B", ("300.00", nov(25)), ("300.00", DECEMBER))
    desk.poll()
    write(desk, "300.00", nov(25))
    return first


@pytest.mark.usefixtures("second")
def test_s1_each_instalment_counts_in_the_schedule_that_it_was_for(desk: Desk) -> None:
    """All 700.00 counted in both: B had 100.00 too much, and A got 300.00 after its end."""
    assert sums(desk, "B") == (
        "1,000.00 in Xero: 300.00 in 1 instalment + 400.00 in instalments of another schedule + 300.00 still owed.",
        "600.00: 300.00 written + 300.00 still to come. The next is 300.00 on 20 Dec 2026.",
    )
    assert sums(desk, "A") == (
        "1,000.00 in Xero: 400.00 in 2 instalments + 300.00 in instalments of another schedule + 300.00 still owed.",
        "1,000.00: 400.00 written + 600.00 was not paid when it ended.",
    )


@pytest.mark.usefixtures("second")
def test_s6_the_clearing_account_has_each_instalment_once(desk: Desk) -> None:
    say_disbursed(desk.outside, "100", Money.of("600.00", "AUD"), SAYS)
    clearing = desk.view().sor.clearing
    assert clearing is not None
    assert [(line.schedule_id, str(line.written), str(line.expected)) for line in clearing.lines] == [
        ("A", "400.00", "600.00"),
        ("B", "300.00", "300.00"),
    ]


@pytest.mark.usefixtures("second")
def test_s9_what_apxium_takes_back_for_the_first_is_no_less_for_the_second(desk: Desk) -> None:
    (ending,) = desk.view().sor.endings
    (recouped,) = [item for item in ending.items if item.key == "recouped"]
    assert str(recouped.amount) == "600.00"


@pytest.mark.usefixtures("first")
def test_s7_instalments_that_the_first_had_make_no_room_for_the_second(desk: Desk) -> None:
    """B of 900.00 on an invoice that owes 600.00: with A's 400.00 taken for B's, nobody was told."""
    take(desk, "B", ("300.00", nov(25)), ("600.00", DECEMBER))
    desk.poll()
    (alert,) = row(desk, "B").alerts
    assert (alert.kind, str(alert.amount)) == (SorKind.TOO_MUCH, "300.00")


def test_s8_an_instalment_of_the_first_that_is_deleted_is_no_alert_of_the_second(desk: Desk, second: str) -> None:
    desk.xero.delete(next(i for i in desk.xero.payments if i == second))
    desk.clock.pass_days(1)
    desk.poll()
    assert row(desk, "B").alerts == ()
    assert str(row(desk, "A").written) == "200.00"


@pytest.mark.usefixtures("second")
def test_s3_an_instalment_of_the_first_is_no_other_payment_once_the_account_has_another_name(desk: Desk) -> None:
    settings = desk.settings.settings
    policy: PolicySettings = replace(settings.policy, sor_account="Other clearing")
    desk.settings.settings = replace(settings, policy=policy)
    desk.poll(is_full=True)
    assert row(desk, "B").alerts == ()
    assert str(row(desk, "B").written) == "300.00"


def test_s1_of_a_schedule_that_was_closed_by_mistake_the_instalments_are_those_of_the_right_one(desk: Desk) -> None:
    """Payments alone told of one; a person closed it, and enters it as it is."""
    desk.bill()
    write(desk, "200.00", nov(10))
    desk.poll(is_full=True)
    end_schedule(desk.outside, "100", ScheduleState.CLOSED, SAYS)
    desk.clock.now += timedelta(hours=1)
    take(desk, "B", ("200.00", nov(10)), ("800.00", DECEMBER))
    desk.poll()
    assert sums(desk, "B")[1].startswith("1,000.00: 200.00 written + 800.00 still to come.")


def test_s6_a_debit_counts_from_the_firms_day_on_which_it_was_ticked(desk: Desk) -> None:
    """At nine in Sydney it is the day before in UTC, whose balance was read before anything was debited."""
    desk.bill()
    desk.poll()
    take(desk, "A", ("200.00", nov(10)), ("800.00", DECEMBER))
    write(desk, "200.00", nov(10))
    say_disbursed(desk.outside, "100", Money.of("1000.00", "AUD"), SAYS)
    end_schedule(desk.outside, "100", ScheduleState.DEFAULTED, SAYS)
    desk.clock.now = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    desk.poll()
    say_clearing_balance(desk.outside, Money.of("800.00", "AUD"), nov(24), SAYS)
    tick_ending(desk.outside, "A", RECOUPED, SAYS, is_done=True)
    check = desk.view().sor.clearing
    assert check is not None
    assert (check.expected, check.expected_then, check.findings) == (
        Money.of("0.00", "AUD"),
        Money.of("800.00", "AUD"),
        (),
    )
