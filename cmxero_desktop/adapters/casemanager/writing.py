"""Changes payments in one transaction, of one invoice or of several, and believes nothing that it has not read back."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.checking import limit_of
from cmxero_desktop.adapters.casemanager.fitting import fitted
from cmxero_desktop.adapters.casemanager.keys import insert_with_key
from cmxero_desktop.adapters.casemanager.locking import RowLocks
from cmxero_desktop.adapters.casemanager.mapping import Constant, KeySource
from cmxero_desktop.adapters.casemanager.reading import SideReader
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema, bound, encoded
from cmxero_desktop.adapters.casemanager.sought import sought
from cmxero_desktop.domain.correlation.writable import why_not_written
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.domain.records import UnreadableRow
from cmxero_desktop.services.records.readings import NO_KEYS, NO_TRANSACTIONS, CaseInvoiceSide, CaseWrite, WriteKind

_ROLLED_BACK = "Nothing was changed. Check Xero again and look at it anew."
_ALTERED = (
    "Nothing was changed. A trigger or a column of the database alters what is written: "
    "show this to whoever looks after Case Manager's database."
)


@dataclass(slots=True)
class _Invoice:
    """A locked invoice, with what its payments should be after the writes so far; what is `added` has no key yet."""

    invoice_id: CaseInvoiceId
    known: dict[CasePaymentId, PaymentValues]
    unreadable: tuple[UnreadableRow, ...]
    added: list[tuple[str, PaymentValues]] = field(default_factory=list)


class PaymentWriter:
    """Writes on one connection, in the transaction open there; leaving that uncommitted undoes everything."""

    def __init__(
        self, connection: sa.Connection, schema: CheckedSchema, currency: str, *, key: int | None = None
    ) -> None:
        """Keep the connection; where a `key` is given, every new payment gets it, whatever the mapping says."""
        self._connection = connection
        self._key = key
        self._last_number: int | None = None
        self._schema = schema
        self._currency = currency
        self._table = schema.payments
        self._policy = Policy(
            currency=currency,
            notes_limit=limit_of(schema.payments, "notes"),
            reference_limit=limit_of(schema.payments, "reference"),
            columns=schema.columns,
        )
        self._locks = RowLocks(connection, schema)
        self._reader = SideReader(connection, schema, currency, locks=self._locks)

    def lock(self, invoice_ids: Collection[CaseInvoiceId]) -> dict[CaseInvoiceId, CaseInvoiceSide | None]:
        """Lock the invoices and return them as they are now, None for one that is gone.

        Every desk locks in the order of the keys, so that two that move money in opposite directions take turns.
        """
        self._locks.start()
        self._locks.lock_additions()
        sides = {key: self._reader.read_one(key) for key in sorted(set(invoice_ids))}
        self._locks.are_held()
        return sides

    def change(
        self,
        sides: Mapping[CaseInvoiceId, CaseInvoiceSide | None],
        decide: Callable[[Mapping[CaseInvoiceId, CaseInvoiceSide | None]], Sequence[CaseWrite]],
    ) -> dict[str, CasePaymentId]:
        """Ask `decide` about the locked invoices and write; return the key of each intent's payment.

        Raises CaseManagerError where a write does not fit what is there, where anything is not as `decide` saw it, or
        is read back as something else. The invoices are read twice, however many payments are written.
        """
        writes = decide(sides)
        if not writes:
            return {}
        if self._schema.engine_problem:
            raise CaseManagerError(f"{self._schema.label}: {self._schema.engine_problem}", NO_TRANSACTIONS)
        invoices = {key: self._unchanged(key, side) for key, side in sides.items()}
        named_before = self._named(invoices.values())
        self._last_number = None
        keys = {write.intent_id: self._write(write, self._home_of(write, invoices)) for write in writes}
        for invoice in invoices.values():
            keys.update(self._read_back(invoice))
        self._refuse_doubles(named_before, self._named(invoices.values()))
        return {intent_id: key for intent_id, key in keys.items() if key is not None}

    def _unchanged(self, key: CaseInvoiceId, seen: CaseInvoiceSide | None) -> _Invoice:
        """Read an invoice again and refuse the write where it is not what `decide` saw."""
        if seen is None:
            raise self._refused(f"The invoice {key} is not in Case Manager any more.")
        if self._reader.read_one(key) != seen:
            raise self._refused(f"Invoice {seen.invoice.number} was changed in Case Manager while it was looked at.")
        return _Invoice(key, *self._payments_now(key))

    def _home_of(self, write: CaseWrite, invoices: Mapping[CaseInvoiceId, _Invoice]) -> _Invoice:
        """Return the locked invoice of a write."""
        named = write.invoice_id
        if named is None and len(invoices) == 1:
            return next(iter(invoices.values()))
        if named is None or named not in invoices:
            raise self._refused(f"The invoice {named} of a write is not one of those that are locked.")
        return invoices[named]

    def _write(self, write: CaseWrite, invoice: _Invoice) -> CasePaymentId | None:
        """Write one payment; the key of one that was added is found when all of them are read back."""
        if write.kind is WriteKind.INSERT:
            self._insert(write.intent_id, self._required(write.after, write), invoice)
            return None
        key = self._checked_before(write, invoice)
        if write.kind is WriteKind.DELETE:
            self._execute_on_one(sa.delete(self._table.clause), key, invoice.invoice_id)
            del invoice.known[key]
        else:
            self._update(key, invoice, self._required(write.after, write))
        return key

    def _insert(self, intent_id: str, after: PaymentValues, invoice: _Invoice) -> None:
        self._check(after, None)
        if self._schema.key_problem:
            raise CaseManagerError(f"{self._schema.label}: {self._schema.key_problem}", NO_KEYS)
        columns = self._table.columns
        constants = self._schema.mapping.payments.constants
        row = {
            (column := columns[f"constants.{name}"]).name: fitted(value, column, self._schema.dialect)
            for name, value in constants.items()
        }
        values = {"invoice": invoice.invoice_id.value, **self._stored(after), **self._own_key()}
        row |= {columns[field].name: self._encoded(field, value) for field, value in values.items()}
        insert = sa.insert if self._key is None else insert_with_key
        self._connection.execute(insert(self._table.clause).values({name: bound(v) for name, v in row.items()}))
        invoice.added.append((intent_id, after))

    def _own_key(self) -> dict[str, Constant | None]:
        """Return the key where the program has to give it; one that is taken meanwhile is refused by the database."""
        source = self._schema.mapping.payments.key_source
        if self._key is not None:
            return {"key": self._key}
        if source is KeySource.UUID:
            return {"key": str(uuid4())}
        if source is KeySource.NEXT_NUMBER:
            # One that was given is ours until the commit: whoever wants it as well waits for us.
            self._last_number = (self._highest_number() if self._last_number is None else self._last_number) + 1
            return {"key": self._last_number}
        return {}

    def _highest_number(self) -> int:
        highest = self._connection.execute(sa.select(sa.func.max(self._table.column("key")))).scalar()
        try:
            return int(highest or 0)
        except ValueError:
            column = self._table.columns["key"].name
            message = f"{self._schema.label}: The highest {column} of {self._table.table} is no number."
            raise CaseManagerError(message, NO_KEYS) from None

    def _update(self, key: CasePaymentId, invoice: _Invoice, after: PaymentValues) -> None:
        """Write the columns whose values change; the payment type is not ours to change."""
        before = invoice.known[key]
        if after.payment_type != before.payment_type:
            raise self._refused(f"The payment type of payment {key} cannot be changed.")
        self._check(after, before)
        old, new = self._stored(before), self._stored(after)
        changed = {field: value for field, value in new.items() if value != old[field]}
        if changed:
            columns = self._table.columns
            row = {columns[field].name: bound(self._encoded(field, value)) for field, value in changed.items()}
            self._execute_on_one(sa.update(self._table.clause).values(row), key, invoice.invoice_id)
        invoice.known[key] = after

    def _stored(self, values: PaymentValues) -> dict[str, Constant | None]:
        """Return the values of the fields as the schema stores them."""
        amount = -values.amount if self._schema.mapping.payments.are_amounts_negative else values.amount
        return {
            "paid_on": values.paid_on,
            "amount": amount.amount,
            "payment_type": values.payment_type,
            "reference": self._text_or_null("reference", values.reference),
            "notes": self._text_or_null("notes", values.notes),
        }

    def _text_or_null(self, field: str, text: str) -> str | None:
        return text or (None if self._table.columns[field].is_nullable else "")

    def _encoded(self, field: str, value: Constant | None) -> object:
        return None if value is None else encoded(value, self._table.columns[field], self._schema.dialect)

    def _sought(self, field: str, value: Constant) -> sa.BindParameter[Any]:
        return sought(self._encoded(field, value), self._table.columns[field])

    def _execute_on_one(self, statement: sa.Update | sa.Delete, key: CasePaymentId, invoice_id: CaseInvoiceId) -> None:
        is_it = self._table.column("key") == self._sought("key", key.value)
        # SQL Server with a trigger may report -1, "not known"; the reading back decides then.
        count = self._connection.execute(statement.where(is_it, self._is_on(invoice_id))).rowcount
        if count not in {1, -1}:
            raise self._refused(f"Payment {key} should be one row, but {count} rows were changed.")

    def _is_on(self, invoice_id: CaseInvoiceId) -> sa.ColumnElement[bool]:
        """Return the test that a payment is on an invoice, by the rules by which the database compares the two keys.

        A SQLite file compares by those of the column on the left, and the payment may spell the key otherwise.
        """
        value = self._sought("invoice", invoice_id.value)
        if self._schema.dialect != "sqlite":
            return self._table.column("invoice") == value
        key = self._schema.invoices.column("key")
        return sa.exists().where(key == self._table.column("invoice"), key == value)

    def _checked_before(self, write: CaseWrite, invoice: _Invoice) -> CasePaymentId:
        """Return the key of a payment that is there and still has the values that the decision was based on."""
        if write.payment_id is None or write.payment_id not in invoice.known:
            raise self._refused(f"Payment {write.payment_id} is not on this invoice any more.")
        if invoice.known[write.payment_id] != write.before:
            raise self._refused(f"Payment {write.payment_id} was changed in Case Manager meanwhile.")
        return write.payment_id

    def _required(self, values: PaymentValues | None, write: CaseWrite) -> PaymentValues:
        if values is None or values.amount.currency != self._currency or values.amount.minor <= 0:
            what = f"payment {write.payment_id}" if write.payment_id else "a new payment"
            raise self._refused(f"There is no amount in {self._currency} to write for {what}.")
        return values

    def _check(self, after: PaymentValues, before: PaymentValues | None) -> None:
        """Refuse what correlation would not propose either (R12): not every database holds to its own columns."""
        if why := why_not_written(after, before, self._policy):
            raise self._refused(why)

    def _payments_now(
        self, invoice_id: CaseInvoiceId
    ) -> tuple[dict[CasePaymentId, PaymentValues], tuple[UnreadableRow, ...]]:
        payments, unreadable = self._reader.payments_of(invoice_id)
        return {payment.payment_id: PaymentValues.of(payment) for payment in payments}, tuple(unreadable)

    def _read_back(self, invoice: _Invoice) -> dict[str, CasePaymentId]:
        """Compare every payment of the invoice with what it should be now; return the keys of those that were added.

        A key that was not there before is an added one, whichever way the database makes keys; one of a payment that
        was removed in the same act may come back.
        """
        now, unreadable = self._payments_now(invoice.invoice_id)
        new = sorted(now.keys() - invoice.known.keys())
        if len(new) != len(invoice.added):
            raise self._refused(f"Payments inserted: {len(invoice.added)}, but {len(new)} new ones are there.")
        free: dict[PaymentValues, list[CasePaymentId]] = defaultdict(list)
        for key in reversed(new):
            free[now[key]].append(key)
        keys = {}
        for intent_id, after in invoice.added:
            if free[after]:
                keys[intent_id] = key = free[after].pop()
                invoice.known[key] = after
        if now != invoice.known or unreadable != invoice.unreadable:
            both = sorted({*now, *invoice.known})
            wrong = [str(key) for key in both if now.get(key) != invoice.known.get(key)]
            message = f"What was written to payment {', '.join(wrong) or '(unreadable)'} is not what is there now."
            raise CaseManagerError(f"{self._schema.label}: {message}", _ALTERED)
        return keys

    def _named(self, invoices: Iterable[_Invoice]) -> Counter[str]:
        """Count the copies of each Xero payment on all these invoices."""
        text = self._schema.mapping.payments.imported_text
        marks = (read_mark(values.notes, text) for invoice in invoices for values in invoice.known.values())
        return Counter(mark.payment_id for mark in marks if mark.payment_id is not None)

    def _refuse_doubles(self, before: Counter[str], after: Counter[str]) -> None:
        """Refuse that a Xero payment is copied twice, whatever the decision was based on."""
        for payment_id, count in after.items():
            if count > max(1, before[payment_id]):
                raise self._refused(f"Xero payment {payment_id} has its copy already; it would be there twice.")

    def _refused(self, what: str) -> CaseManagerError:
        return CaseManagerError(f"{self._schema.label}: {what}", _ROLLED_BACK)
