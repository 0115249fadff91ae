"""What chokes a decoder, a store or a screen: it costs one character, or one row, and never the rest."""

import ast
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cmxero_desktop.adapters.xero as room
from cmxero_desktop.adapters.xero.identity import XeroIdentity
from cmxero_desktop.adapters.xero.plain_json import decode, elements, members, repaired, storable
from cmxero_desktop.adapters.xero.wire import Around, Page, read_page
from cmxero_desktop.adapters.xero.wire_accounts import read_accounts
from cmxero_desktop.adapters.xero.wire_payments import Payments
from cmxero_desktop.domain.errors import XeroUnavailableError
from cmxero_desktop.domain.records import XeroPayment
from tests.adapters.xero.stand_in import STAND_IN_NOW, Reply, StandIn, envelope, payment_id, payment_row
from tests.adapters.xero.test_reader import stood_in

DEEP = b"[" * 100_000 + b"]" * 100_000

# What may stand in a text of Xero's, as it is written there, and as it is read.
TEXTS = [
    (rb"thanks \ud83d", "thanks \ufffd"),
    (rb"\ude00 thanks", "\ufffd thanks"),
    (rb"\uD83D\uD83D\uDE00", "\ufffd\U0001f600"),
    (rb"\ud83d\ude00", "\U0001f600"),
    (rb"a\u0000b", "a\ufffdb"),
    (rb"\u001b[31mred", "\ufffd[31mred"),
    (rb"\u007f\u0085\b\f", "\ufffd\ufffd\ufffd\ufffd"),
    (b"\x7f\xc2\x9b", "\ufffd\ufffd"),
    (rb"a\\u0000", r"a\u0000"),
    (rb"a\\\u0000", "a\\\ufffd"),
    (rb"tab\tend\r\n\u000a\/", "tab\tend\r\n\n/"),
    ("Zoë 中文".encode(), "Zoë 中文"),
    # From here on it is no JSON at all.
    (b"thanks \xff", "thanks \ufffd"),
    (b"thanks \xed\xa0\xbd", "thanks \ufffd\ufffd\ufffd"),
    (b"a\x00b\x1b", "a\ufffdb\ufffd"),
    (b"two\nlines", "two lines"),
    (rb"C:\x", "C:\ufffdx"),
    (rb"\u12", "\ufffdu12"),
]


def page_of(*rows: bytes) -> bytes:
    return json.dumps(envelope("Payments", "@")).encode().replace(b'"@"', b"[" + b",".join(rows) + b"]")


def row_of(number: int, text: bytes = b"EFT") -> bytes:
    return json.dumps(payment_row(number, Reference="@")).encode().replace(b"@", text)


def read(body: bytes) -> Page[XeroPayment]:
    return read_page(body, Payments(), Around(currency=lambda: "AUD", now=STAND_IN_NOW), "Payments page 1")


@pytest.mark.parametrize(("written", "text"), TEXTS)
def test_a_text_that_chokes_a_decoder_or_a_store_costs_only_its_characters(written: bytes, text: str) -> None:
    page = read(page_of(row_of(1), row_of(2, written), row_of(3)))
    assert [p.payment_id for p in page.records] == [payment_id(1), payment_id(2), payment_id(3)]
    assert page.records[1].reference == text
    assert page.as_of is not None
    assert page.unreadable == ()


