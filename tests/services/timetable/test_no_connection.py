"""Without a connection a check is tried again soon, and what an outage cost is told once."""

from cmxero_desktop.services.records.runs import PollOutcome, Trigger
from tests.services.timetable.program import OFFICE, Program, local


def test_no_connection_is_tried_again_soon_and_then_at_the_interval() -> None:
    program = Program(outcome=PollOutcome.OFFLINE)
    program.work_until("09:35")
    assert program.asked == [
        ("09:10:00", Trigger.SCHEDULE),
        ("09:10:30", Trigger.RETRY),
        ("09:11:30", Trigger.RETRY),
        ("09:13:30", Trigger.RETRY),
        ("09:18:30", Trigger.RETRY),
        ("09:28:30", Trigger.SCHEDULE),
    ]


def test_what_an_outage_cost_is_told_once_when_it_is_over() -> None:
    program = Program(outcome=PollOutcome.OFFLINE)
    program.work_until("10:00")
    assert program.missed == []
    program.outcome = PollOutcome.DONE
    program.work_until("10:25")
    assert program.told == [(5, "there was no connection to Xero from 09:10 to 10:08.")]
    assert program.missed[0].first_at == local("09:10")


def test_a_moment_without_connection_is_no_event() -> None:
    program = Program(outcome=PollOutcome.BROKEN)
    program.work_until("09:10")
    assert program.next == "09:10:30"
    program.outcome = PollOutcome.DONE
    program.work_until("09:21")
    assert [trigger for _, trigger in program.asked] == [Trigger.SCHEDULE, Trigger.RETRY, Trigger.SCHEDULE]
    assert program.missed == []


def test_a_check_that_could_not_even_begin_is_tried_again_and_told() -> None:
    program = Program(outcome=None)
    program.work_until("09:29")
    program.outcome = PollOutcome.DONE
    program.end(PollOutcome.DONE)
    assert program.told == [(1, "this program could not begin a check from 09:10 to 09:29.")]


def test_an_outage_that_ends_otherwise_than_in_a_check_tells_the_open_one_too() -> None:
    program = Program(outcome=PollOutcome.BROKEN)
    program.work_until("09:10")
    program.end(PollOutcome.SIGNED_OUT)
    assert program.told == [(1, "Xero did not answer as it should from 09:10 to 09:10.")]


def test_there_are_no_retries_outside_working_hours() -> None:
    program = Program(OFFICE, wall=local("16:49:30"), outcome=PollOutcome.OFFLINE)
    program.work_until("2026-11-24 08:00")
    assert program.asked[-1] == ("16:59:30", Trigger.SCHEDULE)
    program.outcome = PollOutcome.DONE
    program.work_until("2026-11-24 09:00")
    assert program.told == [(1, "there was no connection to Xero from 23 Nov 2026 16:59 to 24 Nov 2026 09:00.")]
