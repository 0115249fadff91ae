"""Put the books of an invented firm into the sandbox's Xero and an SQLite Case Manager, and what was written back."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.records import CasePayment, XeroInvoice, XeroPayment
from cmxero_desktop.sandbox.case_manager.database import CaseDatabase
from cmxero_desktop.sandbox.case_manager.rows import CaseInvoiceRow, CasePaymentRow, CaseRows
from cmxero_desktop.sandbox.ledger.entries import (
    PAYMENT_TYPE_OF_INVOICE,
    BatchPayment,
    Contact,
    CreditKind,
    Invoice,
    InvoiceType,
    Payment,
)
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from tests.truth.books import AUD, Books


class XeroMirror:
    """Keeps the sandbox's ledger as the books are; ids and stamps are those of the books."""

    def __init__(self, books: Books, ledger: Ledger) -> None:
        self._books, self._ledger = books, ledger
        self._contacts: dict[str, Contact] = {}
        self._accounts: dict[str, str] = {}

    def bring(self) -> None:
        """Bring over every invoice that was touched, with its payments and credits."""
        for key in sorted(self._books.touched_xero):
            self._bring_invoice(self._books.xero_invoices[key])
        self._books.touched_xero.clear()

    def _bring_invoice(self, invoice: XeroInvoice) -> None:
        ledger, key = self._ledger, str(invoice.invoice_id)
        ledger.invoices[key] = Invoice(
            invoice_id=key,
            invoice_type=InvoiceType.SALES,
            number=invoice.number,
            contact=self._contact(invoice.contact_name),
            issued_on=invoice.updated_at.date(),
            due_on=invoice.updated_at.date(),
            total_cents=invoice.total.minor,
            currency=AUD,
            updated_at=invoice.updated_at,
            status=invoice.status,
        )
        ledger.payments_on[key] = [str(i) for i in self._books.payments_of[invoice.invoice_id]]
        for payment_id in self._books.payments_of[invoice.invoice_id]:
            payment = self._books.xero_payments[payment_id]
            ledger.payments[str(payment_id)] = self._payment(payment)
            if payment.batch_payment_id:
                self._bring_batch(payment)
        self._bring_credits(invoice)
        ledger.settle(key, invoice.updated_at)

    def _bring_batch(self, payment: XeroPayment) -> None:
        ledger, key = self._ledger, payment.batch_payment_id
        others = ledger.batches[key].payment_ids if key in ledger.batches else ()
        ids = (*(i for i in others if i != payment.payment_id), str(payment.payment_id))
        ledger.batches[key] = BatchPayment(
            batch_id=key,
            paid_on=payment.paid_on,
            account_id=self._account(payment.account_name),
            payment_ids=ids,
            total_cents=sum(ledger.payments[i].amount_cents for i in ids),
            updated_at=payment.updated_at,
        )

    def _bring_credits(self, invoice: XeroInvoice) -> None:
        ledger, key = self._ledger, str(invoice.invoice_id)
        for note in invoice.settlements[len(ledger.credits_on[key]) :]:
            on = note.settled_on or invoice.updated_at.date()
            credit = ledger.add_credit(
                CreditKind.CREDIT_NOTE, self._contact(invoice.contact_name), note.amount.amount, on, number=note.number
            )
            ledger.apply_credit(credit, key, note.amount.amount, on, at=invoice.updated_at)

    def _payment(self, payment: XeroPayment) -> Payment:
        return Payment(
            payment_id=str(payment.payment_id),
            document_id=str(payment.invoice_id),
            payment_type=PAYMENT_TYPE_OF_INVOICE[InvoiceType.SALES],
            paid_on=payment.paid_on,
            amount_cents=payment.amount.minor,
            account_id=self._account(payment.account_name),
            updated_at=payment.updated_at,
            reference=payment.reference or None,
            status=payment.status.value,
            batch_id=payment.batch_payment_id or None,
        )

    def _contact(self, name: str) -> Contact:
        return self._contacts.setdefault(name, self._contacts.get(name) or self._ledger.add_contact(name))

    def _account(self, name: str) -> str:
        return self._accounts.setdefault(name, self._accounts.get(name) or self._ledger.add_account(name))


class CaseMirror:
    """Keeps an SQLite Case Manager as the books are, and the books as the program left it."""

    def __init__(self, books: Books, file: Path, database: CaseManagerDatabase) -> None:
        self._books, self._file, self._database = books, file, database

    @staticmethod
    def create(file: Path) -> None:
        """Make an empty Case Manager."""
        CaseDatabase(file).create(CaseRows())

    def bring(self, now: datetime) -> None:
        """Bring over every invoice that was touched, with its rows."""
        books = self._books
        touched = sorted(books.touched_case)
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.executemany("DELETE FROM payments WHERE invoice_id = ?", [(key.value,) for key in touched])
            connection.executemany("DELETE FROM invoices WHERE invoice_id = ?", [(key.value,) for key in touched])
            for key in touched:
                invoice = _invoice_row(books, key, now)
                connection.execute("INSERT INTO invoices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _plain(invoice))
                rows = [_plain(_payment_row(books.rows[row])) for row in sorted(books.rows_of[key])]
                connection.executemany("INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        books.touched_case.clear()

    def fetch(self) -> dict[CaseInvoiceId, tuple[CasePayment, ...]]:
        """Return the rows of every invoice as they stand in the database."""
        numbers = {invoice.number for invoice in self._books.case_invoices.values()}
        reading = self._database.read(numbers, AUD)
        return {side.invoice.invoice_id: side.payments for side in reading.sides.values()}


def _invoice_row(books: Books, key: CaseInvoiceId, now: datetime) -> CaseInvoiceRow:
    invoice = books.case_invoices[key]
    assert isinstance(key.value, int)
    return CaseInvoiceRow(
        invoice_id=key.value,
        invoice_number=invoice.number,
        bill_to=invoice.bill_to,
        case_name=None,
        invoice_date=now.date(),
        due_date=None,
        total=invoice.total.amount,
        adjustments=invoice.adjustments.amount,
        refunds=invoice.refunds.amount,
    )


def _payment_row(row: CasePayment) -> CasePaymentRow:
    assert isinstance(row.payment_id.value, int)
    assert isinstance(row.invoice_id.value, int)
    return CasePaymentRow(
        payment_id=row.payment_id.value,
        invoice_id=row.invoice_id.value,
        payment_date=row.paid_on,
        amount=row.amount.amount,
        payment_type=row.payment_type,
        reference_number=row.reference or None,
        notes=row.notes or None,
        journal_number=row.journal_number or None,
        payment_group=int(row.group) if row.group else None,
    )


def _plain(row: CaseInvoiceRow | CasePaymentRow) -> tuple[object, ...]:
    return tuple(value if isinstance(value, int | str) or value is None else str(value) for value in row)
