"""Xero's own pause is waited for and checked after once, whatever else pauses or is put back meanwhile."""

from cmxero_desktop.services.records.runs import PollOutcome, Trigger
from tests.services.timetable.program import Program, local


def test_xeros_pause_is_waited_for_and_then_checked_once() -> None:
    program = Program(outcome=PollOutcome.PAUSED, xero_until=local("09:47"))
    program.work_until("09:46")
    assert program.asked == [("09:10:00", Trigger.SCHEDULE)]
    assert program.next == "09:47:00"
    program.outcome = PollOutcome.DONE
    program.work_until("09:47")
    assert program.asked[1:] == [("09:47:00", Trigger.RETRY)]
    assert program.told == [(3, "Xero asked for a pause from 09:10 to 09:47.")]
    assert program.next == "09:57:00"


def test_a_pause_of_xeros_that_is_shorter_than_an_interval_costs_nothing() -> None:
    program = Program(outcome=PollOutcome.PAUSED, xero_until=local("09:11"))
    program.work_until("09:10:30")
    program.outcome = PollOutcome.DONE
    program.work_until("09:25")
    assert [at for at, _ in program.asked] == ["09:10:00", "09:11:00", "09:21:00"]
    assert program.missed == []


def test_a_first_check_that_xero_refuses_is_made_when_its_pause_ends() -> None:
    program = Program(outcome=PollOutcome.PAUSED, xero_until=local("09:05"))
    program.obey(program.timetable.begin(program.wall))
    program.outcome = PollOutcome.DONE
    program.work_until("09:06")
    assert program.asked == [("09:00:00", Trigger.START), ("09:05:00", Trigger.RETRY)]
    assert (program.missed, program.next) == ([], "09:15:00")


def test_a_person_who_ends_xeros_pause_ends_it_for_the_timetable_too() -> None:
    program = Program(outcome=PollOutcome.PAUSED, xero_until=local("11:00"))
    program.work_until("09:35")
    program.end(PollOutcome.PAUSED)
    program.end(PollOutcome.DONE)
    assert program.told == [(2, "Xero asked for a pause from 09:10 to 09:35.")]
    assert program.next == "09:45:00"
    program.outcome = PollOutcome.DONE
    program.work_until("09:46")
    program.end(PollOutcome.PAUSED)
    program.end(PollOutcome.DONE)
    assert len(program.missed) == 1


def test_a_pause_that_no_limit_of_xeros_can_have_is_not_believed() -> None:
    program = Program(outcome=PollOutcome.PAUSED, xero_until=local("2026-11-25 09:00"))
    program.work_until("09:20")
    assert [at for at, _ in program.asked] == ["09:10:00", "09:20:00"]


def test_xeros_pause_after_an_outage_keeps_the_open_check_open() -> None:
    program = Program(outcome=PollOutcome.OFFLINE)
    program.work_until("09:25")
    program.outcome, program.xero_until = PollOutcome.PAUSED, local("09:45")
    program.work_until("09:44")
    program.outcome = PollOutcome.DONE
    program.work_until("09:45")
    assert program.told == [
        (1, "there was no connection to Xero from 09:10 to 09:28."),
        (1, "Xero asked for a pause from 09:28 to 09:45."),
    ]


def test_both_pauses_at_once_end_each_in_its_own_time() -> None:
    program = Program(outcome=PollOutcome.PAUSED, xero_until=local("10:15"))
    program.work_until("09:12")
    program.pause("09:45")
    program.work_until("10:14")
    assert program.told == [(3, "checking was paused by Ann from 09:12 to 09:45.")]
    program.outcome = PollOutcome.DONE
    program.work_until("10:15")
    assert program.told[1:] == [(3, "Xero asked for a pause from 09:10 to 10:15.")]
    assert program.asked[-1] == ("10:15:00", Trigger.RETRY)


def test_a_check_by_hand_in_both_pauses_settles_both() -> None:
    program = Program(outcome=PollOutcome.PAUSED, xero_until=local("10:15"))
    program.work_until("09:12")
    program.pause()
    program.work_until("09:35")
    program.end(PollOutcome.DONE)
    assert program.told == [(1, "Xero asked for a pause from 09:10 to 09:35.")]
    program.resume()
    assert program.told[1:] == [(1, "checking was paused by Ann from 09:12 to 09:35.")]


def test_xeros_pause_ends_when_the_clock_that_told_it_is_put_back() -> None:
    program = Program(outcome=PollOutcome.PAUSED, xero_until=local("10:15"))
    program.work_until("09:35")
    program.sleep_until("06:00", counted=False)
    program.look()
    assert program.told == [(3, "Xero asked for a pause from 09:10 to 09:35.")]
    assert program.next == "06:10:00"


def test_both_pauses_and_a_clock_put_back_lose_nothing() -> None:
    program = Program(outcome=PollOutcome.PAUSED, xero_until=local("10:15"))
    program.work_until("09:12")
    program.pause()
    program.work_until("09:35")
    program.sleep_until("06:00", counted=False)
    program.look()
    program.resume()
    assert [count for count, _ in program.told] == [1, 2]
