"""Both tie-outs, to look at and to copy: from Xero's payments to Case Manager's, and the two lists of debtors."""

from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QTabWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from cmxero_desktop.domain.completeness import Completeness
from cmxero_desktop.domain.debtor_lists import DebtorLists
from cmxero_desktop.domain.tie_out import TieOut
from cmxero_desktop.services.verbs.commands.viewing import CompareDebtors
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.sheets.apart_part import ApartPart
from cmxero_desktop.ui.sheets.debtors_part import DebtorsPart
from cmxero_desktop.ui.theme.colours import figures
from cmxero_desktop.ui.theme.formatting import count, moment, signed_sums
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain
from cmxero_desktop.ui.widgets.parts import CutLabel, allow, button, frame, in_role, label
from cmxero_desktop.ui.widgets.room import large, room_of
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_view import DeskTable

Line = tuple[str, str, str, bool]
"""A label, a number of payments, an amount, and whether it is a total."""


def statement_lines(statement: TieOut, whole: Completeness) -> tuple[Line, ...]:
    """Return the lines of the statement as text: both columns lead from Xero's figure to Case Manager's."""
    return (
        ("Payments in Xero", count(whole.xero.facts), str(statement.xero_total), True),
        *((line.label, f"{line.added:+,}", signed_sums([line.amount]), False) for line in statement.lines),
        ("Payments in Case Manager", count(whole.case_manager.facts), str(statement.case_manager_total), True),
        ("Difference not explained", "", str(statement.difference), True),
    )


def statement_text(lines: tuple[Line, ...]) -> str:
    """Return the statement tab-separated, as plain numbers that a spreadsheet can add up."""
    rows = ["Line\tPayments\tAmount"]
    rows += ["\t".join((title, number.replace(",", ""), amount.replace(",", ""))) for title, number, amount, _ in lines]
    return "\n".join(rows)


def tie_out_sheet(desk: WindowDesk, content: DeskContent, statement: TieOut, parent: QWidget) -> "TieOutSheet":
    """Return the sheet over what the window shows; its debtors are compared by the desk once they are looked at."""
    as_of = content.view.state.cursors.as_of
    as_of_words = f"As of {moment(as_of)}." if as_of else ""
    apart = ApartPart(content.view, statement.difference.currency)
    sheet = TieOutSheet(statement, content.completeness, as_of_words, apart, parent)

    def show(lists: DebtorLists) -> None:
        # The sheet may be closed, and gone, before the answer comes.
        if isValid(sheet):
            sheet.show_debtors(lists)

    sheet.debtors_asked.connect(lambda: desk.ask(CompareDebtors(), "Comparing the debtors…", show))
    desk.troubled.connect(sheet.show_trouble)
    return sheet


def _lowered(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}"


_BRIDGE = (
    "The debtors may differ by another sum than the payments: Debtors adds up the credits, refunds and totals between."
)
_AS_CHECKED = "The statement is of the last check; this line counts the payments as they are now."
DEBTORS_SIZE = (1_320, 680)
_SIZE, _LINE_HEIGHT, _LOW_LINE_HEIGHT = (680, 620), 28, 20


