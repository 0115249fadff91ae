"""Measure what our client costs above raw urllib3 and msgspec on the same pages of payments.

    python -m benchmarks.bench_client_overhead [--payments 50000] [--runs 5]

The sandbox's pages are recorded first and then served by a process that only sends bytes, so that its work is not
timed. Ours checks every row and makes records of it; the peers decode the same bytes, one into typed structs with
msgspec, one into dicts with json, and add the amounts up. CPU seconds are those of this process.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import urllib3

from benchmarks.sandboxed import headers_of, sandbox
from cmxero_desktop.adapters.xero.reader import PAGE_SIZE, XeroApiReader
from cmxero_desktop.adapters.xero.urls import xero_urls

# Answers every request for a page with the recorded bytes, and whatever else is asked with the first file.
SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
folder = Path(sys.argv[1])
files = {path.name: path.read_bytes() for path in folder.iterdir()}
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    def do_GET(self):
        parts = urlsplit(self.path)
        page = parse_qs(parts.query).get("page", ["1"])[0]
        body = files["organisation" if parts.path.endswith("Organisation") else page]
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
Sums = tuple[int, Decimal]


class _Row(msgspec.Struct):
    payment_id: str = msgspec.field(name="PaymentID")
    amount: Decimal = msgspec.field(name="Amount")
    kind: str = msgspec.field(name="PaymentType")
    status: str = msgspec.field(name="Status")
    date: str = msgspec.field(name="Date")
    updated: str = msgspec.field(name="UpdatedDateUTC")


class _Page(msgspec.Struct):
    rows: list[_Row] = msgspec.field(name="Payments")


def main() -> None:
    """Record, serve, and read in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "pages"
        folder.mkdir()
        query, pages, tenant_id = _record(Path(name), folder, asked.payments)
        command = [sys.executable, "-c", SERVER, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            root = f"http://127.0.0.1:{int(server.stdout.readline())}"
            readers: dict[str, Callable[[], Sums]] = {
                "ours": lambda: _ours(root, tenant_id),
                "raw urllib3 + msgspec": lambda: _raw(root, query, pages, _with_msgspec),
                "raw urllib3 + json": lambda: _raw(root, query, pages, _with_json),
            }
            try:
                _compare(readers, asked.runs)
            finally:
                server.terminate()


def _record(home: Path, folder: Path, payments: int) -> tuple[str, int, str]:
    """Write the sandbox's packed pages as they come over the wire; return the query, how many, and the tenant."""
    with sandbox(home, payments) as firm:
        headers = headers_of(home, firm) | {"Accept-Encoding": "gzip"}
        pool, number = urllib3.PoolManager(), 0
        query = f"where=PaymentType%3D%3D%22ACCRECPAYMENT%22&order=UpdatedDateUTC%20ASC&pageSize={PAGE_SIZE}"
        root = f"{firm['api_url']}/api.xro/2.0"
        answer = pool.request("GET", f"{root}/Organisation", headers=headers, preload_content=False)
        (folder / "organisation").write_bytes(answer.read(decode_content=False))
        while True:
            number += 1
            url = f"{root}/Payments?{query}&page={number}"
            page = pool.request("GET", url, headers=headers, preload_content=False).read(decode_content=False)
            (folder / str(number)).write_bytes(page)
            rows = len(pool.request("GET", url, headers=headers).json()["Payments"])
            if rows < PAGE_SIZE:
                return query, number, firm["tenant_id"]


class _Tokens:
    renewed_at = None

    def access_token(self) -> str:
        return "benchmark"

    def renew(self, rejected: str) -> str:
        return rejected


def _ours(root: str, tenant_id: str) -> Sums:
    reader = XeroApiReader(_Tokens(), xero_urls(root, root), tenant_id)
    rows, amounts = 0, Decimal(0)
    for page in reader.changed_payments(None):
        # A row that ours refuses to trust, as the invented firm has one, is read by the peers all the same.
        doubted = [row.amount.amount for row in page.unreadable if row.amount is not None]
        rows += len(page.payments) + len(page.unreadable)
        amounts += sum((payment.amount.amount for payment in page.payments), Decimal(0)) + sum(doubted)
    return rows, amounts


def _raw(root: str, query: str, pages: int, decode: Callable[[bytes], Sums]) -> Sums:
    pool, rows, amounts = urllib3.PoolManager(), 0, Decimal(0)
    for number in range(1, pages + 1):
        url = f"{root}/api.xro/2.0/Payments?{query}&page={number}"
        found, total = decode(pool.request("GET", url, headers={"Accept-Encoding": "gzip"}).data)
        rows += found
        amounts += total
    return rows, amounts


def _with_msgspec(body: bytes) -> Sums:
    rows = msgspec.json.decode(body, type=_Page).rows
    return len(rows), sum((row.amount for row in rows), Decimal(0))


def _with_json(body: bytes) -> Sums:
    rows = json.loads(body, parse_float=Decimal)["Payments"]
    return len(rows), sum((Decimal(row["Amount"]) for row in rows), Decimal(0))


def _compare(readers: dict[str, Callable[[], Sums]], runs: int) -> None:
    walls: dict[str, list[float]] = {name: [] for name in readers}
    cpus: dict[str, list[float]] = {name: [] for name in readers}
    found = set[Sums]()
    for _ in range(runs):
        for name, read in readers.items():
            wall, cpu = time.perf_counter(), time.process_time()
            found.add(read())
            walls[name].append(time.perf_counter() - wall)
            cpus[name].append(time.process_time() - cpu)
    assert len(found) == 1, f"they do not read the same: {found}"
    [(rows, amounts)] = found
    print(f"{rows:,} payments, {amounts:,.2f} in all, the same for each; median of {runs} runs")
    wall_peer, cpu_peer = (statistics.median(each["raw urllib3 + msgspec"]) for each in (walls, cpus))
    for name in readers:
        wall, cpu = statistics.median(walls[name]), statistics.median(cpus[name])
        ratios = f"{cpu / cpu_peer:6.2f} times the CPU, {wall / wall_peer:6.2f} times the wall of urllib3 + msgspec"
        print(f"  {name:<24}{cpu:7.2f} s CPU {wall:7.2f} s wall {ratios}, {cpu / rows * 1e6:6.1f} us a payment")


if __name__ == "__main__":
    main()
