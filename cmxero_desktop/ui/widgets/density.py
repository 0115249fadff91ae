"""How high the rows of every table are: as many as possible in view, or with room to breathe."""

from enum import StrEnum

from PySide6.QtGui import QFontMetrics


class Density(StrEnum):
    """A choice of the person at the desk, for all tables alike."""

    COMPACT = "compact"
    NORMAL = "normal"
    ROOMY = "roomy"


_LEAST = {Density.COMPACT: 24, Density.NORMAL: 28, Density.ROOMY: 34}
_BESIDE_THE_TEXT = {Density.COMPACT: 6, Density.NORMAL: 14, Density.ROOMY: 20}


def row_height(metrics: QFontMetrics, density: Density = Density.NORMAL) -> int:
    """Return the height of every row in pixels: one line of text, and never too little to be hit."""
    return max(_LEAST[density], metrics.height() + _BESIDE_THE_TEXT[density])
