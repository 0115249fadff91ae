"""Whether what is known of Xero is young enough to write by."""

from datetime import datetime, timedelta
from enum import StrEnum

STALE_AFTER_INTERVALS = 2
# Clocks are set by a few seconds all the time; what lies further ahead was written by a clock that was wrong.
AHEAD_AT_MOST = timedelta(minutes=2)


class DataAge(StrEnum):
    """How old the last reading of Xero is. AHEAD: it was made in the future, so a clock is wrong."""

    FRESH = "fresh"
    OLD = "old"
    AHEAD = "ahead"
    NEVER = "never"


def data_age(checked_at: datetime | None, now: datetime, interval: timedelta) -> DataAge:
    """Say how old a reading is that is due every `interval`; one that was missed is forgiven, two are not."""
    if checked_at is None:
        return DataAge.NEVER
    age = now - checked_at
    if age < -AHEAD_AT_MOST:
        return DataAge.AHEAD
    return DataAge.FRESH if age <= STALE_AFTER_INTERVALS * interval else DataAge.OLD
