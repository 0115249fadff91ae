"""The reader against the sandbox, and against stand-ins that are simpler than Xero."""

import operator
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.urls import XeroUrls
from cmxero_desktop.domain.errors import XeroUnavailableError
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Locks
from cmxero_desktop.domain.records import Account, PaymentStatus, XeroInvoice, XeroPayment
from cmxero_desktop.domain.xero_history import HistoryKind, HistoryOf
from cmxero_desktop.sandbox.ledger.entries import CreditKind, InvoiceType
from cmxero_desktop.sandbox.xero.faults import Damage, Fault, FaultKind
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from cmxero_desktop.services.ports.xero import XeroReader
from cmxero_desktop.services.records.readings import InvoicesPage, PaymentsPage
from tests.adapters.xero.conftest import DAY, Books
from tests.adapters.xero.stand_in import (
    INVOICE_ID,
    STAND_IN_NOW,
    Call,
    FixedTokens,
    Json,
    Reply,
    StandIn,
    envelope,
    invoice_row,
    payment_id,
    payment_row,
)

NOT_FOUND = Reply("The resource you're looking for cannot be found", 404, {"Content-Type": "text/html"})


def all_payments(pages: Iterable[PaymentsPage]) -> list[XeroPayment]:
    return [payment for page in pages for payment in page.payments]


def all_invoices(pages: Iterable[InvoicesPage]) -> list[XeroInvoice]:
    return [invoice for page in pages for invoice in page.invoices]


def stood_in(xero: StandIn, page_size: int = 1000) -> XeroApiReader:
    return XeroApiReader(FixedTokens(), xero.urls, "tenant", page_size=page_size, clock=lambda: STAND_IN_NOW)


def test_it_is_a_xero_reader(reader: XeroApiReader) -> None:
    port: XeroReader = reader
    assert port.requests_made == 0


def test_the_organisation_has_an_iana_time_zone(reader: XeroApiReader) -> None:
    organisation = reader.organisation()
    assert (organisation.name, organisation.currency) == ("Brightside Rehab Pty Ltd", "AUD")
    assert organisation.time_zone == "Australia/Sydney"
    assert reader.time_zone_problem == ""
    assert reader.limits.day == 4999


def test_r33_the_lock_dates_come_with_the_organisation(books: Books, reader: XeroApiReader) -> None:
    assert reader.organisation().locks == Locks()
    books.lock_books(period=date(2026, 9, 30), year_end=date(2026, 6, 30))
    assert reader.organisation().locks == Locks(period=date(2026, 9, 30), year_end=date(2026, 6, 30))
    # The year 1 is how programs write that there is none.
    books.lock_books(period=date(1, 1, 1), year_end=date(2026, 6, 30))
    assert reader.organisation().locks == Locks(year_end=date(2026, 6, 30))


@pytest.mark.parametrize("zone", ["MOONSTANDARDTIME", None, "../etc/passwd"])
def test_an_unknown_time_zone_is_utc_with_a_reason(zone: str | None) -> None:
    row = {"Name": "Firm", "BaseCurrency": "NZD", "Timezone": zone}
    with StandIn(lambda _: Reply({"Organisations": [row]})) as xero:
        reader = stood_in(xero)
        organisation = reader.organisation()
    assert (organisation.time_zone, organisation.organisation_id) == ("UTC", "tenant")
    assert "time zone" in reader.time_zone_problem


def test_r3_the_chart_of_accounts_says_which_are_banks(books: Books, reader: XeroApiReader) -> None:
    suspense = books.add_account("Suspense", "850", "CURRENT")
    chart = {account.account_id: account for account in reader.accounts()}
    assert chart[books.bank] == Account(account_id=books.bank, name="Business Account", code="090", account_type="BANK")
    assert chart[suspense].account_type == "CURRENT"


