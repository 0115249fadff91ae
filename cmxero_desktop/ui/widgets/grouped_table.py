"""A table whose rows lie in groups, each below a head of its own; the rows of one group have two lines."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cmxero_desktop.ui.widgets.column import R
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.two_lines import TwoLineTable

_AROUND_HEAD = 10


class GroupedTable(TwoLineTable[R]):
    """Keeps room above the first row of each group for that group's head, which is a widget and no row."""

    def __init__(
        self,
        model: RowsModel[R],
        name: str,
        description: str,
        heads: Sequence[QWidget],
        *,
        tall_group: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """Show the model; `heads` are the heads of the groups by their number."""
        self._heads = tuple(heads)
        self._tall_group = tall_group
        self._tall = range(0)
        self._leads: dict[int, int] = {}
        # How the rows lay when they were sized last: sorting leaves most of them as they are.
        self._laid: tuple[object, ...] = ()
        super().__init__(model, name, description, parent)
        for head in self._heads:
            head.setParent(self.viewport())
        self._place_heads()

    def lead_of(self, position: int) -> int:
        """Return how much room, in pixels, is kept above what a row says."""
        return self._leads.get(position, 0)

    def is_tall(self, position: int) -> bool:
        """Say whether a row has two lines: of grouped rows those of one group, else all."""
        return not self._leads or position in self._tall

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the heads as wide as the table."""
        super().resizeEvent(event)
        self._place_heads()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Keep the heads above their rows."""
        super().scrollContentsBy(dx, dy)
        self._place_heads()

    def size_rows(self) -> None:
        """Give most rows the height that most have, and the others one of their own."""
        blocks = self.rows.blocks
        head = self.fontMetrics().height() + _AROUND_HEAD
        tall = next((block for block in blocks if block.group == self._tall_group), None)
        self._tall = range(tall.first, tall.first + tall.size) if tall is not None else range(0)
        self._leads = {block.first: head for block in blocks}
        one, two = self.height_of_one(), self.height_of_two()
        usual = one if blocks else two
        header = self.verticalHeader()
        laid = (self._tall, tuple(self._leads), usual, two, header.count())
        if laid == self._laid and not self._sized_lines:
            self._place_heads()
            return
        self._laid = laid
        sized = {*self._tall, *self._leads}
        header.setDefaultSectionSize(usual)
        # While it may paint, Qt looks for the place of a row that is sized, which takes longer the more rows there are.
        header.setUpdatesEnabled(False)
        # And it gives rows that had a height of their own no other one with the default, nor with a reset.
        for position in self._sized - sized:
            if position < header.count():
                self.give_height(position, usual)
        for position in sized:
            own = two if position in self._tall else usual
            self.give_height(position, own + self._leads.get(position, 0))
        header.setUpdatesEnabled(True)
        self._sized = sized
        self._place_heads()

    def _place_heads(self) -> None:
        shown = {block.group: block.first for block in self.rows.blocks}
        for group, head in enumerate(self._heads):
            if group in shown:
                first = shown[group]
                head.setGeometry(0, self.rowViewportPosition(first), self.viewport().width(), self.lead_of(first))
            head.setVisible(group in shown)
