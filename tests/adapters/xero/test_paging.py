"""Reading pages of a list that moves while it is read: no row is missed, whatever the server does."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmxero_desktop.adapters.xero.paging import Scan
from cmxero_desktop.adapters.xero.wire import Page
from cmxero_desktop.domain.errors import XeroUnavailableError
from cmxero_desktop.domain.records import Side, UnreadableRow

Row = tuple[str, int]
START = datetime(2026, 11, 22, tzinfo=UTC)


class MovingList:
    """A list ordered by change, read in pages by offset as Xero does; counts what is asked."""

    def __init__(self, size: int, page_size: int, *, tells_total: bool = True) -> None:
        self.rows: list[Row] = [(f"id-{n}", 0) for n in range(size)]
        self.page_size = page_size
        self.tells_total = tells_total
        self.asked: list[tuple[int, bool]] = []
        self.before_page: Callable[[int], None] = lambda _: None

    def change(self, row_id: str) -> None:
        [row] = [each for each in self.rows if each[0] == row_id]
        self.rows.remove(row)
        self.rows.append((row_id, row[1] + 1))

    def add(self) -> None:
        self.rows.append((f"id-{len(self.rows)}", 0))

    def fetch(self, number: int, is_ordered: bool) -> Page[Row]:  # noqa: FBT001 - as the scan calls it
        self.asked.append((number, is_ordered))
        self.before_page(len(self.asked))
        shown = self.rows[(number - 1) * self.page_size : number * self.page_size]
        return page(shown, self if self.tells_total else None)


def page(rows: list[Row], books: MovingList | None = None) -> Page[Row]:
    return Page(
        records=tuple(rows),
        unreadable=(),
        keys=tuple(row[0] for row in rows),
        pages=-(-len(books.rows) // books.page_size) if books else None,
        total=len(books.rows) if books else None,
        as_of=START,
    )


def read(books: MovingList) -> dict[str, int]:
    return dict(row for each in Scan("payments", books.fetch, lambda row: row[0]).pages() for row in each.records)


def test_a_list_at_rest_costs_one_request_for_each_page() -> None:
    books = MovingList(25, 10)
    assert read(books) == dict(books.rows)
    assert books.asked == [(1, True), (2, True), (3, True)]


def test_an_empty_list_costs_one_request() -> None:
    for tells_total in (True, False):
        books = MovingList(0, 10, tells_total=tells_total)
        assert read(books) == {}
        assert len(books.asked) == 1


def test_a_row_that_slips_past_the_border_is_found_in_the_next_pass() -> None:
    books = MovingList(25, 10)
    # The first row moves to the end after page 1 was read: id-10 slips onto page 1 unseen.
    books.before_page = lambda asked: books.change("id-0") if asked == 2 else None
    assert read(books) == dict(books.rows)
    assert "id-10" in read(books)


def test_a_total_that_moves_is_read_again() -> None:
    books = MovingList(25, 10)
    books.before_page = lambda asked: books.add() if asked == 3 else None
    assert read(books) == dict(books.rows)
    assert len(books.asked) == 6


def test_fewer_rows_than_the_total_are_read_again() -> None:
    books = MovingList(25, 10)

    def fetch(number: int, is_ordered: bool) -> Page[Row]:  # noqa: FBT001 - as the scan calls it
        whole = books.fetch(number, is_ordered)
        return page(list(whole.records[1:]), books) if len(books.asked) == 1 else whole

    pages = Scan("payments", fetch, lambda row: row[0]).pages()
    assert dict(row for each in pages for row in each.records) == dict(books.rows)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.integers(0, 40), st.integers(1, 7), st.booleans())
def test_whatever_moves_meanwhile_no_row_is_missed(
    data: st.DataObject,
    size: int,
    page_size: int,
    tells_total: bool,  # noqa: FBT001 - hypothesis passes it so
) -> None:
    books = MovingList(size, page_size, tells_total=tells_total)
    moves_left = data.draw(st.integers(0, 8))
    pages_in_first_pass = size // page_size + 2

    def move(asked: int) -> None:
        nonlocal moves_left
        while moves_left and asked > 1 and data.draw(st.booleans()):
            moves_left -= 1
            is_change: bool = data.draw(st.booleans())
            if books.rows and is_change:
                books.change(data.draw(st.sampled_from(books.rows))[0])
            else:
                books.add()

    books.before_page = lambda asked: move(asked) if asked <= pages_in_first_pass * 2 else None
    known_at_start = {row[0] for row in books.rows}
    try:
        found = read(books)
    except XeroUnavailableError:
        return
    assert known_at_start <= found.keys()


def test_a_list_that_never_rests_is_given_up_and_said_so() -> None:
    books = MovingList(25, 10)
    books.before_page = lambda _: books.change(books.rows[0][0])
    with pytest.raises(XeroUnavailableError, match="kept changing"):
        read(books)
    assert len(books.asked) < 40


def test_a_server_without_pagination_is_read_to_its_first_empty_page() -> None:
    books = MovingList(25, 10, tells_total=False)
    assert read(books) == dict(books.rows)
    assert [number for number, _ in books.asked] == [1, 2, 3, 4]


def test_a_server_that_does_not_page_is_read_once_and_its_repetition_dropped() -> None:
    rows = [("a", 0), ("b", 0)]
    asked: list[int] = []

    def fetch(number: int, _is_ordered: bool) -> Page[Row]:  # noqa: FBT001 - as the scan calls it
        asked.append(number)
        return page(rows)

    pages = list(Scan("payments", fetch, lambda row: row[0]).pages())
    assert [row for each in pages for row in each.records] == rows
    assert asked == [1, 2], "the second answer shows that there are no pages"


def test_an_order_that_breaks_paging_is_given_up() -> None:
    books = MovingList(25, 10)

    def fetch(number: int, is_ordered: bool) -> Page[Row]:  # noqa: FBT001 - as the scan calls it
        return books.fetch(1 if is_ordered else number, is_ordered)

    found = dict(row for each in Scan("payments", fetch, lambda row: row[0]).pages() for row in each.records)
    assert found == dict(books.rows)
    assert [ordered for _, ordered in books.asked] == [True, True, False, False, False]


def test_a_server_that_hides_rows_behind_one_page_is_refused() -> None:
    books = MovingList(25, 10)
    with pytest.raises(XeroUnavailableError, match="10 of 25"):
        list(Scan("payments", lambda _number, ordered: books.fetch(1, ordered), lambda row: row[0]).pages())


def test_an_unreadable_row_is_told_once_however_often_it_is_met() -> None:
    books = MovingList(25, 10)
    books.before_page = lambda asked: books.change("id-0") if asked == 2 else None

    def fetch(number: int, is_ordered: bool) -> Page[Row]:  # noqa: FBT001 - as the scan calls it
        met = books.fetch(number, is_ordered)
        bad = UnreadableRow(side=Side.XERO, place=f"page {number} of request {len(books.asked)}", problem="Bad.")
        return Page(
            records=met.records,
            unreadable=(bad,) if number == 2 else (),
            keys=met.keys,
            pages=met.pages,
            total=met.total,
            as_of=met.as_of,
        )

    told = [row for each in Scan("payments", fetch, lambda row: row[0]).pages() for row in each.unreadable]
    assert len(books.asked) > 3
    assert len(told) == 1
