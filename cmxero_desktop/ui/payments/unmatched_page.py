"""Unmatched: what only Xero has, what only Case Manager has, what was settled another way, and what went back."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSplitter, QVBoxLayout, QWidget

from cmxero_desktop.domain.records import Side
from cmxero_desktop.services.viewing.desk_view import DeskView, MoneyBackRow, PaymentRow, SettlementRow
from cmxero_desktop.ui.payments.columns import (
    money_back_columns,
    money_back_sentence,
    payment_sentence,
    settlement_columns,
    settlement_sentence,
    unmatched_columns,
)
from cmxero_desktop.ui.payments.fold import Fold
from cmxero_desktop.ui.theme.formatting import plural, sums
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.arranged import Arranged, TheseRows
from cmxero_desktop.ui.widgets.parts import label, row
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout
from cmxero_desktop.ui.widgets.table_view import DeskTable


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedTables:
    """The rows of the four tables; those of Case Manager twice, with and without what is set aside."""

    xero: Arranged[PaymentRow]
    case_manager: Arranged[PaymentRow]
    not_set_aside: Arranged[PaymentRow]
    settled: Arranged[SettlementRow]
    money_back: Arranged[MoneyBackRow]

    def prepare(self) -> None:
        """Make what a person may soon ask of any of them."""
        for table in (self.xero, self.case_manager, self.not_set_aside, self.settled, self.money_back):
            table.prepare()


class UnmatchedPage(QWidget):
    """Two tables with the same columns, so that their rows line up, and two folds below."""

    current_changed = Signal()
    filters_cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the page."""
        super().__init__(parent)
        self.xero = _payments("Only in Xero")
        self.case_manager = _payments("Only in Case Manager")
        self.settled = Fold(
            "Settled in Xero another way",
            "Credit notes, overpayments and prepayments; not copied.",
            settlement_columns(),
            lambda row: f"{row.invoice_number}-{row.settlement.number}",
            settlement_sentence,
            lambda row: row.settlement.amount,
        )
        self.money_back = Fold(
            "Money went back in Xero",
            "Refunds of credit notes, overpayments and prepayments; not copied.",
            money_back_columns(),
            lambda row: row.refund.payment_id,
            money_back_sentence,
            lambda row: row.refund.amount,
        )
        self.last: DeskTable[PaymentRow] = self.xero.table
        self.aside_box = QCheckBox("Show what is set &aside")
        self.aside_box.toggled.connect(self._show_case_manager)
        self._halves: UnmatchedTables | None = None
        self._titles = {"xero": label(role="title"), "case": label(role="title")}
        self.settled.button.toggled.connect(self.money_back.fold_away)
        self.money_back.button.toggled.connect(self.settled.fold_away)
        self._lay_out()
        for half in (self.xero, self.case_manager):
            half.table.current_changed.connect(lambda table=half.table: self._on_current(table))
            half.filters_cleared.connect(self.filters_cleared)

    def arranged(self, view: DeskView) -> UnmatchedTables:
        """Return the rows of a view for the four tables; any thread may ask."""
        case = view.unmatched_on(Side.CASE_MANAGER)
        waiting = tuple(row for row in case if not row.is_set_aside)
        half = self.case_manager.table.rows
        return UnmatchedTables(
            xero=self.xero.table.rows.arranged(view.unmatched_on(Side.XERO)),
            case_manager=half.arranged(case),
            not_set_aside=half.arranged(waiting),
            settled=self.settled.model.arranged(view.settled_another_way),
            money_back=self.money_back.model.arranged(view.money_back),
        )

    def show_tables(self, tables: UnmatchedTables) -> None:
        """Show other rows."""
        self._halves = tables
        self._titles["xero"].setText(_title("Only in Xero", tables.xero))
        self.settled.show_rows(tables.settled, "invoice")
        self.money_back.show_rows(tables.money_back, "refund")
        self.xero.table.rows.set_rows(tables.xero)
        self._show_case_manager()

    def _show_case_manager(self) -> None:
        """Show what is to be looked at; what is set aside only where somebody wants to see it."""
        if self._halves is None:
            return
        every, waiting = self._halves.case_manager, self._halves.not_set_aside
        aside = len(every.rows) - len(waiting.rows)
        rows = every if self.aside_box.isChecked() else waiting
        title = _title("Only in Case Manager", rows)
        self._titles["case"].setText(title if len(rows.rows) == len(every.rows) else f"{title}; {aside} set aside")
        self.aside_box.setVisible(bool(aside))
        self.case_manager.table.rows.set_rows(rows)

    def show_named(self, named: TheseRows) -> None:
        """Show these very rows of Case Manager's side, and stand among them."""
        self.last = self.case_manager.table
        self.case_manager.table.rows.set_named(named)

    def set_search(self, text: str) -> None:
        """Show the rows of all four tables in which the words are found."""
        self.xero.table.rows.set_search(text)
        self.case_manager.table.rows.set_search(text)
        self.settled.model.set_search(text)
        self.money_back.model.set_search(text)

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        for key, half in (("xero", self.xero), ("case", self.case_manager)):
            part = QWidget()
            layout = QVBoxLayout(part)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(6)
            layout.addLayout(row(self._titles[key], 1, *([self.aside_box] if key == "case" else [])))
            layout.addWidget(half, 1)
            splitter.addWidget(part)
        layout = page_layout(self)
        layout.addWidget(splitter, 1)
        layout.addLayout(row(self.settled.button, self.money_back.button, 1))
        layout.addWidget(self.settled.table)
        layout.addWidget(self.money_back.table)

    def _on_current(self, table: DeskTable[PaymentRow]) -> None:
        """Let the evidence follow the table in which the person is."""
        if table.hasFocus() or self.last.current_row() is None:
            self.last = table
        self.current_changed.emit()


def _payments(name: str) -> TableOrEmpty[PaymentRow]:
    model: RowsModel[PaymentRow] = RowsModel(
        unmatched_columns(), lambda row: row.row_id, payment_sentence, amount_of=lambda row: row.amount
    )
    table: DeskTable[PaymentRow] = DeskTable(model, name, f"Payments that are {name.lower()}")
    model.setParent(table)
    # Both halves keep room for the bar, so that their columns stay in line.
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    half: TableOrEmpty[PaymentRow] = TableOrEmpty(table)
    half.say_when_empty(EmptyText(f"No payment is {name.lower()}", "", Shape.TICK))
    return half


def _title(name: str, rows: Arranged[PaymentRow]) -> str:
    return f"{name}: {plural(len(rows.rows), 'payment')}, {sums(rows.sums(None))}"
