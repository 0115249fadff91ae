"""Measure correlation of one shape of money at a time, of n, 2n and 4n payments: what doubles should double the time.

    python -m benchmarks.bench_shapes [SHAPE ...] [--payments 250] [--profile]

Each line says how many seconds of processor time n, 2n and 4n took, and the power of n that the last step shows.
"""

import argparse
import cProfile
import math
import pstats
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import (
    CaseInvoice,
    CasePayment,
    InvoiceSnapshot,
    PaymentStatus,
    XeroInvoice,
    XeroPayment,
)

POLICY = Policy(currency="AUD")
TODAY = date(2026, 11, 22)
_AS_OF = datetime(2026, 11, 22, tzinfo=UTC)
_DAY = date(2026, 11, 1)
_GONE = PaymentStatus.DELETED
_WU: dict[str, Any] = {"contact_id": "wu", "contact_name": "Wu", "account_id": "bank"}
_NOTHING = Money.zero("AUD")
_STEPS = (1, 2, 4)

Snapshots = Sequence[InvoiceSnapshot]


def main() -> None:
    """Measure every shape that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", default=list(SHAPES), metavar="SHAPE", help=", ".join(SHAPES))
    parser.add_argument("--payments", type=int, default=250)
    parser.add_argument("--profile", action="store_true", help="show where the last step spends its time")
    asked = parser.parse_args()
    for name in asked.shapes:
        seconds = [_seconds(SHAPES[name](asked.payments * step)) for step in _STEPS]
        power = math.log2(max(seconds[2], 1e-4) / max(seconds[1], 1e-4))
        print(f"{name:<32} {seconds[0]:8.3f} {seconds[1]:8.3f} {seconds[2]:8.3f} s   n^{power:.1f}", flush=True)
        if asked.profile:
            _profile(SHAPES[name](asked.payments * _STEPS[-1]))


def _seconds(snapshots: Snapshots) -> float:
    began = time.process_time()
    judge(snapshots, POLICY, TODAY)
    return time.process_time() - began


def _profile(snapshots: Snapshots) -> None:
    with cProfile.Profile() as profile:
        judge(snapshots, POLICY, TODAY)
    pstats.Stats(profile).sort_stats("tottime").print_stats(12)


def _xero(key: int, invoice: int, cents: int, day: int = 0, **more: object) -> XeroPayment:
    values: dict[str, object] = {
        "payment_id": XeroPaymentId(f"{key:032x}"),
        "invoice_id": XeroInvoiceId(f"{invoice:032x}"),
        "invoice_number": f"CM-{invoice}",
        "paid_on": _DAY - timedelta(day),
        "amount": Money.from_minor(cents, "AUD"),
        "updated_at": _AS_OF,
    }
    return XeroPayment(**(values | more))  # type: ignore[arg-type]  # the fields of the record


def _case(key: int, invoice: int, cents: int, day: int = 0, **more: object) -> CasePayment:
    values: dict[str, object] = {
        "payment_id": CasePaymentId(key),
        "invoice_id": CaseInvoiceId(invoice),
        "paid_on": _DAY - timedelta(day),
        "amount": Money.from_minor(cents, "AUD"),
        "payment_type": "EFT",
    }
    return CasePayment(**(values | more))  # type: ignore[arg-type]  # as above


def _invoice(number: int, xero: Iterable[XeroPayment], case: Iterable[CasePayment]) -> InvoiceSnapshot:
    payments = tuple(xero)
    paid = total((p.amount for p in payments if p.is_live), "AUD")
    owed = Money(paid.amount * 2 + Decimal(1_000_000), "AUD")
    invoice_id = XeroInvoiceId(f"{number:032x}")
    return InvoiceSnapshot(
        number=f"CM-{number}",
        as_of=_AS_OF,
        xero_invoice_id=invoice_id,
        xero_invoice=XeroInvoice(
            invoice_id=invoice_id,
            number=f"CM-{number}",
            status="AUTHORISED",
            total=owed,
            amount_paid=paid,
            amount_credited=_NOTHING,
            updated_at=_AS_OF,
        ),
        case_invoice=CaseInvoice(
            invoice_id=CaseInvoiceId(number), number=str(number), total=owed, adjustments=_NOTHING, refunds=_NOTHING
        ),
        xero_payments=payments,
        case_payments=tuple(case),
    )


def _note(key: int) -> str:
    return f"Xero payment {key:032x}"


def _additions(n: int) -> Snapshots:
    return [_invoice(1, [_xero(k, 1, 10_000 + k, k % 300) for k in range(n)], [])]


def _equal_additions(n: int) -> Snapshots:
    return [_invoice(1, [_xero(k, 1, 10_000) for k in range(n)], [])]


def _links(n: int) -> Snapshots:
    return [_invoice(1, [_xero(k, 1, 10_000) for k in range(n)], [_case(k, 1, 10_000) for k in range(n)])]


def _close_doubles(n: int) -> Snapshots:
    xero = [_xero(k, 1, 10_000, k % 3) for k in range(n)]
    return [_invoice(1, xero, [_case(k, 1, 10_050, k % 3 + 1) for k in range(n)])]


def _changes(n: int) -> Snapshots:
    gone = [_xero(k, 1, 10_000 + k, status=_GONE) for k in range(n)]
    new = [_xero(n + k, 1, 20_000 + k) for k in range(n)]
    return [_invoice(1, [*gone, *new], [_case(k, 1, 10_000 + k, notes=_note(k)) for k in range(n)])]


def _removals(n: int) -> Snapshots:
    gone = [_xero(k, 1, 10_000 + k, status=_GONE) for k in range(n)]
    return [_invoice(1, gone, [_case(k, 1, 10_000 + k, notes=_note(k)) for k in range(n)])]


def _moves(n: int) -> Snapshots:
    here = [
        _invoice(2 * k, [_xero(k, 2 * k, 10_000, status=_GONE)], [_case(k, 2 * k, 10_000, notes=_note(k))])
        for k in range(n)
    ]
    return [*here, *(_invoice(2 * k + 1, [_xero(n + k, 2 * k + 1, 10_000)], []) for k in range(n))]


def _moves_of_one_invoice(n: int) -> Snapshots:
    gone = [_xero(k, 1, 10_000 + k, status=_GONE) for k in range(n)]
    here = _invoice(1, gone, [_case(k, 1, 10_000 + k, notes=_note(k)) for k in range(n)])
    return [here, _invoice(2, [_xero(n + k, 2, 10_000 + k) for k in range(n)], [])]


def _strays_elsewhere(n: int) -> Snapshots:
    typed = [_invoice(2 * k, [], [_case(k, 2 * k, 10_000, payer="Wu")]) for k in range(n)]
    return [*typed, *(_invoice(2 * k + 1, [_xero(k, 2 * k + 1, 10_000)], []) for k in range(n))]


def _one_contact(n: int) -> Snapshots:
    return [_invoice(k, [_xero(k, k, 10_000 + k, **_WU)], []) for k in range(1, n + 1)]


def _remittance(n: int) -> Snapshots:
    paid = [_invoice(k, [_xero(k, k, 10_000 + k, batch_payment_id="b")], []) for k in range(1, n + 1)]
    whole = sum(10_000 + k for k in range(1, n + 1))
    return [*paid, _invoice(n + 1, [], [_case(1, n + 1, whole)])]


def _split(n: int) -> Snapshots:
    """Let many strays each be what some of one payer's payments come to, and none of them exactly."""
    paid = [_invoice(k, [_xero(k, k, 10_007 + 13 * k % 997, **_WU)], []) for k in range(1, n + 1)]
    return [*paid, *(_invoice(n + k, [], [_case(k, n + k, 55_003 + 1_000 * k)]) for k in range(1, n + 1))]