def test_r2_money_that_went_back_comes_as_what_it_is_with_its_document(books: Books, reader: XeroApiReader) -> None:
    invoice = books.add_invoice("CM-100", books.client, "500.00", date(2026, 11, 1))
    books.add_payment(invoice, "100.00", date(2026, 11, 2), books.bank)
    credit = books.add_credit(CreditKind.CREDIT_NOTE, books.client, "300.00", date(2026, 11, 3), number="CM-7")
    books.apply_credit(credit, invoice, "100.00", date(2026, 11, 3))
    back = books.refund_credit(credit, "200.00", date(2026, 11, 4), books.bank)
    (refund,) = (p for page in reader.changed_refunds("ARCREDITPAYMENT", None) for p in page.payments)
    assert (refund.payment_id, refund.invoice_id, refund.invoice_number) == (back, credit, "CM-7")
    assert (refund.payment_type, refund.invoice_type) == ("ARCREDITPAYMENT", "ACCRECCREDIT")
    assert (str(refund.amount), refund.paid_on, refund.contact_name) == ("200.00", date(2026, 11, 4), books.client.name)
    assert [p.payments for p in reader.changed_refunds("AROVERPAYMENTPAYMENT", None)] == [()]
    ((settled,),) = (i.settlements for p in reader.changed_invoices(None) for i in p.invoices)
    assert settled.document_id == credit


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (NOT_FOUND, ()),
        (Reply("<html>No such page</html>", 404, {"Content-Type": "text/html"}), ()),
        (Reply("{}"), ()),
        (Reply({"Accounts": [{"AccountID": 5}, {"Name": "No id"}, 7, {"AccountID": "a"}]}), (Account(account_id="a"),)),
    ],
)
def test_what_a_stand_in_does_not_say_of_its_accounts_is_not_known(answer: Reply, found: tuple[Account, ...]) -> None:
    with StandIn(lambda _: answer) as xero:
        assert stood_in(xero).accounts() == found


@pytest.mark.parametrize("answer", [Reply("x"), Reply("x", 500)])
def test_a_chart_of_accounts_that_cannot_be_read_is_said_so(answer: Reply) -> None:
    with StandIn(lambda _: answer) as xero, pytest.raises(XeroUnavailableError):
        stood_in(xero).accounts()


UNSURE = '{"Organisations": [{"Name": "x", "BaseCurrency": "AUD", "PeriodLockDate": "soon"}]}'


@pytest.mark.parametrize("body", ["{}", '{"Organisations": []}', '{"Organisations": [{"Name": "x"}]}', "x", UNSURE])
def test_an_organisation_that_cannot_be_read_is_said_so(body: str) -> None:
    with StandIn(lambda _: Reply(body)) as xero, pytest.raises(XeroUnavailableError, match="not Xero's data"):
        stood_in(xero).organisation()


def test_a_first_load_asks_without_if_modified_since_and_in_pages_of_1000(
    books: Books, xero: SandboxXero, reader: XeroApiReader
) -> None:
    paid = books.pay(books.invoice("CM-1"), "400.00", "EFT 1")
    [payment] = all_payments(reader.changed_payments(None))
    assert (payment.payment_id, payment.amount, payment.paid_on) == (paid, Money.of("400.00", "AUD"), DAY)
    [request] = xero.requests.to("/Payments")
    assert request.query == {
        "where": 'PaymentType=="ACCRECPAYMENT"',
        "order": "UpdatedDateUTC ASC",
        "page": "1",
        "pageSize": "1000",
    }
    assert "if-modified-since" not in request.headers
    assert request.headers["accept-encoding"] == "gzip"


def test_nothing_changed_costs_one_request_each(books: Books, xero: SandboxXero, reader: XeroApiReader) -> None:
    books.pay(books.invoice("CM-1"), "400.00")
    later = xero.clock.now() + timedelta(hours=1)
    assert [page.payments for page in reader.changed_payments(later)] == [()]
    assert [page.invoices for page in reader.changed_invoices(later)] == [()]
    assert reader.requests_made == 2


