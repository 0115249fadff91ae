"""Measure a first poll of many payments from the sandbox: the shares of sending, decoding, storing and correlating.

    python -m benchmarks.bench_poll [--payments 200000]

The peer is the same pages fetched with bare urllib3 and decoded with json.loads, which neither stores nor correlates.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

from benchmarks.sandboxed import Firm, headers_of, sandbox, wired
from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.store.proposals import Proposals
from cmxero_desktop.adapters.store.results import Results
from cmxero_desktop.adapters.store.unit_of_work import Facts
from cmxero_desktop.adapters.xero import reader as reader_module
from cmxero_desktop.adapters.xero.transport import XeroTransport
from cmxero_desktop.services.correlation import firm as firm_module
from cmxero_desktop.services.records.runs import PollAsk


class Spans:
    """Adds up the time spent in named calls; a call inside another one counts for itself only."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inside: list[float] = []

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return `call`, timed under `name`."""

        def run(*words: object, **named: object) -> object:
            with self.span(name):
                return call(*words, **named)

        return run

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        self._inside.append(0.0)
        begun = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - begun
            own = took - self._inside.pop()
            self.seconds[name] = self.seconds.get(name, 0.0) + own
            if self._inside:
                self._inside[-1] += took


def main() -> None:
    """Run both and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=200_000)
    payments = parser.parse_args().payments
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder), payments) as firm:
        spans, fetched, took = poll(Path(folder), firm)
        peer_rows, peer_took = bare(Path(folder) / "bare", firm)
    print(f"first poll of {fetched:,} payments: {took:.1f} s, {fetched / took:,.0f} payments a second")
    for name, seconds in sorted(spans.seconds.items(), key=lambda item: -item[1]):
        print(f"  {name:<34}{seconds:8.2f} s {seconds / took:7.1%}")
    print(f"bare urllib3 + json.loads of {peer_rows:,} payments: {peer_took:.1f} s")
    print(f"ratio, whole poll to bare fetch per payment: {(took / fetched) / (peer_took / peer_rows):.2f}")


def poll(folder: Path, firm: Firm) -> tuple[Spans, int, float]:
    """Poll once with every layer timed."""
    spans = Spans()
    XeroTransport.get = spans.timed("sending and receiving", XeroTransport.get)  # type: ignore[method-assign]
    decode = reader_module.read_page  # type: ignore[attr-defined]
    reader_module.read_page = spans.timed("decoding", decode)  # type: ignore[attr-defined]
    judging = firm_module.judge  # type: ignore[attr-defined]
    firm_module.judge = spans.timed("judging", judging)  # type: ignore[attr-defined]
    CaseManagerDatabase.read = spans.timed("reading Case Manager", CaseManagerDatabase.read)  # type: ignore[method-assign]
    for part, names in {
        Facts: ("save_payments", "save_invoices", "track"),
        Results: ("save",),
        Proposals: ("add",),
    }.items():
        for name in names:
            setattr(part, name, spans.timed("storing", getattr(part, name)))
    for part, names in {Facts: ("payments_of_tracked", "invoices_of_tracked", "tracked"), Results: ("latest",)}.items():
        for name in names:
            setattr(part, name, spans.timed("reading our store", getattr(part, name)))
    with wired(folder, firm) as desk:
        begun = time.perf_counter()
        with spans.span("everything else"):
            run = desk.polling.poll(PollAsk())
        took = time.perf_counter() - begun
    assert not run.reason, run.reason
    return spans, run.fetched, took


def bare(folder: Path, firm: Firm) -> tuple[int, float]:
    """Fetch the same pages with nothing around them."""
    headers = headers_of(folder, firm) | {"Accept-Encoding": "gzip"}
    rows, page, begun = 0, 1, time.perf_counter()
    pool = urllib3.PoolManager()
    while True:
        url = f"{firm['api_url']}/api.xro/2.0/Payments?page={page}&pageSize=1000"
        found = json.loads(pool.request("GET", url, headers=headers).data)["Payments"]
        rows += len(found)
        if not found:
            return rows, time.perf_counter() - begun
        page += 1


if __name__ == "__main__":
    main()
