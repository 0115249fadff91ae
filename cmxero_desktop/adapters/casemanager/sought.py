"""Binds values by which rows are looked up, so that a SQL Server finds them by the column's index.

Text goes there as NVARCHAR(MAX). Compared with a VARCHAR column whose collation is one of SQL Server's own (`SQL_…`),
it has the server convert the column row by row: the whole table is read, and under a lock held. So text is cast to
the column's own type, but only where the cast cannot alter it: it cuts off without a word what is too long, and puts
another letter in the place of one that the column's code page lacks.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.schema import DatabaseColumn, bound, bound_list
from cmxero_desktop.adapters.sql.engines import SQL_SERVER

_OWN_TYPES = (sa.VARCHAR, sa.CHAR, sa.NVARCHAR, sa.NCHAR)
# NVARCHAR and NCHAR, whose length is in units of two bytes.
_UNICODE, _UNIT_BYTES = "N", 2


class _CastTo(sa.types.UserDefinedType[Any]):
    """Has each value bound with it cast to a type."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as SQL has it."""
        return self.name

    def bind_expression(self, bindvalue: sa.BindParameter[Any]) -> sa.ColumnElement[Any]:
        """Wrap the value's place in the statement."""
        return sa.cast(bindvalue, self)


def sought_as(found: sa.types.TypeEngine[Any], dialect: str) -> str:
    """Return the type that text is cast to before it is compared with a column, "" where it goes as it is."""
    if dialect != SQL_SERVER or not isinstance(found, _OWN_TYPES) or not found.length:
        return ""
    # Without the column's collation, which a cast cannot take; by that of the column both are compared.
    return f"{type(found).__name__}({found.length})"


def sought(value: object, column: DatabaseColumn) -> sa.BindParameter[Any]:
    """Bind a value by which rows are looked up in a column."""
    return bound(value, _CastTo(column.sought_as)) if _is_castable(value, column) else bound(value)


def sought_list(values: Sequence[object], column: DatabaseColumn) -> sa.BindParameter[Any]:
    """Bind a list for IN; one value that cannot be cast leaves all of them as they are, so that no row comes twice."""
    are_cast = bool(values) and all(_is_castable(value, column) for value in values)
    return bound_list(values, _CastTo(column.sought_as)) if are_cast else bound_list(values)


def _is_castable(value: object, column: DatabaseColumn) -> bool:
    if not column.sought_as or column.length is None or not isinstance(value, str):
        return False
    if column.sought_as.startswith(_UNICODE):
        return len(value.encode("utf-16-le", "surrogatepass")) <= _UNIT_BYTES * column.length
    return value.isascii() and len(value) <= column.length
