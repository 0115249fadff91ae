"""Throw mangled pages of Xero's at checks, over the sandbox's real HTTP, until one of them does harm.

    python -m benchmarks.fuzz_pages [2000] [--seed 1]

Each check gets several: truncated, retyped, reordered, doubled, deep, in wrong encodings, with dates of the year 1 or
9999, with swapped ids. None may crash; rows that were not touched are proposed as without the mangling; each refusal
and each unreadable row is a sentence; a refused check changes nothing; and the next good check finds what it always
finds. What does harm is told with its seed, and repeated by it.
"""

import argparse
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.fuzz.fuzzing import Fuzz

# Another firm's start every so often, so that no run is spent on one seed.
_A_SEED = 1_000


def main() -> None:
    """Run as many as are asked for, and say what was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begun, left, seed = time.perf_counter(), asked.pages, asked.seed
    while left > 0:
        with tempfile.TemporaryDirectory() as name, closing(Fuzz(Path(name), seed)) as fuzz:
            fuzz.run(min(left, _A_SEED))
        left, seed = left - fuzz.pages, seed + 1
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in fuzz.outcomes.most_common())
        print(f"seed {fuzz.seed}: {fuzz.pages} pages in {fuzz.polls} checks; {outcomes}", flush=True)
    print(f"{asked.pages} pages or a few more in {time.perf_counter() - begun:.0f} s, and none did harm")


if __name__ == "__main__":
    main()
