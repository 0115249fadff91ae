"""Runs a fuzz seed by seed, each of which says what it did: a long run may be broken off and gone on with."""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

Piece = Callable[[int], Counter[str]]
"""Runs one seed, counts what it met, and raises AssertionError with how to see what went wrong."""


def seeds_of(parser: argparse.ArgumentParser, count: int | None, named: str, each: int) -> Sequence[int]:
    """Return the seeds that were asked for: by how much is to be tried, `each` with one seed, or as a range `7-12`."""
    first, _, last = named.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        parser.error(f"--seeds {named}: name one seed, or a range such as 7-12")
    if last:
        return range(int(first), int(last) + 1)
    return range(int(first), int(first) + (1 if count is None else -(-count // each)))


def run_seeds(seeds: Sequence[int], run: Piece, what: str) -> None:
    """Run every seed, go on after one that did harm, and end with status 1 where any did."""
    begun, met, harmful = time.perf_counter(), Counter[str](), list[int]()
    for seed in seeds:
        before = time.perf_counter()
        try:
            found = run(seed)
        except AssertionError as error:
            harmful.append(seed)
            print(f"seed {seed} DID HARM after {time.perf_counter() - before:.0f} s: {error}", flush=True)
            continue
        except KeyboardInterrupt:
            print(f"broken off: go on with --seeds {seed}-{seeds[-1]}; {_told(met)}", flush=True)
            raise SystemExit(bool(harmful)) from None
        met += found
        print(f"seed {seed}: {_told(found)} in {time.perf_counter() - before:.0f} s", flush=True)
    took = time.perf_counter() - begun
    print(f"{what}, seeds {seeds[0]} to {seeds[-1]} in {took:.0f} s: {_told(met)}; {_verdict(harmful)}")
    raise SystemExit(bool(harmful))


def _told(met: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in met.most_common()) or "nothing"


def _verdict(harmful: Iterable[int]) -> str:
    named = ", ".join(f"--seeds {seed}-{seed}" for seed in harmful)
    return f"HARM was done, and is repeated by {named}" if named else "none did harm"
