"""The rows of Xero's History and Notes as lines; one that cannot be read is left out, since no money hangs on it."""

from collections.abc import Iterator

import msgspec

from cmxero_desktop.adapters.xero.plain_json import decode_document
from cmxero_desktop.adapters.xero.short_lists import rows_of
from cmxero_desktop.adapters.xero.values import RowError, instant_of
from cmxero_desktop.domain.xero_history import HistoryLine

# Longer ones are no name and no word of what was done, whoever wrote them.
_LONGEST = 120


class _Row(msgspec.Struct):
    date: str | None = msgspec.field(name="DateUTC", default=None)
    who: str | None = msgspec.field(name="User", default=None)
    what: str | None = msgspec.field(name="Changes", default=None)


def read_history(body: bytes) -> tuple[HistoryLine, ...]:
    """Decode the history of one record. Raises NotAPageError where it is none."""
    return tuple(_lines(rows_of(body, "HistoryRecords")))


def _lines(rows: list[msgspec.Raw]) -> Iterator[HistoryLine]:
    for raw in rows:
        try:
            row = decode_document(bytes(raw), _Row)
            at = instant_of(row.date, "DateUTC")
        except (msgspec.DecodeError, RowError):
            continue
        yield HistoryLine(at=at, who=_short(row.who), what=_short(row.what))


def _short(text: str | None) -> str:
    return " ".join((text or "").split())[:_LONGEST]
