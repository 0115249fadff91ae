"""Another process at the controls: the verbs over HTTP, and the command that starts the firm."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import urllib3

from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.sandbox.sandbox_client import SandboxClient, SmallBooks

PAY = {"invoice_number": "CM-10234", "amount": "10.10", "paid_on": "2026-11-20"}


def test_paying_editing_reconciling_and_deleting(client: SandboxClient, books: SmallBooks) -> None:
    paid = client.control("pay", {**PAY, "reference": "R1", "account": "Business cheque a/c"})
    assert books.ledger.payments[paid["payment_id"]].amount_cents == 10_10
    edited = client.control("edit-payment", {"payment_id": paid["payment_id"], "paid_on": "2026-11-21"})
    assert books.ledger.payments[edited["payment_id"]].paid_on.day == 21
    client.control("reconcile", {"payment_id": edited["payment_id"]})
    client.control("delete-payment", {"payment_id": edited["payment_id"]})
    seen = client.control("invoice", {"invoice_number": "CM-10234"})
    assert [each["status"] for each in seen["payments"]] == ["AUTHORISED"] * 2 + ["DELETED"] * 2
    assert seen["due_cents"] == 553_90


def test_crediting_renumbering_and_voiding(client: SandboxClient, books: SmallBooks) -> None:
    assert client.control("void", {"invoice_number": "CM-10234"})["status"] == 409
    for payment in (books.first, books.second):
        client.control("delete-payment", {"payment_id": payment})
    given = client.control("credit", {"invoice_number": "CM-10234", "amount": "5.00", "kind": "Overpayment"})
    books.ledger.remove_allocation(given["credit_id"], given["allocation_id"])
    books.ledger.void_credit(given["credit_id"])
    client.control("renumber", {"invoice_number": "CM-10234", "to": "CM-10235"})
    assert client.control("void", {"invoice_number": "CM-10235"})["status"] == 200


def test_clock_limits_faults_and_sign_in(client: SandboxClient) -> None:
    moved = client.control("clock", {"freeze_at": "2026-11-22T01:00:00+00:00", "advance_s": 90})
    assert moved["now"] == "2026-11-22T01:01:30+00:00"
    client.control("clock", {"run": True})
    client.control("limits", {"is_on": False, "per_minute": 1, "forget": True})
    assert not client.xero.limits.is_on
    client.control("fault", {"kind": "status", "path": "/Payments", "status": 502, "times": None})
    assert client.get("/Payments").status == 502
    client.control("clear-faults", {})
    client.control("release", {})
    client.control("sign-in", {"consent": "deny", "end_access": True})
    assert client.xero.identity.consent == "deny"
    assert client.get("/Payments").status == 401
    client.control("sign-in", {"end_all": True, "disconnect": True})


def test_looking_at_requests(client: SandboxClient) -> None:
    client.get("/Payments")
    seen = client.control("requests", {"path": "/Payments", "clear": True})
    assert [each["status"] for each in seen["requests"]] == [200]
    assert client.control("requests", {})["requests"] == []


def test_a_named_event(client: SandboxClient) -> None:
    client.xero.happenings["rain"] = lambda: {"mm": 3}
    assert client.control("happen", {"name": "rain"})["mm"] == 3
    assert client.control("happen", {"name": "snow"})["status"] == 400


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("nothing", {}, 400),
        ("pay", {}, 400),
        ("pay", {**PAY, "amount": "ten"}, 400),
        ("pay", {**PAY, "amount": 10}, 400),
        ("pay", {**PAY, "paid_on": "yesterday"}, 400),
        ("pay", {**PAY, "amount": "9999.00"}, 409),
        ("pay", {**PAY, "invoice_number": "CM-1"}, 409),
        ("delete-payment", {"payment_id": "none"}, 400),
        ("fault", {"kind": "status", "colour": "red"}, 400),
        ("fault", {"kind": "fire"}, 400),
        ("limits", {"per_day": "many"}, 400),
    ],
)
def test_what_cannot_be_done_says_so(client: SandboxClient, verb: str, body: dict[str, Any], status: int) -> None:
    answer = client.control(verb, body)
    assert answer["status"] == status
    assert answer["error"]


def test_a_body_must_be_an_object(xero: SandboxXero) -> None:
    answer = urllib3.request("POST", f"{xero.url}/sandbox/pay", body=b"[]", retries=False)
    assert answer.status == 400


def test_a_body_of_unknown_or_excessive_length_is_refused(xero: SandboxXero) -> None:
    address = f"{xero.url}/sandbox/pay"
    chunked = urllib3.request("POST", address, body=iter([b"{}"]), retries=False)
    assert chunked.status == 411
    announced = {"Content-Length": "1000001"}
    assert urllib3.request("POST", address, headers=announced, body=b"", retries=False).status == 413


def _started(home: Path, *options: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    command = [sys.executable, "-m", "cmxero_desktop.sandbox", "--home", str(home), *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    addresses: dict[str, Any] = json.loads(process.stdout.readline())
    return process, addresses


def test_the_command_runs_until_its_input_closes(tmp_path: Path) -> None:
    process, addresses = _started(tmp_path, "--today", "2026-11-22", "--no-limits")
    answer = urllib3.request(
        "POST", f"{addresses['control_url']}/happen", json={"name": "payment_deleted"}, retries=False
    )
    assert answer.status == 200
    assert answer.json()["invoice_number"].startswith("CM-3")
    assert Path(addresses["case_database"]).exists()
    assert addresses["today"] == "2026-11-22"
    process.communicate()
    assert process.returncode == 0


def test_the_command_ends_on_a_signal(tmp_path: Path) -> None:
    process, addresses = _started(tmp_path, "--redirect-uri", "http://localhost:8742/callback")
    assert addresses["case_manager_url"].startswith("sqlite:///")
    process.terminate()
    process.communicate()
    assert process.returncode == 0
