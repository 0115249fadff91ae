"""Kill a thousand real processes while they apply, undo and settle, and say where the kills fell and what was lost.

    python benchmarks/bench_kills.py [--kills 1000] [--seed N]

Half of them on SQLite, half on PostgreSQL, where that is installed: first at every interesting step, by the victims'
own hand, then at random moments, from outside. After each kill the desk is opened again, compared row by row with
what must be true, finished, and compared once more.
"""

import argparse
import random
import secrets
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cmxero_desktop.services.writing.planning_ahead import AT_ONCE
from tests.kill.drive import BASES, Tally, kill_at_interesting_steps, kill_at_random, kill_while_settling
from tests.kill.scenes import Scene, open_scene
from tests.support import servers

# The systematic kills are about 150 on each database.
_ENOUGH_FOR_ALL_STEPS = 200
_AT_ONCE = 50
# How many rows are planned together, in turn; of one alone nothing is planned ahead.
_BATCHES = (AT_ONCE, 3, 1)


def main() -> None:
    """Kill on both databases at once, and print what became of it; exit status 1 if anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    begun = time.perf_counter()
    with _databases() as urls:
        tallies = _on_both(urls, wanted.kills, wanted.seed)
    took = time.perf_counter() - begun
    total = sum(tallies.values(), Tally())
    for name, tally in tallies.items():
        _tell(name, tally)
    _tell("together", total)
    print(f"{took:.0f} s, {took / total.kills * 1000:.0f} ms a kill")
    for problem in total.problems[:20]:
        print(f"  {problem}")
    raise SystemExit(bool(total.problems))


@contextmanager
def _databases() -> Iterator[dict[str, str]]:
    """Name the databases to kill on; an empty URL is a SQLite file."""
    folder = servers.make_folder()
    name = f"kills_{secrets.token_hex(6)}"
    try:
        server = servers.postgres(folder)
        yield {"SQLite": "", "PostgreSQL": servers.create_database(server, name)}
        servers.drop_database(server, name)
    except servers.ServerUnavailableError as error:
        print(f"only on SQLite: {error}")
        yield {"SQLite": ""}
    finally:
        servers.stop_all(folder)


def _on_both(urls: dict[str, str], kills: int, seed: int) -> dict[str, Tally]:
    with ProcessPoolExecutor(len(urls), mp_context=get_context("spawn")) as pool:
        share, rest = divmod(kills, len(urls))
        running = {
            name: pool.submit(_on_one, name, url, share + (rest if number == 0 else 0), seed + number)
            for number, (name, url) in enumerate(urls.items())
        }
        return {name: future.result() for name, future in running.items()}


def _on_one(name: str, url: str, kills: int, seed: int) -> Tally:
    chance, sizes = random.Random(seed), cycle(_BATCHES)
    with open_scene(url) as scene:
        tally = Tally()
        for what in BASES:
            tally += _systematic(scene, what) if kills >= _ENOUGH_FOR_ALL_STEPS else Tally()
        for what in cycle(("apply", "apply", "undo")):
            if tally.kills >= kills:
                break
            scene.at_once = next(sizes)
            tally += kill_at_random(scene, what, min(_AT_ONCE, kills - tally.kills), chance)
            print(f"{name}: {tally.kills} kills so far", file=sys.stderr, flush=True)
    return tally


def _systematic(scene: Scene, what: str) -> Tally:
    return kill_at_interesting_steps(scene, what) + kill_while_settling(scene, what)


def _tell(name: str, tally: Tally) -> None:
    most = max(tally.made, default=0)
    done, none = tally.made[most], tally.made[0]
    print(f"{name}: {tally.kills:,} kills")
    for place, times in tally.fell.most_common():
        print(f"  {times:>5,}  {place}")
    print(f"  {done:>5,}  found everything done, {none:,} nothing, {sum(tally.made.values()) - done - none:,} a part")
    words = {"lost": "lost:", "doubled": "too many:", "unknown": "unknown"}
    counts = {word: sum(mark in problem for problem in tally.problems) for word, mark in words.items()}
    counts["other differences"] = len(tally.problems) - sum(counts.values())
    print("  " + ", ".join(f"{count} {word}" for word, count in counts.items()))


if __name__ == "__main__":
    main()
