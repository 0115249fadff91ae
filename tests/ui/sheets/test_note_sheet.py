"""A note: written with one key on any row that has a payment, shown with who and when, searched, and followed up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from cmxero_desktop.domain.desk_notes import LONGEST, DeskNote
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.desk.bell import BellItem, items_of
from cmxero_desktop.ui.desk.noted import NOTED, SKIPPED_DUE, UNMATCHED_DUE, noted_in_cell, people_of
from cmxero_desktop.ui.history.columns import history_columns
from cmxero_desktop.ui.payments.columns import skipped_columns
from cmxero_desktop.ui.review.columns import review_columns
from cmxero_desktop.ui.sheets.note_sheet import NoteSheet
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.pages import PAGES
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import keys_of
from tests.ui.views import NOW, TODAY, firm_view

REVIEW, MATCHED, UNMATCHED, SKIPPED, SOR, HISTORY, HEALTH = range(len(PAGES))
NEXT_WEEK = TODAY + timedelta(days=7)
NOTE = DeskNote(
    invoice_number="CM-1", text="Asked WorkSafe\nno answer yet", owner="", by="Ann", at=NOW - timedelta(days=3)
)
CTRL = Qt.KeyboardModifier.ControlModifier


def noted_view(*, owner: str = "Kim", on: date | None = NEXT_WEEK) -> DeskView:
    """Return the firm with a note on the first row of each list, and somebody who sees to those that one may."""
    view, seen_to = firm_view(), replace(NOTE, owner=owner, follow_up=on)
    return replace(
        view,
        review=(replace(view.review[0], notes=(NOTE,)), *view.review[1:]),
        matched=(replace(view.matched[0], notes=(NOTE,)), *view.matched[1:]),
        unmatched=(replace(view.unmatched[0], notes=(seen_to,)), *view.unmatched[1:]),
        skipped=(replace(view.skipped[0], notes=(seen_to,)), *view.skipped[1:]),
    )


def stand_on(stage: Stage, page: int, row_id: str) -> None:
    stage.window.tabs.setCurrentIndex(page)
    QApplication.processEvents()
    table = stage.window.tabs.table()
    assert isinstance(table, DeskTable)
    table.go_to(next(at for at in range(table.rows.rowCount()) if table.rows.name_at(at) == row_id))
    QApplication.processEvents()


def note_sheet(stage: Stage) -> NoteSheet:
    """Press Ctrl+M and return the sheet that is open."""
    QTest.keyClick(stage.window, Qt.Key.Key_M, CTRL)
    sheet = stage.sheet()
    assert isinstance(sheet, NoteSheet)
    return sheet


def rows_of(view: DeskView) -> dict[int, str]:
    return {
        REVIEW: view.review[0].row_id,
        MATCHED: view.matched[0].row_id,
        UNMATCHED: view.unmatched[0].row_id,
        SKIPPED: view.skipped[0].row_id,
    }


@pytest.mark.parametrize("page", [REVIEW, MATCHED, UNMATCHED, SKIPPED])
def test_ctrl_m_writes_a_note_on_the_row_of_any_list(stage: Stage, page: int) -> None:
    row = rows_of(stage.fake.desk_view)[page]
    if page == REVIEW:
        stage.window.review.view_box.setCurrentText("All")
    stand_on(stage, page, row)
    sheet = note_sheet(stage)
    assert sheet.words.hasFocus()
    assert not sheet.keep_button.isEnabled()
    assert "Nothing is written to Xero or Case Manager" in sheet.accessibleDescription()
    QTest.keyClicks(sheet.words, "Asked Jo")
    QTest.keyClick(sheet.words, Qt.Key.Key_Return, CTRL)
    stage.settle()
    assert stage.fake.calls == [("note", row, "Asked Jo", "", None, (), "J. Wu")]
    assert not stage.has_sheet()


@pytest.mark.parametrize("page", [SOR, HISTORY, HEALTH])
def test_where_no_row_has_a_payment_the_key_says_which_have(stage: Stage, page: int) -> None:
    stage.window.tabs.setCurrentIndex(page)
    QTest.keyClick(stage.window, Qt.Key.Key_M, CTRL)
    QApplication.processEvents()
    assert not stage.has_sheet()
    assert "Choose a row of Review, Matched, Unmatched or Skipped first." in stage.window.strip.busy.text()


@pytest.mark.parametrize("page", [UNMATCHED, SKIPPED])
def test_somebody_sees_to_a_row_of_skipped_and_unmatched_and_a_day_is_set(stage: Stage, page: int) -> None:
    row = rows_of(stage.fake.desk_view)[page]
    stand_on(stage, page, row)
    sheet = note_sheet(stage)
    assert sheet.owner.isVisible()
    assert [sheet.owner.itemText(at) for at in range(sheet.owner.count())] == [
        "",
        *people_of(stage.fake.desk_view, "J. Wu"),
    ]
    assert not sheet.day.isEnabled()
    sheet.owner.setEditText("Kim")
    assert sheet.keep_button.isEnabled()
    sheet.is_dated.setChecked(True)
    assert sheet.day.date() == QDate(NEXT_WEEK.year, NEXT_WEEK.month, NEXT_WEEK.day)
    sheet.keep_button.click()
    stage.settle()
    assert stage.fake.calls == [("note", row, "", "Kim", NEXT_WEEK, (), "J. Wu")]


def test_of_a_row_of_review_the_hold_says_when_it_comes_back(stage: Stage) -> None:
    stage.window.review.view_box.setCurrentText("All")
    stand_on(stage, REVIEW, stage.fake.desk_view.review[0].row_id)
    sheet = note_sheet(stage)
    assert not sheet.owner.isVisible()
    assert "put it on hold (Ctrl+H)" in sheet.accessibleDescription()


def test_a_note_is_changed_over_what_was_seen_and_keeps_what_is_not_shown(make_stage: MakeStage) -> None:
    """From Review only the words are changed: who sees to the unmatched payment stays as it was said there."""
    view = noted_view()
    seen_to = view.skipped[0].notes
    view = replace(view, review=(replace(view.review[0], notes=seen_to), *view.review[1:]))
    stage = make_stage(view)
    stage.window.review.view_box.setCurrentText("All")
    stand_on(stage, REVIEW, view.review[0].row_id)
    sheet = note_sheet(stage)
    assert sheet.words.toPlainText() == NOTE.text
    sheet.words.setPlainText("They answered")
    sheet.keep_button.click()
    stage.settle()
    assert stage.fake.calls == [("note", view.review[0].row_id, "They answered", "Kim", NEXT_WEEK, seen_to, "J. Wu")]


def test_a_note_is_taken_off_and_an_empty_one_says_so(make_stage: MakeStage) -> None:
    view = noted_view()
    stage = make_stage(view)
    stand_on(stage, SKIPPED, view.skipped[0].row_id)
    sheet = note_sheet(stage)
    sheet.words.setPlainText("")
    sheet.owner.setEditText("")
    sheet.is_dated.setChecked(False)
    assert "Take it off instead." in sheet.keep_button.toolTip()
    stage.press("Take it off")
    stage.settle()
    assert stage.fake.calls == [("note", view.skipped[0].row_id, "", "", None, view.skipped[0].notes, "J. Wu")]


def test_what_is_too_long_is_not_kept(stage: Stage) -> None:
    stand_on(stage, SKIPPED, stage.fake.desk_view.skipped[0].row_id)
    sheet = note_sheet(stage)
    sheet.words.setPlainText("x" * (LONGEST + 1))
    assert not sheet.keep_button.isEnabled()
    assert "2,001 letters, and 2,000 are the most" in sheet.keep_button.toolTip()


def test_every_key_of_the_sheet_means_one_thing(make_stage: MakeStage) -> None:
    view = noted_view()
    stage = make_stage(view)
    stand_on(stage, SKIPPED, view.skipped[0].row_id)
    double = {key: sorted(what) for key, what in keys_of(note_sheet(stage)).items() if len(what) > 1}
    assert double == {}


@pytest.mark.parametrize("page", [REVIEW, MATCHED, UNMATCHED, SKIPPED])
def test_the_pane_shows_what_was_noted_with_who_and_when_and_copies_it(make_stage: MakeStage, page: int) -> None:
    view = noted_view()
    stage = make_stage(view)
    stage.window.review.view_box.setCurrentText("All")
    stand_on(stage, page, rows_of(view)[page])
    noted = stage.window.evidence.body.noted
    assert noted.isVisible()
    assert noted.text().startswith("Note by Ann, ")
    assert "Asked WorkSafe" in noted.text()
    assert ("Kim sees to it. Follow up on" in noted.text()) == (page in {UNMATCHED, SKIPPED})
    stage.window.evidence.copy()
    assert noted.text() in QGuiApplication.clipboard().text()
    table = stage.window.tabs.table()
    assert isinstance(table, DeskTable)
    table.go_to(next(at for at in range(table.rows.rowCount()) if table.rows.name_at(at) != rows_of(view)[page]))
    QApplication.processEvents()
    assert not noted.isVisible()


@pytest.mark.parametrize(("page", "rows"), [(REVIEW, 1), (MATCHED, 1), (UNMATCHED, 1), (SKIPPED, 1)])
def test_a_note_is_searched_and_stands_in_a_column(make_stage: MakeStage, page: int, rows: int) -> None:
    view = noted_view()
    stage = make_stage(view)
    stage.window.review.view_box.setCurrentText("All")
    stage.window.tabs.setCurrentIndex(page)
    table = stage.window.tabs.table()
    assert isinstance(table, DeskTable)
    table.rows.set_search("no answer yet")
    assert table.rows.rows_shown == rows
    column = next(column for column in table.rows.columns if column.key == "note")
    shown = table.rows.shown_rows()[0]
    assert column.text(shown) == "Asked WorkSafe / no answer yet"
    assert column.tooltip is not None
    assert column.tooltip(shown).startswith("Note by Ann")


def test_a_row_that_bears_a_note_is_marked_where_the_column_has_no_room() -> None:
    view = noted_view()
    chips = {column.key: column for column in review_columns(lambda: NOW)}["change"]
    assert chips.badges_below is not None
    assert [NOTED in chips.badges_below(row) for row in view.review[:2]] == [True, False]
    assert chips.tooltip is not None
    assert "Note by Ann" in chips.tooltip(view.review[0])
    reason = {column.key: column for column in skipped_columns()}["reason"]
    assert reason.badges is not None
    assert [NOTED in reason.badges(row) for row in view.skipped[:2]] == [True, False]


def test_the_sentence_of_a_row_says_its_note(make_stage: MakeStage) -> None:
    view = noted_view()
    stage = make_stage(view)
    stage.window.review.view_box.setCurrentText("All")
    for page, row in rows_of(view).items():
        stand_on(stage, page, row)
        table = stage.window.tabs.table()
        assert isinstance(table, DeskTable)
        said = str(table.rows.data(table.currentIndex().siblingAtColumn(0), Qt.ItemDataRole.AccessibleTextRole))
        assert "Note by Ann" in said, PAGES[page]


def due(stage: Stage) -> dict[str, BellItem]:
    content = stage.window.desk.content
    assert content is not None
    return {item.about: item for item in items_of(content) if item.about in {SKIPPED_DUE, UNMATCHED_DUE}}


def test_before_its_day_nothing_rings(make_stage: MakeStage) -> None:
    assert due(make_stage(noted_view(on=TODAY + timedelta(days=1)))) == {}
    assert due(make_stage(noted_view(on=None))) == {}


def test_on_its_day_a_row_counts_in_the_bell_and_show_opens_it(make_stage: MakeStage) -> None:
    view = noted_view(on=TODAY)
    late = replace(view.skipped[0].notes[0], owner="", follow_up=TODAY - timedelta(days=2))
    view = replace(view, skipped=(*view.skipped[:2], replace(view.skipped[2], notes=(late,)), *view.skipped[3:]))
    stage = make_stage(view)
    content = stage.window.desk.content
    assert content is not None
    assert len(stage.window.bell.items) == len(items_of(replace(content, view=firm_view()))) + 2
    found = due(stage)
    skipped, unmatched = found[SKIPPED_DUE], found[UNMATCHED_DUE]
    assert skipped.title == "2 rows to follow up today"
    first, second = view.skipped[2].placement.invoice_number, view.skipped[0].placement.invoice_number
    assert skipped.text.startswith(f"Skipped: {first}, {second} (Kim). The oldest was due on ")
    assert unmatched.title == "1 row to follow up today"
    assert unmatched.text == f"Unmatched: {view.unmatched[0].placement.invoice_number} (Kim)."
    for item, page, rows in ((skipped, SKIPPED, 2), (unmatched, UNMATCHED, 1)):
        stage.window.bell.show_rows(item)
        QApplication.processEvents()
        assert stage.window.tabs.currentIndex() == page
        table = stage.window.tabs.table()
        assert isinstance(table, DeskTable)
        assert table.rows.rows_shown == rows
        assert {row.row_id for row in table.rows.shown_rows()} == item.rows


def test_many_rows_are_counted_and_the_first_few_named(make_stage: MakeStage) -> None:
    view = firm_view()
    seen_to = replace(NOTE, follow_up=TODAY)
    view = replace(view, unmatched=tuple(replace(row, notes=(seen_to,)) for row in view.unmatched))
    item = due(make_stage(view))[UNMATCHED_DUE]
    assert item.title == f"{len(view.unmatched)} rows to follow up today"
    assert item.text.endswith(f" and {len(view.unmatched) - 4} more.")


def test_history_tells_what_a_note_said_before_and_says_now() -> None:
    columns = {column.key: column for column in history_columns(lambda _: False)}

    def cells(what: AuditWhat, reason: str, was: str, by: str = "Ann") -> list[str]:
        event = AuditEvent(at=NOW, by=by, what=what, reason=reason, evidence={"before": was} if was else {})
        entry = AuditEntry(sequence=1, event=event, previous_hash="", entry_hash="")
        return [columns[key].text(entry) for key in ("before", "after", "reason")]

    assert cells(AuditWhat.NOTED, "Asked Jo.", "") == ["", "Asked Jo.", ""]
    assert cells(AuditWhat.NOTE_CHANGED, "Jo knows.", "Asked Jo.") == ["Asked Jo.", "Jo knows.", ""]
    assert cells(AuditWhat.NOTE_REMOVED, "Jo knows.", "Jo knows.") == ["Jo knows.", "taken off", ""]
    gone = cells(AuditWhat.NOTE_REMOVED, "It is gone.", "Jo knows.", "program")
    assert gone == ["Jo knows.", "taken off", "It is gone."]
    left = cells(AuditWhat.FOLLOW_UP_ENDED, "The row left.", "Kim sees to it.", "program")
    assert left == ["Kim sees to it.", "nobody sees to it any more", "The row left."]


def test_two_notes_stand_in_one_cell() -> None:
    assert noted_in_cell((NOTE, replace(NOTE, text="One more"))) == "Asked WorkSafe / no answer yet / One more"


def test_a_button_of_the_pane_opens_the_sheet_too(stage: Stage) -> None:
    stand_on(stage, SKIPPED, stage.fake.desk_view.skipped[0].row_id)
    button = next(b for b in stage.window.evidence.findChildren(QPushButton) if b.text().replace("&", "") == "Note…")
    button.click()
    assert isinstance(stage.sheet(), NoteSheet)
