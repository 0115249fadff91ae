"""What a server keeps from a login is not taken for missing: money that stands there would be written again."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import make_url

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.domain.errors import CaseManagerError
from tests.adapters.casemanager.firms import AUD, Firm, reference_firm

Opened = Callable[[Firm], CaseManagerDatabase]
PAYMENTS = 5


@pytest.fixture
def guarded(postgres_url: str) -> Iterator[tuple[Firm, CaseManagerDatabase]]:
    """Give a firm in PostgreSQL, and its database as another login opens it, which row-level security shows less."""
    firm = reference_firm(postgres_url)
    for key in range(1, PAYMENTS + 1):
        firm.add_payment(key)
    name = f"guarded_{make_url(firm.url).database}"
    firm.run(
        f"CREATE USER {name} PASSWORD 'secret'",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
    )
    url = make_url(firm.url).set(username=name, password=None).render_as_string()
    with closing(CaseManagerDatabase(url, load_mapping("reference"), password="secret")) as database:
        yield firm, database
    firm.run(f"DROP OWNED BY {name}", f"DROP USER {name}")


def keys_in(database: CaseManagerDatabase) -> list[int | str]:
    side = database.read(["10234"], AUD).sides["10234"]
    return sorted(payment.payment_id.value for payment in side.payments)


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["payments", "invoices", "system_settings"])
@pytest.mark.parametrize("policy", ["", "USING (false)", "USING (true)"])
def test_row_level_security_never_makes_a_payment_missing(
    guarded: tuple[Firm, CaseManagerDatabase], table: str, policy: str
) -> None:
    firm, database = guarded
    database.check()
    assert keys_in(database) == list(range(1, PAYMENTS + 1))
    firm.run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    if policy:
        firm.run(f"CREATE POLICY one ON {table} {policy}")
    with pytest.raises(CaseManagerError) as caught:
        database.check()
    assert f"Row-level security of the table {table} decides which rows this login sees" in str(caught.value)
    assert "BYPASSRLS" in str(caught.value)


@pytest.mark.postgres
def test_row_level_security_that_comes_later_or_behind_a_view_stops_the_reading(
    guarded: tuple[Firm, CaseManagerDatabase],
) -> None:
    """A view that shows what whoever asks may see hides rows behind the back of the check."""
    firm, database = guarded
    database.check()
    firm.run(
        "ALTER TABLE payments RENAME TO all_payments",
        "CREATE VIEW payments WITH (security_invoker = true) AS SELECT * FROM all_payments",
        f"GRANT SELECT ON payments TO guarded_{make_url(firm.url).database}",
        "CREATE POLICY one ON all_payments USING (payment_id < 3)",
        "ALTER TABLE all_payments ENABLE ROW LEVEL SECURITY",
    )
    with pytest.raises(CaseManagerError, match="row-level security") as caught:
        keys_in(database)
    assert "BYPASSRLS" in caught.value.remedy


@pytest.mark.postgres
def test_whoever_sees_every_row_is_not_stopped(postgres_url: str, opened: Opened) -> None:
    firm = reference_firm(postgres_url)
    firm.add_payment(1)
    firm.run("ALTER TABLE payments ENABLE ROW LEVEL SECURITY", "CREATE POLICY one ON payments USING (false)")
    database = opened(firm)
    database.check()
    assert keys_in(database) == [1]


@pytest.mark.mariadb
@pytest.mark.parametrize("limit", [1, 3])
def test_a_server_that_limits_the_rows_of_an_answer_makes_no_payment_missing(
    mariadb_url: str, opened: Opened, limit: int
) -> None:
    firm = reference_firm(mariadb_url)
    for key in range(1, PAYMENTS + 1):
        firm.add_payment(key)
    limited = opened(replace(firm, url=f"{firm.url}&init_command=SET+sql_select_limit%3D{limit}"))
    assert limited.check().payments == PAYMENTS
    assert keys_in(limited) == list(range(1, PAYMENTS + 1))
