"""Fold what a small screen has no room for, so that rows and the buttons that decide are seen there."""

from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QMainWindow, QWidget

from cmxero_desktop.ui.widgets.room import is_small

# A menu of twenty lines is as high as such a screen; one that is higher is scrolled, not laid in two columns.
_MENUS = """
    QMenuBar { padding: 0 8px; }
    QMenuBar::item { padding: 3px 9px; }
    QMenu { padding: 2px; menu-scrollable: 1; }
    QMenu::item { padding: 3px 28px 3px 22px; }
    QMenu::separator { margin: 1px 8px; }
"""

# What a person presses or types into is lower; that of a role stays as the application's style sheet has it.
_PARTS = """
    QPushButton { padding: 2px 10px; min-height: 17px; }
    QPushButton:focus { padding: 1px 9px; }
    QPushButton[role="small"] { padding: 0 10px; min-height: 16px; }
    QPushButton[role="small"]:focus { padding: 0 9px; min-height: 14px; }
    QPushButton[role="step"] { padding: 1px 5px; min-height: 16px; }
    QPushButton[role="step"]:focus { padding: 0 4px; }
    QPushButton[role="chip"] { padding: 2px 10px; }
    QPushButton[role="chip"]:focus { padding: 1px 9px; }
    QLineEdit, QComboBox { padding: 1px 8px; min-height: 19px; }
    QLineEdit:focus, QComboBox:focus { padding: 0 7px; }
    QComboBox, QComboBox:focus { padding-right: 22px; }
    QHeaderView::section { padding: 2px 8px; }
    QTabWidget#pages > QTabBar::tab { padding: 3px 5px 2px 5px; }
"""


@runtime_checkable
class Foldable(Protocol):
    """A part of the window that can do with less room."""

    def use_small(self, *, is_small: bool) -> object:
        """Do with less room, or take as much as it likes again."""


class SmallScreen:
    """Follows the screen on which the window is."""

    def __init__(self, window: QMainWindow) -> None:
        """Keep the window, whose parts lie as on a large screen."""
        self._window = window
        self._is_small = False

    def follow(self) -> None:
        """Fold the parts, or unfold them, where the window is on another screen now."""
        now_small = is_small(self._window)
        if now_small is not self._is_small:
            self._is_small = now_small
            self._window.menuBar().setStyleSheet(_MENUS if now_small else "")
            if (central := self._window.centralWidget()) is not None:
                central.setStyleSheet(_PARTS if now_small else "")
            for part in self._window.findChildren(QWidget):
                if isinstance(part, Foldable):
                    part.use_small(is_small=now_small)
