"""Measure the applying of 1,000 approved additions, beside the same steps by hand with the same durability.

    python -m benchmarks.bench_apply [--approvals 1000]

The peer keeps an intent for each row, fifty at a time, claims it in a commit of its own, looks at the invoice under the
lock, inserts, reads back and commits; what came of it goes with the next claim. It knows of no mapping, no second look
at Xero's facts, no other desktop, no audit chain, and looks at nothing afterwards.
"""

import argparse
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.app.demo import _consent, _settings
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.sandbox.firm.running import RunningFirm, open_firm
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.verbs.commands.connecting import Pin, SignIn
from cmxero_desktop.services.verbs.commands.deciding import ApproveAll
from cmxero_desktop.services.verbs.commands.writing import Apply

AT_ONCE = 50


def main() -> None:
    """Run both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--approvals", type=int, default=1000)
    wanted = parser.parse_args().approvals
    with tempfile.TemporaryDirectory() as folder:
        applied, our = ours(Path(folder), wanted)
        peer = by_hand(Path(folder), applied)
    print(f"{applied:,} approvals        {'wall s':>8}{'ms each':>9}{'CPU s':>8}{'ms each':>9}")
    for name, spent in (("applied", our), ("by hand", peer)):
        wall, cpu = (f"{s:>8.2f}{s / applied * 1000:>9.2f}" for s in (spent.wall, spent.cpu))
        print(f"{name:<22}{wall}{cpu}")
    print(f"{'times as much':<22}{our.wall / peer.wall:>8.1f}{'':>9}{our.cpu / peer.cpu:>8.1f}")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock and of the processor."""

    wall: float
    cpu: float


class Clock:
    """Measures from its making on."""

    def __init__(self) -> None:
        """Begin."""
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def spent(self) -> Spent:
        """Return what was spent since."""
        return Spent(time.perf_counter() - self._wall, time.process_time() - self._cpu)


def ours(folder: Path, wanted: int) -> tuple[int, Spent]:
    """Poll a firm with enough to add, approve as many as wanted, and time the applying alone."""
    secrets = MemorySecrets()
    desks = Desks(Parts(secrets=lambda: secrets, open_browser=_consent))
    home = folder / "home"
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
            clock = Clock()
            report = desk.run(Apply(ids=ids, by="benchmark"))
            spent = clock.spent()
    assert len(report.applied) == len(ids), report
    return len(ids), spent


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


def by_hand(folder: Path, rows: int) -> Spent:
    """Write the same number of rows by the same steps, as somebody would who has nothing else to think of."""
    with (
        closing(sqlite3.connect(folder / "by-hand-store.db", isolation_level=None)) as store,
        closing(sqlite3.connect(folder / "by-hand-case.db", isolation_level=None)) as case,
    ):
        for database, journal in ((store, "WAL"), (case, "DELETE")):
            database.execute(f"PRAGMA journal_mode = {journal}")
            database.execute("PRAGMA synchronous = FULL")
        store.execute("CREATE TABLE intents (id INTEGER PRIMARY KEY, state TEXT, record TEXT)")
        store.execute("CREATE TABLE trail (id INTEGER PRIMARY KEY, entry TEXT)")
        case.execute(
            "CREATE TABLE payments (id INTEGER PRIMARY KEY, invoice INTEGER, paid_on DATE, amount, notes TEXT)"
        )
        case.execute("CREATE INDEX of_invoice ON payments (invoice)")
        clock = Clock()
        done: list[int] = []
        for number in range(rows):
            if number % AT_ONCE == 0:
                store.execute("BEGIN IMMEDIATE")
                planned = range(number, min(rows, number + AT_ONCE))
                store.executemany("INSERT INTO intents VALUES (?, 'planned', '{}')", ((each,) for each in planned))
                store.execute("COMMIT")
            store.execute("BEGIN IMMEDIATE")
            _note(store, done)
            claim = "UPDATE intents SET state = 'claimed' WHERE id = ? AND state = 'planned'"
            assert store.execute(claim, (number,)).rowcount == 1
            store.execute("COMMIT")
            case.execute("BEGIN IMMEDIATE")
            assert not case.execute("SELECT * FROM payments WHERE invoice = ?", (number,)).fetchall()
            case.execute("INSERT INTO payments VALUES (?, ?, '2026-11-22', 400, 'Xero payment x')", (number, number))
            assert len(case.execute("SELECT * FROM payments WHERE invoice = ?", (number,)).fetchall()) == 1
            case.execute("COMMIT")
            done.append(number)
        store.execute("BEGIN IMMEDIATE")
        _note(store, done)
        store.execute("COMMIT")
        return clock.spent()


def _note(store: sqlite3.Connection, done: list[int]) -> None:
    while done:
        number = done.pop()
        store.execute("UPDATE intents SET state = 'done' WHERE id = ?", (number,))
        store.execute("INSERT INTO trail VALUES (?, '{}')", (number,))


if __name__ == "__main__":
    main()
