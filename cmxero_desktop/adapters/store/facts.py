"""Keep what Xero said about payments: the newest readable fact of each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.accounts import AccountFacts
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.gaps import Gaps
from cmxero_desktop.adapters.store.journal import KeptKind, Was
from cmxero_desktop.adapters.store.work import Row, StoredRow, is_answered_before
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import CUSTOMER_PAYMENT, SALES_INVOICE, Account, PaymentStatus, XeroPayment
from cmxero_desktop.domain.refunds import is_refund
from cmxero_desktop.services.records.touched import by_xero_ids

_payments = tables.payments.c

# What makes a payment another one; `updated_at` and the bank reconciliation alone do not
# ("phantom changes" in the Xero facts).
_CONTENT = ("invoice_id", "paid_on", "amount_minor", "currency", "status", "details")
_COMPARED = ("payment_id", "updated_at", "is_bank_reconciled", *_CONTENT)
# What a person is shown of it, and so is kept when it changes (R34).
_SHOWN = ("is_bank_reconciled", *_CONTENT)


class _Details(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What of a payment is never looked up in our store: a list, since names of fields would take more than they say.

    The usual is written as nothing.
    """

    invoice_number: str = ""
    reference: str = ""
    contact_name: str = ""
    contact_id: str = ""
    account_name: str = ""
    account_id: str = ""
    account_code: str = ""
    batch_payment_id: str = ""
    payment_type: str = ""
    invoice_type: str = ""


