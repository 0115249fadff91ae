"""The timetable asks for each due check or tells it as missed: pauses, sleep, outages, wrong clocks, long checks."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cmxero_desktop.services.records.runs import Counts, MissedChecks, PollOutcome, PollRun, Trigger
from cmxero_desktop.services.records.settings import PollSettings, WorkingHours
from cmxero_desktop.services.timetable.due_checks import Due, one_after
from cmxero_desktop.services.timetable.planning import due_between, is_working, next_check
from cmxero_desktop.services.timetable.timetable import LOOK_EVERY, Clocks, Orders, Timetable

SYDNEY = ZoneInfo("Australia/Sydney")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OFFICE = PollSettings(
    interval_min=10, working_hours=WorkingHours(time(9), time(17)), working_days=frozenset({0, 1, 2, 3, 4})
)


def local(text: str) -> datetime:
    """Return an instant of Monday 23 November 2026, or of the day that is named."""
    return datetime.fromisoformat(text if " " in text else f"2026-11-23 {text}").replace(tzinfo=SYDNEY).astimezone(UTC)


def shown(instant: datetime | None) -> str | None:
    return f"{instant.astimezone(SYDNEY):%H:%M:%S}" if instant else None


@dataclass
class Program:
    """A timetable that is looked at every half minute, and whose checks end at once as the test says, or never."""

    poll: PollSettings = field(default_factory=PollSettings)
    wall: datetime = field(default_factory=lambda: local("09:00"))
    steady_s: float = 1_000.0
    outcome: PollOutcome | None = PollOutcome.DONE
    xero_until: datetime | None = None
    is_ending: bool = True
    look_again_at: datetime | None = None
    asked: list[tuple[str | None, Trigger]] = field(default_factory=list)
    missed: list[MissedChecks] = field(default_factory=list)
    made: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.timetable = Timetable(self.poll, SYDNEY, self.clocks)

    @property
    def clocks(self) -> Clocks:
        return Clocks(wall=self.wall, steady_s=self.steady_s)

    @property
    def next(self) -> str | None:
        return shown(self.timetable.next_check_at(self.wall))

    @property
    def told(self) -> list[tuple[int, str]]:
        return [(missed.count, missed.why) for missed in self.missed]

    def work_until(self, text: str) -> None:
        """Let time pass; looks come when they are wished for, and every half minute."""
        self.work(local(text) - self.wall)

    def work(self, length: timedelta) -> None:
        """Let so much time pass, with looks."""
        end = self.wall + length
        while self.wall < end:
            wished = self.timetable.next_look_at(self.wall)
            to = min(end, self.wall + LOOK_EVERY, wished if wished and wished > self.wall else end)
            self.steady_s += (to - self.wall).total_seconds()
            self.wall = to
            self.look()

    def sleep_until(self, text: str, *, counted: bool = True) -> None:
        """Let time pass without a look; `counted` False: the clock is corrected instead."""
        length = local(text) - self.wall
        self.wall += length
        self.steady_s += length.total_seconds() if counted else 0

    def look(self) -> None:
        self.obey(self.timetable.look(self.clocks))

    def obey(self, orders: Orders) -> None:
        self.missed += orders.missed
        if orders.ask is not None:
            self.asked.append((shown(self.wall), orders.ask))
            if self.is_ending and self.outcome is PollOutcome.DONE:
                self.made.append(self.wall)
            if self.is_ending:
                self.end(self.outcome)

    def end(self, outcome: PollOutcome | None, *, started_at: datetime | None = None) -> None:
        run = None
        if outcome is not None:
            run = PollRun(
                run_id="run",
                started_at=started_at or self.wall,
                finished_at=self.wall,
                is_full=False,
                outcome=outcome,
                fetched=0,
                requests=2,
                counts=Counts(),
                look_again_at=self.look_again_at,
            )
        self.obey(self.timetable.ended(run, self.xero_until, self.clocks))

    def pause(self, until: str | None = None) -> None:
        self.obey(self.timetable.pause(local(until) if until else None, "Ann", self.clocks))

    def resume(self) -> None:
        self.obey(self.timetable.resume(self.clocks))

    def close(self) -> None:
        self.obey(self.timetable.close(self.clocks))


# The ordinary day


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


# A person's pause


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


# Sleep and clocks


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


# No connection


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


# Xero's own pause


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


# A check that takes long


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


# The end of the program


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


# Whatever happens


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to the program, and how long it then goes on."""

    what: str
    minutes: int


HAPPENINGS = ("nothing", "sleep", "pause", "pause for a while", "resume", "offline", "online", "xero pauses")


def happen(program: Program, event: Event) -> None:
    length = event.minutes * MINUTE
    if event.what == "sleep":
        program.wall += length
        program.steady_s += length.total_seconds()
        program.look()
        return
    if event.what == "pause":
        program.pause()
    elif event.what == "pause for a while":
        program.obey(program.timetable.pause(program.wall + length / 2, "Ann", program.clocks))
    elif event.what == "resume":
        program.resume()
    elif event.what == "xero pauses":
        program.outcome, program.xero_until = PollOutcome.PAUSED, program.wall + length
        program.work(length - MINUTE / 2)
        program.outcome = PollOutcome.DONE
        return
    elif event.what != "nothing":
        program.outcome = PollOutcome.OFFLINE if event.what == "offline" else PollOutcome.DONE
    program.work(length)


