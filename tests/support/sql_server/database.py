"""One session on the database behind the stand-in: runs what was translated, and answers as a SQL Server would."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url
from sqlglot import exp

from tests.support.sql_server.packets import Env, SqlServerError, transaction
from tests.support.sql_server.translation import Lock, Translated, expression_sql, translated
from tests.support.sql_server.types import SqlType

_CATALOG = Path(__file__).with_name("catalog.sql")
_UNTOUCHED = re.compile(
    r"(?i)\s*SET\s+(ANSI_|TEXTSIZE|NUMERIC_ROUNDABORT|ROWCOUNT|DEADLOCK_PRIORITY|XACT_ABORT|NOCOUNT|DATEFORMAT)"
)
_STATEMENT = "tsql_statement"
# PostgreSQL's codes, and what a SQL Server says in their place.
_NUMBERS = {
    "22001": 2628,
    "22003": 8115,
    "22007": 241,
    "22008": 242,
    "22P02": 245,
    "23502": 515,
    "23503": 547,
    "23505": 2627,
    "23514": 547,
    "40001": 3960,
    "42501": 229,
    "42601": 102,
    "42703": 207,
    "42883": 245,
    "42804": 257,
    "42P01": 208,
    "42P21": 468,
    "42P22": 468,
    "428C9": 544,
    "55P03": 1222,
    "P0001": 50000,
}
_ENDING = "ROLLBACK "
"""What a trigger's text begins with where it ends the transaction."""


@dataclass
class Answer:
    """What one statement is answered with."""

    columns: list[tuple[str, SqlType]] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    count: int | None = None
    errors: list[SqlServerError] = field(default_factory=list)
    changes: list[tuple[Env, bytes, bytes]] = field(default_factory=list)


def teach(url: str) -> None:
    """Have a PostgreSQL database say what a SQL Server says of itself, for copies of it."""
    with _connected(make_url(url)) as connection, connection.transaction():
        _teach(connection)


def _teach(connection: psycopg.Connection[Any]) -> None:
    connection.execute("SELECT pg_advisory_xact_lock(1)")
    if not connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'tsql'").fetchone():
        connection.execute(sql.SQL(_CATALOG.read_text(encoding="utf-8")))


def _connected(url: URL) -> psycopg.Connection[Any]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


class _InterruptedError(Exception):
    """A statement was given up: nothing is answered."""


