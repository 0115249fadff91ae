"""The timetable asks for each due check or tells it as missed, on an ordinary day, in long checks and at the end."""

import pytest

from cmxero_desktop.services.records.runs import PollOutcome, Trigger
from cmxero_desktop.services.records.settings import PollSettings
from cmxero_desktop.services.timetable.due_checks import Due, one_after
from tests.services.timetable.program import OFFICE, Program, local


def test_xero_is_checked_at_each_interval() -> None:
    program = Program()
    program.obey(program.timetable.begin(program.wall))
    assert program.next == "09:10:00"
    program.work_until("09:35")
    assert program.asked == [
        ("09:00:00", Trigger.START),
        ("09:10:00", Trigger.SCHEDULE),
        ("09:20:00", Trigger.SCHEDULE),
        ("09:30:00", Trigger.SCHEDULE),
    ]
    assert program.missed == []


def test_a_check_that_is_wanted_sooner_is_asked_for_once_s6() -> None:
    """Two hours after an SOR schedule was cancelled, however long the interval."""
    program = Program(poll=PollSettings(interval_min=360), look_again_at=local("11:05"))
    program.obey(program.timetable.begin(program.wall))
    assert program.next == "11:05:00"
    program.work_until("12:00")
    assert program.asked == [("09:00:00", Trigger.START), ("11:05:00", Trigger.RETRY)]
    assert program.next == "17:05:00"
    assert program.missed == []


def test_what_is_wanted_between_two_checks_does_not_wait_for_the_next_one_s6() -> None:
    """A schedule that is cancelled at ten with checks six hours apart is looked at at twelve, and not at four."""
    program = Program(poll=PollSettings(interval_min=360))
    program.obey(program.timetable.begin(program.wall))
    program.work_until("10:00")
    program.obey(program.timetable.look_again(local("12:00"), program.clocks))
    assert program.next == "12:00:00"
    # It is told again with each view; what is past by then asks for nothing, and a check that fails keeps it.
    program.obey(program.timetable.look_again(local("09:30"), program.clocks))
    program.end(PollOutcome.OFFLINE)
    assert program.next == "10:00:30"
    program.work_until("10:01:30")
    assert [at for at, _ in program.asked] == ["09:00:00", "10:00:30"]
    program.obey(program.timetable.look_again(local("12:00"), program.clocks))
    program.work_until("12:30")
    assert program.asked[2:] == [("12:00:00", Trigger.RETRY)]
    program.obey(program.timetable.look_again(local("13:00"), program.clocks))
    program.obey(program.timetable.look_again(None, program.clocks))
    assert program.next == "18:00:00"


def test_the_interval_counts_from_a_persons_check_too() -> None:
    program = Program()
    program.work_until("09:07")
    program.end(PollOutcome.DONE)
    assert program.next == "09:17:00"


def test_after_working_hours_the_next_check_is_tomorrow() -> None:
    program = Program(OFFICE, wall=local("16:30"))
    program.work_until("17:05")
    assert [at for at, _ in program.asked] == ["16:40:00", "16:50:00"]
    assert program.timetable.next_check_at(program.wall) == local("2026-11-24 09:00")
    program.work_until("2026-11-24 09:01")
    assert program.asked[2:] == [("09:00:00", Trigger.SCHEDULE)]
    assert program.missed == []


def test_a_check_that_was_due_at_the_very_end_of_working_hours_is_made() -> None:
    program = Program(OFFICE, wall=local("16:49:59"))
    program.sleep_until("16:59:30")
    program.look()
    program.asked.clear()
    program.sleep_until("17:00:20")
    program.timetable._due_at = local("16:59:59")
    program.look()
    assert program.asked == [("17:00:20", Trigger.SCHEDULE)]


@pytest.mark.parametrize(
    "outcome", [PollOutcome.SIGNED_OUT, PollOutcome.PUT_OFF, PollOutcome.ELSEWHERE, PollOutcome.FAILED]
)
def test_other_ends_keep_the_interval(outcome: PollOutcome) -> None:
    program = Program(outcome=outcome)
    program.work_until("09:25")
    assert [at for at, _ in program.asked] == ["09:10:00", "09:20:00"]
    assert program.next == "09:30:00"
    assert program.missed == []


def test_what_came_due_during_a_long_check_is_told_when_it_ends() -> None:
    program = Program(is_ending=False)
    program.work_until("09:45")
    assert [at for at, _ in program.asked] == ["09:10:00", "09:20:00", "09:30:00", "09:40:00"]
    program.end(PollOutcome.DONE, started_at=local("09:10"))
    assert program.told == [(3, "one check took from 09:10 to 09:45.")]
    assert program.next == "09:55:00"


def test_a_check_that_slept_with_the_computer_is_followed_by_a_fresh_one() -> None:
    program = Program(is_ending=False)
    program.work_until("09:10")
    program.sleep_until("12:05")
    program.end(PollOutcome.DONE, started_at=local("09:10"))
    assert program.asked == [("09:10:00", Trigger.SCHEDULE), ("12:05:00", Trigger.WAKE)]
    assert program.told == [(16, "this computer was asleep or too busy from 09:10 to 12:05.")]
    assert program.next == "12:15:00"
    program.end(PollOutcome.OFFLINE)
    assert program.next == "12:05:30"


def test_a_retry_during_a_check_joins_it() -> None:
    program = Program(outcome=PollOutcome.OFFLINE)
    program.obey(program.timetable.begin(program.wall))
    program.is_ending = False
    program.obey(program.timetable.begin(program.wall))
    program.work_until("09:02")
    program.end(PollOutcome.DONE)
    assert program.missed == []


def test_nothing_that_was_due_is_lost_when_the_program_ends() -> None:
    paused = Program()
    paused.pause()
    paused.work_until("09:35")
    paused.close()
    assert paused.told == [(3, "checking was paused by Ann from 09:00 to 09:35.")]

    until_noon = Program()
    until_noon.pause("12:00")
    until_noon.work_until("09:35")
    until_noon.close()
    assert until_noon.told == [(3, "checking was paused by Ann from 09:00 to 09:35.")]

    held = Program(outcome=PollOutcome.PAUSED, xero_until=local("11:00"))
    held.work_until("09:35")
    held.close()
    assert held.told == [(3, "Xero asked for a pause from 09:10 to 09:35.")]

    offline = Program(outcome=PollOutcome.OFFLINE)
    offline.work_until("09:35")
    offline.close()
    assert offline.told == [(2, "there was no connection to Xero from 09:10 to 09:35.")]

    busy = Program(is_ending=False)
    busy.work_until("09:35")
    busy.close()
    assert busy.told == [(2, "one check took from 09:10 to 09:35.")]

    idle = Program()
    idle.work_until("09:35")
    idle.close()
    assert idle.told == []


def test_a_single_check_may_follow_one_that_stayed_open() -> None:
    first, second = local("09:10"), local("09:20")
    due = Due(count=1, first_at=second, before_last_at=None, last_at=second)
    assert one_after(first, due) == Due(count=2, first_at=first, before_last_at=first, last_at=second)
