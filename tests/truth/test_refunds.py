"""Money that went back in Xero is no payment, never copied, and known where both debtor lists differ by it (R2)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cmxero_desktop.domain.bulk import BULK_ORDER
from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_lists import DebtorLine
from cmxero_desktop.domain.proposals import Flag, Proposal
from cmxero_desktop.sandbox.ledger.entries import CreditKind
from cmxero_desktop.services.checking.debtors import debtor_lists
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.records.settings import PolicySettings
from cmxero_desktop.services.viewing.kept_view import read_desk
from tests.truth.books import Books
from tests.truth.story import CHECKS
from tests.truth.whole_program import WholeProgram

DAY = CHECKS[0].date()


class Firm:
    """One invoice of Ms Ito's in both systems, the program between them, and what people do in either."""

    def __init__(self, folder: Path) -> None:
        self.program = WholeProgram(Books(), PolicySettings(), folder)
        self.ledger = self.program._xero.ledger
        self.case_file = folder / "case.db"
        self.payer = self.ledger.add_contact("Ms Ito")
        self.bank = self.ledger.add_account("Business cheque a/c", "090")

    def bill(self, number: str, total: str) -> str:
        """Bill an invoice in both systems; return its id in Xero."""
        self.run(
            "INSERT INTO invoices (invoice_number, bill_to, invoice_date, total) VALUES (?, 'Ms Ito', ?, ?)",
            number,
            DAY.isoformat(),
            total,
        )
        return self.ledger.add_invoice(f"CM-{number}", self.payer, total, DAY)

    def credited(self, kind: CreditKind, amount: str) -> str:
        """Enter a credit note, or money that was overpaid, in Xero."""
        return self.ledger.add_credit(kind, self.payer, amount, DAY, number="CN-88")

    def pays_back(self, credit: str, amount: str) -> str:
        """Refund it from Xero's bank."""
        return self.ledger.refund_credit(credit, amount, DAY, self.bank)

    def typed(self, number: str, amount: str, refunds: str = "0", adjustments: str = "0") -> None:
        """Type a payment into Case Manager, and what stands on the invoice beside."""
        self.run(
            "INSERT INTO payments (invoice_id, payment_date, amount, payment_type) "
            "SELECT invoice_id, ?, ?, 'EFT' FROM invoices WHERE invoice_number = ?",
            DAY.isoformat(),
            amount,
            number,
        )
        self.stands(number, refunds=refunds, adjustments=adjustments)

    def stands(self, number: str, *, refunds: str = "0", adjustments: str = "0") -> None:
        self.run(
            "UPDATE invoices SET refunds = ?, adjustments = ? WHERE invoice_number = ?", refunds, adjustments, number
        )

    def run(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.case_file)) as database, database:
            return database.execute(statement, values).fetchall()

    def check(self, at: int = 0) -> tuple[Proposal, ...]:
        return self.program.check(CHECKS[at]).proposals

    def approve_all(self) -> None:
        """Approve what bulk allows, one kind after the other, and write it."""
        for kind in BULK_ORDER:
            self.program._deciding.approve_all("Ann", kind)
        assert not self.program._applying.apply(None, "Ann").failed

    def money_back(self) -> list[tuple[str, str]]:
        """Return what is listed as gone back: invoice and amount."""
        view = read_desk(self.program.outside.store)
        return [(row.invoice_number, str(row.refund.amount)) for row in view.money_back]

    def debtor(self) -> DebtorLine | None:
        lines = debtor_lists(self.program.outside).lines
        return lines[0] if lines else None

    def causes(self) -> dict[Cause, str]:
        line = self.debtor()
        return {reason.cause: reason.entry for reason in line.reasons} if line else {}

    def paid(self) -> list[object]:
        return [row[0] for row in self.run("SELECT amount FROM payments ORDER BY payment_id")]


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = Firm(tmp_path)
    yield made
    made.program.close()


def overpaid(firm: Firm) -> None:
    """Ms Ito pays 1,000.00 on an invoice over 900.00, and the firm pays the excess back from its bank."""
    invoice = firm.bill("100", "900.00")
    firm.ledger.add_payment(invoice, "900.00", DAY, firm.bank)
    firm.pays_back(firm.credited(CreditKind.OVERPAYMENT, "100.00"), "100.00")


def test_r2_an_overpayment_that_went_back_leaves_a_right_invoice_alone(firm: Firm) -> None:
    overpaid(firm)
    firm.typed("100", "900")
    firm.check()
    firm.approve_all()
    assert firm.paid() == [900]
    assert firm.causes() == {}
    assert firm.money_back() == [("", "100.00")]


def test_r2_money_typed_whole_with_its_refund_is_not_added_again_and_the_refund_is_known(firm: Firm) -> None:
    overpaid(firm)
    firm.typed("100", "1000", refunds="100")
    (add,) = firm.check()
    assert {Flag.BALANCE_DIFFERS, Flag.BESIDE_UNMATCHED} <= add.flags
    firm.approve_all()
    assert firm.paid() == [1000], "the money stands there already, with the part that went back"
    assert firm.money_back() == [("CM-100", "100.00")]
    causes = firm.causes()
    assert Cause.REFUND not in causes, "nobody is sent to take back a refund that was really paid"
    assert "Xero gave back 100.00" in causes[Cause.OVERPAID_REFUNDED]


