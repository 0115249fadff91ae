"""The key that approves the group of Review in which one stands, and only where some of it is in sight."""

from collections.abc import Sequence

from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.review.groups import GroupHead
from cmxero_desktop.ui.widgets.grouped_table import GroupedTable

_NO_GROUPS = "Groups are approved under View, To approve."
_NO_GROUP = "Choose a row of the group first."
_ONE_BY_ONE = "The rows of this group are decided one by one."


class GroupKey:
    """Presses the button in the head of a group."""

    def __init__(self, table: GroupedTable[ReviewRow], heads: Sequence[GroupHead]) -> None:
        """Keep the table, and the heads of its groups by their number."""
        self._table, self._heads = table, heads

    def why_not(self) -> str:
        """Say why the group of the row that the person stands on cannot be approved as one."""
        rows, head = self._table.rows, self._head()
        if head is None:
            return _NO_GROUP if rows.blocks or not rows.rowCount() else _NO_GROUPS
        if head.approve_button.isHidden():
            return _ONE_BY_ONE
        return "" if head.approve_button.isEnabled() else head.approve_button.toolTip()

    def press(self) -> str:
        """Approve the group; one out of sight comes into it first, and what is returned says so.

        Scrolling leaves the current row behind: a key would act on rows that nobody sees.
        """
        table, head = self._table, self._head()
        if head is None:
            return ""
        seen, current = table.viewport().rect(), table.visualRect(table.currentIndex())
        if seen.intersects(head.geometry()) or seen.intersects(current):
            head.approve_button.click()
            return ""
        table.scrollTo(table.currentIndex())
        return f"{head.title.text()}: its rows were out of sight. Press Ctrl+G again to approve them."

    def _head(self) -> GroupHead | None:
        position, blocks = self._table.currentIndex().row(), self._table.rows.blocks
        found = (block for block in blocks if position in range(block.first, block.first + block.size))
        return next((self._heads[block.group] for block in found), None)
