"""F1: which chapter of the manual is about a widget, and who opens it. A window blocked by a sheet hears no key."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

CHAPTER = "manual_chapter"
"""The name of what a widget says of itself: the heading of the manual that is about it."""

MANUAL = "manual"
"""The name under which a main window has the manual, which is opened at a chapter."""


def chapter_of(widget: QWidget | None) -> str:
    """Return the chapter about a widget: its own, or that of what it lies in; nothing where none is said."""
    while widget is not None:
        chapter = getattr(widget, CHAPTER, "")
        if chapter:
            return str(chapter)
        widget = widget.parentWidget()
    return ""


def give_help_key(window: QWidget) -> None:
    """Let F1 in a window open the manual at what the person looks at in it."""

    def ask() -> None:
        focus = QApplication.focusWidget()
        chapter = chapter_of(focus if focus is not None and focus.window() is window else window)
        holder: QWidget | None = window
        while holder is not None:
            manual = getattr(holder, MANUAL, None)
            if manual is not None:
                manual.open_at(chapter)
                return
            holder = holder.parentWidget()

    QShortcut(QKeySequence(Qt.Key.Key_F1), window, ask)
