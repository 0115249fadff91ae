"""The same client reads a Xero that we did not write: LocalStack's emulator of the accounting API.

It proves what our own sandbox cannot: that sign-in, headers, paths, dates, numbers and paging are understood by
somebody else's reading of Xero's API, and theirs by ours. It gives a hundred rows a page whatever is asked, and knows
no filter, no order and no If-Modified-Since, so it also shows that nothing rests on Xero obeying those. It has no
Organisation and no revocation; the little program that starts it adds the first. Its deletions leave the invoice's
totals as they were, which is the contradiction between payments and control total that the rules hold an invoice for.
"""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.journey import CaseBook, Cmxero, browser_environment

pytestmark = pytest.mark.keyring
TODAY = datetime.now(UTC).date()
PAID = TODAY - timedelta(days=20)
SERVER = """
from rolo.routing import route
from werkzeug.serving import make_server
from xero_local.server import create_router
class Added:
    @route("/api.xro/2.0/Organisation", methods=["GET"])
    def organisation(self, request, **_):
        return {"Organisations": [{
            "OrganisationID": request.headers["xero-tenant-id"], "Name": "Foreign Pty Ltd", "BaseCurrency": "AUD",
            "Timezone": "AUSEASTERNSTANDARDTIME", "CountryCode": "AU",
        }]}
router = create_router()
router.add(Added())
server = make_server("127.0.0.1", 0, router.wsgi(), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""


@dataclass(frozen=True)
class ForeignXero:
    """The emulator at its address, filled through its own API."""

    url: str

    def bill(self, number: str, total: str, kind: str = "ACCREC") -> str:
        """Create an invoice and return its id."""
        return str(
            self._post(
                "Invoices",
                {
                    "Type": kind,
                    "InvoiceNumber": number,
                    "Status": "AUTHORISED",
                    "CurrencyCode": "AUD",
                    "Date": f"{PAID}",
                    "LineItems": [{"Quantity": 1, "UnitAmount": total, "LineAmount": total}],
                    "Contact": {"Name": "Acme"},
                },
            )["InvoiceID"]
        )

    def pay(self, invoice_id: str, amount: str, kind: str = "ACCRECPAYMENT") -> str:
        """Pay an invoice and return the payment's id."""
        return str(
            self._post(
                "Payments",
                {
                    "Invoice": {"InvoiceID": invoice_id},
                    "Amount": amount,
                    "Date": f"{PAID}",
                    "PaymentType": kind,
                    "Account": {"Code": "090"},
                },
            )["PaymentID"]
        )

    def delete(self, payment_id: str) -> None:
        """Delete a payment, as Xero wants it: by a POST of the new status."""
        self._post(f"Payments/{payment_id}", {"Status": "DELETED"})

    def _post(self, resource: str, body: object) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - on this computer
            f"{self.url}/api.xro/2.0/{resource}",
            json.dumps(body).encode(),
            {"Authorization": "Bearer test", "xero-tenant-id": self.tenant_id, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            rows: list[dict[str, Any]] = json.load(answer)[resource.partition("/")[0]]
        return rows[0]

    @property
    def tenant_id(self) -> str:
        """The one organisation that it has."""
        request = urllib.request.Request(f"{self.url}/connections", headers={"Authorization": "Bearer test"})  # noqa: S310 - on this computer
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            return str(json.load(answer)[0]["tenantId"])


@contextmanager
def foreign_xero() -> Iterator[ForeignXero]:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield ForeignXero(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.terminate()


def ids_of(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(str(row["invoice_number"]) for row in rows)


def test_a_firm_is_read_compared_and_kept_up_to_date(tmp_path: Path, keyring_environment: dict[str, str]) -> None:
    case = CaseBook(tmp_path / "case.db")
    case.create()
    cmxero = Cmxero(tmp_path / "home", keyring_environment | browser_environment())
    with foreign_xero() as xero:
        # More than two of its pages, with bills and other invoices among them.
        numbers = [f"{1000 + n}" for n in range(130)]
        payments: dict[str, list[str]] = {}
        for number in numbers:
            invoice_id = xero.bill(f"CM-{number}", "300.00")
            payments[number] = [xero.pay(invoice_id, amount) for amount in ("100.10", "99.95")]
            case.add_invoice(number, "300.00")
        xero.pay(xero.bill("CM-9001", "50.00", "ACCPAY"), "50.00", "ACCPAYPAYMENT")
        xero.pay(xero.bill("INV-1", "70.00"), "70.00")
        case.add_payment("1000", "100.10", PAID)
        cmxero.set_up(xero.url, f"sqlite:///{case.path}")
        first = cmxero("poll")
        assert first["fetched"] == 2 * len(numbers) + 1, "the bill's payment is none of ours"
        proposals = cmxero("list", "proposals")
        assert [p["invoice_number"] for p in proposals if p["kind"] == "link"] == ["CM-1000"]
        adds = [p for p in proposals if p["kind"] == "add"]
        assert ids_of(adds) == sorted([*(f"CM-{n}" for n in numbers), *(f"CM-{n}" for n in numbers[1:])])
        assert {p["amount"] for p in adds} == {"100.10", "99.95"}
        assert cmxero("tieout")["xero_total"] == "26006.50"
        # Applied for real, and the next check finds the same money once.
        for row_id in (p["id"] for p in proposals if p["invoice_number"] == "CM-1000"):
            cmxero("approve", row_id)
        assert [row[1] for row in case.payments("1000")] == [100.1, 99.95]
        assert cmxero("poll")["counts"]["matched"] == 2
        # A new payment, and one that was deleted there.
        late = xero.bill("CM-2000", "40.00")
        case.add_invoice("2000", "40.00")
        xero.pay(late, "40.00")
        xero.delete(payments["1001"][0])
        cmxero("poll")
        shown = cmxero("list", "proposals")
        assert [p["amount"] for p in shown if p["invoice_number"] == "CM-2000"] == ["40.00"]
        assert [p for p in shown if p["invoice_number"] == "CM-1001"] == []
        held = [row for row in cmxero("list", "skipped") if row["invoice_number"] == "CM-1001"]
        assert [(row["amount"], row["reason"]) for row in held] == [("99.95", "CONTROL_TOTAL")]
