"""From a line of the debtors to the rows of its invoice, in the tab where they stand, and with Esc back to the line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from cmxero_desktop.services.viewing.desk_view import PaymentRow, ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.sheets.flows import Flows
from cmxero_desktop.ui.sheets.invoice_sheet import invoice_sheet
from cmxero_desktop.ui.sheets.tie_out_sheet import TieOutSheet
from cmxero_desktop.ui.widgets.arranged import TheseRows
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages


@dataclass(frozen=True, slots=True)
class _WayBack:
    """The sheet that waits unseen, the invoice that was asked for, what was known then, and which rows are shown."""

    sheet: TieOutSheet
    number: str
    content: DeskContent | None
    rows: TheseRows


class DebtorRows:
    """Goes there and back in one window."""

    def __init__(
        self, window: QWidget, desk: WindowDesk, flows: Flows, pages: Pages, header: Header, now: Callable[[], datetime]
    ) -> None:
        """Follow every tie-out sheet that is opened; Esc in a table is taken while there is a way back alone."""
        self._window, self._desk, self._flows, self._now = window, desk, flows, now
        self._pages, self._header = pages, header
        self._way: _WayBack | None = None
        self._back = QShortcut(QKeySequence(Qt.Key.Key_Escape), pages)
        self._back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._back.setEnabled(False)
        self._back.activated.connect(self.go_back)
        flows.writing.follow_tie_out = self._follow

    def go_back(self) -> None:
        """Open the debtors again at the line that one came from, unless one has gone on to other rows since."""
        way, table = self._way, self._pages.viewed_table()
        self._forget()
        if way is None:
            return
        if table is None or table.rows.named != way.rows:
            way.sheet.deleteLater()
            return
        table.rows.show_every()
        if way.content is self._desk.content:
            way.sheet.open()
        else:
            # What was approved meanwhile makes other differences: they are compared anew.
            way.sheet.deleteLater()
            self._flows.writing.tie_out(self._desk.content, at=way.number)

    def _follow(self, sheet: TieOutSheet) -> None:
        sheet.rows_asked.connect(lambda number: self._go(sheet, number))

    def _go(self, sheet: TieOutSheet, number: str) -> None:
        """Show the rows of an invoice; of one without any its history, above the sheet."""
        content = self._desk.content
        if content is None or not self._has_rows(number, content):
            invoice_sheet(self._desk, number, self._now, sheet).open()
            return
        if self._way is not None and isValid(self._way.sheet):
            self._way.sheet.deleteLater()
        sheet.hide()
        self._window.activateWindow()
        self._header.clear_filters()
        self._pages.show_page_of(number, content.view)
        page = self._pages.viewed_page()
        if page is None:
            return
        page.boxes.choose({})
        rows = (row for row in page.table.rows.all_rows if isinstance(row, ReviewRow | PaymentRow))
        names = frozenset(row.row_id for row in rows if _number_of(row) == number)
        why = f"invoice {number} - Esc goes back to the debtors"
        self._way = _WayBack(sheet, number, content, TheseRows(names, why))
        if page is self._pages.review:
            self._pages.review.view_box.setCurrentText("All")
        page.table.rows.set_named(self._way.rows)
        page.table.go_to(0 if page.table.rows.line_at(0) is None else 1)
        page.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._back.setEnabled(True)

    @staticmethod
    def _has_rows(number: str, content: DeskContent) -> bool:
        view = content.view
        rows: tuple[ReviewRow | PaymentRow, ...] = (*view.review, *view.skipped, *view.unmatched, *view.matched)
        return any(_number_of(row) == number for row in rows)

    def _forget(self) -> None:
        self._way = None
        self._back.setEnabled(False)


def _number_of(row: ReviewRow | PaymentRow) -> str:
    return row.stored.proposal.invoice_number if isinstance(row, ReviewRow) else row.placement.invoice_number
