"""Which rows of a table are others than before: most are the very same records, and nothing is made anew for them."""

from array import array
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass
from itertools import compress, count
from operator import is_not
from typing import Any, TypeVar

# Where more than this part of the rows is new, making everything anew is no more work.
_MANY = 8
_GONE = 2**32 - 1

_Values = TypeVar("_Values", bound=MutableSequence[Any])


@dataclass(frozen=True, slots=True)
class Span:
    """Rows from `first` up to `end` that are no more, and in their place those from `now_first` up to `now_end`."""

    first: int
    end: int
    now_first: int
    now_end: int

    @property
    def gone(self) -> range:
        """The positions that are no more, among the rows as they were."""
        return range(self.first, self.end)

    @property
    def come(self) -> range:
        """The positions of what is new, among the rows as they are."""
        return range(self.now_first, self.now_end)


@dataclass(frozen=True, slots=True)
class Spans:
    """All that differs between rows as they were and as they are, from top to bottom."""

    spans: tuple[Span, ...]
    were: int
    are: int

    @property
    def gone(self) -> list[int]:
        """The positions of what is no more, among the rows as they were."""
        return [at for span in self.spans for at in span.gone]

    @property
    def come(self) -> list[int]:
        """The positions of what is new, among the rows as they are."""
        return [at for span in self.spans for at in span.come]

    def spliced(self, values: _Values, make: Callable[[range], _Values]) -> _Values:
        """Put what is made for the new rows in the place of what was there for those that are no more."""
        for span in reversed(self.spans):
            values[span.first : span.end] = make(span.come)
        return values

    def moved(self, positions: Iterable[int]) -> "array[int]":
        """Return where rows lie now that lay at these positions; all of them must still be there."""
        if all(len(span.gone) == len(span.come) for span in self.spans):
            return array("I", positions)
        now = array("I")
        first = shift = 0
        for span in self.spans:
            now.extend(range(first + shift, span.first + shift))
            now.extend(_GONE for _ in span.gone)
            first, shift = span.end, span.now_end - span.end
        now.extend(range(first + shift, self.were + shift))
        return array("I", map(now.__getitem__, positions))


def spans_between(old: Sequence[object], new: Sequence[object]) -> Spans | None:
    """Return what differs; None where that is much, or where what is still there lies in another order."""
    if old is new:
        return Spans((), len(old), len(new))
    both = min(len(old), len(new))
    first = next(compress(count(), map(is_not, old, new)), both)
    last = min(next(compress(count(), map(is_not, reversed(old), reversed(new))), both), both - first)
    before, after = old[first : len(old) - last], new[first : len(new) - last]
    were, are = set(map(id, before)), set(map(id, after))
    gone = [at for at, row in enumerate(before) if id(row) not in are]
    come = [at for at, row in enumerate(after) if id(row) not in were]
    kept = compress(before, [id(row) in are for row in before]), compress(after, [id(row) in were for row in after])
    is_much = (len(gone) + len(come)) * _MANY > len(old)
    if is_much or len(before) - len(gone) != len(after) - len(come) or any(map(is_not, *kept)):
        return None
    return Spans(tuple(_joined(gone, come, first)), len(old), len(new))


def _joined(gone: Sequence[int], come: Sequence[int], first: int) -> Iterator[Span]:
    """Join what lies together: between two of the rows that are still there, one span at most differs."""
    # By how many rows that are still there lie above it.
    above: dict[int, list[int]] = {}
    for which, places in enumerate((gone, come)):
        for number, at in enumerate(places):
            above.setdefault(at - number, [0, 0])[which] += 1
    begins = now_begins = first
    for still_there, (were, are) in sorted(above.items()):
        at, now = begins + still_there, now_begins + still_there
        yield Span(at, at + were, now, now + are)
        begins, now_begins = begins + were, now_begins + are