class _Text(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What stands in the last column. `first_updated_at` is None where it is the `updated_at` of the row."""

    details: _Details
    first_updated_at: datetime | None = None


class _OlderDetails(msgspec.Struct, gc=False):
    """The details as older programs wrote them, by name."""

    invoice_number: str
    reference: str
    payment_type: str
    invoice_type: str
    contact_name: str
    account_name: str
    batch_payment_id: str
    contact_id: str = ""
    account_id: str = ""
    account_code: str = ""
    first_updated_at: datetime | None = None


_decode_text, _decode_older = decoder(_Text), decoder(_OlderDetails)
_NO_ACCOUNT = Account(account_id="")
_NAMES = tuple(column.key for column in tables.payments.c)


class PaymentFacts(AccountFacts):
    """Payments by id and by tracked invoice."""

    def save_payments(self, payments: Iterable[XeroPayment], answered_at: datetime | None = None) -> int:
        """Store payments, newest fact wins; return how many are new or changed by content.

        The newest is the one that Xero changed last, then the one of Xero's later answer (R35). A deletion is final.
        What could be read is no longer unreadable or unknown. What `updated_at` was at first is kept and never moves.
        """
        newest = _newest(payments)
        stored = self._compared(newest)
        rows = [_row(key, *found, stored.get(key), answered_at) for key, found in newest.items()]
        current = [row for row in rows if not _is_older(row, stored.get(row["payment_key"]))]
        written = [row for row in current if _differs(row, stored.get(row["payment_key"]), _COMPARED)]
        self._write(written, stored)
        # A gap that is closed marks by itself.
        Gaps(self._connection).close({row["payment_key"] for row in current})
        if written:
            before = (stored[row["payment_key"]] for row in written if row["payment_key"] in stored)
            self._mark_changed(by_xero_ids({row["invoice_id"] for row in (*written, *before)}))
        return sum(_differs(row, stored.get(row["payment_key"]), _CONTENT) for row in written)

    def _write(self, rows: Sequence[Row], stored: Mapping[str, Row]) -> None:
        """Write rows, and keep what they replace where that was shown."""
        if not rows:
            return
        shown = [row for row in rows if _differs(row, stored.get(row["payment_key"]), _SHOWN)]
        born = self._journal.moment if shown else 0
        texts = [_written(row, born) for row in rows]
        self._insert_or_update(tables.payments, texts, key="payment_key", kept="born")
        self._journal.keep(
            Was(
                kind=KeptKind.XERO_PAYMENT,
                subject=row["payment_key"],
                home=row["invoice_id"],
                old=_fact(stored[row["payment_key"]]),
                new=_fact(row),
            )
            for row in shown
            if row["payment_key"] in stored
        )

    def payments_of_tracked(
        self, among: Collection[XeroInvoiceId] | None = None
    ) -> Mapping[XeroInvoiceId, tuple[XeroPayment, ...]]:
        """Return the payments of tracked invoices, with what the stored accounts say of where they were paid to."""
        accounts = self.accounts()
        tracked = select(tables.tracked_invoices.c.xero_invoice_id)
        of_tracked = select(tables.payments).where(_payments.invoice_id.in_(tracked)).order_by(_payments.payment_key)
        found: dict[XeroInvoiceId, list[XeroPayment]] = {}
        rows = (
            self._connection.execute(of_tracked)
            if among is None
            else self._select_in(of_tracked, _payments.invoice_id, set(among))
        )
        for row in rows:
            payment = _payment(row, accounts)
            found.setdefault(payment.invoice_id, []).append(payment)
        return {invoice_id: tuple(payments) for invoice_id, payments in found.items()}

    def accounts_paid_to(self) -> frozenset[str]:
        """Return the accounts, by id in lower case, that payments of tracked invoices went to."""
        tracked = select(tables.tracked_invoices.c.xero_invoice_id)
        said = select(_payments.details, _payments.updated_at).where(_payments.invoice_id.in_(tracked))
        return frozenset(_text(row).details.account_id.lower() for row in self._connection.execute(said)) - {""}

    def payments_stored(self) -> int:
        """Return how many payments are stored."""
        return self._connection.scalar(select(func.count()).select_from(tables.payments)) or 0

    def refunds(self) -> tuple[XeroPayment, ...]:
        """Return what is stored of money that went back to customers, deleted ones included (R2)."""
        accounts, tracked = self.accounts(), select(tables.tracked_invoices.c.xero_invoice_id)
        # A refund stands on a document of its own, which is never tracked.
        others = select(tables.payments).where(_payments.invoice_id.not_in(tracked)).order_by(_payments.payment_key)
        found = (_payment(row, accounts) for row in self._connection.execute(others))
        return tuple(payment for payment in found if is_refund(payment))

    def payments_by_id(self, payment_ids: Collection[XeroPaymentId]) -> Mapping[XeroPaymentId, XeroPayment]:
        """Return stored payments by the id that was asked for, compared without regard to case."""
        keys = {payment_id.lower() for payment_id in payment_ids}
        rows = self._select_in(select(tables.payments), _payments.payment_key, keys)
        accounts = self.accounts()
        found = {row.payment_key: _payment(row, accounts) for row in rows}
        return {i: found[i.lower()] for i in payment_ids if i.lower() in found}

    def _compared(self, keys: Collection[str]) -> dict[str, Row]:
        """Return what is stored under the keys, as far as it is compared; details are those of today's program."""
        statement = select(_payments.payment_key, _payments.answered_at, *(_payments[name] for name in _COMPARED))
        rows = self._select_in(statement, _payments.payment_key, keys)
        return {row.payment_key: _read(row, ("payment_key", "answered_at", *_COMPARED)) for row in rows}


def _newest(payments: Iterable[XeroPayment]) -> dict[str, tuple[XeroPayment, datetime]]:
    """Return each payment once, and when it was entered: the newest, and of equally new ones the last.

    It was entered when the first of them was.
    """
    newest: dict[str, tuple[XeroPayment, datetime]] = {}
    for payment in payments:
        key, entered_at = payment.payment_id.lower(), payment.entered_at
        if key not in newest:
            newest[key] = payment, entered_at
            continue
        other, earlier = newest[key]
        kept = max(other, payment, key=lambda p: (p.updated_at, not p.is_live, p is payment))
        newest[key] = kept, min(entered_at, earlier)
    return newest


def _text(row: StoredRow) -> _Text:
    """Return what the last column of a row says, also of one that an older program wrote."""
    if row.details.startswith("["):
        return _decode_text(row.details)
    older = _decode_older(row.details)
    details = _Details(
        older.invoice_number,
        older.reference,
        older.contact_name,
        older.contact_id,
        older.account_name,
        older.account_id,
        older.account_code,
        older.batch_payment_id,
        _unless(older.payment_type, CUSTOMER_PAYMENT),
        _unless(older.invoice_type, SALES_INVOICE),
    )
    return _Text(details, None if older.first_updated_at == row.updated_at else older.first_updated_at)


def _read(row: StoredRow, names: Sequence[str]) -> dict[str, Any]:
    """Return a row, whose columns have these names, as it is compared, and as a fact is made of it."""
    text = _text(row)
    return {
        # What a row knows of its columns is asked for anew for each of as many rows as the firm has payments.
        **dict(zip(names, row, strict=True)),
        "details": text.details,
        "first_updated_at": text.first_updated_at,
        "payment_id": _unless(row.payment_id, row.payment_key),
    }


def _is_older(row: Row, other: Row | None) -> bool:
    if other is None:
        return False
    if row["updated_at"] != other["updated_at"]:
        return bool(row["updated_at"] < other["updated_at"])
    if is_answered_before(row, other) or is_answered_before(other, row):
        # Where Xero says of a payment later that it lives, its deletion was a fault of that one answer.
        return is_answered_before(row, other)
    # Xero changed it twice within one tick of its clock: what is deleted does not come back.
    return row["status"] != other["status"] and bool(other["status"] == PaymentStatus.DELETED.value)


def _differs(row: Row, stored: Row | None, columns: Iterable[str]) -> bool:
    return stored is None or any(row[name] != stored[name] for name in columns)


def _row(key: str, payment: XeroPayment, entered_at: datetime, stored: Row | None, answered_at: datetime | None) -> Row:
    if stored is not None:
        entered_at = stored["first_updated_at"] or stored["updated_at"]
    amount, updated_at = payment.amount, payment.updated_at
    return {
        "payment_key": key,
        "answered_at": answered_at,
        "payment_id": _unless(payment.payment_id, key),
        "invoice_id": payment.invoice_id,
        "paid_on": payment.paid_on,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "status": payment.status.value,
        "updated_at": updated_at,
        "is_bank_reconciled": payment.is_bank_reconciled,
        "first_updated_at": None if entered_at == updated_at else entered_at,
        "details": _Details(
            payment.invoice_number,
            payment.reference,
            payment.contact_name,
            payment.contact_id,
            payment.account_name,
            payment.account_id,
            payment.account_code,
            payment.batch_payment_id,
            _unless(payment.payment_type, CUSTOMER_PAYMENT),
            _unless(payment.invoice_type, SALES_INVOICE),
        ),
    }


def _written(row: Row, born: int) -> Row:
    """Return a row as it is written."""
    columns = {name: value for name, value in row.items() if name != "first_updated_at"}
    return {**columns, "details": encode(_Text(row["details"], row["first_updated_at"])), "born": born}


def _unless(text: str, usual: str) -> str:
    return "" if text == usual else text


def payment_of(row: StoredRow) -> XeroPayment:
    """Return the payment as Xero told of it, without what the accounts say of where it was paid to."""
    return _payment(row, {})


def _payment(row: StoredRow, accounts: Mapping[str, Account]) -> XeroPayment:
    read = _read(row, _NAMES)
    return _fact(read, accounts.get(read["details"].account_id.lower(), _NO_ACCOUNT))


def _fact(row: Row, account: Account = _NO_ACCOUNT) -> XeroPayment:
    details: _Details = row["details"]
    return XeroPayment(
        payment_id=XeroPaymentId(row["payment_id"] or row["payment_key"]),
        invoice_id=XeroInvoiceId(row["invoice_id"]),
        invoice_number=details.invoice_number,
        paid_on=row["paid_on"],
        amount=Money.from_minor(row["amount_minor"], row["currency"]),
        updated_at=row["updated_at"],
        status=PaymentStatus(row["status"]),
        reference=details.reference,
        payment_type=details.payment_type or CUSTOMER_PAYMENT,
        invoice_type=details.invoice_type or SALES_INVOICE,
        contact_name=details.contact_name,
        account_name=details.account_name or account.name,
        batch_payment_id=details.batch_payment_id,
        contact_id=details.contact_id,
        account_id=details.account_id,
        account_code=details.account_code or account.code,
        account_type=account.account_type,
        first_updated_at=row["first_updated_at"],
        is_bank_reconciled=row["is_bank_reconciled"],
    )
