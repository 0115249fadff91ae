"""Where a payment went decides what becomes of it, through the whole program (R3, S1)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.domain.bulk import BULK_ORDER
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.placements import Placement, Reason
from cmxero_desktop.domain.proposals import Flag, Proposal
from cmxero_desktop.services.deciding.accounts import AccountSaying, say_account
from cmxero_desktop.services.records.settings import PolicySettings
from cmxero_desktop.services.viewing.kept_view import read_desk
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

    def typed(self, number: str, amount: int) -> None:
        """Type a payment into Case Manager by hand, as of the day of the payment."""
        self.run(
            "INSERT INTO payments (invoice_id, payment_date, amount, payment_type) "
            "SELECT invoice_id, ?, ?, 'EFT' FROM invoices WHERE invoice_number = ?",
            DAY.isoformat(),
            amount,
            number.removeprefix("CM-"),
        )

    def approve_all(self) -> None:
        """Approve what bulk allows, one kind after the other, and write it."""
        for kind in BULK_ORDER:
            self.program._deciding.approve_all("Ann", kind)
        assert not self.program._applying.apply(None, "Ann").failed

    def asked(self) -> dict[str, tuple[int, str]]:
        """Return what is asked about accounts: how many payments went to each, and their sum."""
        alerts = read_desk(self.program.outside.store).alerts
        return {a.account.title: (a.account.payments, str(a.account.amount)) for a in alerts if a.account}

    def say(self, account: str, answer: AccountAnswer, payment_type: str = "") -> str:
        said = AccountSaying(account=account, answer=answer, by="Ann", payment_type=payment_type)
        return say_account(self.program.outside, said)

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


# The question that is asked once


def test_r3_trust_money_is_asked_about_once_and_never_copied_in_bulk(firm: Firm) -> None:
    """Half of the payments went to an account that holds clients' money; no receipt of it may get into Case Manager."""
    trust = [firm.paid_to("Trust money", "882", "CURRLIAB")]
    account = next(a.account_id for a in firm.program._xero.ledger.accounts.values() if a.code == "882")
    own = firm.paid_to("Business cheque a/c", "090")
    ledger = firm.program._xero.ledger
    for amount in ("150.00", "250.00"):
        number = firm.paid_to("Business cheque a/c 2", "090")
        invoice = next(i for i in ledger.invoices.values() if i.number == number)
        (payment,) = (p for p in ledger.payments.values() if p.document_id == invoice.invoice_id)
        ledger.delete_payment(payment.payment_id)
        ledger.add_payment(invoice.invoice_id, amount, DAY, account)
        trust.append(number)
    firm.check()
    assert firm.asked() == {"Trust money (882)": (3, "800.00")}
    firm.approve_all()
    assert firm.run("SELECT amount FROM payments") == [(400,)], "nothing is copied while nobody has said what it is"
    assert own not in trust

    firm.say("882", AccountAnswer.NEVER_COPY)
    assert firm.asked() == {}
    # A person typed one of them by hand: it stays, and is nobody's leftover.
    firm.typed(trust[0], 400)
    bank = next(a.account_id for a in ledger.accounts.values() if a.code == "090")
    more = next(i for i in ledger.invoices.values() if i.number == trust[2])
    ledger.add_payment(more.invoice_id, "50.00", DAY, bank)
    firm.typed(trust[2], 250)
    proposals = firm.check()
    assert firm.asked() == {}, "an answer is asked for once"
    assert proposals.keys() == {trust[2]}
    assert proposals[trust[2]].flags == frozenset()
    firm.approve_all()
    assert sorted(firm.run("SELECT amount FROM payments")) == [(50,), (250,), (400,), (400,)]
    assert firm.program.outside.settings_file.load().policy.never_copy == ("091", "882")


def test_r3_the_answer_is_followed_before_the_next_check(firm: Firm) -> None:
    number = firm.paid_to("Trust money", "882", "CURRLIAB")
    firm.check()
    firm.say("Trust Money", AccountAnswer.NEVER_COPY)
    assert firm.placed(number).reason is Reason.ACCOUNT
    assert not firm.program.look().proposals
    firm.say("882", AccountAnswer.TRUST, "Credit Card")
    (add,) = firm.program.look().proposals
    assert (add.flags, add.after and add.after.payment_type) == (frozenset(), "Credit Card")
    firm.say("882", AccountAnswer.KEEP_FLAGGING)
    (add,) = firm.program.look().proposals
    assert add.flags == {Flag.NOT_BANK}
    firm.check()
    assert firm.asked() == {}


def test_r3_a_new_account_is_asked_about_when_it_comes(firm: Firm) -> None:
    firm.paid_to("Bad debts", "851", "EXPENSE")
    firm.check()
    firm.say("851", AccountAnswer.KEEP_FLAGGING)
    firm.paid_to("Card terminal", "852", "CURRENT")
    firm.paid_to("Savings", None)
    firm.check()
    assert firm.asked() == {"Card terminal (852)": (1, "400.00")}


def test_r3_what_the_settings_name_already_is_not_asked_about(firm: Firm) -> None:
    firm.paid_to("Card terminal", "090", "CURRENT")
    firm.paid_to("Trust", "091", "CURRLIAB")
    firm.paid_to("Apxium Clearing", "612", "CURRENT")
    firm.check()
    assert firm.asked() == {}


def test_r3_an_account_that_xero_does_not_have_is_no_answer(firm: Firm) -> None:
    firm.paid_to("Trust money", "882", "CURRLIAB")
    firm.check()
    with pytest.raises(NotAllowedError, match="no account 883"):
        firm.say("883", AccountAnswer.NEVER_COPY)
    assert firm.asked().keys() == {"Trust money (882)"}
