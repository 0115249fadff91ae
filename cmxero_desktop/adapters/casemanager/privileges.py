"""Asks the database whether its login may change payments; it only asks, and tries nothing."""

import os

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.mapping import TableName
from cmxero_desktop.adapters.casemanager.naming import name_as_value
from cmxero_desktop.adapters.sql.engines import SQL_SERVER

_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB", "mssql": "SQL Server"}
_POSTGRES = "SELECT has_table_privilege(:table, 'INSERT, UPDATE, DELETE')"
_SQL_SERVER = """
    SELECT CASE WHEN 1 IN (HAS_PERMS_BY_NAME(:table, 'OBJECT', 'INSERT'), HAS_PERMS_BY_NAME(:table, 'OBJECT', 'UPDATE'),
      HAS_PERMS_BY_NAME(:table, 'OBJECT', 'DELETE')) THEN 1 ELSE 0 END
"""
_WRITING = "privilege_type IN ('INSERT', 'UPDATE', 'DELETE')"
_MYSQL = f"""
    SELECT count(*) FROM (
      SELECT 1 FROM information_schema.user_privileges WHERE grantee = :who AND {_WRITING}
      UNION ALL
      SELECT 1 FROM information_schema.schema_privileges
        WHERE grantee = :who AND {_WRITING} AND :schema LIKE table_schema
      UNION ALL
      SELECT 1 FROM information_schema.table_privileges
        WHERE grantee = :who AND {_WRITING} AND table_schema = :schema AND table_name = :table
    ) AS found
"""  # noqa: S608 - a constant of ours


def kind_of(connection: sa.Connection) -> str:
    """Return what a person calls this kind of database."""
    dialect = connection.dialect
    name = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
    return _KINDS.get(name, name)


def may_write(connection: sa.Connection, table: TableName) -> bool | None:
    """Say whether the login may add, change or delete rows of a table; None where that cannot be told for certain."""
    name = connection.dialect.name
    if name == "sqlite":
        file = connection.exec_driver_sql("PRAGMA database_list").first()
        return file is not None and os.access(file[2], os.W_OK)
    if name in {"postgresql", SQL_SERVER}:
        asked = sa.text(_POSTGRES if name == "postgresql" else _SQL_SERVER)
        return bool(connection.execute(asked, {"table": name_as_value(connection.dialect, table)}).scalar())
    if name in {"mysql", "mariadb"}:
        return _may_write_mysql(connection, table)
    return None


def _may_write_mysql(connection: sa.Connection, table: TableName) -> bool | None:
    user, schema = connection.execute(sa.text("SELECT current_user(), database()")).one()
    name, _, host = str(user).rpartition("@")
    values = {"who": f"'{name}'@'{host}'", "schema": table.schema or schema, "table": table.name}
    if connection.execute(sa.text(_MYSQL), values).scalar():
        return True
    # A role may grant what the login itself has not.
    role = connection.execute(sa.text("SELECT current_role()")).scalar()
    return False if role in {None, "", "NONE"} else None
