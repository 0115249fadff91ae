"""A connection to a SQL Server as SQLAlchemy uses it: each answer is read whole, each error is one of its statement.

Where a trigger counts rows of its own or raises late, the driver stops at the first count, and asks the server to
give up the rest when the next statement comes. So everything is read to the end here, and what is raised is what the
server said first.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytds

from cmxero_desktop.adapters.sql.sql_server.errors import EndedTransactionError, LostServerError, SlowServerError
from cmxero_desktop.adapters.sql.sql_server.wire import Wire

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_FATAL_SEVERITY = 20
"""From here on the server closes the connection by itself."""
_ERROR_SEVERITY = 11
"""What is less severe is only said."""
_NO_TRANSACTION = 3902
_Row = tuple[Any, ...]


class SqlServerConnection:
    """A connection of the driver, in which transactions begin and end only when that is said."""

    def __init__(self, driver: Any, wire: Wire) -> None:  # noqa: ANN401 - the driver publishes no types
        """Take a connection of the driver that commits by itself, and the wire below it."""
        self._driver = driver
        self._wire = wire

    @property
    def answer_s(self) -> float:
        """How many seconds are waited for a part of an answer."""
        return self._wire.answer_s

    @answer_s.setter
    def answer_s(self, seconds: float) -> None:
        self._wire.answer_s = seconds

    @property
    def version(self) -> tuple[int, ...]:
        """The version of the server."""
        number = int(self._driver.product_version)
        return number >> 24, number >> 16 & 0xFF, number & 0xFFFF

    def cursor(self) -> "SqlServerCursor":
        """Return a cursor; several may be open, since each has read its answer whole."""
        return SqlServerCursor(self)

    def begin(self) -> None:
        """Begin a transaction."""
        self.ask("BEGIN TRANSACTION")

    def commit(self) -> None:
        """Commit the transaction; raise EndedTransactionError where the server had ended it by itself.

        A commit that is met by silence is not taken back: nobody would know what became of it.
        """
        try:
            self.ask("COMMIT TRANSACTION", may_turn_back=False)
        except pytds.DatabaseError as error:
            if getattr(error, "number", 0) == _NO_TRANSACTION:
                message = "the transaction had ended before it was committed"
                raise EndedTransactionError(message) from error
            raise

    def rollback(self) -> None:
        """Take the transaction back, where there is one; on a connection that is closed the server has done so."""
        if not self._wire.is_closed:
            self.ask("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION")

    def close(self) -> None:
        """Close it, without a word to the server."""
        self._wire.close()

    def ask(self, statement: str, parameters: object = None, *, may_turn_back: bool = True) -> "_Answer":
        """Send a statement and read all of its answer. Raises the driver's errors."""
        with self._whole(may_turn_back=may_turn_back) as cursor:
            cursor.execute(statement, parameters or {})
            return _Answer.read(cursor, is_write=_WRITES.match(statement) is not None)

    @contextmanager
    def _whole(self, *, may_turn_back: bool) -> Iterator[Any]:
        """Leave the connection ready for the next statement, or closed, whatever happens meanwhile."""
        cursor = self._driver.cursor()
        self._wire.may_turn_back = may_turn_back
        try:
            yield cursor
        except pytds.DatabaseError as error:
            first = _first_error(cursor) or error
            _read_to_the_end(cursor)
            raise first from error
        except TimeoutError as error:
            # The driver has asked the server to give the statement up.
            cursor.cancel()
            message = f"no answer within {self._wire.answer_s:g} seconds"
            raise SlowServerError(message) from error
        except BaseException:
            # Half a packet may be on its way.
            self._wire.close()
            raise
        finally:
            self._wire.may_turn_back = False


class _Answer:
    """Everything that came for one statement."""

    def __init__(self) -> None:
        self.description: Sequence[Any] | None = None
        self.rows: list[_Row] = []
        self.rowcount = -1

    @classmethod
    def read(cls, cursor: Any, *, is_write: bool) -> "_Answer":  # noqa: ANN401 - as above
        """Read all results; the first with rows counts, or none for a write: such rows are a trigger's."""
        answer = cls()
        has_more = True
        while has_more:
            described = cursor.description
            rows = [] if described is None else cursor.fetchall()
            if not is_write and answer.description is None:
                answer.description, answer.rows = described, rows
            answer.count(cursor.rowcount)
            has_more = cursor.nextset()
        answer.count(cursor.rowcount)
        return answer

    def count(self, rows: int) -> None:
        """Keep how many rows were changed; the last that is said is the statement's own, after those of triggers."""
        if rows >= 0:
            self.rowcount = rows


class SqlServerCursor:
    """A cursor on an answer that was read whole."""

    arraysize = 1
    lastrowid: int | None = None

    def __init__(self, connection: SqlServerConnection) -> None:
        """Ask nothing yet."""
        self._connection = connection
        self._answer = _Answer()
        self._at = 0

    @property
    def description(self) -> Sequence[Any] | None:
        """What the columns are; None where there are no rows."""
        return self._answer.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed, -1 where the server does not say."""
        return self._answer.rowcount

    def execute(self, statement: str, parameters: object = None) -> None:
        """Ask, and read the answer."""
        self._answer, self._at = _Answer(), 0
        self._answer = self._connection.ask(statement, parameters)

    def executemany(self, statement: str, several: Sequence[object]) -> None:
        """Ask once for each of several."""
        for parameters in several:
            self.execute(statement, parameters)

    def fetchone(self) -> _Row | None:
        """Return the next row, None where there is none."""
        return next(iter(self.fetchmany(1)), None)

    def fetchmany(self, size: int | None = None) -> list[_Row]:
        """Return the next rows."""
        start, self._at = self._at, self._at + (size or self.arraysize)
        return self._answer.rows[start : self._at]

    def fetchall(self) -> list[_Row]:
        """Return what is left."""
        start, self._at = self._at, len(self._answer.rows)
        return self._answer.rows[start:]

    def nextset(self) -> None:
        """There is no other."""

    def setinputsizes(self, *_sizes: object) -> None:
        """Do nothing: the driver tells types by values."""

    def close(self) -> None:
        """Let go of the rows."""
        self._answer = _Answer()


def _first_error(cursor: Any) -> pytds.DatabaseError | None:  # noqa: ANN401 - as above
    """Return what the server said first of all that is an error; the driver takes the last, and remarks as well."""
    said = (error for _, error in cursor.messages or ())
    found: pytds.DatabaseError | None = next((e for e in said if e.severity >= _ERROR_SEVERITY), None)
    return found


def _read_to_the_end(cursor: Any) -> None:  # noqa: ANN401 - as above
    """Read what is left of an answer after its error; what else went wrong was a consequence."""
    while True:
        try:
            if cursor.description is not None:
                cursor.fetchall()
            if not cursor.nextset():
                return
        except pytds.DatabaseError:
            continue


def is_lost(error: BaseException) -> bool:
    """Say whether a connection is of no use any more after an error."""
    return isinstance(error, pytds.InterfaceError | LostServerError) or (
        isinstance(error, pytds.DatabaseError) and getattr(error, "severity", 0) >= _FATAL_SEVERITY
    )