def _agree_in_sum(n: int) -> Snapshots:
    xero = [_xero(k, 1, 10_000 + k) for k in range(n)]
    whole = sum(10_000 + k for k in range(n))
    return [_invoice(1, xero, [_case(1, 1, whole, 40)])]


def _far_doubles(n: int) -> Snapshots:
    """Let no amount be near another, so that each row has all others beside it and none that is close."""
    xero = [_xero(k, 1, 10_000 + 9_000 * k, k % 300) for k in range(n)]
    return [_invoice(1, xero, [_case(k, 1, 14_000 + 9_000 * k, k % 300) for k in range(n)])]


def _edits_of_one_amount(n: int) -> Snapshots:
    gone = [_xero(k, 1, 10_000, status=_GONE) for k in range(n)]
    new = [_xero(n + k, 1, 10_000, 1) for k in range(n)]
    return [_invoice(1, [*gone, *new], [_case(k, 1, 10_000, notes=_note(k)) for k in range(n)])]


def _locked(n: int) -> Snapshots:
    gone = [_xero(k, 1, 10_000 + k, status=_GONE) for k in range(n)]
    new = [_xero(n + k, 1, 20_000 + k) for k in range(n)]
    locked = [_case(k, 1, 10_000 + k, notes=_note(k), is_journalled=True, journal_number="J") for k in range(n)]
    return [_invoice(1, [*gone, *new], locked)]