class Database:
    """A session. Not safe for several threads but for `interrupt`."""

    counts_of_triggers: ClassVar[list[int]] = []
    """What every trigger counts before its statement does."""

    def __init__(self, behind: URL, *, allows_snapshots: bool) -> None:
        """Connect; the first one teaches the database what a SQL Server says of itself."""
        self._connection = _connected(behind)
        self._allows_snapshots = allows_snapshots
        self._isolation = "READ COMMITTED"
        self._lock_ms = -1
        self._identity_insert = ""
        self._depth = 0
        self.transaction = 0
        with self._connection.transaction():
            _teach(self._connection)
            self._run("DELETE FROM tsql.settings")
            self._run("INSERT INTO tsql.settings VALUES (%s)", [allows_snapshots])
        self._run("SET search_path = dbo, sys, tsql")
        # Whoever has it low is the one that is turned away, and finds out first.
        self._run("SET deadlock_timeout = '5s'")

    def close(self) -> None:
        """Leave, and take back what was not committed."""
        self._connection.close()

    def interrupt(self) -> None:
        """Give up what runs."""
        with suppress(psycopg.Error):
            self._connection.cancel_safe()

    def answers_to(self, statement: str, values: Mapping[str, object]) -> list[Answer]:
        """Run a statement; what goes wrong is in the answer."""
        try:
            return self._answers_to(statement.strip().rstrip(";"), values)
        except psycopg.errors.QueryCanceled:
            return [Answer()]
        except SqlServerError as error:
            return [self._failed(error)]
        except psycopg.Error as error:
            return [self._failed(_told(error))]
        except Exception as error:  # noqa: BLE001 - whoever asked should be told
            return [self._failed(SqlServerError(50001, f"The stand-in failed: {error!r} at {statement}"))]

    def _failed(self, error: SqlServerError) -> Answer:
        if not error.ends_transaction or not self.transaction:
            return Answer(errors=[error])
        self._run("ROLLBACK")
        return Answer(errors=[error], changes=[self._ended(Env.ROLLED_BACK)])

    def _answers_to(self, statement: str, values: Mapping[str, object]) -> list[Answer]:
        if condition := re.match(r"(?i)IF @@TRANCOUNT (=|>) 0 (.*)", statement):
            is_true = (self._depth == 0) is (condition[1] == "=")
            return self._answers_to(condition[2], values) if is_true else [Answer()]
        for pattern, handle in self._own.items():
            if found := re.fullmatch(pattern, statement, re.IGNORECASE | re.DOTALL):
                return [handle(self, *found.groups())]
        return self._translated(statement, values)

    # ---- transactions

    def _begin(self) -> Answer:
        self._depth += 1
        if self._depth > 1:
            return Answer()
        if self._isolation == "SNAPSHOT" and not self._allows_snapshots:
            self._depth = 0
            raise SqlServerError(3952, "Snapshot isolation is not allowed in this database.")
        kept = "REPEATABLE READ" if self._isolation == "SNAPSHOT" else self._isolation
        self._run(f"BEGIN ISOLATION LEVEL {kept}")
        self.transaction = secrets.randbits(60)
        return Answer(changes=[(Env.BEGUN, transaction(self.transaction), b"")])

    def _commit(self) -> Answer:
        if not self._depth:
            raise SqlServerError(3902, "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.")
        self._depth -= 1
        if self._depth:
            return Answer()
        self._run("COMMIT")
        return Answer(changes=[self._ended(Env.COMMITTED)])

    def _rollback(self) -> Answer:
        if not self._depth:
            raise SqlServerError(3903, "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.")
        self._run("ROLLBACK")
        return Answer(changes=[self._ended(Env.ROLLED_BACK)])

    def _save(self, name: str) -> Answer:
        if not self._depth:
            raise SqlServerError(628, "Cannot issue SAVE TRANSACTION when there is no active transaction.")
        self._run(f'SAVEPOINT "{name}"')
        return Answer()

    def _rollback_to(self, name: str) -> Answer:
        if not self._depth:
            raise SqlServerError(3903, "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.")
        self._run(f'ROLLBACK TO SAVEPOINT "{name}"')
        return Answer()

    def _ended(self, how: Env) -> tuple[Env, bytes, bytes]:
        old, self.transaction, self._depth = self.transaction, 0, 0
        return how, b"", transaction(old)

    # ---- settings of the session

    def _isolate(self, level: str) -> Answer:
        self._isolation = " ".join(level.upper().split())
        return Answer()

    def _wait_for_locks(self, milliseconds: str) -> Answer:
        self._lock_ms = int(milliseconds)
        self._run(f"SET lock_timeout = {max(self._lock_ms, 1) if self._lock_ms >= 0 else 0}")
        return Answer()

    def _yield(self) -> Answer:
        self._run("SET deadlock_timeout = '20ms'")
        return Answer()

    def _bring_own(self, table: str, on_or_off: str) -> Answer:
        name = re.sub(r"\[((?:[^]]|]])*)\]", lambda part: part[1].replace("]]", "]"), table).lower()
        self._identity_insert = name if on_or_off.upper() == "ON" else ""
        if not self._identity_insert:
            self._count_on(re.sub(r"\[((?:[^]]|]])*)\]", r'"\1"', table.lower()))
        return Answer()

    def _count_on(self, table: str) -> None:
        """Have the numbers of a table go on behind those that rows brought along, as a SQL Server does by itself."""
        asked = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attidentity <> ''"
        for (column,) in self._run(asked, [table]).fetchall():
            highest = sql.SQL("SELECT setval(pg_get_serial_sequence(%s, %s), max({})) FROM {} HAVING max({}) > 0")
            named = highest.format(sql.Identifier(column), sql.SQL(table.replace("%", "%%")), sql.Identifier(column))
            self._connection.execute(named, [table, column])

    def _leave(self) -> Answer:
        return Answer()

    _own: ClassVar[Mapping[str, Callable[..., Answer]]] = {
        r"BEGIN TRAN(?:SACTION)?": _begin,
        r"COMMIT TRAN(?:SACTION)?": _commit,
        r"ROLLBACK TRAN(?:SACTION)?": _rollback,
        r"SAVE TRAN(?:SACTION)? (\w+)": _save,
        r"ROLLBACK TRAN(?:SACTION)? (\w+)": _rollback_to,
        r"SET TRANSACTION ISOLATION LEVEL ([\w ]+)": _isolate,
        r"SET LOCK_TIMEOUT (-?\d+)": _wait_for_locks,
        r"SET DEADLOCK_PRIORITY LOW": _yield,
        r"SET IDENTITY_INSERT (.+) (ON|OFF)": _bring_own,
        _UNTOUCHED.pattern.replace("(?i)", "") + ".*": lambda self, *_: self._leave(),
    }

    # ---- everything else

    def _translated(self, statement: str, values: Mapping[str, object]) -> list[Answer]:
        found = translated(statement)
        if not self.transaction:
            return self._run_one(found, values)
        # A statement that fails takes back itself and no more.
        self._run(f"SAVEPOINT {_STATEMENT}")
        try:
            answers = self._run_one(found, values)
        except psycopg.errors.DeadlockDetected as error:
            text = (
                "Transaction was deadlocked on lock resources with another process and has been chosen as the victim."
            )
            raise SqlServerError(1205, text, severity=13, ends_transaction=True) from error
        except psycopg.Error:
            self._run(f"ROLLBACK TO SAVEPOINT {_STATEMENT}")
            raise
        self._run(f"RELEASE SAVEPOINT {_STATEMENT}")
        return answers

    def _run_one(self, found: Translated, values: Mapping[str, object]) -> list[Answer]:
        for lock in found.locks:
            self._lock(lock, values)
        for row in found.added:
            self._wait_for_ranges(found.written, row, values)
        sql_text = found.sql
        if found.written and found.written.replace('"', "").endswith(self._identity_insert or "\0"):
            sql_text = re.sub(r"\) VALUES ", ") OVERRIDING SYSTEM VALUE VALUES ", sql_text, count=1)
        cursor = self._run(sql_text, values)
        if found.made:
            self._declare(*found.made)
        if cursor.description is not None:
            columns = self._columns_of(cursor)
            return [Answer(columns=columns, rows=cursor.fetchall(), count=cursor.rowcount)]
        if not found.written:
            return [Answer()]
        counted = self.counts_of_triggers if self._has_trigger(found.written) else []
        return [*(Answer(count=count) for count in counted), Answer(count=cursor.rowcount)]

    def _lock(self, lock: Lock, values: Mapping[str, object]) -> None:
        """Lock as a SQL Server does: by the index where there is one, and else all that is looked at."""
        if not lock.is_waiting:
            self._run("SET LOCAL lock_timeout = 1")
        try:
            if lock.column is None or not self._is_indexed(lock.table, lock.column):
                self._run(f"LOCK TABLE {lock.table} IN SHARE ROW EXCLUSIVE MODE")
            elif lock.is_range_held:
                for value in lock.values:
                    self._hold(lock.table, lock.column, value, values, is_shared=False)
        finally:
            if not lock.is_waiting and self._connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
                self._run("RESET lock_timeout" if self._lock_ms < 0 else f"SET lock_timeout = {max(self._lock_ms, 1)}")

    def _wait_for_ranges(self, table: str, row: Mapping[str, exp.Expr], values: Mapping[str, object]) -> None:
        """Wait for whoever holds the range to which a row is added."""
        for column, value in row.items():
            if self._is_indexed(table, column):
                self._hold(table, column, value, values, is_shared=True)

    def _hold(
        self,
        table: str,
        column: str,
        value: exp.Expr,
        values: Mapping[str, object],
        *,
        is_shared: bool,
    ) -> None:
        kind = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
        what = sql.Literal(f"{table.rsplit('.', maxsplit=1)[-1]}.{column}.").as_string().replace("%", "%%")
        self._run(f"SELECT {kind}(hashtext({what} || lower(({expression_sql(value)})::text)))", values)

    def _is_indexed(self, table: str, column: str) -> bool:
        return bool(
            self._run(
                "SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
                "WHERE i.indrelid = to_regclass(%s) AND a.attname = %s",
                [table, column],
            ).fetchone()
        )

    def _has_trigger(self, table: str) -> bool:
        asked = "SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal"
        return bool(self._run(asked, [table]).fetchone())

    def _declare(self, table: str, declared: Mapping[str, SqlType]) -> None:
        for name, kind in declared.items():
            self._run(
                "INSERT INTO tsql.declared VALUES (to_regclass(%s), %s, %s, %s, %s, %s) ON CONFLICT (object_id, name) "
                "DO UPDATE SET kind = excluded.kind, length = excluded.length, precision = excluded.precision, "
                "scale = excluded.scale",
                [table, name, kind.name, kind.length, kind.precision, kind.scale],
            )

    def _columns_of(self, cursor: psycopg.Cursor[Any]) -> list[tuple[str, SqlType]]:
        """Return how the columns of an answer are declared, else what they are like."""
        result = cursor.pgresult
        assert result is not None
        assert cursor.description is not None
        tables = {result.ftable(at) for at in range(result.nfields)} - {0}
        known: dict[tuple[int, int], SqlType] = {}
        if tables:
            asked = (
                "SELECT attrelid, attnum, kind, length, precision, scale FROM tsql.columns "
                "WHERE attrelid = ANY(%s) AND is_declared"
            )
            for oid, number, kind, *sizes in self._run(asked, [list(tables)]).fetchall():
                known[int(oid), int(number)] = SqlType(kind, *sizes)
        return [
            (column.name, known.get((result.ftable(at), result.ftablecol(at))) or _like(column))
            for at, column in enumerate(cursor.description)
        ]

    def _run(
        self, statement: str, values: Mapping[str, object] | Sequence[object] | None = None
    ) -> psycopg.Cursor[Any]:
        return self._connection.execute(sql.SQL(statement), values)


