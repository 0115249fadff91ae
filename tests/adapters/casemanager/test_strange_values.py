"""One value that a database, its encoding or a driver cannot take costs its own row, and no other (R12, R30)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, nullcontext
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, make_url

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.services.connecting.belonging import confirming
from cmxero_desktop.services.records.runs import PollOutcome
from tests.adapters.casemanager.firms import AUD, Firm, always, insert, reference_firm
from tests.services.desk import NOV_1, Desk
from tests.services.fake_store import MemoryStore
from tests.support.databases import fresh_database

Opened = Callable[[Firm], CaseManagerDatabase]

# What is kept of a reference with a dash, an umlaut and an emoji.
KEPT = {
    ("postgres", "LATIN1"): "Fee ? Zoë ?",
    ("postgres", "WIN1252"): "Fee — Zoë ?",
    ("postgres", "SQL_ASCII"): "Fee ? Zo? ?",
    ("mariadb", "utf8mb3"): "Fee — Zoë ?",
    ("mariadb", "latin1"): "Fee — Zoë ?",
}


def utf8(url: str) -> str:
    """Let the test's own statements reach a PostgreSQL of any encoding."""
    setup = {"client_encoding": "utf8"} if url.startswith("postgresql") else {}
    return make_url(url).update_query_dict(setup).render_as_string(hide_password=False)


@pytest.fixture(
    params=[pytest.param(key, marks=getattr(pytest.mark, key[0]), id="-".join(key)) for key in KEPT],
)
def narrow(request: pytest.FixtureRequest) -> Iterator[tuple[Firm, str]]:
    """Give a firm in a database that cannot hold every character, and what it keeps of the reference."""
    kind, encoding = request.param
    with fresh_database(kind, encoding) as url:
        yield reference_firm(utf8(url)), KEPT[kind, encoding]


def test_a_payment_whose_text_the_database_cannot_hold_stops_no_other(narrow: tuple[Firm, str]) -> None:
    firm, kept = narrow
    plain = make_url(firm.url).difference_update_query(["client_encoding"]).render_as_string(hide_password=False)
    desk = Desk(MemoryStore())
    with ExitStack() as stack:
        database = CaseManagerDatabase(plain, load_mapping("reference"), confirm=confirming(desk.store))
        desk.case = stack.enter_context(closing(database))  # type: ignore[assignment]  # the same port
        for number in ("CM-10234", "CM-10235", "CM-9—9 😀"):
            desk.xero.bill(number, "1000.00")
        desk.xero.pay("CM-10234", "400.00", NOV_1, "Fee — Zoë 😀")
        desk.xero.pay("CM-10235", "77.00", NOV_1, "plain")
        desk.xero.pay("CM-9—9 😀", "55.00", NOV_1)
        assert desk.poll().outcome is PollOutcome.DONE
        desk.approve(*desk.proposals())
        report = desk.apply()
        assert (len(report.applied), report.failed) == (2, ())
        rows = firm.run("SELECT invoice_id, reference_number FROM payments ORDER BY invoice_id")
        assert [tuple(row) for row in rows] == [(1, kept), (2, "plain")]
        assert desk.poll().outcome is PollOutcome.DONE


def test_what_the_encoding_lacks_is_refused_for_its_row_alone(narrow: tuple[Firm, str], opened: Opened) -> None:
    """A payment type comes from the settings, past the reading of the columns."""
    firm, _ = narrow
    database = opened(firm)
    strange = replace(firm.values(), payment_type="EFT 😀")
    # SQL_ASCII keeps every byte.
    is_kept = "SQL_ASCII" in str(firm.run("SHOW server_encoding")) if firm.dialect == "postgresql" else False
    with nullcontext() if is_kept else pytest.raises(CaseManagerError, match="a value does not fit"):
        database.change_invoice(firm.invoice_id, AUD, always(insert(strange)))
    assert database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values())))


@pytest.mark.parametrize(
    ("server", "query"),
    [
        pytest.param("postgres_url", {"client_encoding": "latin1"}, marks=pytest.mark.postgres),
        pytest.param("mariadb_url", {"charset": "latin1"}, marks=pytest.mark.mariadb),
    ],
)
def test_an_address_cannot_narrow_what_the_connection_carries(
    request: pytest.FixtureRequest, opened: Opened, server: str, query: dict[str, str]
) -> None:
    firm = reference_firm(str(request.getfixturevalue(server)))
    url = make_url(firm.url).update_query_dict(query).render_as_string(hide_password=False)
    after = firm.values(reference="a — 中 😀")
    database = opened(replace(firm, url=url))
    database.change_invoice(firm.invoice_id, AUD, always(insert(after)))
    (payment,) = database.read(["10234"], AUD).sides["10234"].payments
    assert payment.reference == after.reference


