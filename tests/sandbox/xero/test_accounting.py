"""The accounting API over real HTTP, one protocol fact at a time."""

import gzip
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from cmxero_desktop.sandbox.ledger.entries import CreditKind, InvoiceType, Organisation
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from tests.sandbox.sandbox_client import SandboxClient, SmallBooks, small_books

DAY = date(2026, 11, 10)


def test_a_payment_as_the_list_has_it(client: SandboxClient, books: SmallBooks) -> None:
    first, second = client.rows("Payments")
    assert first["PaymentID"] == books.first
    assert first["Date"] == "/Date(1793577600000+0000)/"
    assert re.fullmatch(r"/Date\(\d+\+0000\)/", first["UpdatedDateUTC"])
    assert (first["Status"], first["PaymentType"], first["HasAccount"]) == ("AUTHORISED", "ACCRECPAYMENT", True)
    assert first["CurrencyRate"] == 0
    assert first["Reference"] == "REM889"
    assert first["Account"]["Name"] == "Business cheque a/c"
    assert "Reference" not in second
    assert (first["Invoice"]["Type"], first["Invoice"]["InvoiceNumber"]) == ("ACCREC", "CM-10234")
    assert first["Invoice"]["Payments"] == []


def test_numbers_have_no_trailing_zeros_and_are_integers_where_whole(client: SandboxClient) -> None:
    text = client.get("/Payments").data.decode()
    assert '"Amount":400,' in text
    assert '"Amount":46.1,' in text


def test_the_same_payment_by_id_has_another_rate_and_a_fuller_invoice(client: SandboxClient, books: SmallBooks) -> None:
    (payment,) = client.rows("Payments", {"where": f'PaymentID=guid("{books.first}")'})
    (by_id,) = client.get(f"/Payments/{books.first}").json()["Payments"]
    assert (payment["CurrencyRate"], by_id["CurrencyRate"]) == (0, 1)
    assert by_id["Invoice"]["AmountPaid"] == 446.1


def test_a_batched_payment_by_id_nests_the_batch_id(client: SandboxClient, books: SmallBooks) -> None:
    batch = books.ledger.add_batch([(books.invoice, "100.00")], DAY, reference="REM 31")
    (payment_id,) = books.ledger.batches[batch].payment_ids
    (payment,) = client.get(f"/Payments/{payment_id}").json()["Payments"]
    assert payment["PaymentID"] == payment_id
    assert payment["BatchPaymentID"] == batch
    assert payment["BatchPayment"]["TotalAmount"] == 100
    nested = [each["PaymentID"] for each in payment["Invoice"]["Payments"]]
    assert nested == [books.first, books.second, batch]
    (listed,) = client.rows("Invoices")
    assert [each["PaymentID"] for each in listed["Payments"]] == [books.first, books.second, payment_id]
    (shown,) = client.rows("BatchPayments")
    assert (shown["Type"], shown["Payments"][0]["PaymentID"]) == ("RECBATCH", payment_id)


def test_deleted_payments_are_listed_and_leave_their_invoice(client: SandboxClient, books: SmallBooks) -> None:
    books.ledger.delete_payment(books.first)
    deleted = next(row for row in client.rows("Payments") if row["PaymentID"] == books.first)
    assert (deleted["Status"], deleted["IsReconciled"]) == ("DELETED", False)
    (invoice,) = client.rows("Invoices")
    assert [each["PaymentID"] for each in invoice["Payments"]] == [books.second]
    assert (invoice["AmountPaid"], invoice["AmountDue"]) == (46.1, 953.9)
    (alone,) = client.get(f"/Payments/{books.first}").json()["Payments"]
    assert alone["Status"] == "DELETED"


def test_a_payment_nested_in_an_invoice_says_little(client: SandboxClient) -> None:
    (invoice,) = client.rows("Invoices")
    nested = invoice["Payments"][0]
    assert nested["HasAccount"] is False
    assert not {"Status", "PaymentType", "UpdatedDateUTC", "IsReconciled"} & set(nested)


