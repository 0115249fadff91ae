"""The head of the window: who mirrors whom, how fresh it is, Check Xero, and the search."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from cmxero_desktop.ui.content import DeskContent
from cmxero_desktop.ui.freshness import Freshness
from cmxero_desktop.ui.look import Tone, tones_of
from cmxero_desktop.ui.parts import button, frame, label

NAME = "CM-Xero Desk"


def window_title(content: DeskContent | None) -> str:
    """Return the title of the window."""
    state = content.view.state if content else None
    if state is None or not state.organisation_name:
        return NAME
    return f"{NAME} - {state.organisation_name} <-> {state.case_manager_label or 'Case Manager'}"


class Header(QWidget):
    """Two calm lines that are always there."""

    check_asked = Signal()
    search_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the head."""
        super().__init__(parent)
        self.title = label(NAME, "title", size=1.35)
        self.mode = label("")
        self.mode.setAccessibleName("Mode")
        self.freshness = label("", "muted")
        self.freshness.setAccessibleName("Freshness")
        self.check_button = button("Check &Xero", self.check_asked.emit, tip="Read from Xero now (F5)")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search  (Ctrl+F)")
        self.search.setAccessibleName("Search all tables")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(250)
        self.search.textChanged.connect(self.search_changed)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(3)
        self.progress.setAccessibleName("Working")
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.progress.hide()
        self._lay_out()

    def show_content(self, content: DeskContent) -> None:
        """Show names and mode."""
        state = content.view.state
        names = f"{state.organisation_name}  ⟷  {state.case_manager_label or 'Case Manager'}"
        self.title.setText(names if state.organisation_name else NAME)
        self.mode.setText("Mode: Approve" if content.may_write else "Mode: Observe only")
        tone = Tone.CALM if content.may_write else Tone.CAUTION
        tones = tones_of(self.palette())
        self.mode.setStyleSheet(
            f"color: {tones.ink(tone)}; background: {tones.tint(tone)}; border-radius: 4px; padding: 3px 9px;"
        )

    def show_freshness(self, freshness: Freshness) -> None:
        """Show the freshness line."""
        self.freshness.setText(freshness.text)
        self.freshness.setStyleSheet(f"color: {tones_of(self.palette()).ink(freshness.tone)};")

    def show_busy(self, name: str) -> None:
        """Show what the worker does, or that it rests."""
        self.progress.setVisible(bool(name))
        self.progress.setAccessibleDescription(name)

    def show_checking(self, *, is_checking: bool) -> None:
        """Say on the button that a check is under way."""
        self.check_button.setText("Checking…" if is_checking else "Check &Xero")
        self.check_button.setEnabled(not is_checking)

    def _lay_out(self) -> None:
        head = frame("header")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(head)
        outer.addWidget(self.progress)
        column = QVBoxLayout(head)
        column.setContentsMargins(16, 12, 16, 11)
        column.setSpacing(8)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.title)
        first.addStretch(1)
        first.addWidget(self.mode)
        second.addWidget(self.check_button)
        second.addSpacing(8)
        second.addWidget(self.freshness)
        second.addStretch(1)
        second.addWidget(self.search)
        column.addLayout(first)
        column.addLayout(second)
