"""The two boxes that leave in a table what one kind of change, or one flag, is about."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.ui.theme.words import FLAG_WORD, KIND_WORD
from cmxero_desktop.ui.widgets.parts import Choice, label

_ALL = "All"
_NO_FLAG = "No flag"
_FLAG_LETTERS = 18

Keep = Callable[[ProposalKind | None, frozenset[Flag]], bool]
"""Says of what is proposed for a row, None and no flags where nothing is, whether the row stays."""


class ProposalFilters(QObject):
    """A box for the change, one for the flag; `changed` tells when others are meant."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin with all of them."""
        super().__init__(parent)
        self.kind_box = Choice("Change", [_ALL, *KIND_WORD.values()])
        self.flag_box = Choice("Flag", [_ALL, _NO_FLAG, *FLAG_WORD.values()])
        # The longest flag would make the page as wide as a small screen.
        self.flag_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.flag_box.setMinimumContentsLength(_FLAG_LETTERS)
        for box in (self.kind_box, self.flag_box):
            box.currentIndexChanged.connect(self.changed)

    def widgets(self) -> Iterator[QWidget]:
        """Yield the boxes, each behind its name."""
        for name, box in (("Change", self.kind_box), ("Flag", self.flag_box)):
            yield label(name, "muted")
            yield box

    def clear(self) -> None:
        """Leave all."""
        self.kind_box.setCurrentIndex(0)
        self.flag_box.setCurrentIndex(0)

    def keep(self) -> Keep:
        """Return what is meant now, as a question to each row."""
        kind = next((k for k, word in KIND_WORD.items() if word == self.kind_box.currentText()), None)
        flag = self.flag_box.currentText()
        return lambda of_kind, flags: kind in {None, of_kind} and _has_flag(flag, flags)


def _has_flag(wanted: str, flags: frozenset[Flag]) -> bool:
    if wanted == _ALL:
        return True
    if wanted == _NO_FLAG:
        return not flags
    return any(FLAG_WORD[flag] == wanted for flag in flags)
