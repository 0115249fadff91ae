"""Rows below the lines of their groups: which groups fold, what each comes to, and how many of its rows are ticked."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.theme.formatting import count, plural, sums
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.arranged import Block, PartOf, Parts
from cmxero_desktop.ui.widgets.column import R
from cmxero_desktop.ui.widgets.grouping import NO_TEXT, Grouping, GroupLine
from cmxero_desktop.ui.widgets.held_rows import HeldRows


def _sums_of_all(parts: Parts) -> str:
    return sums(amount for _, _, amounts in parts for amount in amounts)


class LinedRows(HeldRows[R]):
    """Rows that lie in groups where a person wants it. A group that is folded keeps its ticks, and its line says them.

    What is ticked counts whether it is folded or not: nothing that a button adds up depends on what is folded.
    """

    _part_of: PartOf | None = None
    _words: Callable[[Parts], str] = staticmethod(_sums_of_all)

    def say_of_lines(self, words: Callable[[Parts], str], part_of: PartOf | None = None) -> None:
        """Say on each line by `words` what its rows come to, counted by a part of their facets."""
        self._part_of, self._words = part_of, words

    @property
    def grouping(self) -> Grouping | None:
        """By which column rows lie in groups, and which are folded; None where they lie in none."""
        return self._shown.question.grouping

    def group_by(self, grouping: Grouping | None) -> None:
        """Let rows lie in groups, or in none."""
        if grouping != self.grouping:
            self._ask(replace(self._shown.question, grouping=grouping), is_order_alone=False)

    def fold(self, line: GroupLine, *, is_folded: bool) -> None:
        """Fold one group, or unfold it."""
        if self.grouping is not None:
            self.group_by(self.grouping.with_folded(line.text, is_folded=is_folded))

    def fold_all(self, *, are_folded: bool) -> None:
        """Fold all groups, those that come later too, or unfold them."""
        if self.grouping is not None:
            self.group_by(Grouping(self.grouping.column, are_folded))

    @property
    def lines(self) -> tuple[GroupLine, ...]:
        """The lines of the groups, from top to bottom; none where rows lie in no groups."""
        return self._shown.lines

    def line_at(self, position: int) -> GroupLine | None:
        """Return the line shown at a position, or None where a row is."""
        return self._shown.line_at(position)

    def line_above(self, position: int) -> int:
        """Return where the line of the group is to which the row at a position belongs, itself if it is one, or -1."""
        return next((at for at in range(position, -1, -1) if self.line_at(at) is not None), -1)

    def line_text(self, line: GroupLine) -> str:
        """Say what a group is, how many rows it has, what they come to, and how many of them are ticked."""
        return "   ".join(
            part for part in (line.text or NO_TEXT, self._size_text(line), self._ticks_text(line)) if part
        )

    def line_sentence(self, line: GroupLine) -> str:
        """Return the whole line as one sentence for a screen reader."""
        state = "folded" if line.is_folded else "unfolded"
        parts = (f"Group {line.text or NO_TEXT}, {state}", self._size_text(line), self._ticks_text(line))
        return as_said(", ".join(part for part in parts if part) + ".")

    def ticks_of(self, line: GroupLine) -> int:
        """Return how many rows of a group are ticked."""
        return sum(map(self._ticks.__getitem__, self._shown.below(line))) if len(self._ticks) else 0

    @property
    def folded_ticks(self) -> frozenset[str]:
        """The names of the rows that are ticked and folded away."""
        if not len(self._ticks):
            return frozenset()
        folded = (at for line in self._shown.lines if line.is_folded for at in self._shown.below(line))
        return frozenset(self._shown.names[at] for at in folded if self._ticks[at])

    @property
    def is_all_ticked(self) -> bool:
        """Whether every row is ticked that is shown and not folded away; of none it is not."""
        in_sight = len(self._shown.shown) - len(self._shown.lines)
        return in_sight > 0 and self.ticks_shown - len(self.folded_ticks) == in_sight

    def set_line_ticked(self, line: GroupLine, position: int, *, is_ticked: bool) -> None:
        """Tick or untick the rows of a group, whose line is shown at a position; nothing is ticked unseen."""
        if not line.is_folded:
            self.set_ticked(range(position + 1, position + 1 + line.size), is_ticked=is_ticked)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The groups among the shown rows, from top to bottom; none where they are not grouped."""
        return self._shown.blocks

    def sums_of(self, block: Block) -> list[Money]:
        """Add up the amounts of a group's shown rows: one sum for each currency."""
        return self._shown.arranged.sums(block.mask)

    def rows_of(self, block: Block) -> Callable[[], list[R]]:
        """Return what gives a group's shown rows of this moment to whichever thread asks, and whenever it does."""
        rows, shown = self._shown.rows, self._shown.shown
        return lambda: [rows[at] for at in shown[block.first : block.first + block.size]]

    def sums_at(self, positions: Iterable[int]) -> list[Money]:
        """Add up the amounts of rows by where they are shown: one sum for each currency."""
        mask = bytearray(len(self._shown.rows))
        for position in positions:
            mask[self._shown.shown[position]] = 1
        return self._shown.arranged.sums(bytes(mask))

    def uncounted_at(self, positions: Iterable[int]) -> int:
        """Count the rows that are in no sum and that the table has a word for."""
        if self.amount_of is None or not self.uncounted:
            return 0
        rows, shown = self._shown.rows, self._shown.shown
        return sum(self.amount_of(rows[shown[position]]) is None for position in positions)

    def _size_text(self, line: GroupLine) -> str:
        """Say how many rows a group has and what they come to; of a large one that is worked out once."""
        if line.text not in self._shown.said:
            said = plural(line.size, "row")
            if self.amount_of is not None:
                words = self._words(self._shown.arranged.parts_of(self._shown.below(line), self._part_of))
                said = f"{said}, {words}" if words else said
            self._shown.said[line.text] = said
        return self._shown.said[line.text]

    def _ticks_text(self, line: GroupLine) -> str:
        ticked = self.ticks_of(line)
        return f"{count(ticked)} ticked" if ticked else ""
