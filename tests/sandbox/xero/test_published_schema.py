"""What the sandbox answers is what Xero's published description allows, and what Xero's own SDK reads."""

import json
import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator  # type: ignore[import-untyped] # it publishes no types
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient, Configuration
from xero_python.api_client.oauth2 import OAuth2Token

from cmxero_desktop.sandbox.firm.firm import Firm, build_firm
from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.sandbox.sandbox_client import NOW, SandboxClient, connected

TODAY = date(2026, 11, 22)
_SHARED = Path(os.environ.get("CMXERO_SHARED", Path(__file__).parents[3].parent / "shared"))
DESCRIPTION = _SHARED / "facts" / "xero_accounting.yaml"

needs_description = pytest.mark.skipif(
    not DESCRIPTION.is_file(), reason="Xero's OpenAPI description is not here: set CMXERO_SHARED to its folder"
)


@cache
def description() -> dict[str, Any]:
    """Return the schemas; read as plain strings, since its examples hold dates that are none to JSON."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    text = DESCRIPTION.read_text(encoding="utf-8")
    # Only the schemas are needed, and they stand last: the paths are most of the file.
    whole = yaml.load("components:\n  schemas:\n" + text.partition("\n  schemas:\n")[2], loader)  # noqa: S506
    document: dict[str, Any] = _typed(whole)
    return document


def _typed(node: Any) -> Any:  # noqa: ANN401 (any YAML)
    """Return the description with numbers and booleans where JSON Schema needs them, and without examples."""
    if isinstance(node, dict):
        kept = {key: value for key, value in node.items() if key not in {"example", "default"}}
        numbers = {"maxLength", "minLength", "maximum", "minimum"}
        return {
            key: int(value) if key in numbers and isinstance(value, str) else _typed(value)
            for key, value in kept.items()
        }
    return [_typed(each) for each in node] if isinstance(node, list) else node


@pytest.fixture(scope="module")
def firm() -> Firm:
    return build_firm(TODAY, clock=Clock(NOW), size=30)


@pytest.fixture
def client(firm: Firm) -> Iterator[SandboxClient]:
    with SandboxXero(firm.ledger) as xero, connected(xero) as signed_in:
        yield signed_in


@needs_description
@pytest.mark.parametrize(
    "name",
    [
        "Organisations",
        "Accounts",
        "Payments",
        "Invoices",
        "CreditNotes",
        "Overpayments",
        "Prepayments",
        "BatchPayments",
    ],
)
def test_lists_validate(client: SandboxClient, name: str) -> None:
    path = "/Organisation" if name == "Organisations" else f"/{name}"
    document = client.get(path, {"page": "1", "pageSize": "1000"}).json()
    assert document[name]
    schema = {"$ref": f"#/components/schemas/{name}", **description()}
    errors = [error.message for error in Draft4Validator(schema).iter_errors(document)]
    assert errors == []


@needs_description
def test_answers_by_id_validate(client: SandboxClient, firm: Firm) -> None:
    (batched,) = firm.payment_ids("CM-21901")
    schema = {"$ref": "#/components/schemas/Payments", **description()}
    document = client.get(f"/Payments/{batched}").json()
    assert [error.message for error in Draft4Validator(schema).iter_errors(document)] == []


@needs_description
def test_the_description_notices_a_null_and_an_unknown_status(client: SandboxClient) -> None:
    document = client.get("/Payments").json()
    document["Payments"][0]["Date"] = None
    document["Payments"][1]["Status"] = "7F3"
    schema = {"$ref": "#/components/schemas/Payments", **description()}
    assert len(list(Draft4Validator(schema).iter_errors(document))) == 2


def test_the_sdk_reads_the_whole_firm(client: SandboxClient, firm: Firm) -> None:
    configuration = Configuration()
    configuration.oauth2_token = OAuth2Token(client_id=client.xero.client_id, client_secret=None)
    token = client.xero.identity.sign_in()
    held = {**token, "scope": str(token["scope"]).split(), "expires_at": NOW.timestamp() + 1e9}
    api_client = ApiClient(configuration, oauth2_token_getter=lambda: held, oauth2_token_saver=lambda _: None)
    try:
        api = AccountingApi(api_client, base_url=f"{client.xero.api_url}/api.xro/2.0")
        payments = api.get_payments(client.xero.tenant_id, page=1, page_size=1000).payments
        invoices = api.get_invoices(client.xero.tenant_id, page=1, page_size=1000).invoices
        credit_notes = api.get_credit_notes(client.xero.tenant_id).credit_notes
        organisations = api.get_organisations(client.xero.tenant_id).organisations
    finally:
        api_client.rest_client.pool_manager.clear()
    assert len(payments) == len(firm.ledger.payments)
    assert len(invoices) == len(firm.ledger.invoices)
    assert {each.credit_note_number for each in credit_notes} == {"CN-88", "CM-21801"}
    assert organisations[0].base_currency.value == "AUD"
    (ten_cents, _) = firm.payment_ids("CM-23201")
    payment = next(each for each in payments if each.payment_id == ten_cents)
    assert payment.amount == Decimal("0.1")
    assert payment.date == date(2026, 11, 20)


def test_answers_are_compact_json(client: SandboxClient) -> None:
    text = client.get("/Payments").data.decode()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
