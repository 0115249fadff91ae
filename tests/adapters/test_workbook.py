"""The sheets of the workbook that tell what is no payment, and what to look at (R2)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cmxero_desktop.adapters.workbook import write_list, write_lists, write_workbook
from cmxero_desktop.domain.desk_notes import DeskNote
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.reports import ShownList
from tests.ui.views import aud, debtors_of, firm, firm_view, results_of

VOIDED = Alert(
    key="voided:1",
    kind=AlertKind.VOIDED,
    rule=Rule.R2,
    explanation="Invoice CM-100 is voided in Xero, and Case Manager still holds it.",
    next_step="Cancel it in Case Manager too.",
    raised_at=datetime(2026, 11, 22, 3, tzinfo=UTC),
    invoice_number="CM-100",
    amount=aud("1000.00"),
)


def rows_of(path: Path, name: str) -> list[tuple[Any, ...]]:
    """Return the rows of a sheet below its heading."""
    sheet = openpyxl.load_workbook(path)[name]
    return list(sheet.iter_rows(min_row=2, values_only=True))


def test_r2_what_went_back_and_what_is_void_in_xero_stand_on_sheets_of_their_own(tmp_path: Path) -> None:
    path = write_workbook(replace(firm_view(), alerts=(VOIDED,)), None, tmp_path / "desk.xlsx")
    named, loose = rows_of(path, "Money went back")
    assert (named[0], named[1], named[3]) == ("CM-10117", "Acme Insurance", 120)
    assert "went back to Acme Insurance in Xero, out of a credit note CN-88" in named[6]
    assert (loose[0] or "", loose[3]) == ("", 45)
    (warning,) = rows_of(path, "Warnings")
    assert warning[:3] == ("voided", "CM-100", 1000)
    assert warning[4:] == (VOIDED.explanation, VOIDED.next_step)


def test_why_payments_and_debtors_differ_by_other_sums_stands_below_the_causes(tmp_path: Path) -> None:
    lists = debtors_of(results_of(firm()))
    path = write_workbook(firm_view(), lists, tmp_path / "desk.xlsx")
    *causes, blank, below = rows_of(path, "Debtors by cause")
    assert len(causes) == len(lists.causes)
    assert (set(blank), below[0], set(below[1:])) == ({None}, lists.bridge_line, {None})
    assert lists.bridge_line.startswith("Payments differ by ")


def test_what_somebody_typed_is_text_that_a_spreadsheet_neither_calculates_nor_obeys(tmp_path: Path) -> None:
    typed = "=cmd|' /C calc'!A0\x1b\u202e"
    alert = replace(VOIDED, explanation=typed, next_step="-50.00")
    path = write_workbook(replace(firm_view(), alerts=(alert,)), None, tmp_path / "desk.xlsx")
    row = next(openpyxl.load_workbook(path)["Warnings"].iter_rows(min_row=2))
    why, step = row[4], row[5]
    assert (why.value, why.data_type, why.quotePrefix) == ("=cmd|' /C calc'!A0\\u001b\\u202e", "s", True)
    assert (step.value, step.data_type, step.quotePrefix) == ("-50.00", "s", False)


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    alert = replace(VOIDED, explanation="x" * 40_000)
    path = write_workbook(replace(firm_view(), alerts=(alert,)), None, tmp_path / "desk.xlsx")
    ((*_, why, _),) = rows_of(path, "Warnings")
    assert (len(why), why[-1]) == (32_767, "…")


def test_a_list_that_is_too_long_for_a_sheet_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmxero_desktop.adapters.workbook._MOST_ROWS", 3)
    for rows, is_cut in ((2, False), (3, True), (9, True)):
        shown = ShownList("List", ("Invoice",), tuple((f"CM-{n}",) for n in range(rows)))
        written = [row[0] for row in rows_of(write_list(shown, tmp_path / "list.xlsx"), "List")]
        assert written[:2] == ["CM-0", "CM-1"]
        assert ("There are more rows" in written[-1], len(written)) == (is_cut, min(rows, 3))


def test_what_was_noted_stands_beside_its_row_with_who_and_when(tmp_path: Path) -> None:
    view = firm_view()
    note = DeskNote(
        invoice_number="CM-1", text="=Ask Jo", owner="Kim", follow_up=date(2026, 12, 3), by="Ann", at=VOIDED.raised_at
    )
    noted = replace(
        view,
        review=(replace(view.review[0], notes=(note,)),),
        matched=(replace(view.matched[0], notes=(note,)),),
        unmatched=(replace(view.unmatched[0], notes=(note,)), view.unmatched[1]),
        skipped=(replace(view.skipped[0], notes=(note,)),),
    )
    event = AuditEvent(
        at=VOIDED.raised_at, by="Ann", what=AuditWhat.NOTE_CHANGED, reason="Jo knows.", evidence={"before": "Ask Jo."}
    )
    entry = AuditEntry(sequence=1, event=event, previous_hash="", entry_hash="")
    path = write_workbook(replace(noted, history=(entry,)), None, tmp_path / "desk.xlsx")
    told = rows_of(path, "History")[0]
    assert (told[3], told[5], told[7]) == ("changed a note", "Ask Jo.", "Jo knows.")
    day, later = datetime(2026, 11, 22), datetime(2026, 12, 3)  # noqa: DTZ001 - a spreadsheet's days have no zone
    for name in ("Review", "Matched"):
        assert rows_of(path, name)[0][-3:] == ("=Ask Jo", "Ann", day)
    for name in ("Unmatched", "Skipped"):
        assert rows_of(path, name)[0][-5:] == ("=Ask Jo", "Ann", day, "Kim", later)
    assert [value or None for value in rows_of(path, "Unmatched")[1][-5:]] == [None] * 5


@pytest.mark.usefixtures("in_sydney")
def test_days_are_those_of_this_computer_as_in_the_window(tmp_path: Path) -> None:
    at, view = datetime(2026, 11, 22, 21, tzinfo=UTC), firm_view()
    note = DeskNote(invoice_number="CM-1", text="Asked", by="Ann", at=at)
    noted = replace(view.skipped[0], notes=(note,))
    shown = replace(view, skipped=(noted,), alerts=(replace(VOIDED, raised_at=at),))
    path = write_workbook(shown, None, tmp_path / "desk.xlsx")
    monday = datetime(2026, 11, 23)  # noqa: DTZ001 - a spreadsheet's days have no zone
    assert rows_of(path, "Skipped")[0][-3] == monday
    assert rows_of(path, "Warnings")[0][3] == monday


def test_several_lists_stand_on_a_sheet_each(tmp_path: Path) -> None:
    lists = [ShownList("Sums", ("Who",), (("Ann",),)), ShownList("Changes", ("What",), (("=add",), ("link",)))]
    path = write_lists(lists, tmp_path / "two.xlsx")
    assert rows_of(path, "Sums") == [("Ann",)]
    assert rows_of(path, "Changes") == [("=add",), ("link",)]
