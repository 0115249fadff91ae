"""Each worked example of RULES.md comes out of the real `cmxero`, run against a Xero and a database not ours."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.journey import CaseBook, Cmxero, ServerBook, browser_environment
from tests.end_to_end.plain_xero import PlainXero
from tests.support.databases import fresh_database, fresh_sql_server

# The examples are told for 22 Nov 2026; here every date moves along with today.
FIRST = datetime.now(UTC).date() - timedelta(days=21)
EARLIER = datetime(FIRST.year, FIRST.month, FIRST.day, 10, tzinfo=UTC)
LATER = EARLIER + timedelta(days=1)


NewBook = Callable[[], CaseBook]


class Books:
    """The firm of the worked examples: one invoice for each, all read in one poll."""

    def __init__(self, xero: PlainXero, case: CaseBook, cmxero: Cmxero) -> None:
        self.xero, self.case, self.cmxero = xero, case, cmxero
        # The day by which they are filled and checked: midnight may come before the tests do.
        self.today = datetime.now(UTC).date()
        self.ids: dict[str, list[str]] = {}
        self.copies: dict[str, list[int]] = {}

    def invoice(self, number: str, in_xero: str = "1000.00") -> None:
        self.xero.add_invoice(f"CM-{number}", in_xero)
        self.case.add_invoice(number)
        self.ids[number], self.copies[number] = [], []

    def pay(self, number: str, amount: str = "400.00", on: date = FIRST, updated: datetime = EARLIER) -> str:
        payment_id = self.xero.pay(f"CM-{number}", amount, on, updated)
        self.ids[number].append(payment_id)
        return payment_id

    def copy(self, number: str, amount: str = "400.00", on: date = FIRST, **more: object) -> None:
        self.copies[number].append(self.case.add_payment(number, amount, on, **more))

    def rows(self, what: str, number: str) -> list[dict[str, Any]]:
        return [row for row in self.lists[what] if row["invoice_number"] == f"CM-{number}"]

    def poll(self) -> None:
        self.counts = self.cmxero("poll")["counts"]
        self.lists = {w: self.cmxero("list", w) for w in ("proposals", "matched", "unmatched", "skipped")}


@pytest.fixture(
    scope="module",
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
        pytest.param("sql_server", marks=pytest.mark.postgres),
    ],
)
def new_book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewBook]:
    """Give a function that makes an empty Case Manager on each database in turn."""
    with ExitStack() as closing:

        def make() -> CaseBook:
            path = tmp_path_factory.mktemp("case") / "case.db"
            if request.param == "sqlite":
                return CaseBook(path)
            opened = fresh_sql_server() if request.param == "sql_server" else fresh_database(request.param)
            return ServerBook(path, server_url=closing.enter_context(opened))

        yield make


@pytest.fixture(scope="module")
def books(
    new_book: NewBook, tmp_path_factory: pytest.TempPathFactory, keyring_environment: dict[str, str]
) -> Iterator[Books]:
    with _firm(new_book(), tmp_path_factory.mktemp("worked-examples"), keyring_environment, _fill) as books:
        yield books


@pytest.fixture(scope="module")
def deletions(
    new_book: NewBook, tmp_path_factory: pytest.TempPathFactory, keyring_environment: dict[str, str]
) -> Iterator[Books]:
    """Make a firm of its own: 400.00 deleted on one invoice may be another invoice's 400.00, moved there (R16b)."""
    with _firm(new_book(), tmp_path_factory.mktemp("deletions"), keyring_environment, _fill_deletions) as books:
        yield books


@pytest.fixture(scope="module")
def sums(
    new_book: NewBook, tmp_path_factory: pytest.TempPathFactory, keyring_environment: dict[str, str]
) -> Iterator[Books]:
    """Make a firm for what is judged by sums; each example has an amount of its own, since equal ones may be one."""
    with _firm(new_book(), tmp_path_factory.mktemp("sums"), keyring_environment, _fill_sums) as books:
        yield books


@contextmanager
def _firm(case: CaseBook, folder: Path, environment: dict[str, str], fill: Callable[[Books], None]) -> Iterator[Books]:
    case.create()
    with PlainXero() as xero:
        cmxero = Cmxero(folder / "home", environment | browser_environment())
        books = Books(xero, case, cmxero)
        fill(books)
        cmxero.set_up(xero.url, case.url)
        books.poll()
        yield books


