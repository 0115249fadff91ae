"""How well one colour is seen on another."""

import math

from PySide6.QtGui import QColor


def contrast(ink: str, ground: str) -> float:
    """Return how far two colours stand apart, as WCAG counts it: 1 to 21."""

    def luminance(colour: str) -> float:
        made = QColor(colour)
        channels = ((0.2126, made.redF()), (0.7152, made.greenF()), (0.0722, made.blueF()))
        return sum(
            weight * (c / 12.92 if c <= 0.03928 else math.pow((c + 0.055) / 1.055, 2.4)) for weight, c in channels
        )

    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
