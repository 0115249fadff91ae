"""Tries what an approval will do, on one invoice and with one payment of a cent, and takes all of it back.

Everything happens in a transaction that is never committed. What a transaction does not take back is spared: where a
number that the database gives would be used up, the payment brings one that is free.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from cmxero_desktop.adapters.casemanager.assembling import key_or_none
from cmxero_desktop.adapters.casemanager.failures import is_passing, why_of
from cmxero_desktop.adapters.casemanager.mapping import KeySource
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema, KeyMaker
from cmxero_desktop.adapters.casemanager.writing import PaymentWriter
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.notes import with_mark
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.services.records.abilities import Ability, Able, Rehearsal
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite, WriteKind

# Nothing is said of a currency to the database.
_CURRENCY = "AUD"
_TRIED = "rehearsal"
_LOCK, _ADD, _CHANGE, _REMOVE = "lock an invoice", "add a payment", "change a payment", "remove a payment"
# Where a row may bring its own number although the database would give it one.
_BRING_THEIR_OWN = frozenset({"postgresql", "mysql", "mariadb"})
_STEPS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


def rehearse(connection: sa.Connection, schema: CheckedSchema, payment_types: Collection[str]) -> Rehearsal:
    """Try everything on a connection whose transaction the caller rolls back; `payment_types` are the settings'."""
    trial = _Trial(connection)
    own_type = schema.mapping.payments.added_payment_type
    of_types = {f"{_ADD} of the type '{name}'": name for name in sorted({*payment_types} - {own_type})}
    if schema.engine_problem:
        trial.stop(schema.engine_problem)
    invoice = _an_invoice(connection, schema)
    if invoice is None:
        trial.stop("Case Manager has no invoice to try it on")
    invoice_id = invoice or CaseInvoiceId("")

    def cent_with(number: int | None) -> _Cent:
        return _Cent(PaymentWriter(connection, schema, _CURRENCY, key=number), invoice_id, own_type)

    numbers = () if trial.is_stopped else _free_numbers(connection, schema)
    key = _first_that_goes(connection, numbers, lambda number: cent_with(number).add())
    cent = cent_with(key)
    for name, action in ((_LOCK, cent.lock), (_ADD, cent.add), (_CHANGE, cent.change), (_REMOVE, cent.remove)):
        trial.step(name, action, is_needed=name in {_LOCK, _ADD})
    for name, type_ in of_types.items():
        trial.step(name, cent.of_type(type_).add_and_remove, is_needed=False)
    is_tried = any(ability.name == _ADD and ability.able is not Able.UNKNOWN for ability in trial.found)
    return Rehearsal(abilities=tuple(trial.found), left=_left(schema, key) if is_tried else "")


