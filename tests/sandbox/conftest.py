"""The sandbox running on small books, and a client that is signed in to it."""

from collections.abc import Iterator

import pytest

from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.sandbox.sandbox_client import SandboxClient, SmallBooks, connected, small_books


@pytest.fixture
def books() -> SmallBooks:
    return small_books()


@pytest.fixture
def xero(books: SmallBooks) -> Iterator[SandboxXero]:
    with SandboxXero(books.ledger) as running:
        yield running


@pytest.fixture
def client(xero: SandboxXero) -> Iterator[SandboxClient]:
    with connected(xero) as signed_in:
        yield signed_in
