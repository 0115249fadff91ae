"""Lists come as CSV in every encoding that offices use, and as workbooks; what is too large or no list is refused."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from cmxero_desktop.adapters.list_file import LARGEST_BYTES, MOST_LINES, read_list
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.sor.cells import read_text
from cmxero_desktop.domain.sor.tables import Cell

CSV = (
    'Invoice,Due,Amount,Client\r\nCM-1,5/12/2026,"1,100.00",Ms Itō\r\n\r\nCM-2,6/12/2026,20,"two\nlines"\r\nCM-3,,,\r\n'
)


def cells(path: Path) -> list[tuple[Cell, ...]]:
    return [row.cells for row in read_list(path).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_in_any_of_its_encodings(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = CSV if delimiter == "," else CSV.replace('"1,100.00"', "1.100,00").replace(",", delimiter)
    text = text.replace(f"1.100{delimiter}00", "1.100,00")
    (tmp_path / "list.csv").write_bytes(text.encode(encoding))
    found = read_list(tmp_path / "list.csv")
    assert [row.line for row in found.rows] == [1, 2, 3, 4, 6]
    assert found.rows[1].cells[0] == "CM-1"
    assert found.rows[1].cells[3] == "Ms Itō"
    assert found.rows[2].is_empty
    assert found.rows[4].cells == ("CM-3", None, None, None)
    assert found.notes == ()


def test_windows_text_is_read_and_said(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes("Invoice;Due;Amount\nCM-1;5/12/2026;€ 10,00\n".encode("cp1252"))
    found = read_list(tmp_path / "list.csv")
    assert found.rows[1].cells == ("CM-1", "5/12/2026", "€ 10,00")
    assert found.notes[0].startswith("Read as Windows text")


def test_five_thousand_lines_and_too_many(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Invoice,Due,Amount\n" + "CM-1,1/12/2026,10\n" * 5_000)
    assert len(cells(path)) == 5_001
    path.write_text("a\n" * (MOST_LINES + 1))
    with pytest.raises(DeskError, match="more than 20,000 lines"):
        read_list(path)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400, "1e308"])
def test_a_number_that_is_none_is_an_empty_cell_or_a_large_one(tmp_path: Path, number: str) -> None:
    """Excel writes no such number; whoever makes a workbook by hand can."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["CM-1", 12345])
    book.save(tmp_path / "made.xlsx")
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(tmp_path / "made.xlsx") as made, zipfile.ZipFile(path, "w") as written:
        for part in made.namelist():
            written.writestr(part, made.read(part).replace(b"<v>12345</v>", f"<v>{number}</v>".encode()))
    ((name, cell),) = cells(path)
    assert name == "CM-1"
    assert cell is None or (isinstance(cell, Decimal) and cell.is_finite())
    read_text(cell)


def test_a_text_that_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b\n" + "x" * 200_000)
    with pytest.raises(DeskError, match="no CSV from line 2"):
        read_list(tmp_path / "list.csv")
    (tmp_path / "empty.csv").write_text("")
    assert cells(tmp_path / "empty.csv") == []


def test_what_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match=r"gone\.csv cannot be read: .*[Ff]ile"):
        read_list(tmp_path / "gone.csv")
    with pytest.raises(DeskError, match=r"neither a workbook .* nor CSV.*Save it as"):
        read_list(tmp_path / "list.xls")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(DeskError, match="larger than 10 MB"):
        read_list(large)
    (tmp_path / "no.xlsx").write_bytes(b"no workbook")
    with pytest.raises(DeskError, match="cannot be read as a workbook"):
        read_list(tmp_path / "no.xlsx")


def test_a_workbook_with_numbers_dates_and_merged_cells(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Notes"  # type: ignore[union-attr] # a new book has one
    sheet = book.create_sheet("List")
    sheet.append(["Apxium instalments"])
    sheet.append(["Schedule", "Invoice", "Due", "Amount"])
    sheet.append(["SR-7", "CM-1", date(2026, 12, 5), 333.33])
    sheet.append([None, 102, datetime(2027, 1, 5, 9, 30), 1100])  # noqa: DTZ001 - as a workbook has it
    sheet.append(["SR-8", "CM-2", "5 Feb 2027", True])
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A3:A4")
    book.save(tmp_path / "list.xlsx")
    found = read_list(tmp_path / "list.xlsx")
    assert found.notes == ('Sheet "List" of 2.',)
    assert found.rows[2].cells == ("SR-7", "CM-1", date(2026, 12, 5), Decimal("333.33"))
    assert found.rows[3].cells == ("SR-7", Decimal(102), date(2027, 1, 5), Decimal(1100))
    assert found.rows[3].spread == {0}
    assert found.rows[4].cells == ("SR-8", "CM-2", "5 Feb 2027", "True")


def test_a_formula_is_never_calculated(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Invoice", "Due", "Amount"])
    sheet.append(["CM-1", "=TODAY()", "=1+1"])
    book.save(tmp_path / "list.xlsx")
    # Excel keeps what it calculated last; nothing calculated this one.
    assert cells(tmp_path / "list.xlsx")[1] == ("CM-1", None, None)


def _book_with(sheet: str) -> bytes:
    saved = io.BytesIO()
    book = Workbook()
    book.save(saved)
    changed = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return changed.getvalue()


_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}</worksheet>'


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        (_SHEET.format("", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "more than 20,000 lines"),
        (_SHEET.format(f"<row>{'<c/>' * 500_001}</row>", ""), "more than 20,000 lines"),
        (_SHEET.format('<row r="900000"><c r="A900000"><v>1</v></c></row>', ""), "more than 20,000 lines"),
        ("x" * 100_000_001, "unpacks to far more"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + _SHEET.format("<row>&b;</row>", ""), "cannot be read as a workbook"),
        ("<worksheet>", "cannot be read as a workbook"),
    ],
    ids=["merged", "cells", "far below", "bomb", "entities", "broken"],
)
def test_a_workbook_that_would_take_the_computers_memory_is_refused(tmp_path: Path, sheet: str, why: str) -> None:
    (tmp_path / "list.xlsx").write_bytes(_book_with(sheet))
    with pytest.raises(DeskError, match=why):
        read_list(tmp_path / "list.xlsx")


def test_a_workbook_that_is_called_csv(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Invoice"])
    book.save(tmp_path / "list.csv")
    assert cells(tmp_path / "list.csv") == [("Invoice",)]
