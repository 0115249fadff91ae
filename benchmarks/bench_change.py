"""Measure what one change costs as a firm grows: an idle check, one after a payment, an approval applied, and the view.

    python -m benchmarks.bench_change [--sizes 5000 50000]

Each figure is processor time of this process, with the power of the firm's size by which it grows. The peer of a check
is the bare scan of Case Manager's rows, each hashed, which is what can be known of a database that tells of no changes.
"""

import argparse
import gc
import hashlib
import math
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from benchmarks.sandboxed import Firm, Wired, change, sandbox, wired
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.services.checking.polling import Polling, PollingDesk
from cmxero_desktop.services.deciding.deciding import Deciding
from cmxero_desktop.services.ports.outside import Left
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.kept_view import ViewReading, read_desk
from cmxero_desktop.services.writing.applying import Applying

Figures = dict[str, float]

_BY = "benchmark"
_ROOM_CENTS = 10_000


def main() -> None:
    """Measure each size in turn and print the figures with their growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 50_000])
    sizes: Sequence[int] = parser.parse_args().sizes
    # As in the window, the collector comes between what is measured.
    gc.disable()
    found = [measure(size) for size in sizes]
    print(f"{'CPU seconds':<28}" + "".join(f"{size:>12,}" for size in sizes) + f"{'exponent':>10}")
    for name in found[0]:
        values = [figures[name] for figures in found]
        print(f"{name:<28}" + "".join(f"{value:>12.3f}" for value in values) + f"{exponent(sizes, values):>10}")


def exponent(sizes: Sequence[int], values: Sequence[float]) -> str:
    """Return the power of the size by which a figure grows, between the first and the last."""
    if len(sizes) == 1 or not min(values):
        return ""
    return f"{math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0]):.2f}"


def measure(payments: int) -> Figures:
    """Measure one firm."""
    with tempfile.TemporaryDirectory() as name, sandbox(Path(name), payments) as firm:
        folder = Path(name)
        with wired(folder, firm) as desk:
            settings = desk.outside.settings_file
            settings.save(replace(settings.load(), mode=Mode.APPROVE))
            return {**checks(desk, firm), **store_size(folder, desk), "bare scan": scan(firm)}


def checks(desk: Wired, firm: Firm) -> Figures:
    """Make the checks one after the other, and approve and apply one addition."""
    # As in the window, what is shown is there while the next one is read.
    views: list[DeskView] = []
    found: Figures = {"first load": cpu(lambda: poll(desk))}
    found["the check after it"] = cpu(lambda: poll(desk))
    poll(desk)
    found["idle check"] = cpu(lambda: poll(desk))
    row = approved(desk, firm, "17.03", found)
    found["apply one"] = cpu(lambda: write(desk, row))
    found["check after the write"] = cpu(lambda: poll(desk))
    found["idle check again"] = cpu(lambda: poll(desk))
    other = approved(desk, firm, "18.01", {})
    again = next_program(desk)
    found["the next program applies one"] = cpu(lambda: write(again, other))
    again = next_program(desk)
    change(firm, "pay", invoice_number=other.proposal.invoice_number, amount="19.01", paid_on=firm["today"])
    found["the next program's check"] = cpu(lambda: poll(again))
    desk = again
    viewing = ViewReading(desk.store)
    found["view, the first"] = cpu(lambda: views.append(viewing.read()))
    change(firm, "pay", invoice_number=other.proposal.invoice_number, amount="18.07", paid_on=firm["today"])
    poll(desk)
    found["view, after one payment"] = cpu(lambda: views.append(viewing.read()))
    waiting = next(row for row in views[-1].review if row.stored.state is ProposalState.PROPOSED)
    Deciding(desk.outside).reject([waiting.row_id], by=_BY, reason=_BY)
    found["view, after one decision"] = cpu(lambda: views.append(viewing.read()))
    assert views[-1] == read_desk(desk.store)
    return found


def approved(desk: Wired, firm: Firm, amount: str, found: Figures) -> StoredProposal:
    """Pay an invoice, check, and approve the addition; some would overpay one that Case Manager holds otherwise."""
    for invoice in open_invoices(desk):
        paid = change(firm, "pay", invoice_number=invoice.number, amount=amount, paid_on=firm["today"])
        found["check after one payment"] = cpu(lambda: poll(desk))
        with desk.store.read() as unit:
            waiting = unit.proposals.of_invoices({invoice.number}, {ProposalState.PROPOSED})
        (row,) = (s for s in waiting if s.proposal.xero_payment_id == paid["payment_id"])
        before = time.process_time()
        report = Deciding(desk.outside).approve([row.proposal_id], by=_BY)
        found["approve one"] = time.process_time() - before
        if report.done:
            return row
    message = "No invoice of this firm takes a payment."
    raise AssertionError(message)


def open_invoices(desk: Wired) -> list[XeroInvoice]:
    """Return the invoices that have room for a payment."""
    with desk.store.read() as unit:
        return [
            i
            for i in unit.facts.invoices_of_tracked().values()
            if i.status == "AUTHORISED" and (i.total - i.amount_paid - i.amount_credited).minor > _ROOM_CENTS
        ]


def next_program(desk: Wired) -> Wired:
    """Return the same desk as another program opens it: what the last one only remembered is gone."""
    outside = replace(desk.outside, left=Left())
    here = PollingDesk(holder="benchmark", label="benchmark", zone=UTC)
    return replace(desk, outside=outside, polling=Polling(outside, desk=here, turn=nullcontext, tell=lambda _: None))


def write(desk: Wired, row: StoredProposal) -> None:
    """Write one approved row to Case Manager."""
    report = Applying(desk.outside).apply([row.proposal_id], _BY)
    assert report.applied, report


def poll(desk: Wired) -> None:
    """Check once, as the timetable does."""
    run = desk.polling.poll(PollAsk())
    assert run.outcome is PollOutcome.DONE, run.reason


def store_size(folder: Path, desk: Wired) -> Figures:
    """Return the bytes of our store for each payment."""
    with desk.store.read() as unit:
        payments = sum(len(some) for some in unit.facts.payments_of_tracked().values())
    with closing(sqlite3.connect(folder / "store.db")) as store:
        (pages,) = store.execute("PRAGMA page_count").fetchone()
        (size,) = store.execute("PRAGMA page_size").fetchone()
    return {"store, bytes a payment": pages * size / payments}


def scan(firm: Firm) -> float:
    """Read and hash every row of Case Manager with nothing around it."""
    path = firm["case_manager_url"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database:
        return cpu(
            lambda: [
                hashlib.blake2b(repr(row).encode(), digest_size=8).digest()
                for table in ("invoices", "payments")
                for row in database.execute(f"SELECT * FROM {table}")  # noqa: S608 - two names of our own
            ]
        )


def cpu(call: Callable[[], object]) -> float:
    """Return the processor seconds that a call takes."""
    gc.collect()
    begun = time.process_time()
    call()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
