"""Whatever a person said of the SOR watch is told by History: what, of which schedule, by whom and why (S1, S6, S9)."""

from collections.abc import Callable
from datetime import date

import pytest

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.listing import take_schedules
from cmxero_desktop.services.sor.saying import (
    close_alert,
    end_schedule,
    fail_instalment,
    mark_schedule,
    reopen_schedule,
    say_clearing_balance,
    say_disbursed,
    set_debit_date,
    tick_ending,
    unmark_schedule,
)
from tests.services.desk import ANN, Desk, nov

SAYS = SorSaying(by=ANN, reason="as the mail says")
LATER = date(2026, 12, 20)
Deed = Callable[[Desk], object]


def told(desk: Desk) -> list[AuditEvent]:
    """Return what History tells of schedules, the newest first."""
    with desk.store.read() as unit:
        return [entry.event for entry in unit.audit.entries() if entry.event.what is AuditWhat.SOR]


def close_the_alert(desk: Desk) -> str:
    with desk.store.read() as unit:
        (alert,) = unit.sor.alerts()
    return close_alert(desk.outside, alert.key, SAYS)


def cancelled(then: Deed) -> Deed:
    def deed(desk: Desk) -> object:
        end_schedule(desk.outside, "100", ScheduleState.CANCELLED, SAYS)
        return then(desk)

    return deed


def tick(key: str, *, is_done: bool = True) -> Deed:
    return lambda desk: tick_ending(desk.outside, "CM-100", key, SAYS, is_done=is_done)


def listed(desk: Desk) -> object:
    lines = [ListLine(line=2, schedule="SOR-1", invoice="CM-101", due_on=LATER, amount=Money.of("10.00", "AUD"))]
    return take_schedules(desk.outside, lines, source=ScheduleSource.LIST, by=ANN, is_preview=False)


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (lambda desk: mark_schedule(desk.outside, "101", SAYS), "CM-101: marked"),
        (lambda desk: unmark_schedule(desk.outside, "100", SAYS), "CM-100: its mark taken back"),
        (lambda desk: end_schedule(desk.outside, "100", ScheduleState.DEFAULTED, SAYS), "CM-100: defaulted"),
        (cancelled(lambda desk: reopen_schedule(desk.outside, "100", SAYS)), "CM-100: watched on, not cancelled"),
        (
            lambda desk: fail_instalment(desk.outside, "100", LATER, SAYS),
            "CM-100: an instalment failed, tried again on 20 Dec 2026",
        ),
        (
            lambda desk: set_debit_date(desk.outside, "100", LATER, SAYS),
            "CM-100: debit date of CM-100 20 Dec 2026",
        ),
        (close_the_alert, "CM-100: alert about CM-100 closed"),
        (cancelled(tick("outstanding:CM-100")), "CM-100: what CM-100 owes again ticked as done"),
        (cancelled(tick("recouped")), "CM-100: Apxium's debit ticked as done"),
        (cancelled(tick("outside:a", is_done=False)), "CM-100: tick of a step taken back"),
        (
            lambda desk: say_disbursed(desk.outside, "100", Money.of("900.00", "AUD"), SAYS),
            "CM-100: 900.00 paid out by Apxium",
        ),
        (
            lambda desk: say_clearing_balance(desk.outside, Money.of("800.00", "AUD"), nov(23), SAYS),
            "The clearing account held 800.00 on 23 Nov 2026",
        ),
    ],
)
def test_what_a_person_said_is_told_with_its_reason(desk: Desk, deed: Deed, words: str) -> None:
    desk.bill()
    desk.bill("101")
    desk.poll()
    mark_schedule(desk.outside, "100", SorSaying(by=ANN))
    desk.clock.pass_days(1)
    desk.xero.pay("CM-100", "300.00", nov(23))
    desk.poll()
    deed(desk)
    last = told(desk)[0]
    assert (last.evidence["explanation"], last.by, last.reason) == (words, ANN, "as the mail says")


def test_what_was_listed_is_told_as_taken(desk: Desk) -> None:
    desk.bill("101")
    desk.poll()
    listed(desk)
    assert told(desk)[0].evidence["explanation"] == "SOR-1: taken from a list or entered"
