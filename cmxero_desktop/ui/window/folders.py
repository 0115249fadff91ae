"""Open a folder in the system's own file manager."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_folder_of(file: str) -> None:
    """Show the folder that a file is in; nothing happens where no file is named."""
    if file:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(file).parent)))
