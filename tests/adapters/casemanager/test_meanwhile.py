"""While we decide and write, somebody types: the money stands once, and whoever types is not turned away."""

import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, database, load_mapping, writing
from cmxero_desktop.adapters.casemanager.locking import RowLocks
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite, WriteKind
from tests.adapters.casemanager.firms import (
    AUD,
    Firm,
    number_by_itself_no_more,
    other_firm,
    reference_firm,
    with_mapping,
)
from tests.support.patience import HUNG_S

Opened = Callable[[Firm], CaseManagerDatabase]
# Invoice, those of its number, its payments and their groups: to decide, and before writing; the payments afterwards.
READS = 8
IMPATIENT = {
    "postgresql": "SET lock_timeout = 100",
    "mysql": "SET SESSION innodb_lock_wait_timeout = 1",
    "mssql": "SET LOCK_TIMEOUT 100",
}


@pytest.fixture(
    params=[
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
        pytest.param("sql_server", marks=pytest.mark.postgres),
    ]
)
def server_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["tied", "untied"])
def shared(request: pytest.FixtureRequest, server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Firm:
    """Give a firm on a server, its payments tied to invoices by a foreign key, or not."""
    if request.param == "tied":
        return reference_firm(server_url)
    return other_firm(server_url, tmp_path_factory.mktemp("mapping"))


def added(firm: Firm, *, intent_id: str = "i1", invoice_id: CaseInvoiceId | None = None) -> CaseWrite:
    return CaseWrite(
        intent_id=intent_id,
        kind=WriteKind.INSERT,
        payment_id=None,
        before=None,
        after=firm.values(notes=f"Xero payment {intent_id}"),
        invoice_id=invoice_id,
    )


def standing(firm: Firm) -> int:
    (row,) = firm.run(f"SELECT COUNT(*) FROM {firm.payments}")  # noqa: S608  # a name of this test's own
    return int(row[0])


def typed(firm: Firm, number: int = 7) -> None:
    """Type the same 400.00, as a person would who waits for nobody."""
    with sa.create_engine(firm.url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(IMPATIENT[firm.dialect])
        firm.add_payment(number, at=connection)


def test_nobody_adds_between_our_reading_and_our_commit(shared: Firm, opened: Opened) -> None:
    def meddle(_: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        with pytest.raises(OperationalError, match=r"[Ll]ock"):
            typed(shared)
        return (added(shared),)

    opened(shared).change_invoice(shared.invoice_id, AUD, meddle)
    assert standing(shared) == 1


def test_nobody_changes_what_we_read(shared: Firm, opened: Opened) -> None:
    key = shared.add_payment(1)
    column = {True: "amount", False: "amt"}[shared.is_reference]

    def meddle(_: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        with pytest.raises(OperationalError, match=r"[Ll]ock"):
            shared.run(IMPATIENT[shared.dialect], f"UPDATE {shared.payments} SET {column} = 1")  # noqa: S608
        return (
            CaseWrite(
                intent_id="i1",
                kind=WriteKind.UPDATE,
                payment_id=key,
                before=shared.values(),
                after=shared.values("2.00"),
            ),
        )

    desk = opened(shared)
    desk.change_invoice(shared.invoice_id, AUD, meddle)
    (payment,) = desk.read(["10234"], AUD).sides["10234"].payments
    assert payment.amount == shared.values("2.00").amount


def can_type_elsewhere(firm: Firm, opened: Opened) -> bool:
    """Say whether a person can add a payment to another invoice while we write to this one."""
    firm.add_payment(1)
    firm.add_payment(2, on_second=True)
    typed_it: list[bool] = []

    def meddle(_: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        try:
            with sa.create_engine(firm.url, poolclass=sa.NullPool).begin() as connection:
                connection.exec_driver_sql(IMPATIENT[firm.dialect])
                firm.add_payment(3, on_second=True, at=connection)
        except OperationalError:
            typed_it.append(False)
        else:
            typed_it.append(True)
        return (added(firm),)

    opened(firm).change_invoice(firm.invoice_id, AUD, meddle)
    return typed_it[0]


def test_what_is_said_to_be_locked_is_what_is_locked(shared: Firm, opened: Opened) -> None:
    """The doctor says it, so that the firm knows whom a write keeps waiting."""
    said = opened(shared).check().while_writing
    if shared.is_reference and shared.dialect == "mssql":
        start = "While a payment is written, its invoice is locked with its payments; without an index on that column,"
        assert said == f"{start} all of payments."
        assert not can_type_elsewhere(shared, opened)
        return
    if shared.is_reference:
        assert said == "While a payment is written, its invoice is locked."
        assert can_type_elsewhere(shared, opened)
        return
    assert said.startswith(f"No foreign key ties {load_mapping(shared.mapping).payments.table} to the invoices")
    if shared.dialect == "postgresql":
        assert "nobody else writes to" in said
    else:
        assert "without an index on that column, all of" in said
    assert not can_type_elsewhere(shared, opened)


@pytest.mark.parametrize(
    "url",
    [pytest.param("mariadb", marks=pytest.mark.mariadb), pytest.param("sql_server", marks=pytest.mark.postgres)],
)
def test_an_index_keeps_the_lock_to_the_invoice(
    request: pytest.FixtureRequest, url: str, tmp_path: Path, opened: Opened
) -> None:
    firm = other_firm(str(request.getfixturevalue(f"{url}_url")), tmp_path)
    firm.run(f"CREATE INDEX by_invoice ON {firm.payments} (inv_code)")
    assert "the payments of its invoice are locked" in opened(firm).check().while_writing
    assert can_type_elsewhere(firm, opened)


def test_a_file_is_said_to_be_locked_as_a_whole(sqlite_url: str, opened: Opened) -> None:
    assert opened(reference_firm(sqlite_url)).check().while_writing == "While a payment is written, the file is locked."


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the locks away, as a database does that keeps none of its promises."""
    monkeypatch.setattr(RowLocks, "locked", lambda _self, statement, _table: statement)
    monkeypatch.setattr(RowLocks, "lock_additions", lambda _self: None)
    # Without its locks MariaDB's usual isolation shows an old picture; ours reads with locks alone there.
    monkeypatch.setattr(database, "isolation_of", lambda _schema: "READ COMMITTED")


def test_without_any_lock_what_was_typed_while_we_decided_is_seen(
    shared: Firm, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_locks(monkeypatch)

    def meddle(_: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        typed(shared)
        return (added(shared),)

    with pytest.raises(CaseManagerError, match=r"was changed in Case Manager|new ones are there"):
        opened(shared).change_invoice(shared.invoice_id, AUD, meddle)
    assert standing(shared) == 1


def test_without_any_lock_what_was_typed_while_we_wrote_is_seen_before_the_commit(
    server_url: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = reference_firm(server_url)
    without_locks(monkeypatch)
    checking = writing.PaymentWriter._check  # the last step before a row goes in

    def slow(self: writing.PaymentWriter, *values: object) -> None:
        checking(self, *values)  # type: ignore[arg-type]
        typed(firm)

    monkeypatch.setattr(writing.PaymentWriter, "_check", slow)
    with pytest.raises(CaseManagerError, match="2 new ones are there"):
        opened(firm).change_invoice(firm.invoice_id, AUD, lambda _: (added(firm),))
    assert standing(firm) == 1


def reads_of(firm: Firm, opened: Opened, rows: int) -> int:
    """Add so many payments to an invoice at once, and count what is read meanwhile."""
    desk = opened(firm)
    desk.check()
    asked: list[str] = []
    engine = desk._engines.writer  # there is no other way to count what a server is asked
    sa.event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    keys = desk.change_invoice(firm.invoice_id, AUD, lambda _: [added(firm, intent_id=f"i{n}") for n in range(rows)])
    assert len(set(keys.values())) == standing(firm) == rows
    return sum(statement.startswith("SELECT") for statement in asked)


@pytest.mark.parametrize("rows", [1, 8, 64])
def test_an_invoice_is_read_as_often_whatever_number_of_payments_is_written(
    shared: Firm, opened: Opened, rows: int
) -> None:
    assert reads_of(shared, opened, rows) == READS


@pytest.mark.parametrize("rows", [1, 8])
def test_the_highest_number_is_asked_for_once_whatever_number_of_payments_is_written(
    server_url: str, tmp_path: Path, opened: Opened, rows: int
) -> None:
    firm = with_mapping(reference_firm(server_url), tmp_path, 'key_source = "generated"', 'key_source = "next_number"')
    number_by_itself_no_more(firm)
    assert reads_of(firm, opened, rows) == READS + 1


def test_the_key_of_each_addition_is_that_of_its_own_values(shared: Firm, opened: Opened) -> None:
    desk = opened(shared)
    amounts = [f"{n}.00" for n in range(1, 20)]
    writes = [
        CaseWrite(intent_id=a, kind=WriteKind.INSERT, payment_id=None, before=None, after=shared.values(a, notes="x"))
        for a in amounts
    ]
    keys = desk.change_invoice(shared.invoice_id, AUD, lambda _: writes)
    payments = {p.payment_id: f"{p.amount.amount}" for p in desk.read(["10234"], AUD).sides["10234"].payments}
    assert {intent_id: payments[key] for intent_id, key in keys.items()} == {amount: amount for amount in amounts}


@pytest.mark.parametrize("order", ["invoice first", "payment first"])
def test_whoever_types_carefully_is_not_turned_away(shared: Firm, *, order: str) -> None:
    """A person's program locks in an order that crosses ours; the server would turn one of both away."""
    is_in, wants = threading.Event(), threading.Event()
    invoices, key = ("invoices", "invoice_id") if shared.is_reference else (_invoices(shared), "inv_code")
    hint, last = ("WITH (UPDLOCK)", "") if shared.dialect == "mssql" else ("", "FOR UPDATE")
    look = sa.text(f"SELECT * FROM {invoices} {hint} WHERE {key} = :key {last}")  # noqa: S608  # this test's own names
    problems: list[str] = []

    def person() -> None:
        engine = sa.create_engine(shared.url, poolclass=sa.NullPool)
        try:
            with engine.begin() as connection:
                if order == "invoice first":
                    connection.execute(look, {"key": shared.invoice_id.value})
                    is_in.set()
                    wants.wait(HUNG_S)
                    shared.add_payment(7, at=connection)
                else:
                    shared.add_payment(7, at=connection)
                    is_in.set()
                    wants.wait(HUNG_S)
                    connection.execute(look, {"key": shared.invoice_id.value})
        except OperationalError as error:
            problems.append(str(error))

    seen: list[int] = []

    def decide(side: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        assert side is not None
        seen.append(len(side.payments))
        return ()

    thread = threading.Thread(target=person)
    with closing(shared.open(lock_wait_s=HUNG_S)) as desk:
        desk.check()
        thread.start()
        is_in.wait(HUNG_S)
        # The person goes on at the moment when we stand before a lock that is not free.
        sa.event.listen(
            desk._engines.writer,
            "before_cursor_execute",
            lambda *_: wants.set(),
        )
        desk.change_invoice(shared.invoice_id, AUD, decide)
    thread.join(HUNG_S)
    assert problems == []
    assert seen == [1]


def test_the_last_word_before_the_commit_undoes_everything(firm: Firm, opened: Opened) -> None:
    asked: list[int] = []

    def too_late() -> None:
        asked.append(1)
        message = "too late"
        raise CaseManagerError(message)

    desk = opened(firm)
    desk.change_invoices((firm.invoice_id,), AUD, lambda _: (), too_late)
    assert asked == [], "nothing was written, so there is nothing to ask about"
    with pytest.raises(CaseManagerError, match="too late"):
        desk.change_invoices((firm.invoice_id,), AUD, lambda _: (added(firm, invoice_id=firm.invoice_id),), too_late)
    assert standing(firm) == 0


def _always(write: CaseWrite, _: object) -> Sequence[CaseWrite]:
    return (write,)


def _invoices(firm: Firm) -> str:
    return firm.payments.replace("Receipts", "InvHeader").replace("receipts", "invheader")


def test_a_move_locks_in_the_order_of_keys_and_takes_turns(shared: Firm) -> None:
    """Two desks that move money in opposite directions both come through."""
    both = (shared.invoice_id, shared.second_id)
    problems: list[BaseException] = []

    def run(keys: Collection[CaseInvoiceId], name: str) -> None:
        try:
            with closing(shared.open(lock_wait_s=HUNG_S)) as desk:
                for n in range(4):
                    write = added(shared, intent_id=f"{name}{n}", invoice_id=shared.second_id)
                    desk.change_invoices(keys, AUD, partial(_always, write))
        except CaseManagerError as error:
            problems.append(error)

    threads = [
        threading.Thread(target=run, args=(keys, name)) for keys, name in ((both, "a"), (tuple(reversed(both)), "b"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert standing(shared) == 8
