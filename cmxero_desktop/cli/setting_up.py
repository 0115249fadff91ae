"""The verbs that set a home folder up and connect it."""

import argparse
import sys
from getpass import getpass

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.rows import Row
from cmxero_desktop.services.records.settings import Mode, SignInKind
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs.commands import AdoptDatabase, Disconnect, Initialise, Pin, ReadSettings, SignIn
from cmxero_desktop.services.verbs.desk import Desk


def initialise(asked: argparse.Namespace, desk: Desk) -> Answer:
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
    facts = desk.run(Initialise(request))
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
    return Answer(document, text)


def connect(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Sign in to Xero and pin an organisation; a custom connection's secret is asked of a person."""
    needs_secret = desk.run(ReadSettings()).xero.sign_in is SignInKind.CUSTOM_CONNECTION
    desk.run(SignIn(asked.ask_secret() if needs_secret else ""))
    connection = desk.run(Pin(tenant_id=asked.tenant, by=asked.by))
    document: Row = {"tenant_id": connection.tenant_id, "name": connection.name}
    return Answer(document, f"Connected to {connection.name}. Next: cmxero poll")


def disconnect(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Forget the sign-in."""
    desk.run(Disconnect(by=asked.by))
    text = "Disconnected from Xero. What was read, decided and applied is kept. To go on: cmxero connect"
    return Answer({"connected": False}, text)


def adopt_database(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Say that the database that the settings lead to is the right one."""
    sentence = desk.run(AdoptDatabase(by=asked.by, reason=asked.reason))
    return Answer({"said": sentence}, sentence)


def ask_secret() -> str:
    """Ask a person for the secret of a custom connection without showing it; from a pipe, read one line."""
    if sys.stdin.isatty():
        return getpass("Secret of the custom connection: ")
    return sys.stdin.readline().rstrip("\r\n")
