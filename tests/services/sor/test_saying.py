"""What persons say of schedules: it is kept, told in History, and followed at once by flags and alerts (S1)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorAlert, SorAlertState
from cmxero_desktop.domain.sor.board import ClearingBalance
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.notices import NoticeWay
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState, SorSchedule
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.listing import take_schedules
from cmxero_desktop.services.sor.saying import (
    close_alert,
    end_schedule,
    fail_instalment,
    mark_schedule,
    say_clearing_balance,
    say_disbursed,
    set_debit_date,
    tick_ending,
    unmark_schedule,
)
from tests.services.desk import ANN, Desk, nov

ANN_SAYS = SorSaying(by=ANN)
BECAUSE = SorSaying(by=ANN, reason="settled with Apxium")
# The desk's clock begins on 22 November, in Sydney.
TODAY = nov(22)


@pytest.fixture
def firm(desk: Desk) -> Desk:
    """Return a desk that has checked one invoice, with a payment of 300.00 on it that Case Manager lacks."""
    desk.bill()
    desk.xero.pay("CM-100", "300.00", TODAY)
    desk.poll()
    return desk


def schedules(desk: Desk) -> tuple[SorSchedule, ...]:
    with desk.store.read() as unit:
        return unit.sor.schedules()


def alerts(desk: Desk) -> tuple[SorAlert, ...]:
    with desk.store.read() as unit:
        return unit.sor.alerts()


def outside(desk: Desk) -> SorAlert:
    """Mark the invoice, and let another payment come that stands outside."""
    mark_schedule(desk.outside, "CM-100", ANN_SAYS)
    desk.xero.pay("CM-100", "50.00", TODAY)
    desk.poll()
    return next(alert for alert in alerts(desk) if alert.amount == Money.of("50.00", "AUD"))


def test_a_mark_flags_what_is_proposed_at_once_and_taking_it_back_unflags_it_s10(firm: Desk) -> None:
    assert Flag.SOR not in firm.proposal().proposal.flags
    assert mark_schedule(firm.outside, "100", ANN_SAYS) == "CM-100 is marked as under an SOR schedule."
    assert Flag.SOR in firm.proposal().proposal.flags
    assert firm.approve_in_bulk().held_back
    assert firm.view().sor.rows[0].invoice_number == "CM-100"
    assert unmark_schedule(firm.outside, "cm-100", ANN_SAYS) == "CM-100 is not marked any more."
    assert Flag.SOR not in firm.proposal().proposal.flags
    assert schedules(firm) == ()
    said = [entry.event for entry in firm.history() if entry.event.what is AuditWhat.SOR]
    assert [(event.by, event.evidence["state"]) for event in said] == [(ANN, "active"), (ANN, "closed")]


def test_what_stands_against_a_mark_that_is_taken_back_is_closed(firm: Desk) -> None:
    outside(firm)
    unmark_schedule(firm.outside, "100", BECAUSE)
    assert {(a.state, a.closed_by, a.closed_why) for a in alerts(firm)} == {
        (SorAlertState.CLOSED, ANN, "settled with Apxium")
    }


def test_an_invoice_that_is_not_there_or_void_or_marked_cannot_be_marked(firm: Desk) -> None:
    with pytest.raises(NotAllowedError, match=r"Xero has no invoice CM-9\."):
        mark_schedule(firm.outside, "9", ANN_SAYS)
    mark_schedule(firm.outside, "100", ANN_SAYS)
    with pytest.raises(NotAllowedError, match="under schedule CM-100 already, by its marked by hand"):
        mark_schedule(firm.outside, "100", ANN_SAYS)
    firm.xero.bill("CM-101", status="VOIDED")
    firm.case.bill("101")
    firm.xero.pay("CM-101", "1.00", TODAY)
    firm.poll()
    with pytest.raises(NotAllowedError, match="CM-101 is voided in Xero"):
        mark_schedule(firm.outside, "101", ANN_SAYS)


def test_an_invoice_without_any_payment_is_watched_once_it_is_marked(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    assert desk.view().sor.rows == ()
    mark_schedule(desk.outside, "100", ANN_SAYS)
    assert desk.view().sor.rows[0].due == Money.of("1000.00", "AUD")
    desk.case.type_in("100", "90.00", TODAY)
    desk.poll()
    assert [alert.amount for alert in desk.view().sor.standing] == [Money.of("90.00", "AUD")]
    assert desk.view().counts.alerts == 1


def test_a_schedule_that_ended_is_not_ended_again_and_its_invoice_may_be_marked_anew(firm: Desk) -> None:
    mark_schedule(firm.outside, "100", ANN_SAYS)
    assert "is closed." in end_schedule(firm.outside, "100", ScheduleState.CLOSED, BECAUSE)
    assert Flag.SOR not in firm.proposal().proposal.flags
    with pytest.raises(NotAllowedError, match="Schedule CM-100 of CM-100 is closed already"):
        end_schedule(firm.outside, "100", ScheduleState.COMPLETED, ANN_SAYS)
    mark_schedule(firm.outside, "100", ANN_SAYS)
    assert [schedule.schedule_id for schedule in schedules(firm)] == ["CM-100", "CM-100/2"]
    with pytest.raises(NotAllowedError, match="has not ended"):
        end_schedule(firm.outside, "100", ScheduleState.FAILED, ANN_SAYS)
    with pytest.raises(NotAllowedError, match="under no SOR schedule"):
        end_schedule(firm.outside, "7", ScheduleState.CLOSED, ANN_SAYS)


def test_only_a_mark_is_taken_back(firm: Desk) -> None:
    payment_id = firm.xero.pay("CM-100", "100.00", TODAY)
    firm.xero.change(payment_id, account_name="SOR Clearing")
    firm.poll()
    with pytest.raises(NotAllowedError, match="known by its clearing account"):
        unmark_schedule(firm.outside, "100", ANN_SAYS)


def test_a_cancellation_ends_the_alerts_lists_what_is_left_and_looks_again_by_itself_s6_s9(firm: Desk) -> None:
    outside(firm)
    assert "What is left to do" in end_schedule(firm.outside, "100", ScheduleState.CANCELLED, BECAUSE)
    assert {alert.state for alert in alerts(firm)} == {SorAlertState.CLOSED}
    (ending,) = firm.view().sor.endings
    assert [item.key.partition(":")[0] for item in ending.items] == [*("outstanding", "recouped", "outside", "outside")]
    key = ending.items[1].key
    assert tick_ending(firm.outside, "CM-100", key, ANN_SAYS, is_done=True) == "Done."
    assert firm.view().sor.endings[0].items[1].tick is not None
    assert tick_ending(firm.outside, "CM-100", key, ANN_SAYS, is_done=False) == "Not done yet."
    assert firm.view().sor.endings[0].items[1].tick is None
    run = firm.poll()
    assert run.look_again_at == schedules(firm)[0].look_again_at is not None
    firm.clock.sleep(7200)
    assert firm.poll().look_again_at is None
    assert schedules(firm)[0].look_again_at is None
    with firm.store.begin() as unit:
        said = unit.sor.take(NoticeWay.TRAY, "a desk", firm.clock.now, firm.clock.now, lambda _: True)
    assert [each.key for each in said].count(f"CM-100:looked-again:{TODAY.isoformat()}") == 1


@pytest.mark.parametrize("name", ["CM-100", "nothing"])
def test_only_the_list_after_an_early_end_has_ticks(firm: Desk, name: str) -> None:
    mark_schedule(firm.outside, "100", ANN_SAYS)
    with pytest.raises(NotAllowedError, match="has no list"):
        tick_ending(firm.outside, name, "recouped", ANN_SAYS, is_done=True)


def test_a_debit_date_counts_for_what_stands_and_lies_ahead_s4(firm: Desk) -> None:
    alert = outside(firm)
    assert alert.debit_on == TODAY + timedelta(days=7)
    said = set_debit_date(firm.outside, "100", date(2026, 12, 4), ANN_SAYS)
    assert said == "The debit date of CM-100 is 4 Dec 2026; the last safe day is 3 Dec 2026."
    changed = next(each for each in alerts(firm) if each.key == alert.key)
    assert (changed.debit_on, changed.debit_date_is) == (date(2026, 12, 4), DebitDateIs.ENTERED)
    with pytest.raises(NotAllowedError, match="22 Nov 2026 is not after today"):
        set_debit_date(firm.outside, "100", TODAY, ANN_SAYS)
    firm.clock.pass_days(20)
    firm.poll()
    assert {each.state for each in alerts(firm)} == {SorAlertState.PASSED}
    set_debit_date(firm.outside, "100", date(2026, 12, 20), ANN_SAYS)
    assert {each.state for each in alerts(firm)} == {SorAlertState.OPEN}


def test_a_failed_instalment_is_tried_again_on_a_day_ahead_s1(firm: Desk) -> None:
    mark_schedule(firm.outside, "100", ANN_SAYS)
    assert "tries again on 1 Dec 2026" in fail_instalment(firm.outside, "100", date(2026, 12, 1), ANN_SAYS)
    assert (schedules(firm)[0].state, schedules(firm)[0].retry_on) == (ScheduleState.FAILED, date(2026, 12, 1))
    assert Flag.SOR in firm.proposal().proposal.flags
    with pytest.raises(NotAllowedError, match="is not after today"):
        fail_instalment(firm.outside, "100", TODAY, ANN_SAYS)


def test_an_alert_that_a_person_closed_needs_a_reason_and_is_never_found_again(firm: Desk) -> None:
    alert = outside(firm)
    with pytest.raises(NotAllowedError, match="A reason is needed"):
        close_alert(firm.outside, alert.key, ANN_SAYS)
    reasons = {schedule.reason for schedule in schedules(firm)}
    close_alert(firm.outside, alert.key, BECAUSE)
    assert {schedule.reason for schedule in schedules(firm)} == reasons, "why an alert is closed is not why it runs"
    with pytest.raises(NotAllowedError, match="no alert"):
        close_alert(firm.outside, alert.key, BECAUSE)
    with pytest.raises(NotAllowedError, match="no alert nothing that stands"):
        close_alert(firm.outside, "nothing", BECAUSE)
    before = len(alerts(firm))
    firm.poll(is_full=True)
    assert len(alerts(firm)) == before


def test_what_apxium_paid_out_and_what_the_account_holds_are_said_for_the_clearing_check_s6(firm: Desk) -> None:
    mark_schedule(firm.outside, "100", ANN_SAYS)
    amount = Money.of("980.00", "AUD")
    assert say_disbursed(firm.outside, "100", amount, ANN_SAYS) == "Apxium paid out 980.00 for schedule CM-100."
    assert say_clearing_balance(firm.outside, amount, TODAY, ANN_SAYS) == (
        "The SOR clearing account held 980.00 on 22 Nov 2026."
    )
    clearing = firm.view().sor.clearing
    assert clearing is not None
    assert (clearing.balance, clearing.difference) == (
        ClearingBalance(amount=amount, on=TODAY, by=ANN),
        Money.zero("AUD"),
    )
    with pytest.raises(NotAllowedError, match="kept in AUD"):
        say_clearing_balance(firm.outside, Money.of("1", "NZD"), TODAY, ANN_SAYS)
    with pytest.raises(NotAllowedError, match="cannot have been paid out"):
        say_disbursed(firm.outside, "100", Money.zero("AUD"), ANN_SAYS)
    with pytest.raises(NotAllowedError, match="under no SOR schedule"):
        say_disbursed(firm.outside, "7", amount, ANN_SAYS)


def lines(amount: str = "500.00") -> tuple[ListLine, ...]:
    money = Money.of(amount, "AUD")
    return tuple(
        ListLine(line=month, schedule="S", invoice="100", due_on=date(2027, month, 1), amount=money) for month in (1, 2)
    )


def test_a_list_is_shown_first_and_then_taken_and_takes_the_place_of_a_mark_s1(firm: Desk) -> None:
    alert = outside(firm)

    def take(amount: str = "500.00", *, is_preview: bool = False) -> tuple[int, int]:
        found = take_schedules(firm.outside, lines(amount), source=ScheduleSource.LIST, by=ANN, is_preview=is_preview)
        return len(found.accepted), len(found.unchanged)

    assert take(is_preview=True) == (1, 0)
    assert [s.schedule_id for s in schedules(firm)] == ["CM-100"]
    assert take() == (1, 0)
    assert [(s.schedule_id, s.source) for s in schedules(firm)] == [("S", ScheduleSource.LIST)]
    entries = len(firm.history())
    assert take() == (0, 1)
    assert len(firm.history()) == entries
    assert {each.schedule_id for each in alerts(firm)} == {"S"}
    assert alert.key in {each.key for each in alerts(firm)}
    assert len(alerts(firm)) == len({each.family for each in alerts(firm)})
    assert take("-1.00") == (0, 0)
    assert take("490.00") == (1, 0)


def test_what_is_said_is_dated_today_although_the_last_check_was_yesterday(firm: Desk) -> None:
    outside(firm)
    firm.clock.pass_days(1)
    end_schedule(firm.outside, "100", ScheduleState.CLOSED, ANN_SAYS)
    assert {alert.ended_on for alert in alerts(firm)} == {nov(23)}


def test_a_desk_that_only_observes_watches_too(firm: Desk) -> None:
    observing = replace(firm.settings.settings, mode=type(firm.settings.settings.mode).OBSERVE)
    firm.settings.settings = observing
    assert mark_schedule(firm.outside, "100", ANN_SAYS)


def test_a_long_list_is_stored_as_a_whole_however_many_schedules_it_has(
    firm: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each schedule once read and stored all of those before it."""
    money = Money.of("100.00", "AUD")
    many = [str(number) for number in range(200, 230)]
    for number in many:
        firm.bill(number)
    firm.poll()
    due = date(2027, 1, 1)
    rows = [ListLine(line=int(n), schedule=f"S{n}", invoice=n, due_on=due, amount=money) for n in many]
    saved: list[int] = []
    with firm.store.begin() as unit:
        kind = type(unit.sor)
    save = kind.save_schedules

    def counted(self: object, schedules: Iterable[SorSchedule]) -> None:
        some = list(schedules)
        saved.append(len(some))
        save(self, some)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(kind, "save_schedules", counted)
    found = take_schedules(firm.outside, rows, source=ScheduleSource.LIST, by=ANN, is_preview=False)
    assert len(found.accepted) == 30
    assert saved[0] == 30
    assert len(saved) <= 2
