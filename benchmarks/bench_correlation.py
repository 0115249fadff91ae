"""Measure correlation of a million payments on each side, beside the same exact matching in pandas and polars."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path

from benchmarks.correlation_inputs import Columns, read_columns, write_columns
from benchmarks.peak_memory import peak_mb
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, XeroInvoice, XeroPayment

_PAYMENTS = 1_000_000
_CHUNK = 2_000
_POLICY = Policy(currency="AUD")
_TODAY = date(2026, 11, 22)
_AS_OF = datetime(2026, 11, 22, tzinfo=UTC)
_FIRST_DAY = date(2026, 1, 1)
_NOTHING = Money.zero("AUD")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one tool found, how long the matching alone took, and the most memory that its process ever held.

    `cpu_s` is the processor time of all threads: what a busy machine does not change.
    """

    pairs: int
    elapsed_s: float
    cpu_s: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Matched:
    """The pairs that a tool found, with the wall and processor time of matching alone."""

    pairs: int
    elapsed_s: float
    cpu_s: float


class Stopwatch:
    """Adds up wall and processor time spent inside its `with` blocks."""

    def __init__(self) -> None:
        self.elapsed_s = self.cpu_s = 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.elapsed_s += time.perf_counter() - self._started[0]
        self.cpu_s += time.process_time() - self._started[1]

    def matched(self, pairs: int) -> Matched:
        """Return what was found in the time so far."""
        return Matched(pairs, self.elapsed_s, self.cpu_s)


def correlate_ours(columns: Columns) -> Matched:
    """Correlate invoice by invoice, as a poll does; making the records is not timed."""
    pairs, watch = 0, Stopwatch()
    snapshots = _snapshots(columns)
    while chunk := list(islice(snapshots, _CHUNK)):
        with watch:
            found = list(judge(chunk, _POLICY, _TODAY).correlations.values())
        pairs += sum(row.bucket is Bucket.MATCHED for result in found for row in result.placements)
    return watch.matched(pairs)


def _snapshots(columns: Columns) -> Iterator[InvoiceSnapshot]:
    places = range(len(columns.xero_invoice))
    for invoice, group in groupby(places, key=columns.xero_invoice.__getitem__):
        yield _snapshot(columns, invoice, list(group))


def _snapshot(columns: Columns, invoice: int, places: list[int]) -> InvoiceSnapshot:
    payments = tuple(_xero_payment(columns, invoice, place) for place in places)
    paid = total((payment.amount for payment in payments), "AUD")
    invoice_id = XeroInvoiceId(f"{invoice:032x}")
    owed = paid + paid
    return InvoiceSnapshot(
        number=f"CM-{invoice}",
        as_of=_AS_OF,
        xero_invoice_id=invoice_id,
        xero_invoice=XeroInvoice(
            invoice_id=invoice_id,
            number=f"CM-{invoice}",
            status="AUTHORISED",
            total=owed,
            amount_paid=paid,
            amount_credited=_NOTHING,
            updated_at=_AS_OF,
        ),
        case_invoice=CaseInvoice(
            invoice_id=CaseInvoiceId(invoice),
            number=str(invoice),
            total=owed,
            adjustments=_NOTHING,
            refunds=_NOTHING,
        ),
        xero_payments=payments,
        case_payments=tuple(_case_payment(columns, invoice, place) for place in places),
    )


def _xero_payment(columns: Columns, invoice: int, place: int) -> XeroPayment:
    return XeroPayment(
        payment_id=XeroPaymentId(f"{place:032x}"),
        invoice_id=XeroInvoiceId(f"{invoice:032x}"),
        invoice_number=f"CM-{invoice}",
        paid_on=_FIRST_DAY + timedelta(days=columns.xero_day[place]),
        amount=Money.from_minor(columns.xero_cents[place], "AUD"),
        updated_at=_AS_OF,
    )


def _case_payment(columns: Columns, invoice: int, place: int) -> CasePayment:
    return CasePayment(
        payment_id=CasePaymentId(place),
        invoice_id=CaseInvoiceId(invoice),
        paid_on=_FIRST_DAY + timedelta(days=columns.case_day[place]),
        amount=Money.from_minor(columns.case_cents[place], "AUD"),
        notes=f"Xero payment {place:032x}" if columns.case_is_linked[place] else "",
    )


