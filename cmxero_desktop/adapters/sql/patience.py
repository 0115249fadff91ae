"""Gives every wait for a database's server an end: one that falls silent is given up, in the middle of an answer too.

A connection may be up and its server dumb: a firewall that forgot it, a virtual machine that was paused. Nothing
below an answer tells that, so every answer has its time, and a connection that lay idle a shorter one, since whether
it still lives is asked first.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, event


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many seconds are waited: to be connected, and for an answer, of which every part starts the time anew.

    Who says nothing in the middle of a transaction for `idle_s` loses it, with all that it locks.
    """

    connect_s: float = 10
    answer_s: float = 120
    idle_s: float = 120

    @property
    def server_s(self) -> float:
        """After how long the server itself ends a statement: sooner than we do, so that it can say so."""
        return self.answer_s * 0.9


USUAL_PATIENCE: Final = Patience()
SINGLE_STEP_S: Final = 3600.0
"""For a step that may take long and is taken once, as the upgrade of a store."""

_KEEPALIVES: Mapping[str, int] = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


def connect_args(driver: str, patience: Patience) -> dict[str, Any]:
    """Return what bounds the waits of a driver from its first step; an answer gets its time when it is lent."""
    connect_s, answer_s = math.ceil(patience.connect_s), math.ceil(patience.answer_s)
    arguments: Mapping[str, dict[str, Any]] = {
        "psycopg": {"connect_timeout": connect_s, "tcp_user_timeout": answer_s * 1000, **_KEEPALIVES},
        "pymysql": {
            "connect_timeout": connect_s,
            "read_timeout": patience.connect_s,
            "write_timeout": patience.connect_s,
        },
        "pytds": {"connect_s": patience.connect_s, "answer_s": patience.connect_s},
    }
    return arguments.get(driver, {})


def bound_waits(engine: Engine, patience: Patience) -> None:
    """Bound every wait of an engine that was built with `connect_args`."""
    driver = engine.dialect.driver
    waiting = _WAITING.get(driver)
    if driver == "psycopg":
        event.listen(engine, "do_connect", _patiently)
    if waiting is None:
        return
    # Whether a connection still lives is asked before it is lent, and may not take as long as an answer.
    event.listen(engine, "checkout", lambda connection, _record, _lent: waiting(connection, patience.answer_s))
    event.listen(engine, "checkin", lambda connection, _record: connection and waiting(connection, patience.connect_s))
    if driver == "psycopg":
        event.listen(
            engine, "connect", lambda connection, _record: waiting(connection, patience.connect_s), insert=True
        )


def postgresql_limits(patience: Patience) -> tuple[str, ...]:
    """Return what has a PostgreSQL server end what takes too long, and free what nobody uses any more."""
    return (
        f"SET statement_timeout = {max(1, round(patience.server_s * 1000))}",
        f"SET idle_in_transaction_session_timeout = {max(1, round(patience.idle_s * 1000))}",
    )


def take_time(connection: Connection) -> None:
    """Let the steps of a connection that was lent take long, until it is given back; no server ends them meanwhile."""
    waiting = _WAITING.get(connection.dialect.driver)
    if waiting is not None:
        waiting(connection.connection.dbapi_connection, SINGLE_STEP_S)
    if connection.dialect.name == "postgresql":
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")


def _patiently(_dialect: object, _record: object, arguments: tuple[Any, ...], named: dict[str, Any]) -> object:
    from cmxero_desktop.adapters.sql.patient_psycopg import PatientConnection  # noqa: PLC0415 - only servers need it

    return PatientConnection.connect(*arguments, **named)


def _wait_ourselves(connection: Any, seconds: float) -> None:  # noqa: ANN401 - each driver has its own class
    # On connections of our own classes.
    connection.answer_s = seconds


def _wait_pymysql(connection: Any, seconds: float) -> None:  # noqa: ANN401 - as above
    # Given to its constructor they bound the first words of the server; there is no other way to change them.
    connection._read_timeout = connection._write_timeout = seconds  # noqa: SLF001 - as above


_WAITING: Mapping[str, Callable[[Any, float], None]] = {
    "psycopg": _wait_ourselves,
    "pymysql": _wait_pymysql,
    "pytds": _wait_ourselves,
}
