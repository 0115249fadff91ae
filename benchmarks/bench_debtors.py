"""Measure the two debtor lists over very many payments, beside a check, and beside bare sums in SQL.

    python -m benchmarks.bench_debtors [--payments 50000]

The peer adds up both databases invoice by invoice with SQL and subtracts; it finds which invoices differ and by how
much, and says of none of them why. Both must find the same. Half as many payments show that the cost grows no faster
than they do. CPU seconds, since the machine may be busy.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.sandboxed import Firm, Wired, change, sandbox, wired
from cmxero_desktop.services.checking.debtors import debtor_lists
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome

_NO_DEBT = ("VOIDED", "DELETED", "DRAFT", "SUBMITTED")
_Answer = TypeVar("_Answer")
Differences = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One firm: its invoices, the differing ones, and what each way costs in CPU seconds."""

    invoices: int
    differing: int
    check: float
    lists: float
    peer: float


def main() -> None:
    """Measure a firm and one of half its size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=50_000)
    asked = parser.parse_args().payments
    half, whole = (_measured(payments) for payments in (asked // 2, asked))
    for cost in (half, whole):
        print(f"{cost.invoices:,} invoices, {cost.differing:,} differ: the lists {cost.lists:.2f} s CPU, ", end="")
        print(
            f"a check {cost.check:.2f}, bare sums {cost.peer:.2f}: {cost.lists / cost.check:.2f} times the check, ",
            end="",
        )
        print(f"{cost.lists / cost.peer:.0f} times the sums")
    growth = whole.lists / half.lists
    print(f"twice the payments cost {growth:.2f} times as much")
    assert whole.lists <= whole.check, "the lists cost more than a check"


def _measured(payments: int) -> Cost:
    with tempfile.TemporaryDirectory() as name, sandbox(Path(name), payments) as firm:
        folder = Path(name)
        with wired(folder, firm) as desk:
            for _ in range(2):
                _poll(desk)
            change(firm, "pay", invoice_number=_open_invoice(desk), amount="0.01", paid_on=firm["today"])
            check, _ = _timed(lambda: _poll(desk))
            lists, found = _timed(lambda: debtor_lists(desk.outside))
            peer, sums = _timed(lambda: _sums(folder, firm))
    ours = {line.invoice_number: line.difference.minor for line in found.lines if line.difference and line.size}
    assert ours == sums, "the peer found other differences"
    return Cost(invoices=found.invoices, differing=len(sums), check=check, lists=lists, peer=peer)


def _open_invoice(desk: Wired) -> str:
    with desk.store.read() as unit:
        return next(
            i.number for i in unit.facts.invoices_of_tracked().values() if i.status == "AUTHORISED" and i.due.minor
        )


def _poll(desk: Wired) -> None:
    run = desk.polling.poll(PollAsk())
    assert run.outcome is PollOutcome.DONE, run.reason


def _timed(do: Callable[[], _Answer]) -> tuple[float, _Answer]:
    begun = time.process_time()
    answer = do()
    return time.process_time() - begun, answer


def _sums(folder: Path, firm: Firm) -> Differences:
    """Return by invoice what Case Manager is above Xero, in cents, as two queries tell it."""
    with closing(sqlite3.connect(_store_file(folder))) as store:
        rows = store.execute(
            "SELECT t.number, CASE WHEN i.status IN (?, ?, ?, ?) THEN 0 "
            "ELSE i.total_minor - i.paid_minor - i.credited_minor END "
            "FROM tracked_invoices t JOIN invoices i ON i.invoice_id = t.xero_invoice_id",
            _NO_DEBT,
        )
        due = dict(rows.fetchall())
    with closing(sqlite3.connect(firm["case_manager_url"].removeprefix("sqlite:///"))) as case:
        rows = case.execute(
            "SELECT 'CM-' || i.invoice_number, "
            "CAST(ROUND(100 * (i.total + i.adjustments + i.refunds - COALESCE(p.paid, 0))) AS INTEGER) "
            "FROM invoices i LEFT JOIN (SELECT invoice_id, SUM(amount) AS paid FROM payments GROUP BY invoice_id) p "
            "ON p.invoice_id = i.invoice_id"
        )
        owed = dict(rows.fetchall())
    differences = {number: owed.get(number, 0) - due.get(number, 0) for number in {*due, *owed}}
    return {number: cents for number, cents in differences.items() if cents}


def _store_file(folder: Path) -> Path:
    (found,) = folder.glob("*.db")
    return found


if __name__ == "__main__":
    main()
