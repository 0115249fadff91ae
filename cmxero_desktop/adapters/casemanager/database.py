"""Case Manager's database as the services see it: check it, read it, and change an invoice, or several at once."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.checking import check_schema, limit_of, settings_of
from cmxero_desktop.adapters.casemanager.engine import Waits, build_engines, file_of
from cmxero_desktop.adapters.casemanager.failures import connected, translated_commit
from cmxero_desktop.adapters.casemanager.identity import ConnectedFirm
from cmxero_desktop.adapters.casemanager.locking import giving_way, isolation_of, while_writing
from cmxero_desktop.adapters.casemanager.mapping import CaseMapping
from cmxero_desktop.adapters.casemanager.privileges import kind_of, may_write
from cmxero_desktop.adapters.casemanager.reading import SideReader, count_of
from cmxero_desktop.adapters.casemanager.rehearsing import rehearse
from cmxero_desktop.adapters.casemanager.rows import INVOICE_FIELDS, PAYMENT_FIELDS
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema
from cmxero_desktop.adapters.casemanager.server_seen import look_at_server
from cmxero_desktop.adapters.casemanager.sums import SUM_FIELDS
from cmxero_desktop.adapters.casemanager.unmoved import LastReading
from cmxero_desktop.adapters.casemanager.writing import PaymentWriter
from cmxero_desktop.adapters.sql.patience import USUAL_PATIENCE, Patience
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.services.ports.case_manager import Answer, Confirm, ConnectedDatabase
from cmxero_desktop.services.records.abilities import Rehearsal
from cmxero_desktop.services.records.readings import (
    NO_KEYS,
    NO_TRANSACTIONS,
    CaseInvoiceSide,
    CaseManagerFacts,
    CaseMarks,
    CaseReading,
    CaseWrite,
)
from cmxero_desktop.services.records.server_seen import ServerSeen
from cmxero_desktop.services.records.setup import DatabaseSeen

# What counts more days than a calendar has is a way to write that there is no limit.
_DIGITS_OF_DAYS = 6


def anywhere(_database: ConnectedDatabase) -> None:
    """Take whatever database the address leads to, as long as no records belong to one."""


class CaseManagerDatabase:
    """The port `CaseManager` on a real database. Every method raises CaseManagerError."""

    def __init__(
        self,
        url: str,
        mapping: CaseMapping,
        *,
        password: str | None = None,
        lock_wait_s: float = 5,
        patience: Patience = USUAL_PATIENCE,
        confirm: Confirm = anywhere,
    ) -> None:
        """Prepare without connecting; `password` comes from the keyring, `lock_wait_s` is for somebody else's lock.

        `confirm` is asked in every transaction that reads payments or is about to write some, and ends it by raising.
        """
        self._mapping = mapping
        self._confirm = confirm
        self._waits = Waits(lock_s=lock_wait_s, server=patience)
        self._engines = build_engines(url, password, self._waits)
        self._last = LastReading(file_of(url))
        self._schema: CheckedSchema | None = None

    @property
    def label(self) -> str:
        """What a person calls the database."""
        return self._engines.label

    def close(self) -> None:
        """Close every connection."""
        self._engines.dispose()

    def check(self) -> CaseManagerFacts:
        """Compare the database with the mapping and read the settings; every problem is named at once."""
        with connected(self._engines.reader, self.label, "read it") as connection:
            self._schema = check_schema(connection, self._mapping, self.label)
            return _facts(connection, self._schema)

    def examine(self) -> DatabaseSeen:
        """Check, and ask the database what it is and whether this login may change payments."""
        facts = self.check()
        with connected(self._engines.reader, self.label, "read it") as connection:
            payments = self._mapping.payments.table
            return DatabaseSeen(facts=facts, kind=kind_of(connection), may_write=may_write(connection, payments))

    def rehearse(self, payment_types: Collection[str]) -> Rehearsal:
        """Try on the writer's own connection what an approval does, and take it back."""
        schema = self._checked()
        with connected(self._engines.writer, self.label, "try what an approval does") as connection:
            if not self._engines.is_file:
                connection.execution_options(isolation_level=isolation_of(schema))
            self._confirm(ConnectedFirm(connection, schema))
            try:
                return rehearse(connection, schema, payment_types)
            finally:
                connection.rollback()

    def look_at_server(self) -> ServerSeen:
        """Ask the server what it is, and what on it stands in the way of reading and writing safely."""
        schema = self._checked()
        with connected(self._engines.reader, self.label, "ask what it is") as connection:
            return look_at_server(connection, schema)

    def identify(self, look: Callable[[ConnectedDatabase], Answer]) -> Answer:
        """Let `look` see which database it is, within one transaction that only reads."""
        schema = self._checked()
        with connected(self._engines.reader, self.label, "read it") as connection:
            return look(ConnectedFirm(connection, schema))

    def read(
        self,
        numbers: Collection[str],
        currency: str,
        *,
        with_unpaid: bool = False,
        unlike: CaseMarks | None = None,
        also: Collection[str] = (),
    ) -> CaseReading:
        """Read the invoices with these numbers (no prefix) and all their payments, and what stands on the others."""
        self._checked()
        begun = self._last.state()
        before = None if with_unpaid else self._last.unmoved(begun, unlike)
        if before is not None:
            with self._reading(currency) as reader:
                again = reader.read_again(before, also, frozenset(numbers))
            # Only once the connection is closed: to look at the file would end its lock (`state_of`).
            now = self._last.state()
            if now == begun:
                return again
            begun = now
        with self._reading(currency) as reader:
            reading = reader.read(numbers, with_unpaid=with_unpaid, unlike=unlike, also=also)
        self._last.keep(begun, reading)
        return reading

    def sides_of(self, invoice_ids: Collection[CaseInvoiceId], currency: str) -> tuple[CaseInvoiceSide, ...]:
        """Read some invoices by their keys; those that are gone are left out."""
        with self._reading(currency) as reader:
            found = (reader.read_one(invoice_id) for invoice_id in invoice_ids)
            return tuple(side for side in found if side is not None)

    def change_invoice(
        self,
        invoice_id: CaseInvoiceId,
        currency: str,
        decide: Callable[[CaseInvoiceSide | None], Sequence[CaseWrite]],
    ) -> Mapping[str, CasePaymentId]:
        """Lock and re-read one invoice, ask `decide`, write and commit, all in one transaction."""
        return self.change_invoices((invoice_id,), currency, lambda sides: decide(sides[invoice_id]))

    def change_invoices(
        self,
        invoice_ids: Collection[CaseInvoiceId],
        currency: str,
        decide: Callable[[Mapping[CaseInvoiceId, CaseInvoiceSide | None]], Sequence[CaseWrite]],
        confirm: Callable[[], None] = lambda: None,
    ) -> Mapping[str, CasePaymentId]:
        """Lock and re-read several invoices in the order of their keys, and write all or nothing (R16b)."""
        schema = self._checked()
        with self._writing(schema) as connection:
            writer = PaymentWriter(connection, schema, currency)
            sides = giving_way(connection, lambda: writer.lock(invoice_ids), self._waits.lock_s)
            self._confirm(ConnectedFirm(connection, schema))
            keys = writer.change(sides, decide)
            if keys:
                confirm()
            return keys

    @contextmanager
    def _reading(self, currency: str) -> Iterator[SideReader]:
        """Open a transaction that reads payments of the firm that was confirmed."""
        schema = self._checked()
        with connected(self._engines.reader, self.label, "read invoices and payments") as connection:
            self._confirm(ConnectedFirm(connection, schema))
            yield SideReader(connection, schema, currency)

    @contextmanager
    def _writing(self, schema: CheckedSchema) -> Iterator[sa.Connection]:
        """Open a transaction that is committed at the end, and rolled back in every other case."""
        with connected(self._engines.writer, self.label, "change an invoice") as connection:
            if not self._engines.is_file:
                connection.execution_options(isolation_level=isolation_of(schema))
            yield connection
            with translated_commit(self.label, is_local_file=self._engines.is_file):
                connection.commit()

    def _checked(self) -> CheckedSchema:
        if self._schema is None:
            with connected(self._engines.reader, self.label, "read it") as connection:
                self._schema = check_schema(connection, self._mapping, self.label)
        return self._schema