@given(
    events=st.lists(st.builds(Event, st.sampled_from(HAPPENINGS), st.integers(1, 200)), max_size=12),
    poll=st.sampled_from([PollSettings(), OFFICE]),
)
@settings(deadline=None, max_examples=60)
def test_no_gap_between_two_checks_is_left_unexplained(events: list[Event], poll: PollSettings) -> None:
    program = Program(poll)
    for event in events:
        happen(program, event)
    program.outcome = PollOutcome.DONE
    program.resume()
    program.work(5 * HOUR)
    program.close()
    lost = sorted((missed.first_at, missed.last_at, missed.count) for missed in program.missed)
    made = [local("09:00"), *program.made, program.wall]
    for earlier, later in pairwise(made):
        # What came due between two checks, without the one that the later check makes itself.
        due = due_between(next_check(earlier, poll, SYDNEY), later - MINUTE, poll, SYDNEY)
        told = sum(count for first, last, count in lost if earlier <= first and last <= later)
        assert told <= (due.count if due else 0)
        # Retries plan the next check anew, so that fewer of them are due, but what was lost is told.
        assert told > 0 or due is None or due.count <= 1


class AnyYear(RuleBasedStateMachine):
    """Whatever happens to the program, it goes on, keeps pauses, and tells what it did not do."""

    @initialize(
        poll=st.sampled_from([PollSettings(), OFFICE, PollSettings(interval_min=1), PollSettings(interval_min=1_440)]),
        start=st.sampled_from(["2026-11-23 09:00", "2026-10-03 22:00", "2026-04-04 22:00"]),
    )
    def begin(self, poll: PollSettings, start: str) -> None:
        self.poll, self.wall, self.steady_s = poll, local(start), 0.0
        self.timetable = Timetable(poll, SYDNEY, self.clocks)
        self.xero_until: datetime | None = None
        self.runs = 0

    @property
    def clocks(self) -> Clocks:
        return Clocks(wall=self.wall, steady_s=self.steady_s)

    def check(self, orders: Orders) -> None:
        assert orders.ask is None or not self.timetable.is_paused(self.wall)
        for missed in orders.missed:
            assert missed.count > 0
            assert missed.first_at <= missed.last_at
            assert (missed.count == 1) <= (missed.first_at == missed.last_at)
        if orders.ask is not None:
            self.runs += 1
            late = self.wall - timedelta(minutes=2)
            assert is_working(self.wall, self.poll, SYDNEY) or is_working(late, self.poll, SYDNEY)
            assert self.timetable.look(self.clocks) == Orders(), "no storm"

    @rule(seconds=st.integers(0, 60))
    def pass_time(self, seconds: int) -> None:
        self.wall += timedelta(seconds=seconds)
        self.steady_s += seconds
        self.check(self.timetable.look(self.clocks))

    @rule(minutes=st.integers(1, 3_000))
    def sleep(self, minutes: int) -> None:
        self.wall += minutes * MINUTE
        self.steady_s += minutes * 60
        self.check(self.timetable.look(self.clocks))

    @rule(minutes=st.integers(-3_000, 3_000))
    def correct(self, minutes: int) -> None:
        self.wall += minutes * MINUTE
        self.check(self.timetable.look(self.clocks))

    @rule(minutes=st.none() | st.integers(-60, 900))
    def want(self, minutes: int | None) -> None:
        at = self.wall + minutes * MINUTE if minutes is not None else None
        self.check(self.timetable.look_again(at, self.clocks))

    @rule(minutes=st.none() | st.integers(0, 900))
    def pause(self, minutes: int | None) -> None:
        until = self.wall + minutes * MINUTE if minutes is not None else None
        self.timetable.pause(until, "Ann", self.clocks)
        assert self.timetable.paused_until(self.wall) == (until if minutes else None)

    @rule()
    def resume(self) -> None:
        self.check(self.timetable.resume(self.clocks))
        assert not self.timetable.is_paused(self.wall)

    @rule(
        outcome=st.sampled_from(PollOutcome) | st.none(),
        minutes=st.integers(-10, 2_000),
        took=st.integers(0, 50),
    )
    def end(self, outcome: PollOutcome | None, minutes: int, took: int) -> None:
        run = None
        if outcome is not None:
            run = PollRun(
                run_id="run",
                started_at=self.wall - took * MINUTE,
                finished_at=self.wall,
                is_full=False,
                outcome=outcome,
                fetched=0,
                requests=0,
                counts=Counts(),
            )
        self.check(self.timetable.ended(run, self.wall + minutes * MINUTE, self.clocks))

    @invariant()
    def goes_on(self) -> None:
        timetable = getattr(self, "timetable", None)
        if timetable is None or timetable.is_paused(self.wall):
            return
        planned = timetable.next_check_at(self.wall)
        assert planned >= self.wall
        assert is_working(planned, self.poll, SYDNEY)
        latest = self.wall + timedelta(hours=25)
        assert planned <= next_check(latest, self.poll, SYDNEY)
        look_at = timetable.next_look_at(self.wall)
        assert look_at is not None
        assert look_at <= planned

    def teardown(self) -> None:
        if hasattr(self, "timetable"):
            closed = self.timetable.close(self.clocks)
            assert closed.ask is None
            assert all(missed.count > 0 for missed in closed.missed)


AnyYear.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyYear = AnyYear.TestCase
