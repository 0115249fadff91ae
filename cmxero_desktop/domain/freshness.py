"""Whether what is known of Xero is young enough to write by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STALE_AFTER_INTERVALS = 2
# Xero's If-Modified-Since is accurate to the second, its boundary is not documented, and rows move between pages.
OVERLAP = timedelta(minutes=2)
# What is written must rest on a reading that is no older than this.
WRITTEN_WITHIN = timedelta(seconds=60)
# What is to be written next gets a reading that leaves it half of that.
READ_AGAIN_AFTER = timedelta(seconds=30)
CLOCKS_MAY_DIFFER = timedelta(seconds=5)
# Clocks are set by a few seconds all the time; what lies further ahead was written by a clock that was wrong.
AHEAD_AT_MOST = timedelta(minutes=2)
# Xero's clock against ours.
BELIEVED_AHEAD = timedelta(days=1)


def as_of_or_now(as_of: datetime | None, now: datetime) -> datetime:
    """Return the instant that Xero told last, or `now` where it told none or one that lies a day ahead of it."""
    return now if as_of is None or as_of - now > BELIEVED_AHEAD else as_of


def right_time(now: datetime, as_of: datetime | None, seen_at: datetime | None) -> datetime:
    """Return the time where this computer's clock is a day or more ahead, by what Xero told when it was asked last.

    `as_of` is Xero's instant, `seen_at` what this computer's clock showed then; a clock that was put back since is
    right. Where Xero's instant lies ahead, it may be Xero's that is wrong.
    """
    if as_of is None or seen_at is None or seen_at - as_of <= BELIEVED_AHEAD or now < seen_at:
        return now
    return now - (seen_at - as_of)


class DataAge(StrEnum):
    """How old the last reading of Xero is. AHEAD: it was made in the future, so a clock is wrong."""

    FRESH = "fresh"
    OLD = "old"
    AHEAD = "ahead"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfReading:
    """When something was read: by the clock on the wall, and by one that nobody sets and that counts sleep."""

    wall: datetime
    steady_s: float

    def is_late(self, now: "TimeOfReading", within: timedelta = WRITTEN_WITHIN) -> bool:
        """Say whether that is too long ago to write by; where the two clocks disagree, nobody knows how long it is."""
        steady = timedelta(seconds=now.steady_s - self.steady_s)
        return steady > within or abs(now.wall - self.wall - steady) > CLOCKS_MAY_DIFFER


def data_age(checked_at: datetime | None, now: datetime, interval: timedelta) -> DataAge:
    """Say how old a reading is that is due every `interval`; one that was missed is forgiven, two are not."""
    if checked_at is None:
        return DataAge.NEVER
    age = now - checked_at
    if age < -AHEAD_AT_MOST:
        return DataAge.AHEAD
    return DataAge.FRESH if age <= STALE_AFTER_INTERVALS * interval else DataAge.OLD
