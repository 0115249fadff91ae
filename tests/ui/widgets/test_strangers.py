r"""Qt obeys no text that somebody typed: not in a tool tip, a message box, a label, a table, or the evidence."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from cmxero_desktop.domain.errors import XeroUnavailableError
from cmxero_desktop.ui.application.trouble import trouble_box
from cmxero_desktop.ui.theme.strangers import guessed_plain, in_rich_text, without_marks
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import allow, button, label
from cmxero_desktop.ui.widgets.table_model import RowsModel

EVIL = (
    "<b>Wu</b>",
    "<img src='file:///etc/hostname'>",
    "<!DOCTYPE html><a href='http://evil'>pay here</a>",
    "Ito & Co <script>",
    "<table><tr><td>100.00",
)


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
