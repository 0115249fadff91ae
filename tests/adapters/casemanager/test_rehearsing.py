"""What an approval will need is tried before anybody approves, and nothing of it stays."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.records.abilities import Able, Rehearsal
from tests.adapters.casemanager.firms import _GENERATED, AUD, Firm, always, insert, reference_firm, with_mapping

Opened = Callable[[Firm], CaseManagerDatabase]

ALL = [
    "lock an invoice",
    "add a payment",
    "change a payment",
    "remove a payment",
]
_OWN_NUMBER = (
    "INSERT INTO payments (invoice_id, payment_date, amount, payment_type) VALUES (1, '2026-11-01', 1, 'EFT')",
    "SELECT MAX(payment_id) FROM payments",
)


def answers(rehearsal: Rehearsal) -> dict[str, Able]:
    return {ability.name: ability.able for ability in rehearsal.abilities}


def why(rehearsal: Rehearsal, name: str) -> str:
    return next(ability.why for ability in rehearsal.abilities if ability.name == name)


def test_everything_can_be_done_and_nothing_of_it_stays(firm: Firm, opened: Opened) -> None:
    for number in (1, 2, 5):
        firm.add_payment(number)
    before = firm.run(f"SELECT * FROM {firm.payments}")  # noqa: S608 - a name of this test's own
    rehearsal = opened(firm).rehearse(())
    assert answers(rehearsal) == dict.fromkeys(ALL, Able.YES)
    assert [str(ability) for ability in rehearsal.abilities[:2]] == ["It can lock an invoice", "It can add a payment"]
    assert firm.run(f"SELECT * FROM {firm.payments}") == before  # noqa: S608 - as above


@pytest.mark.parametrize("identity", ["BY DEFAULT", "ALWAYS"])
def test_no_number_of_case_manager_s_own_is_used_up(reference: Firm, opened: Opened, identity: str) -> None:
    if reference.dialect == "postgresql":
        reference.run(f"ALTER TABLE payments ALTER payment_id SET GENERATED {identity}")
    for _ in range(3):
        reference.run(_OWN_NUMBER[0])
    ((highest,),) = reference.run("DELETE FROM payments WHERE payment_id IN (2, 101)", _OWN_NUMBER[1])
    rehearsal = opened(reference).rehearse(())
    assert set(answers(rehearsal).values()) == {Able.YES}
    used_up = reference.dialect == "mssql"  # there a row brings its own number only for who may change the table
    assert reference.run(*_OWN_NUMBER)[0][0] == highest + 1 + used_up
    assert "may be used up" in rehearsal.left or not used_up


def test_where_no_number_is_free_it_says_what_stays(reference: Firm, opened: Opened) -> None:
    rehearsal = opened(reference).rehearse(())
    assert ("One number of payment_id may be used up." in rehearsal.left) is (reference.dialect in {"mysql", "mssql"})


@pytest.mark.postgres
def test_a_view_with_sums_by_join_cannot_be_locked(postgres_url: str, opened: Opened, tmp_path: Path) -> None:
    firm = reference_firm(postgres_url)
    firm.run(
        "CREATE VIEW summed AS SELECT i.invoice_id, i.invoice_number, i.bill_to, i.case_name, i.invoice_date, "
        "i.due_date, i.total, coalesce(sum(p.amount), 0) AS adjustments, i.refunds "
        "FROM invoices i LEFT JOIN payments p USING (invoice_id) GROUP BY i.invoice_id",
    )
    rehearsal = opened(with_mapping(firm, tmp_path, 'table = "invoices"', 'table = "summed"')).rehearse(())
    assert answers(rehearsal) == {ALL[0]: Able.NO} | dict.fromkeys(ALL[1:], Able.UNKNOWN)
    assert "FOR UPDATE is not allowed with GROUP BY" in why(rehearsal, "lock an invoice")
    assert why(rehearsal, "add a payment") == "not tried, because it could not lock an invoice"


NO_KEY = {
    "sqlite": "INT PRIMARY KEY",
    **dict.fromkeys(("postgresql", "mysql", "mssql"), "INTEGER PRIMARY KEY"),
}
_PAYMENTS = (
    "CREATE TABLE payments (payment_id {key}, invoice_id INTEGER NOT NULL REFERENCES invoices (invoice_id), "
    "payment_date DATE NOT NULL, amount NUMERIC(12,2) NOT NULL, payment_type VARCHAR(20) NOT NULL, "
    "reference_number VARCHAR(50), notes VARCHAR(500), journal_number VARCHAR(20), payment_group INTEGER{more})"
)


def keyed(firm: Firm, key: str, more: str = "") -> None:
    """Make the payments table anew, with another key and more at its end."""
    firm.run("DROP TABLE payments", _PAYMENTS.format(key=key, more=more))


def test_a_key_that_nothing_generates_is_found_before_the_first_approval(reference: Firm, opened: Opened) -> None:
    keyed(reference, NO_KEY[reference.dialect])
    database = opened(reference)
    rehearsal = database.rehearse(())
    assert answers(rehearsal)["add a payment"] is Able.NO
    if reference.dialect not in {"mysql", "mssql"}:  # there a trigger may give keys, and is not shown to every login
        assert "nothing gives one to payment_id" in database.check().write_problem
    with pytest.raises(CaseManagerError):
        database.change_invoice(reference.invoice_id, AUD, always(insert(reference.values())))


def test_a_key_that_is_the_same_for_all_is_found(reference: Firm, opened: Opened) -> None:
    keyed(reference, "INTEGER DEFAULT 0 PRIMARY KEY")
    if reference.dialect == "sqlite":  # there an INTEGER PRIMARY KEY is numbered whatever its default is
        return
    rehearsal = opened(reference).rehearse(())
    assert "the database gave it the key '0'" in why(rehearsal, "add a payment")


@pytest.mark.postgres
def test_a_key_that_a_trigger_gives_is_tried(postgres_url: str, opened: Opened) -> None:
    firm = reference_firm(postgres_url)
    keyed(firm, "INTEGER PRIMARY KEY")
    firm.run(
        "CREATE FUNCTION give() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.payment_id = 7; RETURN NEW; END'",
        "CREATE TRIGGER give BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION give()",
    )
    rehearsal = opened(firm).rehearse(())
    assert set(answers(rehearsal).values()) == {Able.YES}
    assert "a trigger gives payment_id its numbers" in rehearsal.left


def test_the_next_number_does_not_leave_a_sequence_behind(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    """Case Manager's own next payment would be refused, in front of somebody who has nothing to do with it."""
    firm = with_mapping(reference, tmp_path, 'key_source = "generated"', 'key_source = "next_number"')
    firm.run(_OWN_NUMBER[0])
    database = opened(firm)
    if firm.dialect in {"postgresql", "mssql"}:
        assert "takes its numbers from a sequence" in database.check().write_problem
        assert answers(database.rehearse(()))["add a payment"] is Able.NO
        with pytest.raises(CaseManagerError, match="takes its numbers from a sequence"):
            database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values())))
    else:
        assert answers(database.rehearse(()))["add a payment"] is Able.YES
        database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values())))
    firm.run(*_OWN_NUMBER)


