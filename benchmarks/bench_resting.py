"""Invent firms, and judge each whole and without what is at rest: leaving that out must change nothing."""

import argparse
import time

from tests.domain.generated_firms import Inventor
from tests.domain.support import TODAY
from tests.support.at_rest import compare

_INVOICES = 10


def main() -> None:
    """Judge as many firms as are asked for; the first that comes out otherwise ends it, with its seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=4_200)
    parser.add_argument("--seed", type=int, default=10_000, help="the seed of the first firm; the next ones count up")
    asked = parser.parse_args()
    at_rest = woken = 0
    started = time.perf_counter()
    for seed in range(asked.seed, asked.seed + asked.firms):
        firm = Inventor(seed, _INVOICES).firm()
        found = compare(firm.snapshots, firm.policy, TODAY, strays=firm.strays, limits=firm.limits)
        assert not found.differing, (seed, found.differing)
        at_rest, woken = at_rest + found.at_rest, woken + found.woken
    took = time.perf_counter() - started
    print(f"{asked.firms * _INVOICES:,} invoices, {at_rest:,} at rest, {woken:,} of these asked for, {took:.0f} s")


if __name__ == "__main__":
    main()
