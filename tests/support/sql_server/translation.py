"""Translates T-SQL to what PostgreSQL understands, as far as the program and its tests speak it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from tests.support.sql_server.packets import SqlServerError
from tests.support.sql_server.types import SqlType

_MARK = re.compile("\x01(\\w+)\x01")
_TEXT_RULES = 'COLLATE "tsql"."ci"'
_SCHEMAS = {"information_schema": "tsql_information"}
_LOCKING = frozenset({"UPDLOCK", "XLOCK"})
_MAKES_A_TABLE = re.compile(r"(?i)\s*CREATE\s+TABLE\b")
_BARE_IDENTITY = re.compile(r"(?i)(?<=[ (])IDENTITY\b(?!\s*\()")
_TO_THE_LETTER = re.compile(r"(?i)_BIN|_CS_")


@dataclass(frozen=True)
class Lock:
    """The rows of a table that a hint locks: those found by one column, or all, and what may be added to them."""

    table: str
    column: str | None
    values: tuple[exp.Expr, ...]
    is_range_held: bool
    is_waiting: bool


@dataclass(frozen=True)
class Translated:
    """One statement for PostgreSQL: what it locks, the table that it writes to, rows it adds, a table that it makes."""

    sql: str
    locks: tuple[Lock, ...]
    written: str
    added: tuple[dict[str, exp.Expr], ...]
    made: tuple[str, dict[str, SqlType]] | None


@lru_cache(maxsize=10_000)
def translated(statement: str) -> Translated:
    """Translate a statement; raises SqlServerError for what is no T-SQL that is known here.

    The same ones come again and again, and each takes milliseconds.
    """
    if _MAKES_A_TABLE.match(statement):
        # Bare, it would be lost without a word.
        statement = _BARE_IDENTITY.sub("IDENTITY(1,1)", statement)
    try:
        tree = sqlglot.parse_one(statement, read="tsql")
    except ParseError as error:
        raise _unknown(statement, str(error)) from error
    if isinstance(tree, exp.Command) or tree.find(exp.Returning):
        raise _unknown(statement, type(tree).__name__)
    made = _made(tree, statement)
    locks = tuple(_locks(tree)) if isinstance(tree, exp.Select) else ()
    written = _name(tree.find(exp.Table)) if isinstance(tree, exp.Insert | exp.Update | exp.Delete) else ""
    added = tuple(_added(tree)) if isinstance(tree, exp.Insert) else ()
    if isinstance(tree, exp.Union) and (order := tree.args.get("order")):
        for column in order.find_all(exp.Column):
            column.set("table", None)  # there PostgreSQL knows the columns of the answer alone
    _change_types(tree, made)
    is_by_row = locks and not any(lock.column is None for lock in locks)
    return Translated(f"{_sql_of(tree)}{' FOR NO KEY UPDATE' if is_by_row else ''}", locks, written, added, made)


def expression_sql(value: exp.Expr) -> str:
    """Return a value of a statement as PostgreSQL takes it."""
    return _sql_of(value.copy())


def _unknown(statement: str, why: str) -> SqlServerError:
    return SqlServerError(102, f"The stand-in does not know this T-SQL ({why}): {statement}", severity=15)


def _sql_of(tree: exp.Expr) -> str:
    tree = tree.transform(_node)
    sql = tree.sql(dialect="postgres")
    return _MARK.sub(r"%(\1)s", sql.replace("%", "%%"))


def _node(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Parameter):
        return exp.Var(this=f"\x01{node.name}\x01")
    if isinstance(node, exp.National):
        return exp.Literal.string(node.name)
    if isinstance(node, exp.Identifier):
        name = node.name.lower()
        return exp.Identifier(this=_SCHEMAS.get(name, name), quoted=True)
    if isinstance(node, exp.Table) and node.args.get("hints"):
        node.set("hints", None)
    if isinstance(node, exp.Ordered):
        # A SQL Server puts NULL first of all, PostgreSQL last; nobody here asks for either.
        node.set("nulls_first", None)
    return node


def _name(table: exp.Table | None) -> str:
    assert table is not None
    parts = [part.name.lower() for part in (table.args.get("db"), table.this) if part is not None]
    return ".".join(f'"{part}"' for part in parts)


def _locks(select: exp.Select) -> Iterator[Lock]:
    for table in select.find_all(exp.Table):
        hints = {hint.name.upper() for group in table.args.get("hints") or () for hint in group.expressions}
        if not hints & _LOCKING:
            continue
        where = select.args.get("where")
        found = where.this if where is not None else None
        column: str | None = None
        values: tuple[exp.Expr, ...] = ()
        if isinstance(found, exp.In):
            column, values = found.this.name.lower(), tuple(found.expressions)
        elif isinstance(found, exp.EQ):
            column, values = found.this.name.lower(), (found.expression,)
        yield Lock(
            table=_name(table),
            column=column,
            values=values,
            is_range_held=bool(hints & {"HOLDLOCK", "SERIALIZABLE"}),
            is_waiting="NOWAIT" not in hints,
        )


def _added(insert: exp.Insert) -> Iterator[dict[str, exp.Expr]]:
    target, values = insert.this, insert.expression
    if not isinstance(target, exp.Schema) or not isinstance(values, exp.Values):
        return
    names = [column.name.lower() for column in target.expressions]
    for row in values.expressions:
        yield dict(zip(names, row.expressions, strict=True))


def _made(tree: exp.Expr, statement: str) -> tuple[str, dict[str, SqlType]] | None:
    """Return the table that is made or changed, and how its columns are declared."""
    if not isinstance(tree, exp.Create | exp.Alter):
        return None
    table = tree.find(exp.Table)
    defined = [one.name for one in tree.find_all(exp.ColumnDef)]
    defined += [one.name for one in tree.find_all(exp.AlterColumn)]
    declared = {}
    for name in defined:
        found = re.search(rf"(?i)[\[\s(,]{re.escape(name)}\]?\s+(\w+(?:\s*\([^)]*\))?)", statement)
        assert found, (name, statement)
        declared[name.lower()] = SqlType.parse(found[1])
    return _name(table), declared


def _change_types(tree: exp.Expr, made: tuple[str, dict[str, SqlType]] | None) -> None:
    """Put what PostgreSQL has for each type; text is compared without regard to capitals unless it is said."""
    declared = made[1] if made else {}
    for column in tree.find_all(exp.ColumnDef):
        kind = declared[column.name.lower()]
        constraints = column.args.get("constraints") or []
        rules = _TEXT_RULES if kind.is_text else ""
        for one in [c for c in constraints if isinstance(c.kind, exp.CollateColumnConstraint)]:
            rules = 'COLLATE "C"' if _TO_THE_LETTER.search(one.sql()) else rules
            constraints.remove(one)
        for one in constraints:
            if isinstance(one.kind, exp.GeneratedAsIdentityColumnConstraint):
                one.kind.set("this", True)  # noqa: FBT003 - so it says ALWAYS
        column.set("kind", exp.Var(this=f"{kind.behind} {rules}"))
    for changed in tree.find_all(exp.AlterColumn):
        kind = declared[changed.name.lower()]
        changed.set("dtype", exp.Var(this=f"{kind.behind} {_TEXT_RULES if kind.is_text else ''}"))
    for cast in tree.find_all(exp.Cast):
        if isinstance(cast.to, exp.DataType):
            cast.set("to", exp.Var(this=SqlType.parse(cast.to.sql(dialect="tsql")).behind))
