"""`where` and `order`: what Xero has optimised works, and anything else is refused."""

from dataclasses import dataclass
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.sandbox.xero.filters import Field, InefficientFilterError, compile_order, compile_where
from tests.sandbox.sandbox_client import SandboxClient, SmallBooks


@dataclass(frozen=True)
class Row:
    status: str
    cents: int
    day: date
    key: str
    reference: str | None = None


FIELDS: dict[str, Field[Row]] = {
    "Status": Field(lambda row: row.status),
    "AmountDue": Field(lambda row: row.cents),
    "Date": Field(lambda row: row.day),
    "Reference": Field(lambda row: row.reference),
    "PaymentID": Field(lambda row: row.key, may_or=True),
}
KEY = "0a1b2c3d-0000-4000-8000-000000000001"
ROW = Row("AUTHORISED", 46_10, date(2026, 11, 2), KEY)


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ('Status=="AUTHORISED"', True),
        ('Status = "AUTHORISED"', True),
        ('status!="AUTHORISED"', False),
        ("AmountDue>46.09", True),
        ("AmountDue>=46.10 AND AmountDue<46.11", True),
        ("AmountDue<0", False),
        ("Date>=DateTime(2026, 11, 02)", True),
        ("Date<DateTime(2026,11,2)", False),
        (f'PaymentID=guid("{KEY.upper()}")', True),
        (f'PaymentID=guid("{KEY}") OR PaymentID=guid("0a1b2c3d-0000-4000-8000-000000000002")', True),
        (f'Status=="DELETED" && (PaymentID=guid("{KEY}") || PaymentID=guid("{KEY}"))', False),
        ("Reference==null", True),
        ('Reference!="x"', True),
    ],
)
def test_optimised_expressions(expression: str, *, holds: bool) -> None:
    assert compile_where(expression, FIELDS)(ROW) is holds


@pytest.mark.parametrize(
    "expression",
    [
        'Invoice.InvoiceNumber.StartsWith("CM-")',
        'InvoiceNumber=="CM-1"',
        'Status=="A" OR Status=="B"',
        'Status=="A" OR AmountDue>0',
        'Status=="A',
        'Status=="A" AND',
        '(Status=="A"',
        'Status=="A")',
        "Status",
        'Status=="A" Status=="B"',
        "Date==DateTime(2026, 13, 1)",
        '"A"==Status',
        "",
        "; drop",
    ],
)
def test_other_expressions_are_refused(expression: str) -> None:
    with pytest.raises(InefficientFilterError):
        compile_where(expression, FIELDS)


@given(
    st.lists(
        st.sampled_from(["Status", "Date", '"A"', "==", "AND", "OR", "(", ")", "1.5", "null", "<", "guid", "é"]),
        max_size=8,
    )
)
def test_any_text_is_compiled_or_refused(parts: list[str]) -> None:
    try:
        test = compile_where(" ".join(parts), FIELDS)
    except InefficientFilterError:
        return
    assert test(ROW) in {True, False}


def test_order_by_name_and_direction() -> None:
    names = {"Date": lambda row: row.day.isoformat()}
    for name, (direction, is_descending) in product(("Date", "date"), (("", False), (" ASC", False), (" desc", True))):
        key, found = compile_order(name + direction, names)
        assert (key(ROW), found) == ("2026-11-02", is_descending)
    for wrong in ("Amount", "Date SIDEWAYS", ""):
        with pytest.raises(InefficientFilterError):
            compile_order(wrong, names)


def test_the_prefix_cannot_be_asked_for(client: SandboxClient) -> None:
    answer = client.get("/Payments", {"where": 'Invoice.InvoiceNumber.StartsWith("CM-")'})
    assert answer.status == 400
    assert "not filtering Payments efficiently" in answer.json()["Message"]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ('PaymentType=="ACCRECPAYMENT"', 2),
        ('PaymentType=="ACCPAYPAYMENT"', 0),
        ('Status=="AUTHORISED" AND Date>=DateTime(2026, 11, 3)', 1),
        ('Reference=="REM889"', 1),
    ],
)
def test_where_on_payments(client: SandboxClient, where: str, count: int) -> None:
    assert len(client.rows("Payments", {"where": where})) == count


def test_payments_of_some_invoices(client: SandboxClient, books: SmallBooks) -> None:
    wanted = f'Invoice.InvoiceID=guid("{books.invoice}") OR Invoice.InvoiceID=guid("{books.account}")'
    rows = client.rows("Payments", {"where": wanted, "order": "PaymentID DESC"})
    assert [row["PaymentID"] for row in rows] == sorted([books.first, books.second], reverse=True)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"IDs": "INVOICE"}, 1),
        ({"IDs": "INVOICE,00000000-0000-4000-8000-000000000000"}, 1),
        ({"InvoiceNumbers": "CM-10234"}, 1),
        ({"InvoiceNumbers": "CM-1"}, 0),
        ({"Statuses": "PAID,AUTHORISED"}, 1),
        ({"Statuses": "PAID"}, 0),
        ({"where": 'Type=="ACCREC" AND AmountDue>0 AND Contact.Name=="Acme Insurance"'}, 1),
        ({"where": "AmountPaid==446.1"}, 1),
        ({"searchTerm": "cm-102"}, 1),
        ({"searchTerm": "zebra"}, 0),
    ],
)
def test_choosing_invoices(client: SandboxClient, books: SmallBooks, query: dict[str, str], count: int) -> None:
    query = {name: value.replace("INVOICE", books.invoice) for name, value in query.items()}
    assert len(client.rows("Invoices", query)) == count
