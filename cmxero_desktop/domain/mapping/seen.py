"""What was seen of a database: its tables, their columns and keys, some of their rows; and what Xero says beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from cmxero_desktop.domain.mapping.column_facts import ColumnFacts, Value, amount_of, facts_of, folded, is_blank
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.words import meaning_of


class Filling(StrEnum):
    """What fills a column of a new row for which nobody names a value."""

    NOBODY = "nobody"
    DEFAULT = "a default"
    NUMBERS = "the database, which counts"
    UNKNOWN = "what nobody can see, such as a trigger"


@dataclass(frozen=True, slots=True, order=True)
class TablePlace:
    """The name of a table or view, in the login's default schema where `schema` is empty."""

    name: str
    schema: str = ""

    def __str__(self) -> str:
        """Return the name as a person reads it."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenColumn:
    """A column; `type_name` is the type as a person knows it. Without `is_read` its values were not looked at."""

    name: str
    kind: ColumnKind
    type_name: str = ""
    is_nullable: bool = True
    length: int | None = None
    filling: Filling = Filling.NOBODY
    is_read: bool = True

    @property
    def meaning(self) -> frozenset[Word]:
        """What its name speaks of."""
        return meaning_of(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A foreign key: a column, and the column of the table that it refers to."""

    column: str
    table: TablePlace
    to: str


_Made = TypeVar("_Made")


class _Once(dict[str, _Made]):
    """Makes what is asked for of a column when it is asked for, once."""

    def __init__(self, make: Callable[[str], _Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, column: str) -> _Made:
        made = self[column] = self._make(column)
        return made


@dataclass(frozen=True, kw_only=True)
class SeenTable:
    """A table or view. `rows` hold a value for each column, and are all rows only where there are no more.

    `row_count` is None where nobody counted; with `is_at_least` there may be more.
    """

    place: TablePlace
    columns: tuple[SeenColumn, ...] = ()
    is_view: bool = False
    key: tuple[str, ...] = ()
    uniques: tuple[tuple[str, ...], ...] = ()
    links: tuple[Link, ...] = ()
    rows: Sequence[Sequence[Value]] = ()
    row_count: int | None = None
    is_at_least: bool = False

    @cached_property
    def meaning(self) -> frozenset[Word]:
        """What its name speaks of."""
        return meaning_of(self.place.name)

    @cached_property
    def added(self) -> dict[tuple[object, ...], Mapping[Value, Decimal]]:
        """What was added up of its rows already, by columns and marks: pairs of tables ask for it again and again."""
        return {}

    @cached_property
    def by_name(self) -> Mapping[str, SeenColumn]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each column stands in a row."""
        return {column.name: at for at, column in enumerate(self.columns)}

    @cached_property
    def facts(self) -> Mapping[str, ColumnFacts]:
        """What the rows say of each column."""
        return _Once(lambda column: facts_of(self.values(column)))

    @cached_property
    def keys(self) -> Mapping[str, Sequence[Value]]:
        """The values of each column, row by row, as keys are compared; None for what is blank."""
        return _Once(lambda column: [None if is_blank(v) else folded(v) for v in self.values(column)])

    @cached_property
    def amounts(self) -> Mapping[str, Sequence[Decimal | None]]:
        """The amounts of each column, row by row, without their sign."""
        return _Once(lambda column: [amount_of(value) for value in self.values(column)])

    @property
    def has_all_rows(self) -> bool:
        """Whether no row was left out."""
        return self.row_count is not None and not self.is_at_least and len(self.rows) >= self.row_count

    def values(self, column: str) -> Sequence[Value]:
        """Return the values of a column, row by row."""
        at = self.places[column]
        return [row[at] for row in self.rows]

    def is_unique(self, column: str) -> bool:
        """Say whether the database, or every row that was seen, has each value once."""
        declared = self.key == (column,) or (column,) in self.uniques
        return declared or (self.facts[column].is_unique and self.facts[column].blank == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSchema:
    """The tables and views that were looked at, of `count` that the login may see; `label` is what a person calls it.

    `troubles` say what could not be read.
    """

    label: str
    kind: str
    tables: tuple[SeenTable, ...] = ()
    count: int = 0
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInvoice:
    """What Xero says of an invoice, whose number is without the prefix."""

    number: str
    total: Decimal
    payments: tuple[tuple[date, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSide:
    """What is known of Xero's side; nothing before the first check."""

    prefix: str = "CM-"
    invoices: Mapping[str, KnownInvoice] = field(default_factory=lambda: MappingProxyType({}))
