"""The clean-up in the window: groups with their danger, one yes for what was shown, the report, and the way back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QRadioButton

from cmxero_desktop.domain.cleanup import Cleanup, CleanupGroup, Group, Leftover, SaidOf
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.reports import CleanupReport, RowOutcome
from cmxero_desktop.services.verbs.commands.cleaning_up import ReadCleanup
from cmxero_desktop.ui.payments.unmatched_page import UnmatchedPage
from cmxero_desktop.ui.sheets.cleanup_sheet import CleanupReportSheet, CleanupSheet
from tests.domain.support import POLICY, TODAY, aud, case, nov, snapshot, xero
from tests.ui.conftest import Stage
from tests.ui.keys import plain
from tests.ui.views import NOW, results_of, stored_of, view_of

MakeStage = Callable[..., Stage]
JUNE = date(2026, 6, 3)


def accept() -> Leftover:
    (proposal,) = (
        judge([snapshot([xero("P1")], [case(1, "400", nov(2))])], POLICY, TODAY).correlations["CM-100"].proposals
    )
    return Leftover(number="CM-100", own_number="100", payer="Acme", paid_on=nov(1), amount=aud("400"), accept=proposal)


def leftover(key: int, amount: str, number: str = "CM-900") -> Leftover:
    return Leftover(
        number=number, own_number="900", payer="Acme", paid_on=JUNE, amount=aud(amount), copy=case(key, amount, JUNE)
    )


FOUND = Cleanup(
    (
        CleanupGroup(Group.SAME_MONEY, (accept(),)),
        CleanupGroup(Group.NOT_IN_XERO, (leftover(7, "20.50"), leftover(8, "9.50"))),
    ),
    (leftover(9, "3", "CM-901"),),
)


@pytest.fixture
def sheet(stage: Stage) -> CleanupSheet:
    stage.fake.cleanup = FOUND
    stage.window.wishes.clean_up()
    opened = stage.sheet()
    assert isinstance(opened, CleanupSheet)
    assert opened.sentence.text() == "Looking for old leftovers…"
    stage.settle()
    return opened


def numbers(sheet: CleanupSheet) -> list[str]:
    return [f"{one.number} {one.amount}" for one in sheet.model.shown_rows()]


def test_each_group_says_how_many_how_much_and_how_old(sheet: CleanupSheet) -> None:
    assert sheet.sentence.text() == "3 old leftovers in 2 groups; 1 other payment to be looked at one by one."
    assert [plain(box.text()) for box in sheet.boxes.values()] == [
        "The same money, entered otherwise: 1 payment, 400.00, on 1 Nov 2026",
        "On invoices that Xero does not have: 2 payments, 30.00, on 3 Jun 2026",
    ]
    assert "goes on flagging" in sheet.boxes[Group.NOT_IN_XERO].accessibleDescription()


def test_every_payment_can_be_looked_at_first(sheet: CleanupSheet) -> None:
    assert numbers(sheet) == ["CM-100 400.00"]
    cells = [column.text(sheet.model.shown_rows()[0]) for column in sheet.model.columns]
    assert cells[-1] == "400.00 of 2 Nov 2026 is Xero's 400.00 of 1 Nov 2026"
    sheet.list_box.setCurrentIndex(1)
    assert numbers(sheet) == ["CM-900 20.50", "CM-900 9.50"]
    said = sheet.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "CM-900, Acme, 20.50 on 3 Jun 2026, payment no. 7 in Case Manager"
    sheet.list_box.setCurrentIndex(2)
    assert numbers(sheet) == ["CM-901 3.00"]


def test_one_yes_says_what_was_shown_of_what_is_ticked(stage: Stage, sheet: CleanupSheet) -> None:
    assert not sheet.yes.isEnabled()
    assert sheet.reason.lacking.text() == "Give a reason first: say in a few words why."
    assert "Nothing is deleted and nothing is written" in sheet.accessibleDescription()
    stage.type_reason("from before")
    assert sheet.reason.lacking.text() == ""
    assert (plain(sheet.yes.text()), sheet.yes.isEnabled()) == ("Clean up 3 leftovers", True)
    sheet.boxes[Group.SAME_MONEY].setChecked(False)
    assert plain(sheet.yes.text()) == "Clean up 2 leftovers"
    stage.press("Clean up")
    stage.settle()
    shown = frozenset({"c-7 20.50 2026-06-03", "c-8 9.50 2026-06-03"})
    assert stage.fake.calls == [("clean_up", frozenset({Group.NOT_IN_XERO}), shown, "J. Wu", "from before")]
    report = stage.sheet()
    assert isinstance(report, CleanupReportSheet)
    assert report.windowTitle() == "Cleaned up 2 leftovers"
    assert "CM-900       3 Jun 2026            20.50  Acme" in report.text.toPlainText()


def test_without_a_tick_there_is_nothing_to_say(stage: Stage, sheet: CleanupSheet) -> None:
    stage.type_reason("from before")
    for box in sheet.boxes.values():
        box.setChecked(False)
    assert (sheet.yes.isEnabled(), sheet.yes.toolTip()) == (False, "Tick a group first.")
    assert sheet.reason.lacking.text() == "Tick a group first."


def test_the_report_is_saved_and_the_act_taken_back(stage: Stage, sheet: CleanupSheet, tmp_path: Path) -> None:
    stage.fake.left_out = (RowOutcome("c-7", "It changed."),)
    stage.type_reason("from before")
    stage.press("Clean up")
    stage.settle()
    report = stage.sheet()
    stage.press("Save the report")
    dialog = report.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "report.txt"))
    dialog.reject()
    stage.settle()
    assert ("write_report", "act-1", tmp_path / "report.txt") in stage.fake.calls
    stage.press("Take it back")
    stage.type_reason("too early")
    stage.press("Take back")
    stage.settle()
    assert ("take_back_cleanup", "act-1", "J. Wu", "too early") in stage.fake.calls
    assert sheet is not report


def test_what_was_left_out_is_said_first_and_nothing_is_taken_back_of_nothing(stage: Stage) -> None:
    left = (RowOutcome("c-7", "It changed."),)
    report = CleanupReport(act="", at=NOW, by="Ann", reason="seen", left_out=left)
    sheet = CleanupReportSheet(report, stage.window)
    assert sheet.windowTitle() == "Nothing was cleaned up"
    assert sheet.accessibleDescription() == "1 payment changed since they were shown and stayed out."
    assert "Take it back…" not in {plain(button.text()) for button in sheet.findChildren(QPushButton)}
    sheet.deleteLater()


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Cleanup(), "No group to explain at once; 0 payments to be looked at one by one."),
        (
            Cleanup((), (leftover(9, "3"),)),
            "No group to explain at once; 1 payment to be looked at one by one.",
        ),
    ],
)
def test_where_nothing_can_be_said_together_there_is_no_yes(stage: Stage, found: Cleanup, words: str) -> None:
    stage.fake.cleanup = found
    stage.window.wishes.clean_up()
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, CleanupSheet)
    assert sheet.sentence.text() == words
    assert sheet.yes.isHidden()
    assert sheet.model.total_rows == len(found.one_by_one)


def test_what_could_not_be_found_is_said(stage: Stage) -> None:
    def fail(_: ReadCleanup) -> Cleanup:
        raise DeskError("Case Manager cannot be reached.")

    stage.fake.answer(ReadCleanup.handled_by(fail))
    stage.window.wishes.clean_up()
    sheet = next(s for s in stage.window.findChildren(CleanupSheet))
    stage.settle()
    assert sheet.sentence.text() == "The old leftovers could not be looked for."


def test_an_answer_that_comes_after_the_sheet_is_closed_is_let_go(stage: Stage) -> None:
    stage.window.wishes.clean_up()
    stage.sheet().close()
    stage.settle()
    assert not stage.has_sheet()


def test_trouble_later_leaves_what_was_found(stage: Stage, sheet: CleanupSheet) -> None:
    sheet.show_trouble(None)
    assert sheet.sentence.text().startswith("3 old leftovers")
    assert stage.has_sheet()


def test_review_offers_it_where_there_is_something_to_clean_up(make_stage: MakeStage) -> None:
    results = results_of([snapshot([xero("P1")], [case(1, "400", nov(2))])])
    view = view_of(results, stored_of(results))
    stage = make_stage(replace(view, old_leftovers=1))
    button = stage.window.review.cleanup_button
    assert (button.isHidden(), button.text()) == (False, "Clean &up 1 old leftover…")
    button.click()
    assert isinstance(stage.sheet(), CleanupSheet)
    assert make_stage(view).window.review.cleanup_button.isHidden()


def test_what_is_set_aside_is_listed_where_somebody_wants_to_see_it(make_stage: MakeStage) -> None:
    old, new = case(7, "20", JUNE), case(8, "30", nov(9))
    said = Explanation(
        case_id=old.payment_id, what=Explained.SET_ASIDE, amount=old.amount, paid_on=JUNE, by="Ann", reason="old"
    )
    results = results_of([snapshot([], [old, new], explained=[said])])
    page = make_stage(view_of(results, stored_of(results))).window.findChild(UnmatchedPage)
    assert page is not None
    assert [str(row.amount) for row in page.model.shown_rows()] == ["30.00"]
    assert page.total_label.text().endswith("1 set aside")
    page.aside_box.setChecked(True)
    assert [str(row.amount) for row in page.model.shown_rows()] == ["20.00", "30.00"]
    assert page.total_label.text() == "Only in Case Manager: 2 payments, 50.00"


def test_the_last_clean_up_is_taken_back_at_any_time(make_stage: MakeStage) -> None:
    act = AuditEvent(at=NOW, by="Ann", what=AuditWhat.CLEANED_UP, batch_id="act-7")
    entry = AuditEntry(sequence=1, event=act, previous_hash="", entry_hash="")
    stage = make_stage(view_of((), (), history=(entry,)))
    stage.window.wishes.clean_up()
    stage.settle()
    stage.press("Take back that of")
    stage.type_reason("too early")
    stage.press("Take back")
    stage.settle()
    assert ("take_back_cleanup", "act-7", "J. Wu", "too early") in stage.fake.calls


def test_each_is_explained_by_itself_from_the_list_until_nothing_is_left(stage: Stage, sheet: CleanupSheet) -> None:
    sheet.list_box.setCurrentText("To be looked at one by one")
    QApplication.processEvents()
    sheet.boxes[Group.NOT_IN_XERO].setChecked(False)
    QTest.keyClick(sheet, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    asked = stage.sheet()
    offered = [plain(choice.text()) for choice in asked.findChildren(QRadioButton)]
    assert [words.partition(",")[0] for words in offered] == [
        "other money",
        "wrong",
        "from before: it stays as it stands",
    ], "nobody can call it a credit of an invoice that Xero does not have"
    asked.findChildren(QRadioButton)[0].setChecked(True)
    stage.type_reason("paid at the counter")
    stage.fake.cleanup = replace(FOUND, one_by_one=())
    stage.press("Keep it")
    stage.settle()
    explained = ("explain", leftover(9, "3").copy.payment_id, Explained.OTHER, (), "J. Wu", "paid at the counter")  # type: ignore[union-attr]  # it has one
    assert explained in stage.fake.calls
    assert sheet.isVisible()
    assert [box.isChecked() for box in sheet.boxes.values()] == [True, False], "a tick that was taken away stays so"
    assert sheet.list_box.findText("To be looked at one by one") == -1


def test_at_its_end_the_page_says_that_nothing_is_left_and_saves_who_said_what(stage: Stage, tmp_path: Path) -> None:
    said = SaidOf(leftover=leftover(9, "3"), what=Explained.OTHER, by="Ann", reason="paid at the counter")
    stage.fake.cleanup = Cleanup(said=(said,))
    stage.window.wishes.clean_up()
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, CleanupSheet)
    assert sheet.sentence.text() == "✓  Nothing old is left unexplained. 1 payment explained."
    stage.press("Save the report")
    dialog = sheet.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "all.txt"))
    dialog.reject()
    stage.settle()
    assert ("write_cleanup_state", tmp_path / "all.txt") in stage.fake.calls


def test_what_agrees_on_both_sides_is_not_explained_by_itself(stage: Stage, sheet: CleanupSheet) -> None:
    assert numbers(sheet) == ["CM-100 400.00"]
    assert not sheet.say_button.isEnabled()
    assert "accept it with its group" in sheet.say_button.toolTip()
    sheet._say()
    assert stage.sheet() is sheet


def test_a_leftover_on_an_invoice_of_xeros_may_be_one_of_its_payments(make_stage: MakeStage) -> None:
    copy = case(7, "390", JUNE)
    results = results_of([snapshot([xero("P1", "400", nov(2))], [copy])])
    stage = make_stage(view_of(results, stored_of(results)))
    one = Leftover(number="CM-100", own_number="100", payer="Acme", paid_on=JUNE, amount=aud("390"), copy=copy)
    stage.fake.cleanup = Cleanup((), (one,))
    stage.window.wishes.clean_up()
    stage.settle()
    stage.press("Say what it is")
    assert "Xero's 400.00 of 2 Nov 2026, entered otherwise" in {
        plain(choice.text()) for choice in stage.sheet().findChildren(QRadioButton)
    }
