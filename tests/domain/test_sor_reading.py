"""Lists of schedules are read as people write them, and what cannot be read is named beside its line (S1)."""

from datetime import date
from decimal import Decimal

import pytest

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.cells import (
    DayOrder,
    NotUnderstoodError,
    cents_sign,
    day_order,
    read_amount,
    read_date,
    read_state,
    read_text,
)
from cmxero_desktop.domain.sor.headings import columns_of, find_head, missing
from cmxero_desktop.domain.sor.reading import ReadLines, read_lines
from cmxero_desktop.domain.sor.schedules import InstalmentState
from cmxero_desktop.domain.sor.tables import Cell, Head, ListColumn, ListTable, TableRow

DAY_FIRST = DayOrder()
MONTH_FIRST = DayOrder(has_day_first=False)
DEC_5 = date(2026, 12, 5)


def table(*rows: tuple[Cell, ...], spread: dict[int, frozenset[int]] | None = None) -> ListTable:
    lines = enumerate(rows, 1)
    return ListTable(
        rows=tuple(TableRow(line=n, cells=cells, spread=(spread or {}).get(n, frozenset())) for n, cells in lines)
    )


def read(*rows: tuple[Cell, ...], spread: dict[int, frozenset[int]] | None = None) -> ReadLines:
    found = table(*rows, spread=spread)
    head = find_head(found, {})
    assert head is not None
    return read_lines(found, head, columns_of(head.headings, {}), "AUD")


@pytest.mark.parametrize(
    "cell",
    [
        DEC_5, "2026-12-05", "2026/12/5", "2026-12-05T00:00:00", "5/12/2026", "05.12.26", "5-12-2026", " 5/12/2026 ",
        "5/12/2026 0:00", "5 Dec 2026", "5 December 2026", "Sat, 5 Dec 2026", "5th dec. 2026", "5-Dec-26",
    ],
)  # fmt: skip
def test_one_day_in_all_its_forms(cell: Cell) -> None:
    assert read_date(cell, DAY_FIRST) == DEC_5


def test_a_month_in_front_and_september() -> None:
    assert read_date("12/5/2026", MONTH_FIRST) == DEC_5
    assert read_date("5 Sept 2026", DAY_FIRST) == date(2026, 9, 5)
    assert read_date("5 sep 2026", DAY_FIRST) == date(2026, 9, 5)


@pytest.mark.parametrize("cell", ["31.2.2026", "31 Feb 2026", "5 Dezembre 2026", "2026-13-01"])
def test_a_day_that_there_is_not(cell: str) -> None:
    with pytest.raises(NotUnderstoodError, match=f'There is no day "{cell}"|"{cell}" is no date'):
        read_date(cell, DAY_FIRST)


@pytest.mark.parametrize("cell", ["soon", "46361", Decimal(46361), "5/12", "#REF!", "=TODAY()"])
def test_what_is_no_date_says_how_to_write_one(cell: Cell) -> None:
    with pytest.raises(NotUnderstoodError, match="is no date; write it such as 5/12/2026"):
        read_date(cell, DAY_FIRST)


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_an_empty_cell_is_no_mistake_of_its_own(cell: Cell) -> None:
    assert read_date(cell, DAY_FIRST) is None
    assert read_amount(cell, "AUD") is None
    assert read_state(cell) is InstalmentState.DUE
    assert read_text(cell) == ""


