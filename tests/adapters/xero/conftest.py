"""A sandbox Xero with a few invoices, and a reader that is signed in to it."""

from collections.abc import Iterator
from datetime import date

import pytest

from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.urls import XeroUrls, xero_urls
from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.adapters.xero.stand_in import FixedTokens

DAY = date(2026, 11, 1)


class Books(Ledger):
    """A ledger with one bank account, one contact, and short ways to fill it."""

    def __init__(self) -> None:
        super().__init__(Clock(), BRIGHTSIDE)
        self.bank = self.add_account("Business Account", "090")
        self.client = self.add_contact("Redgum Timber")

    def invoice(self, number: str, total: str = "1000.00") -> str:
        return self.add_invoice(number, self.client, total, DAY)

    def pay(self, invoice_id: str, amount: str, reference: str | None = None) -> str:
        return self.add_payment(invoice_id, amount, DAY, self.bank, reference=reference)


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture
def xero(books: Books) -> Iterator[SandboxXero]:
    with SandboxXero(books) as running:
        yield running


@pytest.fixture
def urls(xero: SandboxXero) -> XeroUrls:
    return xero_urls(xero.identity_url, xero.api_url)


@pytest.fixture
def reader(xero: SandboxXero, urls: XeroUrls) -> XeroApiReader:
    return XeroApiReader(FixedTokens(xero.access_token()), urls, xero.tenant_id)
