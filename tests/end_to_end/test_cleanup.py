"""The first day's clean-up through the real `cmxero`: seen, said in one act, saved, taken back; nothing is written."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.end_to_end.journey import CaseBook, Cmxero, browser_environment

PAID = datetime.now(UTC).date() - timedelta(days=60)
BY = ("--by", "Ann")


def test_old_leftovers_are_cleaned_up_in_one_act_and_it_is_taken_back(
    tmp_path: Path, keyring_environment: dict[str, str]
) -> None:
    case = CaseBook(tmp_path / "case.db")
    case.create()
    for number in ("100", "300"):
        case.add_invoice(number)
    case.add_payment("100", "400.00", PAID + timedelta(days=9))
    key = case.add_payment("300", "77.00", PAID)
    ledger = Ledger(Clock(), BRIGHTSIDE)
    bank = ledger.add_account("Bank", "091", "BANK")
    invoice_id = ledger.add_invoice("CM-100", ledger.add_contact("Acme"), "1000.00", PAID)
    ledger.add_payment(invoice_id, "400.00", PAID, bank)
    cmxero = Cmxero(tmp_path / "home", keyring_environment | browser_environment())
    with SandboxXero(ledger) as xero:
        xero.identity.client_id = "PLAIN"
        cmxero.set_up(xero.api_url, f"sqlite:///{case.path}")
        cmxero("poll")
        rows = case.run("SELECT * FROM payments ORDER BY payment_id")
        seen = cmxero("cleanup")
        said = ("--apply", "same-money", "not-in-xero", "--shown", seen["code"], "--reason", "from before", *BY)
        report = cmxero("cleanup", *said, "--report", str(tmp_path / "report.txt"))
        after = cmxero("cleanup")
        cmxero("poll", "--full")
        matched = cmxero("list", "matched")
        back = cmxero("cleanup", "--take-back", report["act"], "--reason", "too early", *BY)
        again = cmxero("cleanup")
        explained = cmxero("explain", str(key), "--as", "other", "--reason", "asked them", *BY)
        verified = cmxero("verify")
    assert {group["group"]: group["count"] for group in seen["groups"]} == {"same-money": 1, "not-in-xero": 1}
    assert report["left_out"] == []
    assert f"cmxero cleanup --take-back {report['act']}" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert (after["code"], after["groups"], after["one_by_one"], after["left"]) == (None, [], [], 0)
    assert {(said["amount"], said["what"]) for said in after["said"]} == {
        ("77.00", "set-aside"),
        ("400.00", "same-money"),
    }
    assert [row["amount"] for row in matched] == ["400.00"]
    assert back == {"said": "Taken back: 1 accepted, 1 set aside."}
    assert [group["group"] for group in again["groups"]] == ["not-in-xero"]
    assert explained["said"].endswith("CM-300 is explained: other.")
    assert verified["good"]
    assert case.run("SELECT * FROM payments ORDER BY payment_id") == rows
