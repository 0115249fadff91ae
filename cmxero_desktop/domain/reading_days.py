"""Read days as persons write them, in whatever language the computer is set up."""

import re
from datetime import date

_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name: number for number, month in enumerate(_NAMES.split(), 1) for name in (month, month[:3])} | {"sept": 9}
_WRITTEN = re.compile(r"(\d{1,2})\s+([a-z]+)\s+(\d{4})", re.IGNORECASE | re.ASCII)
_IN_DIGITS = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


def read_day(text: str) -> date | None:
    """Read `5 Mar 2026`, `5 March 2026` or `2026-03-05`; None where it is no day."""
    if written := _WRITTEN.fullmatch(text.strip()):
        year, month, day = written[3], month_named(written[2]), written[1]
    elif digits := _IN_DIGITS.fullmatch(text.strip()):
        year, month, day = digits[1], int(digits[2]), digits[3]
    else:
        return None
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def month_named(word: str) -> int:
    """Return the month that a word names, 0 for none."""
    return _MONTHS.get(word.lower(), 0)
