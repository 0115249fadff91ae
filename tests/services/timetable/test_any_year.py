"""Whatever happens in a year, no gap between two checks is left unexplained."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cmxero_desktop.services.records.runs import Counts, PollOutcome, PollRun
from cmxero_desktop.services.records.settings import PollSettings
from cmxero_desktop.services.timetable.planning import due_between, is_working, next_check
from cmxero_desktop.services.timetable.timetable import Clocks, Orders, Timetable
from tests.services.timetable.program import OFFICE, SYDNEY, Program, local

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


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
