"""Where the system's font is missing, another without serifs stands in."""

from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication

from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.theme.colours import readable


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