def test_which_comes_first_is_told_by_the_dates_that_can_be_read_one_way() -> None:
    assert day_order(["5/12/2026", "25/12/2026"]) == DayOrder(has_day_first=True, is_told=True)
    assert day_order(["5/12/2026", "12/25/2026"]) == DayOrder(has_day_first=False, is_told=True)
    assert day_order(["5/12/2026", None, DEC_5]) == DayOrder(has_day_first=True, is_told=False)
    assert day_order(["25/12/2026", "12/25/2026"]) == DayOrder(has_day_first=True, is_told=False)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (Decimal("1234.5"), "1234.50"),
        ("1234.5", "1234.50"),
        ("$1,234.50", "1234.50"),
        ("AUD 1,234.50", "1234.50"),
        ("A$1,234.50", "1234.50"),
        ("1,234.50 AUD", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234.50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("12,345,678.90", "12345678.90"),
        ("1,234", "1234.00"),
        ("1.234.567", "1234567.00"),
        ("AU$300", "300.00"),
        ("$ 300.00", "300.00"),
        ("300", "300.00"),
        ("300,5", "300.50"),
        ("(300.00)", "-300.00"),
        ("-$300.00", "-300.00"),
        ("300.00-", "-300.00"),
        ("\u2212300", "-300.00"),
    ],
)
def test_one_amount_in_all_its_forms(cell: Cell, amount: str) -> None:
    assert read_amount(cell, "AUD") == Money.of(amount, "AUD")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("NZD 300.00", "is in NZD"),
        ("US$300.00", r"is in US\$"),
        ("NZ$ 300", r"is in NZ\$"),
        ("€300.00", "is in €"),
        ("300 £", "is in £"),
        ("¥300", "is in ¥"),
        ("A€300", "is in A€"),
        ("100.005", "is no amount"),
        ("1.234", "is no amount"),
        ("three hundred", "is in THR|is no amount"),
        ("1,23.50", "is no amount"),
        ("1,234,56", "is no amount"),
        ("1.5.0", "is no amount"),
        (DEC_5, "is no amount"),
        (Decimal("0.125"), "in whole cents"),
        ("1" * 30, "in whole cents"),
    ],
)
def test_what_is_no_amount_says_so(cell: Cell, why: str) -> None:
    with pytest.raises(NotUnderstoodError, match=why):
        read_amount(cell, "AUD")


def test_the_signs_of_another_organisations_money() -> None:
    assert read_amount("NZ$300", "NZD") == Money.of("300", "NZD")
    assert read_amount("£1,300.50", "GBP") == Money.of("1300.50", "GBP")
    assert read_amount("€ 300", "EUR") == Money.of("300", "EUR")
    for cell, currency in (("$300", "GBP"), ("A$300", "NZD"), ("£300", "NZD")):
        with pytest.raises(NotUnderstoodError, match="keeps its books in"):
            read_amount(cell, currency)


def test_what_stands_before_cents_is_told_by_the_other_amounts_and_never_guessed() -> None:
    """100.005 is a slip in a list with 99.50, a hundred thousand in one with 99,50, and nobody's guess alone."""
    assert cents_sign(["99.50", "1,234.00", "7", None, DEC_5]) == "."
    assert cents_sign(["99,5", "1.234,00 EUR"]) == ","
    assert cents_sign(["99.50", "99,50"]) == cents_sign(["100.005", "7"]) == ""
    assert read_amount("100.005", "AUD", ",") == Money.of("100005", "AUD")
    assert read_amount("1,234", "AUD", ".") == Money.of("1234", "AUD")
    for cell, cents in (("100.005", "."), ("100.005", ""), ("1,234", ",")):
        with pytest.raises(NotUnderstoodError, match="is no amount"):
            read_amount(cell, "AUD", cents)
    slip = read(("Invoice", "Due", "Amount"), ("CM-1", "1/12/2026", "99.50"), ("CM-2", "1/12/2026", "100.005"))
    assert [line.amount for line in slip.lines] == [Money.of("99.50", "AUD"), None]
    comma = read(("Invoice", "Due", "Amount"), ("CM-1", "1/12/2026", "99,50"), ("CM-2", "1/12/2026", "1.005"))
    assert comma.lines[1].amount == Money.of("1005", "AUD")


def test_states_and_texts() -> None:
    assert read_state("Dishonoured") is InstalmentState.FAILED
    assert read_state(" Paid ") is InstalmentState.PAID
    with pytest.raises(NotUnderstoodError, match='"Lost" is no state'):
        read_state("Lost")
    assert read_text(Decimal("102.0")) == "102"
    assert read_text(Decimal("10.5")) == "10.5"
    for odd in ("Infinity", "-Infinity", "1E+18", "1E+4300"):
        assert read_text(Decimal(odd)) == odd
    assert read_text(" CM-102 \n") == "CM-102"


