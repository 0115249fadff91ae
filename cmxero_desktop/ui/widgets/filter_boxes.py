"""The boxes that filter one page, by names that last: what is chosen in them can be kept, and be chosen again."""

from collections.abc import Mapping

from PySide6.QtWidgets import QCheckBox, QComboBox

FilterBox = QComboBox | QCheckBox
_TICKED = "yes"


class FilterBoxes:
    """Reads and chooses what stands in the boxes; at first that is the first line of a list, and no tick."""

    def __init__(self, boxes: Mapping[str, FilterBox]) -> None:
        """Keep the boxes by their lasting names."""
        self._boxes = dict(boxes)

    def chosen(self) -> dict[str, str]:
        """Return what stands in those boxes in which anything was chosen."""
        return {name: text for name, box in self._boxes.items() if (text := _chosen_in(box))}

    def choose(self, wanted: Mapping[str, str]) -> None:
        """Choose this, and in all other boxes what stood there at first; what a box does not know is not chosen."""
        for name, box in self._boxes.items():
            if isinstance(box, QComboBox):
                box.setCurrentIndex(max(box.findText(wanted.get(name, "")), 0))
            else:
                box.setChecked(wanted.get(name) == _TICKED)


def _chosen_in(box: FilterBox) -> str:
    if isinstance(box, QComboBox):
        return box.currentText() if box.currentIndex() > 0 else ""
    return _TICKED if box.isChecked() else ""
