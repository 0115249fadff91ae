"""Hold checks of what changed against comparisons of everything, over random changes on both sides and on the desk.

    python -m benchmarks.bench_incremental [--checks 2000] [--seed 1] [--on memory sqlite postgres] [--firms 1000]

Two invoices live through edits, moves, renumberings, journals, days, decisions, writes, crashes and undos in any order.
After each check a program that remembers nothing compares everything: proposals by fingerprint, rows, flags and counts
must be the same. It prints how many checks were held against one, and fails where any differs. Each of the `--firms`
has four invoices, with refunds, doubts, voided ones and questions about accounts: what is added up over it is held too.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from typing_extensions import override

from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.services.ports.store import Store
from tests.services.checking.test_firm_in_parts import LIVES, compare_part_by_part
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
    parser.add_argument("--firms", type=int, default=1_000)
    asked = parser.parse_args()
    begun = time.process_time()
    compare_firms(asked.firms, asked.seed)
    print(f"{asked.firms:,} firms, each as a comparison of everything; {time.process_time() - begun:.0f} s CPU")
    for kind in asked.on:
        begun = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            held = live(_stores(kind, Path(folder)), asked.checks, asked.seed)
        print(f"{kind}: {held:,} checks, each as a comparison of everything; {time.process_time() - begun:.0f} s CPU")


def compare_firms(firms: int, first_seed: int) -> None:
    """Compare so many firms part by part; raises AssertionError with the steps of the one that differs."""
    rules = settings(
        max_examples=firms,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    seed(first_seed)(rules(given(LIVES)(compare_part_by_part)))()


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
    """Return what makes an empty store for each life: laid out once, since that takes longer than to live."""
    if kind == "memory":
        return MemoryStore
    empty = _url(kind, folder, "empty")
    laid_out = SqlStore(empty)
    laid_out.migrate(_BEGUN)
    laid_out.close()
    opened: list[SqlStore] = []

    def new_store() -> Store:
        if opened:
            opened[-1].close()
        opened.append(SqlStore(_url(kind, folder, str(len(opened)), like=empty)))
        return opened[-1]

    return new_store


def _url(kind: str, folder: Path, name: str, like: str = "") -> str:
    """Return a new file, or a new database on the server that CMXERO_TEST_POSTGRES names, empty or `like` another."""
    if kind == "sqlite":
        file = folder / f"store-{name}.db"
        if like:
            shutil.copy(sa.make_url(like).database or "", file)
        return f"sqlite:///{file}"
    server = sa.make_url(os.environ["CMXERO_TEST_POSTGRES"])
    database = f"incremental_{os.getpid()}_{name}"
    template = f" TEMPLATE {sa.make_url(like).database}" if like else ""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {database}{template}")
    engine.dispose()
    return server.set(database=database).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
