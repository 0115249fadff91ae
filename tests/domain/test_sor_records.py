"""The small figures that the records of the SOR watch know of themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorAlert, SorAlertState, SorEvidence, SorKind
from cmxero_desktop.domain.sor.board import NO_BOARD, ClearingLine, SorBoard, SorRow
from cmxero_desktop.domain.sor.calendar import debit_day
from cmxero_desktop.domain.sor.notices import SorNoticeKind
from cmxero_desktop.domain.sor.reminding import notice_of
from cmxero_desktop.domain.sor.schedules import ScheduledInvoice, ScheduleSource, ScheduleState, SorSchedule
from cmxero_desktop.domain.sor.sighting import Sighting
from cmxero_desktop.domain.sor.words import explained

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
AMOUNT = Money.of("300.00", "AUD")
ALERT = SorAlert(
    key="payment:p1#1",
    sighting="payment:p1",
    schedule_id="A",
    invoice_number="CM-100",
    kind=SorKind.OTHER_PAYMENT,
    rule=Rule.S3,
    amount=AMOUNT,
    at_risk=AMOUNT,
    first_seen_at=NOON,
    first_seen_on=date(2026, 11, 1),
    evidence=SorEvidence(side=Side.XERO, name="payment of 300.00"),
    explanation="",
    consequence="",
    next_step="",
    debit_on=date(2026, 11, 8),
)
SCHEDULE = SorSchedule(
    schedule_id="A",
    source=ScheduleSource.MARKED,
    known_at=NOON,
    invoices=(ScheduledInvoice(number="CM-100"), ScheduledInvoice(number="CM-101")),
)


@pytest.mark.parametrize(("day", "expected"), [(1, 1), (3, 3), (7, 7), (8, 7), (30, 7)])
def test_the_first_day_is_day_1_and_the_last_safe_day_is_day_7_s4(day: int, expected: int) -> None:
    assert ALERT.day_on(date(2026, 11, day)) == expected
    assert ALERT.last_safe_day == date(2026, 11, 7)


def test_a_clock_that_was_put_back_counts_from_day_1() -> None:
    assert ALERT.day_on(date(2026, 10, 20)) == 1


def test_the_days_of_an_alert_that_ended_stand_still() -> None:
    ended = replace(ALERT, state=SorAlertState.CLEARED, ended_on=date(2026, 11, 4))
    assert (ended.day_on(date(2026, 12, 1)), ended.is_standing) == (4, False)


def test_where_no_debit_has_a_date_there_is_no_countdown_s4() -> None:
    alert = replace(ALERT, debit_on=None)
    assert (alert.day_on(date(2026, 11, 3)), alert.last_safe_day) == (None, None)


@pytest.mark.parametrize("state", ScheduleState)
def test_a_schedule_runs_while_it_is_active_or_an_instalment_is_tried_again_s1(state: ScheduleState) -> None:
    is_running = state in {ScheduleState.ACTIVE, ScheduleState.FAILED}
    assert replace(SCHEDULE, state=state).is_running is is_running


def test_a_schedule_takes_what_is_known_of_one_of_its_invoices() -> None:
    changed = SCHEDULE.with_invoice(ScheduledInvoice(number="CM-101", debit_on=date(2026, 11, 9)))
    assert changed.numbers == ("CM-100", "CM-101")
    assert changed.invoices[1].debit_on == date(2026, 11, 9)
    assert changed.with_invoice(changed.invoices[1]) is changed


def test_a_row_and_a_board_name_what_stands() -> None:
    zero = Money.zero("AUD")
    row = SorRow(
        schedule=SCHEDULE,
        invoice_number="CM-100",
        bill_to="Acme",
        total=None,
        written=zero,
        written_count=0,
        outside=zero,
        other_changes=0,
        due=None,
    )
    assert (row.row_id, row.leading) == ("A:CM-100", None)
    assert replace(row, alerts=(ALERT,)).leading is ALERT
    cleared = replace(ALERT, state=SorAlertState.CLEARED)
    assert SorBoard(alerts=(ALERT, cleared)).standing == (ALERT,)
    assert NO_BOARD.standing == ()


def test_what_should_be_left_on_the_clearing_account() -> None:
    line = ClearingLine(schedule_id="A", written=Money.of("100.00", "AUD"))
    assert line.expected is None
    paid_out = replace(line, disbursed=AMOUNT)
    assert paid_out.expected == Money.of("200.00", "AUD")
    over = replace(paid_out, is_settled=True)
    assert (line.taken_back, paid_out.taken_back) == (None, Money.zero("AUD"))
    assert (over.taken_back, over.expected) == (Money.of("200.00", "AUD"), Money.zero("AUD"))


def test_a_debit_date_goes_into_a_calendar_and_says_whether_it_is_known_s4() -> None:
    entered = debit_day(replace(ALERT, debit_date_is=DebitDateIs.ENTERED, next_step="Reverse it."))
    estimated = debit_day(replace(ALERT, debit_date_is=DebitDateIs.ESTIMATED))
    assert entered is not None
    assert estimated is not None
    assert entered.uid == estimated.uid
    assert (entered.on, entered.title) == (date(2026, 11, 8), "Apxium debit: CM-100, 300.00")
    assert estimated.title == "Apxium debit (estimated): CM-100, 300.00"
    assert "Last safe day: 7 Nov 2026 (a Saturday; the last weekday is 6 Nov 2026)." in entered.text
    assert entered.text.endswith("By 7 Nov 2026: reverse it.")
    assert debit_day(replace(ALERT, debit_on=None)) is None


@pytest.mark.parametrize("kind", SorKind)
def test_no_notice_and_no_calendar_names_a_client_or_a_reference_that_somebody_typed(kind: SorKind) -> None:
    name = "reference 'Mr Ito' instead of 'Mr Ito 2'" if kind is SorKind.REFERENCE_CHANGED else ALERT.evidence.name
    evidence = replace(ALERT.evidence, name=name, contact="Mr Ito", reference="Paid by Mr Ito")
    seen = Sighting(
        family="f", key="k", kind=kind, rule=Rule.S3, amount=AMOUNT, at_risk=AMOUNT, evidence=evidence, is_full=True
    )
    alert = replace(ALERT, kind=kind, evidence=evidence, explanation=explained(seen, "CM-100"))
    assert "Mr Ito" in alert.explanation, "the window says it"
    calendar = debit_day(replace(alert, debit_on=date(2026, 11, 8)))
    assert calendar is not None
    for state in SorAlertState:
        notice = notice_of(replace(alert, state=state), SorNoticeKind.REMINDER, date(2026, 11, 4))
        assert "Ito" not in f"{notice.title} {notice.text} {calendar.title} {calendar.text}"
        assert "CM-100" in notice.text
