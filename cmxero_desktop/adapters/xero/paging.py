"""Read all pages of a list that changes while it is read, without missing a row.

Xero's pages are offsets into a list that is ordered by change. A row that changes meanwhile moves to the end and
pulls the rows behind it forward, so that one of them can slip past the border between two pages. Such a move shows:
the moved row comes twice, or the total does not fit. Then everything is read again, until a pass brings nothing new.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Generic, TypeVar

from cmxero_desktop.adapters.xero.wire import Page
from cmxero_desktop.domain.errors import XeroUnavailableError

RecordT = TypeVar("RecordT")
Fetch = Callable[[int, bool], Page[RecordT]]
"""Reads page n (from 1), with or without asking for an order."""

_MAX_PASSES = 6
_MAX_PAGES = 20_000


@dataclass(slots=True)
class _Pass:
    """What one reading from the first to the last page met."""

    keys: set[str] = field(default_factory=set)
    rows: int = 0
    totals: set[int | None] = field(default_factory=set)
    has_news: bool = False
    is_disturbed: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether no row can have slipped past."""
        return not self.is_disturbed and len(self.totals) <= 1 and self.totals <= {None, self.rows}


class Scan(Generic[RecordT]):
    """Reads a list page by page; yields what is new or changed since it was last seen in this scan."""

    def __init__(
        self,
        what: str,
        fetch: Fetch[RecordT],
        key: Callable[[RecordT], str],
        content: Callable[[RecordT], object] = lambda record: record,
    ) -> None:
        """Prepare to read; rows with one `key` are one row, and those with equal `content` have not changed."""
        self._what = what
        self._fetch = fetch
        self._key = key
        self._content = content
        # Only a hash of each row is kept: a first load can have hundreds of thousands.
        self._known: dict[str, int] = {}
        self._known_unreadable: set[int] = set()
        self._is_ordered = True

    def pages(self) -> Iterator[Page[RecordT]]:
        """Yield the pages. All of them carry the time of the first, so that no cursor can pass a later change."""
        as_of = None
        for number in range(_MAX_PASSES):
            reading = _Pass()
            for page in self._one_pass(reading):
                if number == 0 and reading.rows == 0:
                    as_of = page.as_of
                yield replace(page, as_of=as_of)
            if reading.is_whole or (number > 0 and not reading.has_news):
                return
        message = f"Xero's {self._what} kept changing while they were read."
        raise XeroUnavailableError(message, "Nothing was changed; the program tries again at the next check.")

    def _one_pass(self, reading: _Pass) -> Iterator[Page[RecordT]]:
        for number in count(1):
            page = self._fetch(number, self._is_ordered)
            fresh = self._fresh(page)
            repeated = reading.keys.intersection(page.keys)
            if number > _MAX_PAGES or (page.keys and repeated.issuperset(page.keys) and not fresh.records):
                self._check_repetition(page, reading)
                return
            reading.is_disturbed |= bool(repeated)
            reading.has_news |= bool(fresh.records or fresh.unreadable)
            yield fresh
            reading.keys.update(page.keys)
            reading.rows += len(page.keys)
            reading.totals.add(page.total)
            if not page.keys or _is_last(page, number, reading.rows):
                return

    def _fresh(self, page: Page[RecordT]) -> Page[RecordT]:
        """Leave out rows that this scan has already passed on with the same content."""
        records = []
        ids, contents = map(self._key, page.records), map(hash, map(self._content, page.records))
        for key, content, record in zip(ids, contents, page.records, strict=True):
            if self._known.get(key) != content:
                self._known[key] = content
                records.append(record)
        unreadable = [row for row in page.unreadable if hash(replace(row, place="")) not in self._known_unreadable]
        self._known_unreadable.update(hash(replace(row, place="")) for row in unreadable)
        return replace(page, records=tuple(records), unreadable=tuple(unreadable))

    def _check_repetition(self, page: Page[RecordT], reading: _Pass) -> None:
        """Accept a server that does not page at all, but not one that hides rows by repeating a page."""
        if page.total is None or reading.rows >= page.total:
            return
        # An explicit order once made Xero ignore the page number: read again without it.
        if self._is_ordered:
            self._is_ordered = False
            reading.is_disturbed = reading.has_news = True
            return
        message = f"Xero repeats a page of its {self._what}: {reading.rows} of {page.total} could be read."
        raise XeroUnavailableError(message, "Nothing was changed; the program tries again at the next check.")


def _is_last(page: Page[RecordT], number: int, rows: int) -> bool:
    if page.pages is None:
        return page.total is not None and rows >= page.total
    return number >= page.pages and (page.total is None or rows >= page.total)
