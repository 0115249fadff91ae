"""Throw mangled pages of Xero's at checks, over the sandbox's real HTTP, until one of them does harm.

    python -m benchmarks.fuzz_pages [2000] [--seeds 1, or 7-12]

Each check gets several: truncated, retyped, reordered, doubled, deep, in wrong encodings, with dates of the year 1 or
9999, with swapped ids. None may crash; rows that were not touched are proposed as without the mangling; each refusal
and each unreadable row is a sentence; a refused check changes nothing; and the next good check finds what it always
finds. What does harm is told with its seed, and repeated by it; each seed is a firm of its own and 1,000 pages.
"""

import argparse
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from benchmarks.seeds import run_seeds, seeds_of
from tests.fuzz.fuzzing import Fuzz

# Another firm's start every so often, so that no run is spent on one seed.
_A_SEED = 1_000


def main() -> None:
    """Run as many as are asked for, and say what was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=2_000)
    parser.add_argument("--seeds", default="1", help="the first seed, or a range of them, whatever the number of pages")
    asked = parser.parse_args()
    run_seeds(
        seeds_of(parser, asked.pages, asked.seeds, _A_SEED), lambda seed: _run(seed, asked.pages), "mangled pages"
    )


def _run(seed: int, pages: int) -> Counter[str]:
    with tempfile.TemporaryDirectory() as name, closing(Fuzz(Path(name), seed)) as fuzz:
        fuzz.run(min(pages, _A_SEED))
    return fuzz.outcomes + Counter({"pages": fuzz.pages, "checks": fuzz.polls})


if __name__ == "__main__":
    main()
