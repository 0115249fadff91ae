"""A column of a table as a description: what it shows, how it sorts, and what a screen reader says."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from cmxero_desktop.ui.theme.badge import Badge

R = TypeVar("R")

_MOST_DIGITS = 18

SortKey = tuple[int, str]
"""Sorts by the number first, then by the text."""


@dataclass(frozen=True, slots=True)
class Below:
    """The second line of a cell, and whether it differs from the first, which a person should see at once."""

    text: str
    is_different: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[R]):
    """One column. `width` is in average characters, `least` what a stretched one keeps.

    What is sorted by is the folded text where `sort_key` is not given.
    One that `gives_way` is left out while the table is too narrow for all, unless a person chose it, those with the
    highest number first. `below`, a text, or `badges_below` is the second line of rows that have two; where it
    `runs_on` it goes on below the columns after it that have no second line of their own.
    The first column with a `day_of` says to which period a row belongs. `meaning` is a sentence for whoever cannot
    guess from the title what stands there.
    """

    key: str
    title: str
    text: Callable[[R], str]
    width: int
    sort_key: Callable[[R], SortKey] | None = None
    tooltip: Callable[[R], str] | None = None
    badges: Callable[[R], tuple[Badge, ...]] | None = None
    below: Callable[[R], Below] | None = None
    badges_below: Callable[[R], tuple[Badge, ...]] | None = None
    runs_on: bool = False
    day_of: Callable[[R], date | None] | None = None
    is_right: bool = False
    is_tick: bool = False
    is_searched: bool = True
    is_default: bool = True
    is_stretched: bool = False
    gives_way: int = 0
    least: int = 20
    meaning: str = ""

    @property
    def has_second_line(self) -> bool:
        """Whether it says something in the second line of rows that have two."""
        return self.below is not None or self.badges_below is not None

    def key_of(self, row: R) -> SortKey:
        """Return what the row is sorted by."""
        if self.sort_key is not None:
            return self.sort_key(row)
        return (0, self.text(row).casefold())


def briefer(
    columns: tuple[Column[R], ...], *, without: Collection[str] = (), titles: Mapping[str, str] | None = None
) -> tuple[Column[R], ...]:
    """Return the columns for a small screen: some give way where there is no room, some have a shorter title.

    What gives way is copied all the same.
    """
    called = titles or {}
    return tuple(
        replace(one, gives_way=1 if one.key in without else one.gives_way, title=called.get(one.key, one.title))
        for one in columns
    )


def tick_column(unused: type[R]) -> Column[R]:
    """Return the column that holds the ticks."""
    del unused
    return Column(key="tick", title="", text=lambda _: "", width=4, is_tick=True, is_searched=False)


def number_in(text: str) -> SortKey:
    """Sort `CM-9` before `CM-10`: by the digits, as far as anybody counts, then by the text."""
    digits = "".join(character for character in text if character.isdecimal())
    return (int(digits[:_MOST_DIGITS] or 0), text)
