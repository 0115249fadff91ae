"""Hold checks of what changed against comparisons of everything, over random changes on both sides and on the desk.

    python -m benchmarks.bench_incremental [--checks 2000] [--seed 1] [--on memory sqlite postgres]

Two invoices live through edits, moves, renumberings, journals, days, decisions, writes, crashes and undos in any order.
After each check a program that remembers nothing compares everything: proposals by fingerprint, rows, flags and counts
must be the same. It prints how many checks were held against one, and fails where any differs.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from typing_extensions import override

from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.services.ports.store import Store
from tests.services.fake_store import MemoryStore
from tests.services.test_any_order import AnyOrder

_STEPS = 40
_BEGUN = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> None:
    """Let firms live until enough checks were held against a comparison of everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", nargs="+", choices=("memory", "sqlite", "postgres"), default=["memory", "sqlite"])
    asked = parser.parse_args()
    for kind in asked.on:
        begun = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            held = live(_stores(kind, Path(folder)), asked.checks, asked.seed)
        print(f"{kind}: {held:,} checks, each as a comparison of everything; {time.process_time() - begun:.0f} s CPU")


def live(new_store: Callable[[], Store], checks: int, first_seed: int) -> int:
    """Run one life after the other; raises AssertionError with the steps of the one that differs."""
    held, lived = 0, 0

    class Counted(AnyOrder):
        @staticmethod
        @override
        def new_store() -> Store:
            return new_store()

        @override
        def _everything_has_its_place(self) -> None:
            nonlocal held
            held += 1
            super()._everything_has_its_place()

    slow = list(HealthCheck)
    while held < checks:
        rules = settings(
            max_examples=5,
            stateful_step_count=_STEPS,
            deadline=None,
            suppress_health_check=slow,
            phases=[Phase.generate],
            # The first one that differs is told at once, not after a thousand more lives.
            report_multiple_bugs=False,
            database=None,
        )
        # Lives in which nobody checked are not lived again.
        run_state_machine_as_test(seed(first_seed + lived)(Counted), settings=rules)
        lived += 1
    return held


def _stores(kind: str, folder: Path) -> Callable[[], Store]:
    if kind == "memory":
        return MemoryStore
    opened: list[SqlStore] = []

    def new_store() -> Store:
        if opened:
            opened[-1].close()
        store = SqlStore(_url(kind, folder, len(opened)))
        store.migrate(_BEGUN)
        opened.append(store)
        return store

    return new_store


def _url(kind: str, folder: Path, number: int) -> str:
    """Return an empty file, or an empty database on the server that CMXERO_TEST_POSTGRES names."""
    if kind == "sqlite":
        return f"sqlite:///{folder / f'store-{number}.db'}"
    server = sa.make_url(os.environ["CMXERO_TEST_POSTGRES"])
    name = f"incremental_{os.getpid()}_{number}"
    with sa.create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return server.set(database=name).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