def _fill(books: Books) -> None:
    for number in (*range(101, 106), *range(110, 117)):
        books.invoice(str(number))
    books.pay("101")
    books.pay("102")
    books.copy("102")
    books.copy("103", notes=f"Xero payment {books.pay('103')}")
    books.pay("104")
    books.pay("104")
    books.copy("104")
    books.pay("105")
    books.copy("105", on=FIRST + timedelta(days=1))
    books.pay("110")
    books.copy("110", payment_group=7)
    books.copy("116", "77.00", payment_group=7)
    books.pay("111")
    books.copy("111", "350.00", payment_group=7)
    books.pay("112", on=books.today + timedelta(days=5))
    books.pay("113", on=books.today + timedelta(days=6))
    books.pay("114", "1000.00")
    books.copy("114", "900.00", on=FIRST - timedelta(days=27))
    note = {"CreditNoteID": "n", "CreditNoteNumber": "CN-88", "AppliedAmount": 1000, "Total": 1000}
    books.xero._invoice("CM-115").update(AmountCredited=1000, Status="PAID", CreditNotes=[note])


def _fill_deletions(books: Books) -> None:
    for number in range(106, 110):
        books.invoice(str(number))
    _deleted(books, "106")
    _deleted(books, "107")
    books.pay("107", "450.00", updated=LATER)
    _deleted(books, "108", journal_number="1042")
    books.pay("108", "450.00", updated=LATER)
    books.xero.delete(books.pay("109"), LATER)
    books.copy("109")


def _fill_sums(books: Books) -> None:
    for number in (*range(201, 205), *range(207, 218)):
        books.invoice(str(number), {207: "1100.00", 208: "1000.02"}.get(number, "1000.00"))
    _two_for_one(books)
    books.pay("202", "401.00")
    books.pay("202", "300.00", FIRST + timedelta(days=2))
    books.copy("202", "401.00", on=FIRST + timedelta(days=1))
    books.pay("203", "600.00")
    books.copy("203", "597.50")
    deleted = books.pay("204", "1000.00")
    books.xero.delete(deleted, LATER)
    books.copy("204", "1000.00", notes=f"Xero payment {deleted}")
    books.pay("204", "800.00", updated=LATER)
    books.case.run("UPDATE invoices SET refunds = 200 WHERE invoice_number = ?", "204")
    books.pay("207", "207.00")
    books.pay("208", "208.00")
    books.copy("209", "189.00", notes=f"Xero payment {books.pay('209', '209.00')}")
    note = {"CreditNoteID": "m", "CreditNoteNumber": "CN-89", "AppliedAmount": 1000, "Total": 1000}
    books.xero._invoice("CM-210").update(AmountCredited=1000, Status="PAID", CreditNotes=[note])
    books.case.run("UPDATE invoices SET adjustments = -1000 WHERE invoice_number = ?", "210")
    named = books.pay("211", "77.00")
    books.copy("212", "77.00", notes=f"Xero payment {named}")
    books.pay("213", "78.00")
    books.copy("214", "78.00", on=FIRST + timedelta(days=2))
    books.pay("215", "-50.00")
    books.pay("215", "215.00")
    books.copy("216", "55.00", notes="Cheque banked. Will not show as a Xero payment until it clears.")
    gone = books.pay("217", "217.00")
    books.xero.delete(gone, LATER)
    books.copy("217", "217.00", on=FIRST + timedelta(days=3))


def _two_for_one(books: Books) -> None:
    books.pay("201", "500.00")
    books.pay("201", "500.00", FIRST + timedelta(days=1))
    books.copy("201", "1000.00", on=FIRST - timedelta(days=12))


def _deleted(books: Books, number: str, journal_number: str | None = None) -> None:
    payment_id = books.pay(number)
    books.xero.delete(payment_id, LATER)
    books.copy(number, notes=f"Xero payment {payment_id}", journal_number=journal_number)


def _proposal(books: Books, number: str, kind: str) -> dict[str, Any]:
    found = [row for row in books.rows("proposals", number) if row["kind"] == kind]
    assert len(found) == 1, books.rows("proposals", number)
    return found[0]


