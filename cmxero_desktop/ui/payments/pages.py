"""Matched and Skipped: one table each."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.services.viewing.desk_view import PaymentRow
from cmxero_desktop.ui.payments.columns import Stands, payment_sentence, stands
from cmxero_desktop.ui.theme.formatting import count, sums
from cmxero_desktop.ui.widgets.arranged import Arranged
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.widgets.two_lines import TwoLineTable


class PaymentPage(QWidget):
    """A table of placed payments with a total line, which adds up each side by itself."""

    current_changed = Signal()
    filters_cleared = Signal()

    def __init__(
        self,
        name: str,
        description: str,
        columns: Sequence[Column[PaymentRow]],
        empty: EmptyText,
        parent: QWidget | None = None,
    ) -> None:
        """Build the page."""
        super().__init__(parent)
        self.model: RowsModel[PaymentRow] = RowsModel(
            columns, lambda row: row.row_id, payment_sentence, self, facet_of=stands, amount_of=lambda row: row.amount
        )
        has_two_lines = any(column.has_second_line for column in columns)
        kind: type[DeskTable[PaymentRow]] = TwoLineTable if has_two_lines else DeskTable
        self.table: DeskTable[PaymentRow] = kind(self.model, name, description)
        self.body: TableOrEmpty[PaymentRow] = TableOrEmpty(self.table)
        self.body.say_when_empty(empty)
        self.total_label = label(role="muted")
        layout = page_layout(self)
        layout.addWidget(label(description, "muted"))
        layout.addWidget(self.body, 1)
        layout.addWidget(self.total_label)
        self.model.shown_changed.connect(self._show_total)
        self.table.current_changed.connect(self.current_changed)
        self.body.filters_cleared.connect(self.filters_cleared)

    def show_rows(self, rows: Arranged[PaymentRow]) -> None:
        """Show other rows."""
        self.model.set_rows(rows)

    def set_search(self, text: str) -> None:
        """Show the rows in which the words are found."""
        self.model.set_search(text)

    def _show_total(self) -> None:
        shown, total = self.model.rowCount(), self.model.total_rows
        of_all = f" of {count(total)}" if shown != total else ""
        self.total_label.setText(f"{count(shown)}{of_all} shown{self._sums()}")

    def _sums(self) -> str:
        """Say what the shown rows come to, each side by itself: nothing is what both come to."""
        found = {side: (rows, sums(amounts)) for side, rows, amounts in self.model.shown_by_facet()}
        if len(found) > 1:
            return ": " + "; ".join(
                f"{count(found[s][0])} {s}, {found[s][1] or 'no amount'}" for s in Stands if s in found
            )
        (side, (_, summed)) = found.popitem() if found else (Stands.NOWHERE, (0, ""))
        if side is Stands.NOWHERE or not summed:
            return ""
        return f", {summed} in all" if side is Stands.IN_BOTH else f" {side}, {summed} in all"
