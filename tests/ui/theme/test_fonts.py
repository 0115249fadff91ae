"""Where the system's font is missing, another without serifs stands in."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication

from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.theme import colours
from cmxero_desktop.ui.theme.colours import have_readable_tables, readable, undressed, use_look

# Names, of which Qt's signature says that they are bytes.
OWN: Any = ("QAbstractItemView", "QMenu")


def test_a_missing_font_is_replaced_by_one_that_is_there() -> None:
    application()
    there = QFontInfo(QFont("DejaVu Sans")).family()
    missing = readable(QFont("A font that nobody has"))
    assert missing.families()[0] == "A font that nobody has"
    assert missing.styleHint() is QFont.StyleHint.SansSerif
    assert QFontInfo(missing).family() == there


def test_the_system_s_own_font_comes_first_and_the_look_is_put_on_once() -> None:
    app = application()
    before = app.font()
    assert before.families()[0] == readable(before).families()[0]
    assert readable(before).families() == before.families()
    assert isinstance(app, QApplication)


@pytest.fixture
def own_fonts() -> Iterator[QApplication]:
    """Give tables and menus a font of their own, as Windows does, and take it away again."""
    app = application()
    before = {widget: QApplication.font(widget) for widget in OWN}
    for widget in before:
        QApplication.setFont(QFont("A font that nobody has", 11), widget)
    yield app
    for widget, font in before.items():
        QApplication.setFont(font, widget)


@pytest.mark.parametrize("widget", OWN)
def test_a_missing_font_of_tables_or_menus_is_replaced_as_well(own_fonts: QApplication, widget: str) -> None:
    have_readable_tables(own_fonts)
    given = QApplication.font(widget)  # type: ignore[call-overload]
    assert QFontInfo(given).family() == QFontInfo(QFont("DejaVu Sans")).family()
    assert (given.families()[0], given.pointSize()) == ("A font that nobody has", 11)


def test_fonts_come_after_the_style_sheet_which_would_take_them_back(monkeypatch: pytest.MonkeyPatch) -> None:
    app = application()
    worn: list[str] = []
    monkeypatch.setattr(colours, "have_readable_tables", lambda app: worn.append(app.styleSheet()))
    app.setStyleSheet("")
    use_look(app)
    with undressed(app):
        pass
    assert worn == [app.styleSheet()] * 2
    assert worn[0]
