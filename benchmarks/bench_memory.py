"""Measure whether a program that stays open for days grows: its memory after so many checks, with the view each time.

    python -m benchmarks.bench_memory [--checks 1000] [--payments 5000] [--every 10]

What is in memory is asked of the system after each tenth of the checks; the
first tenth, in which everything is loaded once, is the peer of the last.
"""

import argparse
import gc
import os
import tempfile
from pathlib import Path

from benchmarks.bench_change import open_invoices, poll
from benchmarks.sandboxed import Firm, Wired, change, sandbox, wired
from cmxero_desktop.services.viewing.kept_view import ViewReading

_TENTH, _MIB = 10, 2**20


def main() -> None:
    """Print what is in memory after each tenth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=1_000)
    parser.add_argument("--payments", type=int, default=5_000)
    parser.add_argument("--every", type=int, default=10, help="which checks find a new payment; 0: none")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        sandbox(Path(name), asked.payments) as firm,
        wired(Path(name), firm) as desk,
    ):
        first, *_, last = measured(desk, firm, asked.checks, asked.every)
    grown = (last - first) * _MIB / (asked.checks * (1 - 1 / _TENTH))
    print(f"{grown:,.0f} bytes a check, {last / first:.2f} times what it was")


def measured(desk: Wired, firm: Firm, checks: int, every: int) -> list[float]:
    """Check so often, and return what was in memory after each tenth, in MiB."""
    found: list[float] = []
    viewing = ViewReading(desk.store)
    poll(desk)
    numbers = [invoice.number for invoice in open_invoices(desk)]
    for number in range(1, checks + 1):
        if every and number % every == 0:
            invoice = numbers[number // every % len(numbers)]
            change(firm, "pay", invoice_number=invoice, amount=f"{number % 97 + 1}.13", paid_on=firm["today"])
        poll(desk)
        viewing.read()
        if number % (checks // _TENTH) == 0:
            gc.collect()
            found.append(in_memory_mib())
            print(f"{number:>7,} checks {found[-1]:>8.1f} MiB {found[-1] - found[0]:>+7.1f}", flush=True)
    return found


def in_memory_mib() -> float:
    """Return how much of this process lies in memory now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MIB


if __name__ == "__main__":
    main()
