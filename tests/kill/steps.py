"""Counts the steps that a process takes in its databases, from outside the program, and ends it at one of them."""

import os
import signal
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect

STORE = "store"
CASE = "case"
_WORDS_IN_LABEL = 4
_LABEL_LENGTH = 70


class Steps:
    """Tells each step on a pipe before it is taken; at step `kill_at` the process kills itself with SIGKILL."""

    def __init__(self, report: int, kill_at: int | None) -> None:
        self._report = report
        self._kill_at = kill_at
        self._taken = 0

    def take(self, label: str, last_act: Callable[[], None] | None = None) -> None:
        """Count one step; `last_act` is done in the instant before the process dies at it."""
        self._taken += 1
        os.write(self._report, f"{label}\n".encode())
        if self._taken == self._kill_at:
            if last_act is not None:
                last_act()
            os.kill(os.getpid(), signal.SIGKILL)


def count_steps(steps: Steps) -> None:
    """Make every begin, statement, commit and rollback of every engine of this process a step, before and after."""
    _count_statements(steps)
    _count_commits(steps)


def _count_statements(steps: Steps) -> None:
    @event.listens_for(Engine, "before_cursor_execute")
    def before(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        steps.take(f"{_role(connection)} before {_head(statement)}")

    @event.listens_for(Engine, "after_cursor_execute")
    def after(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        steps.take(f"{_role(connection)} after {_head(statement)}")

    @event.listens_for(Engine, "begin")
    def begin(connection: Connection) -> None:
        steps.take(f"{_role(connection)} begin")

    @event.listens_for(Engine, "rollback")
    def rollback(connection: Connection) -> None:
        steps.take(f"{_role(connection)} rollback")


def _count_commits(steps: Steps) -> None:
    """Count three instants of a commit: before it, sent to a server that nobody listens to any more, and after it."""
    committing: Callable[[DefaultDialect, Any], None] = DefaultDialect.do_commit
    role = ""

    @event.listens_for(Engine, "commit")
    def commit(connection: Connection) -> None:
        nonlocal role
        role = _role(connection)

    def do_commit(dialect: DefaultDialect, dbapi_connection: Any) -> None:  # noqa: ANN401 - each driver has its own
        steps.take(f"{role} before COMMIT")
        driver = getattr(dbapi_connection, "driver_connection", dbapi_connection)
        if isinstance(driver, psycopg.Connection):
            steps.take(f"{role} sent COMMIT", lambda: _send_commit(driver))
        committing(dialect, dbapi_connection)
        steps.take(f"{role} after COMMIT")

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign] # all commits pass here


def _send_commit(connection: psycopg.Connection[Any]) -> None:
    """Hand the commit to the server without waiting for its answer, as a process does that dies meanwhile."""
    connection.pgconn.send_query(b"COMMIT")
    while connection.pgconn.flush():
        pass


def _role(connection: Connection) -> str:
    return STORE if STORE in (connection.engine.url.database or "") else CASE


def _head(statement: str) -> str:
    words = statement.replace("\n", " ").split()
    if "FROM" in words:
        at = words.index("FROM")
        words = [words[0], *words[at : at + 2], *(["LOCKED"] if "UPDATE" in words[at:] else [])]
    return " ".join(words[:_WORDS_IN_LABEL])[:_LABEL_LENGTH]
