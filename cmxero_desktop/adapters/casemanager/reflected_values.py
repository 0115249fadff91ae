"""Turns columns and values that SQLAlchemy reflected or fetched into what a suggestion looks at."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.engine.interfaces import ReflectedColumn

from cmxero_desktop.adapters.casemanager.columns import column_of, shown_type
from cmxero_desktop.domain.mapping.column_facts import Value
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.seen import Filling, SeenColumn

_LONGEST = 200
_CUTTING: Mapping[str, str] = {"sqlite": "substr"}


def seen_column(column: ReflectedColumn, dialect: sa.Dialect) -> SeenColumn:
    """Describe a column; one of binary data or of a kind that nobody knows is not read."""
    found = column["type"]
    while isinstance(found, DOMAIN):
        found = found.data_type
    described = column_of({**column, "type": found}, dialect.name)
    is_unread = described.kind is ColumnKind.OTHER or isinstance(found, sa.types.LargeBinary)
    is_given = described.has_default or bool(column.get("computed"))
    return SeenColumn(
        name=column["name"],
        kind=described.kind,
        type_name=shown_type(found, dialect).removeprefix("the type "),
        is_nullable=column["nullable"],
        length=described.length,
        filling=Filling.NUMBERS if _counts(column) else Filling.DEFAULT if is_given else Filling.NOBODY,
        is_read=not is_unread,
    )


def cut(column: sa.ColumnClause[Any], seen: SeenColumn, dialect: str) -> sa.ColumnElement[Any]:
    """Return what is read of a column: of a text that may be a book, its beginning."""
    if seen.kind is not ColumnKind.TEXT or (seen.length is not None and seen.length <= _LONGEST):
        return column
    cutting = getattr(sa.func, _CUTTING.get(dialect, "substring"))
    return cutting(column, sa.literal_column("1"), sa.literal_column(str(_LONGEST)))  # type: ignore[no-any-return]


def plain_value(value: object, column: SeenColumn) -> Value:
    """Return a value as a suggestion looks at it; what it cannot use is text, or nothing."""
    if column.kind is ColumnKind.BOOLEAN and value in {0, 1, b"\x00", b"\x01"}:
        return value in {1, b"\x01"}
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if value is None or isinstance(value, str | int | date):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return None
    return str(value).lower() if isinstance(value, UUID) else str(value)


def _counts(column: ReflectedColumn) -> bool:
    is_counted = column.get("autoincrement") is True or "identity" in column
    return is_counted or "nextval(" in str(column.get("default") or "")
