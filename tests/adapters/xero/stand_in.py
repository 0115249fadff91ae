"""A Xero stand-in that answers exactly what a test tells it to, and the rows to tell it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from cmxero_desktop.adapters.xero.urls import XeroUrls, xero_urls

Json: TypeAlias = dict[str, object]
STAND_IN_NOW = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
"""Some minutes after what a stand-in's answers say of the time."""

INVOICE_ID = "0f1e2d3c-4b5a-4968-8776-655443322110"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Reply:
    """One answer; headers of the same name replace the usual ones."""

    body: bytes | str | Mapping[str, object] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


class _Server(ThreadingHTTPServer):
    block_on_close = True
    daemon_threads = False
    answer: Callable[[Call], Reply | None]
    calls: list[Call]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        call = Call(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode(),
        )
        self.server.calls.append(call)
        reply = self.server.answer(call)
        if reply is None:
            return
        body = reply.encoded()
        self.send_response(reply.status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **reply.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Keep the tests' output clean."""


class StandIn:
    """Serves on loopback while it is entered. `answer` returns None to hang up without an answer."""

    def __init__(self, answer: Callable[[Call], Reply | None]) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.answer = answer
        self._server.calls = []
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="stand-in")

    @property
    def calls(self) -> list[Call]:
        return self._server.calls

    @property
    def urls(self) -> XeroUrls:
        address = f"http://127.0.0.1:{self._server.server_port}"
        return xero_urls(address, address)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class FixedTokens:
    """Access tokens from a list; `renew` goes on to the next."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens or ("token-1", "token-2"))
        self.renewals = 0
        self.renewed_at: datetime | None = None

    def access_token(self) -> str:
        return self.tokens[0]

    def renew(self, rejected: str) -> str:
        assert rejected == self.tokens[0]
        self.renewals += 1
        self.tokens.pop(0)
        return self.tokens[0]


class DictSecrets:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


def payment_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def payment_row(number: int = 1, **changes: object) -> Json:
    """Return a payment as Xero's list has it; `changes` replace fields, and `invoice__X` those of its invoice."""
    invoice: Json = {
        "Type": "ACCREC",
        "InvoiceID": INVOICE_ID,
        "InvoiceNumber": "CM-100",
        "Payments": [],
        "CurrencyCode": "AUD",
        "Contact": {"ContactID": "c", "Name": "Redgum Timber"},
    }
    invoice |= {
        name.removeprefix("invoice__"): value for name, value in changes.items() if name.startswith("invoice__")
    }
    row: Json = {
        "PaymentID": payment_id(number),
        "Date": "/Date(1793491200000+0000)/",
        "Amount": 400,
        "BankAmount": 400,
        "CurrencyRate": 0,
        "PaymentType": "ACCRECPAYMENT",
        "Status": "AUTHORISED",
        "UpdatedDateUTC": "/Date(1793502000123+0000)/",
        "Reference": "EFT 1",
        "IsReconciled": True,
        "Account": {"AccountID": "a", "Code": "090", "Name": "Business Account"},
        "Invoice": invoice,
        "HasAccount": True,
    }
    return row | {name: value for name, value in changes.items() if not name.startswith("invoice__")}


def invoice_row(number: int = 1, **changes: object) -> Json:
    """Return a sales invoice as Xero's list has it."""
    row: Json = {
        "Type": "ACCREC",
        "InvoiceID": f"10000000-0000-4000-8000-{number:012d}",
        "InvoiceNumber": f"CM-{number}",
        "Reference": "",
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "AmountDue": 600,
        "AmountPaid": 400,
        "AmountCredited": 0,
        "Status": "AUTHORISED",
        "Total": 1000.0,
        "UpdatedDateUTC": "/Date(1793502000123+0000)/",
        "CurrencyCode": "AUD",
        "Contact": {"Name": "Redgum Timber"},
    }
    return row | changes


def envelope(name: str, rows: object, **head: object) -> Json:
    """Wrap rows as Xero does."""
    return {
        "Id": "e",
        "Status": "OK",
        "ProviderName": "stand-in",
        "DateTimeUTC": "/Date(1793600000000)/",
        **head,
        name: rows,
    }
