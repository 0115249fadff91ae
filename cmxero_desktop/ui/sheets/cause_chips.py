"""The causes above the debtors: each with its invoices and its sum, and pressed, only its invoices are shown."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_lists import CauseTotal
from cmxero_desktop.ui.sheets.debtor_columns import figure
from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.formatting import count, plural
from cmxero_desktop.ui.theme.icons import Shape, shape_pixmap
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import Choice, button, row
from cmxero_desktop.ui.widgets.wrapping import WrappingLayout

_ICON = 13
_ALL_CAUSES = "All causes"


class CauseChips(QWidget):
    """A chip for each cause; at most one is pressed."""

    chosen = Signal()

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.current: CauseTotal | None = None
        self.chips: dict[Cause, QPushButton] = {}
        self.wrapping = WrappingLayout()
        self.setLayout(self.wrapping)
        # As high as its lines are in the width that it has, not in the width that it would like.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_causes(self, causes: Sequence[CauseTotal]) -> None:
        """Show the causes in the order in which they come."""
        for chip in self.chips.values():
            self.wrapping.removeWidget(chip)
            chip.deleteLater()
        self.current = None
        self.chips = {one.cause: self._chip(one) for one in causes}
        self.updateGeometry()

    def _chip(self, one: CauseTotal) -> QPushButton:
        made = button(chip_text(one), lambda: self._press(one), "chip", tip=one.step)
        made.setCheckable(True)
        made.setAccessibleName(
            as_said(f"{one.cause}: {plural(one.invoices, 'invoice')}, {figure(one.amount)}. {one.step}")
        )
        tones = tones_of(self.palette())
        if one.amount is None or one.cause is Cause.NOT_EXPLAINED:
            made.setIcon(self._icon(Shape.CROSS, tones.ink(Tone.DANGER)))
        elif one.counts_twice:
            made.setIcon(self._icon(Shape.TRIANGLE, tones.ink(Tone.CAUTION)))
        if not made.icon().isNull():
            made.setText(f" {made.text()}")
        self.wrapping.addWidget(made)
        return made

    def _icon(self, shape: Shape, colour: str) -> QIcon:
        return QIcon(shape_pixmap(shape, colour, _ICON, self.devicePixelRatioF()))

    def _press(self, one: CauseTotal) -> None:
        """Choose a cause, or all of them where it was chosen already."""
        self.current = None if self.current == one else one
        for cause, chip in self.chips.items():
            chip.setChecked(self.current is not None and cause is self.current.cause)
        self.chosen.emit()


class CauseChoice(QWidget):
    """The same causes as a list to choose from, for a screen without room for chips."""

    chosen = Signal()

    def __init__(self) -> None:
        """Offer nothing yet."""
        super().__init__()
        self.current: CauseTotal | None = None
        self.choice = Choice("Cause", [])
        self._causes: tuple[CauseTotal, ...] = ()
        self.setLayout(row(self.choice, 1))
        self.choice.currentIndexChanged.connect(self._choose)

    def show_causes(self, causes: Sequence[CauseTotal]) -> None:
        """Offer the causes in the order in which they come."""
        self._causes, self.current = tuple(causes), None
        self.choice.clear()
        self.choice.addItems([_ALL_CAUSES, *(as_said(chip_text(one)) for one in causes)])

    def _choose(self, place: int) -> None:
        self.current = self._causes[place - 1] if place > 0 else None
        self.chosen.emit()


def chip_text(one: CauseTotal) -> str:
    """Write a cause with its invoices and its sum; words that only say "unknown" twice are left out."""
    words = one.cause.value if one.amount is not None else one.cause.value.removeprefix("unknown: ")
    return f"{words}  {count(one.invoices)}  {figure(one.amount)}"