def test_nothing_in_case_manager_is_an_add(books: Books) -> None:
    (row,) = books.rows("proposals", "101")
    note = f"Xero payment {books.ids['101'][0]}"
    assert (row["kind"], row["before"], row["flags"]) == ("add", None, [])
    assert row["after"] == {"date": FIRST.isoformat(), "amount": "400.00", "reference": "", "notes": note}


def test_equal_and_manual_is_matched_with_a_link(books: Books) -> None:
    (row,) = books.rows("proposals", "102")
    assert (row["kind"], row["case_payment_id"]) == ("link", books.copies["102"][0])
    assert len(books.rows("matched", "102")) == 1


def test_named_is_matched_and_nothing_to_do(books: Books) -> None:
    assert len(books.rows("matched", "103")) == 1
    assert not books.rows("proposals", "103")


def test_twins_are_one_link_and_one_flagged_add(books: Books) -> None:
    link, add = _proposal(books, "104", "link"), _proposal(books, "104", "add")
    assert {link["xero_payment_id"], add["xero_payment_id"]} == set(books.ids["104"])
    assert add["flags"] == ["twin"]


def test_a_day_apart_is_the_same_money_to_accept(books: Books) -> None:
    (row,) = books.rows("proposals", "105")
    assert (row["kind"], row["amount"], row["before"], row["after"]) == ("accept", "400.00", None, None)
    assert (row["flags"], row["effect"], row["blocks"]) == ([], "0.00", False)


def test_deleted_in_xero_is_a_remove(deletions: Books) -> None:
    (row,) = deletions.rows("proposals", "106")
    assert (row["kind"], row["after"], row["case_payment_id"]) == ("remove", None, deletions.copies["106"][0])


def test_an_edit_in_xero_is_one_change(deletions: Books) -> None:
    (row,) = deletions.rows("proposals", "107")
    assert (row["kind"], row["case_payment_id"]) == ("change", deletions.copies["107"][0])
    assert (row["before"]["amount"], row["after"]["amount"]) == ("400.00", "450.00")
    assert row["after"]["notes"] == f"Xero payment {deletions.ids['107'][1]}"


def test_an_edit_of_a_journalled_payment_is_skipped_and_its_new_half_flagged(deletions: Books) -> None:
    (skipped,) = deletions.rows("skipped", "108")
    assert (skipped["reason"], skipped["case_payment_id"]) == ("JOURNALLED", deletions.copies["108"][0])
    (add,) = deletions.rows("proposals", "108")
    flags = ["balance_differs", "beside_unmatched", "journalled_counterpart"]
    assert (add["kind"], add["amount"], add["flags"]) == ("add", "450.00", flags)


def test_a_manual_payment_whose_equal_is_deleted_is_offered_for_removal_and_flagged(deletions: Books) -> None:
    (row,) = deletions.rows("unmatched", "109")
    assert (row["side"], row["rule"]) == ("case_manager", "R15")
    (remove,) = deletions.rows("proposals", "109")
    assert (remove["kind"], remove["flags"]) == ("remove", ["former_original"])


def test_an_equal_multi_invoice_payment_is_matched_without_a_note(books: Books) -> None:
    assert len(books.rows("matched", "110")) == 1
    assert not books.rows("proposals", "110")


def test_an_unequal_multi_invoice_payment_is_skipped(books: Books) -> None:
    (skipped,) = books.rows("skipped", "111")
    assert (skipped["reason"], skipped["amount"]) == ("MULTI_INVOICE", "350.00")
    assert _proposal(books, "111", "add")["amount"] == "400.00"


def test_exactly_on_the_forward_dating_limit_is_an_add(books: Books) -> None:
    assert _proposal(books, "112", "add")["flags"] == []


def test_a_day_beyond_the_limit_is_skipped_until_tomorrow(books: Books) -> None:
    (row,) = books.rows("skipped", "113")
    assert (row["reason"], row["ready_on"]) == ("FUTURE_DATED", (books.today + timedelta(days=1)).isoformat())
    assert not books.rows("proposals", "113")


def test_more_than_the_balance_would_overpay(books: Books) -> None:
    assert _proposal(books, "114", "add")["flags"] == ["balance_differs", "beside_unmatched", "would_overpay"]
    assert [row["side"] for row in books.rows("unmatched", "114")] == ["case_manager", "xero"]


