"""Drive the real `cmxero`, each time in a process of its own, against a plain Xero and a plain Case Manager."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.end_to_end.forked import FORKED

SCHEMA = """
CREATE TABLE invoices (
  invoice_id INTEGER PRIMARY KEY, invoice_number VARCHAR(20) NOT NULL UNIQUE,
  bill_to VARCHAR(120) NOT NULL, case_name VARCHAR(120), invoice_date DATE NOT NULL, due_date DATE,
  total NUMERIC(12,2) NOT NULL, adjustments NUMERIC(12,2) NOT NULL DEFAULT 0, refunds NUMERIC(12,2) NOT NULL DEFAULT 0
);
CREATE TABLE payments (
  payment_id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoices (invoice_id),
  payment_date DATE NOT NULL, amount NUMERIC(12,2) NOT NULL, payment_type VARCHAR(20) NOT NULL,
  reference_number VARCHAR(50), notes VARCHAR(500), journal_number VARCHAR(20), payment_group INTEGER
);
CREATE TABLE system_settings (name VARCHAR(60) PRIMARY KEY, value VARCHAR(200));
INSERT INTO system_settings VALUES ('forward_dating_days', '5');
"""


@dataclass(frozen=True)
class CaseBook:
    """A Case Manager database in one SQLite file."""

    path: Path

    def create(self) -> None:
        """Create the tables of the reference schema."""
        with closing(sqlite3.connect(self.path)) as database:
            database.executescript(SCHEMA)

    def run(self, statement: str, *values: object) -> list[Any]:
        """Run one statement and return its rows."""
        with closing(sqlite3.connect(self.path)) as database, database:
            return database.execute(statement, values).fetchall()

    def add_invoice(self, number: str, total: str = "1000.00") -> int:
        """Add an invoice and return its key."""
        self.run(
            "INSERT INTO invoices (invoice_number, bill_to, invoice_date, total) VALUES (?, 'Acme', '2026-09-01', ?)",
            number,
            total,
        )
        return int(self.run("SELECT max(invoice_id) FROM invoices")[0][0])

    def add_payment(self, number: str, amount: str, paid_on: date, **more: object) -> int:
        """Type a payment in and return its key."""
        (invoice_id,) = self.run("SELECT invoice_id FROM invoices WHERE invoice_number = ?", number)[0]
        values = {
            "payment_type": "EFT",
            "invoice_id": invoice_id,
            "payment_date": paid_on.isoformat(),
            "amount": amount,
        }
        row = values | more
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self.run(f"INSERT INTO payments ({names}) VALUES ({marks})", *row.values())  # noqa: S608 - the test's own names
        return int(self.run("SELECT max(payment_id) FROM payments")[0][0])

    def payments(self, number: str) -> list[Any]:
        """Return date, amount, reference and notes of an invoice's payments."""
        return self.run(
            "SELECT payment_date, amount, reference_number, notes FROM payments JOIN invoices USING (invoice_id) "
            "WHERE invoice_number = ? ORDER BY payment_id",
            number,
        )


@dataclass(frozen=True)
class Cmxero:
    """Runs `cmxero` with a home folder of its own."""

    home: Path
    environment: Mapping[str, str]

    def __call__(self, *words: str, expect: int = 0) -> Any:  # noqa: ANN401 - any JSON document
        """Run a verb with `--json` and return its document; fails unless the exit status is `expect`."""
        finished = self.run(*words, "--json")
        assert finished.returncode == expect, f"{words}: {finished.returncode}\n{finished.stdout}\n{finished.stderr}"
        return json.loads(finished.stdout) if finished.stdout else finished.stderr

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end."""
        return FORKED.run(words, {**os.environ, **self.environment, "CMXERO_HOME": str(self.home)})

    def set_up(self, xero_url: str, case_url: str, mode: str = "approve") -> None:
        """Initialise and connect."""
        self(
            *("init", "--case-manager-url", case_url, "--xero-client-id", "PLAIN", "--mode", mode),
            *("--identity-url", xero_url, "--api-url", xero_url),
        )
        settings = self.home / "settings.toml"
        text = settings.read_text()
        settings.write_text(text.replace("redirect_port = 8742", f"redirect_port = {free_port()}"))
        self("connect")


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def browser_environment() -> dict[str, str]:
    """Name the stand-in for the browser as Python's webbrowser module reads it."""
    return {"BROWSER": f"{sys.executable} {Path(__file__).with_name('visit.py')} %s"}
