"""How a person folds the groups of a table: by keys, by a click on a line, and all of them at once."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from cmxero_desktop.ui.widgets.table_model import RowsModel

_LEFT_RIGHT = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})


class Folding:
    """Folds and unfolds the groups of one table, and keeps the person's place: on the line of what is folded away."""

    def __init__(self, rows: RowsModel[Any], place: Callable[[], int], go_to: Callable[[int], object]) -> None:
        """Keep the rows; `place` says where the person stands, `go_to` leads there."""
        self._rows, self._place, self._go_to = rows, place, go_to

    def take_key(self, event: QKeyEvent) -> bool:
        """Fold with Left, which goes from a row to its line first, and unfold with Right; say whether it was that."""
        rows, position = self._rows, self._place()
        is_plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if rows.grouping is None or event.key() not in _LEFT_RIGHT or not is_plain:
            return False
        line, is_left = rows.line_at(position), event.key() == Qt.Key.Key_Left
        if line is None:
            if is_left:
                self._go_to(rows.line_above(position))
        elif line.is_folded is not is_left:
            rows.fold(line, is_folded=is_left)
        elif not is_left:
            self._go_to(position + 1)
        return True

    def take_space(self, positions: Sequence[int]) -> bool:
        """Tick or untick the group on whose line the person stands; a folded one unfolds, so that nothing is unseen."""
        position = positions[0] if positions else self._place()
        return not positions and self._press_box(position)

    def take_click(self, position: int, *, is_on_box: bool) -> bool:
        """Take a click on a line: on its box it ticks, elsewhere it folds or unfolds; say whether there is a line."""
        line = self._rows.line_at(position)
        if line is None:
            return False
        if is_on_box:
            return self._press_box(position)
        self._go_to(position)
        self._rows.fold(line, is_folded=not line.is_folded)
        return True

    def fold_all(self, *, are_folded: bool) -> None:
        """Fold all groups, standing on the line of the row that the person stood on, or unfold all."""
        rows, position = self._rows, self._place()
        if are_folded and rows.grouping is not None:
            self._go_to(rows.line_above(position))
        rows.fold_all(are_folded=are_folded)

    def _press_box(self, position: int) -> bool:
        rows, line = self._rows, self._rows.line_at(position)
        if line is None:
            return False
        if line.is_folded:
            rows.fold(line, is_folded=False)
        else:
            rows.set_line_ticked(line, position, is_ticked=rows.ticks_of(line) < line.size)
        return True
