"""F1 opens the manual where it tells of what a person looks at, and whatever the program shows has a chapter there."""

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pkgutil import walk_packages

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop import ui
from cmxero_desktop.shipped import manual_file
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.manual.manual_window import ManualWindow
from cmxero_desktop.ui.manual.reader import ManualReader, slug_of
from cmxero_desktop.ui.widgets.help_key import CHAPTER, give_help_key
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.window.window import DeskWindow
from cmxero_desktop.ui.wizard.wizard import Wizard
from tests.ui.conftest import Stage
from tests.ui.fake_setup import FakeSetup


@pytest.fixture
def manual(stage: Stage) -> Iterator[ManualWindow]:
    stage.window.manual.open_at("")
    opened = stage.window.manual.window
    assert opened is not None
    QApplication.processEvents()
    yield opened
    opened.close()


def classes_with_a_chapter() -> list[type[QWidget]]:
    for module in walk_packages(ui.__path__, f"{ui.__name__}."):
        import_module(module.name)
    found, kinds = [], [QWidget]
    while kinds:
        for kind in kinds.pop().__subclasses__():
            kinds.append(kind)
            if kind.__module__.startswith("cmxero_desktop.") and isinstance(kind.__dict__.get(CHAPTER), str):
                found.append(kind)
    return found


def top_line(manual: ManualWindow) -> str:
    """Return the text of the line at the top of what is seen."""
    return manual.reader.cursorForPosition(QPoint(0, 0)).block().text()


def press_f1() -> None:
    focus = QApplication.focusWidget() or QApplication.activeWindow()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_F1)
    for _ in range(3):
        QApplication.processEvents()


def test_every_chapter_that_is_named_stands_in_the_manual_and_every_sheet_names_one(manual: ManualWindow) -> None:
    known = classes_with_a_chapter()
    assert {getattr(kind, CHAPTER) for kind in known} <= set(manual.reader.headings)
    own = [kind for kind in known if issubclass(kind, Sheet)]
    sheets = {kind for kind in Sheet.__subclasses__() if kind.__module__.startswith("cmxero_desktop.")}
    assert sheets <= set(own), f"F1 tells nothing of {sheets - set(own)}"


@pytest.mark.parametrize(
    ("page", "chapter"),
    [
        (0, "The day"),
        (2, "What only one side has"),
        (3, "Skipped, and why"),
        (4, "The SOR watch"),
        (5, "Taking something back"),
        (6, "When something goes wrong"),
    ],
)
def test_f1_opens_the_chapter_about_the_page(stage: Stage, page: int, chapter: str) -> None:
    stage.window.activateWindow()
    stage.window.wishes.go_to_page(page)
    stage.settle()
    assert stage.window.manual_chapter == chapter
    press_f1()
    opened = stage.window.manual.window
    assert opened is not None
    assert opened.isVisible()
    current = opened.places.currentItem()
    assert current is not None
    assert current.text() == chapter
    if page != 6:
        # The last chapter is shorter than the window.
        assert top_line(opened) == chapter
    opened.close()


def test_f1_opens_the_chapter_about_the_sheet_that_is_open(stage: Stage) -> None:
    stage.window.wishes.clean_up()
    stage.settle()
    sheet = stage.sheet()
    sheet.activateWindow()
    press_f1()
    opened = stage.window.manual.window
    assert opened is not None
    assert top_line(opened) == "The first day's clean-up"
    assert stage.has_sheet(), "the sheet stays as it is"
    opened.close()


def test_f1_works_in_the_wizard_too() -> None:
    bridge = JobBridge(lambda job: job())
    wizard = Wizard(FakeSetup(), bridge, date(2026, 11, 25))
    wizard.show()
    wizard.activateWindow()
    QApplication.processEvents()
    press_f1()
    opened = wizard.manual.window
    assert opened is not None
    assert top_line(opened) == "Setting it up"
    wizard.reject()
    assert not opened.isVisible()
    bridge.close()
    wizard.deleteLater()


def test_it_is_in_the_menu_and_in_the_list_of_all_that_can_be_done(stage: Stage) -> None:
    (entry,) = (a for a in stage.window.actions() if a.text() == "&Manual")
    assert entry.shortcut().toString() == "F1"
    entry.trigger()
    assert stage.window.manual.window is not None
    stage.window.manual.close()


def test_it_closes_with_the_window(stage: Stage) -> None:
    stage.window.manual.open_at("The day")
    opened = stage.window.manual.window
    assert opened is not None
    stage.window.leave()
    assert not opened.isVisible()


def test_what_is_searched_for_is_found_again_and_again_and_what_is_not_there_is_said(manual: ManualWindow) -> None:
    manual.search.setText("payment")
    manual.next.click()
    first = manual.reader.textCursor().position()
    manual.next.click()
    assert manual.reader.textCursor().position() > first
    manual.previous.click()
    assert manual.reader.textCursor().position() == first
    manual.previous.click()
    assert manual.reader.textCursor().position() > first, "before the first comes the last"
    manual.next.click()
    assert manual.reader.textCursor().position() == first
    manual.search.setText("kangaroo")
    QTest.keyClick(manual.search, Qt.Key.Key_Return)
    assert manual.said.text() == "Not found"
    manual.search.setText("")
    assert manual.said.text() == ""
    assert not manual.reader.find_next("kangaroo", is_back=True)


def test_pictures_are_there_and_no_wider_than_the_text(manual: ManualWindow) -> None:
    assert manual.reader._pictures
    assert not [name for name, picture in manual.reader._pictures.items() if picture.isNull()]
    for width in (1_000, 620):
        manual.resize(width, 600)
        QApplication.processEvents()
        # Qt lays a long text out bit by bit, on a slow machine beyond these events; this asks for all of it.
        size = manual.reader.document().documentLayout().documentSize()
        assert size.width() <= manual.reader.viewport().width() + 1, "a table's columns may be rounded up"
        assert not manual.reader.horizontalScrollBar().isVisible()


def test_links_lead_to_chapters_and_what_is_outside_to_the_browser(
    manual: ManualWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    manual.reader.anchorClicked.emit(QUrl("https://example.invalid/help"))
    assert opened == ["https://example.invalid/help"]
    manual.reader.anchorClicked.emit(QUrl("#skipped-and-why"))
    assert top_line(manual) == "Skipped, and why"
    manual.reader.anchorClicked.emit(QUrl("windows.md"))
    assert top_line(manual) == "Skipped, and why"
    assert len({slug_of(each) for each in manual.reader.headings}) == len(manual.reader.headings)


def test_where_nobody_opens_a_manual_the_key_does_nothing(qtbot: QtBot) -> None:
    alone = QWidget()
    qtbot.addWidget(alone)
    give_help_key(alone)
    alone.show()
    alone.activateWindow()
    QTest.keyClick(alone, Qt.Key.Key_F1)
    assert not ManualReader(manual_file()).go_to("No such chapter")


def test_a_window_knows_the_chapter_of_its_page(stage: Stage) -> None:
    assert isinstance(stage.window, DeskWindow)
    stage.window.wishes.go_to_page(1)
    assert stage.window.manual_chapter == "The day"