@pytest.mark.parametrize("compare", [operator.ge, operator.gt], ids=["inclusive", "exclusive"])
def test_a_change_in_the_very_second_of_the_cursor_is_seen(compare: Callable[[datetime, datetime], bool]) -> None:
    second = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
    row = payment_row(UpdatedDateUTC=f"/Date({int(second.timestamp() * 1000)}+0000)/")

    def changed(call: Call) -> Reply:
        since = datetime.fromisoformat(call.headers["if-modified-since"]).replace(tzinfo=UTC)
        return Reply(envelope("Payments", [row] if compare(second, since) and call.query["page"] == "1" else []))

    with StandIn(changed) as xero:
        assert [p.updated_at for p in all_payments(stood_in(xero).changed_payments(second))] == [second]


def test_deleted_payments_come_along_and_no_request_filters_by_status(
    books: Books, xero: SandboxXero, reader: XeroApiReader
) -> None:
    invoice_id = books.invoice("CM-1")
    books.delete_payment(books.pay(invoice_id, "400.00"))
    [payment] = all_payments(reader.changed_payments(None))
    [again] = reader.payments_of([XeroInvoiceId(invoice_id)]).payments
    [by_id] = reader.payments_by_id([payment.payment_id]).payments
    assert payment == again == by_id
    assert payment.status is PaymentStatus.DELETED
    assert all("Status" not in request.query.get("where", "") for request in xero.requests.all())


def test_an_edit_is_a_deleted_payment_and_a_new_one(books: Books, reader: XeroApiReader) -> None:
    books.edit_payment(books.pay(books.invoice("CM-1"), "400.00"), amount="450.00")
    told = {(str(p.amount), p.status.value) for p in all_payments(reader.changed_payments(None))}
    assert told == {("400.00", "DELETED"), ("450.00", "AUTHORISED")}


def test_a_batched_payment_has_its_own_id_in_lists_and_by_id(books: Books, reader: XeroApiReader) -> None:
    one, two = books.invoice("CM-1"), books.invoice("CM-2")
    batch = books.add_batch([(one, "100.00"), (two, "200.00")], DAY)
    listed = all_payments(reader.changed_payments(None))
    by_id = reader.payments_by_id([p.payment_id for p in listed]).payments
    assert set(by_id) == set(listed)
    assert {p.batch_payment_id for p in listed} == {batch}
    assert batch not in {p.payment_id for p in listed}


def test_bills_are_no_sales_invoices_even_when_they_are_numbered_cm(books: Books, reader: XeroApiReader) -> None:
    bill = books.add_invoice("CM-9", books.client, "50.00", DAY, invoice_type=InvoiceType.BILL)
    books.pay(bill, "50.00")
    books.invoice("CM-1")
    assert [i.number for i in all_invoices(reader.changed_invoices(None))] == ["CM-1"]
    assert all_payments(reader.changed_payments(None)) == []


def test_a_row_that_moves_to_the_end_hides_no_other(books: Books, xero: SandboxXero, urls: XeroUrls) -> None:
    invoice_id = books.invoice("CM-1", "100000.00")
    paid = [
        books.add_payment(invoice_id, "10.00", DAY, at=xero.clock.now() + timedelta(seconds=n - 100)) for n in range(25)
    ]
    reader = XeroApiReader(FixedTokens(xero.access_token()), urls, xero.tenant_id, page_size=10)
    pages = reader.changed_payments(None)
    seen = list(next(pages).payments)
    books.reconcile(paid[0])
    seen += all_payments(pages)
    assert {p.payment_id for p in seen} == set(paid)
    assert next(p for p in reversed(seen) if p.payment_id == paid[0]).is_bank_reconciled


