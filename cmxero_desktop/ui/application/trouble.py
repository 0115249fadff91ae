"""Say why the program cannot start, in a window of its own, because there is no desk yet to show it in."""

from PySide6.QtWidgets import QMessageBox

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.strangers import shortened
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain

_MOST_SHOWN, _MOST_LINES = 600, 8


def trouble_box(error: DeskError) -> QMessageBox:
    """Return the message with title, what happened, and what to do."""
    trouble = Trouble.of(error)
    message, remedy = _head(trouble.message), _head(trouble.remedy)
    box = QMessageBox(QMessageBox.Icon.Warning, guessed_plain(trouble.title), guessed_plain(message))
    box.setInformativeText(guessed_plain(remedy))
    if (message, remedy) != (trouble.message, trouble.remedy):
        # A box grows with its text, beyond the screen and its button with it; these it moves through.
        box.setDetailedText(as_said(f"{trouble.message}\n\n{trouble.remedy}"))
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    return box


def _head(text: str) -> str:
    """Return as much of a text as leaves the button on the screen."""
    lines = text.split("\n")
    head = "\n".join(lines[:_MOST_LINES])
    return shortened(head if len(lines) <= _MOST_LINES else f"{head}\n…", _MOST_SHOWN)


def show_trouble_box(error: DeskError) -> None:
    """Show the message and wait until the person has read it."""
    application()
    trouble_box(error).exec()
