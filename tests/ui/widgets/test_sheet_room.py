"""A sheet lies within its screen with all of its buttons, however much stands in it, and is scrolled only there."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop.ui.widgets.parts import PlainLabel, label
from cmxero_desktop.ui.widgets.room import large
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.shown_whole import ShownWhole
from tests.ui.cut_texts import cut_texts
from tests.ui.screens import a_screen

# 1366 x 768 at 200 %, less the panel of the system.
LOW = QSize(683, 364)
LARGE = QSize(1366, 728)
FRAME = QSize(16, 40)

OnScreen = Callable[[QSize], None]


@pytest.fixture
def on_screen(monkeypatch: pytest.MonkeyPatch) -> OnScreen:
    def use(size: QSize) -> None:
        free = QRect(QPoint(0, 0), size)
        screen = SimpleNamespace(availableSize=lambda: size, availableGeometry=lambda: free)
        monkeypatch.setattr(Sheet, "screen", lambda _: screen)

    return use


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def opened(qtbot: QtBot, lines: int, title: str = "Apply 2 changes") -> tuple[Sheet, list[PlainLabel]]:
    sheet = Sheet(title, "Each is read again first. What changed since it was approved is not written." * 2)
    qtbot.addWidget(sheet)
    sheet.setMinimumWidth(860)
    said = [label(f"Line {number} says what is done to one invoice", is_wrapped=True) for number in range(lines)]
    for one in said:
        sheet.body.addWidget(one)
    sheet.add_left_button("Save", sheet.reject)
    sheet.add_button("Cancel", sheet.reject)
    sheet.add_button("Apply", sheet.accept, "primary")
    sheet.show()
    settle()
    return sheet, said


def assert_buttons_are_seen(sheet: Sheet) -> None:
    for at in range(sheet.foot.count()):
        item = sheet.foot.itemAt(at)
        button = item.widget() if item is not None else None
        if button is not None and not button.isHidden():
            assert sheet.rect().contains(QRect(button.mapTo(sheet, QPoint(0, 0)), button.size()))


def area_of(sheet: Sheet) -> ShownWhole:
    (area,) = sheet.findChildren(ShownWhole)
    return area


def test_what_has_no_room_is_scrolled_between_the_title_and_the_buttons(qtbot: QtBot, on_screen: OnScreen) -> None:
    on_screen(LOW)
    sheet, said = opened(qtbot, 40)
    assert sheet.size() == LOW - FRAME
    assert_buttons_are_seen(sheet)
    assert cut_texts(sheet) == []
    area = area_of(sheet)
    assert not area.horizontalScrollBar().isVisible()
    area.ensureWidgetVisible(said[-1])
    seen = said[-1].mapTo(area.viewport(), QPoint(0, 0)).y()
    assert 0 <= seen <= area.viewport().height() - said[-1].height()


def test_where_there_is_room_nothing_is_scrolled(qtbot: QtBot, on_screen: OnScreen) -> None:
    on_screen(LARGE)
    sheet, _ = opened(qtbot, 20)
    assert not area_of(sheet).verticalScrollBar().isVisible()
    assert_buttons_are_seen(sheet)
    assert cut_texts(sheet) == []


def test_a_title_that_is_longer_than_the_screen_is_broken(qtbot: QtBot, on_screen: OnScreen) -> None:
    on_screen(LOW)
    sheet, _ = opened(qtbot, 30, "Undo: CM-10050, Add 90.00, written 24 November 2026 at 09:45 by somebody at the desk")
    assert sheet.size() == LOW - FRAME
    assert_buttons_are_seen(sheet)
    assert cut_texts(sheet) == []


def test_what_is_scrolled_by_itself_is_not_scrolled_with_the_rest(qtbot: QtBot, on_screen: OnScreen) -> None:
    on_screen(LOW)
    sheet = Sheet("Report", "All of it.")
    qtbot.addWidget(sheet)
    report = QPlainTextEdit("\n".join(f"line {number}" for number in range(200)))
    sheet.body.addWidget(report, 1)
    sheet.add_button("Close", sheet.accept)
    sheet.resize(900, 700)
    sheet.show()
    settle()
    assert not area_of(sheet).verticalScrollBar().isVisible()
    assert report.verticalScrollBar().isVisible()
    assert_buttons_are_seen(sheet)


def test_what_comes_later_makes_the_sheet_no_larger_than_the_screen(qtbot: QtBot, on_screen: OnScreen) -> None:
    on_screen(LOW)
    sheet, _ = opened(qtbot, 3)
    sheet.move(0, LOW.height() - sheet.frameGeometry().height())
    for number in range(12):
        sheet.body.addWidget(label(f"Found {number}"))
    settle()
    assert sheet.height() <= LOW.height() - FRAME.height()
    assert sheet.frameGeometry().bottom() <= LOW.height()
    assert_buttons_are_seen(sheet)
    assert cut_texts(sheet) == []


@pytest.mark.parametrize(
    ("screen", "opens"),
    [((1366, 728), (1280, 688)), ((1920, 1040), (1428, 750)), ((960, 520), (944, 480)), ((3840, 2120), (2868, 1560))],
)
def test_a_sheet_of_many_rows_is_larger_where_the_screen_is_and_never_larger_than_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, screen: tuple[int, int], opens: tuple[int, int]
) -> None:
    shown = a_screen(*screen)
    monkeypatch.setattr(QWidget, "screen", lambda _: shown)
    window = QWidget()
    qtbot.addWidget(window)
    assert large(window, (1280, 700)) == QSize(*opens)
