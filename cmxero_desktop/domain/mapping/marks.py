"""How a column tells which rows count, or what a row is: the ways that a mapping knows, and their short texts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat

from cmxero_desktop.domain.mapping.column_facts import Value, folded, is_blank, shown
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.seen import SeenTable


class Telling(StrEnum):
    """The ways, by the words of a mapping file."""

    NULL = "null"
    NOT_NULL = "not_null"
    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    SHARED = "shared"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A column, and how it is read."""

    column: str
    telling: Telling
    values: tuple[Value, ...] = ()

    @property
    def key(self) -> str:
        """The mark as a short text, such as `equals:posted:Y`."""
        if self.telling is Telling.NEVER:
            return str(self.telling)
        values = "|".join(_written(value) for value in self.values)
        return ":".join((self.telling, self.column, *([values] if values else [])))

    def is_met(self, value: Value) -> bool:
        """Say whether a value is one that the mark tells of."""
        if self.telling in {Telling.NULL, Telling.NOT_NULL}:
            return is_blank(value) is (self.telling is Telling.NULL)
        is_one = any(folded(value) == folded(one) for one in self.values)
        return is_one is (self.telling is Telling.EQUALS)


NEVER = Mark(column="", telling=Telling.NEVER)
"""Nothing tells."""


def rows_that_count(table: SeenTable, marks: Collection[Mark]) -> Sequence[Sequence[Value]]:
    """Return the rows that meet every mark."""
    if not marks:
        return table.rows
    return [row for row, counts in zip(table.rows, counting(table, marks), strict=False) if counts]


def counting(table: SeenTable, marks: Collection[Mark]) -> Iterable[bool]:
    """Say of each row whether it meets every mark; without marks there is no end to the answer."""
    if not marks:
        return repeat(True)  # noqa: FBT003 - the answer
    met = [_met(table, mark) for mark in marks]
    return [all(each) for each in zip(*met, strict=True)]


def _met(table: SeenTable, mark: Mark) -> list[bool]:
    told = {value: mark.is_met(value) for value in table.facts[mark.column].counts}
    is_empty_met = mark.is_met(None)
    return [told.get(value, is_empty_met) for value in table.values(mark.column)]


def parsed_mark(table: SeenTable, text: str) -> Mark | None:
    """Return the mark that a short text names, such as `equals:status:A|P`, None where it names none of this table."""
    if text == Telling.NEVER:
        return NEVER
    told, _, rest = text.partition(":")
    name = max((c.name for c in table.columns if rest == c.name or rest.startswith(f"{c.name}:")), key=len, default="")
    written = rest[len(name) + 1 :]
    if not name or told not in tuple(Telling):
        return None
    telling = Telling(told)
    if telling in {Telling.NULL, Telling.NOT_NULL}:
        return None if written else Mark(column=name, telling=telling)
    if telling is Telling.SHARED and not written:
        return Mark(column=name, telling=telling)
    values = [typed(table, name, part) for part in written.split("|")]
    return Mark(column=name, telling=telling, values=tuple(values)) if written else None


def typed(table: SeenTable, column: str, text: str) -> Value:
    """Return a written value as the column has it; one that does not stand there as what its kind suggests."""
    there = {_written(value): value for value in table.facts[column].counts}
    if text in there:
        return there[text]
    kind = table.by_name[column].kind
    if kind is ColumnKind.BOOLEAN and text in {"true", "false"}:
        return text == "true"
    is_whole = text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal()
    return int(text) if kind in {ColumnKind.NUMBER, ColumnKind.DECIMAL} and is_whole else text


def said(values: Sequence[Value]) -> str:
    """Return values as a sentence has them."""
    return " or ".join(shown(value) for value in values)


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
