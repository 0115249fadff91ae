"""Legacy schemas of many habits: what is suggested is true of each, or it is asked; then it reads the true books."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.app.suggesting import suggesting_for
from cmxero_desktop.domain.mapping.findings import MappingFinding, MappingSuggestion
from cmxero_desktop.domain.mapping.seen import KnownInvoice, KnownSide
from cmxero_desktop.domain.mapping.suggesting import suggest_mapping
from cmxero_desktop.services.connecting.suggesting import Suggesting
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from tests.services.desk import FakeSettingsFile
from tests.services.fake_store import MemoryStore
from tests.truth.legacy_books import Books
from tests.truth.legacy_firms import FIRMS
from tests.truth.legacy_laying import LegacyFirm

_MOST_ROUNDS = 6


def suggesting() -> Suggesting:
    return suggesting_for(FakeSettingsFile(is_there=False), MemorySecrets(), MemoryStore)


def known_of(books: Books) -> KnownSide:
    """Return what Xero says of the books, where every payment was copied by hand."""
    return KnownSide(
        invoices={
            invoice.number: KnownInvoice(
                number=invoice.number,
                total=invoice.total,
                payments=tuple((p.paid_on, p.amount) for p in books.true_payments if p.invoice is invoice),
            )
            for invoice in books.invoices
        }
    )


def truth_of(firm: LegacyFirm, finding: MappingFinding) -> tuple[str, ...]:
    """Return what is true; of a column that nobody speaks of it is that it says nothing of the rows."""
    if ".only." in finding.key:
        return firm.truth.get(finding.key, ("all",))
    return firm.truth[finding.key] if finding.is_money else firm.truth.get(finding.key, ())


def hold_true(firm: LegacyFirm, suggestion: MappingSuggestion) -> None:
    """Hold that whatever is taken is true, and that whatever is asked offers what is true."""
    for finding in suggestion.findings:
        true = truth_of(firm, finding)
        if not true:
            assert not finding.is_open, f"{finding.key} is asked: {finding.options}"
        elif finding.is_open:
            assert finding.takes_text or {option.key for option in finding.options} & set(true), finding
        else:
            assert finding.likely in true, finding


def answers_of(firm: LegacyFirm, suggestion: MappingSuggestion) -> dict[str, str]:
    """Answer what is asked, as somebody who knows."""
    found = {}
    for finding in suggestion.questions:
        true = truth_of(firm, finding)
        offered = [option.key for option in finding.options if option.key in true]
        found[finding.key] = offered[0] if offered else true[0]
    return found


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
    ]
)
def reflected_url(request: pytest.FixtureRequest) -> str:
    """Give an empty database of each kind that shows its names and identities as they are: the stand-in does not."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.mark.parametrize("firm", FIRMS, ids=lambda firm: firm.name)
def test_what_is_suggested_is_true_or_asked_and_reads_the_true_books(
    firm: LegacyFirm, reflected_url: str, tmp_path: Path
) -> None:
    books = firm.make(reflected_url)
    made = answered(firm, reflected_url)
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
