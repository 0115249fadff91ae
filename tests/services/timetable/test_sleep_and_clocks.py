"""Sleep, a schedule that stood still and a clock that is corrected cost no check unheard, and cause no storm."""

from cmxero_desktop.services.records.runs import PollOutcome, Trigger
from cmxero_desktop.services.records.settings import PollSettings
from tests.services.timetable.program import OFFICE, Program, local


def test_after_sleep_one_check_makes_up_for_all() -> None:
    program = Program()
    program.work_until("09:15")
    program.asked.clear()
    program.sleep_until("12:05")
    program.look()
    assert program.asked == [("12:05:00", Trigger.WAKE)]
    assert program.told == [(16, "this computer was asleep or too busy from 09:15 to 12:05.")]
    assert (program.missed[0].first_at, program.missed[0].last_at) == (local("09:20"), local("11:50"))
    assert program.next == "12:15:00"


def test_a_schedule_that_stood_still_is_not_called_sleep_and_only_once() -> None:
    program = Program()
    program.work_until("09:15")
    program.timetable.stood_still()
    program.sleep_until("09:45")
    program.look()
    program.sleep_until("10:15")
    program.look()
    assert program.told == [
        (2, "this program's schedule stood still from 09:15 to 09:45, and was started again."),
        (2, "this computer was asleep or too busy from 09:45 to 10:15."),
    ]


def test_a_nap_between_two_checks_costs_nothing() -> None:
    program = Program()
    program.sleep_until("09:09")
    program.look()
    assert (program.asked, program.next) == ([], "09:10:00")
    program.sleep_until("09:14")
    program.look()
    assert (program.asked, program.missed) == ([("09:14:00", Trigger.WAKE)], [])


def test_after_a_night_asleep_nothing_is_due_before_working_hours() -> None:
    program = Program(OFFICE, wall=local("16:35"))
    program.sleep_until("20:00")
    program.look()
    assert program.asked == []
    assert program.told == [(2, "this computer was asleep or too busy from 16:35 to 20:00.")]


def test_sleep_within_a_pause_belongs_to_the_pause() -> None:
    program = Program()
    program.pause("10:00")
    program.sleep_until("11:00")
    program.look()
    assert program.told == [
        (5, "checking was paused by Ann from 09:00 to 10:00."),
        (6, "this computer was asleep or too busy from 09:00 to 11:00."),
    ]
    assert program.asked == [("11:00:00", Trigger.WAKE)]


def test_a_clock_put_forward_asks_once_and_says_so() -> None:
    program = Program()
    program.sleep_until("2026-11-25 09:00", counted=False)
    program.look()
    assert len(program.asked) == 1
    assert program.told == [(287, "this computer's clock moved from 23 Nov 2026 09:00 to 25 Nov 2026 09:00 at once.")]
    assert program.next == "09:10:00"


def test_a_clock_put_forward_by_years_causes_no_storm() -> None:
    program = Program(PollSettings(interval_min=1))
    program.sleep_until("2036-11-23 09:00", counted=False)
    program.look()
    program.look()
    assert (len(program.asked), len(program.missed)) == (1, 1)


def test_a_clock_put_back_by_hours_does_not_stop_checking() -> None:
    program = Program()
    program.sleep_until("06:00", counted=False)
    program.look()
    assert (program.asked, program.missed, program.next) == ([], [], "06:10:00")
    program.work_until("06:11")
    assert program.asked == [("06:10:00", Trigger.SCHEDULE)]


def test_a_small_correction_changes_nothing() -> None:
    program = Program()
    program.sleep_until("08:59", counted=False)
    program.look()
    assert program.next == "09:10:00"


def test_a_pause_for_an_hour_stays_one_when_the_clock_is_put_back() -> None:
    program = Program()
    program.pause("10:00")
    program.work_until("09:30")
    program.sleep_until("06:30", counted=False)
    program.look()
    assert program.timetable.paused_until(program.wall) == local("07:00")
    program.work_until("07:00")
    assert program.asked == [("07:00:00", Trigger.SCHEDULE)]
    assert program.told == [(5, "checking was paused by Ann from 06:30 to 07:00.")]


def test_a_pause_without_an_end_lasts_when_the_clock_is_put_back() -> None:
    program = Program()
    program.pause()
    program.work_until("09:30")
    program.sleep_until("06:30", counted=False)
    program.look()
    assert program.timetable.is_paused(program.wall)
    program.resume()
    assert program.told == [(3, "checking was paused by Ann from 06:30 to 06:30.")]


def test_a_running_check_outlives_a_clock_that_is_put_back() -> None:
    program = Program(is_ending=False)
    program.work_until("09:25")
    program.sleep_until("06:00", counted=False)
    program.look()
    program.end(PollOutcome.DONE)
    assert program.told == [(1, "one check took from 06:00 to 06:00.")]
    assert program.next == "06:10:00"