def test_pagination_only_where_a_page_was_asked_for(client: SandboxClient) -> None:
    assert "pagination" not in client.get("/Payments").json()
    answer = client.get("/Payments", {"page": "1", "pageSize": "1"}).json()
    assert answer["pagination"] == {"page": 1, "pageSize": 1, "pageCount": 2, "itemCount": 2}
    assert len(answer["Payments"]) == 1
    assert client.get("/Payments", {"page": "3", "pageSize": "1"}).json()["Payments"] == []
    assert client.get("/Payments", {"page": "1"}).json()["pagination"]["pageSize"] == 100


@pytest.mark.parametrize(
    "query",
    [{"page": "0"}, {"page": "x"}, {"page": "1", "pageSize": "1001"}, {"page": "1", "pageSize": "0"}],
)
def test_wrong_pages_are_refused(client: SandboxClient, query: dict[str, str]) -> None:
    assert client.get("/Payments", query).status == 400


def test_pages_together_are_the_list_in_order_of_change(client: SandboxClient, books: SmallBooks) -> None:
    for _ in range(5):
        books.ledger.clock.advance(timedelta(seconds=1))
        books.ledger.add_payment(books.invoice, "1.00", DAY)
    books.ledger.clock.advance(timedelta(seconds=1))
    books.ledger.reconcile(books.first)
    pages = [client.rows("Payments", {"page": str(page), "pageSize": "3"}) for page in (1, 2, 3)]
    together = [row["PaymentID"] for page in pages for row in page]
    assert together == [row["PaymentID"] for row in client.rows("Payments")]
    assert together[-1] == books.first
    assert len(set(together)) == 7


def test_line_items_come_with_pages_alone(client: SandboxClient) -> None:
    assert client.rows("Invoices")[0]["LineItems"] == []
    assert len(client.rows("Invoices", {"page": "1"})[0]["LineItems"]) == 1
    assert "Payments" not in client.rows("Invoices", {"page": "1", "summaryOnly": "true"})[0]


def test_modified_since_is_inclusive_to_the_second(client: SandboxClient) -> None:
    # The payments were entered at 01:02:03.456 and 01:02:04.456.
    def count(text: str) -> int:
        return len(client.rows("Payments", headers={"If-Modified-Since": text}))

    assert count("2026-11-22T01:02:03") == 2
    assert count("2026-11-22T01:02:04") == 1
    assert count("2026-11-22T01:02:05") == 0


@pytest.mark.parametrize(
    "text", ["Sun, 22 Nov 2026 01:02:03 GMT", "2026-11-22T01:02:03.456", "2026-11-22T01:02:03+00:00", "x"]
)
def test_modified_since_has_one_form(client: SandboxClient, text: str) -> None:
    assert client.get("/Payments", headers={"If-Modified-Since": text}).status == 400


def test_nothing_new_is_an_empty_list_and_no_304(client: SandboxClient) -> None:
    answer = client.get("/Payments", headers={"If-Modified-Since": "2026-12-01T00:00:00"})
    assert (answer.status, answer.json()["Payments"]) == (200, [])


def test_a_deletion_is_seen_by_modified_since(client: SandboxClient, books: SmallBooks) -> None:
    books.ledger.clock.advance(timedelta(minutes=10))
    books.ledger.delete_payment(books.first)
    (row,) = client.rows("Payments", headers={"If-Modified-Since": "2026-11-22T01:10:00"})
    assert (row["PaymentID"], row["Status"]) == (books.first, "DELETED")


def test_the_envelope_and_the_clock(client: SandboxClient, books: SmallBooks) -> None:
    books.ledger.clock.freeze(datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC))
    answer = client.pool.request("GET", "/connections", headers={"Authorization": "Bearer none"})
    assert answer.headers["Date"] == "Sat, 02 Jan 2027 03:04:05 GMT"
    token = client.xero.access_token()
    whole = client.get("/Payments", headers={"Authorization": f"Bearer {token}"})
    document = whole.json()
    assert (document["Status"], bool(document["Id"]), bool(document["ProviderName"])) == ("OK", True, True)
    assert document["DateTimeUTC"] == "/Date(1798859045000)/"
    assert whole.headers["Xero-Correlation-Id"]


