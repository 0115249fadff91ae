"""Race applies against a person who types into Case Manager at every step, and say what went wrong.

    python -m benchmarks.bench_races [--rounds 1000] [--seed N]

So many rounds on each of SQLite, PostgreSQL and MariaDB, half of them where a foreign key ties payments to invoices.
Exit status 1 where a payment stood twice, something was written that was not shown, a row had no outcome, or the
person was turned away.
"""

import argparse
import secrets
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from tests.race.racing import Course, chosen
from tests.support import servers

_STEPS = 30
_SERVERS = {"PostgreSQL": servers.postgres, "MariaDB": servers.mariadb}


def main() -> None:
    """Race on all databases at once, and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    problems: list[str] = []
    with _databases() as urls, ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        races = {
            (name, is_tied): pool.submit(race, url, asked.rounds // 2, asked.seed, is_tied=is_tied)
            for (name, is_tied), url in urls.items()
        }
        print(f"{'':12}{'tied':>6}{'rounds':>8}{'written':>9}{'person first':>14}{'faults':>8}{'ms a round':>12}")
        for (name, is_tied), future in races.items():
            written, before, faults, took = future.result()
            each = took / max(1, asked.rounds // 2) * 1000
            tied = "yes" if is_tied else "no"
            print(
                f"{name:12}{tied:>6}{asked.rounds // 2:>8}{written:>9}{before:>14}{len(faults):>8}{each:>12.0f}",
                flush=True,
            )
            problems += [f"{name}, {'tied' if is_tied else 'untied'}: {fault}" for fault in faults]
    for problem in problems[:20]:
        print(f"  {problem}")
    raise SystemExit(bool(problems))


def race(url: str, rounds: int, seed: int, *, is_tied: bool) -> tuple[int, int, list[str], float]:
    """Race on one empty database; return how often it was written, how often the person came first, and the faults."""
    course, begun = Course(url, is_tied=is_tied), time.perf_counter()
    written = before = 0
    faults: list[str] = []
    for one in chosen(rounds, _STEPS, seed):
        ended = course.run(one)
        written += ended.is_written
        before += ended.was_there_before
        faults += [f"{one}: {fault}" for fault in ended.faults]
    return written, before, faults, time.perf_counter() - begun


@contextmanager
def _databases() -> Iterator[dict[tuple[str, bool], str]]:
    """Make two empty databases of each kind; a server that is not installed is left out, and that is said."""
    folder = servers.make_folder()
    urls: dict[tuple[str, bool], str] = {}
    with tempfile.TemporaryDirectory() as home:
        try:
            for is_tied in (True, False):
                path = Path(home, f"case_{is_tied}.db")
                path.touch()
                urls["SQLite", is_tied] = f"sqlite:///{path}"
                for name, find in _SERVERS.items():
                    try:
                        server = find(folder)
                    except servers.ServerUnavailableError as error:
                        print(f"{name} is left out: {error}")
                        continue
                    urls[name, is_tied] = servers.create_database(server, f"race_{secrets.token_hex(6)}")
            yield urls
        finally:
            servers.stop_all(folder)


if __name__ == "__main__":
    main()