class TieOutSheet(Sheet):
    """Shows that every payment and every cent has its place, and what is owed on both sides.

    The debtors are asked for when somebody looks at them: comparing them judges the whole firm.
    """

    manual_chapter = "What your clients owe, on both sides"
    is_explained = True

    debtors_asked = Signal()
    rows_asked = Signal(str)
    list_asked = Signal(object)

    def __init__(
        self, statement: TieOut, whole: Completeness, as_of: str, apart: ApartPart, parent: QWidget | None = None
    ) -> None:
        """Show the statement, and beside it the payments that are `apart`."""
        currency = statement.difference.currency
        super().__init__("Tie-out", f"{statement.sentence}. All invoices in scope, {currency}. {as_of}".strip(), parent)
        self.lines = statement_lines(statement, whole)
        self._steps = frozenset(line.label for line in statement.lines)
        self.debtors, self.apart = DebtorsPart(is_low=self.is_low), apart
        self.parts = QTabWidget()
        self.parts.setAccessibleName("Tie-out")
        self.parts.addTab(self._statement(), "&Payments")
        self.parts.addTab(self.apart, "&What is apart")
        self.parts.addTab(self.debtors, "&Debtors")
        self.parts.currentChanged.connect(lambda _: self._show_part())
        self.body.addWidget(self.parts)
        self._less_paid = statement.less_paid
        # On a small screen it has one line, and the mouse brings the rest.
        self.bridge = in_role(CutLabel(_BRIDGE), "muted") if self.is_low else label(_BRIDGE, "muted", is_wrapped=True)
        self.bridge.setToolTip(guessed_plain(_BRIDGE))
        self.body.addWidget(self.bridge)
        self.why = label("", "muted", is_wrapped=True)
        self.body.addWidget(self.why)
        self.add_left_button("&Copy", self._copy)
        self.excel_button = self.add_left_button("Save as Excel…", lambda: self.list_asked.emit(self._table))
        self.rows_button = self.add_left_button("Show its rows", self._ask_rows)
        self.close_button = self.add_button("Close", self.accept, "primary")
        self.choose(self.close_button)
        for table in (self.debtors.table, self.apart.table):
            table.current_changed.connect(self._allow)
            table.doubleClicked.connect(lambda _: self._ask_rows())
        self._allow()
        self.setMinimumWidth(560)
        self.resize(QSize(*_SIZE).boundedTo(room_of(self)))

    def _statement(self) -> QWidget:
        card = frame("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(*((12, 2, 12, 2) if self.is_low else (18, 14, 18, 14)))
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        for position, line in enumerate(self.lines):
            self._add_line(grid, position, line)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 2 if self.is_low else 10, 0, 0)
        layout.addWidget(card)
        layout.addStretch(1)
        return page

    def look_at_debtors(self, number: str = "") -> None:
        """Go to the debtors, and stand on the line of an invoice once they are there."""
        self.debtors.stand_on = number
        self.parts.setCurrentWidget(self.debtors)

    @property
    def _table(self) -> DeskTable[Any] | None:
        """The table of the part that is looked at; the statement has none."""
        part = self.parts.currentWidget()
        return part.table if isinstance(part, ApartPart | DebtorsPart) else None

    @property
    def _number(self) -> str:
        """The invoice of the line that one stands on."""
        if self.parts.currentWidget() is self.apart:
            return self.apart.number
        line = self.debtors.table.current_row()
        return line.invoice_number if line is not None else ""

    def _ask_rows(self) -> None:
        if self._number:
            self.rows_asked.emit(self._number)

    def _allow(self) -> None:
        """Let Enter go from a line to the rows of its invoice, and close the sheet elsewhere."""
        table = self._table
        has_lines = table is not None and bool(table.rows.rows_shown)
        can_go = has_lines and bool(self._number)
        why_not = ("" if can_go else "Choose a line first.") if has_lines else "There is no line here."
        allow(self.rows_button, why_not, "Enter; Esc there comes back")
        allow(self.excel_button, "" if has_lines else why_not, "Save what is seen here")
        # The statement has neither rows nor a list of its own.
        for of_lines in (self.rows_button, self.excel_button):
            of_lines.setVisible(table is not None)
        to_do = "see its rows" if has_lines else "see or save rows"
        self.why.setText(f"To {to_do}: {_lowered(why_not)}" if table is not None and why_not else "")
        # Below, beside the closed buttons, it is said as well.
        self.why.setVisible(bool(self.why.text()) and not self.is_low)
        (self.rows_button if table is not None and can_go else self.close_button).setDefault(True)

    def _show_part(self) -> None:
        """Make room for the debtors, and ask for them the first time."""
        self._allow()
        if self._table is None:
            return
        self.resize(self.size().expandedTo(large(self, DEBTORS_SIZE)).boundedTo(room_of(self)))
        if self.parts.currentWidget() is self.debtors and self.debtors.lists is None:
            self.debtors.say_comparing()
            self.debtors_asked.emit()

    def show_trouble(self, _trouble: object) -> None:
        """Say at the debtors that they could not be compared."""
        self.debtors.say_failed()

    def show_debtors(self, lists: DebtorLists) -> None:
        """Show both lists of debtors."""
        self.debtors.show_lists(lists)
        line = lists.bridge_line
        self.bridge.setText(line if not line or lists.less_paid == self._less_paid else f"{line} {_AS_CHECKED}")
        self.bridge.setToolTip(guessed_plain(self.bridge.text()))
        self.bridge.setVisible(bool(self.bridge.text()))
        if self.parts.currentWidget() is self.debtors:
            self.debtors.table.setFocus()
        self._allow()

    def _show_step(self, title: str) -> None:
        """Show the payments of a line of the statement."""
        self.apart.show_step(title)
        self.parts.setCurrentWidget(self.apart)
        self.apart.table.setFocus()

    def _add_line(self, grid: QGridLayout, position: int, line: Line) -> None:
        title, number, amount, is_total = line
        if title in self._steps:
            role = "small" if self.is_low else "quiet"
            show = button("Show", partial(self._show_step, title), role, tip=f"See the payments of: {title}")
            show.setAccessibleName(as_said(f"Show {title}"))
            grid.addWidget(show, position, len(line) - 1)
        grid.setRowMinimumHeight(position, _LOW_LINE_HEIGHT if self.is_low else _LINE_HEIGHT)
        for column, text in enumerate((title, number, amount)):
            cell = label(text, "title" if is_total else "", is_wrapped=False)
            cell.setFont(figures(cell.font()))
            if column:
                cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(cell, position, column)

    def _copy(self) -> None:
        part = self.parts.currentWidget()
        text = statement_text(self.lines)
        if part is self.debtors:
            text = self.debtors.text
        elif part is self.apart:
            text = self.apart.table.rows_as_text()
        QGuiApplication.clipboard().setText(text)
