"""Describes a column as its database has it: the kind of values, and the limits that are known."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import BIT
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.engine.interfaces import ReflectedColumn

from cmxero_desktop.adapters.casemanager.column_limits import days_of, is_single, largest_of, length_of, whole_numbers
from cmxero_desktop.adapters.casemanager.mapping import TableName
from cmxero_desktop.adapters.casemanager.schema import DatabaseColumn
from cmxero_desktop.adapters.casemanager.sought import sought_as
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind

_CENTS = 2
_SIZES = """
    SELECT character_maximum_length, numeric_precision, numeric_scale FROM information_schema.columns
      WHERE table_schema = coalesce(:schema, current_schema()) AND table_name = :table AND column_name = :column
"""
_MYSQL = frozenset({"mysql", "mariadb"})


def column_of(column: ReflectedColumn, dialect: str) -> DatabaseColumn:
    """Describe a column that SQLAlchemy reflected."""
    found = column["type"]
    first_day, last_day = days_of(found, dialect)
    kind = _kind_of(found, dialect)
    smallest, largest = whole_numbers(found, dialect) if kind is ColumnKind.NUMBER else (None, largest_of(found))
    is_unsigned = getattr(found, "unsigned", False)
    return DatabaseColumn(
        name=column["name"],
        kind=kind,
        is_nullable=column["nullable"],
        length=length_of(found),
        is_loose=dialect == "sqlite",
        is_padded=isinstance(found, sa.CHAR | sa.NCHAR),
        choices=tuple(found.enums) if isinstance(found, sa.Enum) else (),
        has_default=_is_given(column),
        scale=getattr(found, "scale", None) if kind is ColumnKind.DECIMAL else None,
        smallest=Decimal(0) if is_unsigned else smallest,
        largest=largest,
        first_day=first_day,
        last_day=last_day,
        sought_as=sought_as(found, dialect),
    )


def must_be_filled(column: ReflectedColumn) -> bool:
    """Say whether an insert without the column would be refused."""
    is_made = type(column["type"]).__name__ in {"TIMESTAMP", "ROWVERSION"} and not column["nullable"]
    is_key = bool(column.get("primary_key"))
    return not (column["nullable"] or _is_given(column) or is_made or is_key)


def shown_type(found: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> str:
    """Return a type as a person knows it; this completes "is of …"."""
    if isinstance(found, sa.types.NullType):
        return "a type that this program does not know"
    if isinstance(found, DOMAIN):
        return f"the domain {found.name}, that is, of {shown_type(found.data_type, dialect)}"
    return f"the type {found.compile(dialect=dialect).split(' COLLATE', maxsplit=1)[0]}"


def without_domain(connection: sa.Connection, table: TableName, column: ReflectedColumn) -> ReflectedColumn:
    """Return a column of a PostgreSQL domain, which only adds conditions, as one of the type that it is made of.

    How long or large its values may be, SQLAlchemy leaves out.
    """
    found = column["type"]
    if not isinstance(found, DOMAIN):
        return column
    while isinstance(found, DOMAIN):
        found = found.data_type
    where = {"schema": table.schema, "table": table.name, "column": column["name"]}
    length, precision, scale = connection.execute(sa.text(_SIZES), where).first() or (None, None, None)
    if isinstance(found, sa.String):
        found = type(found)(length)
    elif isinstance(found, sa.Numeric) and not isinstance(found, sa.Float):
        found = sa.Numeric(precision, scale)
    return {**column, "type": found}


def _is_given(column: ReflectedColumn) -> bool:
    is_given = column.get("default") is not None or column.get("autoincrement") is True
    return is_given or "identity" in column or "computed" in column


def _kind_of(found: sa.types.TypeEngine[Any], dialect: str) -> ColumnKind:
    name = type(found).__name__.upper()
    if name in {"MONEY", "SMALLMONEY"}:
        # PostgreSQL's money comes as text in the server's locale.
        return ColumnKind.OTHER if dialect == "postgresql" else ColumnKind.DECIMAL
    if isinstance(found, sa.Numeric | sa.Float):
        return ColumnKind.SINGLE if is_single(found, dialect) else _kind_of_number(found)
    if isinstance(found, sa.DateTime):
        return _kind_of_datetime(found, name, dialect)
    if isinstance(found, sa.types.NullType) and dialect == "sqlite":
        # A column of a SQLite view has no type; its values are judged row by row.
        return ColumnKind.ANY
    if isinstance(found, BIT):
        return ColumnKind.BOOLEAN if (found.length or 1) == 1 else ColumnKind.NUMBER
    return next((kind for family, kind in _FAMILIES if isinstance(found, family)), ColumnKind.OTHER)


_FAMILIES: tuple[tuple[type[sa.types.TypeEngine[Any]], ColumnKind], ...] = (
    (sa.Boolean, ColumnKind.BOOLEAN),
    (sa.Uuid, ColumnKind.UUID),
    (sa.Integer, ColumnKind.NUMBER),
    (sa.Date, ColumnKind.DATE),
    (sa.String, ColumnKind.TEXT),
)


def _kind_of_datetime(found: sa.DateTime, name: str, dialect: str) -> ColumnKind:
    # What is a moment to the server is shown in the zone of each session, on another day in another zone.
    is_shifted = name == "TIMESTAMP" and dialect in _MYSQL
    return ColumnKind.ZONED if found.timezone or name == "DATETIMEOFFSET" or is_shifted else ColumnKind.DATETIME


def _kind_of_number(found: sa.Numeric[Any] | sa.Float[Any]) -> ColumnKind:
    scale = getattr(found, "scale", None)
    if scale is None or scale >= _CENTS:
        return ColumnKind.DECIMAL
    return ColumnKind.NUMBER if scale == 0 and not isinstance(found, sa.Float) else ColumnKind.OTHER
