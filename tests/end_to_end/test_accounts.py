"""What the account of a payment decides, through the real `cmxero` and the sandbox Xero (R3)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.end_to_end.journey import CaseBook, Cmxero, browser_environment

PAID = datetime.now(UTC).date() - timedelta(days=21)


def test_the_account_decides_type_trust_and_what_is_never_copied(
    tmp_path: Path, keyring_environment: dict[str, str]
) -> None:
    case = CaseBook(tmp_path / "case.db")
    case.create()
    case.add_invoice("100")
    ledger = Ledger(Clock(), BRIGHTSIDE)
    accounts = {
        code: ledger.add_account(f"Account {code}", code, kind)
        for code, kind in (("090", "CURRENT"), ("091", "BANK"), ("612", "CURRENT"), ("803", "CURRLIAB"))
    }
    invoice_id = ledger.add_invoice("CM-100", ledger.add_contact("Acme"), "1000.00", PAID)
    for amount, code in (("90.00", "090"), ("91.00", "091"), ("61.20", "612"), ("80.30", "803")):
        ledger.add_payment(invoice_id, amount, PAID, accounts[code])
    cmxero = Cmxero(tmp_path / "home", keyring_environment | browser_environment())
    with SandboxXero(ledger) as xero:
        xero.identity.client_id = "PLAIN"
        cmxero.set_up(xero.api_url, f"sqlite:///{case.path}")
        settings = cmxero.home / "settings.toml"
        text = settings.read_text().replace("never_copy = []", 'never_copy = ["803"]')
        settings.write_text(text + '\n[payment_types]\n"090" = "Cheque"\n')
        cmxero("poll")
        proposals = {row["amount"]: row for row in cmxero("list", "proposals")}
        skipped = cmxero("list", "skipped")
        asked = cmxero("account")
        cmxero("account", "612", "--keep-flagging")
        cmxero("poll", "--full")
        asked_again = cmxero("account")
        # One that asks for a look is approved on its own.
        for row in proposals.values():
            cmxero("approve", row["id"])
    assert [(row["amount"], row["reason"]) for row in skipped] == [("80.30", "ACCOUNT")]
    assert [(row["account"], row["payments"], row["amount"]) for row in asked] == [("612", 1, "61.20")]
    assert asked_again == []
    assert 'keep_flagging = ["612"]' in settings.read_text()
    assert {a for a, row in proposals.items() if "not_bank" in row["flags"]} == {"61.20"}
    types = case.run("SELECT amount, payment_type FROM payments ORDER BY amount DESC")
    assert types == [(91, "EFT"), (90, "Cheque"), (61.2, "EFT")]
