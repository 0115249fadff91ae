"""Finds the tables behind a view of MariaDB or MySQL, and what engine keeps each: a view has none of its own."""

import re
from collections.abc import Mapping

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.mapping import TableName

_ENGINE = """
    SELECT engine FROM information_schema.tables
      WHERE table_schema = coalesce(:schema, database()) AND table_name = :name
"""
_VIEW = """
    SELECT view_definition FROM information_schema.views
      WHERE table_schema = coalesce(:schema, database()) AND table_name = :name
"""
# The server keeps a definition with every name in full.
_NAMED = re.compile(r"`((?:[^`]|``)+)`\.`((?:[^`]|``)+)`")
_FROM = re.compile(r"\b(?:from|join)\b", re.IGNORECASE)


def engines_behind(connection: sa.Connection, table: TableName) -> Mapping[str, str] | None:
    """Return the storage engine of a table, or of those behind a view, by name; None where they are not shown."""
    found: dict[str, str] = {}
    waiting, seen = [table], {table}
    while waiting:
        one = waiting.pop()
        values = {"schema": one.schema, "name": one.name}
        definition = connection.execute(sa.text(_VIEW), values).first()
        if definition is None:
            engine = connection.execute(sa.text(_ENGINE), values).scalar()
            found |= {str(one): str(engine)} if engine else {}
            continue
        if not definition[0]:
            return None
        behind = _named_in(str(definition[0])) - seen
        waiting += behind
        seen |= behind
    return found


def _named_in(definition: str) -> set[TableName]:
    """Return what a definition may read from; a column's own table is named before it, and names no other."""
    # What stands before the first FROM are columns: "`db`.`table`.`column`", where the table comes again after it.
    _, *sources = _FROM.split(definition)
    return {
        TableName(name=name.replace("``", "`"), schema=schema.replace("``", "`"))
        for source in sources
        for schema, name in _NAMED.findall(source)
    }
