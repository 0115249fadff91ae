"""What every page of the first-run wizard is made of: a title, a lead, fields with names, and a place for sentences."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import PlainLabel, label

_FIELD_WIDTH = 220
_NUMBER_WIDTH = 90


class WizardPage(QWidget):
    """One page. It says why one cannot go on yet, and `changed` whenever that may be different.

    `ready` says that what it had to do has been done, so that the next step is to go on.
    """

    changed = Signal()
    ready = Signal()

    def __init__(self, title: str, lead: str) -> None:
        """Be empty; parts are added to `body`."""
        super().__init__()
        self.title = title
        self.lead = lead
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(2, 2, 8, 2)
        self.body.setSpacing(12)
        self.said = Said(self)

    @property
    def why_stay(self) -> str:
        """Why one cannot go on; empty where one can."""
        return ""

    @property
    def is_busy(self) -> bool:
        """Whether something runs that must end or be cancelled first."""
        return False

    @property
    def has_input(self) -> bool:
        """Whether something was entered that would be lost."""
        return False

    @property
    def wish(self) -> QPushButton | None:
        """The button that Enter presses while one cannot go on."""
        return None

    def enter(self) -> None:
        """Stand on the first field; called when the page comes to the front."""


class Said(PlainLabel):
    """The sentence on a page that says what happened; screen readers find it by its name."""

    def __init__(self, parent: QWidget) -> None:
        """Say nothing yet."""
        super().__init__(parent=parent)
        self.setWordWrap(True)
        # With a focus of its own, it is where a keyboard stands while something runs.
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("What happened")
        self.say("")

    def say(self, text: str, *, is_bad: bool = False) -> None:
        """Say something, in the colour of trouble where it is trouble."""
        self.setText(text)
        self.setAccessibleDescription(as_said(text))
        self.setVisible(bool(text))
        give_role(self, "danger" if is_bad else "")

    def refuse(self, error: Exception) -> None:
        """Say what did not work and what to do about it."""
        trouble = Trouble.of(error)
        self.say(f"{trouble.message}\n{trouble.remedy}".strip(), is_bad=True)


def give_role(widget: QWidget, role: str) -> None:
    """Change the look of a widget that is shown already."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def field(name: str, hint: str = "") -> QLineEdit:
    """Return a line to write in; `name` is for screen readers."""
    made = QLineEdit()
    made.setAccessibleName(as_said(name))
    made.setPlaceholderText(hint)
    made.setMinimumWidth(_FIELD_WIDTH)
    return made


class NumberField(QLineEdit):
    """A whole number from 0 or another least up to a most."""

    def __init__(self, name: str, value: int, least: int, most: int) -> None:
        """Show the value; `name` is for screen readers."""
        super().__init__(str(value))
        self._least = least
        self._most = most
        self.setValidator(QIntValidator(0, most, self))
        self.setAccessibleName(as_said(name))
        self.setFixedWidth(_NUMBER_WIDTH)

    @property
    def value(self) -> int | None:
        """The number, None where there is none that fits."""
        text = self.text().strip()
        number = int(text) if text.isdecimal() else -1
        return number if self._least <= number <= self._most else None


def note(text: str) -> QLabel:
    """Return a sentence that explains the field above it."""
    made = label(text, "muted", is_wrapped=True)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return made
