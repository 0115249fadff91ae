"""Count the requests and bytes of a first load, an idle check, checks after a change, and a full comparison.

    python -m benchmarks.bench_requests [--payments 50000]

The peer is a client as the shortest tutorial has it: every check reads all payments, a hundred a page as Xero gives
them unasked, unpacked, and it asks for nothing else. Each check's seconds are those of reading, storing and comparing.
"For changes" are the requests with If-Modified-Since; the others of a small check ask again for doubtful invoices.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import urllib3

from benchmarks.sandboxed import Firm, Wired, change, headers_of, sandbox, wired
from cmxero_desktop.adapters.xero.asking import Asker, WholeAnswer
from cmxero_desktop.adapters.xero.transport import Query, XeroTransport
from cmxero_desktop.domain.correlation.judging import FirstPasses, Judgement, judge_from
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.services.correlation import changing, firm
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from cmxero_desktop.services.records.settings import PollSettings, Tier

_PAGE = 100


@dataclass(slots=True)
class Counted:
    """What came over the wire, what it was unpacked, the lists asked for changes, and the invoices correlated."""

    wire: int = 0
    unpacked: int = 0
    for_changes: list[str] = field(default_factory=list)
    correlated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One check."""

    name: str
    requests: int
    wire: int
    unpacked: int
    fetched: int
    seconds: float
    for_changes: int = 0
    correlated: int = 0


def main() -> None:
    """Make the checks, one after the other, and print what each cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=50_000)
    with tempfile.TemporaryDirectory() as name, sandbox(Path(name), parser.parse_args().payments) as firm:
        folder = Path(name)
        with wired(folder, firm) as desk:
            costs = list(_checks(desk, firm))
        peer = _peer(folder, firm)
    assert peer.fetched == costs[-1].fetched, f"the peer read {peer.fetched} payments, we {costs[-1].fetched}"
    heads = f"{'check':<34}{'requests':>9}{'for changes':>13}{'kB sent to us':>15}{'kB unpacked':>13}{'rows':>9}"
    print(f"{heads}{'correlated':>12}{'seconds':>9}")
    for cost in (*costs, peer):
        kilobytes = f"{cost.wire / 1000:>15,.1f}{cost.unpacked / 1000:>13,.1f}"
        print(f"{cost.name:<34}{cost.requests:>9,}{cost.for_changes:>13}{kilobytes}{cost.fetched:>9,}", end="")
        print(f"{cost.correlated:>12,}{cost.seconds:>9.2f}")
    first, idle = costs[0], costs[1]
    print(f"peer to our first load: {peer.requests / first.requests:.1f} times the requests, ", end="")
    print(f"{peer.wire / first.wire:.1f} times the bytes")
    print(f"peer to our idle check: {peer.requests / idle.requests:,.0f} times the requests, ", end="")
    print(f"{peer.wire / idle.wire:,.0f} times the bytes")
    _print_day(idle.requests, peer.requests)


def _checks(desk: Wired, firm: Firm) -> list[Cost]:
    counted = _count()
    costs = [_cost("first load", desk, counted, PollAsk())]
    costs.append(_cost("idle check", desk, counted, PollAsk()))
    assert sorted(counted.for_changes) == ["/Invoices", "/Payments"], counted.for_changes
    costs.append(_cost("idle check, a second one", desk, counted, PollAsk()))
    assert sorted(counted.for_changes) == ["/Invoices", "/Payments"], counted.for_changes
    assert counted.correlated == 0, "an idle check correlates what has not changed"
    number = _open_invoice(desk)
    paid = change(firm, "pay", invoice_number=number, amount="1.00", paid_on=firm["today"])
    payment_id = paid["payment_id"]
    costs.append(_cost("after one payment", desk, counted, PollAsk(), lambda: _has(desk, payment_id, is_live=True)))
    change(firm, "delete-payment", payment_id=payment_id)
    costs.append(_cost("after its deletion", desk, counted, PollAsk(), lambda: _has(desk, payment_id, is_live=False)))
    costs.append(_cost("everything compared, nothing new", desk, counted, PollAsk(is_full=True)))
    return costs


def _cost(name: str, desk: Wired, counted: Counted, ask: PollAsk, proof: Callable[[], bool] | None = None) -> Cost:
    counted.wire = counted.unpacked = counted.correlated = 0
    counted.for_changes.clear()
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
        for_changes=len(counted.for_changes),
        correlated=counted.correlated,
    )


def _count() -> Counted:
    counted, data_of = Counted(), Asker._data_of  # noqa: SLF001 - the only place where both sizes are known
    call, judging = XeroTransport._call, judge_from  # noqa: SLF001 - as above

    def counting(self: Asker, response: urllib3.BaseHTTPResponse) -> bytes:
        data = data_of(self, response)
        counted.wire += response.tell() if isinstance(response, urllib3.HTTPResponse) else 0
        counted.unpacked += len(data)
        return data

    def calling(self: XeroTransport, path: str, query: Query, headers: dict[str, str]) -> WholeAnswer:
        counted.for_changes += [path] if "If-Modified-Since" in headers else []
        return call(self, path, query, headers)

    def judging_all(first: FirstPasses, *rest: Any, **more: Any) -> Judgement:
        counted.correlated += len(first.invoices)
        return judging(first, *rest, **more)

    Asker._data_of = counting  # type: ignore[method-assign]  # noqa: SLF001 - as above
    XeroTransport._call = calling  # type: ignore[method-assign]  # noqa: SLF001 - as above
    firm.judge_from = changing.judge_from = judging_all  # type: ignore[attr-defined]
    return counted


def _open_invoice(desk: Wired) -> str:
    with desk.store.read() as unit:
        return next(i.number for i in unit.facts.invoices_of_tracked().values() if _is_open(i))


def _is_open(invoice: XeroInvoice) -> bool:
    return invoice.status == "AUTHORISED" and (invoice.total - invoice.amount_paid - invoice.amount_credited).minor > 1


def _has(desk: Wired, payment_id: str, *, is_live: bool) -> bool:
    with desk.store.read() as unit:
        stored = [p for payments in unit.facts.payments_of_tracked().values() for p in payments]
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
        rows += sum(row["PaymentType"] == "ACCRECPAYMENT" for row in found)
        if len(found) < _PAGE:
            seconds = time.perf_counter() - begun
            name = "the peer, at each check"
            return Cost(name=name, requests=requests, wire=wire, unpacked=wire, fetched=rows, seconds=seconds)


def _print_day(idle: int, peer: int) -> None:
    """Print what an office day of ten hours costs, and whether Xero's days allow it."""
    checks = timedelta(hours=10) // timedelta(minutes=PollSettings().interval_min)
    for name, each in (("ours", idle), ("the peer", peer)):
        day = checks * each
        shares = " and ".join(
            f"{day / tier.calls_a_day:.1%} of the {tier.calls_a_day:,} of {tier.capitalize()}"
            for tier in (Tier.STARTER, Tier.CORE)
        )
        print(f"{checks} checks of an office day, {name}: {day:,} requests, {shares}")


if __name__ == "__main__":
    main()
