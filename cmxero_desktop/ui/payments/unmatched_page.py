"""Unmatched: what is only in Xero above what is only in Case Manager, and what was settled another way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QToolButton, QVBoxLayout, QWidget

from cmxero_desktop.domain.records import Side
from cmxero_desktop.services.viewing.desk_view import PaymentRow, SettlementRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.payments.columns import (
    payment_sentence,
    settlement_columns,
    settlement_sentence,
    unmatched_columns,
)
from cmxero_desktop.ui.theme.formatting import plural, sums
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout
from cmxero_desktop.ui.widgets.table_view import DeskTable

_FOLD_HEIGHT = 180


class UnmatchedPage(QWidget):
    """Two tables with the same columns, so that their rows line up, and a fold below."""

    current_changed = Signal()
    filters_cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the page."""
        super().__init__(parent)
        self.xero = _payments("Only in Xero")
        self.case_manager = _payments("Only in Case Manager")
        self.settled_model: RowsModel[SettlementRow] = RowsModel(
            settlement_columns(), lambda row: f"{row.invoice_number}-{row.settlement.number}", settlement_sentence, self
        )
        self.settled: DeskTable[SettlementRow] = DeskTable(
            self.settled_model, "Settled in Xero another way", "Credit notes, overpayments and prepayments; not copied."
        )
        self.settled.setFixedHeight(_FOLD_HEIGHT)
        self.last: DeskTable[PaymentRow] = self.xero.table
        self._titles = {"xero": label(role="title"), "case": label(role="title")}
        self.fold = QToolButton()
        self.fold.setCheckable(True)
        self.fold.setProperty("role", "fold")
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.toggled.connect(self._unfold)
        self._lay_out()
        self._unfold(is_open=False)
        for half in (self.xero, self.case_manager):
            half.table.current_changed.connect(lambda table=half.table: self._on_current(table))
            half.filters_cleared.connect(self.filters_cleared)

    def show_content(self, content: DeskContent) -> None:
        """Show the rows of new content."""
        xero = content.view.unmatched_on(Side.XERO)
        case = content.view.unmatched_on(Side.CASE_MANAGER)
        settled = content.view.settled_another_way
        self._titles["xero"].setText(_title("Only in Xero", xero))
        self._titles["case"].setText(_title("Only in Case Manager", case))
        amount = sums(row.settlement.amount for row in settled)
        self.fold.setText(f"Settled in Xero another way - {plural(len(settled), 'invoice')}, {amount}")
        self.xero.table.rows.set_rows(xero)
        self.case_manager.table.rows.set_rows(case)
        self.settled_model.set_rows(settled)

    def set_search(self, text: str) -> None:
        """Show the rows of all three tables in which the words are found."""
        self.xero.table.rows.set_search(text)
        self.case_manager.table.rows.set_search(text)
        self.settled_model.set_search(text)

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        for key, half in (("xero", self.xero), ("case", self.case_manager)):
            part = QWidget()
            layout = QVBoxLayout(part)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(6)
            layout.addWidget(self._titles[key])
            layout.addWidget(half, 1)
            splitter.addWidget(part)
        layout = page_layout(self)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.fold)
        layout.addWidget(self.settled)

    def _unfold(self, is_open: bool) -> None:  # noqa: FBT001 - the signature of Qt's toggled signal
        self.fold.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.settled.setVisible(is_open)

    def _on_current(self, table: DeskTable[PaymentRow]) -> None:
        """Let the evidence follow the table in which the person is."""
        if table.hasFocus() or self.last.current_row() is None:
            self.last = table
        self.current_changed.emit()


def _payments(name: str) -> TableOrEmpty[PaymentRow]:
    model: RowsModel[PaymentRow] = RowsModel(unmatched_columns(), lambda row: row.row_id, payment_sentence)
    table: DeskTable[PaymentRow] = DeskTable(model, name, f"Payments that are {name.lower()}")
    model.setParent(table)
    # Both halves keep room for the bar, so that their columns stay in line.
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    half: TableOrEmpty[PaymentRow] = TableOrEmpty(table)
    half.say_when_empty(EmptyText(f"No payment is {name.lower()}", "", Shape.TICK))
    return half


def _title(name: str, rows: tuple[PaymentRow, ...]) -> str:
    return f"{name} - {plural(len(rows), 'payment')}, {sums(row.amount for row in rows if row.amount)}"