def test_all_pages_carry_the_clock_of_the_first(books: Books, xero: SandboxXero, urls: XeroUrls) -> None:
    invoice_id = books.invoice("CM-1", "100000.00")
    for _ in range(25):
        books.pay(invoice_id, "10.00")
    reader = XeroApiReader(FixedTokens(xero.access_token()), urls, xero.tenant_id, page_size=10)
    clocks = []
    for page in reader.changed_payments(None):
        clocks.append(page.as_of)
        xero.clock.advance(timedelta(minutes=1))
    assert clocks[0] is not None
    assert clocks == [clocks[0]] * 3


def test_rows_that_cannot_be_read_never_cost_the_page(books: Books, xero: SandboxXero, reader: XeroApiReader) -> None:
    invoice_id = books.invoice("CM-1")
    paid = [books.pay(invoice_id, "100.00") for _ in range(7)]
    for row_id, damage in zip(paid, Damage, strict=True):
        xero.faults.add(Fault(kind=FaultKind.ROW, path="/Payments", damage=damage, row_id=row_id))
    [page] = reader.changed_payments(None)
    # Only the empty reference is no harm.
    assert [p.payment_id for p in page.payments] == [paid[list(Damage).index(Damage.NULL_REFERENCE)]]
    assert len(page.unreadable) == 6


def test_payments_of_many_invoices_are_asked_for_in_short_addresses(
    books: Books, xero: SandboxXero, reader: XeroApiReader
) -> None:
    invoices = [books.invoice(f"CM-{n}") for n in range(65)]
    paid = {books.pay(each, "10.00") for each in invoices}
    books.pay(books.invoice("CM-other"), "10.00")
    page = reader.payments_of([XeroInvoiceId(each) for each in [*invoices, *invoices]])
    assert {p.payment_id for p in page.payments} == paid
    assert page.as_of is not None
    assert reader.requests_made == 3
    assert all(len(request.query["where"]) < 2400 for request in xero.requests.to("/Payments"))


def test_few_payments_are_read_by_id_and_many_by_filter(books: Books, reader: XeroApiReader) -> None:
    invoice_id = books.invoice("CM-1")
    paid = [XeroPaymentId(books.pay(invoice_id, "10.00")) for _ in range(31)]
    assert {p.payment_id for p in reader.payments_by_id(paid[:3]).payments} == set(paid[:3])
    assert reader.requests_made == 3
    missing = XeroPaymentId(payment_id(7))
    answer = reader.payments_by_id([*paid, missing])
    assert {p.payment_id for p in answer.payments} == set(paid)
    assert answer.unknown == {missing}
    assert reader.requests_made == 3 + 2 + 1


def test_ids_are_compared_without_regard_to_case(books: Books, reader: XeroApiReader) -> None:
    paid = books.pay(books.invoice("CM-1"), "10.00")
    assert paid != paid.upper()
    for asked in ([paid.upper()], [paid.upper(), paid], [paid, paid.upper()]):
        answer = reader.payments_by_id([XeroPaymentId(each) for each in asked])
        assert [p.payment_id for p in answer.payments] == [paid]
        assert answer.unknown == frozenset()


def test_an_id_that_cannot_be_asked_for_is_not_unknown(reader: XeroApiReader) -> None:
    for odd in ("..", "a/b", "", "x?y"):
        answer = reader.payments_by_id([XeroPaymentId(odd)])
        assert answer.unknown == frozenset()
        assert [row.xero_payment_id for row in answer.unreadable] == [odd]
    assert reader.requests_made == 0


def test_invoices_by_id_say_what_xero_does_not_have(books: Books, reader: XeroApiReader) -> None:
    ids = [XeroInvoiceId(books.invoice(f"CM-{n}")) for n in range(45)]
    page = reader.invoices_by_id([*ids, XeroInvoiceId(payment_id(1))])
    assert {i.invoice_id for i in page.invoices} == set(ids)
    # What two lists lack is asked for alone: only then is it a 404.
    assert page.unknown == {payment_id(1)}
    assert reader.requests_made == 3


