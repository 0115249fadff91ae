"""A small HTTP client of the sandbox, and the small books that most of these tests read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import urllib3

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.support.patience import HUNG_S

NOW = datetime(2026, 11, 22, 1, 2, 3, 456_000, tzinfo=UTC)
ACCOUNTING = "/api.xro/2.0"


@dataclass(frozen=True, slots=True)
class SandboxClient:
    """Read the sandbox with one access token over one kept-alive connection."""

    xero: SandboxXero
    pool: urllib3.HTTPConnectionPool
    token: str

    def get(
        self, path: str, query: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        """Return the whole answer to GET of a path below the accounting API."""
        own = {"Authorization": f"Bearer {self.token}", "xero-tenant-id": self.xero.tenant_id}
        return self.pool.request("GET", ACCOUNTING + path, fields=query, headers={**own, **(headers or {})})

    def rows(
        self, name: str, query: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """Return the rows of a list."""
        answer = self.get(f"/{name}", query, headers)
        assert answer.status == 200, answer.data
        rows: list[dict[str, Any]] = answer.json()[name]
        return rows

    def control(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        """Carry out a verb of the control path."""
        answer = self.pool.request("POST", f"/sandbox/{verb}", json=body)
        document: dict[str, Any] = answer.json()
        return {"status": answer.status, **document}


@contextmanager
def connected(xero: SandboxXero) -> Iterator[SandboxClient]:
    """Open one connection to a running sandbox, with no retries that could hide an answer."""
    with urllib3.HTTPConnectionPool(
        "127.0.0.1", int(xero.url.rpartition(":")[2]), retries=False, timeout=HUNG_S
    ) as pool:
        yield SandboxClient(xero, pool, xero.access_token())


@dataclass(frozen=True, slots=True)
class SmallBooks:
    """One invoice of 1,000.00 with two payments, on a clock that stands still."""

    ledger: Ledger
    account: str
    invoice: str
    first: str
    second: str


def small_books() -> SmallBooks:
    """Return the small books."""
    ledger = Ledger(Clock(NOW), BRIGHTSIDE)
    account = ledger.add_account("Business cheque a/c", "090")
    acme = ledger.add_contact("Acme Insurance")
    invoice = ledger.add_invoice("CM-10234", acme, "1000.00", date(2026, 11, 1))
    first = ledger.add_payment(invoice, "400.00", date(2026, 11, 2), account, reference="REM889")
    ledger.clock.advance(NOW.replace(second=4) - NOW.replace(second=3))
    second = ledger.add_payment(invoice, "46.10", date(2026, 11, 3), account)
    return SmallBooks(ledger, account, invoice, first, second)
