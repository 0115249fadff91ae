"""What correlation calls writable is what the writer writes, on each database, and nothing else (R12)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.domain.correlation.writable import (
    note_as_written,
    reference_as_written,
    why_not_amount,
    why_not_date,
    why_not_written,
)
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Columns, Policy
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.services.correlation.policies import policy_of
from cmxero_desktop.services.records.settings import PolicySettings
from tests.adapters.casemanager.firms import AUD, Firm, always, delete, insert, reference_firm, update

Opened = Callable[[Firm], CaseManagerDatabase]

_MARIADB = "ALTER TABLE payments MODIFY amount DECIMAL(6,2), MODIFY payment_date {day}, MODIFY reference_number {text}"
NARROW = {
    "latin1": _MARIADB.format(day="DATE", text="VARCHAR(9) CHARACTER SET latin1"),
    "ascii": _MARIADB.format(day="DATETIME", text="CHAR(9) CHARACTER SET ascii"),
    "utf8mb3": _MARIADB.format(day="DATETIME", text="TINYTEXT CHARACTER SET utf8mb3"),
    "sjis": _MARIADB.format(day="DATE", text="VARCHAR(9) CHARACTER SET sjis"),
}
edges = st.sampled_from([1, 9_999_99, 1_000_000, 9_999_999_999_99, 10**12, 10**15 - 1, 10**15, 0, -5])
amounts = (edges | st.integers(1, 10**15)).map(lambda minor: Money.from_minor(minor, AUD))
days = (
    st.sampled_from([date(999, 12, 31), date(1000, 1, 1), date(2038, 1, 18), date(2038, 1, 20), date.max]) | st.dates()
)
texts = st.text(max_size=70) | st.sampled_from(
    ["Zoë €", "中文", "a😀b", "\ud800", "a\0b", "ends in blanks   ", "ÿ\x81"]
)


def policy_for(database: CaseManagerDatabase) -> Policy:
    return policy_of(PolicySettings(), database.check(), AUD)


def try_all(database: CaseManagerDatabase, firm: Firm) -> None:
    """Have everything written that is called writable, and refused what is not."""
    policy = policy_for(database)

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(amount=amounts, day=days, reference=texts)
    def each(amount: Money, day: date, reference: str) -> None:
        notes = note_as_written("", XeroPaymentId("0f-1"), policy)
        assert notes is not None
        values = PaymentValues(
            paid_on=day,
            amount=amount,
            reference=reference_as_written(reference, "", policy),
            notes=notes,
            payment_type=firm.payment_type,
        )
        if why_not_amount(amount, policy) or why_not_date(day, policy):
            with pytest.raises(CaseManagerError):
                database.change_invoice(firm.invoice_id, AUD, always(insert(values)))
            values = replace(values, amount=Money.of("1.00", AUD), paid_on=date(2026, 11, 1))
        assert not why_not_written(values, None, policy)
        key = database.change_invoice(firm.invoice_id, AUD, always(insert(values)))["i"]
        (payment,) = database.read(["10234"], AUD).sides["10234"].payments
        assert PaymentValues.of(payment) == values
        database.change_invoice(firm.invoice_id, AUD, always(delete(key, values)))

    each()


def test_what_is_writable_is_written_in_every_schema(firm: Firm, opened: Opened) -> None:
    try_all(opened(firm), firm)


@pytest.mark.mariadb
@pytest.mark.parametrize("narrow", NARROW)
def test_what_is_writable_is_written_in_narrow_columns(mariadb_url: str, opened: Opened, narrow: str) -> None:
    firm = reference_firm(mariadb_url)
    firm.run(NARROW[narrow])
    try_all(opened(firm), firm)


@pytest.mark.mariadb
def test_what_mariadb_s_columns_hold(mariadb_url: str, opened: Opened) -> None:
    firm = reference_firm(mariadb_url)
    found = {}
    for narrow, statement in NARROW.items():
        firm.run(statement)
        facts = opened(firm).check()
        found[narrow] = (facts.columns, facts.reference_limit)
    most, first, last = Decimal("9999.99"), date(1000, 1, 1), date.max
    usual = Columns(largest_amount=most, earliest_date=first, latest_date=last)
    assert found == {
        "latin1": (replace(usual, encoding="cp1252"), 9),
        "ascii": (replace(usual, encoding="ascii"), 9),
        "utf8mb3": (replace(usual, is_basic_plane=True), 63),
        "sjis": (replace(usual, encoding="ascii"), 9),
    }


@pytest.mark.postgres
def test_what_postgresql_s_columns_hold(postgres_url: str, opened: Opened) -> None:
    firm = reference_firm(postgres_url)
    assert opened(firm).check().columns == Columns(largest_amount=Decimal("9999999999.99"))
    for type_, largest in (("DOUBLE PRECISION", "9999999999999.99"), ("NUMERIC(6,2)", "9999.99")):
        firm.run(f"ALTER TABLE payments ALTER amount TYPE {type_}")
        database = opened(firm)
        assert database.check().columns.largest_amount == Decimal(largest)
        try_all(database, firm)


def test_a_row_may_keep_what_the_program_would_not_write(sqlite_url: str, opened: Opened) -> None:
    """A link writes the note only: an amount too large for its column stays as another program left it."""
    firm = reference_firm(sqlite_url)
    key = firm.add_payment(1, "99999999999.00", reference="r" * 60)
    database = opened(firm)
    before = firm.values("99999999999.00", reference="r" * 60)
    after = replace(before, notes="Xero payment a1")
    assert database.change_invoice(firm.invoice_id, AUD, always(update(key, before, after))) == {"u": key}
