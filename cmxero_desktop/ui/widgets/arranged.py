"""Rows with what sorting, searching and adding them up needs, as plain arrays that any thread may make in advance."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Generic

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.periods import Days
from cmxero_desktop.ui.widgets.column import Column, R
from cmxero_desktop.ui.widgets.grouping import Grouping, GroupLine, GroupsOf, InGroups
from cmxero_desktop.ui.widgets.made import Made

Mask = bytes
"""One byte for each row, 1 where it belongs to what is asked for."""

Keep = Callable[[Any], bool]
PartOf = Callable[[Any], object]
"""Returns what of a facet rows are counted by."""

Parts = list[tuple[object, int, list[Money]]]
"""By what rows are counted, how many there are of it, and what they come to in each currency."""


@dataclass(frozen=True, slots=True)
class TheseRows:
    """Rows that are wanted by their names, and what they have in common, in words."""

    names: frozenset[str]
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows are wanted, and in which order: with all of these folded words, of a kept facet, by a column.

    A column that does not exist leaves them as they came. Where they are grouped, that is the order in each group.
    `days` leaves those of a period, where rows have a day at all, and `only` those with this very text in a column;
    `named` leaves these very rows. With a `grouping` each group has a line, and nothing else divides the rows.
    """

    words: tuple[str, ...] = ()
    keep: Keep | None = None
    column: int = -1
    is_down: bool = False
    days: Days | None = None
    only: tuple[int, str] | None = None
    named: TheseRows | None = None
    is_grouped: bool = False
    grouping: Grouping | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Shown rows of one group, which lie together: where they begin, how many, and which of all they are."""

    group: int
    first: int
    size: int
    mask: Mask


@dataclass(frozen=True, slots=True)
class RowsFound:
    """The positions of the rows that were asked for, in order, and the same as a mask, None where it is all.

    `blocks` are the groups among them, where they were asked for grouped. Where they lie below lines, `shown` has
    those too, and lacks what is folded; `rows` has every row that was asked for.
    """

    rows: Sequence[int]
    shown: Sequence[int]
    mask: Mask | None
    blocks: tuple[Block, ...] = ()
    lines: tuple[GroupLine, ...] = ()
    line_names: Sequence[str] = ()


_ALL = Question()


class Arranged(Generic[R]):
    """Frozen rows and their arrays. Each part is made once, with the first question for it, or by `prepare`."""

    def __init__(
        self,
        rows: Iterable[R],
        columns: Sequence[Column[R]],
        name_of: Callable[[R], str],
        *,
        facet_of: Callable[[R], object] | None = None,
        amount_of: Callable[[R], Money | None] | None = None,
        groups: bytes = b"",
        likely: Question = _ALL,
        by: Hashable = None,
    ) -> None:
        """Take the rows. `facet_of` is all that a filter asks of a row, `amount_of` what is added up.

        `groups` is the number of each row's group, `likely` what will be asked first; `by` is all beside a row itself
        that its texts, keys and facet depend on.
        """
        made = Made(rows, columns, name_of, facet_of=facet_of, amount_of=amount_of, by=by)
        self._begin(made, groups, likely)

    def _begin(self, made: Made[R], groups: bytes, likely: Question) -> None:
        self._made = made
        self._columns = made.columns
        self._groups = groups
        self._likely = likely
        self._grouped: dict[tuple[int, bool], Sequence[int]] = {}
        self._groups_of: dict[int, GroupsOf[R]] = {}
        self._by_lines: tuple[Question, InGroups] | None = None
        # Of questions the last one is remembered: sorting asks for the same words, searching for the same order.
        self._answer: tuple[Question, RowsFound] | None = None
        self._found: tuple[tuple[str, ...], Mask | None] = ((), None)
        self._kept: tuple[Keep | None, Mask | None] = (None, None)
        self._of_days: tuple[Days | None, Mask | None] = (None, None)
        self._of_text: tuple[tuple[int, str] | None, Mask | None] = (None, None)

    @property
    def rows(self) -> Sequence[R]:
        """The rows as they came."""
        return self._made.rows

    @property
    def names(self) -> Sequence[str]:
        """The name of each row."""
        return self._made.names

    def renewed(
        self, rows: Iterable[R], groups: bytes = b"", likely: Question = _ALL, by: Hashable = None
    ) -> "Arranged[R]":
        """Return other rows of the same table: whatever was made of those that are still there is taken over."""
        other: Arranged[R] = Arranged.__new__(Arranged)
        other._begin(self._made.renewed(rows, by), groups, likely)
        return other

    def prepare(self) -> None:
        """Make everything that a person may soon ask for: the orders of what is shown at first, texts and sums."""
        for position, column in enumerate(self._columns):
            if column.is_default and not column.is_tick:
                self._made.order(position)
        _ = (self._made.texts, self._made.amounts, self._made.days, self._made.facets)
        self.answer(self._likely)

    def answer(self, question: Question) -> RowsFound:
        """Return which rows are wanted, and in which order."""
        if self._answer is None or self._answer[0] != question:
            mask = both(self._having(question.words), self._keeping(question.keep))
            mask = both(mask, both(self._within(question.days), self._saying(question.only)))
            mask = both(mask, self._called(question.named))
            mask = None if mask is not None and 0 not in mask else mask
            self._answer = (question, self._found_by(question, mask))
        return self._answer[1]

    def _found_by(self, question: Question, mask: Mask | None) -> RowsFound:
        grouping = question.grouping
        if grouping is not None and 0 <= grouping.column < len(self._columns):
            lined = self._in_groups(replace(question, grouping=Grouping(grouping.column)), mask).lined(grouping)
            return RowsFound(lined.rows, lined.shown, mask, lines=lined.lines, line_names=lined.names)
        blocks = self._blocks(mask) if question.is_grouped and self._groups else ()
        rows = _chosen(self._grouped_by(question) if blocks else self._sorted_by(question), mask)
        return RowsFound(rows, rows, mask, blocks)

    def _in_groups(self, question: Question, mask: Mask | None) -> InGroups:
        """Return the rows of a question in their groups, whichever are folded; the last answer is remembered."""
        column = question.grouping.column if question.grouping is not None else 0
        if self._by_lines is None or self._by_lines[0] != question:
            if column not in self._groups_of:
                self._groups_of[column] = GroupsOf(self.rows, self._columns[column])
            is_down = question.is_down and question.column == column
            order = _chosen(self._sorted_by(question), mask)
            self._by_lines = (question, self._groups_of[column].of(order, is_down=is_down))
        return self._by_lines[1]

    def sums(self, mask: Mask | None) -> list[Money]:
        """Add up the amounts of all rows, or of some: one sum for each currency that is among them, by name."""
        found = sorted(self._made.amounts.items())
        asked = ((currency, minor if mask is None else list(compress(minor, mask))) for currency, minor in found)
        return [Money.from_minor(sum(minor), currency) for currency, minor in asked if any(minor)]

    def by_facet(self, mask: Mask | None, part_of: PartOf) -> Parts:
        """Return how many rows, or of some of them, have each part of a facet, and their sums; few parts may differ."""
        facets, codes = self._made.facets
        parts = [part_of(facet) for facet in facets]
        found: Parts = []
        for part in dict.fromkeys(parts):
            has = [one == part for one in parts]
            among = both(bytes(map(has.__getitem__, codes)), mask) or b""
            if number := among.count(1):
                found.append((part, number, self.sums(among)))
        return found

    def parts_of(self, positions: Sequence[int], part_of: PartOf | None) -> Parts:
        """Return of rows by their positions what `by_facet` returns of a mask; it takes as long as they are many."""
        if part_of is None:
            return [(None, len(positions), self.sums_of(positions))]
        facets, codes = self._made.facets
        parts = [part_of(facet) for facet in facets]
        found: dict[object, list[int]] = {}
        for at in positions:
            found.setdefault(parts[codes[at]], []).append(at)
        return [(part, len(some), self.sums_of(some)) for part, some in found.items()]

    def sums_of(self, positions: Sequence[int]) -> list[Money]:
        """Add up the amounts of rows by their positions: one sum for each currency that is among them, by name."""
        found = ((c, [minor[at] for at in positions]) for c, minor in sorted(self._made.amounts.items()))
        return [Money.from_minor(sum(minor), currency) for currency, minor in found if any(minor)]

    def _sorted_by(self, question: Question) -> Sequence[int]:
        if not 0 <= question.column < len(self._columns):
            return range(len(self.rows))
        order = self._made.order(question.column)
        return order.down() if question.is_down else order.up

    def _grouped_by(self, question: Question) -> Sequence[int]:
        """Return the order of a question with what belongs to one group together, in the order of the groups."""
        wanted = (question.column, question.is_down)
        if wanted not in self._grouped:
            order, made = self._sorted_by(question), array("I")
            for group in sorted(set(self._groups)):
                made.extend(compress(order, map(self._of_group(group).__getitem__, order)))
            self._grouped[wanted] = made
        return self._grouped[wanted]

    def _blocks(self, mask: Mask | None) -> tuple[Block, ...]:
        blocks: list[Block] = []
        first = 0
        for group in sorted(set(self._groups)):
            among = both(self._of_group(group), mask) or b""
            if size := among.count(1):
                blocks.append(Block(group, first, size, among))
                first += size
        return tuple(blocks)

    def _of_group(self, group: int) -> Mask:
        return self._groups.translate(bytes([number == group for number in range(256)]))

    def _having(self, words: tuple[str, ...]) -> Mask | None:
        if self._found[0] != words:
            mask = None
            for word in words:
                mask = both(mask, self._made.texts.having(word))
            self._found = (words, mask)
        return self._found[1]

    def _keeping(self, keep: Keep | None) -> Mask | None:
        if self._kept[0] is not keep:
            self._kept = (keep, self._kept_by(keep) if keep is not None else None)
        return self._kept[1]

    def _kept_by(self, keep: Keep) -> Mask:
        """Ask once for each facet that differs."""
        facets, codes = self._made.facets
        answers = bytes([bool(keep(facet)) for facet in facets])
        return answers if self._made.facet_of is None else bytes(map(answers.__getitem__, codes))

    def _within(self, days: Days | None) -> Mask | None:
        if self._of_days[0] != days:
            first, last = (days.first.toordinal(), days.last.toordinal()) if days is not None else (0, 0)
            ordinals = self._made.days if days is not None else None
            mask = None if ordinals is None else bytes([first <= day <= last for day in ordinals])
            self._of_days = (days, mask)
        return self._of_days[1]

    def _saying(self, only: tuple[int, str] | None) -> Mask | None:
        if self._of_text[0] != only:
            mask = None
            if only is not None:
                text, wanted = self._columns[only[0]].text, only[1]
                mask = bytes([text(row) == wanted for row in self.rows])
            self._of_text = (only, mask)
        return self._of_text[1]

    def _called(self, named: TheseRows | None) -> Mask | None:
        return None if named is None else bytes([name in named.names for name in self.names])


def both(one: Mask | None, other: Mask | None) -> Mask | None:
    """Return the rows that are in both; None is all rows."""
    if one is None or other is None:
        return other if one is None else one
    return (int.from_bytes(one, "little") & int.from_bytes(other, "little")).to_bytes(len(one), "little")


def _chosen(order: Sequence[int], mask: Mask | None) -> Sequence[int]:
    """Return the positions of an order that a mask takes in."""
    if mask is None:
        return order
    if isinstance(order, range):
        return array("I", compress(order, mask))
    return array("I", compress(order, map(mask.__getitem__, order)))
