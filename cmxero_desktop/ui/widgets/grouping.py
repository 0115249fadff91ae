"""Rows in groups by the text of one column, each group below a line of its own that folds it: arrays of positions."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Generic, NamedTuple

from cmxero_desktop.ui.widgets.column import Column, R, SortKey

# No row is called so: a line's name begins with it.
_LINE = "\0"
NO_TEXT = "none"


@dataclass(frozen=True, slots=True)
class Grouping:
    """By which column rows lie in groups, and which groups are folded: these others, or all but these others.

    A group that comes later is then as the most are, so that after *Fold all groups* no row stands there unasked.
    """

    column: int
    are_folded: bool = False
    others: frozenset[str] = frozenset()

    def folds(self, text: str) -> bool:
        """Say whether a group is folded."""
        return self.are_folded is not (text in self.others)

    def with_folded(self, text: str, *, is_folded: bool) -> "Grouping":
        """Return the same with one group folded, or not."""
        others = self.others - {text} if is_folded is self.are_folded else self.others | {text}
        return replace(self, others=others)


class GroupLine(NamedTuple):
    """The line of one group: its text, where its rows begin among those in question, how many, whether they fold."""

    text: str
    first: int
    size: int
    is_folded: bool


def line_name(text: str) -> str:
    """Return the lasting name of a group's line among the names of the rows."""
    return _LINE + text


@dataclass(frozen=True, slots=True)
class Lined:
    """Rows in their groups: `rows` has all of them, `shown` those not folded, `names` is of the lines between them.

    A line stands in `shown` as the number of all rows and its own number more, so that it is never taken for a row.
    """

    rows: Sequence[int]
    shown: Sequence[int]
    lines: tuple[GroupLine, ...]
    names: Sequence[str]


def is_line(name: str) -> bool:
    """Say whether a name is that of a line, not of a row."""
    return name.startswith(_LINE)


class GroupsOf(Generic[R]):
    """To which group each row belongs, by the text of a column; groups lie in the order of the column."""

    def __init__(self, rows: Sequence[R], column: Column[R]) -> None:
        """Look at each row once."""
        numbers: dict[str, int] = {}
        keys: list[SortKey] = []
        codes = array("I")
        for row in rows:
            text = column.text(row)
            code = numbers.get(text)
            if code is None:
                code = numbers[text] = len(keys)
                keys.append(column.key_of(row))
            codes.append(code)
        texts = list(numbers)
        order = sorted(range(len(texts)), key=lambda code: (keys[code], texts[code]))
        ranks = array("I", bytes(4 * len(order)))
        for rank, code in enumerate(order):
            ranks[code] = rank
        self._texts = [texts[code] for code in order]
        self._ranks = array("I", map(ranks.__getitem__, codes))

    def of(self, order: Sequence[int], *, is_down: bool) -> "InGroups":
        """Return rows, which lie in an order, in their groups, each in that order; the groups upwards or downwards."""
        rank_of = self._ranks.__getitem__
        rows = array("I", sorted(order, key=rank_of, reverse=is_down))
        sizes = [(self._texts[rank], sum(1 for _ in among)) for rank, among in groupby(map(rank_of, rows))]
        return InGroups(rows, sizes, len(self._ranks))


class InGroups:
    """Rows group by group: folding one of them costs no other look at the rows."""

    def __init__(self, rows: "array[int]", sizes: Sequence[tuple[str, int]], total: int) -> None:
        """Keep the positions of the rows, each group's text and size, and how many rows there are at all."""
        self._rows, self._sizes, self._total = rows, sizes, total
        self.names = [line_name(text) for text, _ in sizes]

    def lined(self, grouping: Grouping) -> Lined:
        """Return the rows below their lines, but for those of folded groups."""
        rows, shown, first = self._rows, array("I"), 0
        lines: list[GroupLine] = []
        for number, (text, size) in enumerate(self._sizes, self._total):
            is_folded = grouping.folds(text)
            lines.append(GroupLine(text, first, size, is_folded))
            shown.append(number)
            if not is_folded:
                shown.extend(rows[first : first + size])
            first += size
        return Lined(rows, shown, tuple(lines), self.names)
