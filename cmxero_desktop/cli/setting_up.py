"""The verbs that set a home folder up and connect it."""

import argparse

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.passwords import STANDARD_INPUT, password_of, read_secret
from cmxero_desktop.cli.rows import Row
from cmxero_desktop.services.records.settings import Mode, SignInKind
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs.commands.connecting import (
    AdoptDatabase,
    ConfirmStore,
    Disconnect,
    Initialise,
    Pin,
    SignIn,
)
from cmxero_desktop.services.verbs.commands.settings import ReadSettings
from cmxero_desktop.services.verbs.desk import Desk


def initialise(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Check Case Manager's database and write the settings; passwords are asked for, and go to the keyring."""
    password = password_of(asked.case_manager_url, "case-manager", asked, desk)
    store_password = password_of(asked.store_url, "store", asked, desk)
    request = InitRequest(
        case_manager_url=asked.case_manager_url,
        password=password,
        mapping=asked.mapping,
        xero_client_id=asked.xero_client_id,
        sign_in=SignInKind(asked.sign_in) if asked.sign_in else None,
        mode=Mode(asked.mode),
        identity_url=asked.identity_url,
        api_url=asked.api_url,
        store_url=asked.store_url,
        store_password=store_password,
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
    desk.run(SignIn(_custom_secret(asked) if needs_secret else ""))
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


def confirm_store(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Say that the program's own store is the one to go on with."""
    sentence = desk.run(ConfirmStore(by=asked.by, reason=asked.reason))
    return Answer({"said": sentence}, sentence)


def _custom_secret(asked: argparse.Namespace) -> str:
    """Take the secret from the file that was named, from a person at the terminal, or from a pipe."""
    if asked.secret_file:
        return read_secret(asked.secret_file, "secret")
    typed: str | None = asked.ask_secret("Secret of the custom connection: ")
    return typed if typed is not None else read_secret(STANDARD_INPUT, "secret")