def _lowered_and_added(n: int) -> Snapshots:
    edits = [*_changes(n)[0].xero_payments[:n], *(_xero(n + k, 1, 5_000 + k) for k in range(n))]
    new = [_xero(2 * n + k, 1, 70_000 + k, 90) for k in range(n)]
    return [_invoice(1, [*edits, *new], [_case(k, 1, 10_000 + k, notes=_note(k)) for k in range(n)])]


def _pieces(n: int) -> Snapshots:
    typed = [_invoice(2 * k, [], [_case(2 * k, 2 * k, 10_000), _case(2 * k + 1, 2 * k, 20_000)]) for k in range(n)]
    return [*typed, *(_invoice(2 * k + 1, [_xero(k, 2 * k + 1, 30_000)], []) for k in range(n))]


def _batch_anew(n: int) -> Snapshots:
    old = [_xero(k, k, 10_000, status=_GONE, batch_payment_id="a") for k in range(n)]
    new = [_xero(n + k, k, 10_100, batch_payment_id="b") for k in range(n // 2)]
    return [_invoice(k, [old[k], *new[k : k + 1]], [_case(k, k, 10_000, notes=_note(k))]) for k in range(n)]


def _many_in_pieces(n: int) -> Snapshots:
    """Let one invoice agree in sum with as many payments on either side."""
    case = [_case(k, 1, 10_001 + k, 40) for k in range(n - 1)]
    rest = sum(10_000 + k for k in range(n)) - sum(10_001 + k for k in range(n - 1))
    return [_invoice(1, [_xero(k, 1, 10_000 + k) for k in range(n)], [*case, _case(n, 1, rest, 40)])]


SHAPES: dict[str, Callable[[int], Snapshots]] = {
    "additions": _additions,
    "equal-additions": _equal_additions,
    "links": _links,
    "close-doubles": _close_doubles,
    "changes": _changes,
    "removals": _removals,
    "moves": _moves,
    "moves-of-one-invoice": _moves_of_one_invoice,
    "strays-elsewhere": _strays_elsewhere,
    "one-contact": _one_contact,
    "remittance": _remittance,
    "split": _split,
    "agree-in-sum": _agree_in_sum,
    "many-in-pieces": _many_in_pieces,
    "far-doubles": _far_doubles,
    "edits-of-one-amount": _edits_of_one_amount,
    "locked": _locked,
    "lowered-and-added": _lowered_and_added,
    "pieces": _pieces,
    "batch-anew": _batch_anew,
}

if __name__ == "__main__":
    main()
