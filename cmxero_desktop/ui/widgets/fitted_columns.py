"""Share the width of a table among its columns: what would be cut takes the room that others do not need."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The usual width of a column and what its words need, in pixels; one that is fixed neither takes nor gives.

    `title` is what its title needs, which is never cut; `least` what it keeps where there is no room for all words,
    nothing where none of them is cut.
    """

    usual: int
    needed: int
    title: int = 0
    least: int = 0
    is_fixed: bool = False

    @property
    def lack(self) -> int:
        """By how much it is usually too narrow."""
        return 0 if self.is_fixed else max(self.needed - self.usual, 0)

    @property
    def spare(self) -> int:
        """How much of its usual width nothing stands in."""
        return 0 if self.is_fixed else max(self.usual - self.needed, 0)


def shared_widths(wishes: Sequence[Wish], room: int) -> list[int]:
    """Return a width for each column, so that all fit the room as far as words allow.

    The shortest lack is filled first, and whole or not at all: from what is left over, then from what others do not
    need, most from where most is. What is left over in the end is nobody's.
    """
    left = room - sum(wish.usual for wish in wishes)
    pool, taken = left + sum(wish.spare for wish in wishes), 0
    widths = [wish.usual for wish in wishes]
    for at, wish in sorted(enumerate(wishes), key=lambda one: one[1].lack):
        if taken + wish.lack > pool:
            break
        widths[at] += wish.lack
        taken += wish.lack
    owed = taken - left
    for at, wish in sorted(enumerate(wishes), key=lambda one: -one[1].spare):
        given = min(wish.spare, max(owed, 0))
        widths[at] -= given
        owed -= given
    return _cut_down(widths, wishes, room)


def _cut_down(usual: Sequence[int], wishes: Sequence[Wish], room: int) -> list[int]:
    """Return the widths with every title whole, and with the longest texts cut where all together are too wide."""
    widths = [width if wish.is_fixed else max(width, wish.title) for width, wish in zip(usual, wishes, strict=True)]

    def cut_at(most: int) -> list[int]:
        kept = [max(wish.least, most) if wish.least and not wish.is_fixed else width for width, wish in told]
        return list(map(min, widths, kept))

    told = list(zip(widths, wishes, strict=True))
    cuts = map(cut_at, range(max(widths, default=0), 0, -1))
    return next((cut for cut in cuts if sum(cut) <= room), cut_at(0))


def filled_up(widths: Sequence[int], room: int, growing: Sequence[int]) -> list[int]:
    """Return the widths with what is left of the room shared evenly among the growing columns."""
    filled, left = list(widths), room - sum(widths)
    for number, at in enumerate(growing):
        share = max(left, 0) // (len(growing) - number)
        filled[at] += share
        left -= share
    return filled
