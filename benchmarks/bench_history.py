"""Measure what the kept versions of payments cost: bytes on the disk, and the time that storing them takes.

    python -m benchmarks.bench_history [--payments 20000]

Every payment has one row in Xero and one in Case Manager, of two versions each, and the pair is remembered: it is
entered and typed by hand, then reconciled with the bank and linked.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import NAMESPACE_OID, uuid5

from cmxero_desktop.adapters.store.journal import Journal
from cmxero_desktop.adapters.store.store import FILE_NAME, SqlStore, open_store
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import PairedHow, RememberedPair
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, Correlation, MatchedHow, Placement
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.results import InvoiceResult

_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_DAY = date(2026, 11, 1)


def main() -> None:
    """Store everything twice, with and without what it replaces, and print the difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=20_000)
    count = parser.parse_args().payments
    with tempfile.TemporaryDirectory() as folder:
        kept_s, kept_bytes = stored(Path(folder) / "kept", count)
        with patch.object(Journal, "keep"), patch.object(Journal, "close"):
            bare_s, bare_bytes = stored(Path(folder) / "bare", count)
    print(f"{count:,} payments, two versions on each side")
    print(f"  kept besides: {(kept_bytes - bare_bytes) / count:,.0f} bytes a payment of {kept_bytes / count:,.0f}")
    for name, kept, bare in zip(("first", "second"), kept_s, bare_s, strict=True):
        print(f"  storing the {name} version: {kept:.2f} s CPU, {kept / bare:.2f} times what it takes without")


def stored(home: Path, count: int) -> tuple[list[float], int]:
    """Store all payments in both versions; return the CPU seconds of each and the size of the file."""
    store = open_store(home, "")
    store.migrate(_NOON)
    took = []
    for version in (_first, _second):
        results = [version(number) for number in range(count)]
        begun = time.process_time()
        _save(store, results)
        took.append(time.process_time() - begun)
    with store.read() as unit:
        assert len(unit.results.latest()) == count
    store.close()
    file = home / FILE_NAME
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM")
    size = file.stat().st_size
    return took, size


def _save(store: SqlStore, results: list[InvoiceResult]) -> None:
    with store.begin() as unit:
        unit.facts.save_payments(p for result in results for p in result.snapshot.xero_payments)
        unit.results.save(results, replace_all=True)
        unit.memory.keep(pair for result in results for pair in _pairs(result))
        unit.commit()


def _pairs(result: InvoiceResult) -> Iterator[RememberedPair]:
    for xero, case in zip(result.snapshot.xero_payments, result.snapshot.case_payments, strict=True):
        yield RememberedPair(
            xero_id=xero.payment_id,
            case_id=case.payment_id,
            invoice_number=result.snapshot.number.removeprefix("CM-"),
            amount=case.amount,
            paid_on=case.paid_on,
            how=PairedHow.NAMED if case.notes else PairedHow.EQUAL,
            since=_NOON,
        )


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))


def _first(number: int) -> InvoiceResult:
    amount = Money.from_minor(10_000 + number, "AUD")
    xero = XeroPayment(
        payment_id=XeroPaymentId(_id(f"payment {number}")),
        invoice_id=XeroInvoiceId(_id(f"invoice {number}")),
        invoice_number=f"CM-{10_000 + number}",
        paid_on=_DAY,
        amount=amount,
        updated_at=_NOON,
        reference=f"EFT {number}",
        contact_name="Hartley & Sons Pty Ltd",
        account_id=_id("account"),
        account_code="090",
    )
    case = CasePayment(
        payment_id=CasePaymentId(number),
        invoice_id=CaseInvoiceId(number),
        paid_on=_DAY,
        amount=amount,
        payment_type="EFT",
        reference=f"EFT {number}",
    )
    return _result(xero, case, Rule.R8, MatchedHow.EXACT)


def _second(number: int) -> InvoiceResult:
    first = _first(number).snapshot
    xero = replace(first.xero_payments[0], updated_at=_NOON + timedelta(days=1), is_bank_reconciled=True)
    case = replace(first.case_payments[0], notes=f"Xero payment {xero.payment_id}")
    return _result(xero, case, Rule.R7, MatchedHow.LINKED)


def _result(xero: XeroPayment, case: CasePayment, rule: Rule, how: MatchedHow) -> InvoiceResult:
    zero = Money.zero("AUD")
    invoice = CaseInvoice(
        invoice_id=case.invoice_id,
        number=xero.invoice_number.removeprefix("CM-"),
        total=xero.amount,
        adjustments=zero,
        refunds=zero,
        bill_to="Hartley & Sons Pty Ltd",
    )
    snapshot = InvoiceSnapshot(
        number=xero.invoice_number,
        as_of=_NOON,
        xero_invoice_id=xero.invoice_id,
        xero_invoice=None,
        case_invoice=invoice,
        xero_payments=(xero,),
        case_payments=(case,),
    )
    placement = Placement(
        bucket=Bucket.MATCHED,
        invoice_number=xero.invoice_number,
        rule=rule,
        explanation="Equal in amount and date.",
        xero=xero,
        case=case,
        matched_how=how,
    )
    return InvoiceResult(snapshot=snapshot, correlation=Correlation((placement,)))


if __name__ == "__main__":
    main()
