"""The ways through the window: from a key, a warning or an offer to the page, the sheet or the rows."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from cmxero_desktop.domain.errors import OtherDatabaseError, OtherOrganisationError
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.shown_codes import shown_code
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.sheets.connection_sheet import ConnectionSheet
from cmxero_desktop.ui.sheets.questions import ask_close
from cmxero_desktop.ui.sheets.tie_out_sheet import TieOutSheet
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import plain
from tests.ui.views import NOW, aud, firm_view, many_view

CTRL = Qt.KeyboardModifier.ControlModifier


def _warned(make_stage: MakeStage, kind: AlertKind, number: str = "") -> Stage:
    alert = Alert(
        key="a-1",
        kind=kind,
        rule=Rule.R27,
        explanation="Something is odd.",
        next_step="Look at it.",
        raised_at=NOW,
        invoice_number=number,
    )
    return make_stage(replace(firm_view(), alerts=(alert,)))


def test_key_and_button_hold_the_same_row_whatever_else_is_ticked(stage: Stage) -> None:
    stage.tick("CM-10101")
    stage.go_to("CM-10234")
    button = stage.window.evidence.hold_button
    QTest.keyClick(stage.window, Qt.Key.Key_H, CTRL)
    by_key = stage.sheet().windowTitle()
    stage.press("Cancel")
    button.click()
    assert by_key == stage.sheet().windowTitle() == "Put on hold: CM-10234, Add 1,500.00"
    stage.press("Cancel")
    assert "(Ctrl+H)" in button.toolTip()
    button.click()
    stage.press("Put on hold")
    stage.settle()
    assert stage.fake.calls[-1][:2] == ("hold", stage.ids("CM-10234"))


def test_the_ticked_rows_are_held_by_a_key_of_their_own_that_names_them(stage: Stage) -> None:
    stage.tick("CM-10155", "CM-10160")
    stage.go_to("CM-10234")
    QTest.keyClick(stage.window, Qt.Key.Key_H, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert stage.sheet().windowTitle() == "Put on hold: 2 rows (ticked)"
    said = stage.sheet().accessibleDescription()
    assert "CM-10155" in said
    assert "CM-10160" in said
    stage.press("Put on hold")
    stage.settle()
    assert set(stage.ids("CM-10155", "CM-10160")) == set(stage.fake.calls[-1][1])  # type: ignore[call-overload]  # the ids


def test_of_many_ticked_rows_the_sheet_names_the_first_few(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(9))
    stage.window.review.model.set_all_ticked(is_ticked=True)
    stage.window.wishes.hold_ticked()
    said = stage.sheet().accessibleDescription()
    assert said.count("Add ") == 6
    assert "and 3 more rows" in said


def test_the_pane_says_which_keys_act_on_other_rows(stage: Stage) -> None:
    pane = stage.window.evidence
    stage.go_to("CM-10234")
    stage.tick("CM-10234")
    assert not pane.ticked.isVisible()
    stage.tick("CM-10101")
    assert pane.ticked.isVisible()
    assert pane.ticked.text().startswith("1 other row is ticked: Ctrl+Enter and Ctrl+Shift+H act on it")
    assert pane.ticked.y() < pane._buttons.y()
    stage.go_to("CM-10155")
    assert pane.ticked.text().startswith("2 other rows are ticked")
    stage.window.tabs.setCurrentIndex(1)
    assert not pane.ticked.isVisible()
    stage.window.review.model.set_all_ticked(is_ticked=False)
    stage.window.tabs.setCurrentIndex(0)
    assert not pane.ticked.isVisible()


def test_with_nothing_ticked_the_key_for_ticked_rows_says_so(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_H, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert stage.window.strip.busy.text() == "No row is ticked. Space ticks the row that you stand on."
    stage.window.wishes.hold_ticked()
    assert not stage.has_sheet()


def test_what_was_done_is_said_in_words_and_goes_with_the_next_act(stage: Stage) -> None:
    said = stage.window.strip.busy
    QTest.keyClick(stage.window, Qt.Key.Key_Return, CTRL)
    assert said.text() == "No row is ticked. Space ticks the row that you stand on."
    stage.go_to("CM-10160")
    stage.window.wishes.reject_shown()
    stage.type_reason("entered twice")
    stage.press("Reject")
    assert said.text() == ""
    stage.settle()
    assert said.text() == "CM-10160 rejected."
    stage.tick("CM-10155", "CM-10101")
    stage.window.wishes.hold_ticked()
    stage.press("Put on hold")
    stage.settle()
    assert said.text() == "2 rows put on hold."
    assert "View, On hold, Put back" in stage.window.strip.back_button.toolTip()
    stage.window.review.view_box.setCurrentText("Rejected")
    stage.go_to("CM-10160")
    stage.window.wishes.put_back_chosen()
    stage.settle()
    assert said.text() == "CM-10160 put back to Review."


def test_closing_and_observing_say_what_is_approved_and_not_written(stage: Stage) -> None:
    stage.window.close()
    assert "2 approved changes are not written" in stage.sheet().accessibleDescription()
    stage.press("Cancel")
    stage.window.wishes.change_mode()
    sheet = stage.sheet()
    assert "2 approved changes not written yet" in sheet.accessibleDescription()
    assert [plain(b.text()) for b in sheet.findChildren(QPushButton) if b.isDefault()] == ["Cancel"]


def test_one_approved_change_is_said_as_one(stage: Stage) -> None:
    asked = ask_close(stage.window, 1, lambda: None, lambda: None)
    assert "1 approved change is not written" in asked.accessibleDescription()


def test_nothing_is_held_from_another_page(stage: Stage) -> None:
    stage.go_to("CM-10234")
    stage.window.wishes.go_to_page(1)
    stage.window.wishes.hold_shown()
    assert not stage.has_sheet()


def test_control_l_links_only_where_a_close_payment_is_shown(stage: Stage) -> None:
    stage.go_to("CM-10234")
    stage.window.wishes.link_shown()
    assert not stage.has_sheet()
    stage.go_to("CM-10240")
    stage.window.wishes.link_shown()
    assert stage.sheet().windowTitle().startswith("The same money? CM-10240")


def test_the_next_row_is_one_further(stage: Stage) -> None:
    stage.window.wishes.go_to_page(2)
    stage.window.wishes.go_to_next(1)
    assert stage.window.tabs.currentWidget() is stage.window.review
    before = stage.window.review.table.currentIndex().row()
    stage.window.wishes.go_to_next(1)
    assert stage.window.review.table.currentIndex().row() == before + 1


def test_history_can_be_narrowed_to_what_was_applied_or_decided(stage: Stage) -> None:
    history = stage.window.history
    everything = history.model.rowCount()
    stage.window.wishes.open_undo()
    assert [entry.event.what for entry in history.model.shown_rows()] == [AuditWhat.APPLIED]
    shown = set()
    for index in range(history.kind_box.count()):
        history.kind_box.setCurrentIndex(index)
        shown.add(history.model.rowCount())
    assert everything in shown
    assert len(shown) == history.kind_box.count()


@pytest.mark.parametrize("answer", ["Quit", "Keep running", "Cancel"])
def test_closing_asks_and_does_what_was_answered(stage: Stage, answer: str) -> None:
    stage.window.close()
    assert stage.sheet().windowTitle() == "Keep running?"
    stage.press(answer)
    assert not stage.has_sheet()


def test_a_warning_leads_to_its_invoice(make_stage: MakeStage) -> None:
    stage = _warned(make_stage, AlertKind.VOIDED, "CM-10160")
    stage.window.wishes.go_to_page(2)
    stage.window.wishes.show_alert(stage.fake.desk_view.alerts[0])
    assert stage.window.tabs.currentWidget() is stage.window.review
    assert {row.stored.proposal.invoice_number for row in stage.window.review.model.shown_rows()} == {"CM-10160"}


def test_a_warning_about_no_invoice_leads_to_review(make_stage: MakeStage) -> None:
    stage = _warned(make_stage, AlertKind.REMOVAL_LIMIT)
    stage.window.wishes.go_to_page(2)
    stage.window.wishes.show_alert(stage.fake.desk_view.alerts[0])
    assert stage.window.tabs.currentWidget() is stage.window.review


def test_a_warning_about_the_sign_in_leads_to_signing_in(make_stage: MakeStage) -> None:
    stage = _warned(make_stage, AlertKind.SIGN_IN)
    stage.window.wishes.show_alert(stage.fake.desk_view.alerts[0])
    assert isinstance(stage.sheet(), ConnectionSheet)


def test_the_band_about_totals_asks_whether_it_may_stay_so(make_stage: MakeStage) -> None:
    stage = _warned(make_stage, AlertKind.TOTALS)
    (band,) = stage.window.bands.bands
    button = band.findChild(QPushButton)
    assert button is not None
    assert button.text() == "Accept…"
    button.click()
    assert stage.sheet().windowTitle() == "Accept that the totals differ?"
    stage.press("Accept")
    assert stage.has_sheet(), "without a reason the button does nothing"
    stage.type_reason("without GST")
    stage.press("Accept")
    stage.settle()
    assert stage.fake.calls[-1] == (
        "accept_totals",
        "J. Wu",
        "without GST",
        shown_code([stage.fake.desk_view.alerts[0].explanation]),
    )


def test_the_band_about_a_database_that_moved_takes_a_persons_word_and_checks(make_stage: MakeStage) -> None:
    stage = _warned(make_stage, AlertKind.DATABASE_MOVED)
    (band,) = stage.window.bands.bands
    button = band.findChild(QPushButton)
    assert button is not None
    assert button.text() == "What to do…"
    button.click()
    assert stage.sheet().windowTitle() == "Is this the right database?"
    stage.press("Adopt")
    assert stage.has_sheet(), "without a reason the button does nothing"
    stage.type_reason("a new server")
    stage.press("Adopt")
    stage.settle()
    assert ("adopt", "J. Wu", "a new server") in stage.fake.calls
    assert stage.fake.calls[-1] == ("poll", False)


def test_the_band_about_a_store_that_was_put_back_takes_a_persons_word(make_stage: MakeStage) -> None:
    stage = _warned(make_stage, AlertKind.STORE_RESTORED)
    stage.window.bands.bands[0].pressed.emit()
    assert stage.sheet().windowTitle() == "Go on with this store?"
    assert stage.fake.desk_view.alerts[0].next_step in stage.sheet().accessibleDescription()
    stage.press("Go on with it")
    assert stage.has_sheet(), "without a reason the button does nothing"
    stage.type_reason("the newer one is lost")
    stage.press("Go on with it")
    stage.settle()
    assert stage.fake.calls[-1] == ("confirm", "J. Wu", "the newer one is lost")


def test_the_band_about_another_firms_books_says_what_to_do_and_offers_nothing_else(make_stage: MakeStage) -> None:
    stage = _warned(make_stage, AlertKind.OTHER_BOOKS)
    stage.window.bands.bands[0].pressed.emit()
    assert stage.sheet().windowTitle() == "The settings lead elsewhere"
    alert = stage.fake.desk_view.alerts[0]
    assert alert.next_step in stage.sheet().accessibleDescription()
    assert [plain(b.text()) for b in stage.sheet().findChildren(QPushButton)] == ["Close"]


def test_what_a_warning_tells_already_is_not_told_a_second_time(make_stage: MakeStage) -> None:
    stage = _warned(make_stage, AlertKind.OTHER_BOOKS)
    bands = stage.window.bands
    for error in (OtherDatabaseError("Not the one.", "Look."), OtherOrganisationError("Not the one.", "Look.")):
        bands.show_trouble(Trouble.of(error))
        assert len(bands.bands) == 1, "whatever the words are"
    alert = stage.fake.desk_view.alerts[0]
    bands.show_trouble(Trouble("Not checked", alert.explanation, ""))
    assert len(bands.bands) == 2, "nor are its words what tells it"
    stage.window.bands.show_trouble(Trouble("Not checked", "No connection.", ""))
    assert len(stage.window.bands.bands) == 2


def test_a_voided_invoice_shows_what_is_proposed_there_else_the_debtors(make_stage: MakeStage) -> None:
    stage = _warned(make_stage, AlertKind.VOIDED, "CM-10236")
    stage.window.bands.bands[0].pressed.emit()
    assert [row.stored.proposal.invoice_number for row in stage.window.review.model.shown_rows()] == ["CM-10236"]
    assert not stage.has_sheet()
    stage = _warned(make_stage, AlertKind.VOIDED, "CM-1")
    stage.window.bands.bands[0].pressed.emit()
    stage.settle()
    assert isinstance(stage.sheet(), TieOutSheet)


def test_two_folds_below_unmatched_tell_what_is_no_payment(stage: Stage) -> None:
    page = stage.window.tabs.unmatched
    assert page.settled.button.text() == "Settled in Xero another way: 1 invoice, 200.00"
    assert page.money_back.button.text() == "Money went back in Xero: 2 refunds, 165.00"
    assert not page.money_back.table.isVisibleTo(page)
    page.money_back.button.click()
    assert page.money_back.table.isVisibleTo(page)
    page.settled.button.click()
    assert not page.money_back.table.isVisibleTo(page), "there is room for one of them"
    page.set_search("CM-10117")
    assert [row.invoice_number for row in page.money_back.model.shown_rows()] == ["CM-10117"]


def test_two_more_folds_tell_of_invoices_that_are_void_or_look_like_cm_invoices(make_stage: MakeStage) -> None:
    stage = make_stage(firm_view())
    page = stage.window.tabs.unmatched
    assert page.voided.button.isHidden()
    assert page.looks_like.button.isHidden()
    void = Alert(
        key="voided:1",
        kind=AlertKind.VOIDED,
        rule=Rule.R2,
        explanation="Invoice CM-7 is voided in Xero, and Case Manager still holds it, with 0.00 paid and 88.00 owed.",
        next_step="Cancel it in Case Manager too.",
        raised_at=NOW,
        invoice_number="CM-7",
        amount=aud("88.00"),
    )
    near = replace(void, key="looks-like:1", kind=AlertKind.LOOKS_LIKE_CM, invoice_number="cm 12", amount=None)
    stage.fake.desk_view = replace(firm_view(), alerts=(void, near))
    stage.window.desk.refresh()
    stage.settle()
    stage.window.wishes.go_to_page(2)
    assert page.voided.button.text() == "Voided in Xero: 1 invoice, 88.00"
    assert page.looks_like.button.text().startswith("Looks like a CM invoice: 1 invoice")
    page.voided.button.click()
    model = page.voided.model
    cells = [column.text(model.shown_rows()[0]) for column in model.columns]
    assert cells == ["CM-7", "25 Nov 2026", "88.00", void.explanation, void.next_step]
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == f"{void.explanation} {void.next_step}"
    page.looks_like.button.click()
    assert not page.voided.table.isVisibleTo(page), "there is room for one of them"
    assert page.looks_like.model.columns[2].text(near) == ""
    page.looks_like.table.sort_by(2, Qt.SortOrder.AscendingOrder)
    page.looks_like.table.sort_by(1, Qt.SortOrder.AscendingOrder)
    stage.fake.desk_view = firm_view()
    stage.window.desk.refresh()
    stage.settle()
    assert page.looks_like.button.isHidden()
    assert not page.looks_like.table.isVisibleTo(page)