def test_a_credit_note_is_settled_another_way(books: Books) -> None:
    for what in ("proposals", "matched", "unmatched", "skipped"):
        assert not books.rows(what, "115")
    (settled,) = books.cmxero("tieout")["settled_another_way"]
    assert (settled["invoice_number"], settled["amount"], settled["kind"]) == ("CM-115", "1000.00", "credit note")


def test_two_for_one_are_the_same_money_to_accept(sums: Books) -> None:
    (row,) = sums.rows("proposals", "201")
    assert (row["kind"], row["amount"], row["flags"]) == ("accept", "1000.00", [])


def test_near_and_beside_what_is_left_both_additions_are_flagged(sums: Books) -> None:
    first, second = sorted(sums.rows("proposals", "202"), key=lambda row: row["date"])
    assert first["flags"] == ["balance_differs", "beside_unmatched", "near_double"]
    assert second["flags"] == ["balance_differs", "beside_unmatched", "would_overpay"]
    assert (first["near"], second["blocks"]) == ([sums.copies["202"][0]], True)


def test_net_of_a_fee_the_addition_is_blocked(sums: Books) -> None:
    row = _proposal(sums, "203", "add")
    assert (row["flags"], row["blocks"]) == (["balance_differs", "beside_unmatched", "would_overpay"], True)


def test_a_refund_entered_by_hand_makes_the_edit_differ(sums: Books) -> None:
    row = _proposal(sums, "204", "change")
    assert (row["before"]["amount"], row["after"]["amount"]) == ("1000.00", "800.00")
    assert row["flags"] == ["balance_differs"]


def test_totals_that_differ_flag_and_two_cents_do_not(sums: Books) -> None:
    assert _proposal(sums, "207", "add")["flags"] == ["balance_differs"]
    assert _proposal(sums, "208", "add")["flags"] == []


def test_a_copy_that_somebody_changed_is_flagged(sums: Books) -> None:
    row = _proposal(sums, "209", "change")
    assert (row["after"]["amount"], row["flags"]) == ("209.00", ["edited_here"])


def test_a_mirrored_credit_note_is_nothing(sums: Books) -> None:
    for what in ("proposals", "matched", "unmatched", "skipped"):
        assert not sums.rows(what, "210")
    assert "CM-210" not in {row["invoice_number"] for row in sums.cmxero("debtors")["invoices"]}


def test_a_copy_on_the_wrong_invoice_is_offered_as_a_move(sums: Books) -> None:
    add, remove = _proposal(sums, "211", "add"), _proposal(sums, "212", "remove")
    assert "named_elsewhere" in add["flags"]
    assert add["move_id"] == remove["move_id"] is not None
    (left,) = sums.rows("unmatched", "212")
    assert (left["side"], left["case_payment_id"]) == ("case_manager", sums.copies["212"][0])


def test_an_equal_leftover_elsewhere_is_named(sums: Books) -> None:
    row = _proposal(sums, "213", "add")
    assert (row["flags"], row["near"]) == (["leftover_elsewhere"], [sums.copies["214"][0]])


def test_nothing_or_less_is_skipped_and_the_good_one_beside_it_is_not(sums: Books) -> None:
    (skipped,) = sums.rows("skipped", "215")
    assert (skipped["reason"], skipped["amount"]) == ("AMOUNT", "-50.00")
    assert _proposal(sums, "215", "add")["amount"] == "215.00"


def test_somebodys_sentence_is_no_mark(sums: Books) -> None:
    (row,) = sums.rows("unmatched", "216")
    assert row["side"] == "case_manager"
    assert not sums.rows("proposals", "216")


def test_a_manual_payment_of_another_date_than_the_deleted_one_stays(sums: Books) -> None:
    (row,) = sums.rows("unmatched", "217")
    assert row["side"] == "case_manager"
    assert not sums.rows("proposals", "217")


def test_the_statement_ends_in_nothing(books: Books) -> None:
    statement = books.cmxero("tieout")
    assert statement["difference"] == "0.00"
    assert all(invoice["difference"] == "0.00" for invoice in statement["invoices"])


def test_the_counts_are_the_lengths_of_the_lists(books: Books) -> None:
    for what in ("matched", "unmatched", "skipped"):
        assert books.counts[what] == len(books.lists[what])
    assert books.counts["proposed"] == len(books.lists["proposals"])
