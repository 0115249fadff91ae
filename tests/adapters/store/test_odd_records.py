"""A record that somebody edited by hand is a sentence of the store's, whichever column of whichever table it is."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from types import FunctionType

import pytest

from cmxero_desktop.adapters.store import SqlStore, tables
from cmxero_desktop.adapters.store.unit_of_work import SqlUnitOfWork
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import PairedHow, RememberedPair
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.records.audit import AuditEvent
from tests.adapters.store import examples
from tests.adapters.store.examples import NOON

pytestmark = pytest.mark.allow_log("cmxero_desktop.adapters.store.failures")
JUNK = ("garbage", "-1", b"\xff\x00", 2**62)
NUMBER = "CM-100"


@pytest.fixture
def file(sqlite_store: SqlStore, tmp_path: Path) -> Path:
    """Return the file of a store in which two units of work have left something in most tables."""
    with sqlite_store.begin() as unit:
        unit.proposals.add([examples.stored_proposal()])
        unit.intents.open([examples.intent()])
        unit.commit()
    for amount in ("400.00", "500.00"):
        with sqlite_store.begin() as unit:
            _fill(unit, amount)
            unit.commit()
    return tmp_path / "store.db"


def _fill(unit: SqlUnitOfWork, amount: str) -> None:
    payment, invoice = examples.xero_payment(amount), examples.xero_invoice(amount)
    unit.facts.track([examples.tracked()])
    unit.facts.save_invoices([invoice], NOON)
    unit.facts.save_payments([payment], NOON)
    unit.gaps.save_unreadable([examples.unreadable("Other")])
    unit.gaps.save_unknown(["unknown"])
    unit.results.save([examples.result(explanation=amount)], replace_all=True)
    unit.pairs.add_copies([CasePaymentId(1)])
    pair = RememberedPair(
        xero_id=XeroPaymentId(payment.payment_id),
        case_id=CasePaymentId(1),
        invoice_number=NUMBER,
        amount=payment.amount,
        paid_on=payment.paid_on,
        how=PairedHow.EQUAL,
        since=NOON,
    )
    unit.memory.keep([pair])
    unit.audit.append([examples.event(amount)])
    unit.alerts.raise_new([examples.alert()])
    unit.polling.save_run(examples.run(f"run {amount}"))
    unit.polling.save_cursors(examples.poll_state().cursors)
    unit.polling.count_requests(NOON.date(), 3)
    unit.sharing.take_lease("desk-1", "desk", timedelta(minutes=5))


READINGS: tuple[Callable[[SqlUnitOfWork], object], ...] = (
    lambda u: u.facts.payments_of_tracked(),
    lambda u: u.facts.payments_by_id([XeroPaymentId("Payment-1")]),
    lambda u: u.facts.refunds(),
    lambda u: u.facts.invoices_of_tracked(),
    lambda u: u.facts.tracked(),
    lambda u: u.gaps.unreadable(),
    lambda u: u.gaps.unknown_ids(),
    lambda u: u.results.latest(),
    lambda u: u.results.shown(),
    lambda u: u.pairs.copies(),
    lambda u: u.memory.pairs(),
    lambda u: u.proposals.in_states(set(ProposalState)),
    lambda u: u.intents.still_open(),
    lambda u: tuple(u.intents.every()),
    lambda u: u.audit.entries(),
    lambda u: u.audit.shown(),
    lambda u: u.audit.first_broken(),
    lambda u: u.alerts.standing(),
    lambda u: u.polling.runs(10),
    lambda u: u.polling.state(),
    lambda u: u.polling.requests_on(NOON.date()),
    lambda u: u.sharing.lease(),
    lambda u: u.past.begins_at(),
    lambda u: (moment := u.past.moment()) and u.past.xero_payments([examples.INVOICE], moment),
    lambda u: (moment := u.past.moment()) and u.past.xero_invoices([NUMBER], moment),
    lambda u: (moment := u.past.moment()) and u.past.case_side(NUMBER, moment),
    lambda u: (moment := u.past.moment()) and u.past.proposals(NUMBER, moment),
    lambda u: (moment := u.past.moment()) and u.past.remembered(NUMBER, moment),
    lambda u: (moment := u.past.moment()) and u.past.entries(NUMBER, moment),
)
COLUMNS = [(table.name, column.name) for table in tables.metadata.sorted_tables for column in table.columns]


@pytest.mark.parametrize("table", sorted({table for table, _ in COLUMNS}))
def test_whatever_stands_in_a_column_is_read_or_refused_in_a_sentence(
    file: Path, sqlite_store: SqlStore, table: str
) -> None:
    sqlite_store.close()
    kept, said = file.read_bytes(), set[str]()
    for column in [column for of, column in COLUMNS if of == table]:
        for junk in JUNK:
            file.write_bytes(kept)
            if not _put(file, table, column, junk):
                continue
            store = SqlStore(f"sqlite:///{file}", busy_timeout_s=0.2)
            for reading in READINGS:
                try:
                    with store.read() as unit:
                        reading(unit)
                except StoreError as error:
                    said.add(error.remedy)
            store.close()
    assert all("the newest backup" in remedy for remedy in said)


def _put(file: Path, table: str, column: str, junk: object) -> bool:
    """Put junk into the first row of a table, past every trigger; say whether there is such a row."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        first = f"rowid = (SELECT min(rowid) FROM {table})"  # noqa: S608 - our own tables
        statement = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {first}"  # noqa: S608 - as above
        with suppress(sqlite3.IntegrityError):
            # A key that is a number stays one.
            return bool(connection.execute(statement, (junk,)).rowcount)
    return False


def test_an_error_of_whoever_uses_the_store_stays_theirs(sqlite_store: SqlStore) -> None:
    def theirs() -> Iterator[AuditEvent]:
        yield examples.event()
        raise KeyError("their own")

    # What a use case hands over is made in its own module, while the store takes it in.
    made = FunctionType(theirs.__code__, globals() | {"__name__": "cmxero_desktop.services.a_use_case"})
    with pytest.raises(KeyError, match="their own"), sqlite_store.begin() as unit:
        unit.audit.append(made())
    with pytest.raises(ZeroDivisionError), sqlite_store.read():
        _ = 1 / 0


def test_an_end_mark_without_a_number_is_lost(file: Path, sqlite_store: SqlStore) -> None:
    sqlite_store.close()
    assert _put(file, "audit_head", "entries", "garbage")
    store = SqlStore(f"sqlite:///{file}")
    with store.read() as unit:
        assert unit.audit.first_broken() == 3
    with pytest.raises(StoreError, match="lost its end mark"), store.begin() as unit:
        unit.audit.append([examples.event()])
    store.close()


def test_a_result_under_another_invoices_number_is_refused(file: Path, sqlite_store: SqlStore) -> None:
    sqlite_store.close()
    assert _put(file, "results", "invoice_number", "CM-999")
    store = SqlStore(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="CM-999 is another invoice's"), store.read() as unit:
        unit.results.latest()
    store.close()