# --- stand-ins that are simpler than Xero


def simple(call: Call) -> Reply:
    """Ignore where, order, pageSize, IDs and If-Modified-Since; no pagination, no gzip."""
    bill: Json = payment_row(9, PaymentType="ACCPAYPAYMENT", invoice__Type="ACCPAY")
    rows = [payment_row(1), bill, payment_row(2, invoice__InvoiceID="inv-2")]
    if call.path.endswith("/Payments"):
        return Reply(envelope("Payments", rows))
    if call.path.endswith("/Invoices"):
        return Reply(
            envelope("Invoices", [invoice_row(1), invoice_row(2, InvoiceID="inv-2"), invoice_row(3, Type="ACCPAY")])
        )
    wanted = call.path.rsplit("/", 1)[-1]
    if wanted == "inv-2":
        return Reply(envelope("Invoices", [invoice_row(2, InvoiceID="inv-2")]))
    found = [row for row in rows if row["PaymentID"] == wanted]
    return Reply(envelope("Payments", found)) if found else NOT_FOUND


def test_a_stand_in_that_ignores_every_filter_gives_the_same_facts() -> None:
    with StandIn(simple) as xero:
        reader = stood_in(xero)
        assert {p.payment_id for p in all_payments(reader.changed_payments(None))} == {payment_id(1), payment_id(2)}
        assert [i.number for i in all_invoices(reader.changed_invoices(None))] == ["CM-1", "CM-2"]
        assert [p.payment_id for p in reader.payments_of([XeroInvoiceId(INVOICE_ID)]).payments] == [payment_id(1)]
        many = [XeroPaymentId(payment_id(n)) for n in (1, 2, *range(20, 30))]
        answer = reader.payments_by_id(many)
        assert {p.payment_id for p in answer.payments} == {payment_id(1), payment_id(2)}
        assert len(answer.unknown) == 10
        assert [
            i.number for i in reader.invoices_by_id([XeroInvoiceId(str(invoice_row(1)["InvoiceID"]))]).invoices
        ] == ["CM-1"]


def test_ids_that_are_no_guids_are_never_put_into_a_guid_filter() -> None:
    with StandIn(simple) as xero:
        reader = stood_in(xero)
        odd = XeroInvoiceId("inv-2")
        assert [p.payment_id for p in reader.payments_of([odd]).payments] == [payment_id(2)]
        assert [i.number for i in reader.invoices_by_id([odd, XeroInvoiceId("inv-3")]).invoices] == ["CM-2"]
        assert all("guid" not in call.query.get("where", "") for call in xero.calls)
        assert all("IDs" not in call.query for call in xero.calls)


def test_another_payment_than_the_one_asked_for_is_not_taken_for_it() -> None:
    with StandIn(lambda _: Reply(envelope("Payments", [payment_row(5)]))) as xero:
        answer = stood_in(xero).payments_by_id([XeroPaymentId(payment_id(6))])
    assert (answer.payments, answer.unknown) == ((), frozenset())
    assert answer.unreadable[0].problem == "Xero answered, but without this payment."


def test_a_refund_asked_for_by_id_is_neither_unknown_nor_a_customer_payment() -> None:
    row = payment_row(5, PaymentType="ARCREDITPAYMENT", invoice__Type="ACCRECCREDIT")
    with StandIn(lambda _: Reply(envelope("Payments", [row]))) as xero:
        [payment] = stood_in(xero).payments_by_id([XeroPaymentId(payment_id(5))]).payments
    assert payment.payment_type == "ARCREDITPAYMENT"


def test_a_payment_by_id_that_cannot_be_read_is_unreadable_and_not_unknown() -> None:
    with StandIn(lambda _: Reply(envelope("Payments", [payment_row(5, Date=None)]))) as xero:
        answer = stood_in(xero).payments_by_id([XeroPaymentId(payment_id(5))])
    assert answer.unreadable[0].problem == "Date is missing."
    assert answer.unreadable[0].xero_payment_id == payment_id(5)
    assert answer.unknown == frozenset()


