"""A firm's morning whose truth is known: what lies in Review, what a person who knows decides, what must stand then."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date
from decimal import Decimal
from enum import Enum, auto
from pathlib import Path

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.app.demo import _consent, _free_port
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.sandbox.case_manager.database import CaseDatabase
from cmxero_desktop.sandbox.case_manager.rows import import_note
from cmxero_desktop.sandbox.firm.books import Books
from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from cmxero_desktop.services.records.settings import CaseManagerSettings, Mode, Settings, XeroSettings
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.verbs.commands.connecting import Pin, SignIn
from cmxero_desktop.services.verbs.desk import Desk

_FIRST, _FIRST_QUIET = 40_001, 100_001
_TOTAL = "9000.00"
_SEED = 12
_NOTE = import_note("")


class Answer(Enum):
    """What a person says to a row; a plain one needs no look and goes with its group."""

    PLAIN = auto()
    SAME_MONEY = auto()
    YES = auto()
    NO = auto()
    LATER = auto()


@dataclass(frozen=True, slots=True)
class Stands:
    """A payment as it must stand in Case Manager: when it was paid, how much, and which Xero payment Notes name."""

    paid_on: date
    amount: Decimal
    names: str = ""


@dataclass(slots=True)
class Morning:
    """Both sides of the firm, the answer to each invoice's row, and what must stand on each invoice afterwards."""

    books: Books
    answers: dict[str, Answer] = field(default_factory=dict)
    other_money: list[str] = field(default_factory=list)
    to_undo: list[str] = field(default_factory=list)
    truth: dict[str, list[Stands]] = field(default_factory=dict)
    decisions: int = 0
    _next: int = _FIRST

    def invoice(self, answer: Answer | None) -> int:
        """Bill a payer who pays nothing else, and keep what is answered to it; return its number."""
        number, self._next = self._next, self._next + 1
        books = self.books
        books.contacts = [books.ledger.add_contact(f"Payer {number}")]
        books.invoice(number, _TOTAL)
        if answer is not None:
            self.answers[f"CM-{number}"] = answer
        self.truth[f"CM-{number}"] = []
        return number

    def amount(self, number: int, more: str = "0.00") -> str:
        """Return an amount that no other invoice has, and that no two others come to."""
        return str(Decimal(400 + 3 * (number - _FIRST)) + Decimal(number % 97) / 100 + Decimal(more))

    def stands(self, number: int, amount: str, days_ago: int, names: str = "") -> None:
        """Say that this must stand on the invoice when the morning is over."""
        self.truth[f"CM-{number}"].append(Stands(self.books.day(days_ago), Decimal(amount), names))

    def lie_quiet(self, payments: int) -> None:
        """Add so many payments of which nothing is asked: both sides have them, and Notes name them."""
        books = self.books
        books.contacts = [books.ledger.add_contact(f"Quiet payer {place}") for place in range(200)]
        for number in range(_FIRST_QUIET, _FIRST_QUIET + payments):
            cents = number % 9_700
            amount = f"{100 + cents // 100}.{cents % 100:02}"
            books.invoice(number, amount)
            payment = books.linked(number, amount, 20 + number % 90)
            self.truth[f"CM-{number}"] = [Stands(books.day(20 + number % 90), Decimal(amount), payment)]


def new_payment(morning: Morning) -> None:
    number = morning.invoice(Answer.PLAIN)
    amount = morning.amount(number)
    morning.stands(number, amount, 2, morning.books.paid(number, amount, 2, reference=f"REM{number}"))


def large_payment(morning: Morning) -> None:
    number = morning.invoice(Answer.YES)
    amount = morning.amount(number, "5600.00")
    morning.stands(number, amount, 2, morning.books.paid(number, amount, 2))


def typed_by_hand(morning: Morning) -> None:
    number = morning.invoice(Answer.PLAIN)
    amount = morning.amount(number)
    morning.stands(number, amount, 9, morning.books.paid(number, amount, 9))
    morning.books.copied(number, amount, 9)


