"""A page of payments read column by column says what each of its rows says by itself, or that one of them cannot."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.adapters.xero import columns
from cmxero_desktop.adapters.xero.values import RowError
from cmxero_desktop.adapters.xero.wire import Around, read_page
from cmxero_desktop.adapters.xero.wire_payments import Payments, WirePaymentPage
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import XeroPayment
from tests.adapters.xero.stand_in import STAND_IN_NOW

_AROUND = Around(currency=lambda: "AUD", now=STAND_IN_NOW)
_AMOUNTS = [
    *("1", "0", "0.0", "0.00", "-0", "-0.0", "1.5", "1.50", "1.500", "1.005", "12e1", "1E-2", "-7.25"),
    *("99999999999999.99", "12345678901234", "1e400", "true", "null", '"5"', "[1]", "{}"),
]
_TEXTS = st.none() | st.sampled_from(["", "AUD", "aud", "abc-1", "a b", "x\ny", "\n", "é", "x" * 70, "9" * 256])
_DATES = st.sampled_from(
    [
        None,
        "",
        "/Date(1763769600000+0000)/",
        "/Date(1763769600123)/",
        "/Date(1763769600000+1100)/\n/Date(1763769600000+1100)/",
        "/Date(-1)/",
        "/Date(999999999999999)/",
        "/Date(0631152000000)/",
        "/Date(631151999999+0000)/",
        "/Date(1763769600000",
        "2026-11-22T00:00:00",
        "2026-11-22",
        "0001-01-01T00:00:00",
        "yesterday",
        "/Date(\uff1163769600000)/",
    ]
)


_GOOD: dict[str, object] = {
    "PaymentID": "p-1",
    "Date": "/Date(1763769600000+0000)/",
    "Amount": "AMOUNT",
    "Status": "AUTHORISED",
    "PaymentType": "ACCRECPAYMENT",
    "UpdatedDateUTC": "/Date(1763769600123+0000)/",
    "Invoice": {"InvoiceID": "i-1", "InvoiceNumber": "CM-1", "Type": "ACCREC", "CurrencyCode": "AUD"},
}


@st.composite
def _row(draw: st.DrawFn) -> str:
    invoice: dict[str, object] = {
        "InvoiceID": draw(_TEXTS),
        "InvoiceNumber": draw(_TEXTS),
        "Type": draw(st.sampled_from([None, "", "ACCREC", "ACCPAY", "ACCRECCREDIT", "OTHER"])),
        "CurrencyCode": draw(_TEXTS),
        "Contact": draw(st.none() | st.builds(dict, Name=_TEXTS)),
    }
    row = {
        "PaymentID": draw(_TEXTS),
        "Date": draw(_DATES),
        "Amount": "AMOUNT",
        "Status": draw(st.sampled_from([None, "AUTHORISED", "DELETED", "PAID"])),
        "PaymentType": draw(st.sampled_from([None, "ACCRECPAYMENT", "ACCPAYPAYMENT", "NEWPAYMENT"])),
        "UpdatedDateUTC": draw(_DATES),
        "Reference": draw(_TEXTS),
        "IsReconciled": draw(st.sampled_from([None, True, False, "true", "TRUE", 1, [1]])),
        "Account": draw(st.none() | st.builds(dict, Name=_TEXTS, Code=_TEXTS)),
        "Invoice": draw(st.sampled_from([invoice, invoice, invoice, None])),
    }
    return _plausible(row, draw(st.sampled_from(_AMOUNTS)), draw(st.sets(st.sampled_from([*row, "Invoice.", "none"]))))


def _plausible(row: Mapping[str, object], amount: str, odd: set[str]) -> str:
    """Write the row with only its `odd` fields as they were drawn, so that many rows are good but for one of them."""
    mixed = _GOOD | {name: row[name] for name in odd & row.keys()}
    return json.dumps(mixed).replace('"AMOUNT"', amount if "none" in odd else "12.50")


@given(rows=st.lists(_row(), max_size=12), keeps_all=st.booleans())
def test_a_column_says_what_each_row_says(rows: list[str], keeps_all: bool) -> None:  # noqa: FBT001 - drawn
    kind, body = Payments(keeps_all=keeps_all), f'{{"Payments": [{", ".join(rows)}]}}'.encode()
    page = msgspec.json.decode(body, type=WirePaymentPage)
    said: list[XeroPayment | str | None] = []
    for row in page.rows:
        try:
            said.append(kind.record(row, _AROUND))
        except RowError as error:
            said.append(str(error))
    try:
        assert repr(kind.records(page.rows, _AROUND)) == repr(said)
    except RowError:
        # What is out of the ordinary is left to the reading of each row, whether that can read it or not.
        assert any(row != _plausible({}, "", set()) for row in rows)
    read = read_page(body, kind, _AROUND, "Payments page 1")
    assert list(read.records) == [each for each in said if isinstance(each, XeroPayment)]
    assert [row.problem for row in read.unreadable] == [
        each for each, row in zip(said, page.rows, strict=True) if isinstance(each, str)
    ]
    assert len(read.keys) == len(rows)


@given(ms=st.integers(min_value=100_000_000_000, max_value=3_999_999_999_999))
def test_an_instant_is_exact_to_the_millisecond(ms: int) -> None:
    latest = datetime(9999, 1, 1, tzinfo=UTC)
    try:
        [instant] = columns.stamps([f"/Date({ms}+0000)/"], latest)
    except RowError:
        assert ms < datetime(1990, 1, 1, tzinfo=UTC).timestamp() * 1000
    else:
        assert instant == datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(milliseconds=ms)


def test_what_is_made_by_columns_needs_all_fields() -> None:
    with pytest.raises(TypeError, match="currency"):
        columns.made(Money, {"amount": [1]}, 1)
