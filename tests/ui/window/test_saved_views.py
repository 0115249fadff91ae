"""Saved views: what a page shows comes back under its name, also after a restart and with columns that are gone."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from cmxero_desktop.domain.periods import Period
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from cmxero_desktop.ui.sheets.palette_sheet import PaletteSheet
from cmxero_desktop.ui.sheets.view_name_sheet import ViewNameSheet
from cmxero_desktop.ui.widgets.shown_columns import Arrangement
from cmxero_desktop.ui.window.pages import PAGES, ViewedPage
from cmxero_desktop.ui.window.saved_views import SavedView, SavedViews
from tests.ui.conftest import MakeStage, Stage

VIEWED = [number for number, name in enumerate(PAGES) if name not in {"SOR watch", "Health"}]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def page_of(stage: Stage) -> ViewedPage:
    page = stage.window.tabs.viewed_page()
    assert page is not None
    return page


def save(stage: Stage, name: str) -> None:
    stage.window.views.save()
    sheet = stage.sheet()
    assert isinstance(sheet, ViewNameSheet)
    sheet.field.setText(name)
    QApplication.processEvents()
    stage.press("Replace" if name in stage.window.views.names() else "Save")
    QApplication.processEvents()


def change_everything(stage: Stage) -> tuple[object, ...]:
    """Change whatever a view holds, and return what is seen then."""
    page = page_of(stage)
    keys = [column.key for column in page.table.rows.columns]
    hidden, wide = ("who", "what") if "who" in keys else ("bill_to", "invoice")
    page.table.arrange(
        Arrangement(
            order=tuple(reversed(keys)), widths={wide: 222}, shown={hidden: False}, sorted_by="invoice", is_down=True
        )
    )
    box = next(iter(page.boxes._boxes.values()))
    if hasattr(box, "setCurrentIndex"):
        box.setCurrentIndex(1)
    stage.window.header.search.setText("CM-1")
    stage.window.header.period.setCurrentText(Period.THIS_YEAR)
    return seen(stage)


def seen(stage: Stage) -> tuple[object, ...]:
    page, header = page_of(stage), stage.window.header
    rows = [page.table.rows.name_at(at) for at in range(page.table.rows.rowCount())]
    columns = [column.key for column in page.table.columns_in_sight()]
    return (
        page.table.arrangement(),
        columns,
        rows,
        page.boxes.chosen(),
        header.search.text(),
        header.period.currentText(),
    )


@pytest.mark.parametrize("number", VIEWED)
def test_a_view_brings_back_all_that_was_seen_also_after_a_restart(make_stage: MakeStage, number: int) -> None:
    preferences = MemoryPreferences()
    stage = make_stage(preferences=preferences)
    stage.window.tabs.setCurrentIndex(number)
    at_first = seen(stage)
    wanted = change_everything(stage)
    assert wanted != at_first
    save(stage, "Month end")
    assert stage.window.views.current() == "Month end"
    stage.window.views.use_first()
    assert seen(stage) == at_first
    assert not stage.window.views.current()
    stage.window.views.use("Month end")
    assert seen(stage) == wanted

    again = make_stage(preferences=preferences)
    again.window.tabs.setCurrentIndex(number)
    assert again.window.views.names() == ("Month end",)
    again.window.views.use("Month end")
    assert seen(again) == wanted


def test_views_of_one_page_are_no_views_of_another(stage: Stage) -> None:
    save(stage, "Mine")
    stage.window.tabs.setCurrentIndex(1)
    assert stage.window.views.names() == ()
    stage.window.tabs.setCurrentIndex(0)
    assert stage.window.views.names() == ("Mine",)


def test_a_view_that_names_a_column_which_is_gone_is_loaded_without_it(stage: Stage) -> None:
    arrangement = Arrangement(
        order=("gone", "amount", "invoice"), widths={"gone": 90, "invoice": 150}, shown={"gone": True}, sorted_by="gone"
    )
    told = SavedView(arrangement=arrangement, filters={"gone": "x", "change": "No such change"}, period="gone")
    SavedViews(stage.preferences).save("Review", "Old", told)
    everything = page_of(stage).table.rows.rowCount()
    stage.window.views.use("Old")
    table = page_of(stage).table
    assert [column.key for column in table.columns_in_sight()][:2] == ["amount", "invoice"]
    assert table.arrangement().widths == {"invoice": 150}
    assert table.rows.rowCount() == everything


@pytest.mark.parametrize(
    "told", ["{", "[1]", '{"a": 1}', '{"a": {"arrangement": "", "search": "", "period": "", "filters": 1}}']
)
def test_what_cannot_be_read_is_no_view(told: str) -> None:
    preferences = MemoryPreferences()
    preferences.set("views_review", told)
    assert SavedViews(preferences).of("Review") == {}


def test_a_view_that_cannot_be_read_costs_no_other(stage: Stage) -> None:
    views = SavedViews(stage.preferences)
    views.save("Review", "Good", SavedView(search="Acme"))
    told = json.loads(stage.preferences.get("views_review"))
    stage.preferences.set("views_review", json.dumps({"Odd": {"search": 1}, **told}))
    assert views.of("Review") == {"Good": SavedView(search="Acme")}
    views.save("Review", "New", SavedView(search="Best"))
    assert set(views.of("Review")) == {"Good", "New"}


def test_a_view_is_renamed_and_removed_by_its_menu(stage: Stage) -> None:
    change_everything(stage)
    save(stage, "Month end")
    stage.window.views.rename()
    sheet = stage.sheet()
    assert isinstance(sheet, ViewNameSheet)
    assert sheet.field.text() == "Month end"
    sheet.field.setText("  Year   end ")
    stage.press("Save")
    assert stage.window.views.names() == ("Year end",)
    assert stage.window.views.current() == "Year end"
    stage.window.views.remove()
    assert "“Year end”" in stage.sheet().accessibleDescription()
    stage.press("Remove view")
    assert stage.window.views.names() == ()
    assert stage.preferences.get("views_review") == ""


def test_saving_under_a_name_that_is_known_says_that_it_replaces(stage: Stage) -> None:
    save(stage, "Mine")
    change_everything(stage)
    stage.window.views.save()
    sheet = stage.sheet()
    assert isinstance(sheet, ViewNameSheet)
    assert not sheet.save_button.isEnabled()
    sheet.field.setText("Mine")
    QApplication.processEvents()
    assert "it is replaced" in sheet.note.text()
    assert sheet.save_button.text().replace("&", "") == "Replace"
    stage.press("Replace")
    assert stage.window.views.names() == ("Mine",)
    assert stage.window.views.current() == "Mine"


def activate(stage: Stage) -> None:
    """Keys of the menus reach a window that is active, which takes the platform a moment."""
    stage.window.activateWindow()
    QApplication.processEvents()


def open_menu(stage: Stage) -> QMenu:
    menu = stage.window.views.open()
    assert menu is not None
    return menu


def test_the_menu_marks_the_view_that_is_shown_and_says_what_can_be_done(stage: Stage) -> None:
    change_everything(stage)
    save(stage, "A & B")
    menu = open_menu(stage)
    entries = {action.text(): action for action in menu.actions()}
    assert entries["A && B"].isChecked()
    assert entries["Re&name “A && B”…"].isEnabled()
    menu.close()
    stage.window.header.search.clear()
    menu = open_menu(stage)
    entries = {action.text(): action for action in menu.actions()}
    assert not entries["A && B"].isChecked()
    assert not entries["Re&name…"].isEnabled()
    entries["A && B"].trigger()
    assert stage.window.header.search.text() == "CM-1"
    menu.close()


def test_keys_open_and_save(stage: Stage) -> None:
    activate(stage)
    QTest.keyClick(stage.window, Qt.Key.Key_S, CTRL)
    QApplication.processEvents()
    assert stage.sheet().windowTitle() == "Save view"
    stage.sheet().reject()
    QApplication.processEvents()
    activate(stage)
    QTest.keyClick(stage.window, Qt.Key.Key_V, CTRL | SHIFT)
    QApplication.processEvents()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "&As it was at first" in [action.text() for action in menu.actions()]
    menu.close()


def test_the_palette_has_every_view_of_the_page(stage: Stage) -> None:
    change_everything(stage)
    save(stage, "Month end")
    wanted = seen(stage)
    stage.window.views.use_first()
    activate(stage)
    QTest.keyClick(stage.window, Qt.Key.Key_K, CTRL)
    QApplication.processEvents()
    sheet = stage.sheet()
    assert isinstance(sheet, PaletteSheet)
    listed = {verb.title: verb for verb in sheet.model.shown_rows()}
    assert listed["Rename view…"].why_not == "Choose a saved view of this page first."
    assert {"View: Month end", "View as it was at first", "Save view as…", "Saved views"} <= set(listed)
    QTest.keyClicks(sheet.field, "month end")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert seen(stage) == wanted


def test_a_page_without_views_says_so(stage: Stage) -> None:
    views = stage.window.views
    stage.window.tabs.setCurrentIndex(PAGES.index("Health"))
    assert not views.button.isEnabled()
    for act in (views.open, views.save, views.rename, views.remove, views.use_first):
        stage.window.strip.say("")
        act()
        assert stage.window.strip.busy.text() == "This page has no views to save."
    assert not stage.has_sheet()
    assert views.names() == ()


def test_what_is_kept_is_plain_text_that_a_later_version_can_read(stage: Stage) -> None:
    change_everything(stage)
    save(stage, "Month end")
    told = json.loads(stage.preferences.get("views_review"))
    assert told["Month end"]["period"] == "This financial year"
    assert told["Month end"]["filters"] == {"view": "Approved"}
    assert json.loads(told["Month end"]["arrangement"])["sorted_by"] == "invoice"


def test_two_chosen_days_come_back(stage: Stage) -> None:
    period = stage.window.header.period
    period.take("2026-11-01 2026-11-20")
    text = period.currentText()
    assert period.as_text == "2026-11-01 2026-11-20"
    period.show_all()
    assert period.as_text == ""
    period.take("2026-11-01 2026-11-20")
    assert period.currentText() == text == "1 Nov 2026 - 20 Nov 2026"
    period.take("nonsense")
    assert period.days is None


def test_a_view_never_unticks_and_never_approves_what_it_hides(stage: Stage) -> None:
    stage.tick("CM-10234")
    SavedViews(stage.preferences).save("Review", "Links", SavedView(filters={"change": "Link"}))
    stage.window.views.use("Links")
    assert stage.window.review.ticked() == []
    assert "1 tick hidden by filters" in stage.window.review.bar.status.text()
    stage.window.views.use_first()
    assert [row.stored.proposal.invoice_number for row in stage.window.review.ticked()] == ["CM-10234"]


def test_another_name_than_any_changes_nothing(stage: Stage) -> None:
    before = seen(stage)
    stage.window.views.use("No such view")
    SavedViews(stage.preferences).rename("Review", "No such view", "Other")
    assert seen(stage) == before
    assert stage.window.views.names() == ()
    assert replace(SavedView(), search="x") != SavedView()
