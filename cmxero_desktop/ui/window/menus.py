"""The menus: every function once, with its mnemonic and its key."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu entry; an empty title is a separator."""

    title: str
    key: str = ""
    run: Callable[[], object] | None = None


def add_menu(window: QMainWindow, title: str, entries: tuple[Entry, ...]) -> QMenu:
    """Add a menu to the window's bar; its actions work wherever the focus is."""
    menu = window.menuBar().addMenu(title)
    for entry in entries:
        if not entry.title:
            menu.addSeparator()
            continue
        action = QAction(entry.title, window)
        if entry.key:
            action.setShortcut(QKeySequence(entry.key))
        if entry.run is not None:
            action.triggered.connect(lambda _checked=False, run=entry.run: run())
        menu.addAction(action)
        window.addAction(action)
    return menu
