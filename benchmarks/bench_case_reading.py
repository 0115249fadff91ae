"""Measure one reading of Case Manager with very many payments, beside bare rows from sqlite3.

    python -m benchmarks.bench_case_reading [--payments 200000] [--invoices 50000]

Xero has all invoices, or nine in ten, or one in ten: what it does not have is read too, since it may be another
invoice's money (R23b). The peer fetches the same columns of the same two tables and does nothing with them. Each
reading runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import multiprocessing
import sqlite3
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks.peak_memory import peak_mb
from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping

_TABLES = """
CREATE TABLE invoices (
  invoice_id INTEGER PRIMARY KEY, invoice_number VARCHAR(20) NOT NULL UNIQUE, bill_to VARCHAR(120) NOT NULL,
  case_name VARCHAR(120), invoice_date DATE NOT NULL, due_date DATE, total NUMERIC(12,2) NOT NULL,
  adjustments NUMERIC(12,2) NOT NULL DEFAULT 0, refunds NUMERIC(12,2) NOT NULL DEFAULT 0);
CREATE TABLE payments (
  payment_id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoices (invoice_id),
  payment_date DATE NOT NULL, amount NUMERIC(12,2) NOT NULL, payment_type VARCHAR(20) NOT NULL,
  reference_number VARCHAR(50), notes VARCHAR(500), journal_number VARCHAR(20), payment_group INTEGER);
CREATE TABLE system_settings (name VARCHAR(60) PRIMARY KEY, value VARCHAR(200));
"""
_FIRST_DAY = date(2024, 1, 1)
_SHARES = (100, 90, 10)


def main() -> None:
    """Read by each share and print seconds, memory and the ratio to the peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=200_000)
    parser.add_argument("--invoices", type=int, default=50_000)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as one,
    ):
        path = Path(folder) / "case.db"
        _fill(path, asked.payments, asked.invoices)
        peer_cpu, peer_mb = one.apply(_bare, (path,))
        print(f"bare rows of {asked.payments:,} payments: {peer_cpu:.2f} s CPU, {peer_mb:.0f} MB")
        for share in _SHARES:
            cpu, mb, found, others = one.apply(_read, (path, asked.invoices * share // 100))
            assert found + others == asked.payments
            print(f"Xero has {share:>3} %: {cpu:.2f} s CPU, {mb:.0f} MB, {cpu / peer_cpu:.1f} times the bare rows")


def _fill(path: Path, payments: int, invoices: int) -> None:
    day = [(_FIRST_DAY + timedelta(n)).isoformat() for n in range(700)]
    connection = sqlite3.connect(path)
    connection.executescript(_TABLES)
    connection.executemany(
        "INSERT INTO invoices VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
        ((n, str(10_000 + n), f"Client {n % 3000}", f"Case {n}", day[n % 700], None, 1000) for n in range(invoices)),
    )
    connection.executemany(
        "INSERT INTO payments VALUES (?, ?, ?, ?, 'EFT', ?, ?, NULL, NULL)",
        (
            (n, n % invoices, day[n % 700], (n % 90_000) / 100 + 1, f"R{n}", f"Xero payment {n:032x}")
            for n in range(payments)
        ),
    )
    connection.commit()
    connection.close()


def _read(path: Path, asked: int) -> tuple[float, float, int, int]:
    """Return CPU seconds, peak MB, and how many payments were found here and elsewhere."""
    database = CaseManagerDatabase(f"sqlite:///{path}", load_mapping("reference"))
    database.check()
    begun = time.process_time()
    reading = database.read([str(10_000 + n) for n in range(asked)], "AUD")
    took = time.process_time() - begun
    database.close()
    return took, peak_mb(), sum(len(side.payments) for side in reading.sides.values()), reading.other_payments


def _bare(path: Path) -> tuple[float, float]:
    begun = time.process_time()
    connection = sqlite3.connect(path)
    rows = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("invoices", "payments")]  # noqa: S608
    took = time.process_time() - begun
    assert all(rows)
    connection.close()
    return took, peak_mb()


if __name__ == "__main__":
    main()
