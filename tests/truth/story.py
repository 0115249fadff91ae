"""What people do in both ledgers, told step by step: the verbs that the stories of an invented firm are made of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from tests.truth.books import PREFIX, Books, Receipt, Shares, money

# The first check, and the instants of those that follow it.
CHECKS = tuple(datetime(2026, 11, day, 9, tzinfo=UTC) for day in (2, 3, 6, 24, 27))
_OLDEST_DAYS = 150
_FEES = (22_000, 33_000, 55_000, 66_000, 110_000)
_BANK, _CARDS = "Business Bank", "Card Clearing"

Pause = Iterator[None]
Tale = Callable[["Story"], Pause]


@dataclass(frozen=True, slots=True)
class Billed:
    """One invoice, in both systems."""

    xero: XeroInvoiceId
    case: CaseInvoiceId
    number: str
    payer: str
    cents: int


@dataclass(frozen=True, slots=True)
class Booked:
    """One receipt that both sides have: the payment in Xero and the row in Case Manager."""

    receipt: Receipt
    payment: XeroPaymentId
    row: CasePaymentId


@dataclass(slots=True)
class World:
    """One firm and the dice that decide about it; `stage` is the number of the check that comes next."""

    books: Books
    dice: Random
    has_standard_fees: bool = False
    payers: list[str] = field(default_factory=list)
    stage: int = 0
    numbers: int = 10_000
    names: int = 0
    marked_invoices: dict[XeroInvoiceId, str] = field(default_factory=dict)
    marked_payers: set[str] = field(default_factory=set)
    clean_payments: set[XeroPaymentId] = field(default_factory=set)
    stray_cents: set[int] = field(default_factory=set)

    def new_id(self) -> str:
        """Return a new id in the shape that Xero uses."""
        self.names += 1
        return f"{self.names:08x}-0000-4000-8000-{self.dice.randrange(1 << 48):012x}"

    def new_group(self) -> str:
        """Return what a multi-invoice payment in Case Manager is known by."""
        self.names += 1
        return str(self.names)


class Story:
    """One thing that happened to one payer. `is_clean` stories have no mistake in them."""

    def __init__(self, world: World, name: str, *, is_clean: bool) -> None:
        self.world, self.name, self.is_clean = world, name, is_clean
        self.dice, self.books = world.dice, world.books
        self.payer = self.dice.choice(world.payers)
        self.account = _CARDS if self.dice.random() < 0.1 else _BANK
        self.now = self._beginning()
        if not is_clean:
            world.marked_payers.add(self.payer)

    # Time

    def _beginning(self) -> datetime:
        end = CHECKS[self.world.stage]
        if self.world.stage == 0:
            return end - timedelta(days=self.dice.randrange(2, _OLDEST_DAYS), minutes=self.dice.randrange(1_000))
        return CHECKS[self.world.stage - 1] + timedelta(minutes=self.dice.randrange(5, 600))

    def later(self, days: float) -> None:
        """Let time pass, but not past the next check."""
        wanted = self.now + timedelta(days=days, minutes=self.dice.randrange(1, 50))
        last = CHECKS[self.world.stage] - timedelta(minutes=self.dice.randrange(1, 30))
        self.now = max(self.now, min(wanted, last))

    def check(self) -> Pause:
        """Let the program check, and go on after it."""
        stage = self.world.stage
        yield
        assert self.world.stage > stage
        self.now = self._beginning()

    def perhaps_check(self) -> Pause:
        """Let the program check in between, or not."""
        if self.dice.random() < 0.5:
            yield from self.check()

    def day(self, at_most_ago: int = 3) -> date:
        """Return a day on which money came that is entered now."""
        return self.now.date() - timedelta(days=self.dice.randrange(at_most_ago + 1))

    def nudged(self, day: date, most: int) -> date:
        """Return another day, so many days away at most."""
        return day + timedelta(days=self.dice.choice((-1, 1)) * self.dice.randint(1, most))

    # Amounts

    def some_cents(self, least: int = 5_000, most: int = 250_000) -> int:
        """Return an amount: a standard fee where the firm has those."""
        if self.world.has_standard_fees:
            return self.dice.choice(_FEES)
        return self.dice.randint(least, most)

    def odds(self, share: float) -> bool:
        """Say yes that often."""
        return self.dice.random() < share

    # Invoices

    def bill(self, cents: int = 0, *, payer: str = "") -> Billed:
        """Make an invoice in both systems, usually with some of it still to be paid for."""
        payer = payer or self.payer
        cents = (cents or self.some_cents()) + (self.some_cents() if self.odds(0.4) else 0)
        self.world.numbers += 1
        number = str(self.world.numbers)
        made = Billed(
            xero=self.books.bill_xero(f"{PREFIX}{number}", cents, payer, self.now),
            case=self.books.bill_case(number, cents, self._bill_to(payer)),
            number=number,
            payer=payer,
            cents=cents,
        )
        self.books.belong(made.xero, made.case)
        if not self.is_clean:
            self.mark(made)
        return made

    def bill_case_only(self, cents: int) -> Billed:
        """Make an invoice that Xero does not have."""
        self.world.numbers += 1
        number, payer = str(self.world.numbers), self.other_payer()
        self.world.marked_payers.add(payer)
        case = self.books.bill_case(number, 2 * cents, self._bill_to(payer))
        return Billed(xero=XeroInvoiceId(""), case=case, number=number, payer=payer, cents=2 * cents)

    def bill_here(self, cents: int) -> Billed:
        """Make an invoice from before, which Xero does not have: no mistake, so that nobody is marked."""
        self.world.numbers += 1
        number = str(self.world.numbers)
        case = self.books.bill_case(number, cents, self._bill_to(self.payer))
        return Billed(xero=XeroInvoiceId(""), case=case, number=number, payer=self.payer, cents=cents)

    def _bill_to(self, payer: str) -> str:
        """Return what Case Manager calls a payer: mostly what Xero does."""
        return f"{payer} Pty Ltd" if payer.endswith("7") else payer

    def mark(self, invoice: Billed) -> None:
        """Note that a mistake was planted on this invoice and its payer."""
        self.world.marked_invoices[invoice.xero] = self.name
        self.world.marked_payers.add(invoice.payer)

    def other_payer(self) -> str:
        """Return somebody, often the same one."""
        return self.payer if self.odds(0.6) else self.dice.choice(self.world.payers)

    # Xero

    def receipt(self, cents: int) -> Receipt:
        """Let money come."""
        return self.books.receipt(cents, self.name)

    def enter(
        self, invoice: Billed, shares: Shares, on: date | None = None, *, reference: str = "", batch: str = ""
    ) -> XeroPaymentId:
        """Enter a payment in Xero."""
        key = XeroPaymentId(self.world.new_id())
        payment = XeroPayment(
            payment_id=key,
            invoice_id=invoice.xero,
            invoice_number=self.books.xero_invoices[invoice.xero].number,
            paid_on=on or self.day(),
            amount=money(sum(cents for _, cents in shares)),
            updated_at=self.now,
            reference=reference or self._reference(),
            contact_name=self.books.xero_invoices[invoice.xero].contact_name,
            account_name=self.account,
            batch_payment_id=batch,
        )
        self.books.pay(payment, shares)
        assert self.books.due(invoice.xero) >= 0, "Xero lets no invoice be overpaid"
        if self.is_clean:
            self.world.clean_payments.add(key)
        return key

    def _reference(self) -> str:
        return f"DD {self.dice.randrange(10_000, 99_999)}" if self.odds(0.5) else ""

    def paid(self, invoice: Billed, cents: int, on: date | None = None) -> tuple[Receipt, XeroPaymentId]:
        """Let money come and enter it in Xero."""
        receipt = self.receipt(cents)
        return receipt, self.enter(invoice, ((receipt.number, cents),), on)

    def delete(self, payment: XeroPaymentId) -> None:
        """Delete a payment in Xero."""
        self.books.delete_payment(payment, self.now)
        self.world.stray_cents.add(self.books.xero_payments[payment].amount.minor)

    def payment(self, key: XeroPaymentId) -> XeroPayment:
        """Return a payment as Xero has it."""
        return self.books.xero_payments[key]

    # Case Manager

    def type_in(
        self,
        invoice: Billed,
        shares: Shares,
        cents: int,
        on: date,
        *,
        notes: str = "",
        group: str = "",
        reference: str = "",
        is_journalled: bool = False,
    ) -> CasePaymentId:
        """Type a payment in Case Manager by hand."""
        key = self.books.next_key()
        row = CasePayment(
            payment_id=key,
            invoice_id=invoice.case,
            paid_on=on,
            amount=money(cents),
            payment_type="Cheque" if self.odds(0.2) else "EFT",
            reference=reference,
            notes=notes,
            group=group,
            is_journalled=is_journalled,
            journal_number="J-7" if is_journalled else "",
        )
        self.books.put(row, shares)
        assert self.books.owed(invoice.case) >= 0, "Case Manager lets no invoice be overpaid"
        if not self.is_clean:
            self.world.stray_cents.add(cents)
        return key

    def copy(self, invoice: Billed, payment: XeroPaymentId, how: str = "") -> CasePaymentId:
        """Type a payment in Case Manager as Xero has it, in one of the ways that occur."""
        original = self.payment(payment)
        how = how or self.dice.choices(HOW, HOW_OFTEN)[0]
        # Later than the first check nobody but the program writes such a line, or it would stop by itself (R29).
        how = how if self.world.stage == 0 else how.replace("named", "")
        names = f"Xero payment {payment}" if "named" in how else ""
        prose = "cheque banked" if self.odds(0.1) else ""
        return self.type_in(
            invoice,
            self.books.xero_money[payment],
            original.amount.minor,
            original.paid_on,
            notes="\n".join(part for part in (prose, names) if part),
            reference=original.reference if self.odds(0.4) else "",
            is_journalled="journalled" in how,
            group=self.world.new_group() if "group" in how else "",
        )

    def booked(self, invoice: Billed, cents: int, how: str = "", on: date | None = None) -> Booked:
        """Let money come that both sides have, the same."""
        receipt, payment = self.paid(invoice, cents, on)
        how = how or self.dice.choices(HOW, HOW_OFTEN)[0]
        row = self.copy(invoice, payment, how)
        if "group" in how:
            self._share_group(self.books.rows[row], payment)
        return Booked(receipt, payment, row)

    def regroup(self, key: CasePaymentId, group: str) -> None:
        """Let a row be a part of a multi-invoice payment."""
        self.books.put(replace(self.books.rows[key], group=group), self.books.case_money[key])

    def _share_group(self, row: CasePayment, payment: XeroPaymentId) -> None:
        """Let the same receipt in Case Manager pay another invoice too, as Xero has it."""
        other = self.bill(self.some_cents())
        _, second = self.paid(other, other.cents, self.payment(payment).paid_on)
        key = self.copy(other, second, "manual")
        self.regroup(key, row.group)

    def journal(self, key: CasePaymentId) -> None:
        """Lock a row in a journal entry, if it still stands."""
        if key in self.books.rows:
            row = replace(self.books.rows[key], is_journalled=True, journal_number="J-9")
            self.books.put(row, self.books.case_money[key])

    def strike(self, key: CasePaymentId, receipt: Receipt) -> bool:
        """Delete a row of Case Manager by hand, where it is still this money and not locked."""
        mine = {row.payment_id for row in self.books.rows_with(receipt.number)}
        is_mine = key in mine and not self.books.rows[key].is_journalled
        if is_mine:
            self.books.remove(key)
        return is_mine

    def correct(self, key: CasePaymentId, cents: int, on: date) -> None:
        """Change a row of Case Manager by hand, if it still stands."""
        if key in self.books.rows and not self.books.rows[key].is_journalled:
            row = replace(self.books.rows[key], amount=money(cents), paid_on=on)
            self.books.put(row, self.books.case_money[key])


HOW = ("manual", "named", "journalled", "journalled named", "group")
HOW_OFTEN = (45, 30, 8, 7, 10)
