"""Count the requests and bytes of a first load, an idle check, checks after a change, and a full comparison.

    python -m benchmarks.bench_requests [--payments 50000]

The peer is a client as the shortest tutorial has it: every check reads all payments, a hundred a page as Xero gives
them unasked, unpacked, and it asks for nothing else. Each check's seconds are those of reading, storing and comparing.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import urllib3

from benchmarks.sandboxed import Firm, Wired, change, headers_of, sandbox, wired
from cmxero_desktop.adapters.xero.transport import XeroTransport
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.services.runs import PollAsk, PollOutcome
from cmxero_desktop.services.settings import PollSettings, Tier

_PAGE = 100


@dataclass(slots=True)
class Bytes:
    """What came over the wire, and what it was unpacked."""

    wire: int = 0
    unpacked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One check."""

    name: str
    requests: int
    wire: int
    unpacked: int
    fetched: int
    seconds: float


def main() -> None:
    """Make the checks, one after the other, and print what each cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=50_000)
    with tempfile.TemporaryDirectory() as name, sandbox(Path(name), parser.parse_args().payments) as firm:
        folder = Path(name)
        with wired(folder, firm) as desk:
            costs = list(_checks(desk, firm))
        peer = _peer(folder, firm)
    print(f"{'check':<34}{'requests':>9}{'kB sent to us':>15}{'kB unpacked':>13}{'rows':>9}{'seconds':>9}")
    for cost in (*costs, peer):
        kilobytes = f"{cost.wire / 1000:>15,.1f}{cost.unpacked / 1000:>13,.1f}"
        print(f"{cost.name:<34}{cost.requests:>9,}{kilobytes}{cost.fetched:>9,}{cost.seconds:>9.2f}")
    first, idle = costs[0], costs[1]
    print(f"peer to our first load: {peer.requests / first.requests:.1f} times the requests, ", end="")
    print(f"{peer.wire / first.wire:.1f} times the bytes")
    print(f"peer to our idle check: {peer.requests / idle.requests:,.0f} times the requests, ", end="")
    print(f"{peer.wire / idle.wire:,.0f} times the bytes")
    _print_day(idle.requests, peer.requests)


def _checks(desk: Wired, firm: Firm) -> list[Cost]:
    counted = _count_bytes()
    costs = [_cost("first load", desk, counted, PollAsk())]
    costs.append(_cost("idle check", desk, counted, PollAsk()))
    costs.append(_cost("idle check, a second one", desk, counted, PollAsk()))
    number = _open_invoice(desk)
    paid = change(firm, "pay", invoice_number=number, amount="1.00", paid_on=firm["today"])
    payment_id = paid["payment_id"]
    costs.append(_cost("after one payment", desk, counted, PollAsk(), lambda: _has(desk, payment_id, is_live=True)))
    change(firm, "delete-payment", payment_id=payment_id)
    costs.append(_cost("after its deletion", desk, counted, PollAsk(), lambda: _has(desk, payment_id, is_live=False)))
    costs.append(_cost("everything compared, nothing new", desk, counted, PollAsk(is_full=True)))
    return costs


def _cost(name: str, desk: Wired, counted: Bytes, ask: PollAsk, proof: Callable[[], bool] | None = None) -> Cost:
    counted.wire = counted.unpacked = 0
    begun = time.perf_counter()
    run = desk.polling.poll(ask)
    seconds = time.perf_counter() - begun
    assert run.outcome is PollOutcome.DONE, run.reason
    assert proof is None or proof(), f"{name}: the store does not hold the change"
    return Cost(
        name=name,
        requests=run.requests,
        wire=counted.wire,
        unpacked=counted.unpacked,
        fetched=run.fetched,
        seconds=seconds,
    )


def _count_bytes() -> Bytes:
    counted, reply_of = Bytes(), XeroTransport._reply_of  # noqa: SLF001 - the only place where both sizes are known

    def counting(self: XeroTransport, response: urllib3.BaseHTTPResponse) -> object:
        reply = reply_of(self, response)
        counted.wire += response.tell() if isinstance(response, urllib3.HTTPResponse) else 0
        counted.unpacked += len(reply.body)
        return reply

    XeroTransport._reply_of = counting  # type: ignore[method-assign,assignment]  # noqa: SLF001 - as above
    return counted


def _open_invoice(desk: Wired) -> str:
    with desk.store.read() as unit:
        return next(i.number for i in unit.invoices_of_tracked().values() if _is_open(i))


def _is_open(invoice: XeroInvoice) -> bool:
    return invoice.status == "AUTHORISED" and (invoice.total - invoice.amount_paid - invoice.amount_credited).minor > 1


def _has(desk: Wired, payment_id: str, *, is_live: bool) -> bool:
    with desk.store.read() as unit:
        stored = [p for payments in unit.payments_of_tracked().values() for p in payments]
    return any(p.payment_id == payment_id and p.is_live is is_live for p in stored)


def _peer(folder: Path, firm: Firm) -> Cost:
    headers, pool = headers_of(folder / "peer", firm), urllib3.PoolManager()
    requests = wire = rows = 0
    begun = time.perf_counter()
    while True:
        requests += 1
        url = f"{firm['api_url']}/api.xro/2.0/Payments?page={requests}"
        answer = pool.request("GET", url, headers=headers)
        found = answer.json()["Payments"]
        wire += len(answer.data)
        rows += len(found)
        if len(found) < _PAGE:
            seconds = time.perf_counter() - begun
            name = "the peer, at each check"
            return Cost(name=name, requests=requests, wire=wire, unpacked=wire, fetched=rows, seconds=seconds)


def _print_day(idle: int, peer: int) -> None:
    """Print what an office day of ten hours costs, and whether Xero's smallest day allows it."""
    checks = timedelta(hours=10) // timedelta(minutes=PollSettings().interval_min)
    for name, each in (("ours", idle), ("the peer", peer)):
        day = checks * each
        print(f"{checks} checks of an office day, {name}: {day:,} requests, ", end="")
        print(f"{day / Tier.STARTER.calls_a_day:.0%} of the smallest tier's day")


if __name__ == "__main__":
    main()
