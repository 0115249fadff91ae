"""Words beside the buttons of a sheet for why one of them is closed: a grey button by itself gives no cause."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget
from typing_extensions import override

from cmxero_desktop.ui.widgets.parts import PlainLabel, in_role
from cmxero_desktop.ui.widgets.room import room_of

# In less than that half a line would be each word; what it has not in width it takes in lines.
_LEAST = 150


class ClosedWords(PlainLabel):
    """Says the reasons of the closed buttons in a row of buttons, unless the sheet says them elsewhere already."""

    def __init__(self, sheet: QWidget, buttons: QHBoxLayout) -> None:
        """Stand among the buttons, hidden while all of them can be pressed."""
        super().__init__("")
        in_role(self, "muted")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.hide()
        self._sheet = sheet
        self._watched: list[QPushButton] = []
        buttons.addWidget(self, 100)
        sheet.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again whenever a button or a sentence of the sheet has changed, and before it is seen."""
        if watched is self._sheet and event.type() in {QEvent.Type.Show, QEvent.Type.LayoutRequest}:
            self._say()
        elif watched is not self._sheet and event.type() in {QEvent.Type.EnabledChange, QEvent.Type.ToolTipChange}:
            # The other half of the change comes after this one.
            QCoreApplication.postEvent(self._sheet, QEvent(QEvent.Type.LayoutRequest))
        return super().eventFilter(watched, event)

    def watch(self, button: QPushButton) -> None:
        """Follow a button too: often nothing else of the sheet changes when it is closed or opened."""
        # A layout is not asked for its items: one that goes leaves its place to another object of Qt, which Python
        # would then take for it.
        self._watched.append(button)
        button.installEventFilter(self)

    def _say(self) -> None:
        reasons = dict.fromkeys(b.toolTip() for b in self._closed() if b.toolTip())
        elsewhere = "\n".join(
            each.text() for each in self._sheet.findChildren(QLabel) if each is not self and not each.isHidden()
        )
        text = " ".join(reason for reason in reasons if reason not in elsewhere)
        if text != self.text():
            self.setText(text)
            self.setMinimumWidth(min(self.fontMetrics().horizontalAdvance(text) + 4, _LEAST) if text else 0)
            self.setVisible(bool(text))
        self._make_room()

    def _make_room(self) -> None:
        """Widen a sheet that is open already, as far as its screen goes: these words cut those of no button."""
        layout = self._sheet.layout()
        if layout is not None and self.isVisible():
            wanted = min(layout.totalMinimumSize().width(), room_of(self._sheet).width())
            self._sheet.resize(max(self._sheet.width(), wanted), self._sheet.height())

    def _closed(self) -> list[QPushButton]:
        return [each for each in self._watched if not each.isHidden() and not each.isEnabled()]