def _like(column: psycopg.Column) -> SqlType:
    """Return a type for a value that no column has declared."""
    code = column.type_code
    if code in _LIKE:
        return _LIKE[code]
    if code == _NUMERIC:
        return SqlType(
            "decimal", precision=column.precision or 38, scale=(column.scale or 0) if column.precision else 10
        )
    return SqlType("nvarchar", length=-1)


_NUMERIC = 1700
_LIKE = {
    16: SqlType("bit"),
    20: SqlType("bigint"),
    21: SqlType("smallint"),
    23: SqlType("int"),
    17: SqlType("varbinary", length=-1),
    701: SqlType("float"),
    700: SqlType("real"),
    1082: SqlType("date"),
    1114: SqlType("datetime2", scale=6),
    2950: SqlType("uniqueidentifier"),
}


def _told(error: psycopg.Error) -> SqlServerError:
    text = (error.diag.message_primary or str(error)).strip()
    if text.startswith(_ENDING):
        return SqlServerError(3609, f"The transaction ended in the trigger. {text}", ends_transaction=True)
    number = _NUMBERS.get(error.sqlstate or "", 0)
    if not number:
        return SqlServerError(50001, f"The stand-in does not know {error.sqlstate}: {text}")
    if number == 1222:
        return SqlServerError(1222, "Lock request time out period exceeded.", state=45)
    return SqlServerError(number, text, severity=14 if number in {2627, 229} else 16)
