"""A clock that ticks with each look, names that count up, and steps at which a test may pull the plug."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count


@dataclass(slots=True)
class TickingClock:
    """Shows a later second at every look; a test may set it forward."""

    now: datetime = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    set_by: timedelta = timedelta()

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def steady_s(self) -> float:
        """Return seconds that only count; `set_wall` puts the clock on the wall forward and leaves them alone."""
        return (self.now - self.set_by).timestamp()

    def sleep(self, seconds: float) -> None:
        """Let the computer sleep: both clocks go on."""
        self.now += timedelta(seconds=seconds)

    def set_wall(self, seconds: float) -> None:
        """Set the clock on the wall forward, or back."""
        self.now += timedelta(seconds=seconds)
        self.set_by += timedelta(seconds=seconds)

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


def counting_names() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


class Crash(BaseException):
    """The program is killed here: nothing of ours can catch it."""


@dataclass(slots=True)
class Steps:
    """Everything that happens to a database, in order; `trouble` is called with the name of each step and may raise."""

    seen: list[str] = field(default_factory=list)
    trouble: Callable[[str], None] | None = None

    def take(self, name: str) -> None:
        self.seen.append(name)
        if self.trouble is not None:
            self.trouble(name)

    def crash_at(self, number: int) -> None:
        """Kill the program at the step with this number, counted from now."""
        end = len(self.seen) + number

        def trouble(_name: str) -> None:
            if len(self.seen) == end:
                raise Crash

        self.trouble = trouble

    def fail_at(self, name: str, error: BaseException, *, times: int = 1) -> None:
        """Raise an error at the next `times` steps of this name."""
        left = [error] * times

        def trouble(step: str) -> None:
            if step == name and left:
                raise left.pop()

        self.trouble = trouble

    def act_at(self, name: str, act: Callable[[], object]) -> None:
        """Let something happen once at the next step of this name."""
        left = [act]

        def trouble(step: str) -> None:
            if step == name and left:
                left.pop()()

        self.trouble = trouble
