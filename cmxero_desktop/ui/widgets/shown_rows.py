"""Which rows of a table are shown, in which order, and which are ticked: arrays of positions and masks alone."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Generic

from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.widgets.arranged import Arranged, Block, Mask, PartOf, Parts, Question, both
from cmxero_desktop.ui.widgets.column import R
from cmxero_desktop.ui.widgets.grouping import GroupLine

# So many names are looked for one by one; more than that in one look over all rows.
_FEW = 8


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
    """Frozen rows and what is shown of them. No array is ever changed, so who keeps one may read on."""

    def __init__(self, arranged: Arranged[R]) -> None:
        """Show the rows as they came."""
        self.question = Question()
        self.arranged = arranged
        self._look()

    def _look(self) -> None:
        self._answer = self.arranged.answer(self.question)
        of_rows, of_lines = self.arranged.names, self._answer.line_names
        # What was worked out to be said of these lines.
        self.said: dict[str, str] = {}
        self.names: Sequence[str] = [*of_rows, *of_lines] if of_lines else of_rows

    @property
    def rows(self) -> Sequence[R]:
        """All rows, shown or not."""
        return self.arranged.rows

    @property
    def shown(self) -> Sequence[int]:
        """The positions among all rows of those that are shown, in order, with the lines above them."""
        return self._answer.shown

    @property
    def found(self) -> Sequence[int]:
        """The positions among all rows of those that were asked for, in order, folded or not, and without lines."""
        return self._answer.rows

    @property
    def lines(self) -> tuple[GroupLine, ...]:
        """The lines of the groups, from top to bottom; none where rows lie in no groups."""
        return self._answer.lines

    def line_at(self, position: int) -> GroupLine | None:
        """Return the line shown at a position, or None where a row is."""
        number = self.shown[position] - len(self.rows) if 0 <= position < len(self.shown) else -1
        return self.lines[number] if number >= 0 else None

    def unfolded(self) -> Iterator[int]:
        """Yield the positions among all rows of those that no line folds away, in order."""
        return (at for at in self.shown if at < len(self.rows))

    def below(self, line: GroupLine) -> Sequence[int]:
        """Return the positions among all rows of those of a group, folded or not."""
        return self.found[line.first : line.first + line.size]

    @property
    def mask(self) -> Mask | None:
        """The shown rows among all, None where it is all."""
        return self._answer.mask

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The groups among the shown rows, from top to bottom; none where they are not grouped."""
        return self._answer.blocks

    def take(self, arranged: Arranged[R]) -> None:
        """Show other rows, in the same order and by the same filter."""
        self.arranged = arranged
        self._look()

    def ask(self, question: Question) -> None:
        """Show other rows of them, or in another order."""
        self.question = question
        self._look()

    def row_at(self, position: int) -> R | None:
        """Return the row shown at a position, or None, also where a line is."""
        at = self.shown[position] if 0 <= position < len(self.shown) else len(self.rows)
        return self.rows[at] if at < len(self.rows) else None

    def name_at(self, position: int) -> str:
        """Return the name of the row or line shown at a position, or nothing."""
        return self.names[self.shown[position]] if 0 <= position < len(self.shown) else ""

    def positions_of(self, names: Collection[str]) -> list[int]:
        """Return where the rows of those names are shown, from top to bottom; those that are not shown are left out."""
        if len(names) > _FEW:
            return [position for position, at in enumerate(self.shown) if self.names[at] in names]
        return sorted(position for name in names if (position := self._position_of(name)) >= 0)

    def _position_of(self, name: str) -> int:
        try:
            return self.shown.index(self.names.index(name))
        except ValueError:
            return -1

    def sums(self) -> list[Money]:
        """Add up what is shown: one sum for each currency."""
        return self.arranged.sums(self.mask)

    def by_facet(self, part_of: PartOf) -> Parts:
        """Return how many of what is shown have each part of a facet, and their sums."""
        return self.arranged.by_facet(self.mask, part_of)

    def as_shown(self) -> ShownOrder:
        """Return how the rows are shown now; it stays as it is when they change."""
        return ShownOrder(self.names, self.shown)


class Ticks(Generic[R]):
    """Which rows are ticked, by one byte for each. Ticks belong to names, so they survive other rows."""

    def __init__(self, tick_lasts: Callable[[R, R], bool]) -> None:
        """Begin without rows. `tick_lasts` says of a row as it was and as it is whether the tick is still meant."""
        self._tick_lasts = tick_lasts
        self._are = bytearray()

    def __len__(self) -> int:
        """How many rows are ticked, shown or not."""
        return self._are.count(1)

    def __getitem__(self, at: int) -> bool:
        """Say whether a row is ticked."""
        return bool(self._are[at])

    def follow(self, old: Arranged[R], new: Arranged[R]) -> None:
        """Go on to other rows; ticks of rows that are gone, or no longer what was ticked, are forgotten."""
        were = {old.names[at]: old.rows[at] for at in self._positions()}
        self._are = bytearray(len(new.rows))
        if were:
            named = ((at, were[name]) for at, name in enumerate(new.names) if name in were)
            self.put((at for at, row in named if self._tick_lasts(row, new.rows[at])), is_ticked=True)

    def put(self, positions: Iterable[int], *, is_ticked: bool) -> None:
        """Tick or untick rows."""
        for at in positions:
            self._are[at] = is_ticked

    def put_all(self, mask: Mask | None, *, is_ticked: bool) -> None:
        """Tick or untick all rows, or those of a mask."""
        if mask is None:
            self._are = bytearray((b"\1" if is_ticked else b"\0") * len(self._are))
        else:
            self.put(compress(range(len(mask)), mask), is_ticked=is_ticked)

    def among(self, mask: Mask | None) -> int:
        """Return how many rows of a mask are ticked."""
        return len(self) if mask is None else (both(bytes(self._are), mask) or b"").count(1)

    def as_now(self) -> Mask:
        """Return which rows are ticked at this moment."""
        return bytes(self._are)

    def _positions(self) -> Iterable[int]:
        return compress(range(len(self._are)), self._are)
