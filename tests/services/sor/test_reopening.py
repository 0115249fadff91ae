"""A schedule that was said to have ended by mistake is watched on, as if nobody had said so."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.sor.alerts import SorAlert, SorAlertState
from cmxero_desktop.domain.sor.knowing import PROGRAM
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNoticeKind
from cmxero_desktop.domain.sor.schedules import ScheduledInvoice, ScheduleState, SorSchedule
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.noticing import take_notices
from cmxero_desktop.services.sor.saying import (
    close_alert,
    end_schedule,
    fail_instalment,
    mark_schedule,
    reopen_schedule,
    tick_ending,
)
from tests.services.desk import ANN, Desk, nov

SAYS = SorSaying(by=ANN)
MISTAKEN = SorSaying(by=ANN, reason="it was CM-101 that was cancelled")


def alerts(desk: Desk) -> tuple[SorAlert, ...]:
    with desk.store.read() as unit:
        return unit.sor.alerts()


def schedules(desk: Desk) -> tuple[SorSchedule, ...]:
    with desk.store.read() as unit:
        return unit.sor.schedules()


@pytest.fixture
def warned(desk: Desk) -> Desk:
    """Return a desk with an invoice under a schedule, and two payments outside it that were just seen."""
    desk.bill()
    desk.poll()
    mark_schedule(desk.outside, "100", SAYS)
    desk.clock.pass_days(1)
    desk.xero.pay("CM-100", "300.00", nov(23))
    desk.xero.pay("CM-100", "40.00", nov(23))
    desk.poll()
    return desk


@pytest.mark.parametrize("state", [ScheduleState.CANCELLED, ScheduleState.DEFAULTED, ScheduleState.CLOSED])
@pytest.mark.parametrize("days", [0, 2])
def test_what_was_warned_of_is_warned_of_again_with_its_day_and_its_debit_date(
    warned: Desk, state: ScheduleState, days: int
) -> None:
    """Whatever was said meanwhile, Apxium counts on: the seven days began when the payment was first seen."""
    before, running = {alert.key: alert for alert in alerts(warned)}, schedules(warned)
    end_schedule(warned.outside, "100", state, SAYS)
    warned.clock.pass_days(days)
    warned.poll()
    assert {alert.state for alert in alerts(warned)} == {SorAlertState.CLOSED}
    said = reopen_schedule(warned.outside, "100", MISTAKEN)
    assert said == "The end of schedule CM-100 is taken back. What ended with it stands again: 2 of its alerts."
    warned.poll()
    assert {alert.key: alert for alert in alerts(warned)} == before
    (now,) = schedules(warned)
    assert replace(now, reason="") == running[0]
    assert all("sor" in {flag.value for flag in stored.proposal.flags} for stored in warned.proposals())


def test_what_a_person_closed_before_stays_closed(warned: Desk) -> None:
    first = alerts(warned)[0]
    close_alert(warned.outside, first.key, SorSaying(by=ANN, reason="Apxium knows"))
    end_schedule(warned.outside, "100", ScheduleState.CANCELLED, SAYS)
    warned.poll()
    assert "1 of its alerts" in reopen_schedule(warned.outside, "100", MISTAKEN)
    warned.poll()
    assert {a.key: a.state for a in alerts(warned)}[first.key] is SorAlertState.CLOSED
    assert [a.state for a in alerts(warned) if a.key != first.key] == [SorAlertState.OPEN]


def test_a_debit_date_that_came_meanwhile_has_passed(warned: Desk) -> None:
    end_schedule(warned.outside, "100", ScheduleState.CANCELLED, SAYS)
    warned.poll()
    warned.clock.pass_days(9)
    reopen_schedule(warned.outside, "100", MISTAKEN)
    warned.poll()
    assert {a.state for a in alerts(warned)} == {SorAlertState.PASSED}
    told = [notice.kind for notice in take_notices(warned.outside, NoticeWay.MAIL, "one", is_quiet=False)]
    assert told.count(SorNoticeKind.PASSED) == len(alerts(warned))


def test_what_apxium_tries_again_is_waited_for_again(warned: Desk) -> None:
    """Nobody would be told that the second try brought nothing, after which Apxium debits the firm."""
    fail_instalment(warned.outside, "100", nov(26), SAYS)
    end_schedule(warned.outside, "100", ScheduleState.CANCELLED, SAYS)
    assert [schedule.tried_again_on for schedule in schedules(warned)] == [None]
    reopen_schedule(warned.outside, "100", MISTAKEN)
    assert [(s.state, s.tried_again_on) for s in schedules(warned)] == [(ScheduleState.FAILED, nov(26))]


def test_of_several_the_one_that_is_named_is_taken_back_and_never_beside_one_that_runs(warned: Desk) -> None:
    """What goes on after a mistaken end is found anew as a second schedule: both at once would count it twice."""
    end_schedule(warned.outside, "100", ScheduleState.CANCELLED, SAYS)
    warned.clock.pass_days(1)
    mark_schedule(warned.outside, "100", SAYS)
    with pytest.raises(NotAllowedError, match="Schedule CM-100/2 of CM-100 runs"):
        reopen_schedule(warned.outside, "100", MISTAKEN)
    with pytest.raises(NotAllowedError, match="CM-100 is under schedule CM-100/2, which runs") as refused:
        reopen_schedule(warned.outside, "100", MISTAKEN, "CM-100")
    assert refused.value.remedy.startswith("If both are the same, say first that CM-100/2 is closed")
    end_schedule(warned.outside, "100", ScheduleState.CLOSED, SAYS)
    with pytest.raises(NotAllowedError, match="CM-100 has no SOR schedule CM-7"):
        reopen_schedule(warned.outside, "100", MISTAKEN, "CM-7")
    assert reopen_schedule(warned.outside, "100", MISTAKEN, "CM-100").startswith(
        "The end of schedule CM-100 is taken back."
    )
    assert {s.schedule_id: s.is_running for s in schedules(warned)} == {"CM-100": True, "CM-100/2": False}
    end_schedule(warned.outside, "100", ScheduleState.CANCELLED, SAYS)
    warned.clock.pass_days(1)
    mark_schedule(warned.outside, "100", SAYS)
    end_schedule(warned.outside, "100", ScheduleState.CLOSED, SAYS)
    assert "schedule CM-100/3 is" in reopen_schedule(warned.outside, "100", MISTAKEN)


def test_none_is_taken_back_beside_another_that_runs_for_one_of_its_invoices(desk: Desk) -> None:
    desk.bill()
    desk.bill("101")
    desk.poll()
    mark_schedule(desk.outside, "100", SAYS)
    with desk.store.begin() as unit:
        (one,) = unit.sor.schedules()
        unit.sor.save_schedules([replace(one, invoices=(*one.invoices, ScheduledInvoice(number="CM-101")))])
        unit.commit()
    end_schedule(desk.outside, "100", ScheduleState.CANCELLED, SAYS)
    mark_schedule(desk.outside, "101", SAYS)
    with pytest.raises(NotAllowedError, match="CM-101 is under schedule CM-101/2, which runs"):
        reopen_schedule(desk.outside, "100", MISTAKEN)


def test_what_was_taken_off_meanwhile_is_cleared_by_the_next_check(warned: Desk) -> None:
    end_schedule(warned.outside, "100", ScheduleState.CANCELLED, SAYS)
    warned.poll()
    for payment in list(warned.xero.payments):
        warned.xero.delete(payment)
    reopen_schedule(warned.outside, "100", MISTAKEN)
    warned.poll()
    assert {a.state for a in alerts(warned)} == {SorAlertState.CLEARED}


def test_ticks_of_the_mistaken_end_do_not_count_for_a_later_one(warned: Desk) -> None:
    end_schedule(warned.outside, "100", ScheduleState.CANCELLED, SAYS)
    tick_ending(warned.outside, "CM-100", "outstanding:CM-100", SAYS, is_done=True)
    reopen_schedule(warned.outside, "100", MISTAKEN)
    end_schedule(warned.outside, "100", ScheduleState.CANCELLED, SAYS)
    warned.poll()
    (ending,) = warned.view().sor.endings
    assert {item.tick for item in ending.items} == {None}


def test_only_what_a_person_said_to_have_ended_is_taken_back(warned: Desk) -> None:
    with pytest.raises(NotAllowedError, match="Schedule CM-100 of CM-100 runs"):
        reopen_schedule(warned.outside, "100", MISTAKEN)
    with pytest.raises(NotAllowedError, match="CM-7 has no SOR schedule"):
        reopen_schedule(warned.outside, "7", MISTAKEN)


def test_what_is_written_whole_runs_no_more(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    mark_schedule(desk.outside, "100", SAYS)
    desk.clock.pass_days(1)
    payment = desk.xero.pay("CM-100", "1000.00", nov(23))
    desk.xero.change(payment, account_name="Apxium/Onebox SOR Clearing Account")
    desk.poll()
    with pytest.raises(NotAllowedError, match="every instalment of it stands in Xero"):
        reopen_schedule(desk.outside, "100", MISTAKEN)


def test_one_that_a_person_ended_although_all_of_it_is_written_is_completed_by_itself(desk: Desk) -> None:
    """What is answered is true of it too: its end is taken back, and nothing is left to be watched."""
    desk.bill()
    desk.poll()
    mark_schedule(desk.outside, "100", SAYS)
    desk.clock.pass_days(1)
    end_schedule(desk.outside, "100", ScheduleState.COMPLETED, SAYS)
    desk.xero.change(desk.xero.pay("CM-100", "1000.00", nov(23)), account_name="Apxium/Onebox SOR Clearing Account")
    desk.poll()
    assert reopen_schedule(desk.outside, "100", MISTAKEN) == "The end of schedule CM-100 is taken back."
    assert [(s.state, s.ended_by) for s in schedules(desk)] == [(ScheduleState.COMPLETED, PROGRAM)]
