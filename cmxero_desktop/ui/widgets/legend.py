"""The line below a table that says what those of its columns mean whose heads a bookkeeper cannot guess."""

from collections.abc import Iterable
from typing import TypeVar

from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import PlainLabel, label

R = TypeVar("R")


def legend_of(columns: Iterable[Column[R]]) -> str:
    """Return each shown column that has a meaning with it, in the order of the table."""
    return " ".join(f"{column.title}: {column.meaning}" for column in columns if column.meaning and column.is_default)


def legend(columns: Iterable[Column[R]]) -> PlainLabel:
    """Return the line, which takes as many as it needs."""
    made = label(legend_of(columns), "muted", is_wrapped=True)
    made.setAccessibleName("What the columns mean")
    return made