def _facts(connection: sa.Connection, schema: CheckedSchema) -> CaseManagerFacts:
    """Read what the program needs to know beside the payments; a setting that makes no sense is a problem."""
    sums = ((table, SUM_FIELDS) for table in schema.sums.values())
    for table, fields in ((schema.invoices, INVOICE_FIELDS), (schema.payments, PAYMENT_FIELDS), *sums):
        connection.execute(table.select(fields).limit(1)).all()
    rows = schema.mapping.settings
    settings = settings_of(connection, schema)
    days = settings.get(rows.forward_dating_days or "", "") if rows else ""
    if days and not (days.isascii() and days.isdecimal()):
        problem = f"The setting {rows and rows.forward_dating_days} is '{days}', which is no number of days."
        message = f"{schema.label} has a setting that cannot be read:"
        raise CaseManagerError(message, "Correct the setting in Case Manager.", problems=(problem,))
    unlocked = rows is not None and rows.journalled_row is not None
    return CaseManagerFacts(
        label=schema.label,
        invoices=count_of(connection, schema.invoices),
        payments=count_of(connection, schema.payments),
        forward_dating_days=int(days) if days and len(days) <= _DIGITS_OF_DAYS else None,
        is_journalled_locked=not (
            unlocked and rows is not None and settings.get(rows.journalled_row or "") == rows.journalled_unlocked
        ),
        notes_limit=limit_of(schema.payments, "notes"),
        reference_limit=limit_of(schema.payments, "reference"),
        payment_type=schema.mapping.payments.added_payment_type,
        imported_text=schema.mapping.payments.imported_text,
        columns=schema.columns,
        while_writing=while_writing(schema),
        write_problem=schema.engine_problem or schema.key_problem,
        write_remedy=NO_TRANSACTIONS if schema.engine_problem else NO_KEYS if schema.key_problem else "",
    )
