"""Fields below each other with their names beside them, each name at the height of what it names."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from cmxero_desktop.ui.widgets.parts import label


def form(rows: Sequence[tuple[str, QWidget]]) -> QFormLayout:
    """Return fields with their names beside them, or above where the window is narrow."""
    made = QFormLayout()
    made.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    made.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    made.setHorizontalSpacing(14)
    made.setVerticalSpacing(8)
    for name, widget in rows:
        text = label(name)
        if name:
            text.setBuddy(widget)
        if name and not isinstance(widget, QLabel):
            # Beside a sentence of several lines it stands at the first one.
            text.setMinimumHeight(widget.sizeHint().height())
        made.addRow(text, widget)
    return made
