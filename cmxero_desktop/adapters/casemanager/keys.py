"""Finds out what gives a new payment its key, without using one up."""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from cmxero_desktop.adapters.casemanager.locking import MARIADB
from cmxero_desktop.adapters.casemanager.mapping import KeySource, TableName
from cmxero_desktop.adapters.casemanager.naming import name_as_value
from cmxero_desktop.adapters.casemanager.schema import KeyMaker


class _InsertWithKey(sa.Insert):
    """An insert whose row brings a key that the database would otherwise give it."""

    inherit_cache = True


def insert_with_key(table: sa.TableClause) -> sa.Insert:
    """Return an insert into a table whose key is always the database's own."""
    return _InsertWithKey(table)


@compiles(_InsertWithKey, "postgresql")
def _overriding(statement: sa.Insert, compiler: SQLCompiler, **kwargs: Any) -> str:
    sql = compiler.visit_insert(statement, **kwargs)  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    return str(sql).replace(") VALUES (", ") OVERRIDING SYSTEM VALUE VALUES (", 1)


# Of a view the columns of the tables behind it count, whatever they are called there.
_POSTGRES = """
    WITH RECURSIVE behind(oid) AS (
      SELECT to_regclass(:name)::oid
      UNION
      SELECT d.refobjid FROM behind
        JOIN pg_rewrite w ON w.ev_class = behind.oid
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> behind.oid
    )
    SELECT
      coalesce(bool_or(a.attidentity <> '' OR pg_get_expr(f.adbin, f.adrelid) LIKE '%nextval(%'), false),
      coalesce(bool_or(f.adbin IS NOT NULL AND a.attname = :column), false),
      EXISTS (SELECT 1 FROM pg_trigger t JOIN behind ON t.tgrelid = behind.oid WHERE NOT t.tgisinternal
        AND t.tgtype & 4 = 4)
    FROM behind JOIN pg_class c ON c.oid = behind.oid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
    WHERE a.attname = :column OR EXISTS (SELECT 1 FROM pg_class v WHERE v.oid = to_regclass(:name) AND v.relkind = 'v')
"""
_SQLITE_TYPE = "SELECT upper(type) FROM pragma_table_info(:name) WHERE name = :column"
_SQLITE = """
    SELECT t.type = 'view' OR EXISTS (
      SELECT 1 FROM sqlite_master r WHERE r.type = 'trigger' AND lower(r.tbl_name) = lower(t.name))
    FROM sqlite_master t WHERE t.type IN ('table', 'view') AND lower(t.name) = lower(:name)
"""
# PostgreSQL's words and SQL Server's
_FROM_SEQUENCE = re.compile(r"nextval\(|NEXT VALUE FOR", re.IGNORECASE)
# There the highest key plus one leaves the sequence where it is.
_STAYS_BEHIND = frozenset({"postgresql", "mssql"})


def maker_of(connection: sa.Connection, table: TableName, column: ReflectedColumn) -> KeyMaker:
    """Return what gives a column of a table its value, as far as the database tells."""
    dialect = connection.dialect.name
    default = str(column.get("default") or "")
    is_numbered = dialect != "postgresql" and column.get("autoincrement") is True
    if "identity" in column or _FROM_SEQUENCE.search(default) or is_numbered:
        return KeyMaker.NUMBERS
    if default and not (dialect in MARIADB and _is_view(connection, table)):
        return KeyMaker.DEFAULT
    if dialect == "postgresql":
        return _maker_of_postgresql(connection, table, column["name"])
    if dialect == "sqlite":
        return _maker_of_sqlite(connection, table, column)
    # Triggers are not shown to every login there, and a view shows 0 as the default of an AUTO_INCREMENT.
    return KeyMaker.UNKNOWN


def _is_view(connection: sa.Connection, table: TableName) -> bool:
    return table.name in sa.inspect(connection).get_view_names(table.schema)


def _maker_of_postgresql(connection: sa.Connection, table: TableName, column: str) -> KeyMaker:
    named = {"name": name_as_value(connection.dialect, table), "column": column}
    numbers, default, has_trigger = connection.execute(sa.text(_POSTGRES), named).one()
    if numbers:
        return KeyMaker.NUMBERS
    if default:
        return KeyMaker.DEFAULT
    return KeyMaker.UNKNOWN if has_trigger else KeyMaker.NOTHING


def _maker_of_sqlite(connection: sa.Connection, table: TableName, column: ReflectedColumn) -> KeyMaker:
    # Only this very type makes a key of its own there.
    named = {"name": table.name, "column": column["name"]}
    if column.get("primary_key") and connection.execute(sa.text(_SQLITE_TYPE), named).scalar() == "INTEGER":
        return KeyMaker.NUMBERS
    may_be_made = connection.execute(sa.text(_SQLITE), {"name": table.name}).scalar()
    return KeyMaker.NOTHING if may_be_made == 0 else KeyMaker.UNKNOWN


def problem_of(source: KeySource, maker: KeyMaker, dialect: str, column: str, table: TableName) -> str:
    """Say why the mapping's key source would do harm or never work, and what to do; or nothing."""
    if source is KeySource.GENERATED and maker is KeyMaker.NOTHING:
        return (
            f"The mapping says that the database gives a new payment its key, but nothing gives one to {column} in "
            f"the table {table} (no identity, sequence, default or trigger), so no payment can be added."
        )
    if source is KeySource.NEXT_NUMBER and maker is KeyMaker.NUMBERS and dialect in _STAYS_BEHIND:
        return (
            f"{column} in the table {table} takes its numbers from a sequence. The highest key plus one would leave "
            "that behind, and Case Manager's own next payment would be refused; so no payment is "
            'added. "generated" is the right key_source for it.'
        )
    return ""
