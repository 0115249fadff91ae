"""A program with a timetable, which tests let work, sleep and pause."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cmxero_desktop.services.records.runs import Counts, MissedChecks, PollOutcome, PollRun, Trigger
from cmxero_desktop.services.records.settings import PollSettings, WorkingHours
from cmxero_desktop.services.timetable.timetable import LOOK_EVERY, Clocks, Orders, Timetable

SYDNEY = ZoneInfo("Australia/Sydney")


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
