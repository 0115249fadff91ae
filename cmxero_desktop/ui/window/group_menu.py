"""The menu of groups beside the tabs: by which column the rows of a table lie in groups, and folding all of them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from cmxero_desktop.ui.sheets.palette_sheet import Listed
from cmxero_desktop.ui.widgets.parts import allow, button
from cmxero_desktop.ui.widgets.subtotals import columns_worth_sums
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.pages import Pages

NO_GROUPS_HERE = "The rows of this page lie in no groups."
NOT_GROUPED = "Group the rows first (Ctrl+Shift+B)."
_TIP = "Let rows lie in groups that fold, each with its count and sum (Ctrl+Shift+B)"


class GroupMenu:
    """Acts on the table of the page that is shown."""

    def __init__(self, window: QWidget, pages: Pages, say: Callable[[str], object]) -> None:
        """Make the button; `say` tells what cannot be done."""
        self._window, self._pages, self._say = window, pages, say
        self.button = button("Group", self.open, "small", tip=_TIP)
        pages.currentChanged.connect(lambda _: self._allow())
        self._allow()

    def why_not(self) -> str:
        """Say why the rows of this page cannot lie in groups."""
        return "" if self._table() is not None else NO_GROUPS_HERE

    def why_not_fold(self) -> str:
        """Say why there is nothing to fold."""
        table = self._table()
        return self.why_not() if table is None else "" if table.rows.grouping is not None else NOT_GROUPED

    def open(self) -> QMenu | None:
        """Open the menu below its button (Ctrl+Shift+B)."""
        table = self._table()
        if table is None:
            self._say(NO_GROUPS_HERE)
            return None
        menu, grouping = QMenu("Group", self._window), table.rows.grouping
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = grouping.column if grouping is not None else -1
        for position, key, title in ((-1, "", "No groups"), *_ways(table)):
            action = menu.addAction(title if position < 0 else f"By {title}")
            action.setCheckable(True)
            action.setChecked(position == at)
            action.triggered.connect(partial(self._group_by, table, key))
        menu.addSeparator()
        for title, are_folded in (("&Fold all\tCtrl+Shift+Left", True), ("&Unfold all\tCtrl+Shift+Right", False)):
            action = menu.addAction(title)
            action.setEnabled(grouping is not None)
            action.triggered.connect(partial(self._fold, are_folded=are_folded))
        menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height())))
        return menu

    def fold_all(self) -> None:
        """Fold all groups (Ctrl+Shift+Left)."""
        self._fold(are_folded=True)

    def unfold_all(self) -> None:
        """Unfold all groups (Ctrl+Shift+Right)."""
        self._fold(are_folded=False)

    def listed(self) -> Iterator[Listed]:
        """Yield what the palette has of this page."""
        table, place = self._table(), self._pages.name_of_page()
        if table is not None:
            for _, key, title in _ways(table):
                yield Listed(f"Group by {title}", place, "", "", partial(self._group_by, table, key))
            yield Listed("No groups", place, "", self.why_not_fold(), partial(self._group_by, table, ""))

    def _group_by(self, table: DeskTable[Any], key: str, _is_checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's triggered signal adds it
        table.group_by(key)
        table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fold(self, _is_checked: bool = False, *, are_folded: bool) -> None:  # noqa: FBT001, FBT002 - Qt's triggered signal adds it
        table = self._table()
        if table is None or self.why_not_fold():
            self._say(self.why_not_fold())
        else:
            table.folding.fold_all(are_folded=are_folded)

    def _table(self) -> DeskTable[Any] | None:
        return self._pages.viewed_table()

    def _allow(self) -> None:
        allow(self.button, self.why_not(), _TIP)


def _ways(table: DeskTable[Any]) -> list[tuple[int, str, str]]:
    """Return position, key and title of each column by which rows may lie in groups."""
    columns = table.rows.columns
    return [(position, columns[position].key, title) for position, title in columns_worth_sums(columns)]