def test_a_payment_type_that_its_lookup_lacks_is_found(reference: Firm, opened: Opened) -> None:
    reference.run("CREATE TABLE types (name VARCHAR(20) PRIMARY KEY)", "INSERT INTO types VALUES ('EFT'), ('CARD')")
    keyed(reference, _GENERATED[reference.dialect], ", FOREIGN KEY (payment_type) REFERENCES types (name)")
    database = opened(reference)
    rehearsal = database.rehearse(["CARD", "CHEQUE", "EFT"])
    assert answers(rehearsal) == dict.fromkeys([*ALL, "add a payment of the type 'CARD'"], Able.YES) | {
        "add a payment of the type 'CHEQUE'": Able.NO
    }
    assert "a rule of the database forbids it" in rehearsal.those(Able.NO)[0].why
    reference.run("DELETE FROM types WHERE name = 'EFT'")
    assert answers(database.rehearse(()))["add a payment"] is Able.NO


def test_what_somebody_else_locks_is_not_said_to_be_impossible(reference: Firm, opened: Opened) -> None:
    database = opened(reference)
    database.check()
    engine = sa.create_engine(reference.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE invoices SET case_name = 'typed'"))
        if reference.dialect == "sqlite":
            with pytest.raises(CaseManagerError, match="another program keeps it locked"):
                database.rehearse(())
        else:
            assert answers(database.rehearse(()))["lock an invoice"] is Able.UNKNOWN


@pytest.mark.postgres
def test_a_login_that_may_only_read_can_lock_nothing(postgres_url: str) -> None:
    firm = reference_firm(postgres_url)
    name = f"reader_{make_url(firm.url).database}"
    firm.run(f"CREATE USER {name} PASSWORD 'secret'", f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
    url = make_url(firm.url).set(username=name, password=None).render_as_string()
    try:
        with closing(CaseManagerDatabase(url, load_mapping("reference"), password="secret")) as database:
            assert "does not have the right" in why(database.rehearse(()), "lock an invoice")
    finally:
        firm.run(f"DROP OWNED BY {name}", f"DROP USER {name}")


def test_without_an_invoice_nobody_knows(reference: Firm, opened: Opened) -> None:
    reference.run("DELETE FROM invoices")
    rehearsal = opened(reference).rehearse(["CARD"])
    assert {ability.why for ability in rehearsal.those(Able.UNKNOWN)} == {"Case Manager has no invoice to try it on"}
    assert len(rehearsal.those(Able.UNKNOWN)) == 5


@pytest.mark.mariadb
@pytest.mark.parametrize("name", ["payments", "shown", "shown_again"])
def test_nothing_is_tried_where_it_could_not_be_taken_back(
    mariadb_url: str, opened: Opened, tmp_path: Path, name: str
) -> None:
    """Also behind views, which have no engine of their own."""
    firm = reference_firm(mariadb_url)
    firm.run(
        "ALTER TABLE payments DROP FOREIGN KEY payments_ibfk_1",
        "ALTER TABLE payments ENGINE = MyISAM",
        "CREATE VIEW shown AS SELECT * FROM payments",
        "CREATE VIEW shown_again AS SELECT * FROM shown WHERE amount > 0",
    )
    database = opened(with_mapping(firm, tmp_path, 'table = "payments"', f'table = "{name}"'))
    assert "payments uses the storage engine MyISAM" in database.check().write_problem
    rehearsal = database.rehearse(())
    assert "without transactions" in why(rehearsal, "add a payment")
    with pytest.raises(CaseManagerError, match="without transactions"):
        database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values())))
    assert firm.run("SELECT * FROM payments") == []


