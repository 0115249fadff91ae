"""The tick that has the program start in the tray when a person signs in to this computer; it counts at once."""

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.verbs.commands.computer import SetAutostart
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.ticks import TickBox

_ABOUT = (
    "Checks Xero from the tray without the window being opened, for you on this computer, from the moment of the tick. "
    "Nothing is written without an approval."
)


class AutostartPart(QWidget):
    """A tick and its sentences."""

    def __init__(self, desk: WindowDesk, seen: AutostartSeen, parent: QWidget | None = None) -> None:
        """Show how it is now."""
        super().__init__(parent)
        self._desk = desk
        self.tick = TickBox("Start at si&gn-in")
        self.tick.setAccessibleDescription(as_said(_ABOUT))
        self.said = label("", "muted", is_wrapped=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addWidget(self.tick)
        for sentence in (label(_ABOUT, "muted", is_wrapped=True), self.said):
            # The form would wrap it after a few words.
            sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            layout.addWidget(sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._show(seen)
        self.tick.clicked.connect(self._change)
        desk.troubled.connect(self._take_back)

    def _show(self, seen: AutostartSeen) -> None:
        self._seen = seen
        self.tick.setChecked(seen.is_on)
        self.tick.setEnabled(seen.is_supported)
        self.said.setText(seen.said)

    def _change(self, is_on: bool) -> None:  # noqa: FBT001 - Qt's signal says so
        self.tick.setEnabled(False)
        self._desk.ask(SetAutostart(is_on=is_on), "Changing what starts at sign-in…", self._show)

    def _take_back(self, _trouble: Trouble) -> None:
        self._show(self._seen)