class _Trial:
    """Takes one step after another, each in a savepoint, and notes how it ended."""

    def __init__(self, connection: sa.Connection) -> None:
        self.found: list[Ability] = []
        self._connection = connection
        self._stopped = ""

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more is tried."""
        return bool(self._stopped)

    def stop(self, why: str) -> None:
        """Try nothing more, for the first reason that there is."""
        self._stopped = self._stopped or why.rstrip(".")

    def step(self, name: str, action: Callable[[], None], *, is_needed: bool) -> None:
        """Take a step; where one that others need fails, these are not tried."""
        if self._stopped:
            self.found.append(Ability(name=name, able=Able.UNKNOWN, why=self._stopped))
            return
        savepoint = self._connection.begin_nested()
        able, why = Able.YES, ""
        try:
            action()
            savepoint.commit()
        except CaseManagerError as error:
            able, why = Able.NO, error.message
        except SQLAlchemyError as error:
            able, why = (Able.UNKNOWN if is_passing(error) else Able.NO), why_of(error)
        if able is not Able.YES:
            with suppress(SQLAlchemyError):
                savepoint.rollback()
            if is_needed:
                self.stop(f"not tried, because it could not {name}")
        self.found.append(Ability(name=name, able=able, why=why.rstrip(".")))


class _Cent:
    """A payment of one cent on one invoice, from its first day to its last."""

    def __init__(self, writer: PaymentWriter, invoice_id: CaseInvoiceId, payment_type: str) -> None:
        self._invoice_id = invoice_id
        self._writer = writer
        self._values = PaymentValues(
            paid_on=datetime.now(UTC).date(),
            amount=Money.of("0.01", _CURRENCY),
            reference="",
            notes=with_mark("", XeroPaymentId(_TRIED)),
            payment_type=payment_type,
        )
        self._key: CasePaymentId | None = None

    def of_type(self, payment_type: str) -> "_Cent":
        """Return another of the same invoice."""
        return _Cent(self._writer, self._invoice_id, payment_type)

    def lock(self) -> None:
        """Lock the invoice with everything that a write looks at."""
        self._locked()

    def add(self) -> None:
        """Add the payment."""
        self._key = self._write(WriteKind.INSERT, None, self._values)
        if self._key.value in {0, ""}:
            message = f"the database gave it the key '{self._key}', which the next payment would get too"
            raise CaseManagerError(message)

    def change(self) -> None:
        """Change its amount."""
        after = replace(self._values, amount=Money.of("0.02", _CURRENCY))
        self._write(WriteKind.UPDATE, self._values, after)
        self._values = after

    def remove(self) -> None:
        """Remove it."""
        self._write(WriteKind.DELETE, self._values, None)

    def add_and_remove(self) -> None:
        """Add it, and make room for the next."""
        self.add()
        self.remove()

    def _locked(self) -> CaseInvoiceSide | None:
        return self._writer.lock([self._invoice_id])[self._invoice_id]

    def _write(self, kind: WriteKind, before: PaymentValues | None, after: PaymentValues | None) -> CasePaymentId:
        write = CaseWrite(intent_id=_TRIED, kind=kind, payment_id=self._key, before=before, after=after)
        return self._writer.change({self._invoice_id: self._locked()}, lambda _: [write])[_TRIED]


def _an_invoice(connection: sa.Connection, schema: CheckedSchema) -> CaseInvoiceId | None:
    """Return an invoice, the newest as a rule: on old ones the period may be closed."""
    column = schema.invoices.column("key")
    newest = sa.select(column).where(column.is_not(None), *schema.invoices.counting()).order_by(column.desc()).limit(1)
    key = key_or_none(connection.execute(newest).scalar())
    return None if key is None else CaseInvoiceId(key.rstrip(" ") if isinstance(key, str) else key)


def _free_numbers(connection: sa.Connection, schema: CheckedSchema) -> tuple[int, ...]:
    """Return numbers that the payment may have instead of one that would be used up; none where it needs none.

    MariaDB counts on from the highest that ever was, so there it is one below, where one is free. PostgreSQL counts by
    itself; there it is one above, and others still higher, since a view may not show every row of its table.
    """
    column = schema.payments.columns["key"]
    is_given = schema.mapping.payments.key_source is KeySource.GENERATED and schema.key_maker is KeyMaker.NUMBERS
    if not is_given or column.kind is not ColumnKind.NUMBER or schema.dialect not in _BRING_THEIR_OWN:
        return ()
    stored = connection.execute(sa.select(schema.payments.column("key"))).scalars()
    taken = {int(key) for key in stored if key is not None}
    highest = max(taken, default=0)
    if schema.dialect == "postgresql":
        return tuple(highest + step for step in _STEPS)
    return (next((number for number in range(highest - 1, 0, -1) if number not in taken), highest + 1),)


def _first_that_goes(connection: sa.Connection, numbers: Sequence[int], attempt: Callable[[int], None]) -> int | None:
    """Return the first number that no row has, also none that a view does not show."""
    for number in numbers[:-1]:
        savepoint = connection.begin_nested()
        try:
            attempt(number)
        except IntegrityError:
            continue
        except (CaseManagerError, SQLAlchemyError):
            return number
        else:
            return number
        finally:
            with suppress(SQLAlchemyError):
                savepoint.rollback()
    return numbers[-1] if numbers else None


def _left(schema: CheckedSchema, key: int | None) -> str:
    """Say what a rollback leaves behind."""
    column = schema.payments.columns["key"].name
    if schema.mapping.payments.key_source is not KeySource.GENERATED or schema.dialect == "sqlite":
        return ""
    if schema.key_maker is KeyMaker.UNKNOWN:
        return f"Where a view or a trigger gives {column} its numbers, one of them may be used up."
    if schema.key_maker is KeyMaker.NUMBERS and (key is None or schema.dialect in {"mysql", "mariadb"}):
        return f"One number of {column} may be used up."
    return ""
