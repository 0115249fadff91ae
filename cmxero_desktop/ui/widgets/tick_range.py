"""Tick from the last tick to the row that one stands on, as lists of files do."""

from collections.abc import Sequence
from typing import Any

from cmxero_desktop.ui.widgets.table_model import RowsModel


class TickRange:
    """Remembers where the last tick was set, by its row's name: rows are sorted and filtered meanwhile."""

    def __init__(self, rows: RowsModel[Any]) -> None:
        """Begin with none."""
        self._rows, self._last = rows, ""

    def tick(self, positions: Sequence[int], current: int, *, is_ticked: bool) -> None:
        """Tick rows, or take their ticks away; of several the current one is where a range goes on."""
        if is_ticked and positions:
            self._last = self._rows.name_at(current if len(positions) > 1 else positions[0])
        self._rows.set_ticked(positions, is_ticked=is_ticked)

    def up_to(self, current: int) -> list[int]:
        """Return the rows from the last one that was ticked, where it is shown, to the current one."""
        last = self._rows.position_of(self._last) if self._last else -1
        first, end = sorted((current, last if last >= 0 else current))
        return [at for at in range(first, end + 1) if self._rows.line_at(at) is None]
