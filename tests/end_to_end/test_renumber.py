"""A renumbered invoice, through the real `cmxero`: nothing in bulk until a person said which one it is (R1)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.end_to_end.journey import CaseBook, Cmxero, browser_environment

PAID = datetime.now(UTC).date() - timedelta(days=20)
ADD_ALL = ("approve", "--all", "--kind", "add", "--by", "Ann")


def test_a_renumbered_invoice_waits_for_a_word_and_then_goes_as_the_others(
    tmp_path: Path, keyring_environment: dict[str, str]
) -> None:
    case = CaseBook(tmp_path / "case.db")
    case.create()
    for number in ("100", "101", "102"):
        case.add_invoice(number)
    ledger = Ledger(Clock(), BRIGHTSIDE)
    bank, acme = ledger.add_account("Bank", "091", "BANK"), ledger.add_contact("Acme")
    invoice_id = ledger.add_invoice("CM-100", acme, "1000.00", PAID)
    ledger.add_payment(invoice_id, "400.00", PAID, bank)
    ledger.add_invoice("cm-102", acme, "1000.00", PAID)
    other = ledger.add_invoice("CM-103", acme, "1000.00", PAID)
    cmxero = Cmxero(tmp_path / "home", keyring_environment | browser_environment())
    with SandboxXero(ledger) as xero:
        xero.identity.client_id = "PLAIN"
        cmxero.set_up(xero.api_url, f"sqlite:///{case.path}")
        cmxero("poll")
        looks_like = cmxero("list", "alerts")
        cmxero(*ADD_ALL)
        ledger.renumber_invoice(invoice_id, "CM-101")
        ledger.add_payment(invoice_id, "60.00", PAID, bank)
        cmxero("poll")
        flagged = cmxero("list", "proposals")
        held = cmxero(*ADD_ALL)
        choices = cmxero("renumber", "CM-101")
        lacking = cmxero("renumber", "CM-101", "--use", "999", "--by", "Ann", expect=1)
        said = cmxero("renumber", "CM-101", "--use", "100", "--reason", "only the label", "--by", "Ann")
        taken = cmxero("renumber", "CM-103", "--use", "100", "--by", "Ann", expect=1)
        cmxero("poll", "--full")
        alerts = cmxero("list", "alerts")
        applied = cmxero(*ADD_ALL)
        ledger.renumber_invoice(invoice_id, "CM-105")
        cmxero("poll")
        anew = cmxero("list", "alerts")
        verified = cmxero("verify")
        history = cmxero("list", "history")
    assert other != invoice_id
    assert [row["kind"] for row in looks_like] == ["looks_like_cm"]
    assert "Case Manager has invoice 102." in looks_like[0]["explanation"]
    assert [(row["amount"], row["flags"]) for row in flagged] == [("60.00", ["renumbered"])]
    assert (held["applied"], len(held["held_back"])) == ([], 1)
    assert (choices["goes_with"], choices["in_doubt"]) == ("100", True)
    assert [(c["number"], c["why"], c["copies"]) for c in choices["choices"]] == [
        ("100", ["copies", "first"], 1),
        ("101", ["present"], 0),
    ]
    assert "Case Manager has no invoice 999." in lacking
    assert said == {"said": "CM-101 in Xero is invoice 100 of Case Manager."}
    assert "Invoice 100 of Case Manager is that of Xero's CM-101 of Acme." in taken
    assert [row["kind"] for row in alerts] == ["looks_like_cm"]
    assert len(applied["applied"]) == 1
    assert [amount for _, amount, *_ in case.payments("100")] == [400, 60]
    assert case.payments("101") == []
    assert [row["kind"] for row in anew] == ["renumbered", "looks_like_cm"], "the graver one first"
    assert verified["good"]
    assert [(row["who"], row["reason"]) for row in history if row["what"] == "said which invoice it is"] == [
        ("Ann", "only the label")
    ]
