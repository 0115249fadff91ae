"""Which of the times that a store noted can be believed, where a clock was wrong for a while (R34, R35).

The order of what the store did is its own counter's and beyond doubt; its times are a clock's. The newest is believed,
and with it as many of the older ones as do not contradict each other. What was noted by a clock that was wrong is taken
to have been by the time of the next one that is believed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from cmxero_desktop.domain.freshness import AHEAD_AT_MOST

# An adapter compares times as the texts that it holds.
Time = TypeVar("Time", int, str, datetime)


def noted_at(last: datetime | None, clock: datetime) -> datetime:
    """Return the time to note beside the last one: never a little earlier, but not held up by one that is far ahead."""
    if last is not None and clock < last <= clock + AHEAD_AT_MOST:
        return last
    return clock


@dataclass(frozen=True, slots=True)
class StoreTimes(Generic[Time]):
    """The places in the store's order whose times are believed, and those times; neither ever decreases."""

    places: tuple[int, ...]
    times: tuple[Time, ...]

    def last_until(self, time: Time) -> int | None:
        """Return the last place that was not later than a time, None where everything was."""
        found = bisect_right(self.times, time)
        return self.places[found - 1] if found else None

    def time_of(self, place: int) -> Time:
        """Return when a place was, at the latest."""
        return self.times[bisect_left(self.places, place)]


def believed(times: Sequence[Time]) -> StoreTimes[Time]:
    """Return the longest run of times that never decreases and ends in the newest; `times` are in the store's order."""
    # The end of the shortest possible run of each length: what it is, where it is, and what stands before it.
    ends: list[Time] = []
    at: list[int] = []
    before: dict[int, int | None] = {}
    for place, time in enumerate(times):
        if times[-1] < time:
            continue
        length = bisect_right(ends, time)
        before[place] = at[length - 1] if length else None
        ends[length : length + 1] = [time]
        at[length : length + 1] = [place]
    run: list[int] = []
    last = at[-1] if at else None
    while last is not None:
        run.append(last)
        last = before[last]
    run.reverse()
    return StoreTimes(tuple(run), tuple(times[place] for place in run))
