"""A list is read by its headings, and what a person said of them is kept (S1)."""

from datetime import date
from pathlib import Path

import pytest

from cmxero_desktop.domain.errors import DeskError, NotAllowedError
from cmxero_desktop.domain.sor.tables import Cell, ListColumn, ListTable, TableRow
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.sor.reading_list import keep_headings, read_schedule_list
from tests.services.desk import Desk

FILE = Path("list.csv")
HEAD = ("Invoice", "Due", "Amount")


def read(desk: Desk, *rows: tuple[Cell, ...], columns: dict[ListColumn, str] | None = None) -> ScheduleList:
    table = ListTable(
        rows=tuple(TableRow(line=line, cells=cells) for line, cells in enumerate(rows, 1)), notes=("Sheet.",)
    )
    return read_schedule_list(desk.outside, lambda _: table, FILE, columns)


@pytest.fixture
def known(desk: Desk) -> Desk:
    desk.bill()
    desk.poll()
    return desk


def test_a_list_is_read_once_the_organisation_is_known_s1(desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="Check Xero first"):
        read(desk, HEAD)


def test_lines_notes_and_samples_s1(known: Desk) -> None:
    rows: list[tuple[Cell, ...]] = [("CM-100", f"{day}/12/2026", "10.00") for day in (1, 2, 3)]
    found = read(known, HEAD, *rows, ("Total", None, "30.00"))
    assert (found.name, found.headings, found.missing) == ("list.csv", HEAD, ())
    assert [line.due_on for line in found.lines] == [date(2026, 12, day) for day in (1, 2, 3)]
    assert found.samples[0] == ("CM-100", "1/12/2026", "10.00")
    assert found.notes == (
        "Sheet.",
        "Dates such as 3/4/2026 are read with the day first.",
        "Left out, as sums or headings: line 5.",
    )


def test_which_comes_first_is_said_s1(known: Desk) -> None:
    day_first = read(known, HEAD, ("CM-100", "25/12/2026", "10"))
    month_first = read(known, HEAD, ("CM-100", "12/25/2026", "10"))
    assert day_first.notes[1] == "Dates are read with the day first, as one of them tells."
    assert month_first.notes[1] == "Dates are read with the month first, as one of them tells."
    assert month_first.lines[0].due_on == day_first.lines[0].due_on
    assert read(known, HEAD, ("CM-100", None, "10")).notes == ("Sheet.",)
    many = read(known, HEAD, *[("Total", None, "10")] * 7)
    assert many.notes[1] == "Left out, as sums or headings: line 2, 3, 4, 5, 6…."


def test_a_column_that_is_not_known_is_asked_for_and_kept_s1(known: Desk) -> None:
    strange = ("Our no", "Due", "Amount")
    line = ("CM-100", "1/12/2026", "10")
    found = read(known, strange, line)
    assert (found.missing, found.lines) == ((ListColumn.INVOICE,), ())
    assert read(known, strange, line, columns={ListColumn.INVOICE: "our no"}).lines[0].invoice == "CM-100"
    keep_headings(known.settings, {"Our no": ListColumn.INVOICE})
    kept = known.settings.settings
    assert read(known, strange, line).lines[0].invoice == "CM-100"
    keep_headings(known.settings, {"Our no": ListColumn.INVOICE})
    assert known.settings.settings is kept


def test_columns_without_a_heading_or_with_the_same_have_names_of_their_own_s1(known: Desk) -> None:
    found = read(known, ("Invoice", "", "Due", "Amount", "Amount"), ("CM-100", None, "1/12/2026", "1", "10"))
    assert found.headings == ("Invoice", "(column 2)", "Due", "Amount", "Amount (2)")
    chosen = {ListColumn.INVOICE: "Invoice", ListColumn.DUE_ON: "Due", ListColumn.AMOUNT: "Amount (2)"}
    table = ListTable(
        rows=(
            TableRow(line=1, cells=("Invoice", "", "Due", "Amount", "Amount", "Client")),
            TableRow(line=2, cells=("CM-100", None, "1/12/2026", "1", "10", "Ms Ito")),
        )
    )
    again = read_schedule_list(known.outside, lambda _: table, FILE, chosen, is_whole=True)
    assert str(again.lines[0].amount) == "10.00"
    # What was not chosen is not read, however usual its heading.
    assert again.lines[0].payer == ""
    keep_headings(known.settings, {"(column 2)": ListColumn.PAYER})
    assert known.settings.settings.sor.headings == {}


def test_without_headings_it_is_no_list_s1(known: Desk) -> None:
    with pytest.raises(DeskError, match="has no line of headings"):
        read(known, ("CM-100", date(2026, 12, 1), "10"))
