"""Open outside of the program what it speaks of: a folder, or an invoice in Xero."""

from pathlib import Path
from urllib.parse import quote

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

# Xero's own address for a sales invoice; the browser asks for a sign-in where there is none.
_INVOICE_PAGE = "https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID="


def open_in_xero(invoice_id: str) -> None:
    """Show a sales invoice, with its history and notes, in the browser."""
    QDesktopServices.openUrl(QUrl(f"{_INVOICE_PAGE}{quote(invoice_id)}"))


def open_folder_of(file: str) -> None:
    """Show the folder that a file is in; nothing happens where no file is named."""
    if file:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(file).parent)))
