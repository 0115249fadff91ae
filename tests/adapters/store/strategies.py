"""Any record that the program can store, generated from the types themselves."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import XeroInvoice, XeroPayment

Record = TypeVar("Record")

moments = st.datetimes(timezones=st.just(UTC))
# Amounts that a 64-bit column of cents holds: 92 million milliards.
minor_units = st.integers(-(2**63), 2**63 - 1)
monies = st.builds(Money.from_minor, minor_units, st.sampled_from(["AUD", "NZD"]))
keys = st.integers() | st.text()

st.register_type_strategy(datetime, moments)
st.register_type_strategy(Money, monies)
st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))
st.register_type_strategy(CasePaymentId, st.builds(CasePaymentId, keys))
st.register_type_strategy(CaseInvoiceId, st.builds(CaseInvoiceId, keys))

# A key column takes any text but the zero character, which PostgreSQL has no room for; Xero's ids are UUIDs.
ids = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


def records(kind: type[Record]) -> st.SearchStrategy[Record]:
    """Generate records of one type."""
    return st.from_type(kind)


def payments() -> st.SearchStrategy[XeroPayment]:
    """Generate payments as they can come from Xero."""
    return st.builds(
        XeroPayment,
        payment_id=ids.map(XeroPaymentId),
        invoice_id=ids.map(XeroInvoiceId),
        status=...,
        contact_id=...,
        account_id=...,
        account_code=...,
    )


@st.composite
def invoices(draw: st.DrawFn) -> XeroInvoice:
    """Generate invoices as they can come from Xero: all three amounts are in one currency."""
    currency = draw(st.sampled_from(["AUD", "NZD"]))
    amounts = st.builds(Money.from_minor, minor_units, st.just(currency))
    return draw(
        st.builds(
            XeroInvoice,
            invoice_id=ids.map(XeroInvoiceId),
            number=ids,
            status=ids,
            total=amounts,
            amount_paid=amounts,
            amount_credited=amounts,
            settlements=...,
            amount_due=st.none() | amounts,
        )
    )
