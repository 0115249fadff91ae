"""Time many polls of which one request in twenty goes wrong, and hold the store against Xero's truth after each.

    python -m benchmarks.bench_faulty_polls [--polls 200] [--share 0.05] [--seed 1]

The peer is the same run, with the same changes between its polls, on a Xero that never fails. A poll that a fault ends
early is followed by the next, as the schedule would have it; after it the store may lack only what a later poll still
asks for. The firm, its Xero and our program share one process here, so the seconds are those of all three.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cmxero_desktop.sandbox.xero.faults import Fault, FaultKind
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from tests.soak.changes import Changes
from tests.soak.desk import SoakDesk
from tests.soak.truth import Truth

START = datetime(2026, 10, 5, 9, tzinfo=UTC)
CHANGES_BETWEEN = 3
# Without those that are no fault of one request: an answer that is held back, and a row that stays broken.
KINDS = sorted(set(FaultKind) - {FaultKind.HOLD, FaultKind.ROW, FaultKind.SLOW})
STATUSES = (400, 401, 403, 404, 500, 502, 503, 504)
PROBLEMS = ("minute", "day", "appminute", "concurrent")


@dataclass
class Tally:
    """What a run came to."""

    seconds: float = 0.0
    requests: int = 0
    compared: int = 0
    faults: int = 0
    outcomes: Counter[PollOutcome] = field(default_factory=Counter)


def main() -> None:
    """Run both and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polls", type=int, default=200)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    faulty = _run(asked.polls, asked.share, asked.seed)
    peer = _run(asked.polls, 0.0, asked.seed)
    for name, tally in ((f"{asked.share:.0%} of requests fail", faulty), ("none fails", peer)):
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in tally.outcomes.most_common())
        print(f"{name}: {asked.polls} polls in {tally.seconds:.1f} s, {tally.requests:,} requests, ", end="")
        print(f"{tally.faults} faults; {outcomes}")
        print(
            f"  the store was equal to Xero row by row after {tally.compared} polls, and lost nothing after the others"
        )
    print(f"ratio, with faults to without: {faulty.seconds / peer.seconds:.2f} of the time, ", end="")
    print(f"{faulty.requests / peer.requests:.2f} of the requests")


def _run(polls: int, share: float, seed: int) -> Tally:
    dice, chance, tally = random.Random(seed), random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as name:
        desk = SoakDesk(Path(name), dice, START, lambda: None)
        changes = Changes(desk.xero.ledger, dice)
        truth = Truth(changes, desk.store)
        _inject(desk, share, chance, tally)
        for _ in range(polls):
            for _ in range(CHANGES_BETWEEN):
                changes.make()
            desk.clock.advance(timedelta(minutes=10))
            _poll(desk, truth, tally)
        desk.close()
    return tally


def _poll(desk: SoakDesk, truth: Truth, tally: Tally) -> None:
    begun = time.perf_counter()
    run = desk.polling.poll(PollAsk(ends_pause=True))
    tally.seconds += time.perf_counter() - begun
    tally.requests += run.requests
    tally.outcomes[run.outcome] += 1
    found = truth.differences() if run.outcome is PollOutcome.DONE else truth.lost()
    assert not found, f"after a poll that ended {run.outcome}: {found[:5]}"
    tally.compared += run.outcome is PollOutcome.DONE
    if run.outcome is PollOutcome.SIGNED_OUT:
        desk.sign_in()


def _inject(desk: SoakDesk, share: float, chance: random.Random, tally: Tally) -> None:
    """Let each request fail by chance, each kind as likely as the others."""

    def take(path: str) -> Fault | None:
        if chance.random() >= share:
            return None
        tally.faults += 1
        kind = FaultKind(chance.choice(KINDS))
        return Fault(kind=kind, path=path, status=chance.choice(STATUSES), problem=chance.choice(PROBLEMS))

    desk.xero.faults.take = take  # type: ignore[method-assign]  # in place of the faults that a test adds


if __name__ == "__main__":
    main()
