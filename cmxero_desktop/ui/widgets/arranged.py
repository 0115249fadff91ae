"""Rows with what sorting, searching and adding them up needs, as plain arrays that any thread may make in advance."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import compress
from typing import Any, Generic

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.periods import Days
from cmxero_desktop.ui.widgets.column import Column, R

# One call of C's holds up every thread while it lasts: no sort, no search is longer than for so many rows.
_SLICE = 4_096
_BETWEEN = "\0"

Mask = bytes
"""One byte for each row, 1 where it belongs to what is asked for."""

Keep = Callable[[Any], bool]


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
    `named` leaves these very rows.
    """

    words: tuple[str, ...] = ()
    keep: Keep | None = None
    column: int = -1
    is_down: bool = False
    days: Days | None = None
    only: tuple[int, str] | None = None
    named: TheseRows | None = None
    is_grouped: bool = False


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

    `blocks` are the groups among them, where they were asked for grouped.
    """

    shown: Sequence[int]
    mask: Mask | None
    blocks: tuple[Block, ...] = ()


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
    ) -> None:
        """Take the rows. `facet_of` is all that a filter asks of a row, `amount_of` what is added up.

        `groups` is the number of each row's group, `likely` what will be asked first.
        """
        self.rows: Sequence[R] = rows if isinstance(rows, Sequence) else tuple(rows)
        self.names = [name_of(row) for row in self.rows]
        self._columns = columns
        self._facet_of = facet_of
        self._amount_of = amount_of
        self._groups = groups
        self._likely = likely
        self._grouped: dict[tuple[int, bool], Sequence[int]] = {}
        self._orders: dict[int, _Order] = {}
        # Of questions the last one is remembered: sorting asks for the same words, searching for the same order.
        self._answer: tuple[Question, RowsFound] | None = None
        self._found: tuple[tuple[str, ...], Mask | None] = ((), None)
        self._kept: tuple[Keep | None, Mask | None] = (None, None)
        self._of_days: tuple[Days | None, Mask | None] = (None, None)
        self._of_text: tuple[tuple[int, str] | None, Mask | None] = (None, None)
        self._ordinals: Sequence[int] | None = None
        self._texts: list[str] | None = None
        self._facets: tuple[list[object], Sequence[int]] | None = None
        self._amounts: dict[str, Sequence[int]] | None = None

    def prepare(self) -> None:
        """Make everything that a person may soon ask for: the orders of what is shown at first, texts and sums."""
        for position, column in enumerate(self._columns):
            if column.is_default and not column.is_tick:
                self._order(position)
        self._searchable()
        self._amounts_by_currency()
        self._days_of_rows()
        if self._facet_of is not None:
            self._facets_of_rows()
        self.answer(self._likely)

    def answer(self, question: Question) -> RowsFound:
        """Return which rows are wanted, and in which order."""
        if self._answer is None or self._answer[0] != question:
            mask = both(self._having(question.words), self._keeping(question.keep))
            mask = both(mask, both(self._within(question.days), self._saying(question.only)))
            mask = both(mask, self._called(question.named))
            mask = None if mask is not None and 0 not in mask else mask
            blocks = self._blocks(mask) if question.is_grouped and self._groups else ()
            order = self._grouped_by(question) if blocks else self._sorted_by(question)
            self._answer = (question, RowsFound(_chosen(order, mask), mask, blocks))
        return self._answer[1]

    def sums(self, mask: Mask | None) -> list[Money]:
        """Add up the amounts of all rows, or of some: one sum for each currency that is among them, by name."""
        found = sorted(self._amounts_by_currency().items())
        asked = ((currency, minor if mask is None else list(compress(minor, mask))) for currency, minor in found)
        return [Money.from_minor(sum(minor), currency) for currency, minor in asked if any(minor)]

    def by_facet(self, mask: Mask | None) -> list[tuple[object, int, list[Money]]]:
        """Return how many rows, or of some of them, have each facet, and their sums; few may differ."""
        facets, codes = self._facets_of_rows()
        masks = [both(bytes([number == code for number in codes]), mask) or b"" for code in range(len(facets))]
        return [(facet, one.count(1), self.sums(one)) for facet, one in zip(facets, masks, strict=True) if 1 in one]

    def _sorted_by(self, question: Question) -> Sequence[int]:
        if not 0 <= question.column < len(self._columns):
            return range(len(self.rows))
        order = self._order(question.column)
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

    def _order(self, column: int) -> "_Order":
        if column not in self._orders:
            key_of = self._columns[column].key_of
            self._orders[column] = _Order([key_of(row) for row in self.rows])
        return self._orders[column]

    def _having(self, words: tuple[str, ...]) -> Mask | None:
        if self._found[0] != words:
            mask = None
            for word in words:
                mask = both(mask, self._having_one(word))
            self._found = (words, mask)
        return self._found[1]

    def _having_one(self, word: str) -> Mask:
        found = bytearray()
        for text in self._searchable():
            # Most words are in few rows: a whole slice without one costs no more than its length.
            if word in text:
                found += bytes([word in row for row in text.split(_BETWEEN)])
            else:
                found += bytes(text.count(_BETWEEN) + 1)
        return bytes(found)

    def _keeping(self, keep: Keep | None) -> Mask | None:
        if self._kept[0] is not keep:
            self._kept = (keep, self._kept_by(keep) if keep is not None else None)
        return self._kept[1]

    def _kept_by(self, keep: Keep) -> Mask:
        """Ask once for each facet that differs."""
        facets, codes = self._facets_of_rows()
        answers = bytes([bool(keep(facet)) for facet in facets])
        return answers if self._facet_of is None else bytes(map(answers.__getitem__, codes))

    def _within(self, days: Days | None) -> Mask | None:
        if self._of_days[0] != days:
            first, last = (days.first.toordinal(), days.last.toordinal()) if days is not None else (0, 0)
            ordinals = self._days_of_rows() if days is not None else None
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

    def _days_of_rows(self) -> Sequence[int] | None:
        """Return the day of each row as an ordinal, 0 for none; nothing where the rows of this table have no day."""
        if self._ordinals is None:
            day_of = next((column.day_of for column in self._columns if column.day_of is not None), None)
            if day_of is not None:
                self._ordinals = array("I", [day.toordinal() if (day := day_of(row)) else 0 for row in self.rows])
        return self._ordinals

    def _searchable(self) -> list[str]:
        """Return the folded texts of the rows, a slice of them in one text."""
        if self._texts is None:
            searched = [column.text for column in self._columns if column.is_searched]
            slices = (self.rows[at : at + _SLICE] for at in range(0, len(self.rows), _SLICE))
            self._texts = [
                _BETWEEN.join(["\n".join([text(row) for text in searched]).replace(_BETWEEN, " ") for row in rows])
                for rows in slices
            ]
            self._texts = [text.casefold() for text in self._texts]
        return self._texts

    def _facets_of_rows(self) -> tuple[list[object], Sequence[int]]:
        if self._facets is None:
            facet_of = self._facet_of
            if facet_of is None:
                self._facets = (list(self.rows), range(len(self.rows)))
            else:
                codes: dict[object, int] = {}
                numbers = array("I", (codes.setdefault(facet_of(row), len(codes)) for row in self.rows))
                self._facets = (list(codes), numbers)
        return self._facets

    def _amounts_by_currency(self) -> dict[str, Sequence[int]]:
        """Return for each currency the amount of every row in it, nothing where a row has none."""
        if self._amounts is None:
            amount_of = self._amount_of or _nothing
            amounts = [amount_of(row) for row in self.rows]
            currencies = {amount.currency for amount in amounts if amount is not None}
            self._amounts = {
                currency: _packed([a.minor if a is not None and a.currency == currency else 0 for a in amounts])
                for currency in currencies
            }
        return self._amounts


class _Order:
    """Positions sorted by one column, upwards and downwards; rows that are equal stay as they came, either way."""

    def __init__(self, keys: Sequence[tuple[int, str]]) -> None:
        key_of = keys.__getitem__
        slices = [range(at, min(at + _SLICE, len(keys))) for at in range(0, len(keys), _SLICE)]
        self.up = array("I", merge(*(sorted(positions, key=key_of) for positions in slices), key=key_of))
        # 1 where a row is equal to the one before it.
        self._ties = bytes(
            [int(at > 0 and keys[self.up[at - 1]] == keys[position]) for at, position in enumerate(self.up)]
        )
        self._down: array[int] | None = None

    def down(self) -> Sequence[int]:
        if self._down is None:
            self._down = self.up[::-1]
            # What is equal was turned round with the rest, so it is turned round once more.
            first = self._ties.find(1)
            while first > 0:
                last = self._ties.find(0, first)
                begin, end = first - 1, len(self.up) if last < 0 else last
                self._down[len(self.up) - end : len(self.up) - begin] = self.up[begin:end]
                first = self._ties.find(1, end)
        return self._down


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


def _packed(numbers: list[int]) -> Sequence[int]:
    try:
        return array("q", numbers)
    except OverflowError:
        return numbers


def _nothing(_row: object) -> None:
    return None
