"""Reads invoices with all their payments in few big queries; a foreign row costs nothing but itself (R30)."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.decoding import ForeignValueError, key_of
from cmxero_desktop.adapters.casemanager.mapping import Told
from cmxero_desktop.adapters.casemanager.rows import (
    INVOICE_FIELDS,
    PAYMENT_FIELDS,
    InvoiceDecoder,
    Key,
    PaymentDecoder,
    Row,
)
from cmxero_desktop.adapters.casemanager.schema import (
    CheckedSchema,
    CheckedTable,
    bound,
    bound_list,
    can_hold,
    encoded,
)
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, Side, UnreadableRow
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseReading

_CHUNK = 500
# From here on one pass over the table is faster than many lists of keys.
_READ_ALL_FROM = 2_000
_GROUP = PAYMENT_FIELDS.index("multi_invoice")
_INVOICE = PAYMENT_FIELDS.index("invoice")


@dataclass(slots=True)
class _Found:
    """What was found under one number: normally one invoice."""

    invoices: list[CaseInvoice] = field(default_factory=list)
    unreadable: list[UnreadableRow] = field(default_factory=list)


class SideReader:
    """Reads on one connection, within the transaction that is open there; `is_locking` locks every row it reads."""

    def __init__(
        self, connection: sa.Connection, schema: CheckedSchema, currency: str, *, is_locking: bool = False
    ) -> None:
        """Keep the connection."""
        self._connection = connection
        self._schema = schema
        self._is_locking = is_locking
        self._fetched: list[str] = []
        self._invoices = InvoiceDecoder(schema, currency)
        self._payments = PaymentDecoder(schema, currency)

    def read(self, numbers: Collection[str]) -> CaseReading:
        """Read the invoices with these numbers, and count the payments of the others (R4)."""
        sides, read = self._sides(self._find(numbers))
        everything = count_of(self._connection, self._schema.payments)
        return CaseReading(sides=sides, other_payments=everything - read, digest=self._digest(everything))

    def read_one(self, invoice_id: CaseInvoiceId) -> CaseInvoiceSide | None:
        """Read one invoice by its key, and any other of the same number; None where it is gone."""
        table = self._schema.invoices
        key = encoded(invoice_id.value, table.columns["key"], self._schema.dialect)
        rows = self._fetch(table, INVOICE_FIELDS, table.column("key") == bound(key))
        if not rows:
            return None
        number = self._invoices.number_of(rows[0]) or ""
        found = self._find((number,)) if number else self._grouped(rows, frozenset([number]))
        return self._sides(found)[0].get(number)

    def payments_of(self, invoice_id: CaseInvoiceId) -> tuple[list[CasePayment], list[UnreadableRow]]:
        """Read the payments of one invoice as they are now."""
        numbers: dict[Key, str] = {invoice_id.value: ""}
        rows = self._rows_of(numbers)
        return self._payments.decode(rows, self._shared(rows), numbers)

    def _find(self, numbers: Collection[str]) -> dict[str, _Found]:
        """Find invoices by number."""
        rows = self._select(self._schema.invoices, INVOICE_FIELDS, "number", numbers)
        return self._grouped(rows, frozenset(numbers))

    def _grouped(self, rows: Iterable[Row], wanted: frozenset[str]) -> dict[str, _Found]:
        """Decode invoices; two that share a number are both kept, and said to be ambiguous."""
        found: dict[str, _Found] = defaultdict(_Found)
        for row in rows:
            number = self._invoices.number_of(row) or ""
            if number in wanted:
                invoice, unreadable = self._invoices.decode(row, number)
                found[number].invoices.append(invoice)
                found[number].unreadable.extend(unreadable)
        for number, side in found.items():
            if len(side.invoices) > 1:
                side.invoices.sort(key=lambda invoice: invoice.invoice_id.order)
                side.unreadable.append(self._ambiguous(number, side.invoices))
        return dict(found)

    def _ambiguous(self, number: str, invoices: Iterable[CaseInvoice]) -> UnreadableRow:
        keys = " and ".join(str(invoice.invoice_id) for invoice in invoices)
        return UnreadableRow(
            side=Side.CASE_MANAGER,
            place=f"{self._schema.invoices.table} rows {keys} ({self._schema.invoices.columns['key'].name})",
            problem=f"Several invoices have the number {number}. Give each its own number in Case Manager.",
            invoice_number=number,
        )

    def _sides(self, found: Mapping[str, _Found]) -> tuple[dict[str, CaseInvoiceSide], int]:
        """Return the invoices with their payments, and how many these are, readable or not."""
        keys = {invoice.invoice_id.value: number for number, side in found.items() for invoice in side.invoices}
        rows = self._rows_of(keys)
        payments: dict[str, list[CasePayment]] = defaultdict(list)
        unreadable: dict[str, list[UnreadableRow]] = defaultdict(list)
        good, bad = self._payments.decode(rows, self._shared(rows), keys)
        for payment in good:
            payments[keys[payment.invoice_id.value]].append(payment)
        for row in bad:
            unreadable[row.invoice_number].append(row)
        sides = {
            number: CaseInvoiceSide(
                invoice=side.invoices[0],
                payments=tuple(sorted(payments[number], key=lambda p: p.payment_id.order)),
                unreadable=(*side.unreadable, *unreadable[number]),
            )
            for number, side in found.items()
        }
        return sides, len(rows)

    def _rows_of(self, keys: Collection[Key]) -> list[Row]:
        """Return the rows of the payments on these invoices, readable or not."""
        rows = self._select(self._schema.payments, PAYMENT_FIELDS, "invoice", keys)
        return [row for row in rows if _key_or_none(row[_INVOICE]) in keys]

    def _shared(self, rows: Iterable[Row]) -> frozenset[object]:
        """Return the groups that several payments have, anywhere in the database (R10)."""
        if self._schema.mapping.payments.multi_invoice.told is not Told.SHARED:
            return frozenset()
        table = self._schema.payments
        values = {row[_GROUP] for row in rows} - {None}
        # Not locked: these are rows of other invoices, where other writers are at work.
        found = self._select(table, ("multi_invoice",), "multi_invoice", values, is_locking=False)
        counted = Counter(self._payments.group_of(row[0]) for row in found)
        return frozenset(group for group, count in counted.items() if count > 1 and group is not None)

    def _digest(self, everything: int) -> str:
        """Return a digest of every row that was fetched, decoded or not."""
        hashed = hashlib.sha256(str(everything).encode())
        for row in sorted(self._fetched):
            hashed.update(row.encode("utf-8", "surrogatepass"))
            hashed.update(b"\n")
        return hashed.hexdigest()

    def _select(
        self,
        table: CheckedTable,
        fields: Sequence[str],
        by: str,
        values: Collection[Any],
        *,
        is_locking: bool = True,
    ) -> list[Row]:
        """Select rows by one column: everything where very many values are wanted, else list by list."""
        if len(values) >= _READ_ALL_FROM:
            return self._fetch(table, fields, is_locking=is_locking)
        column = table.columns[by]
        wanted = (encoded(value, column, self._schema.dialect) for value in values)
        possible = sorted((value for value in wanted if can_hold(value, column)), key=str)
        rows: list[Row] = []
        for start in range(0, len(possible), _CHUNK):
            some = table.column(by).in_(bound_list(possible[start : start + _CHUNK]))
            rows += self._fetch(table, fields, some, is_locking=is_locking)
        return rows

    def _fetch(
        self,
        table: CheckedTable,
        fields: Sequence[str],
        *wanted: sa.ColumnElement[bool],
        is_locking: bool = True,
    ) -> list[Row]:
        """Fetch rows, without the spaces that columns of fixed width add."""
        statement = table.select(fields).where(*wanted)
        if self._is_locking and is_locking:
            statement = locked(statement, table.clause)
        rows: Sequence[Row] = self._connection.execute(statement).all()
        self._fetched.extend(f"{table.table} {row!r}" for row in rows)
        padded = [(field in table.columns and table.columns[field].is_padded) for field in fields]
        if not any(padded):
            return list(rows)
        return [[_trimmed(v) if is_padded else v for v, is_padded in zip(row, padded, strict=True)] for row in rows]


def count_of(connection: sa.Connection, table: CheckedTable) -> int:
    """Count the rows of a table."""
    return connection.execute(sa.select(sa.func.count()).select_from(table.clause)).scalar_one()


def locked(statement: sa.Select[Any], table: sa.TableClause) -> sa.Select[Any]:
    """Have the rows locked until the transaction ends; SQLite, which locks as a whole, leaves it out."""
    return statement.with_for_update().with_hint(table, "WITH (UPDLOCK, HOLDLOCK)", "mssql")


def _key_or_none(value: object) -> Key | None:
    if type(value) is int:
        return value
    try:
        return key_of(value)
    except ForeignValueError:
        return None


def _trimmed(value: object) -> object:
    return value.rstrip(" ") if isinstance(value, str) else value
