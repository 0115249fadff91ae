"""The part of the database that the mapping names, once it was checked, and values on their way to it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.decoding import HALF_CHARACTER
from cmxero_desktop.adapters.casemanager.mapping import COMPARED, CaseMapping, Constant, TableName, Told
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.policy import NO_LIMITS, Columns

# Without a type SQLAlchemy neither converts values nor casts parameters: both are done here, once, for every database.
_UNTYPED = sa.types.NullType()


class KeyMaker(StrEnum):
    """What gives a new row its key where the program does not."""

    NUMBERS = "numbers"
    """An identity, a sequence or AUTO_INCREMENT: a number that was given is gone, whatever becomes of its row."""

    DEFAULT = "default"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseColumn:
    """A column as the database describes it.

    `is_loose` says that it takes values of any kind (SQLite), `is_padded` that text is filled up with spaces.
    `choices` are the only texts that it takes. `smallest` and `largest` are numbers, `first_day` and `last_day` dates
    that it just still holds, None where nothing limits them. `sought_as` is the type that text is cast to before it is
    looked for there, "" where it goes as it is.
    """

    name: str
    kind: ColumnKind
    is_nullable: bool = True
    length: int | None = None
    is_loose: bool = False
    is_padded: bool = False
    choices: tuple[str, ...] = ()
    has_default: bool = False
    scale: int | None = None
    smallest: Decimal | None = None
    largest: Decimal | None = None
    first_day: date | None = None
    last_day: date | None = None
    sought_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTell:
    """What tells of a field, as values that its column takes; `is_empty_meant` says whether an empty one is told of."""

    told: Told
    values: tuple[object, ...] = ()
    is_empty_meant: bool = False

    def of(self, column: sa.ColumnClause[Any], described: DatabaseColumn) -> sa.ColumnElement[Any]:
        """Return what the database is asked: 1 where it tells, else 0; of a group the group itself, or NULL for none.

        The database compares, as Case Manager has it compare: capitals, blanks at the end and types by its own rules.
        """
        if self.told is Told.SHARED:
            none = column.in_(bound_list(self.values))
            return sa.case((none, sa.null()), else_=column) if self.values else column
        return sa.case((self._condition(column, described), sa.literal_column("1")), else_=sa.literal_column("0"))

    def _condition(self, column: sa.ColumnClause[Any], described: DatabaseColumn) -> sa.ColumnElement[bool]:
        if self.told in COMPARED:
            is_one = column.in_(bound_list(self.values))
            if self.told is Told.EQUALS:
                return is_one
            return sa.or_(column.is_(None), ~is_one) if self.is_empty_meant else ~is_one
        is_text = described.kind in {ColumnKind.TEXT, ColumnKind.ANY} and not described.choices
        is_empty: sa.ColumnElement[bool] = column.is_(None)
        if is_text:
            is_empty = sa.or_(is_empty, sa.func.trim(column) == sa.literal_column("''"))
        return is_empty if self.told is Told.NULL else sa.not_(is_empty)


@dataclass(frozen=True)
class CheckedTable:
    """A table that exists, with the columns that the mapping names, by the mapping's own words, and what they tell."""

    table: TableName
    columns: Mapping[str, DatabaseColumn]
    tells: Mapping[str, CheckedTell] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def clause(self) -> sa.TableClause:
        """The table as SQLAlchemy needs it."""
        names = dict.fromkeys(column.name for column in self.columns.values())
        columns = (sa.column(name, _UNTYPED) for name in names)
        return sa.table(self.table.name, *columns, schema=self.table.schema)

    def column(self, field: str) -> sa.ColumnClause[Any]:
        """Return the column of a field that every schema has."""
        return self.clause.c[self.columns[field].name]

    def counting(self) -> Sequence[sa.ColumnElement[bool]]:
        """Return the condition on rows that count at all, none where every row does."""
        return (self.read("only") == sa.literal_column("1"),) if "only" in self.tells else ()

    def select(self, fields: Sequence[str]) -> sa.Select[Any]:
        """Select these fields in this order; NULL stands for those that the schema has not."""
        return sa.select(*(self.read(field).label(field) for field in fields)).select_from(self.clause)

    def read(self, field: str) -> sa.ColumnElement[Any]:
        """Return what is selected for a field: its column, what that tells, or NULL where the schema has none."""
        described, tell = self.columns.get(field), self.tells.get(field)
        if described is None:
            return sa.null()
        return self.column(field) if tell is None else tell.of(self.column(field), described)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSchema:
    """Everything that reading and writing need to know.

    `sums` are the tables over which figures of an invoice are sums, by the figure; `columns` is what those of payments
    can hold (R12). `is_tied` says that a foreign key ties payments to their invoices; `engine_problem` says why writing
    is not safe, or nothing, and `key_problem` why no payment may be added. `key_maker` gives a new payment its
    key.
    """

    mapping: CaseMapping
    dialect: str
    label: str
    invoices: CheckedTable
    payments: CheckedTable
    settings: CheckedTable | None
    sums: Mapping[str, CheckedTable] = field(default_factory=lambda: MappingProxyType({}))
    columns: Columns = NO_LIMITS
    is_tied: bool = False
    engine_problem: str = ""
    key_problem: str = ""
    key_maker: KeyMaker = KeyMaker.UNKNOWN


def bound(value: object, type_: sa.types.TypeEngine[Any] = _UNTYPED) -> sa.BindParameter[Any]:
    """Bind a value as the driver takes it."""
    return sa.bindparam(None, value, type_=type_, unique=True)


def bound_list(values: Sequence[object], type_: sa.types.TypeEngine[Any] = _UNTYPED) -> sa.BindParameter[Any]:
    """Bind a list for IN."""
    return sa.bindparam(None, list(values), type_=type_, unique=True, expanding=True)


def encoded(value: Constant | None, column: DatabaseColumn, dialect: str) -> object:
    """Return the value as this column of this database takes it.

    SQLite gets dates and amounts as text: its own column type turns an amount into the number that it stores.
    """
    if isinstance(value, str):
        return _encoded_text(value, column.kind)
    if isinstance(value, int) and column.kind is ColumnKind.TEXT:
        return str(value)
    if isinstance(value, date) and column.kind is ColumnKind.DATETIME:
        return f"{value.isoformat()} 00:00:00" if dialect == "sqlite" else datetime.combine(value, time())
    if dialect == "sqlite" and isinstance(value, date | Decimal):
        return str(value)
    return value


def _encoded_text(value: str, kind: ColumnKind) -> object:
    """Return text as a number or UUID where the column holds these and it is one."""
    with suppress(ValueError):
        if kind is ColumnKind.NUMBER:
            return int(value)
        if kind is ColumnKind.UUID:
            return UUID(value)
    return value


def can_hold(encoded_value: object, column: DatabaseColumn) -> bool:
    """Say whether a column could hold a value at all: asked for beside others, one that cannot would cost them all.

    Servers refuse to compare a number with text, and half a character is sent by no driver.
    """
    if isinstance(encoded_value, str) and HALF_CHARACTER.search(encoded_value):
        return False
    expected = None if column.is_loose else {ColumnKind.NUMBER: int, ColumnKind.UUID: UUID}.get(column.kind)
    return expected is None or isinstance(encoded_value, expected)