def match_with_pandas(columns: Columns) -> Matched:
    """Join both sides, their equals numbered, on invoice, amount, date and number."""
    import pandas as pd  # noqa: PLC0415 - the other processes must not carry it in their memory

    keys = ["invoice", "cents", "day"]
    sides = [pd.DataFrame(dict(zip(keys, side, strict=True))) for side in _sides(columns)]
    watch = Stopwatch()
    with watch:
        xero, case = (side.assign(twin=side.groupby(keys).cumcount()) for side in sides)
        pairs = len(xero.merge(case, on=[*keys, "twin"]))
    return watch.matched(pairs)


def match_with_polars(columns: Columns) -> Matched:
    """Join both sides, their equals numbered, on invoice, amount, date and number."""
    import polars as pl  # noqa: PLC0415 - the other processes must not carry it in their memory

    keys = ["invoice", "cents", "day"]
    sides = [pl.DataFrame(dict(zip(keys, side, strict=True))) for side in _sides(columns)]
    watch = Stopwatch()
    with watch:
        xero, case = (side.with_columns(twin=pl.int_range(pl.len()).over(keys)) for side in sides)
        pairs = len(xero.join(case, on=[*keys, "twin"]))
    return watch.matched(pairs)


def _sides(columns: Columns) -> tuple[tuple[memoryview, ...], tuple[memoryview, ...]]:
    invoice = memoryview(columns.xero_invoice)
    return (
        (invoice, memoryview(columns.xero_cents), memoryview(columns.xero_day)),
        (invoice, memoryview(columns.case_cents), memoryview(columns.case_day)),
    )


_TOOLS: dict[str, Callable[[Columns], Matched]] = {
    "correlate": correlate_ours,
    "pandas": match_with_pandas,
    "polars": match_with_polars,
}


def measure(tool: str, folder: Path) -> Outcome:
    """Run one tool in this process."""
    matched = _TOOLS[tool](read_columns(folder))
    return Outcome(matched.pairs, matched.elapsed_s, matched.cpu_s, peak_mb())


def _measure_apart(tool: str, folder: Path) -> Outcome:
    command = [sys.executable, "-m", "benchmarks.bench_correlation", "--tool", tool, "--folder", str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return Outcome(**json.loads(answer.stdout))


def compare(payments: int) -> dict[str, Outcome]:
    """Measure every tool on the same payments; raise AssertionError where they do not find equally many pairs."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "benchmarks.bench_correlation", "--payments", str(payments), "--folder", name]
        subprocess.run(command, check=True)
        found = {tool: _measure_apart(tool, Path(name)) for tool in _TOOLS}
    assert len({outcome.pairs for outcome in found.values()}) == 1, found
    return found


def report(found: dict[str, Outcome], payments: int) -> str:
    """Write the table; ratios are to our own correlation."""
    ours = found["correlate"]
    head = f"{'':<10} {'pairs':>9} {'seconds':>8} {'CPU s':>7} {'payments/CPU s':>14}"
    head += f" {'peak MiB':>9} {'CPU':>7} {'memory':>7}"
    lines = [
        f"{tool:<10} {it.pairs:>9,} {it.elapsed_s:>8.2f} {it.cpu_s:>7.2f} {2 * payments / it.cpu_s:>14,.0f}"
        f" {it.peak_mib:>9,.0f} {it.cpu_s / ours.cpu_s:>6.2f}x {it.peak_mib / ours.peak_mib:>6.2f}x"
        for tool, it in found.items()
    ]
    return "\n".join([f"{payments:,} Xero payments against {payments:,} case payments", head, *lines])


def main() -> None:
    """Compare the tools, or do one part of it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=_PAYMENTS, help="payments on each side")
    parser.add_argument("--tool", choices=_TOOLS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.tool:
        print(json.dumps(asdict(measure(given.tool, given.folder))))
    elif given.folder:
        write_columns(given.folder, given.payments)
    else:
        print(report(compare(given.payments), given.payments))


if __name__ == "__main__":
    main()
