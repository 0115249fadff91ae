"""A second, much plainer Xero than the sandbox, written apart from it: what both accept is no accident of either.

It ignores `where`, `order` and `pageSize`, sends no gzip, keeps no limits and rotates no tokens.
"""

import json
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TENANT = "5e9d0f5c-8a3c-4a57-9d1c-2f0a4c1f7b11"
PAGE = 100


@dataclass
class PlainXero:
    """Payments and invoices in two lists of dicts, as Xero writes them."""

    payments: list[dict[str, Any]] = field(default_factory=list)
    invoices: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    answer_instead: list[tuple[int, str, str]] = field(default_factory=list)
    last_page_rows: int = PAGE

    def __enter__(self) -> Self:
        """Start on a free port of the loopback."""
        handler = type("Handler", (_Handler,), {"xero": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="plain-xero")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The address of both identity and API."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def add_invoice(self, number: str, total: str, **more: Any) -> str:
        """Add a sales invoice; its AmountPaid follows its payments."""
        invoice_id = f"00000000-0000-4000-8000-{len(self.invoices):012d}"
        self.invoices.append(
            {
                "Type": "ACCREC",
                "InvoiceID": invoice_id,
                "InvoiceNumber": number,
                "Status": "AUTHORISED",
                "CurrencyCode": "AUD",
                "Contact": {"ContactID": "c", "Name": "Acme Insurance"},
                "Total": float(total),
                "AmountPaid": 0,
                "AmountCredited": 0,
                "Payments": [],
                "CreditNotes": [],
                "Prepayments": [],
                "Overpayments": [],
                "UpdatedDateUTC": instant(datetime(2026, 10, 1, tzinfo=UTC)),
                **more,
            }
        )
        return invoice_id

    def pay(self, number: str, amount: str, paid_on: date, updated: datetime, reference: str = "") -> str:
        """Add a payment and return its id."""
        invoice = self._invoice(number)
        payment_id = f"aaaaaaaa-0000-4000-8000-{len(self.payments):012d}"
        self.payments.append(
            {
                "PaymentID": payment_id,
                "Date": day(paid_on),
                "Amount": float(amount),
                "Reference": reference,
                "CurrencyRate": 0,
                "PaymentType": "ACCRECPAYMENT",
                "Status": "AUTHORISED",
                "UpdatedDateUTC": instant(updated),
                "IsReconciled": False,
                "Account": {"AccountID": "acc", "Code": "090", "Name": "Business cheque account"},
                "Invoice": {
                    "Type": "ACCREC",
                    "InvoiceID": invoice["InvoiceID"],
                    "InvoiceNumber": number,
                    "CurrencyCode": "AUD",
                    "Contact": invoice["Contact"],
                },
            }
        )
        self._count(number, updated)
        return payment_id

    def delete(self, payment_id: str, updated: datetime) -> None:
        """Delete a payment, as a person does in Xero."""
        payment = next(p for p in self.payments if p["PaymentID"] == payment_id)
        payment |= {"Status": "DELETED", "UpdatedDateUTC": instant(updated)}
        self._count(payment["Invoice"]["InvoiceNumber"], updated)

    def _invoice(self, number: str) -> dict[str, Any]:
        return next(i for i in self.invoices if i["InvoiceNumber"] == number)

    def _count(self, number: str, updated: datetime) -> None:
        live = [p for p in self.payments if p["Invoice"]["InvoiceNumber"] == number and p["Status"] == "AUTHORISED"]
        self._invoice(number).update(
            AmountPaid=round(sum(p["Amount"] for p in live), 2), UpdatedDateUTC=instant(updated)
        )


def day(value: date) -> str:
    """Write a calendar date as Xero does: midnight UTC, in milliseconds."""
    return instant(datetime(value.year, value.month, value.day, tzinfo=UTC))


def instant(value: datetime) -> str:
    """Write an instant as Xero does."""
    return f"/Date({round(value.timestamp() * 1000)}+0000)/"


def _milliseconds(text: str) -> int:
    found = re.search(r"\d+", text)
    assert found is not None
    return int(found[0])


class _Handler(BaseHTTPRequestHandler):
    xero: PlainXero
    protocol_version = "HTTP/1.1"
    # Head and body go in two packets; Nagle would hold the second back for 40 ms.
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.xero.requests.append(self.path)
        if parts.path == "/identity/connect/authorize":
            self._redirect(f"{query['redirect_uri']}?code=the-code&state={query['state']}")
        elif parts.path == "/connections":
            self._send(
                200, [{"id": "con", "tenantId": TENANT, "tenantType": "ORGANISATION", "tenantName": "Plain Pty Ltd"}]
            )
        elif self.xero.answer_instead and "/Payments" in parts.path:
            status, kind, text = self.xero.answer_instead.pop(0)
            self._send_bytes(status, kind, text.encode())
        else:
            self._resource(parts.path.removeprefix("/api.xro/2.0/"), query)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        tokens = {
            "access_token": "plain-access",
            "refresh_token": "plain-refresh",
            "expires_in": 1800,
            "token_type": "Bearer",
        }
        self._send(200, tokens)

    def _resource(self, path: str, query: dict[str, str]) -> None:
        name, _, wanted = path.partition("/")
        if name == "Organisation":
            rows = [
                {
                    "OrganisationID": "0rganisation-is-n0t-the-tenant",
                    "Name": "Plain Pty Ltd",
                    "BaseCurrency": "AUD",
                    "Timezone": "UTC",
                }
            ]
            self._send(200, {"Organisations": rows})
            return
        rows, key = (self.xero.payments, "PaymentID") if name == "Payments" else (self.xero.invoices, "InvoiceID")
        if wanted:
            rows = [row for row in rows if row[key] == wanted]
            if not rows:
                self._send_bytes(404, "text/plain", b"The resource you're looking for cannot be found")
                return
        if "IDs" in query:
            rows = [row for row in rows if row[key] in query["IDs"].split(",")]
        since = self.headers.get("If-Modified-Since")
        if since:
            at = datetime.strptime(since, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC).timestamp() * 1000
            rows = [row for row in rows if _milliseconds(row["UpdatedDateUTC"]) >= at]
        page = int(query.get("page", "1"))
        self._send(200, {name: rows[(page - 1) * PAGE : page * PAGE] if "page" in query else rows})

    def _redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, document: object) -> None:
        self._send_bytes(status, "application/json", json.dumps(document).encode())

    def _send_bytes(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
