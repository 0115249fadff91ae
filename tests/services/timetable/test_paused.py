"""A person's pause costs its checks, tells them once, and is followed by the newest that was due."""

from cmxero_desktop.services.records.runs import PollOutcome, Trigger
from tests.services.timetable.program import OFFICE, Program, local


def test_a_pause_costs_its_checks_and_tells_them_once() -> None:
    program = Program()
    program.work_until("10:05")
    program.asked.clear()
    program.pause()
    assert (program.next, program.timetable.paused_until(program.wall)) == (None, None)
    assert program.timetable.is_paused(program.wall)
    program.work_until("12:05")
    assert (program.asked, program.missed) == ([], [])
    program.resume()
    assert program.asked == [("12:05:00", Trigger.SCHEDULE)]
    assert program.told == [(11, "checking was paused by Ann from 10:05 to 12:05.")]
    assert (program.missed[0].first_at, program.missed[0].last_at) == (local("10:10"), local("11:50"))
    assert program.next == "12:15:00"
    program.resume()
    assert len(program.missed) == 1


def test_a_pause_that_ends_by_itself_asks_at_once_for_what_was_due() -> None:
    program = Program()
    program.work_until("09:05")
    program.pause("10:05")
    assert program.timetable.paused_until(program.wall) == local("10:05")
    assert program.timetable.next_look_at(program.wall) == local("10:05")
    program.work_until("10:04:59")
    assert program.asked == []
    program.work_until("10:05")
    assert program.asked == [("10:05:00", Trigger.SCHEDULE)]
    assert program.told == [(5, "checking was paused by Ann from 09:05 to 10:05.")]
    assert not program.timetable.is_paused(program.wall)


def test_a_pause_in_which_nothing_was_due_is_no_event() -> None:
    program = Program()
    program.pause("09:05")
    program.work_until("09:30")
    assert program.missed == []
    assert [at for at, _ in program.asked] == ["09:10:00", "09:20:00", "09:30:00"]


def test_a_second_pause_moves_the_end_of_the_first() -> None:
    program = Program()
    program.pause("10:00")
    program.work_until("09:30")
    program.pause("11:01")
    program.work_until("11:02")
    assert program.told == [(11, "checking was paused by Ann from 09:00 to 11:01.")]
    assert [at for at, _ in program.asked] == ["11:01:00"]


def test_a_pause_that_ends_after_working_hours_makes_up_for_nothing() -> None:
    program = Program(OFFICE, wall=local("15:55"))
    program.pause()
    program.work_until("20:00")
    program.resume()
    assert program.asked == []
    assert program.told == [(6, "checking was paused by Ann from 15:55 to 20:00.")]
    assert program.timetable.next_check_at(program.wall) == local("2026-11-24 09:00")


def test_a_pause_over_night_names_its_days() -> None:
    program = Program(OFFICE, wall=local("16:45"))
    program.pause("2026-11-24 08:00")
    program.work_until("2026-11-24 09:00")
    assert program.told == [(1, "checking was paused by Ann from 23 Nov 2026 16:45 to 24 Nov 2026 08:00.")]
    assert [at for at, _ in program.asked] == ["09:00:00"]


def test_a_persons_check_in_a_pause_stands_for_the_newest_that_was_due() -> None:
    program = Program()
    program.pause()
    program.work_until("09:25")
    program.end(PollOutcome.DONE)
    program.work_until("09:31")
    program.resume()
    assert program.told == [(1, "checking was paused by Ann from 09:00 to 09:31.")]
    assert program.missed[0].last_at == local("09:10")
    assert program.next == "09:35:00"


def test_a_persons_check_that_fails_in_a_pause_starts_no_retries() -> None:
    program = Program()
    program.pause()
    program.end(PollOutcome.OFFLINE)
    program.work_until("09:25")
    assert program.asked == []
    program.resume()
    assert program.asked == [("09:25:00", Trigger.SCHEDULE)]