def test_headings_are_known_by_usual_words_and_by_what_was_said() -> None:
    usual = columns_of(("Invoice No.", "Due Date", "Amount (AUD)", "Debtor", "Total"), {})
    assert usual == {
        ListColumn.INVOICE: 0,
        ListColumn.DUE_ON: 1,
        ListColumn.AMOUNT: 2,
        ListColumn.PAYER: 3,
        ListColumn.TOTAL: 4,
    }
    assert missing(usual) == ()
    headings = ("Our ref", "Invoice #", "When", "Amount", "Instalment")
    assert missing(columns_of(headings, {})) == (ListColumn.DUE_ON,)
    said = {ListColumn.INVOICE: ("our REF",), ListColumn.DUE_ON: ("when",), ListColumn.AMOUNT: ("amount",)}
    assert columns_of(headings, said) == {ListColumn.INVOICE: 0, ListColumn.DUE_ON: 2, ListColumn.AMOUNT: 3}


def test_headings_stand_below_a_title() -> None:
    title = table(("Apxium instalments",), (), ("Invoice", "Due", "Amount"), ("CM-1", "1/12/2026", "10"))
    assert find_head(title, {}) == Head(2, ("Invoice", "Due", "Amount"))
    foreign = table(("Rechnungen", None), ("Nummer", "Wann", "Wie viel", ""), ("CM-1", "1/12/2026", "10"))
    assert find_head(foreign, {}) == Head(1, ("Nummer", "Wann", "Wie viel", ""))
    assert find_head(table(("CM-1", DEC_5, Decimal(10)), ("a", "b")), {}) is None
    assert find_head(table(), {}) is None


def test_lines_are_read_with_their_numbers_and_what_is_no_line_is_left_out() -> None:
    found = read(
        ("Schedule", "Invoice", "Due date", "Amount", "Status", "Total", "Client", "Disbursed", "Retry date"),
        ("SR-7", "CM-1", "25/12/2026", "$1,100.00", "Paid", "2,200.00", "Ms Ito", "2,200.00", None),
        (None, "  ", None),
        ("SR-7", Decimal(1), "3/1/2027", Decimal("1100.0"), "failed", "2,200.00", "", None, "10/1/2027"),
        ("Schedule", "Invoice", "Due date", "Amount", "Status", "Total", "Client", "Disbursed", "Retry date"),
        ("Total:", None, None, "2,200.00"),
    )
    first, second = found.lines
    assert (first.line, first.schedule, first.invoice, first.payer) == (2, "SR-7", "CM-1", "Ms Ito")
    assert (first.due_on, first.amount) == (date(2026, 12, 25), Money.of(1100, "AUD"))
    assert (first.state, first.total, first.disbursed) == (
        InstalmentState.PAID,
        Money.of(2200, "AUD"),
        Money.of(2200, "AUD"),
    )
    assert (second.line, second.invoice, second.due_on) == (4, "1", date(2027, 1, 3))
    assert (second.state, second.retry_on) == (InstalmentState.FAILED, date(2027, 1, 10))
    assert found.left_out == (5, 6)
    assert found.order.is_told
    assert not first.problems + second.problems


def test_without_a_schedule_each_invoice_is_one() -> None:
    (line,) = read(("Invoice", "Due", "Amount"), ("CM-1", "1/12/2026", "10")).lines
    assert line.schedule == "CM-1"


def test_every_problem_of_a_line_is_named() -> None:
    (line,) = read(("Invoice", "Due", "Amount", "State"), ("CM-1", "soon", "NZD 5", "lost")).lines
    assert (line.due_on, line.amount, line.state) == (None, None, InstalmentState.DUE)
    assert [problem.partition(":")[0] for problem in line.problems] == ["Due date", "Instalment amount", "State"]


def test_an_amount_that_is_merged_over_lines_is_not_each_lines() -> None:
    found = read(
        ("Schedule", "Invoice", "Due", "Amount"),
        ("SR-7", "CM-1", "1/12/2026", "10"),
        ("SR-7", "CM-1", "1/1/2027", "10"),
        spread={3: frozenset({0, 3})},
    )
    assert found.lines[1].schedule == "SR-7"
    assert found.lines[1].amount is None
    assert found.lines[1].problems == ("Instalment amount: the cell is merged with the one above; unmerge it.",)