@pytest.mark.parametrize(
    "spoilt",
    [
        row_of(2).replace(b'"EFT"', b'"EFT", "Extra": ' + DEEP),
        row_of(2).replace(b'"EFT"', b'"EFT", "Extra": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        row_of(2).replace(b": 400,", b": NaN,"),
        row_of(2).replace(b'"EFT"', b"'EFT'"),
        row_of(2).replace(b": 400,", b": ,"),
        row_of(2)[:-1] + b",}",
        row_of(2).replace(b'"EFT"', b""),
    ],
)
def test_a_row_that_is_no_json_costs_only_itself_and_is_named(spoilt: bytes) -> None:
    page = read(page_of(row_of(1), spoilt, row_of(3)))
    assert [p.payment_id for p in page.records] == [payment_id(1), payment_id(3)]
    [row] = page.unreadable
    assert (row.xero_payment_id, row.invoice_number, row.place) == (payment_id(2), "CM-100", "Payments page 1, row 2")
    assert "nested too deeply, cut off or misspelt" in row.problem
    assert len(page.keys) == 3


@pytest.mark.parametrize("others", [[row_of(3)], [row_of(3).replace(b": 400,", b": 1e400,")]], ids=["good", "odd"])
@pytest.mark.parametrize(("field", "problem"), [("Amount", "Amount is"), ("IsReconciled", ""), ("Account", "")])
def test_bytes_that_are_no_text_where_none_belongs_cost_at_most_their_row(
    field: str, problem: str, others: list[bytes]
) -> None:
    """Read column by column, or row by row because another one is out of the ordinary."""
    spoilt = json.dumps(payment_row(2, **{field: "@"})).encode().replace(b'"@"', b'"\xff\xfe"')
    page = read(page_of(row_of(1), spoilt, *others))
    told = {str(row.xero_payment_id): row.problem for row in page.unreadable}
    assert payment_id(1) in {p.payment_id for p in page.records}
    assert (payment_id(2) in told) is (field != "IsReconciled")
    assert told.get(payment_id(2), "").startswith(problem)
    assert len(page.keys) == 3


def test_a_deep_field_of_a_bill_is_no_row_to_tell_of() -> None:
    bill = json.dumps(payment_row(2, PaymentType="ACCPAYPAYMENT", Extra="@")).encode().replace(b'"@"', DEEP)
    page = read(page_of(row_of(1), bill))
    assert (len(page.records), page.unreadable, len(page.keys)) == (1, (), 2)


def test_a_deep_pagination_or_clock_costs_no_row() -> None:
    body = json.dumps(envelope("Payments", [payment_row(1)], pagination="@", DateTimeUTC="@")).encode()
    page = read(body.replace(b'"@"', DEEP))
    assert (len(page.records), page.as_of, page.total) == (1, None, None)


@pytest.mark.parametrize(
    "body",
    [
        page_of(row_of(1).replace(b'"EFT"', b"[" * 100_000)),
        page_of(row_of(1), row_of(2)[:-1], row_of(3)),
        page_of(row_of(1)) + b"x",
        page_of(row_of(1)) + b"]",
        page_of(row_of(1))[:-2],
        page_of(row_of(1)).decode().encode("utf-16"),
        DEEP,
    ],
)
def test_where_nobody_can_say_where_a_row_ends_none_is_taken(body: bytes) -> None:
    with stood_in_for(body) as xero, pytest.raises(XeroUnavailableError, match="something that is not Xero's data"):
        next(stood_in(xero).changed_payments(None))


def stood_in_for(body: bytes) -> StandIn:
    organisation = {"Organisations": [{"Name": "Firm", "BaseCurrency": "AUD"}]}
    return StandIn(lambda call: Reply(organisation) if call.path.endswith("/Organisation") else Reply(body))


def test_a_byte_order_mark_is_no_part_of_the_page() -> None:
    assert len(read(b"\xef\xbb\xbf" + page_of(row_of(1))).records) == 1


def test_over_the_real_client_half_a_character_and_a_deep_row_leave_all_other_rows() -> None:
    deep = row_of(3).replace(b'"EFT"', DEEP)
    with stood_in_for(page_of(row_of(1), row_of(2, rb"thanks \ud83d"), deep)) as xero:
        [page, *_] = stood_in(xero).changed_payments(None)
    assert [p.reference for p in page.payments] == ["EFT", "thanks \ufffd"]
    assert [row.xero_payment_id for row in page.unreadable] == [payment_id(3)]


def test_the_organisation_the_accounts_and_the_sign_in_stand_it_too() -> None:
    organisation = rb'{"Organisations":[{"Name":"Firm \ud83d","BaseCurrency":"AUD"}]}'
    with StandIn(lambda _: Reply(organisation)) as xero:
        assert stood_in(xero).organisation().name == "Firm \ufffd"
    with StandIn(lambda _: Reply(rb'[{"tenantId":"t","tenantName":"Firm \ud83d"}]')) as xero:
        assert XeroIdentity("id", xero.urls).connections("token")[0].name == "Firm \ufffd"
    odd = rb'[{"tenantId":null},{"tenantId":"t","tenantName":"C:\x"},7]'
    with StandIn(lambda _: Reply(odd)) as xero:
        assert [c.name for c in XeroIdentity("id", xero.urls).connections("token")] == ["C:\ufffdx"]
    rows = rb'{"AccountID":"a","Name":"Bank \ud83d"},{"AccountID":"b","Name":%s},{"AccountID":"c","Name":"C \xff"}'
    accounts = read_accounts(b'{"Accounts":[' + rows % DEEP + b"]}")
    assert [(a.account_id, a.name) for a in accounts] == [("a", "Bank \ufffd"), ("c", "C \ufffdxff")]


@pytest.mark.parametrize("status", [400, 404, 500])
def test_an_error_of_xeros_that_is_nested_without_end_is_an_error_all_the_same(status: int) -> None:
    with StandIn(lambda _: Reply(DEEP, status)) as xero, pytest.raises(XeroUnavailableError, match=f"error {status}"):
        stood_in(xero).organisation()


@pytest.mark.parametrize("text", [b"", b"{", b'{"a":1', b"[1]", b"7"])
def test_what_is_no_object_has_no_members(text: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        members(text)


def test_members_and_elements_are_what_a_decoder_finds() -> None:
    assert (elements(b"[]"), members(b"{}")) == ([], {})
    assert [bytes(e) for e in elements(b' [1, [2,3] ,{"a":[4]}, "],"] ')] == [b"1", b"[2,3]", b'{"a":[4]}', b'"],"']
    assert {k: bytes(v) for k, v in members(rb'{"a\"": 1, : 2, 3, "b" : {"c":5}}').items()} == {
        'a"': b"1",
        "b": b'{"c":5}',
    }


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=20,
)


@given(values, st.booleans())
def test_whatever_python_writes_can_be_decoded_and_stored(value: object, is_ascii: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    body = json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    text = storable(body)
    try:
        decode(text, object)
    except msgspec.DecodeError:
        text = repaired(text)
    again = json.dumps(decode(text, object))
    assert not {"\\u0000", "\\u001b", "\\u007f", "\\ud83d"}.intersection(again.split('"'))


def test_nothing_else_in_the_room_decodes_json() -> None:
    for path in sorted(Path(room.__path__[0]).glob("*.py")):
        calls = [ast.unparse(node) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
        assert path.name == "plain_json.py" or "msgspec.json.decode" not in calls, path.name