def edited_in_xero(morning: Morning) -> None:
    number = morning.invoice(Answer.PLAIN)
    amount, more = morning.amount(number), morning.amount(number, "11.00")
    first = morning.books.linked(number, amount, 15)
    edited = morning.books.ledger.edit_payment(first, amount=more, at=morning.books.entered(morning.books.day(1)))
    morning.stands(number, more, 15, edited)


def typed_in_one_sum(morning: Morning) -> None:
    number = morning.invoice(Answer.PLAIN)
    one, other = morning.amount(number), morning.amount(number, "170.00")
    morning.books.paid(number, one, 12)
    morning.books.paid(number, other, 11)
    both = str(Decimal(one) + Decimal(other))
    morning.books.copied(number, both, 30)
    morning.stands(number, both, 30)


def typed_a_day_off(morning: Morning) -> None:
    """Have money beside it that Xero never had: nothing agrees in sum, and the person has to say what is the same."""
    number = morning.invoice(Answer.SAME_MONEY)
    amount = morning.amount(number)
    morning.stands(number, amount, 6, morning.books.paid(number, amount, 6))
    morning.books.copied(number, amount, 7)
    morning.books.copied(number, "61.00", 50, notes="Paid at the counter")
    morning.stands(number, "61.00", 50)


def digits_swapped(morning: Morning) -> None:
    number = morning.invoice(Answer.SAME_MONEY)
    typed, paid = "1450.00", "1540.00"
    morning.stands(number, paid, 4, morning.books.paid(number, paid, 4))
    morning.books.copied(number, typed, 4)


def other_money_beside(morning: Morning) -> None:
    number = morning.invoice(Answer.YES)
    amount, typed = morning.amount(number), morning.amount(number, "520.00")
    morning.stands(number, amount, 3, morning.books.paid(number, amount, 3))
    morning.books.copied(number, typed, 33, notes="Paid at the counter")
    morning.stands(number, typed, 33)


def deleted_in_xero(morning: Morning) -> None:
    number = morning.invoice(Answer.YES)
    payment = morning.books.linked(number, morning.amount(number), 26)
    morning.books.ledger.delete_payment(payment, at=morning.books.entered(morning.books.day(1)))


def deleted_by_mistake(morning: Morning) -> None:
    number = morning.invoice(Answer.NO)
    amount = morning.amount(number)
    payment = morning.books.linked(number, amount, 24)
    morning.books.ledger.delete_payment(payment, at=morning.books.entered(morning.books.day(1)))
    morning.stands(number, amount, 24, payment)


def entered_twice(morning: Morning) -> None:
    number = morning.invoice(Answer.NO)
    amount = morning.amount(number)
    morning.stands(number, amount, 8, morning.books.linked(number, amount, 8))
    morning.books.paid(number, amount, 7)


def asked_of_the_client(morning: Morning) -> None:
    number = morning.invoice(Answer.LATER)
    morning.books.paid(number, morning.amount(number, "5300.00"), 2)


def moved(morning: Morning) -> None:
    """Have somebody put money right in Xero that was entered on the wrong invoice."""
    number = morning.invoice(Answer.YES)
    amount = morning.amount(number)
    books = morning.books
    payment = books.linked(number, amount, 21)
    books.ledger.delete_payment(payment, at=books.entered(books.day(1)))
    right = morning.invoice(Answer.YES)
    morning.stands(right, amount, 21, books.paid(right, amount, 21, entered_days_ago=1))


def paid_at_the_counter(morning: Morning) -> None:
    """Have nothing proposed: the person says on Unmatched what it is."""
    number = morning.invoice(None)
    amount = morning.amount(number)
    morning.books.copied(number, amount, 35, notes="Paid at the counter")
    morning.stands(number, amount, 35)
    morning.other_money.append(f"CM-{number}")


def written_too_soon(morning: Morning) -> None:
    """Have it approved and written with its group: the person finds out only then that it is not right."""
    number = morning.invoice(Answer.PLAIN)
    morning.books.paid(number, morning.amount(number), 2)
    morning.to_undo.append(f"CM-{number}")


