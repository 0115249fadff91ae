"""Every trap in Xero's JSON, each named after its fact: what can be read is exact, what cannot costs only itself."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.adapters.xero.values import RowError, day_of, instant_of
from cmxero_desktop.adapters.xero.wire import Around, ClockError, NotAPageError, Page, read_page
from cmxero_desktop.adapters.xero.wire_invoices import Invoices
from cmxero_desktop.adapters.xero.wire_payments import Payments
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import PaymentStatus, SettlementKind, XeroInvoice, XeroPayment
from tests.adapters.xero.stand_in import INVOICE_ID, STAND_IN_NOW, Json, envelope, invoice_row, payment_id, payment_row


def around(currency: str) -> Around:
    return Around(currency=lambda: currency, now=STAND_IN_NOW)


def payments(*rows: object, keeps_all: bool = False, currency: str = "NZD", **head: object) -> Page[XeroPayment]:
    body = json.dumps(envelope("Payments", list(rows), **head)).encode()
    return read_page(body, Payments(keeps_all), around(currency), "Payments page 2")


def invoices(*rows: object) -> Page[XeroInvoice]:
    return read_page(
        json.dumps(envelope("Invoices", list(rows))).encode(), Invoices(), around("NZD"), "Invoices page 1"
    )


def aud(text: str) -> Money:
    return Money.of(text, "AUD")


def test_a_good_row_is_read_whole() -> None:
    [payment] = payments(payment_row(BatchPaymentID="b1")).records
    assert payment == XeroPayment(
        payment_id=payment.payment_id,
        invoice_id=payment.invoice_id,
        invoice_number="CM-100",
        paid_on=date(2026, 11, 1),
        amount=aud("400.00"),
        updated_at=datetime(2026, 11, 1, 3, 0, 0, 123_000, UTC),
        reference="EFT 1",
        contact_name="Redgum Timber",
        contact_id="c",
        account_name="Business Account",
        account_id="a",
        account_code="090",
        batch_payment_id="b1",
        is_bank_reconciled=True,
    )
    assert (payment.payment_id, payment.invoice_id) == (payment_id(1), INVOICE_ID)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"Date": None}, "Date is missing."),
        ({"Date": "01/11/2026"}, "Date is '01/11/2026', which is no date that can be read without guessing."),
        ({"Date": "2026-11-01T00:00:00+13:00"}, "no date that can be read without guessing"),
        ({"Date": "2026-11-01T23:00:00"}, "no date that can be read without guessing"),
        ({"Date": "/Date(99999999999999999)/"}, "no date that can be read without guessing"),
        ({"Date": 1793491200000}, "Date is a number where a text belongs."),
        ({"Date": "0001-01-01T00:00:00"}, "Date is 0001-01-01, which cannot be meant."),
        ({"Date": "/Date(-62135596800000+0000)/"}, "Date is 0001-01-01, which cannot be meant."),
        ({"Date": "/Date(0)/"}, "Date is 1970-01-01, which cannot be meant."),
        ({"Date": "1989-12-31"}, "Date is 1989-12-31, which cannot be meant."),
        ({"Date": "2047-01-01"}, "Date is 2047-01-01, which cannot be meant."),
        ({"Date": "9999-12-31"}, "Date is 9999-12-31, which cannot be meant."),
        ({"UpdatedDateUTC": "0001-01-01T00:00:00"}, "UpdatedDateUTC is 0001-01-01, which cannot be meant."),
        ({"UpdatedDateUTC": "2026-11-03T06:30:01"}, "UpdatedDateUTC is 2026-11-03, which cannot be meant."),
        ({"UpdatedDateUTC": "9999-12-31T23:59:59.9999999"}, "UpdatedDateUTC is 9999-12-31, which cannot be meant."),
        ({"PaymentID": "a b"}, "PaymentID is 'a b', which is not an id that Xero can be asked for."),
        ({"PaymentID": "a" * 65}, "which is not an id that Xero can be asked for."),
        ({"invoice__InvoiceID": "\0"}, "Invoice.InvoiceID is"),
        ({"invoice__InvoiceNumber": "CM-" * 100}, "Invoice.InvoiceNumber is longer than 255 characters."),
        ({"UpdatedDateUTC": None}, "UpdatedDateUTC is missing."),
        ({"UpdatedDateUTC": "yesterday"}, "UpdatedDateUTC is 'yesterday'"),
        ({"Status": "7F3"}, "Status is '7F3', which is not known."),
        ({"Status": "x" * 5_000}, f"Status is '{'x' * 40}…', which is not known."),
        ({"Status": None}, "Status is missing."),
        ({"PaymentType": "GIFT"}, "PaymentType is 'GIFT', which is not known."),
        ({"PaymentType": None}, "PaymentType is missing."),
        ({"invoice__Type": "POEM"}, "Invoice.Type is 'POEM', which is not known."),
        ({"invoice__CurrencyCode": "$"}, "The currency is '$', which is no currency code."),
        ({"Amount": "400.00"}, 'Amount is "400.00" where a number belongs.'),
        ({"Amount": None}, "Amount is missing."),
        ({"Amount": {"Value": 1}}, "Amount is {"),
        ({"Amount": 400.005}, "Amount is 400.005, which is not an amount in whole cents."),
        ({"Amount": 1e300}, "Amount is 1e+300, which is not an amount in whole cents."),
        ({"PaymentID": None}, "PaymentID is missing."),
        ({"PaymentID": 7}, "PaymentID is a number where a text belongs."),
        ({"Invoice": None}, "Invoice is missing."),
        ({"Invoice": []}, "Invoice is a list where"),
        ({"invoice__InvoiceID": ""}, "Invoice.InvoiceID is missing."),
        ({"Reference": {"a": 1}}, "Reference is a group of values where a text belongs."),
    ],
)
def test_one_bad_row_costs_only_itself(changes: Json, problem: str) -> None:
    page = payments(payment_row(1), payment_row(2, **changes), payment_row(3))
    assert [p.payment_id for p in page.records] == [payment_id(1), payment_id(3)]
    [row] = page.unreadable
    assert problem in row.problem
    assert row.place == "Payments page 2, row 2"


def test_an_unreadable_row_tells_what_could_be_made_out() -> None:
    [row] = payments(payment_row(2, Status="7F3", Amount="12.30")).unreadable
    assert (row.xero_payment_id, row.xero_invoice_id, row.invoice_number) == (payment_id(2), INVOICE_ID, "CM-100")
    assert (row.amount, row.paid_on) == (aud("12.30"), date(2026, 11, 1))


@pytest.mark.parametrize("row", ["row", None, 7, []])
def test_something_that_is_no_row_is_unreadable(row: object) -> None:
    page = payments(payment_row(1), row)
    assert len(page.records) == len(page.unreadable) == 1
    assert page.unreadable[0].place == "Payments page 2, row 2"


def test_a_null_reference_is_empty_and_not_the_word_none() -> None:
    [payment] = payments(payment_row(Reference=None)).records
    assert payment.reference == ""


@pytest.mark.parametrize("value", ["false", None, 0])
def test_is_reconciled_in_an_odd_form_never_costs_the_row(value: object) -> None:
    [payment] = payments(payment_row(IsReconciled=value, BatchPayment={"TotalAmount": "50.00"})).records
    assert not payment.is_bank_reconciled


def test_deleted_payments_are_read() -> None:
    [payment] = payments(payment_row(Status="DELETED")).records
    assert payment.status is PaymentStatus.DELETED


@pytest.mark.parametrize(
    "changes",
    [
        {"PaymentType": "ACCPAYPAYMENT", "invoice__Type": "ACCPAY"},
        {"PaymentType": "ARCREDITPAYMENT", "invoice__Type": "ACCRECCREDIT"},
        {"PaymentType": "AROVERPAYMENTPAYMENT", "invoice__Type": "AROVERPAYMENT", "Date": None},
        {"PaymentType": "ACCRECPAYMENT", "invoice__Type": "ACCRECCREDIT"},
    ],
)
def test_a_refund_whose_credit_note_is_numbered_cm_is_no_payment(changes: Json) -> None:
    page = payments(payment_row(1, **changes))
    assert (page.records, page.unreadable, len(page.keys)) == ((), (), 1)


def test_a_refund_asked_for_by_id_is_told_as_what_it_is() -> None:
    row = payment_row(PaymentType="ARCREDITPAYMENT", invoice__Type="ACCRECCREDIT")
    [payment] = payments(row, keeps_all=True).records
    assert (payment.payment_type, payment.invoice_type) == ("ARCREDITPAYMENT", "ACCRECCREDIT")


@pytest.mark.parametrize("code", [None, ""])
def test_without_a_currency_the_organisations_counts(code: str | None) -> None:
    [payment] = payments(payment_row(invoice__CurrencyCode=code)).records
    assert payment.amount == Money.of("400.00", "NZD")


def test_the_currency_rate_changes_no_amount() -> None:
    [in_list] = payments(payment_row(CurrencyRate=0, BankAmount=0)).records
    [by_id] = payments(payment_row(CurrencyRate=1)).records
    assert in_list.amount == by_id.amount == aud("400.00")


def test_ids_nested_in_an_answer_by_id_are_not_used() -> None:
    [payment] = payments(
        payment_row(invoice__Payments=[{"PaymentID": "the-batch"}], BatchPaymentID="the-batch")
    ).records
    assert payment.payment_id == payment_id(1)


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_amounts_are_exact_to_the_cent(cents: int) -> None:
    body = json.dumps(envelope("Payments", [payment_row(Amount="@")])).replace('"@"', str(Decimal(cents) / 100))
    [payment] = read_page(body.encode(), Payments(), around("AUD"), "p").records
    assert payment.amount.minor == cents


@given(st.dates(min_value=date(1970, 1, 1)), st.sampled_from(["", "+0000", "+1300", "-0800"]))
def test_a_date_is_the_utc_day_whatever_the_offset(day: date, offset: str) -> None:
    ms = (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000
    assert day_of(f"/Date({ms}{offset})/", "Date") == day
    assert day_of(day.isoformat(), "Date") == day
    assert day_of(f"{day.isoformat()}T00:00:00", "Date") == day


def test_a_date_late_in_the_utc_day_is_still_that_day() -> None:
    # 2026-11-01 23:59:59 UTC, which is the second of November in Sydney.
    assert day_of("/Date(1793577599000+1100)/", "Date") == date(2026, 11, 1)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 - made aware below
def test_a_stamp_is_an_instant_to_the_millisecond(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
    ms = (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert instant_of(f"/Date({ms}+1300)/", "UpdatedDateUTC") == aware


def test_an_iso_stamp_with_seven_digits_and_no_zone_is_utc() -> None:
    assert instant_of("2019-12-07T18:46:19.5165400", "x") == datetime(2019, 12, 7, 18, 46, 19, 516_540, UTC)
    with pytest.raises(RowError):
        instant_of("07/12/2019", "x")


def test_xeros_clock_is_kept_unless_it_stands_before_a_change() -> None:
    assert payments(payment_row()).as_of == datetime(2026, 11, 2, 6, 13, 20, tzinfo=UTC)
    row = payment_row(UpdatedDateUTC="2026-11-02T06:00:00")
    assert payments(row, DateTimeUTC="2026-11-02T05:59:59").as_of is None
    assert payments(payment_row(), DateTimeUTC=None).as_of is None
    assert payments(payment_row(), DateTimeUTC=5).as_of is None


@pytest.mark.parametrize("day", ["1990-01-01", "2008-02-29", "2026-11-30", "2046-10-01"])
def test_a_date_that_can_be_meant_is_read(day: str) -> None:
    [payment] = payments(payment_row(Date=day)).records
    assert payment.paid_on == date.fromisoformat(day)


@pytest.mark.parametrize(
    "said", ["9999-12-31T23:59:59.9999999", "2026-11-03T06:30:01", "2026-11-01T06:29:59", "/Date(0)/"]
)
def test_a_clock_more_than_a_day_from_ours_is_believed_in_nothing(said: str) -> None:
    with pytest.raises(ClockError):
        payments(DateTimeUTC=said)
    with pytest.raises(ClockError):
        payments(payment_row(Date=None), DateTimeUTC=said)


@pytest.mark.parametrize("said", ["2026-11-03T06:30:00", "2026-11-01T06:30:00"])
def test_a_clock_within_a_day_of_ours_is_believed(said: str) -> None:
    assert payments(DateTimeUTC=said).as_of == datetime.fromisoformat(f"{said}+00:00")


@pytest.mark.parametrize(
    "pagination",
    [
        None,
        "x",
        {"itemCount": "2"},
        {"pageCount": 0, "itemCount": 1},
        {"pageCount": 1, "itemCount": 0},
        {"itemCount": -1},
    ],
)
def test_an_odd_pagination_is_no_pagination(pagination: object) -> None:
    page = payments(payment_row(), pagination=pagination)
    assert (len(page.records), page.pages, page.total) == (1, None, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"Payments": null}',
        b'{"Payments": {}}',
        b'{"Payments": [{]',
        b'{"Payments": [',
        b"\xff",
    ],
)
def test_what_is_no_page_is_never_an_empty_page(body: bytes) -> None:
    with pytest.raises(NotAPageError):
        read_page(body, Payments(), around("AUD"), "p")


def test_an_invoice_settled_without_a_payment_names_its_credits() -> None:
    row = invoice_row(
        Status="PAID",
        AmountPaid=0,
        AmountCredited=541.25,
        CreditNotes=[{"CreditNoteNumber": "CM-CN1", "AppliedAmount": 500, "Total": 900, "Date": "/Date(0)/"}],
        Overpayments=[{"AppliedAmount": 41.25}],
        Prepayments=[{"AppliedAmount": 0}],
    )
    [invoice] = invoices(row).records
    assert (invoice.amount_paid, invoice.amount_credited) == (aud("0"), aud("541.25"))
    assert [(s.kind, s.number, s.amount, s.settled_on) for s in invoice.settlements] == [
        (SettlementKind.CREDIT_NOTE, "CM-CN1", aud("500"), None),
        (SettlementKind.OVERPAYMENT, "", aud("41.25"), None),
    ]


def test_what_xero_says_is_due_is_read_where_it_says_so() -> None:
    due = [
        invoices(invoice_row(AmountDue=each)).records[0].amount_due for each in (600, 0, None, "600", 99.94999999999)
    ]
    assert due == [aud("600"), aud("0"), None, None, None]


def test_a_payment_without_account_and_contact_is_read() -> None:
    [payment] = payments(payment_row(Account=None, invoice__Contact=None)).records
    assert (payment.account_id, payment.account_code, payment.account_name, payment.contact_id) == ("", "", "", "")


def test_a_credit_without_its_amount_is_what_the_others_leave() -> None:
    row = invoice_row(AmountCredited=50, CreditNotes=[{"AppliedAmount": 20}, {"CreditNoteNumber": "2"}])
    assert [s.amount for s in invoices(row).records[0].settlements] == [aud("20"), aud("30")]
    [unreadable] = invoices(invoice_row(AmountCredited=50, Overpayments=[{}, {}])).unreadable
    assert unreadable.problem == "AppliedAmount is missing in several credits."


def test_a_bill_numbered_cm_is_out_of_scope() -> None:
    page = invoices(invoice_row(Type="ACCPAY", Status="7F3"), invoice_row(2))
    assert (len(page.records), page.unreadable, len(page.keys)) == (1, (), 2)
    page = invoices(invoice_row(Type="ACCPAY"), invoice_row(2))
    assert ([i.number for i in page.records], page.unreadable, len(page.keys)) == (["CM-2"], (), 2)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"AmountPaid": None}, "AmountPaid is missing."),
        ({"Total": "1,000"}, "Total is"),
        ({"Type": "POEM"}, "Type is 'POEM'"),
        ({"Status": "7F3"}, "Status is '7F3'"),
        ({"InvoiceID": None}, "InvoiceID is missing."),
        ({"CreditNotes": "x"}, "CreditNotes is a text where a list belongs."),
    ],
)
def test_one_bad_invoice_costs_only_itself(changes: Json, problem: str) -> None:
    page = invoices(invoice_row(1, **changes), invoice_row(2))
    assert [i.number for i in page.records] == ["CM-2"]
    [row] = page.unreadable
    assert problem in row.problem
    assert row.invoice_number == "CM-1"


def test_null_lists_in_an_invoice_are_empty_lists() -> None:
    [invoice] = invoices(invoice_row(CreditNotes=None, Overpayments=None, Prepayments=None, Payments=None)).records
    assert invoice.settlements == ()
