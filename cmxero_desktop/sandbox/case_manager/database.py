"""The firm's Case Manager as an SQLite file of the reference schema, and what its users do there."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from cmxero_desktop.sandbox.case_manager.rows import REFERENCE_DDL, CaseRows

_TIMEOUT_S = 5.0


class CaseDatabase:
    """One SQLite file. Every method opens, commits and closes, so that nothing stays locked behind it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._holder: sqlite3.Connection | None = None

    @property
    def url(self) -> str:
        """Return the address in the form that database libraries take."""
        return f"sqlite:///{self.path.resolve().as_posix()}"

    def create(self, rows: CaseRows) -> None:
        """Write the firm's rows into a new file; one that is there already is replaced."""
        self.path.unlink(missing_ok=True)
        with self._opened() as connection:
            for statement in REFERENCE_DDL:
                connection.execute(statement)
            _insert(connection, "invoices", [_plain(row) for row in rows.invoices])
            _insert(connection, "payments", [_plain(row) for row in rows.payments])
            _insert(connection, "system_settings", [_plain(row) for row in rows.settings])

    def payments_on(self, invoice_number: str) -> list[dict[str, Any]]:
        """Return an invoice's payment rows by column name, in the order of their keys."""
        with self._opened() as connection:
            connection.row_factory = sqlite3.Row
            rows = connection.execute(
                "SELECT p.* FROM payments p JOIN invoices i ON i.invoice_id = p.invoice_id"
                " WHERE i.invoice_number = ? ORDER BY p.payment_id",
                (invoice_number.removeprefix("CM-"),),
            ).fetchall()
        return [dict(row) for row in rows]

    def add_payment(
        self, invoice_number: str, amount: Decimal | str, paid_on: date, *, notes: str | None = None
    ) -> int:
        """Enter a payment as someone else would, and return its key."""
        with self._opened() as connection:
            cursor = connection.execute(
                "INSERT INTO payments (invoice_id, payment_date, amount, payment_type, notes)"
                " SELECT invoice_id, ?, ?, 'EFT', ? FROM invoices WHERE invoice_number = ?",
                (paid_on.isoformat(), str(amount), notes, invoice_number.removeprefix("CM-")),
            )
            return int(cursor.lastrowid or 0)

    def adjust(self, invoice_number: str, amount: Decimal | str) -> None:
        """Adjust an invoice as someone else would."""
        with self._opened() as connection:
            connection.execute(
                "UPDATE invoices SET adjustments = adjustments + ? WHERE invoice_number = ?",
                (str(amount), invoice_number.removeprefix("CM-")),
            )

    def journal(self, invoice_number: str, journal_number: str) -> int:
        """Lock an invoice's payments in a journal entry and return how many there were."""
        with self._opened() as connection:
            cursor = connection.execute(
                "UPDATE payments SET journal_number = ? WHERE invoice_id ="
                " (SELECT invoice_id FROM invoices WHERE invoice_number = ?)",
                (journal_number, invoice_number.removeprefix("CM-")),
            )
            return cursor.rowcount

    def take_away(self) -> None:
        """Make the database unreachable for everybody else, as a server in maintenance is."""
        if self._holder is None:
            holder = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=_TIMEOUT_S)
            holder.execute("BEGIN EXCLUSIVE")
            self._holder = holder

    def bring_back(self) -> None:
        """Make the database reachable again."""
        if self._holder is not None:
            self._holder.rollback()
            self._holder.close()
            self._holder = None

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=_TIMEOUT_S)
        try:
            with connection:
                yield connection
        finally:
            connection.close()


def _plain(row: Sequence[object]) -> tuple[object, ...]:
    # sqlite3 knows neither Decimal nor, without a deprecated adapter, date.
    return tuple(str(value) if isinstance(value, Decimal | date) else value for value in row)


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 (our own table names)
