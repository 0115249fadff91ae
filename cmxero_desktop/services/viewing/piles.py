"""Rows that stay where they lie while some among them are replaced, and which invoices have to do with what."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

_Row = TypeVar("_Row")
_Key = TypeVar("_Key", bound=Hashable)


class Pile(Generic[_Row]):
    """Rows in the order of their keys, which are all of one kind."""

    def __init__(self) -> None:
        """Begin empty."""
        self._keys: list[Any] = []
        self._rows: list[_Row] = []
        self._as_shown: tuple[_Row, ...] | None = ()

    def put(self, key: object, rows: Sequence[_Row]) -> None:
        """Let these be the rows of a key, whatever it had before."""
        first, end = bisect_left(self._keys, key), bisect_right(self._keys, key)
        if self._rows[first:end] != list(rows):
            self._keys[first:end] = [key] * len(rows)
            self._rows[first:end] = rows
            self._as_shown = None

    @property
    def rows(self) -> tuple[_Row, ...]:
        """All rows: the very same ones as the last time where nothing was put since."""
        if self._as_shown is None:
            self._as_shown = tuple(self._rows)
        return self._as_shown


class Concerned(Generic[_Key]):
    """Whom something concerns, such as the invoices on which a payment stands; mostly it is one."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._who: dict[_Key, tuple[str, ...]] = {}

    def move(self, who: str, before: Iterable[_Key], now: Iterable[_Key]) -> None:
        """Let somebody be concerned by these, and no more by those of before."""
        for key in before:
            rest = tuple(other for other in self._who.pop(key, ()) if other != who)
            if rest:
                self._who[key] = rest
        for key in now:
            self._who[key] = (*(other for other in self._who.get(key, ()) if other != who), who)

    def by(self, key: _Key) -> Collection[str]:
        """Return whom it concerns."""
        return self._who.get(key, ())

    def last(self, key: _Key) -> str | None:
        """Return the last of them by name, None where it is nobody."""
        return max(self._who.get(key, ()), default=None)
