"""Say why the program cannot start, in a window of its own, because there is no desk yet to show it in."""

from PySide6.QtWidgets import QMessageBox

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.theme.strangers import guessed_plain


def trouble_box(error: DeskError) -> QMessageBox:
    """Return the message with title, what happened, and what to do."""
    trouble = Trouble.of(error)
    box = QMessageBox(QMessageBox.Icon.Warning, guessed_plain(trouble.title), guessed_plain(trouble.message))
    box.setInformativeText(guessed_plain(trouble.remedy))
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    return box


def show_trouble_box(error: DeskError) -> None:
    """Show the message and wait until the person has read it."""
    application()
    trouble_box(error).exec()
