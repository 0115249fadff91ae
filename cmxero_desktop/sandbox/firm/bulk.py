"""The ordinary invoices of the invented firm: a hundred for the demo, hundreds of thousands to benchmark."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, auto

from cmxero_desktop.sandbox.case_manager.rows import CasePaymentRow, import_note
from cmxero_desktop.sandbox.firm.books import PREFIX, Books
from cmxero_desktop.sandbox.ledger.entries import AUTHORISED, CENTS, PAID, BatchPayment, Invoice, InvoiceType, Payment

FIRST_NUMBER = 30_001
_BATCHES, _BATCH_SIZE = 2, 3
_SMALL_FIRM = 1_000
_LEAVES_SOME_OPEN, _HAS_REFERENCE, _IS_RECONCILED = 0.1, 0.6, 0.8


class Fate(Enum):
    """How far an ordinary invoice is copied."""

    LINKED = auto()
    BY_HAND = auto()
    NEW = auto()
    OPEN = auto()
    JOURNALLED = auto()
    ONLY_CASE = auto()


def add_ordinary(books: Books, size: int, seed: int) -> list[str]:
    """Add `size` ordinary invoices and return the ids of the Xero payments that have an imported copy."""
    # Invented figures, not secrets.
    chance = random.Random(f"brightside/{seed}/{size}")  # noqa: S311
    invoices: list[Invoice] = []
    payments: list[Payment] = []
    linked: list[str] = []
    new: list[Payment] = []
    for index, fate in enumerate(_fates(size, chance)):
        number = FIRST_NUMBER + index
        invoice, paid = _xero_side(books, number, fate, chance)
        invoices.append(invoice)
        payments.extend(paid)
        _case_side(books, number, invoice, paid, fate)
        if fate in {Fate.LINKED, Fate.NEW}:
            linked.extend(each.payment_id for each in (paid[:-1] if fate is Fate.NEW else paid))
        if fate is Fate.NEW:
            new.append(paid[-1])
    books.ledger.load(invoices, payments)
    _gather_into_batches(books, new)
    return linked


def _fates(size: int, chance: random.Random) -> list[Fate]:
    """Return a fate for each invoice; in a large firm nearly all are linked, as after months of use."""
    shares = (
        {Fate.NEW: 16, Fate.BY_HAND: 10, Fate.OPEN: 8, Fate.JOURNALLED: 4, Fate.ONLY_CASE: 2}
        if size <= _SMALL_FIRM
        else {Fate.NEW: 1, Fate.BY_HAND: 2, Fate.OPEN: 9, Fate.JOURNALLED: 2, Fate.ONLY_CASE: 1}
    )
    fates = [fate for fate, percent in shares.items() for _ in range(size * percent // 100)]
    fates += [Fate.LINKED] * (size - len(fates))
    chance.shuffle(fates)
    return fates


def _xero_side(books: Books, number: int, fate: Fate, chance: random.Random) -> tuple[Invoice, list[Payment]]:
    contact = books.contacts[number % len(books.contacts)]
    first_days_ago = chance.randint(50, 170)
    issued_on = books.day(first_days_ago + chance.randint(5, 30))
    total = chance.randint(8_000, 260_000)
    invoice_id = books.ledger.new_id()
    paid: list[Payment] = []
    if fate not in {Fate.OPEN, Fate.ONLY_CASE}:
        for amount, days_ago in _parts(total, first_days_ago, fate, chance):
            paid.append(_payment(books, invoice_id, amount, books.day(days_ago), chance))
    paid_cents = sum(each.amount_cents for each in paid)
    is_paid = paid_cents == total
    return (
        Invoice(
            invoice_id=invoice_id,
            invoice_type=InvoiceType.SALES,
            number=f"{PREFIX}{number}",
            contact=contact,
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=14),
            total_cents=total,
            currency=books.ledger.organisation.currency,
            updated_at=paid[-1].updated_at if paid else books.entered(issued_on),
            status=PAID if is_paid else AUTHORISED,
            paid_cents=paid_cents,
            fully_paid_on=paid[-1].paid_on if is_paid else None,
        ),
        paid,
    )


def _parts(total: int, first_days_ago: int, fate: Fate, chance: random.Random) -> Iterator[tuple[int, int]]:
    """Yield cents and days ago of each part payment, on different days so that none looks like a twin."""
    count = chance.choices((1, 2, 3), (70, 22, 8))[0]
    left = total
    for index in range(count):
        is_last = index == count - 1
        amount = left if is_last else left * chance.randint(30, 60) // 100
        if is_last and chance.random() < _LEAVES_SOME_OPEN:
            amount = amount * 8 // 10
        days_ago = chance.randint(1, 7) if is_last and fate is Fate.NEW else first_days_ago - 15 * index
        left -= amount
        yield amount, days_ago


def _payment(books: Books, invoice_id: str, amount: int, paid_on: date, chance: random.Random) -> Payment:
    entered_at = books.entered(paid_on) - timedelta(milliseconds=chance.randint(0, 3_600_000))
    has_reference = chance.random() < _HAS_REFERENCE
    return Payment(
        payment_id=books.ledger.new_id(),
        document_id=invoice_id,
        payment_type="ACCRECPAYMENT",
        paid_on=paid_on,
        amount_cents=amount,
        account_id=books.cheque_account,
        updated_at=entered_at,
        reference=f"REM{chance.randint(1000, 9999)}" if has_reference else None,
        is_reconciled=chance.random() < _IS_RECONCILED,
    )


def _case_side(books: Books, number: int, invoice: Invoice, paid: list[Payment], fate: Fate) -> None:
    total = Decimal(invoice.total_cents) / CENTS
    case_id = books.case_invoice(number, invoice.contact.name, invoice.issued_on, total)
    copies = paid[:-1] if fate is Fate.NEW else paid
    for each in copies:
        books.case.payments.append(
            CasePaymentRow(
                len(books.case.payments) + 1,
                case_id,
                each.paid_on,
                Decimal(each.amount_cents) / CENTS,
                "EFT",
                each.reference,
                import_note(each.payment_id) if fate in {Fate.LINKED, Fate.NEW} else None,
                "1041" if fate is Fate.JOURNALLED else None,
            )
        )
    if fate is Fate.ONLY_CASE:
        books.case.payments.append(
            CasePaymentRow(
                len(books.case.payments) + 1,
                case_id,
                invoice.due_on,
                total,
                "Cheque",
                f"Cheque {number}",
            )
        )


def _gather_into_batches(books: Books, new: list[Payment]) -> None:
    """Make the first of the new payments parts of batches, on one day each."""
    for index in range(_BATCHES):
        parts = new[index * _BATCH_SIZE : (index + 1) * _BATCH_SIZE]
        if len(parts) < _BATCH_SIZE:
            return
        batch_id, paid_on = books.ledger.new_id(), books.day(2 + index)
        entered_at = books.entered(paid_on)
        for part in parts:
            books.ledger.payments[part.payment_id] = replace(
                part, batch_id=batch_id, paid_on=paid_on, updated_at=entered_at
            )
            books.ledger.settle(part.document_id, entered_at)
        books.ledger.batches[batch_id] = BatchPayment(
            batch_id=batch_id,
            paid_on=paid_on,
            account_id=books.cheque_account,
            payment_ids=tuple(part.payment_id for part in parts),
            total_cents=sum(part.amount_cents for part in parts),
            updated_at=entered_at,
            reference=f"Remittance {8800 + index}",
        )