def test_gzip_where_it_is_asked_for(client: SandboxClient) -> None:
    own = {"Authorization": f"Bearer {client.token}", "xero-tenant-id": client.xero.tenant_id}
    answer = client.pool.request(
        "GET",
        "/api.xro/2.0/Payments",
        headers={**own, "Accept-Encoding": "gzip"},
        decode_content=False,
        preload_content=False,
    )
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(answer.read(decode_content=False)))["Payments"]) == 2
    assert "Content-Encoding" not in client.get("/Payments").headers


@pytest.mark.parametrize("name", ["Payments", "Invoices", "Overpayments", "CreditNotes", "Nothing"])
def test_an_unknown_id_is_a_404_without_json(client: SandboxClient, name: str) -> None:
    answer = client.get(f"/{name}/00000000-0000-4000-8000-000000000000")
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_an_invoice_by_its_number(client: SandboxClient, books: SmallBooks) -> None:
    assert client.get("/Invoices/CM-10234").json()["Invoices"][0]["InvoiceID"] == books.invoice


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_accounting_data_cannot_be_written(client: SandboxClient, method: str) -> None:
    own = {"Authorization": f"Bearer {client.token}", "xero-tenant-id": client.xero.tenant_id}
    assert client.pool.request(method, "/api.xro/2.0/Payments", headers=own, body=b"{}").status == 405


@pytest.mark.parametrize("kind", list(CreditKind))
def test_credits_settle_without_a_payment(client: SandboxClient, books: SmallBooks, kind: CreditKind) -> None:
    ledger = books.ledger
    contact = ledger.invoices[books.invoice].contact
    credit = ledger.add_credit(kind, contact, "600.00", DAY, number="CN-88")
    allocation = ledger.apply_credit(credit, books.invoice, "553.90", DAY)
    (invoice,) = client.rows("Invoices")
    assert (invoice["Status"], invoice["AmountDue"]) == ("PAID", 0)
    assert (invoice["AmountPaid"], invoice["AmountCredited"]) == (446.1, 553.9)
    (nested,) = invoice[f"{kind}s"]
    assert (nested["AppliedAmount"], nested["Total"]) == (553.9, 600)
    (row,) = client.rows(f"{kind}s", {"page": "1"})
    assert row["RemainingCredit"] == 46.1
    assert row["Allocations"][0]["AllocationID"] == allocation
    assert row["Allocations"][0]["Invoice"]["InvoiceNumber"] == "CM-10234"
    assert row["UpdatedDateUTC"] == invoice["UpdatedDateUTC"]
    assert len(client.rows("Payments")) == 2


def test_a_refund_carries_the_credit_note_as_its_invoice(client: SandboxClient, books: SmallBooks) -> None:
    contact = books.ledger.invoices[books.invoice].contact
    credit = books.ledger.add_credit(CreditKind.CREDIT_NOTE, contact, "200.00", DAY, number="CM-500")
    books.ledger.refund_credit(credit, "200.00", DAY, books.account)
    (refund,) = client.rows("Payments", {"where": 'PaymentType=="ARCREDITPAYMENT"'})
    assert refund["Invoice"]["Type"] == "ACCRECCREDIT"
    assert (refund["Invoice"]["InvoiceID"], refund["Invoice"]["InvoiceNumber"]) == (credit, "CM-500")


def test_a_bill_may_carry_our_prefix(client: SandboxClient, books: SmallBooks) -> None:
    contact = books.ledger.invoices[books.invoice].contact
    bill = books.ledger.add_invoice("CM-9", contact, "10.00", DAY, invoice_type=InvoiceType.BILL)
    books.ledger.add_payment(bill, "10.00", DAY)
    (payment,) = client.rows("Payments", {"where": 'PaymentType=="ACCPAYPAYMENT"'})
    assert payment["Invoice"]["Type"] == "ACCPAY"


def test_a_voided_invoice(client: SandboxClient, books: SmallBooks) -> None:
    books.ledger.delete_payment(books.first)
    books.ledger.delete_payment(books.second)
    books.ledger.void_invoice(books.invoice)
    (invoice,) = client.rows("Invoices", {"Statuses": "VOIDED"})
    assert (invoice["AmountDue"], invoice["Payments"]) == (0, [])