def test_a_currency_that_no_row_names_is_asked_for_once() -> None:
    def answer(call: Call) -> Reply:
        if call.path.endswith("/Organisation"):
            return Reply({"Organisations": [{"Name": "Firm", "BaseCurrency": "NZD"}]})
        rows = [payment_row(n, invoice__CurrencyCode=None) for n in (1, 2)]
        return Reply(envelope("Payments", rows, pagination={"page": 1, "pageCount": 1, "itemCount": 2}))

    with StandIn(answer) as xero:
        reader = stood_in(xero)
        assert {p.amount.currency for p in all_payments(reader.changed_payments(None))} == {"NZD"}
        assert len(xero.calls) == 2


@pytest.mark.parametrize("body", ["", "{}", '{"Payments": null}', "<html>"])
def test_an_empty_body_or_web_page_never_empties_a_list(body: str) -> None:
    with StandIn(lambda _: Reply(body)) as xero, pytest.raises(XeroUnavailableError):
        list(stood_in(xero).changed_payments(None))


def test_the_payment_date_is_not_shifted(books: Books, reader: XeroApiReader) -> None:
    books.add_payment(books.invoice("CM-1"), "10.00", date(2026, 12, 31))
    assert [p.paid_on for p in all_payments(reader.changed_payments(None))] == [date(2026, 12, 31)]


def test_the_history_of_a_record_says_who_did_what_and_when(books: Books, reader: XeroApiReader) -> None:
    invoice = books.add_invoice("CM-100", books.client, "500.00", date(2026, 11, 1))
    payment = books.add_payment(invoice, "100.00", date(2026, 11, 2), books.bank)
    books.delete_payment(payment)
    (known,) = reader.payments_by_id([XeroPaymentId(payment)]).payments
    lines = reader.history(HistoryOf(HistoryKind.PAYMENT, payment))
    assert lines is not None
    assert [(line.what, line.who) for line in lines] == [("Deleted", "J. Wu"), ("Created", "R. Patel")]
    assert lines[0].at == known.updated_at
    edited = reader.history(HistoryOf(HistoryKind.INVOICE, invoice))
    assert edited is not None
    assert edited[0].who == "R. Patel"
    assert reader.history(HistoryOf(HistoryKind.PAYMENT, "00000000-0000-0000-0000-000000000000")) is None
    made = reader.requests_made
    assert reader.history(HistoryOf(HistoryKind.PAYMENT, "../Organisation")) is None
    assert reader.requests_made == made, "no address is made of what is no id"


STAMP = "/Date(1793577600000+0000)/"
PATEL = {"Changes": "Created", "DateUTC": STAMP, "User": "R. Patel"}


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        (Reply({"HistoryRecords": [PATEL, {"User": "No date"}, {**PATEL, "DateUTC": 7}, 5, None]}), ["R. Patel"]),
        (Reply({"HistoryRecords": [{"DateUTC": STAMP}]}), [""]),
        (Reply({"HistoryRecords": [{**PATEL, "User": " A\nB " + "x" * 500}]}), ["A B " + "x" * 116]),
        (Reply('{"HistoryRecords": [{"DateUTC": "' + STAMP + '", "User": "A\nB"}]}'), ["A B"]),
        (Reply({}), []),
        (Reply({"HistoryRecords": "none"}), None),
        (Reply("no JSON"), None),
        (Reply("[]"), None),
        (NOT_FOUND, None),
    ],
)
def test_a_history_that_cannot_be_read_says_nothing(answer: Reply, names: list[str] | None) -> None:
    with StandIn(lambda _: answer) as xero:
        lines = stood_in(xero).history(HistoryOf(HistoryKind.PAYMENT, payment_id(1)))
    assert (None if lines is None else [line.who for line in lines]) == names
