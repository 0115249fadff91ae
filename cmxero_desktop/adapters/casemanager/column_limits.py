"""What the columns of payments can hold, as each database says or does (R12)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.decoding import HIGHEST
from cmxero_desktop.adapters.casemanager.naming import name_as_value
from cmxero_desktop.adapters.casemanager.schema import CheckedTable
from cmxero_desktop.adapters.sql.engines import SQL_SERVER
from cmxero_desktop.domain.money import CENT
from cmxero_desktop.domain.policy import Columns

_MYSQL = frozenset({"mysql", "mariadb"})
_SINGLES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_MYSQL, frozenset({"FLOAT"})),
    **dict.fromkeys(("postgresql", "mssql"), frozenset({"REAL"})),
}
_FIRST_OF_MYSQL = date(1000, 1, 1)
_LAST = date.max
_DAYS: Mapping[tuple[str, str], tuple[date, date]] = {
    **{(dialect, name): (_FIRST_OF_MYSQL, _LAST) for dialect in _MYSQL for name in ("DATE", "DATETIME")},
    ("mssql", "DATETIME"): (date(1753, 1, 1), _LAST),
    ("mssql", "SMALLDATETIME"): (date(1900, 1, 1), date(2079, 6, 5)),
}
_TINYTEXT_CHARACTERS = 63
_BYTES_OF_WHOLE_NUMBERS = {"TINYINT": 1, "SMALLINT": 2, "MEDIUMINT": 3, "INTEGER": 4, "BIGINT": 8}
_CHARSET = """
    SELECT character_set_name FROM information_schema.columns
      WHERE table_schema = coalesce(:schema, database()) AND table_name = :table AND column_name = :column
"""
# What a server calls an encoding, and Python; of one that is not here only plain ASCII is sure.
_PYTHON_NAMES = {
    "utf8mb4": "",
    "utf16": "",
    "utf32": "",
    "utf8": "",
    "utf8mb3": "",
    "ucs2": "",
    "latin1": "cp1252",
    "latin2": "iso8859-2",
    "latin5": "iso8859-9",
    "latin7": "iso8859-13",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "greek": "iso8859-7",
    "koi8r": "koi8-r",
}
# Which code pages the texts of a payment are kept in, where they are not kept as Unicode.
_CODE_PAGES = """
    SELECT DISTINCT CAST(COLLATIONPROPERTY(c.collation_name, 'CodePage') AS int)
      FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.system_type_id
      WHERE c.object_id = OBJECT_ID(:table) AND c.name IN (:reference, :notes) AND t.name IN ('char', 'varchar', 'text')
"""
_UTF8_PAGE = 65001
_BASIC_PLANE = frozenset({"utf8", "utf8mb3", "ucs2"})
_PAGES = {f"cp{page}": f"cp{page}" for page in (874, 932, 936, 949, 950, *range(1250, 1259))} | {f"cp{_UTF8_PAGE}": ""}
_POSTGRES_NAMES = {"UTF8": "", "LATIN1": "latin-1", "LATIN2": "iso8859-2", "LATIN9": "iso8859-15", "WIN1252": "cp1252"}
_SURE = "ascii"


def is_single(found: sa.types.TypeEngine[Any], dialect: str) -> bool:
    """Say whether a column of this type keeps a number in four bytes, which are sure of six digits."""
    return type(found).__name__.upper() in _SINGLES.get(dialect, ())


def largest_of(found: sa.types.TypeEngine[Any]) -> Decimal | None:
    """Return the largest amount in cents that a column of this type holds exactly, None where nothing limits it."""
    if not isinstance(found, sa.Numeric) or isinstance(found, sa.Float):
        return None
    if found.precision is None or found.scale is None:
        return None
    return Decimal(10) ** Decimal(found.precision - found.scale) - CENT


def whole_numbers(found: sa.types.TypeEngine[Any], dialect: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the smallest and the largest whole number that a column of this type holds, None where nobody says."""
    if isinstance(found, sa.Numeric):
        most = None if found.precision is None else Decimal(10) ** Decimal(found.precision) - 1
        return (None if most is None else -most, most)
    name = type(found).__name__.upper()
    size = _BYTES_OF_WHOLE_NUMBERS.get(name)
    if size is None or dialect == "sqlite":
        return None, None
    count = Decimal(256) ** size
    if getattr(found, "unsigned", False) or (name, dialect) == ("TINYINT", "mssql"):
        return Decimal(0), count - 1
    return -count / 2, count / 2 - 1


def days_of(found: sa.types.TypeEngine[Any], dialect: str) -> tuple[date | None, date | None]:
    """Return the first and the last day that a column of this type holds, None where Python's calendar ends first."""
    return _DAYS.get((dialect, type(found).__name__.upper()), (None, None))


def length_of(found: sa.types.TypeEngine[Any]) -> int | None:
    """Return how many characters a column of this type takes for sure, None where there is no limit."""
    if type(found).__name__.upper() == "TINYTEXT":
        return _TINYTEXT_CHARACTERS
    return found.length if isinstance(found, sa.String) else None


def columns_of(connection: sa.Connection, payments: CheckedTable) -> Columns:
    """Return what the columns hold beside the length of text; more than the decoder reads back counts as too much."""
    amount, paid_on = payments.columns["amount"], payments.columns["paid_on"]
    charset = _charset_of(connection, payments)
    dialect = connection.dialect.name
    names = {"postgresql": _POSTGRES_NAMES, SQL_SERVER: _PAGES}.get(dialect, _PYTHON_NAMES)
    return Columns(
        largest_amount=min(amount.largest or HIGHEST, HIGHEST - CENT),
        earliest_date=paid_on.first_day,
        latest_date=paid_on.last_day,
        encoding=names.get(charset, _SURE) if charset else "",
        is_basic_plane=charset in _BASIC_PLANE,
    )


def _charset_of(connection: sa.Connection, payments: CheckedTable) -> str:
    """Return the server's name of what the reference is kept in, "" where it is Unicode anyway."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        return str(connection.exec_driver_sql("SHOW server_encoding").scalar())
    if dialect == SQL_SERVER:
        return _code_page_of(connection, payments)
    if dialect not in _MYSQL:
        return ""
    table, column = payments.table, payments.columns["reference"].name
    values = {"schema": table.schema, "table": table.name, "column": column}
    return str(connection.execute(sa.text(_CHARSET), values).scalar() or "")


def _code_page_of(connection: sa.Connection, payments: CheckedTable) -> str:
    """Return the code page of a SQL Server's columns that keep no Unicode, "" where all do."""
    table, columns = name_as_value(connection.dialect, payments.table), payments.columns
    names = {"table": table, "reference": columns["reference"].name, "notes": columns["notes"].name}
    pages = connection.execute(sa.text(_CODE_PAGES), names).scalars().all()
    return f"cp{pages[0]}" if len(pages) == 1 else "several" if pages else ""
