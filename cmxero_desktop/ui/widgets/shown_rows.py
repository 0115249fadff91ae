"""Which rows of a table are shown, and in which order: sorted, filtered and searched by lists of positions alone."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic

from cmxero_desktop.ui.widgets.column import Column, R, SortKey


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """The rows as they were shown at one moment: their names, and where each is among them. Never changed."""

    names: Sequence[str]
    shown: Sequence[int]

    def after(self, position: int) -> Iterator[str]:
        """Yield the names below a position, then those above it, the nearest first: where to stand if it is gone."""
        yield from (self.names[at] for at in self.shown[position + 1 :])
        yield from (self.names[at] for at in reversed(self.shown[:position]))


class ShownRows(Generic[R]):
    """Frozen rows and what is shown of them. Every list is made anew where it changes, so who keeps one may read on."""

    def __init__(self, columns: Sequence[Column[R]], name_of: Callable[[R], str]) -> None:
        """Begin empty. `name_of` gives a row's lasting name."""
        self._columns = columns
        self._name_of = name_of
        self.rows: tuple[R, ...] = ()
        self.names: list[str] = []
        self.shown: list[int] = []
        self.words: tuple[str, ...] = ()
        self._order: list[int] = []
        self._texts: list[str] | None = None
        self._keys: dict[int, list[SortKey]] = {}
        self._keep: Callable[[R], bool] | None = None
        self._sorted_by: tuple[int, bool] | None = None

    def take(self, rows: Iterable[R]) -> None:
        """Show other rows, in the same order and by the same filter."""
        self.rows = tuple(rows)
        self.names = [self._name_of(row) for row in self.rows]
        self._texts = None
        self._keys = {}
        self._arrange()

    def sort(self, column: int, *, is_down: bool) -> None:
        """Sort by a column; one that does not exist gives back the order in which the rows came."""
        self._sorted_by = (column, is_down) if 0 <= column < len(self._columns) else None
        self._arrange()

    def search(self, words: tuple[str, ...]) -> None:
        """Show the rows in which every one of these folded words is found."""
        self.words = words
        self._choose()

    def keep(self, wanted: Callable[[R], bool] | None) -> None:
        """Show the rows that `wanted` says yes to; None shows all."""
        self._keep = wanted
        self._choose()

    def row_at(self, position: int) -> R | None:
        """Return the row shown at a position, or None."""
        return self.rows[self.shown[position]] if 0 <= position < len(self.shown) else None

    def name_at(self, position: int) -> str:
        """Return the name of the row shown at a position, or nothing."""
        return self.names[self.shown[position]] if 0 <= position < len(self.shown) else ""

    def positions_of(self, names: Collection[str]) -> list[int]:
        """Return where the rows of those names are shown, from top to bottom; those that are not shown are left out."""
        return [p for p, i in enumerate(self.shown) if self.names[i] in names] if names else []

    def rows_of(self, names: Collection[str]) -> list[R]:
        """Return the shown rows of those names, from top to bottom."""
        known, rows = self.names, self.rows
        return [rows[i] for i in self.shown if known[i] in names] if names else []

    def count_of(self, names: Collection[str]) -> int:
        """Return how many rows of those names are shown."""
        known = self.names
        return sum(known[i] in names for i in self.shown) if names else 0

    def as_shown(self) -> ShownOrder:
        """Return how the rows are shown now; it stays as it is when they change."""
        return ShownOrder(self.names, self.shown)

    def _arrange(self) -> None:
        self._order = list(range(len(self.rows)))
        if self._sorted_by is not None:
            position, is_down = self._sorted_by
            if position not in self._keys:
                key_of = self._columns[position].key_of
                self._keys[position] = [key_of(row) for row in self.rows]
            self._order.sort(key=self._keys[position].__getitem__, reverse=is_down)
        self._choose()

    def _choose(self) -> None:
        shown: Iterable[int] = self._order
        keep, rows = self._keep, self.rows
        if keep is not None:
            shown = [i for i in shown if keep(rows[i])]
        for word in self.words:
            texts = self._searchable()
            shown = [i for i in shown if word in texts[i]]
        self.shown = list(shown)

    def _searchable(self) -> list[str]:
        """Return the folded text of every row; it is put together once, with the first search."""
        if self._texts is None:
            searched = [column.text for column in self._columns if column.is_searched]
            self._texts = ["\n".join([text(row) for text in searched]).casefold() for row in self.rows]
        return self._texts
