"""A note and a reason of the firm through the real `cmxero`: kept over checks and processes, written nowhere else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.end_to_end.journey import CaseBook, Cmxero, browser_environment

TODAY = datetime.now(UTC).date()
PAID = TODAY - timedelta(days=20)
SOON = (TODAY + timedelta(days=3)).isoformat()
BY = ("--by", "Ann")


def test_a_note_lasts_over_checks_and_the_firms_reasons_are_offered_by_use(
    tmp_path: Path, keyring_environment: dict[str, str]
) -> None:
    case = CaseBook(tmp_path / "case.db")
    case.create()
    case.add_invoice("100")
    case.add_payment("100", "77.00", PAID)
    ledger = Ledger(Clock(), BRIGHTSIDE)
    bank = ledger.add_account("Bank", "091", "BANK")
    invoice_id = ledger.add_invoice("CM-100", ledger.add_contact("Acme"), "1000.00", PAID)
    ledger.add_payment(invoice_id, "400.00", PAID, bank)
    home = tmp_path / "home"
    cmxero = Cmxero(home, keyring_environment | browser_environment())
    with SandboxXero(ledger) as xero:
        xero.identity.client_id = "PLAIN"
        cmxero.set_up(xero.api_url, f"sqlite:///{case.path}")
        cmxero("poll")
        rows = case.run("SELECT * FROM payments ORDER BY payment_id")
        (leftover,) = [row for row in cmxero("list", "unmatched") if row["side"] == "case_manager"]
        said = cmxero("note", leftover["id"], "Asked Acme", "--owner", "Kim", "--follow-up", SOON, *BY)
        cmxero("note", leftover["id"], "Acme does not know", *BY)
        cmxero("poll", "--full")
        followed = cmxero("list", "follow-ups")
        ledger.add_payment(invoice_id, "77.00", PAID, bank)
        cmxero("poll")
        (matched,) = cmxero("list", "matched")
        reasons = cmxero("reject", "--reasons")
        (add,) = [row["id"] for row in cmxero("list", "proposals") if row["kind"] == "add"]
        cmxero("reject", add, "--as", "asked", *BY)
        by_use = cmxero("reject", "--reasons")
        history = cmxero("list", "history")
        verified = cmxero("verify")
        assert case.run("SELECT * FROM payments ORDER BY payment_id") == rows
    assert said["said"].startswith("CM-100: Asked Acme. Kim sees to it. Follow up on ")
    assert [(row["note"], row["owner"], row["follow_up"], row["list"]) for row in followed] == [
        ("Acme does not know", "Kim", SOON, "unmatched")
    ]
    assert (matched["note"], matched["owner"], matched["noted_by"]) == ("Acme does not know", None, "Ann")
    assert by_use[0] == "Asked the client" != reasons[0]
    told = [row["what"] for row in history if row["what"] in {"noted", "changed a note", "ended a follow-up"}]
    assert sorted(told) == ["changed a note", "ended a follow-up", "noted"]
    assert [row["reason"] for row in history if row["what"] == "rejected"] == ["Asked the client"]
    assert verified["good"]
