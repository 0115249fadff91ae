r"""Qt obeys no text that somebody typed: not in a tool tip, a message box, a label, a table, or the evidence."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop.domain.errors import XeroUnavailableError
from cmxero_desktop.ui.application.trouble import trouble_box
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.sheets.questions import ask_reason, show_trouble
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.strangers import guessed_plain, in_rich_text, without_marks
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import PlainLabel, allow, button, label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.shown_whole import ShownWhole
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.ticks import radio_button, tick_box
from cmxero_desktop.ui.window.bands import Band

EVIL = (
    "<b>Wu</b>",
    "<img src='file:///etc/hostname'>",
    "<!DOCTYPE html><a href='http://evil'>pay here</a>",
    "Ito & Co <script>",
    "<table><tr><td>100.00",
)


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def as_shown(text: str) -> str:
    """Return what a person reads where Qt guesses whether a text is rich."""
    if not GuiQt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def model_of(typed: str) -> RowsModel[str]:
    column: Column[str] = Column(key="payer", title="Payer", text=str, tooltip=str, width=10)
    model: RowsModel[str] = RowsModel((column,), str, str, None)
    model.set_rows([typed])
    return model


@pytest.mark.parametrize("typed", EVIL)
def test_where_qt_guesses_a_text_is_read_as_it_was_typed(qtbot: QtBot, typed: str) -> None:
    box = trouble_box(XeroUnavailableError(typed, typed))
    asked = button("Approve", lambda: None, tip=typed)
    for made in (box, asked):
        qtbot.addWidget(made)
    model = model_of(typed)
    tip = model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert [as_shown(text) for text in (box.text(), box.informativeText(), asked.toolTip(), tip)] == [typed] * 4
    allow(asked, typed)
    assert as_shown(asked.toolTip()) == typed
    assert as_shown(f"<p>{in_rich_text(typed)}</p>") == typed


def test_what_needs_no_care_stays_as_it_is() -> None:
    assert guessed_plain("Wu & Partners, 5 < 6") == "Wu & Partners, 5 < 6"
    assert not set("<>") & set(without_marks("<b>3 payments</b>"))


def test_the_direction_of_writing_is_nobodys_to_turn(qtbot: QtBot) -> None:
    turned = "CM-\u202e001"
    shown = label(turned)
    qtbot.addWidget(shown)
    assert shown.text() == "CM-\\u202e001"
    shown.setText(f"again {turned}")
    assert shown.text() == "again CM-\\u202e001"
    model = model_of(turned)
    assert model.data(model.index(0, 0)) == "CM-\\u202e001"


LONG = ("W" * 10_000, "Wu and partners " * 700, "\n".join(f"- invoice {n} differs" for n in range(500)))


@pytest.mark.parametrize("typed", LONG, ids=["a word", "a page", "lines"])
def test_no_text_is_so_long_that_what_stands_below_it_is_off_the_screen(qtbot: QtBot, typed: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    room = parent.screen().availableSize()
    trouble = Trouble("Something", typed, typed)
    box = trouble_box(XeroUnavailableError(typed, typed))
    qtbot.addWidget(box)
    box.show()
    sheets = [show_trouble(parent, trouble), ask_reason(parent, "Why?", typed, "Yes", str)]
    for made in (box, *sheets):
        QApplication.processEvents()
        assert made.width() <= room.width()
        assert made.height() <= room.height()
        yes = made.findChildren(QPushButton)[-1]
        assert made.rect().contains(yes.mapTo(made, yes.rect().bottomRight()))
    assert box.detailedText().startswith(typed[:5_000]), "it can be read to its end"
    for sheet in sheets:
        (moved,) = {type(area) for area in sheet.findChildren(QScrollArea)} - {ShownWhole}
        assert moved
        assert typed in {one.text() for one in sheet.findChildren(PlainLabel)}, "it can be read to its end"
        sheet.reject()


@pytest.mark.parametrize("typed", LONG, ids=["a word", "a page", "lines"])
def test_a_band_leaves_the_rows_below_in_sight(qtbot: QtBot, typed: str) -> None:
    band = Band(typed, Tone.CAUTION, "Show")
    qtbot.addWidget(band)
    assert band.minimumSizeHint().width() <= 700
    assert band.heightForWidth(900) <= 200
    (said,) = (one.text() for one in band.findChildren(PlainLabel) if one.text())
    assert said.endswith("…")


def test_a_long_word_is_broken_where_it_is_shown_and_whole_where_it_is_copied(qtbot: QtBot) -> None:
    word = "0123456789abcdef" * 4
    shown, copied = label(word, is_wrapped=True), label(word, is_wrapped=True)
    for made in (shown, copied):
        qtbot.addWidget(made)
    copied.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    copied.setText(word)
    assert QLabel.text(shown) == f"{word[:40]}\u200b{word[40:]}"
    assert QLabel.text(copied) == word
    assert [shown.text(), copied.text()] == [word, word]


def test_an_ampersand_makes_no_key_and_a_sign_of_qts_no_change(qtbot: QtBot) -> None:
    typed = "Wu & Partners\n\u202e"
    for made in (tick_box(typed), radio_button(typed)):
        qtbot.addWidget(made)
        assert made.text() == "Wu && Partners / \\u202e"
        assert made.shortcut().isEmpty()
    sheet = Sheet("Ito[*] \u202e", "\x1b]0;owned\x07")
    qtbot.addWidget(sheet)
    assert sheet.windowTitle() == "Ito[ * ] \\u202e"
    assert sheet.accessibleName() == "Ito[*] \\u202e"
    assert sheet.accessibleDescription() == "\\u001b]0;owned\\u0007"


def test_no_cell_makes_a_second_line_and_a_screen_reader_is_given_no_orders(qtbot: QtBot) -> None:
    model = model_of("CM-1\nCM-2\x1b[2J")
    assert model.data(model.index(0, 0)) == "CM-1 / CM-2\\u001b[2J"
    assert model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == "CM-1\nCM-2\\u001b[2J"
    del qtbot


def test_what_nobody_foresaw_is_told_without_its_words() -> None:
    trouble = Trouble.of(ValueError("postgresql://ann:hunter2@srv"))
    assert "(ValueError)" in trouble.message
    assert "hunter2" not in repr(trouble)


@pytest.mark.parametrize("typed", LONG, ids=["a word", "a page", "lines"])
def test_a_tool_tip_and_a_notice_are_no_larger_than_a_screen(qtbot: QtBot, typed: str) -> None:
    asked = button("Approve", lambda: None, tip=typed)
    qtbot.addWidget(asked)
    tip = QLabel(asked.toolTip())
    qtbot.addWidget(tip)
    tip.setWordWrap(GuiQt.mightBeRichText(asked.toolTip()))
    assert tip.minimumSizeHint().width() <= 700, "as Qt's own tool tip does with rich text, and with no other"
    shown = as_shown(asked.toolTip()).replace("\u200b", "")
    assert shown.endswith("…")
    assert shown[:1_000].split() == typed[:1_000].split()
    assert len(without_marks(typed)) <= 1_500


def test_of_a_text_as_long_as_a_book_no_more_is_laid_out_than_is_read(qtbot: QtBot) -> None:
    """Qt measures all that it is given, for each painting of each cell."""
    del qtbot
    book = "Wu and partners " * 60_000
    model = model_of(book)
    assert len(model.data(model.index(0, 0))) <= 1_000
    assert model.data(model.index(0, 0)).endswith("…")
    assert len(in_rich_text(book)) <= 20_000
    assert in_rich_text(book[:20_000]) == book[:20_000]
