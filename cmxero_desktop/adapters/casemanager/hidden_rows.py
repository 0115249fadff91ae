"""Keeps a server from hiding rows without a word: what is not shown would be taken for missing, and written again."""

import sqlalchemy as sa
from sqlalchemy import Dialect

from cmxero_desktop.adapters.casemanager.mapping import TableName
from cmxero_desktop.adapters.casemanager.naming import name_as_value

_MOST_ROWS = 2**64 - 1
_IS_ACTIVE = "SELECT row_security_active(CAST(:table AS text))"


def show_all_rows(dialect: Dialect) -> tuple[str, ...]:
    """Return what has a session be shown every row, or be refused."""
    if dialect.name == "postgresql":
        # Refuses whatever row-level security would shorten, also behind a view that the check cannot look into.
        return ("SET row_security = off",)
    if dialect.name == "mssql":
        return ("SET ROWCOUNT 0",)
    # A server may be set up to end every answer after so many rows.
    return (f"SET SESSION sql_select_limit = {_MOST_ROWS}",)


def hides_rows(connection: sa.Connection, table: TableName) -> bool:
    """Say whether the server decides row by row which ones of a table this login sees."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.execute(sa.text(_IS_ACTIVE), {"table": name_as_value(connection.dialect, table)}).scalar())
