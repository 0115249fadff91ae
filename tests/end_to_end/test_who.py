"""Who did what with a payment, through the real `cmxero`: as Xero's own history says, asked once for each state."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.end_to_end.journey import CaseBook, Cmxero, browser_environment

PAID = datetime.now(UTC).date() - timedelta(days=20)


def test_xero_says_who_entered_and_who_deleted_a_payment(tmp_path: Path, keyring_environment: dict[str, str]) -> None:
    case = CaseBook(tmp_path / "case.db")
    case.create()
    case.add_invoice("100")
    ledger = Ledger(Clock(), BRIGHTSIDE)
    bank, acme = ledger.add_account("Bank", "091", "BANK"), ledger.add_contact("Acme")
    invoice = ledger.add_invoice("CM-100", acme, "1000.00", PAID)
    payment = ledger.add_payment(invoice, "400.00", PAID, bank)
    cmxero = Cmxero(tmp_path / "home", keyring_environment | browser_environment())
    with SandboxXero(ledger) as xero:
        xero.identity.client_id = "PLAIN"
        cmxero.set_up(xero.api_url, f"sqlite:///{case.path}")
        unread = cmxero("who", payment, expect=1)
        cmxero("poll")
        entered = cmxero("who", payment)
        again = cmxero("who", payment)
        ledger.delete_payment(payment)
        other = ledger.add_payment(invoice, "70.00", PAID, bank)
        cmxero("poll")
        deleted = cmxero("who", payment)
        cmxero("disconnect")
        nobody = cmxero("who", other, expect=1)
    kept = cmxero("who", payment)
    assert "was read yet" in unread
    assert [(line["what"], line["who"]) for line in entered["lines"]] == [("Created", "R. Patel")]
    assert again == entered, "what was said is kept with the time at which it was"
    assert [(line["what"], line["who"]) for line in deleted["lines"]] == [("Created", "R. Patel"), ("Deleted", "J. Wu")]
    assert kept == deleted, "Xero is gone by then, and not asked"
    assert "Deleted by J. Wu" in deleted["explanation"]
    assert "not signed in to Xero" in nobody
