"""The verbs that set a home folder up and connect it: each returns its document and the same as a text."""

import argparse
import sys
from collections.abc import Callable
from getpass import getpass

from cmxero_desktop.cli.rows import Row
from cmxero_desktop.services.records.settings import Mode, SignInKind
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs import DeskFactory


def initialise(asked: argparse.Namespace, factory: DeskFactory) -> tuple[Row, str]:
    """Check Case Manager's database and write the settings."""
    request = InitRequest(
        case_manager_url=asked.case_manager_url,
        mapping=asked.mapping,
        xero_client_id=asked.xero_client_id,
        sign_in=SignInKind(asked.sign_in) if asked.sign_in else None,
        mode=Mode(asked.mode),
        identity_url=asked.identity_url,
        api_url=asked.api_url,
        store_url=asked.store_url,
    )
    facts = factory.initialise(asked.home, request)
    document: Row = {
        "case_manager": facts.label,
        "invoices": facts.invoices,
        "payments": facts.payments,
        "forward_dating_days": facts.forward_dating_days,
        "mode": asked.mode,
    }
    text = (
        f"{facts.label}: {facts.invoices:,} invoices, {facts.payments:,} payments; it fits the mapping.\n"
        f'Settings written, mode "{asked.mode}". Next: cmxero connect'
    )
    return document, text


def connect(asked: argparse.Namespace, factory: DeskFactory, ask_secret: Callable[[], str]) -> tuple[Row, str]:
    """Sign in to Xero and pin an organisation."""
    connection = factory.connect(asked.home, asked.tenant, asked.by, ask_secret)
    document: Row = {"tenant_id": connection.tenant_id, "name": connection.name}
    return document, f"Connected to {connection.name}. Next: cmxero poll"


def disconnect(asked: argparse.Namespace, factory: DeskFactory) -> tuple[Row, str]:
    """Forget the sign-in."""
    factory.disconnect(asked.home, asked.by)
    text = "Disconnected from Xero. What was read, decided and applied is kept. To go on: cmxero connect"
    return {"connected": False}, text


def ask_secret() -> str:
    """Ask a person for the secret of a custom connection without showing it; from a pipe, read one line."""
    if sys.stdin.isatty():
        return getpass("Secret of the custom connection: ")
    return sys.stdin.readline().rstrip("\r\n")