def test_the_organisation_and_its_accounts(client: SandboxClient) -> None:
    (organisation,) = client.get("/Organisation").json()["Organisations"]
    assert (organisation["Name"], organisation["BaseCurrency"]) == ("Brightside Rehab Pty Ltd", "AUD")
    assert organisation["Timezone"] == "AUSEASTERNSTANDARDTIME"
    (account,) = client.rows("Accounts", {"where": 'Type=="BANK"'})
    assert account["Code"] == "090"


def test_one_organisation_does_not_see_the_other(client: SandboxClient, books: SmallBooks) -> None:
    other = Ledger(books.ledger.clock, Organisation("11111111-2222-4333-8444-555555555555", "Other Pty Ltd"))
    tenant_id = client.xero.connections.offer(other)
    token = client.xero.access_token()
    headers = {"xero-tenant-id": tenant_id, "Authorization": f"Bearer {token}"}
    assert client.rows("Payments", headers=headers) == []


def test_every_request_is_recorded_without_its_token(client: SandboxClient) -> None:
    client.xero.requests.clear()
    client.get("/Payments", {"page": "1", "where": 'Status=="DELETED"'}, {"If-Modified-Since": "2026-01-01T00:00:00"})
    (seen,) = client.xero.requests.to("/Payments")
    assert (seen.method, seen.path, seen.status) == ("GET", "/api.xro/2.0/Payments", 200)
    assert seen.query == {"page": "1", "where": 'Status=="DELETED"'}
    assert seen.headers["if-modified-since"] == "2026-01-01T00:00:00"
    assert client.token not in repr(client.xero.requests.all())


def test_an_address_that_is_too_long(client: SandboxClient) -> None:
    assert client.get("/Invoices", {"IDs": "x" * 9_000}).status == 414


def test_the_same_steps_give_the_same_ids(books: SmallBooks) -> None:
    assert small_books().first == books.first


def test_the_history_of_a_payment_and_of_an_invoice_says_who_did_what(client: SandboxClient, books: SmallBooks) -> None:
    (created,) = client.get(f"/Payments/{books.first}/History").json()["HistoryRecords"]
    assert (created["Changes"], created["User"]) == ("Created", "R. Patel")
    assert re.fullmatch(r"/Date\(\d+\+0000\)/", created["DateUTC"])
    books.ledger.delete_payment(books.first)
    lines = client.get(f"/Payments/{books.first}/History").json()["HistoryRecords"]
    assert [(line["Changes"], line["User"]) for line in lines] == [("Deleted", "J. Wu"), ("Created", "R. Patel")]
    (payment,) = client.get(f"/Payments/{books.first}").json()["Payments"]
    assert lines[0]["DateUTC"] == payment["UpdatedDateUTC"]

    def newest() -> tuple[str, str]:
        line = client.get(f"/Invoices/{books.invoice}/History").json()["HistoryRecords"][0]
        return line["Changes"], line["User"]

    books.ledger.delete_payment(books.second)
    assert newest() == ("Edited", "R. Patel")
    credit = books.ledger.add_credit(CreditKind.CREDIT_NOTE, books.ledger.invoices[books.invoice].contact, "5.00", DAY)
    allocation = books.ledger.apply_credit(credit, books.invoice, "5.00", DAY)
    assert newest() == ("Credit applied", "R. Patel")
    books.ledger.remove_allocation(credit, allocation)
    books.ledger.void_invoice(books.invoice)
    assert newest() == ("Voided", "J. Wu")


def test_an_instalment_was_written_by_apxium(client: SandboxClient, books: SmallBooks) -> None:
    account = books.ledger.add_account("Apxium SOR Clearing Account")
    payment = books.ledger.add_payment(books.invoice, "10.00", DAY, account)
    (line,) = client.get(f"/Payments/{payment}/History").json()["HistoryRecords"]
    assert line["User"] == "Apxium"


@pytest.mark.parametrize("path", ["Payments/nobody/History", "Accounts/x/History", "Payments/{first}/Notes"])
def test_what_has_no_history_is_not_found(client: SandboxClient, books: SmallBooks, path: str) -> None:
    assert client.get(f"/{path.format(first=books.first)}").status == 404
