"""Measure how long one invoice stays locked in Case Manager while N, 2N and 4N of its additions are applied at once.

    python -m benchmarks.bench_lock [--additions 150]

On SQLite, and on PostgreSQL and MariaDB where they are installed. What is timed lasts from the locked reading to the
commit, with the store on a disk. The power of N is that of the last step.
"""

import argparse
import math
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite
from tests.race.racing import Course
from tests.services.desk import NOV_1, Desk
from tests.services.fake_case_manager import FakeCaseManager
from tests.support import servers

_STEPS = (1, 2, 4)
_SERVERS = {"PostgreSQL": servers.postgres, "MariaDB": servers.mariadb}
_Sides = Mapping[CaseInvoiceId, CaseInvoiceSide | None]


def main() -> None:
    """Measure on each database that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--additions", type=int, default=150)
    wanted = parser.parse_args().additions
    with _urls() as urls:
        for name, make in urls.items():
            seconds = [locked(make(), wanted * step) for step in _STEPS]
            power = math.log2(seconds[2] / seconds[1])
            print(f"{name:<12} {' '.join(f'{s:8.2f}' for s in seconds)} s   n^{power:.1f}", flush=True)


def locked(url: str, count: int) -> float:
    """Apply so many additions of one invoice, and return for how many seconds it was locked."""
    Course(url, is_tied=True)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        row = "INSERT INTO invoices VALUES (1, '100', 'Ms Ito', '', '2026-10-01', NULL, 9000000, 0, 0)"
        connection.execute(sa.text(row))
    with tempfile.TemporaryDirectory() as folder, closing(SqlStore(f"sqlite:///{folder}/desk.db")) as store:
        store.migrate(datetime.now(UTC))
        with closing(_Timed(url, load_mapping("reference"))) as database:
            database.check()
            desk = Desk(store)
            desk.case = cast("FakeCaseManager", database)  # the real one, by the same port
            desk.xero.bill("CM-100", "9000000.00")
            for cents in range(count):
                desk.xero.pay("CM-100", f"{100 + cents}.00", NOV_1)
            desk.poll()
            desk.approve_in_bulk()
            report = desk.apply()
            assert len(report.applied) == count, report
            return database.locked_s


class _Timed(CaseManagerDatabase):
    """Notes how long invoices stayed locked."""

    locked_s = 0.0

    def change_invoices(
        self,
        invoice_ids: Sequence[CaseInvoiceId],  # type: ignore[override]  # any collection will do
        currency: str,
        decide: Callable[[_Sides], Sequence[CaseWrite]],
        confirm: Callable[[], None] = lambda: None,
    ) -> Mapping[str, CasePaymentId]:
        begun = 0.0

        def timed(sides: _Sides) -> Sequence[CaseWrite]:
            nonlocal begun
            begun = time.perf_counter()
            return decide(sides)

        try:
            return super().change_invoices(invoice_ids, currency, timed, confirm)
        finally:
            self.locked_s += time.perf_counter() - begun if begun else 0.0


@contextmanager
def _urls() -> Iterator[dict[str, Callable[[], str]]]:
    folder = servers.make_folder()
    with tempfile.TemporaryDirectory() as home:
        try:
            urls: dict[str, Callable[[], str]] = {"SQLite": lambda: _empty_file(Path(home))}
            for name, find in _SERVERS.items():
                try:
                    server = find(folder)
                except servers.ServerUnavailableError as error:
                    print(f"{name} is left out: {error}")
                    continue
                urls[name] = lambda server=server: servers.create_database(server, f"lock_{secrets.token_hex(6)}")  # type: ignore[misc]
            yield urls
        finally:
            servers.stop_all(folder)


def _empty_file(home: Path) -> str:
    path = home / f"{secrets.token_hex(6)}.db"
    path.touch()
    return f"sqlite:///{path}"


if __name__ == "__main__":
    main()
