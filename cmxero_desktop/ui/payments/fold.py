"""A table that is folded away below the others until somebody wants to see it."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.theme.formatting import plural, sums
from cmxero_desktop.ui.widgets.arranged import Arranged
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_HEIGHT = 180

R = TypeVar("R")


class Fold(Generic[R]):
    """A line that says what is below it, and the table that it opens."""

    def __init__(
        self,
        name: str,
        about: str,
        columns: Sequence[Column[R]],
        row_id: Callable[[R], str],
        sentence: Callable[[R], str],
        amount_of: Callable[[R], Money | None],
    ) -> None:
        """Begin folded."""
        self.name = name
        self.model: RowsModel[R] = RowsModel(columns, row_id, sentence, amount_of=amount_of)
        self.table: DeskTable[R] = DeskTable(self.model, name, about)
        self.model.setParent(self.table)
        self.table.setFixedHeight(_HEIGHT)
        self.button = QToolButton()
        self.button.setCheckable(True)
        self.button.setProperty("role", "fold")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.toggled.connect(self._unfold)
        self._unfold(is_open=False)

    def fold_away(self, is_other_open: bool) -> None:  # noqa: FBT001 - the signature of Qt's toggled signal
        """Make room for another fold that was opened."""
        if is_other_open:
            self.button.setChecked(False)

    def show_rows(self, rows: Arranged[R], noun: str) -> None:
        """Show rows, and say behind the name how many they are and what they come to."""
        self.button.setText(f"{self.name}: {plural(len(rows.rows), noun)}, {sums(rows.sums(None))}")
        self.model.set_rows(rows)

    def _unfold(self, is_open: bool) -> None:  # noqa: FBT001 - the signature of Qt's toggled signal
        self.button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.table.setVisible(is_open)
