"""The line in a case payment's Notes that names the Xero payment it is a copy of."""

import re
from dataclasses import dataclass

from cmxero_desktop.domain.identifiers import XeroPaymentId

NOTE_PREFIX = "Xero payment "
# A key always has a digit; without that test "Xero payment received" would name a payment called "received".
_NOTE_LINE = re.compile(
    r"^[ \t]*Xero payment[ \t]+(?=\S*[0-9])([0-9A-Za-z-]+)[ \t]*(?=\r?$)", re.MULTILINE | re.IGNORECASE
)

_OWN_LINE = re.compile(r"Xero payment[ \t]+(?=\S*[0-9])([0-9A-Za-z-]+)", re.IGNORECASE)
_ID = "{id}"


@dataclass(frozen=True, slots=True)
class NoteMark:
    """What Notes say about where a case payment came from: imported or manual, and the id that they name."""

    is_imported: bool
    payment_id: XeroPaymentId | None = None


MANUAL = NoteMark(is_imported=False)
IMPORTED = NoteMark(is_imported=True)


def read_mark(notes: str, pattern: str) -> NoteMark:
    """Read the mark: only a whole line that is our own, or that equals `pattern`, is one; prose never is (R7).

    Of several lines of ours the last counts. `{id}` in the pattern stands for the payment's id. Ids are folded to lower
    case, as Xero writes them.
    """
    if not notes:
        return MANUAL
    marks = [mark for line in notes.splitlines() if (mark := _line_mark(line.strip(), pattern)).is_imported]
    named = [mark for mark in marks if mark.payment_id is not None]
    return (named or marks or [MANUAL])[-1]


def _line_mark(line: str, pattern: str) -> NoteMark:
    ours = _OWN_LINE.fullmatch(line) or (_pattern_line(pattern).fullmatch(line) if _ID in pattern else None)
    if ours is not None:
        return NoteMark(is_imported=True, payment_id=XeroPaymentId(ours[1].lower()))
    return IMPORTED if pattern.strip() and line.casefold() == pattern.strip().casefold() else MANUAL


def _pattern_line(pattern: str) -> re.Pattern[str]:
    before, _, after = pattern.strip().partition(_ID)
    return re.compile(f"{re.escape(before)}([0-9A-Za-z-]+){re.escape(after)}", re.IGNORECASE)


def with_mark(notes: str, payment_id: XeroPaymentId) -> str:
    """Return the notes naming `payment_id`: an older line of ours is replaced, what a person wrote is kept whole."""
    line = f"{NOTE_PREFIX}{payment_id}"
    older = list(_NOTE_LINE.finditer(notes))
    if older:
        return f"{notes[: older[-1].start()]}{line}{notes[older[-1].end() :]}"
    return f"{notes.rstrip()}\n{line}" if notes.strip() else line
