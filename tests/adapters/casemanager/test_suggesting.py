"""Legacy schemas of many habits: what is suggested is true of each, or it is asked; then it reads the true books."""

from collections.abc import Mapping
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.app.suggesting import suggesting_for
from cmxero_desktop.domain.mapping.suggesting import suggest_mapping
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.services.connecting.suggesting import Suggesting
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from tests.adapters.casemanager.firms import always, insert
from tests.services.desk import FakeSettingsFile
from tests.services.fake_store import MemoryStore
from tests.truth.legacy_books import Books
from tests.truth.legacy_firms import FIRMS
from tests.truth.legacy_laying import LegacyFirm
from tests.truth.legacy_seen import answers_of, books_of, hold_true, known_of, under_other_names

_MOST_ROUNDS = 6


def suggesting() -> Suggesting:
    return suggesting_for(FakeSettingsFile(is_there=False), MemorySecrets(), MemoryStore)


def as_shown(firm: LegacyFirm, url: str) -> LegacyFirm:
    """Return what is true under the names that the database shows: the stand-in has them in small letters."""
    if not url.startswith("mssql"):
        return firm
    tables = [tab.lay(MetaData())[0] for tab in firm.lay(books_of(firm))]
    names = {table.name for table in tables} | {column.name for table in tables for column in table.columns}
    return under_other_names(firm, lambda name: name.lower() if name in names else name)


def answered(firm: LegacyFirm, url: str) -> SuggestedMapping:
    """Answer until nothing is asked any more; each answer may bring other questions."""
    it, answers = suggesting(), dict[str, str]()
    made = it.suggest(MappingRequest(url=url))
    for _ in range(_MOST_ROUNDS):
        hold_true(firm, made.suggestion)
        if not made.suggestion.questions:
            return made
        answers |= answers_of(firm, made.suggestion)
        made = it.suggest(MappingRequest(url=url, answers=answers, schema=made.schema))
    raise AssertionError(made.suggestion.questions)


def read_books(
    url: str, mapping: Path, books: Books
) -> Mapping[str, tuple[Decimal, tuple[tuple[date, Decimal, bool, bool], ...]]]:
    database = CaseManagerDatabase(url, load_mapping(str(mapping)))
    try:
        reading = database.read([invoice.number for invoice in books.invoices], "AUD", with_unpaid=True)
    finally:
        database.close()
    assert not reading.others, "rows were read that are none"
    assert not any(side.unreadable for side in reading.sides.values())
    return {
        number: (
            side.invoice.total.amount,
            tuple(sorted((p.paid_on, p.amount.amount, p.is_journalled, p.is_multi_invoice) for p in side.payments)),
        )
        for number, side in reading.sides.items()
    }


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
        pytest.param("sql_server", marks=pytest.mark.postgres),
    ]
)
def reflected_url(request: pytest.FixtureRequest) -> str:
    """Give an empty database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.mark.parametrize("firm", FIRMS, ids=lambda firm: firm.name)
def test_what_is_suggested_is_true_or_asked_and_reads_the_true_books(
    firm: LegacyFirm, reflected_url: str, tmp_path: Path
) -> None:
    books = firm.make(reflected_url)
    made = answered(as_shown(firm, reflected_url), reflected_url)
    if firm.obstacle:
        assert any(firm.obstacle in obstacle for obstacle in made.suggestion.obstacles)
        assert not made.text
        return
    assert made.suggestion.obstacles == ()
    assert made.suggestion.is_complete
    assert made.problems == ()
    assert made.seen is not None
    file = suggesting().write(made, tmp_path / "suggested.toml", may_replace=False)
    assert read_books(reflected_url, file, books) == books.truth()


def test_what_is_suggested_for_odd_names_is_written_as_well(reflected_url: str, tmp_path: Path) -> None:
    """Names with blanks, quotes and per cent signs stand in what is locked, written and read again."""
    firm = next(firm for firm in FIRMS if firm.name == "odd names")
    books = firm.make(reflected_url)
    made = answered(as_shown(firm, reflected_url), reflected_url)
    file = suggesting().write(made, tmp_path / "suggested.toml", may_replace=False)
    number = books.invoices[0].number
    new = PaymentValues(
        paid_on=date(2026, 11, 3),
        amount=Money(Decimal("12.34"), "AUD"),
        payment_type="EFT",
        reference="50 %",
        notes="Xero payment ab1",
    )
    with closing(CaseManagerDatabase(reflected_url, load_mapping(str(file)))) as database:
        before = database.read([number], "AUD").sides[number]
        written = database.change_invoice(before.invoice.invoice_id, "AUD", always(insert(new)))
        after = {payment.payment_id: payment for payment in database.read([number], "AUD").sides[number].payments}
    assert PaymentValues.of(after.pop(written["i"])) == new
    assert after == {payment.payment_id: payment for payment in before.payments}


@pytest.mark.parametrize("firm", FIRMS, ids=lambda firm: firm.name)
def test_with_xeros_facts_it_is_true_as_well_and_asks_no_more(firm: LegacyFirm, sqlite_url: str) -> None:
    books = firm.make(sqlite_url)
    made = suggesting().suggest(MappingRequest(url=sqlite_url))
    known = suggest_mapping(made.schema, known_of(books), {})
    hold_true(firm, known)
    assert {f.key for f in known.questions} <= {f.key for f in made.suggestion.questions}


@pytest.mark.postgres
def test_a_sql_server_that_tells_less_is_read_all_the_same(sql_server_url: str) -> None:
    """SQLAlchemy knows no unique constraints there, and the stand-in lists no schemas."""
    firm = next(firm for firm in FIRMS if firm.name == "plain English")
    firm.make(sql_server_url)
    suggestion = suggesting().suggest(MappingRequest(url=sql_server_url)).suggestion
    assert {f.key: f.likely for f in suggestion.findings}["payments.amount"] == "amount"
    assert suggestion.notes[-1].startswith("Which other schemas there are could not be read")
