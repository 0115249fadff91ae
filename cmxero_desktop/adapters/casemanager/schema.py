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
from cmxero_desktop.adapters.casemanager.mapping import CaseMapping, Constant, TableName
from cmxero_desktop.domain.policy import NO_LIMITS, Columns

# Without a type SQLAlchemy neither converts values nor casts parameters: both are done here, once, for every database.
_UNTYPED = sa.types.NullType()


class Kind(StrEnum):
    """What a column can hold, as far as it matters here; the texts complete "it holds …"."""

    NUMBER = "whole numbers"
    DECIMAL = "decimal numbers"
    TEXT = "text"
    DATE = "dates"
    DATETIME = "dates with a time"
    UUID = "UUIDs"
    ANY = "anything"
    OTHER = "something else"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseColumn:
    """A column as the database describes it.

    `is_padded` says that text is filled up with spaces. `largest` is an amount, `first_day` and `last_day` are
    dates that it just still holds, None where nothing limits them.
    """

    name: str
    kind: Kind
    is_nullable: bool = True
    length: int | None = None
    is_padded: bool = False
    largest: Decimal | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class CheckedTable:
    """A table that exists, with the columns that the mapping names, by the mapping's own words."""

    table: TableName
    columns: Mapping[str, DatabaseColumn]

    @cached_property
    def clause(self) -> sa.TableClause:
        """The table as SQLAlchemy needs it."""
        names = dict.fromkeys(column.name for column in self.columns.values())
        columns = (sa.column(name, _UNTYPED) for name in names)
        return sa.table(self.table.name, *columns, schema=self.table.schema)

    def column(self, field: str) -> sa.ColumnClause[Any]:
        """Return the column of a field that every schema has."""
        return self.clause.c[self.columns[field].name]

    def select(self, fields: Sequence[str]) -> sa.Select[Any]:
        """Select these fields in this order; NULL stands for those that the schema has not."""
        clause = self.clause
        found = [self.columns.get(field) for field in fields]
        columns = [
            (clause.c[column.name] if column else sa.null()).label(field)
            for field, column in zip(fields, found, strict=True)
        ]
        return sa.select(*columns).select_from(clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSchema:
    """Everything that reading and writing need to know.

    `sums` are the tables over which figures of an invoice are sums, by the figure; `columns` is what those of payments
    can hold (R12). `is_tied` says that a foreign key ties payments to their invoices; `engine_problem` says why writing
    is not safe, or nothing.
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


def bound(value: object) -> sa.BindParameter[Any]:
    """Bind a value as the driver takes it."""
    return sa.bindparam(None, value, type_=_UNTYPED, unique=True)


def bound_list(values: Sequence[object]) -> sa.BindParameter[Any]:
    """Bind a list for IN."""
    return sa.bindparam(None, list(values), type_=_UNTYPED, unique=True, expanding=True)


def encoded(value: Constant | None, column: DatabaseColumn, dialect: str) -> object:
    """Return the value as this column of this database takes it.

    SQLite gets dates and amounts as text: its own column type turns an amount into the number that it stores.
    """
    if isinstance(value, str):
        return _encoded_text(value, column.kind)
    if isinstance(value, int) and column.kind is Kind.TEXT:
        return str(value)
    if isinstance(value, date) and column.kind is Kind.DATETIME:
        return f"{value.isoformat()} 00:00:00" if dialect == "sqlite" else datetime.combine(value, time())
    if dialect == "sqlite" and isinstance(value, date | Decimal):
        return str(value)
    return value


def _encoded_text(value: str, kind: Kind) -> object:
    """Return text as a number or UUID where the column holds these and it is one."""
    with suppress(ValueError):
        if kind is Kind.NUMBER:
            return int(value)
        if kind is Kind.UUID:
            return UUID(value)
    return value


def can_hold(encoded_value: object, column: DatabaseColumn) -> bool:
    """Say whether a column could hold a value at all: asked for beside others, one that cannot would cost them all.

    Servers refuse to compare a number with text, and half a character is sent by no driver.
    """
    if isinstance(encoded_value, str) and HALF_CHARACTER.search(encoded_value):
        return False
    expected = {Kind.NUMBER: int, Kind.UUID: UUID}.get(column.kind)
    return expected is None or isinstance(encoded_value, expected)