@pytest.mark.postgres
@pytest.mark.parametrize("type_", ["DATE", "TIMESTAMP"])
@pytest.mark.parametrize("day", ["infinity", "20226-11-01", "0044-03-15 BC"])
def test_a_date_that_python_has_not_costs_its_own_row(postgres_url: str, opened: Opened, type_: str, day: str) -> None:
    firm = reference_firm(postgres_url)
    firm.run(f"ALTER TABLE payments ALTER payment_date TYPE {type_}")
    firm.add_payment(1)
    firm.add_payment(2, paid_on=day)
    firm.run("UPDATE invoices SET due_date = 'infinity' WHERE invoice_id = 2")
    database = opened(firm)
    sides = database.read(["10234", "10235"], AUD).sides
    (payment,), (unreadable,) = sides["10234"].payments, sides["10234"].unreadable
    assert (payment.payment_id, payment.paid_on) == (CasePaymentId(1), date(2026, 11, 1))
    assert unreadable.case_payment_id == CasePaymentId(2)
    assert "The payment date '" in unreadable.problem
    assert (sides["10235"].invoice.due_date, sides["10235"].unreadable) == (None, ())
    assert database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values("5.00"))))


@pytest.mark.postgres
def test_bytes_that_are_no_text_cost_their_own_row() -> None:
    with fresh_database("postgres", "SQL_ASCII") as url:
        firm = reference_firm(utf8(url))
        firm.add_payment(1, reference="Zoë")
        firm.add_payment(2, on_second=True)
        firm.run(
            "ALTER TABLE invoices ALTER total SET DEFAULT 1",
            r"UPDATE payments SET notes = convert_from('\xe9', 'SQL_ASCII') WHERE payment_id = 2",
            r"INSERT INTO invoices VALUES (3, convert_from('\xe9', 'SQL_ASCII'), '', NULL, '2026-10-01')",
        )
        with closing(firm.open()) as database:
            sides = database.read(["10234", "10235"], AUD).sides
            assert sides["10234"].payments[0].reference == "Zoë"
            assert "The notes holds b'\\xe9', which is no text" in sides["10235"].unreadable[0].problem
            assert database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values("5.00"))))


def test_a_group_that_is_no_text_costs_its_own_row(sqlite_url: str, opened: Opened) -> None:
    firm = reference_firm(sqlite_url)
    firm.run("ALTER TABLE payments DROP COLUMN payment_group", "ALTER TABLE payments ADD payment_group VARCHAR(9)")
    for number, on_second in ((1, False), (2, False), (3, True)):
        firm.add_payment(number, on_second=on_second)
    firm.run("UPDATE payments SET payment_group = CAST(X'C3' AS TEXT) WHERE payment_id > 1")
    database = opened(firm)
    side = database.read(["10234"], AUD).sides["10234"]
    assert [payment.payment_id for payment in side.payments] == [CasePaymentId(1)]
    assert "The group holds b'\\xc3', which is no text" in side.unreadable[0].problem
    assert database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values("5.00"))))


def test_a_nul_is_part_of_no_number_and_no_key(sqlite_url: str, opened: Opened) -> None:
    """Our own store on a server could not keep it, and every check would end there."""
    firm = reference_firm(sqlite_url)
    firm.add_payment(1)
    firm.run("UPDATE invoices SET invoice_number = '10235' || char(0) WHERE invoice_id = 2")
    reading = opened(firm).read(["10234", "10235"], AUD)
    assert reading.numbers == {"10234"}
    assert len(reading.sides["10234"].payments) == 1


def test_what_a_driver_says_in_python_s_own_words_is_a_refusal(sqlite_url: str, opened: Opened) -> None:
    firm = reference_firm(sqlite_url)
    with pytest.raises(CaseManagerError, match="a value does not fit"):
        opened(firm).change_invoice(CaseInvoiceId(2**70), AUD, always(insert(firm.values())))


def test_what_a_driver_raises_while_connecting_is_a_refusal(sqlite_url: str, opened: Opened) -> None:
    database = opened(reference_firm(sqlite_url))

    def choke(_connection: object, _record: object) -> None:
        raise TypeError("cannot use a string pattern on a bytes-like object")

    event.listen(database._engines.reader, "connect", choke)
    with pytest.raises(CaseManagerError, match="it does not answer"):
        database.check()


def test_our_own_mistakes_stay_our_own(sqlite_url: str, opened: Opened) -> None:
    firm = reference_firm(sqlite_url)

    def err(_: object) -> list[object]:
        raise KeyError("a mistake")

    with pytest.raises(KeyError):
        opened(firm).change_invoice(firm.invoice_id, AUD, err)  # type: ignore[arg-type]  # raises first
