"""Say in a window of its own why the desk could not be opened at all, and what to do."""

from PySide6.QtWidgets import QMessageBox

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.ui.application import application


def show_trouble(error: DeskError) -> None:
    """Show title, message and remedy; returns when the person closes it."""
    application()
    box = QMessageBox(QMessageBox.Icon.Warning, error.title, error.message)
    box.setInformativeText(error.remedy)
    box.exec()
