"""The search for cut texts finds them: otherwise nothing found would mean nothing."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

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