@pytest.mark.parametrize(
    "server", [pytest.param("postgres", marks=pytest.mark.postgres), pytest.param("mariadb", marks=pytest.mark.mariadb)]
)
def test_the_views_of_the_manual_work(
    request: pytest.FixtureRequest, opened: Opened, tmp_path: Path, server: str
) -> None:
    firm = reference_firm(str(request.getfixturevalue(f"{server}_url")))
    manual = Path("docs/manual.md").read_text(encoding="utf-8")
    (views,) = re.findall(r"```sql\n(.*?)```", manual, re.DOTALL)
    keyed(firm, _GENERATED[firm.dialect], ", kind VARCHAR(12) NOT NULL")
    firm.run(
        "ALTER TABLE payments RENAME TO transactions",
        *views.split(";")[:2],
        "INSERT INTO transactions VALUES (1, 1, '2026-11-01', 400, 'EFT', '', '', NULL, NULL, 'payment')",
        "INSERT INTO transactions VALUES (2, 1, '2026-11-01', -50, '', '', '', NULL, NULL, 'adjustment')",
        "INSERT INTO transactions VALUES (3, 1, '2026-11-01', 10, '', '', '', NULL, NULL, 'refund')",
    )
    tables = ('table = "invoices"', 'table = "desk_invoices"', 'table = "payments"', 'table = "desk_payments"')
    kind = ("[payments.constants]", '[payments.constants]\nkind = "payment"')
    database = opened(with_mapping(firm, tmp_path, *tables, *kind))
    side = database.read(["10234"], AUD).sides["10234"]
    assert (side.invoice.adjustments, side.invoice.refunds) == (Money.of("-50.00", AUD), Money.of("10.00", AUD))
    assert answers(database.rehearse(())) == dict.fromkeys(ALL, Able.YES)
    database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values("5.00"))))
    assert len(database.read(["10234"], AUD).sides["10234"].payments) == 2
    assert len(firm.run("SELECT * FROM transactions")) == 4
