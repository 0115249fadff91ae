"""Mark in a cell what a person searched for."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

_ROOM_ABOVE = 1


def spans_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return from where to where folded words stand in a text, in order; those that touch are one."""
    folded = text.lower()
    # A letter that is two when it is small would shift all that follow it.
    if len(folded) != len(text):
        return []
    found: list[tuple[int, int]] = []
    for word in words:
        at = folded.find(word) if word else -1
        while at >= 0:
            found.append((at, at + len(word)))
            at = folded.find(word, at + 1)
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def mark_words(
    painter: QPainter,
    metrics: QFontMetrics,
    area: QRect,
    text: str,
    words: Sequence[str],
    colour: str,
    *,
    is_right: bool,
) -> None:
    """Paint the ground of the words that are found in a text, before the text is painted in the same area."""
    if not words or not (spans := spans_of(text, words)):
        return
    left = area.right() + 1 - metrics.horizontalAdvance(text) if is_right else area.left()
    height = metrics.height() + 2 * _ROOM_ABOVE
    top = area.top() + (area.height() - height) // 2
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    for begin, end in spans:
        at = metrics.horizontalAdvance(text[:begin])
        painter.drawRect(QRect(left + at, top, metrics.horizontalAdvance(text[:end]) - at, height))
    painter.restore()
