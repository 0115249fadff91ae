"""Where a payment went decides what becomes of it, through the whole program (R3, S1)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from cmxero_desktop.domain.placements import Placement, Reason
from cmxero_desktop.domain.proposals import Flag, Proposal
from cmxero_desktop.services.records.settings import PolicySettings
from tests.truth.books import Books
from tests.truth.story import CHECKS
from tests.truth.whole_program import WholeProgram

DAY = CHECKS[0].date()
POLICY = PolicySettings(payment_types={"090": "Cheque"}, never_copy=("091",), sor_account="612")


@dataclass
class Firm:
    """An empty firm, the program on it, and what a person does in both systems."""

    program: WholeProgram
    case_file: Path
    numbers: int = 100

    def paid_to(self, name: str, code: str | None, account_type: str = "BANK") -> str:
        """Bill an invoice in both systems, and pay it in Xero to a new account; return its CM number."""
        ledger, self.numbers = self.program._xero.ledger, self.numbers + 1
        account = ledger.add_account(name, code, account_type)
        invoice = ledger.add_invoice(f"CM-{self.numbers}", ledger.add_contact("Ms Ito"), "400.00", DAY)
        ledger.add_payment(invoice, "400.00", DAY, account)
        self.run(
            "INSERT INTO invoices (invoice_number, bill_to, invoice_date, total) VALUES (?, 'Ms Ito', ?, 400)",
            str(self.numbers),
            DAY.isoformat(),
        )
        return f"CM-{self.numbers}"

    def run(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.case_file)) as database, database:
            return database.execute(statement, values).fetchall()

    def check(self) -> dict[str, Proposal]:
        """Check Xero; return what is proposed, by invoice."""
        return {p.invoice_number: p for p in self.program.check(CHECKS[0]).proposals}

    def placed(self, number: str) -> Placement:
        (row,) = (p for c in self.program.look().correlations for p in c.placements if p.invoice_number == number)
        return row


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    program = WholeProgram(Books(), POLICY, tmp_path)
    yield Firm(program, tmp_path / "case.db")
    program.close()


def test_r3_an_account_that_the_settings_name_gives_its_payment_type(firm: Firm) -> None:
    number = firm.paid_to("Business cheque a/c", "090")
    add = firm.check()[number]
    assert add.flags == frozenset()
    firm.program._deciding.approve([add.proposal_id], by="Ann")
    assert firm.program._applying.apply(None, "Ann").applied
    assert firm.run("SELECT payment_type, amount FROM payments") == [("Cheque", 400)]


def test_r3_a_payment_to_the_trust_account_is_never_copied(firm: Firm) -> None:
    number = firm.paid_to("Trust", "091")
    assert number not in firm.check()
    assert firm.placed(number).reason is Reason.ACCOUNT


def test_r3_an_account_that_is_no_bank_is_flagged_unless_it_is_named_or_the_clearing_account(firm: Firm) -> None:
    suspense = firm.paid_to("Suspense", "850", "CURRENT")
    clearing = firm.paid_to("Apxium Clearing", "612", "CURRENT")
    named = firm.paid_to("Card terminal", "090", "CURRENT")
    bank = firm.paid_to("Savings", None)
    flags = {number: add.flags for number, add in firm.check().items()}
    assert flags[suspense] == {Flag.NOT_BANK}
    assert Flag.NOT_BANK not in flags[clearing] | flags[named] | flags[bank]


def test_r3_an_account_that_is_new_is_asked_for_at_once(firm: Firm) -> None:
    firm.check()
    number = firm.paid_to("Opened today", "851", "CURRENT")
    assert firm.check()[number].flags == {Flag.NOT_BANK}