def test_r2_money_typed_whole_without_its_refund_asks_for_the_refund(firm: Firm) -> None:
    overpaid(firm)
    firm.typed("100", "1000")
    firm.check()
    firm.approve_all()
    assert firm.paid() == [1000]
    assert "Enter a refund of 100.00 in Case Manager" in firm.causes()[Cause.TO_REFUND]
    firm.stands("100", refunds="100")
    firm.check(1)
    assert Cause.TO_REFUND not in firm.causes()


def test_r2_other_money_of_the_amount_is_not_taken_for_what_went_back(firm: Firm) -> None:
    """100.00 more were typed before Xero has them: nobody is sent to enter a refund against them."""
    overpaid(firm)
    firm.run("UPDATE invoices SET total = 1500 WHERE invoice_number = '100'")
    (invoice,) = firm.ledger.invoices
    firm.ledger.invoices[invoice] = replace(firm.ledger.invoices[invoice], total_cents=150_000)
    firm.typed("100", "900")
    firm.typed("100", "100")
    firm.check()
    assert firm.causes().keys() == {Cause.LEFTOVER}
    assert firm.money_back() == [("", "100.00")]


def test_r2_a_credit_note_that_was_paid_out_asks_for_the_adjustment(firm: Firm) -> None:
    invoice = firm.bill("100", "1000.00")
    firm.ledger.add_payment(invoice, "1000.00", DAY, firm.bank)
    firm.pays_back(firm.credited(CreditKind.CREDIT_NOTE, "200.00"), "200.00")
    firm.typed("100", "1000", refunds="200")
    firm.check()
    assert firm.causes().keys() == {Cause.CREDIT_REFUNDED}
    assert "adjustment of -200.00" in firm.causes()[Cause.CREDIT_REFUNDED]
    # What it says is entered: both lists agree, and nothing is asked any more.
    firm.stands("100", refunds="200", adjustments="-200")
    firm.check(1)
    assert firm.causes() == {}


def test_r2_a_credit_note_that_was_paid_out_in_part_asks_for_the_refund(firm: Firm) -> None:
    """Of 300.00, 100.00 settled the invoice and 200.00 went back; Case Manager has the adjustment alone."""
    invoice = firm.bill("100", "1000.00")
    firm.ledger.add_payment(invoice, "900.00", DAY, firm.bank)
    credit = firm.credited(CreditKind.CREDIT_NOTE, "300.00")
    firm.ledger.apply_credit(credit, invoice, "100.00", DAY)
    firm.pays_back(credit, "200.00")
    firm.typed("100", "900", adjustments="-300")
    firm.check()
    assert firm.money_back() == [("CM-100", "200.00")]
    assert firm.causes().keys() == {Cause.TO_REFUND}
    firm.stands("100", refunds="200", adjustments="-300")
    firm.check(1)
    assert firm.causes() == {}


def test_r2_what_went_back_is_looked_for_at_once_where_the_debtor_test_fails(firm: Firm) -> None:
    invoice = firm.bill("100", "1000.00")
    firm.ledger.add_payment(invoice, "1000.00", DAY, firm.bank)
    firm.typed("100", "1000")
    firm.check()
    asked = requests(firm)
    firm.check(1)
    assert requests(firm) - asked == 3, (
        "nothing differs: the two requests of any check, and the day's first for the firm"
    )
    firm.pays_back(firm.credited(CreditKind.CREDIT_NOTE, "200.00"), "200.00")
    firm.stands("100", refunds="200")
    asked = requests(firm)
    firm.check(2)
    assert requests(firm) - asked <= 3 + 5
    assert firm.causes().keys() == {Cause.CREDIT_REFUNDED}
    asked = requests(firm)
    firm.check(3)
    assert requests(firm) - asked == 3, "the same difference is looked for once"


def test_r2_a_refund_that_was_deleted_in_xero_is_listed_no_more(firm: Firm) -> None:
    overpaid(firm)
    firm.typed("100", "1000", refunds="100")
    firm.check()
    (refund,) = (p for p in firm.ledger.payments.values() if p.payment_type == "AROVERPAYMENTPAYMENT")
    firm.ledger.delete_payment(refund.payment_id)
    assert firm.program._polling.poll(PollAsk(is_full=True)).reason == ""
    assert firm.money_back() == []
    assert Cause.REFUND in firm.causes()


def test_r2_what_went_back_to_others_is_no_business_of_ours(firm: Firm) -> None:
    overpaid(firm)
    other = firm.ledger.add_contact("Somebody else")
    credit = firm.ledger.add_credit(CreditKind.PREPAYMENT, other, "55.00", DAY)
    firm.pays_back(credit, "55.00")
    firm.check()
    with firm.program.outside.store.read() as unit:
        assert [str(refund.amount) for refund in unit.facts.refunds()] == ["100.00"]


def requests(firm: Firm) -> int:
    return firm.program.outside.xero.requests_made
