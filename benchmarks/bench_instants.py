"""Hold `cmxero show --as-of` against what the desk held at many random instants of invented lives, on a real store.

    python -m benchmarks.bench_instants [--instants 1000] [--seed 1]

It prints how many instants were compared and what was told otherwise than it was, and fails where anything was.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.truth.test_instants import live

_OF_ONE_LIFE = 100


def main() -> None:
    """Let firms live until enough instants are written down, and compare each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instants", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    written, differing, seed, begun = 0, 0, asked.seed, time.process_time()
    while written < asked.instants:
        with tempfile.TemporaryDirectory() as folder:
            life = live(Path(folder), seed, _OF_ONE_LIFE)
            found = life.differing()
        for words in found:
            print(f"seed {seed}: {words}")
        written, differing, seed = written + len(life.written), differing + len(found), seed + 1
    took = time.process_time() - begun
    print(f"{written:,} instants of {seed - asked.seed} firms in {took:.0f} s CPU")
    print(f"told otherwise than they were: {differing}")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
