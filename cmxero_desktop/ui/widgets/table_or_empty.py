"""A page with one table, its search, its count line, and what it says when it is empty."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from cmxero_desktop.ui.theme.formatting import count
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.column import R
from cmxero_desktop.ui.widgets.parts import EmptyState, button, label, row
from cmxero_desktop.ui.widgets.table_view import DeskTable


@dataclass(frozen=True, slots=True)
class EmptyText:
    """What an empty table says."""

    title: str
    text: str = ""
    shape: Shape | None = None
    action: tuple[str, Callable[[], object]] | None = None


NOT_KNOWN = EmptyText("Not known yet", "Xero was not checked, so nothing can be said of it.")
"""What every page says that lists what a check finds, before the first one."""


class TableOrEmpty(QWidget, Generic[R]):
    """Shows a table, or in its place why there is nothing to show."""

    filters_cleared = Signal()

    def __init__(self, table: DeskTable[R], parent: QWidget | None = None) -> None:
        """Take the table in."""
        super().__init__(parent)
        self.table = table
        self.empty = EmptyState()
        self._text = EmptyText("Reading…")
        self.total: Callable[[], int] = lambda: table.rows.total_rows
        self._only_text = label(role="muted")
        self._only = QWidget()
        all_button = button("Show all", table.rows.show_every, "chip", tip="Take this filter away")
        self._only.setLayout(row(self._only_text, all_button, 1))
        self._only.hide()
        self._stack = QStackedLayout()
        self._stack.addWidget(table)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._only)
        layout.addLayout(self._stack, 1)
        table.rows.shown_changed.connect(self._choose)
        self._choose()

    @property
    def is_empty(self) -> bool:
        """Whether the empty state is shown."""
        return self._stack.currentWidget() is self.empty

    def say_when_empty(self, text: EmptyText) -> None:
        """Set what is said when there are no rows at all."""
        self._text = text
        self._choose()

    def _choose(self) -> None:
        rows = self.table.rows
        column, text = rows.only or (0, "")
        parts = [f"{rows.columns[column].title}: {text or 'none'}"] if rows.only is not None else []
        parts += [rows.named.why] if rows.named is not None else []
        self._only.setVisible(bool(parts))
        self._only_text.setText(f"Only {'; '.join(parts)}")
        if rows.rows_shown:
            self._stack.setCurrentWidget(self.table)
            return
        if total := self.total():
            self.empty.say(
                f"0 of {count(total)} shown",
                "The search or a filter hides every row.",
                action=("Clear filters", self.filters_cleared.emit),
            )
        else:
            self.empty.say(self._text.title, self._text.text, self._text.shape, self._text.action)
        self._stack.setCurrentWidget(self.empty)


def page_layout(page: QWidget) -> QVBoxLayout:
    """Give a page the margins that all pages have."""
    layout = QVBoxLayout(page)
    use_margins(page)
    return layout


def use_margins(page: QWidget, *, is_small: bool = False) -> None:
    """Give a page the margins that all pages have, or those on a small screen."""
    if (layout := page.layout()) is not None:
        layout.setContentsMargins(*((8, 2, 8, 2) if is_small else (12, 6, 12, 6)))
        layout.setSpacing(2 if is_small else 6)
