"""What a table is sorted, searched and added up by: arrays that are made once, and mended where rows are others."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from heapq import merge
from itertools import accumulate
from typing import Any

from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.widgets.column import SortKey
from cmxero_desktop.ui.widgets.spans import Spans

# One call of C's holds up every thread while it lasts: no sort, no search is longer than for so many rows.
_SLICE = 4_096
_BETWEEN = "\0"

KeyAt = Callable[[int], SortKey]
"""Returns what the row at a position is sorted by."""

TextAt = Callable[[int], str]


class Order:
    """Positions sorted by one column, upwards and downwards; rows that are equal stay as they came, either way."""

    def __init__(self, up: "array[int]", ties: bytearray) -> None:
        """Take the positions; `ties` has 1 where a row is equal to the one before it."""
        self.up = up
        self._ties = ties
        self._down: array[int] | None = None

    @classmethod
    def of(cls, keys: Sequence[SortKey]) -> "Order":
        """Sort the rows of these keys."""
        key_of = keys.__getitem__
        slices = [range(at, min(at + _SLICE, len(keys))) for at in range(0, len(keys), _SLICE)]
        up = array("I", merge(*(sorted(positions, key=key_of) for positions in slices), key=key_of))
        return cls(up, bytearray([at > 0 and keys[up[at - 1]] == keys[position] for at, position in enumerate(up)]))

    def renewed(self, spans: Spans, was: KeyAt, now: KeyAt) -> "Order":
        """Return the order with other rows in the place of those that are gone; the others keep theirs."""
        up, ties = self.up[:], self._ties[:]
        for position in spans.gone:
            at = _place(up, position, was)
            del up[at], ties[at]
            _tie(ties, up, at, was)
        up = spans.moved(up)
        for position in spans.come:
            at = _place(up, position, now)
            up.insert(at, position)
            ties.insert(at, 0)
            _tie(ties, up, at, now)
            _tie(ties, up, at + 1, now)
        return Order(up, ties)

    def down(self) -> Sequence[int]:
        """Return the positions downwards."""
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


def _place(up: "array[int]", position: int, key_at: KeyAt) -> int:
    """Return where in an order a row belongs, or lies: equal ones lie as they came."""
    return bisect_left(up, (key_at(position), position), key=lambda at: (key_at(at), at))


def _tie(ties: bytearray, up: "array[int]", at: int, key_at: KeyAt) -> None:
    """Note whether a row is equal to the one before it, if it is there."""
    if at < len(up):
        ties[at] = at > 0 and key_at(up[at - 1]) == key_at(up[at])


class Texts:
    """The folded texts of the rows, a slice of them in one text."""

    def __init__(self, slices: list[str], sizes: list[int]) -> None:
        """Take the slices, and of how many rows each is."""
        self._slices = slices
        self._sizes = sizes

    @classmethod
    def of(cls, text_at: TextAt, rows: int) -> "Texts":
        """Take the texts of so many rows."""
        found = cls([], [])
        found._add(text_at, range(rows))
        return found

    def _add(self, text_at: TextAt, rows: range) -> None:
        for first in range(rows.start, rows.stop, _SLICE):
            some = range(first, min(first + _SLICE, rows.stop))
            self._slices.append(_BETWEEN.join([_folded(text_at, at) for at in some]))
            self._sizes.append(len(some))

    def renewed(self, spans: Spans, text_at: TextAt) -> "Texts":
        """Return the texts with those of other rows in the place of what is gone."""
        slices, sizes = self._slices[:], self._sizes[:]
        begins = [0, *accumulate(sizes)]
        for span in reversed(spans.spans):
            # What lies behind the last slice belongs to it.
            one = min(bisect_left(begins, span.first + 1) - 1, len(slices) - 1)
            last = min(max(bisect_left(begins, span.end) - 1, one), len(slices) - 1)
            texts = _BETWEEN.join(slices[one : last + 1]).split(_BETWEEN)
            texts[span.first - begins[one] : span.end - begins[one]] = [_folded(text_at, at) for at in span.come]
            # It may grow to twice its size, so that not every new row leaves a slice of its own.
            step = _SLICE if len(texts) > 2 * _SLICE else 2 * _SLICE
            parts = [texts[at : at + step] for at in range(0, len(texts), step)]
            slices[one : last + 1] = map(_BETWEEN.join, parts)
            sizes[one : last + 1] = map(len, parts)
        return Texts(slices, sizes)

    def having(self, word: str) -> bytes:
        """Return which rows have a word."""
        found = bytearray()
        for text, size in zip(self._slices, self._sizes, strict=True):
            # Most words are in few rows: a whole slice without one costs no more than its length.
            found += bytes([word in row for row in text.split(_BETWEEN)]) if word in text else bytes(size)
        return bytes(found)


def _folded(text_at: TextAt, at: int) -> str:
    return text_at(at).replace(_BETWEEN, " ").casefold()


class Facets:
    """What filters ask of rows: each answer once, in the order in which it comes first, and its number for each row."""

    def __init__(self, facets: list[Hashable], codes: "array[int]") -> None:
        """Take both."""
        self.facets = facets
        self.codes = codes

    @classmethod
    def of(cls, facets: Sequence[Hashable]) -> "Facets":
        """Take the facet of each row."""
        numbers: dict[Hashable, int] = {}
        codes = array("I", [numbers.setdefault(facet, len(numbers)) for facet in facets])
        return cls(list(numbers), codes)

    def renewed(self, spans: Spans, facet_at: Callable[[int], Hashable]) -> "Facets":
        """Return them with those of other rows in the place of what is gone."""
        numbers = {facet: number for number, facet in enumerate(self.facets)}

        def made(come: range) -> "array[int]":
            return array("I", [numbers.setdefault(facet_at(at), len(numbers)) for at in come])

        codes = spans.spliced(self.codes[:], made)
        in_order = list(dict.fromkeys(codes))
        if in_order == list(range(len(numbers))):
            return Facets(list(numbers), codes)
        facets, places = list(numbers), {code: place for place, code in enumerate(in_order)}
        return Facets([facets[code] for code in in_order], array("I", map(places.__getitem__, codes)))


class Amounts:
    """The amounts of the rows in cents, by currency: nothing where a row has none in it."""

    def __init__(self, by_currency: dict[str, Sequence[int]]) -> None:
        """Take them."""
        self.by_currency = by_currency

    @classmethod
    def of(cls, amounts: Sequence[Money | None]) -> "Amounts":
        """Take the amount of each row."""
        currencies = {amount.currency for amount in amounts if amount is not None}
        return cls({currency: _packed(_in(currency, amounts)) for currency in currencies})

    def renewed(self, spans: Spans, amount_at: Callable[[int], Money | None]) -> "Amounts | None":
        """Return them with those of other rows in the place of what is gone; None where it needs other arrays."""
        come = {at: amount_at(at) for at in spans.come}
        if any(amount is not None and amount.currency not in self.by_currency for amount in come.values()):
            return None
        found: dict[str, Sequence[int]] = {}
        for currency, minor in self.by_currency.items():
            new = {at: _in(currency, [amount])[0] for at, amount in come.items()}
            found[currency] = _packed(spans.spliced(list(minor), _taken(new)))
        return Amounts(found)


def _taken(new: dict[int, int]) -> Callable[[range], list[int]]:
    return lambda come: [new[at] for at in come]


def _in(currency: str, amounts: Sequence[Money | None]) -> list[int]:
    return [a.minor if a is not None and a.currency == currency else 0 for a in amounts]


def _packed(numbers: list[int]) -> Sequence[int]:
    try:
        return array("q", numbers)
    except OverflowError:
        return numbers


def days_of(days: Sequence[Any]) -> "array[int]":
    """Return days as ordinals, 0 for none."""
    return array("I", [day.toordinal() if day else 0 for day in days])
