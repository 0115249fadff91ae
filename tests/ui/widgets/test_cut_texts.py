"""The search for cut texts finds them: otherwise nothing found would mean nothing."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop.ui.evidence.body import rich_label
from cmxero_desktop.ui.widgets.hint_label import HintLabel
from cmxero_desktop.ui.widgets.parts import CutLabel, label
from tests.ui.cut_texts import cut_texts

TEXT = "Brightside Rehab Pty Ltd and some more words"


def with_hint(text: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(text)
    return field


def shown(qtbot: QtBot, part: QWidget, width: int) -> QWidget:
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    part.setFixedWidth(width)
    layout.addWidget(part)
    holder.show()
    return holder


@pytest.mark.parametrize("kind", [label, QPushButton, CutLabel, with_hint])
def test_it_finds_what_is_cut(qtbot: QtBot, kind: Callable[[str], QWidget]) -> None:
    part = kind(TEXT)
    holder = shown(qtbot, part, 60)
    assert cut_texts(holder)
    part.setFixedWidth(600)
    QApplication.processEvents()
    assert cut_texts(holder) == []


def test_it_finds_lines_that_are_cut(qtbot: QtBot) -> None:
    part = label(TEXT, is_wrapped=True)
    part.setFixedHeight(16)
    assert cut_texts(shown(qtbot, part, 80))


def test_a_hint_is_whole_or_not_there(qtbot: QtBot) -> None:
    hint = HintLabel(TEXT)
    holder = shown(qtbot, hint, 40)
    assert not hint.is_whole
    assert TEXT in hint.toolTip()
    other = shown(qtbot, HintLabel(f"{TEXT}, or others"), 40)
    assert hint.grab().toImage() == other.findChildren(HintLabel)[0].grab().toImage(), "nothing is painted of either"
    assert cut_texts(holder) == []
    hint.setFixedWidth(600)
    assert hint.is_whole


def test_a_table_in_a_rich_text_that_is_wider_than_its_label_is_found_and_named(qtbot: QtBot) -> None:
    made = rich_label()
    made.setText("<table><tr><td>Date&nbsp;paid&nbsp;in&nbsp;Xero</td><td>1,240.00</td></tr></table>")
    made.setAccessibleName("Ledger")
    holder = shown(qtbot, made, 90)
    (line,) = cut_texts(holder)
    assert line.startswith("QLabel Ledger: rich text cut")
    assert line.endswith("1,240.00")
    made.setFixedWidth(500)
    QApplication.processEvents()
    assert cut_texts(holder) == []
