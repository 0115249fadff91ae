"""Measure the approval and the applying of 1,000 additions, beside bare inserts with one commit each.

    python -m benchmarks.bench_apply [--approvals 1000]

The peer writes the same rows to the same kind of database with one transaction each, and nothing around it: no
second look, no intent, no audit entry.
"""

import argparse
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.app.demo import _consent, _settings
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.sandbox.firm.running import RunningFirm, open_firm
from cmxero_desktop.services.verbs.commands import Apply, ApproveAll, Pin, Poll, SignIn


def main() -> None:
    """Run both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--approvals", type=int, default=1000)
    wanted = parser.parse_args().approvals
    with tempfile.TemporaryDirectory() as folder:
        applied, took, writing = ours(Path(folder), wanted)
        peer = bare(Path(folder), applied)
    print(f"applied {applied:,} approvals in {took:.2f} s: {took / applied * 1000:.2f} ms each")
    print(f"  of which in Case Manager's transactions: {writing:.2f} s {writing / took:.1%}")
    print(f"bare inserts, one commit each: {peer:.2f} s: {peer / applied * 1000:.2f} ms each")
    print(f"ratio: {took / peer:.1f}")


def ours(folder: Path, wanted: int) -> tuple[int, float, float]:
    """Poll a firm with enough to add, approve as many as wanted, and time the applying alone."""
    secrets = MemorySecrets()
    desks = Desks(Parts(secrets=lambda: secrets, open_browser=_consent))
    home = folder / "home"
    writing = [0.0]
    change_invoice = CaseManagerDatabase.change_invoice

    def timed(self: CaseManagerDatabase, *words: object) -> object:
        begun = time.perf_counter()
        try:
            return change_invoice(self, *words)  # type: ignore[arg-type]
        finally:
            writing[0] += time.perf_counter() - begun

    CaseManagerDatabase.change_invoice = timed  # type: ignore[method-assign,assignment]
    with open_firm(folder) as firm:
        firm.xero.limits.is_on = False
        add_invoices_to_pay(firm, wanted)
        TomlSettingsFile(home).save(_settings(firm))
        with desks.closed(home) as closed:
            closed.run(SignIn())
            closed.run(Pin(tenant_id=firm.xero.tenant_id, by="benchmark"))
        with desks.open(home) as desk:
            desk.run(Poll())
            approved = desk.run(ApproveAll(by="benchmark", kind=ProposalKind.ADD))
            ids = tuple(row.row_id for row in approved.done[:wanted])
            writing[0], begun = 0.0, time.perf_counter()
            report = desk.run(Apply(ids=ids, by="benchmark"))
            took = time.perf_counter() - begun
    assert len(report.applied) == len(ids), report
    return len(ids), took, writing[0]


def add_invoices_to_pay(firm: RunningFirm, wanted: int) -> None:
    """Add invoices to both systems, each with one payment that only Xero has.

    No two are over one amount: the firm has a deleted payment whose money may have been moved to any that has its own.
    """
    ledger, today = firm.xero.ledger, firm.firm.today
    contact = ledger.add_contact("Benchmark Insurance")
    with closing(sqlite3.connect(firm.case_database.path)) as database, database:
        for number in range(70_000, 70_000 + wanted):
            amount = f"{number // 100}.{number % 100:02}"
            invoice_id = ledger.add_invoice(f"CM-{number}", contact, amount, today)
            ledger.add_payment(invoice_id, amount, today, next(iter(ledger.accounts)))
            database.execute(
                "INSERT INTO invoices (invoice_number, bill_to, invoice_date, total) VALUES (?, ?, ?, ?)",
                (str(number), contact.name, today.isoformat(), amount),
            )


def bare(folder: Path, rows: int) -> float:
    """Insert the same number of rows with one commit each."""
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE payments (id INTEGER PRIMARY KEY, paid_on DATE, amount NUMERIC, notes TEXT)")
        begun = time.perf_counter()
        for number in range(rows):
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO payments VALUES (?, '2026-11-22', 400, 'Xero payment x')", (number,))
            database.execute("COMMIT")
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
