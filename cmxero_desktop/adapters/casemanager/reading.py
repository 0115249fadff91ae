"""Reads invoices with all their payments in few big queries; a foreign row costs nothing but itself (R30)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.assembling import Found, Paid, joined, key_or_none, keys_of, side_of
from cmxero_desktop.adapters.casemanager.digests import digest_of, marks_of
from cmxero_desktop.adapters.casemanager.groups import SharedGroups
from cmxero_desktop.adapters.casemanager.locking import RowLocks
from cmxero_desktop.adapters.casemanager.rows import (
    INVOICE_FIELDS,
    PAYMENT_FIELDS,
    InvoiceDecoder,
    Key,
    PaymentDecoder,
    Row,
)
from cmxero_desktop.adapters.casemanager.same_keys import SameKeys
from cmxero_desktop.adapters.casemanager.schema import (
    CheckedSchema,
    CheckedTable,
    can_hold,
    encoded,
)
from cmxero_desktop.adapters.casemanager.sought import sought, sought_list
from cmxero_desktop.adapters.casemanager.sums import SUM_FIELDS, summed
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, Side, UnreadableRow
from cmxero_desktop.services.records.readings import (
    NOT_COMPARED,
    CaseChanged,
    CaseInvoiceSide,
    CaseMarks,
    CaseReading,
    changed_since,
)

_CHUNK = 500
_KEY = INVOICE_FIELDS.index("key")
_NUMBER = INVOICE_FIELDS.index("number")
_INVOICE = PAYMENT_FIELDS.index("invoice")
_SUM_INVOICE = SUM_FIELDS.index("invoice")


class SideReader:
    """Reads on one connection, within the transaction that is open there; `locks` are taken on every row it reads."""

    def __init__(
        self, connection: sa.Connection, schema: CheckedSchema, currency: str, *, locks: RowLocks | None = None
    ) -> None:
        """Keep the connection."""
        self._connection = connection
        self._schema = schema
        self._locks = locks
        self._same = SameKeys(connection, schema)
        self._groups = SharedGroups(connection, schema)
        self._invoices = InvoiceDecoder(schema, currency)
        self._payments = PaymentDecoder(schema, currency)

    def read(
        self,
        numbers: Collection[str],
        *,
        with_unpaid: bool,
        unlike: CaseMarks | None = None,
        also: Collection[str] = (),
    ) -> CaseReading:
        """Read the invoices with these numbers, and what stands on the others (R4, R23b).

        Of these, invoices without a payment are left out, but `with_unpaid`: a list of debtors has them too. Every row
        is fetched; after an earlier reading only what is `unlike` it is decoded, and the numbers wanted `also`.
        """
        invoices = self._with_sums(self._fetch(self._schema.invoices, INVOICE_FIELDS), of_all=True)
        by_key = {key_or_none(row[_KEY]): row for row in invoices}
        known = {key for key in by_key if key is not None}
        payments = self._schema.payments
        rows = self._same.tied(payments, self._fetch(payments, PAYMENT_FIELDS), _INVOICE, known)
        shared = self._groups.among_all(rows)
        marks = self._marked(invoices, rows, shared, unlike)
        changed = changed_since(unlike, marks, also) if unlike is not None else NOT_COMPARED
        wanted, some_invoices = frozenset(numbers), invoices
        if unlike is not None:
            wanted &= changed.numbers
            some_invoices = [row for row in invoices if marks.numbers.get(key_or_none(row[_KEY])) in wanted]
        found = self._grouped(some_invoices, wanted)
        asked = keys_of(found)
        if unlike is not None:
            rows = [row for row in rows if (key := key_or_none(row[_INVOICE])) in changed.keys or key in asked]
        paid = self._paid(rows, shared, asked)
        sides = joined(found, paid)
        if with_unpaid:
            for key in by_key.keys() - asked.keys():
                paid[key] = paid.get(key, Paid())
        return CaseReading(
            sides=sides,
            others=self._others(by_key, paid, is_strict=with_unpaid),
            numbers=frozenset(number for number in marks.numbers.values() if number),
            digest=digest_of(marks.by_key.values()),
            marks=marks,
            changed=changed,
        )

    def read_again(self, before: CaseReading, also: Collection[str], wanted: frozenset[str]) -> CaseReading:
        """Read what is wanted `also` and was not decoded, where nothing at all has changed since the reading before."""
        asked = wanted.intersection(also)
        keys = (key for key, number in before.marks.numbers.items() if number in asked) if asked else ()
        sides: dict[str, CaseInvoiceSide] = {}
        for key in keys:
            side = self.read_one(CaseInvoiceId(key)) if key is not None else None
            if side is not None:
                sides[side.invoice.number] = side
        return CaseReading(
            sides=sides,
            numbers=before.numbers,
            digest=before.digest,
            marks=before.marks,
            changed=CaseChanged(frozenset(), frozenset(also)),
        )

    def _marked(
        self, invoices: Sequence[Row], payments: Iterable[Row], shared: Collection[object], before: CaseMarks | None
    ) -> CaseMarks:
        """Mark each invoice, and say which number it has: the one that it had where none of its rows has changed."""
        by_key = marks_of(invoices, payments, shared)
        numbers: dict[Key | None, str] = {}
        for row in invoices:
            key = key_or_none(row[_KEY])
            is_as_before = before is not None and key in before.numbers and before.by_key.get(key) == by_key[key]
            numbers[key] = before.numbers[key] if before and is_as_before else self._invoices.number_of(row) or ""
        return CaseMarks(by_key=by_key, numbers=numbers)

    def read_one(self, invoice_id: CaseInvoiceId) -> CaseInvoiceSide | None:
        """Read one invoice by its key, and any other of the same number; None where it is gone."""
        table = self._schema.invoices
        key = encoded(invoice_id.value, table.columns["key"], self._schema.dialect)
        rows = self._fetch(table, INVOICE_FIELDS, table.column("key") == sought(key, table.columns["key"]))
        # By the database's rules another's key may be equal; whoever changed it made another invoice of it for us.
        rows = [row for row in rows if key_or_none(row[_KEY]) == invoice_id.value]
        if not rows:
            return None
        number = self._invoices.number_of(rows[0]) or ""
        if number:
            # As it stands, which an index finds: one that differs in blanks was named when everything was read.
            rows = self._select(table, INVOICE_FIELDS, "number", {number, str(rows[0][_NUMBER])})
        return self._sides(self._grouped(self._with_sums(rows), frozenset([number]))).get(number)

    def payments_of(self, invoice_id: CaseInvoiceId) -> tuple[list[CasePayment], list[UnreadableRow]]:
        """Read the payments of one invoice as they are now."""
        numbers: dict[Key, str] = {invoice_id.value: ""}
        rows = self._rows_of(numbers)
        paid = self._paid(rows, self._groups.of(rows), numbers).get(invoice_id.value, Paid())
        return paid.payments, paid.unreadable

    def _with_sums(self, invoices: list[Row], *, of_all: bool = False) -> list[Row]:
        """Put the figures that are sums over other tables into the rows of invoices; `of_all` reads them whole."""
        keys = [key_or_none(row[_KEY]) for row in invoices]
        for field, table in self._schema.sums.items():
            wanted = {key for key in keys if key is not None}
            rows = self._fetch(table, SUM_FIELDS) if of_all else self._select(table, SUM_FIELDS, "invoice", wanted)
            sums = summed(self._same.tied(table, rows, _SUM_INVOICE, wanted), self._schema.mapping.sums[field])
            at = INVOICE_FIELDS.index(field)
            invoices = [
                [*row[:at], 0 if key is None else sums.get(key, 0), *row[at + 1 :]]
                for row, key in zip(invoices, keys, strict=True)
            ]
        return invoices

    def _grouped(self, rows: Iterable[Row], wanted: frozenset[str]) -> dict[str, Found]:
        """Decode invoices; two that share a number are both kept, and said to be ambiguous."""
        found: dict[str, Found] = defaultdict(Found)
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
            is_invoice=True,
        )

    def _sides(self, found: Mapping[str, Found]) -> dict[str, CaseInvoiceSide]:
        """Return the invoices with their payments."""
        keys = keys_of(found)
        rows = self._rows_of(keys)
        return joined(found, self._paid(rows, self._groups.of(rows), keys))

    def _paid(
        self, rows: Iterable[Row], shared: frozenset[object], numbers: Mapping[Key, str]
    ) -> dict[Key | None, Paid]:
        """Decode payments and put each with the key of its invoice, None where that cannot be read."""
        found: dict[Key | None, Paid] = defaultdict(Paid)
        decode = self._payments.decode
        for row in rows:
            key = key_or_none(row[_INVOICE])
            payment = decode(row, shared, "" if key is None else numbers.get(key, ""))
            if isinstance(payment, CasePayment):
                found[key].payments.append(payment)
            else:
                found[key].unreadable.append(payment)
        return found

    def _others(
        self, invoices: Mapping[Key | None, Row], paid: Mapping[Key | None, Paid], *, is_strict: bool
    ) -> tuple[CaseInvoiceSide, ...]:
        """Return what is left in `paid`, each with its invoice; one that is gone has a key and no more.

        What of an invoice cannot be read matters only to those who want its figures: `is_strict`.
        """
        others = []
        for key, some in paid.items():
            row = invoices.get(key) or [key, *[None] * (len(INVOICE_FIELDS) - 1)]
            invoice, unreadable = self._invoices.decode(row, self._invoices.number_of(row) or "")
            counted = unreadable if is_strict and key in invoices else []
            others.append(side_of(invoice, Paid(some.payments, [*some.unreadable, *counted])))
        return tuple(sorted(others, key=lambda side: side.invoice.invoice_id.order))

    def _rows_of(self, keys: Collection[Key]) -> list[Row]:
        """Return the rows of the payments on these invoices, readable or not."""
        payments = self._schema.payments
        rows = self._same.tied(payments, self._select(payments, PAYMENT_FIELDS, "invoice", keys), _INVOICE, keys)
        return [row for row in rows if key_or_none(row[_INVOICE]) in keys]

    def _select(
        self,
        table: CheckedTable,
        fields: Sequence[str],
        by: str,
        values: Collection[Any],
    ) -> list[Row]:
        """Select rows by one column, list by list."""
        column = table.columns[by]
        wanted = (encoded(value, column, self._schema.dialect) for value in values)
        possible = sorted((value for value in wanted if can_hold(value, column)), key=str)
        if by == "invoice":
            possible = list(dict.fromkeys([*possible, *self._same.spellings(table, possible)]))
        rows: list[Row] = []
        for start in range(0, len(possible), _CHUNK):
            some = table.column(by).in_(sought_list(possible[start : start + _CHUNK], column))
            rows += self._fetch(table, fields, some)
        return rows

    def _fetch(self, table: CheckedTable, fields: Sequence[str], *wanted: sa.ColumnElement[bool]) -> list[Row]:
        """Fetch the rows that count, without the spaces that columns of fixed width add.

        Those that do not count are locked too, since somebody might have them count meanwhile.
        """
        statement = table.select((*fields, "only")).where(*wanted)
        if self._locks is not None:
            statement = self._locks.locked(statement, table.clause)
        rows: Sequence[Row] = self._connection.execute(statement).all()
        if "only" in table.tells:
            rows = [row for row in rows if row[-1]]
        is_padded = [(field in table.columns and table.columns[field].is_padded) for field in fields]
        if not any(is_padded):
            return [row[:-1] for row in rows]
        return [[_trimmed(v) if padded else v for v, padded in zip(row, is_padded, strict=False)] for row in rows]


def count_of(connection: sa.Connection, table: CheckedTable) -> int:
    """Count the rows of a table that count."""
    counted = sa.select(sa.func.count()).select_from(table.clause).where(*table.counting())
    return connection.execute(counted).scalar_one()


def _trimmed(value: object) -> object:
    return value.rstrip(" ") if isinstance(value, str) else value
