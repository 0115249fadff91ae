"""The statement that starts with Xero's total and ends with Case Manager's, to look at and to copy."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from cmxero_desktop.domain.completeness import Completeness
from cmxero_desktop.domain.tie_out import TieOut
from cmxero_desktop.ui.theme.colours import figures
from cmxero_desktop.ui.theme.formatting import count
from cmxero_desktop.ui.widgets.parts import frame, label
from cmxero_desktop.ui.widgets.sheet import Sheet

Line = tuple[str, str, str, bool]
"""A label, a number of payments, an amount, and whether it is a total."""


def statement_lines(statement: TieOut, whole: Completeness) -> tuple[Line, ...]:
    """Return the lines of the statement as text."""
    return (
        ("Payments in Xero", count(whole.xero.facts), str(statement.xero_total), True),
        *((line.label, count(line.payments), str(line.amount), False) for line in statement.lines),
        ("Payments in Case Manager", count(whole.case_manager.facts), str(statement.case_manager_total), True),
        ("Difference not explained", "", str(statement.difference), True),
    )


def statement_text(lines: tuple[Line, ...]) -> str:
    """Return the statement tab-separated, as plain numbers that a spreadsheet can add up."""
    rows = ["Line\tPayments\tAmount"]
    rows += ["\t".join((title, number.replace(",", ""), amount.replace(",", ""))) for title, number, amount, _ in lines]
    return "\n".join(rows)


class TieOutSheet(Sheet):
    """Shows that every payment and every cent has its place; the debtor lists are one step away."""

    debtors_asked = Signal()

    def __init__(self, statement: TieOut, whole: Completeness, as_of: str, parent: QWidget | None = None) -> None:
        """Show the statement."""
        currency = statement.difference.currency
        super().__init__("Tie-out", f"All invoices in scope, {currency}. {as_of}".strip(), parent)
        self.lines = statement_lines(statement, whole)
        card = frame("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(18, 14, 18, 14)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 1)
        for position, line in enumerate(self.lines):
            self._add_line(grid, position, line)
        self.body.addWidget(card)
        self.add_left_button("&Copy", self._copy)
        self.add_left_button("&Debtors…", self.debtors_asked.emit)
        self.choose(self.add_button("Close", self.accept, "primary"))
        self.setMinimumWidth(560)

    @staticmethod
    def _add_line(grid: QGridLayout, position: int, line: Line) -> None:
        title, number, amount, is_total = line
        for column, text in enumerate((title, number, amount)):
            cell = label(text, "title" if is_total else "", is_wrapped=False)
            cell.setFont(figures(cell.font()))
            if column:
                cell.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(cell, position, column)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(statement_text(self.lines))
