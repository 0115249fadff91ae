"""Decide four hundred rows beside many payments by keys alone, and hold Case Manager against the truth afterwards.

    python -m benchmarks.bench_decisions [--payments 50000]

The firm's Xero, Case Manager in SQLite, our store and the real window are driven by key events; most rows go in bulk.
What counts is how often a key is pressed besides typed text, and that exactly the right payments stand afterwards.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

from tests.ui.morning import FOUR_HUNDRED, desk_of, differences, lay_out
from tests.ui.person import seated

_MOST_PRESSES = 200


def main() -> None:
    """Work through one morning and print how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=50_000)
    payments = parser.parse_args().payments
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
    morning = lay_out(FOUR_HUNDRED, payments)
    with tempfile.TemporaryDirectory() as folder, desk_of(morning, Path(folder)) as (desk, database):
        begun = time.perf_counter()
        with seated(desk) as person:
            person.work_through(morning)
        took, wrong = time.perf_counter() - begun, differences(morning, database)
    print(f"{morning.decisions} decisions beside {payments:,} payments: {person.presses} presses, {took:.1f} s")
    print(f"invoices on which something else stands than must: {len(wrong)}", *wrong, sep="\n")
    assert not wrong
    assert person.presses <= _MOST_PRESSES


if __name__ == "__main__":
    main()
