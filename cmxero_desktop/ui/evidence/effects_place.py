"""Where the evidence says what follows from each answer: above the buttons, or in a low pane with what is scrolled."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QBoxLayout, QWidget
from typing_extensions import override

# So much of what is scrolled has to be seen below the buttons.
_LEAST_SCROLLED = 110


class EffectsPlace(QObject):
    """Moves a text between the part of a pane that stands and the one that is scrolled: what does not fit was cut."""

    def __init__(self, pane: QWidget, above: QBoxLayout, effects: QWidget, scrolled: QBoxLayout) -> None:
        """Keep the parts; `effects` stands in `above` at first, and goes back to its place there."""
        super().__init__(pane)
        self._pane, self._above, self._effects, self._scrolled = pane, above, effects, scrolled
        self._at = above.indexOf(effects)
        # Not by the layout's items: one that goes leaves its place to another object, which Python would take for it.
        holder = effects.parentWidget() or pane
        direct = holder.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        placed = sorted((part for part in direct if above.indexOf(part) >= 0), key=above.indexOf)
        self._others = [part for part in placed if part is not effects]
        self._is_low = False
        pane.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again whenever the pane has another size, or something in it another text."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._settle()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        is_low = self._needed() > self._pane.height()
        if is_low is not self._is_low:
            self._is_low, is_shown = is_low, not self._effects.isHidden()
            place, at = (self._scrolled, 0) if is_low else (self._above, self._at)
            place.insertWidget(at, self._effects)
            # Whatever gets another parent is hidden at first.
            self._effects.setVisible(is_shown)

    def _needed(self) -> int:
        """Return the height in which all that stands is whole, and enough of the rest is seen."""
        margins, gap = self._above.contentsMargins(), self._above.spacing()
        width = self._pane.contentsRect().width() - margins.left() - margins.right()
        shown = [part for part in (*self._others, self._effects) if not part.isHidden()]
        return sum(_height(part, width) + gap for part in shown) + _LEAST_SCROLLED


def _height(part: QWidget, width: int) -> int:
    return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
