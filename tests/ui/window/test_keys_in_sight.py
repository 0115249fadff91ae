"""A key never acts on a row that one does not see: every key is pressed on every page, whatever waits on another."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu

from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.viewing.desk_view import PaymentRow, ReviewRow
from cmxero_desktop.ui.sheets.palette_sheet import Listed, PaletteSheet
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.pages import PAGES
from cmxero_desktop.ui.window.possible import GO_TO_REVIEW
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import keys_of
from tests.ui.sor_boards import sor_board
from tests.ui.views import firm_view, many_view

# What the keys do is looked at by the tests of each; this one takes minutes of the machine.
pytestmark = pytest.mark.untraced
# What names the rows that it is about, as a tuple of their ids or as one of them.
OF_ROWS = frozenset(
    {"approve", "reject", "hold", "reopen", "apply", "undo", "choose_link", "already_there", "corrected", "unpair"}
)
OF_NONE = frozenset(
    {"ask_history", "poll", "renew_sign_in", "show", "verify", "doctor", "bundle", "ask_for_updates_if_due", "happened"}
)
# Where each row carries a proposal of Review, and where each is of one that was decided.
EACH_KEY_ON = frozenset({"Unmatched", "History"})
TICKED = ("CM-10234", "CM-10236", "CM-10166")


@pytest.fixture(autouse=True)
def no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose no file where one is asked for: those dialogues of the system wait for a person."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_args, **_named: ("", ""))


def deciding_keys(stage: Stage) -> set[str]:
    """Return the keys of the menus whose entries decide, write or take back."""
    menus = (bar.menu() for bar in stage.window.menuBar().actions() if bar.text() in {"&Decide", "&Edit"})
    actions = (action for menu in menus if isinstance(menu, QMenu) for action in menu.actions())
    return {key for action in actions if (key := action.shortcut().toString())}


def full(make_stage: MakeStage) -> Stage:
    stage = make_stage(replace(firm_view(), sor=sor_board()))
    stage.window.resize(1440, 1000)
    return stage


def stand(stage: Stage, page: int) -> None:
    """Stand on a page with rows ticked on Review, and with a row of its own where it has rows."""
    window = stage.window
    for dialogue in window.findChildren(QDialog):
        dialogue.reject()
        dialogue.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()
    QApplication.processEvents()
    window.header.clear_filters()
    window.tabs.setCurrentWidget(window.review)
    window.review.view_box.setCurrentIndex(0)
    window.review.clear_filters()
    window.review.table.group_by("")
    rows = window.review.model.shown_rows()
    stage.tick(*TICKED)
    adding = next((at for at, row in enumerate(rows) if row.stored.proposal.invoice_number in TICKED), 0)
    window.review.table.go_to(adding)
    window.tabs.setCurrentIndex(page)
    window.wishes.focus_table()
    table = window.tabs.table()
    if isinstance(table, DeskTable):
        table.go_to(0)
    if QApplication.activeWindow() is not window:
        window.activateWindow()
        QApplication.processEvents()


def in_sight(stage: Stage) -> set[str]:
    """Return the proposals whose rows the page shows, where a person can see them."""
    table = stage.window.tabs.table()
    if not isinstance(table, DeskTable):
        return set()
    place = table.viewport().rect()
    seen = [at for at in range(table.rows.rowCount()) if place.intersects(table.visualRect(table.rows.index(at, 0)))]
    return {name for at in seen for name in names_of(table.rows.row_at(at))}


def names_of(row: object) -> Iterator[str]:
    if isinstance(row, ReviewRow):
        yield row.row_id
    elif isinstance(row, PaymentRow):
        yield row.row_id
        if row.proposal is not None:
            yield row.proposal.proposal_id
    elif isinstance(row, AuditEntry):
        yield str(row.event.proposal_id)


def decided(calls: list[tuple[object, ...]]) -> set[str]:
    """Return the rows that the desk was told to do something with."""
    for call in calls:
        assert call[0] in OF_ROWS | OF_NONE, f"what is {call[0]} about?"
    about = [call[1] for call in calls if call[0] in OF_ROWS]
    return {name for one in about for name in (one if isinstance(one, tuple) else (str(one),))}


@pytest.mark.parametrize("page", range(len(PAGES)))
def test_no_key_on_any_page_decides_about_a_row_that_is_not_in_sight(make_stage: MakeStage, page: int) -> None:
    stage = full(make_stage)
    stand(stage, page)
    keys = {key for key in keys_of(stage.window) if key and key != "Ctrl+Q"}
    assert len(keys) > 50
    if PAGES[page] not in EACH_KEY_ON:
        # A key takes a fifth of a second; elsewhere those are pressed that are there to decide, write or take back.
        keys &= deciding_keys(stage)
        assert len(keys) > 10
    for key in sorted(keys):
        stand(stage, page)
        seen, before = in_sight(stage), len(stage.fake.calls)
        QTest.keySequence(QApplication.focusWidget() or stage.window, QKeySequence(key))
        stage.settle()
        assert decided(stage.fake.calls[before:]) <= seen, f"{key} on {PAGES[page]}"


@pytest.mark.parametrize("page", [at for at, name in enumerate(PAGES) if name in EACH_KEY_ON])
def test_no_entry_of_the_palette_decides_about_a_row_that_is_not_in_sight(make_stage: MakeStage, page: int) -> None:
    """Those of the menus do what their keys do; the others are buttons, views and groups."""
    stage = full(make_stage)
    menus = {action.text().replace("&", "") for action in stage.window.actions()}
    for listed in palette(stage, page):
        if listed.title in menus or listed.why_not:
            continue
        # What a button of the page or of the pane does it does for the row that is stood on now.
        stand(stage, page)
        seen, before = in_sight(stage), len(stage.fake.calls)
        listed.run()
        stage.settle()
        assert decided(stage.fake.calls[before:]) <= seen, f"{listed.title} on {PAGES[page]}"


def palette(stage: Stage, page: int) -> list[Listed]:
    stand(stage, page)
    next(action for action in stage.window.actions() if action.text() == "&Do…").trigger()
    QApplication.processEvents()
    sheet = stage.sheet()
    assert isinstance(sheet, PaletteSheet)
    return list(sheet.model.shown_rows())


@pytest.mark.parametrize("key", ["Ctrl+G", "Ctrl+Return", "Ctrl+Shift+H"])
def test_what_decides_about_review_says_on_another_page_where_to_go(make_stage: MakeStage, key: str) -> None:
    stage = full(make_stage)
    for page in range(1, len(PAGES)):
        stand(stage, page)
        before = list(stage.fake.calls)
        stage.window.strip.say("")
        QTest.keySequence(stage.window, QKeySequence(key))
        stage.settle()
        assert stage.window.strip.busy.text() == GO_TO_REVIEW
        assert stage.window.tabs.currentIndex() == page
        assert not stage.has_sheet()
        assert stage.fake.calls == before


def test_a_group_that_was_scrolled_away_comes_into_sight_before_a_key_approves_it(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(400, most=90_000))
    table, (block,) = stage.window.review.table, stage.window.review.model.blocks
    stage.window.wishes.focus_table()
    table.go_to(block.first)
    stage.fake.calls.clear()
    # Half way down neither the row that one stands on nor the head of its group is in sight.
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum() // 2)
    QApplication.processEvents()
    QTest.keySequence(table, QKeySequence("Ctrl+G"))
    stage.settle()
    assert stage.fake.calls == []
    assert "Press Ctrl+G again" in stage.window.strip.busy.text()
    assert table.viewport().rect().intersects(table.visualRect(table.currentIndex()))
    QTest.keySequence(table, QKeySequence("Ctrl+G"))
    stage.settle()
    assert [call[0] for call in stage.fake.calls] == ["approve"]


def test_where_review_shows_no_groups_their_key_says_so(stage: Stage) -> None:
    stage.window.review.view_box.setCurrentText("All")
    stage.window.review.table.go_to(0)
    before = list(stage.fake.calls)
    QTest.keySequence(stage.window, QKeySequence("Ctrl+G"))
    stage.settle()
    assert stage.window.strip.busy.text() == "Groups are approved under View, To approve."
    stage.window.review.view_box.setCurrentIndex(0)
    needing = next(
        at for at, row in enumerate(stage.window.review.model.shown_rows()) if row.stored.proposal.blocking_flags
    )
    stage.window.review.table.go_to(needing)
    QTest.keySequence(stage.window, QKeySequence("Ctrl+G"))
    stage.settle()
    assert stage.window.strip.busy.text() == "The rows of this group are decided one by one."
    assert stage.fake.calls == before