Story = Callable[[Morning], None]
FORTY: tuple[tuple[int, Story], ...] = (
    (9, new_payment),
    (6, typed_by_hand),
    (4, edited_in_xero),
    (3, typed_in_one_sum),
    (3, typed_a_day_off),
    (1, digits_swapped),
    (3, other_money_beside),
    (3, deleted_in_xero),
    (1, deleted_by_mistake),
    (2, entered_twice),
    (2, asked_of_the_client),
    (1, moved),
    (1, paid_at_the_counter),
    (1, written_too_soon),
)

FOUR_HUNDRED: tuple[tuple[int, Story], ...] = (
    (198, new_payment),
    (60, typed_by_hand),
    (40, edited_in_xero),
    (32, typed_in_one_sum),
    (8, typed_a_day_off),
    (1, digits_swapped),
    (20, other_money_beside),
    (10, large_payment),
    (5, deleted_in_xero),
    (2, deleted_by_mistake),
    (12, entered_twice),
    (8, asked_of_the_client),
    (2, moved),
    (1, paid_at_the_counter),
    (1, written_too_soon),
)


def lay_out(day: tuple[tuple[int, Story], ...], quiet: int) -> Morning:
    """Let a morning's stories happen, beside so many payments of which nothing is asked."""
    clock = Clock()
    ledger = Ledger(clock, BRIGHTSIDE)
    morning = Morning(Books(ledger, clock.now().astimezone(UTC).date()))
    morning.books.now = clock.now()
    stories = [story for count, story in day for _ in range(count)]
    # A day does not come sorted; nor is it another one each time.
    random.Random(_SEED).shuffle(stories)
    for story in stories:
        story(morning)
    morning.decisions = len(stories)
    morning.lie_quiet(quiet)
    return morning


@contextmanager
def desk_of(morning: Morning, folder: Path) -> Iterator[tuple[Desk, CaseDatabase]]:
    """Open the firm's Xero, its Case Manager in SQLite and our store, check once, and give the desk."""
    database = CaseDatabase(folder / "case.db")
    database.create(morning.books.case)
    secrets = MemorySecrets()
    desks = Desks(Parts(secrets=lambda: secrets, open_browser=_consent))
    home = folder / "home"
    xero = SandboxXero(morning.books.ledger)
    xero.limits.is_on = False
    xero.start()
    try:
        TomlSettingsFile(home).save(
            Settings(
                mode=Mode.APPROVE,
                xero=XeroSettings(
                    client_id=xero.client_id,
                    redirect_port=_free_port(),
                    identity_url=xero.identity_url,
                    api_url=xero.api_url,
                ),
                case_manager=CaseManagerSettings(url=database.url),
            )
        )
        with desks.closed(home) as closed:
            closed.run(SignIn())
            closed.run(Pin(tenant_id=xero.tenant_id, by="Ann"))
        with desks.open(home) as desk:
            desk.run(Poll())
            yield desk, database
    finally:
        xero.stop()


def differences(morning: Morning, database: CaseDatabase) -> list[str]:
    """Return what stands in Case Manager otherwise than it must, invoice by invoice; nothing is left out."""
    found: dict[str, Counter[Stands]] = {number: Counter() for number in morning.truth}
    with closing(sqlite3.connect(database.path)) as connection:
        for number, paid_on, amount, notes in connection.execute(
            "SELECT i.invoice_number, p.payment_date, p.amount, p.notes"
            " FROM payments p JOIN invoices i ON i.invoice_id = p.invoice_id"
        ):
            lines = (notes or "").splitlines()
            named = [line.removeprefix(_NOTE) for line in lines if line.startswith(_NOTE)]
            cents = Decimal(str(amount)).quantize(Decimal("0.01"))
            row = Stands(date.fromisoformat(paid_on), cents, named[0] if named else "")
            found.setdefault(f"CM-{number}", Counter())[row] += 1
    return [
        f"{number}: too much {dict(rows - wanted)}, missing {dict(wanted - rows)}"
        for number, rows in found.items()
        if rows != (wanted := Counter(morning.truth.get(number, ())))
    ]
