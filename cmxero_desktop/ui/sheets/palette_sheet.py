"""The palette (Ctrl+K): every verb by its name, with its key, and why it cannot be done now where it cannot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_SIZE = (760, 520)
_TO_THE_LIST = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


@dataclass(frozen=True, slots=True)
class Listed:
    """One line: what can be done, where it stands, by which key, and why it cannot be done now, or nothing."""

    title: str
    place: str
    key: str
    why_not: str
    run: Callable[[], object]


class PaletteSheet(Sheet):
    """A field to type into, and the verbs that have the words; Enter does the one that is marked."""

    manual_chapter = "Finding, adding up and taking along"

    def __init__(self, verbs: Sequence[Listed], parent: QWidget) -> None:
        """List the verbs as they are at this moment."""
        super().__init__("Do…", "Type a word of what you want to do. Enter does it, Esc goes back.", parent)
        self._window = parent
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type to find")
        self.field.setAccessibleName("What do you want to do?")
        self.field.installEventFilter(self)
        self.model: RowsModel[Listed] = RowsModel(
            _columns(), lambda verb: f"{verb.place}\0{verb.title}", _sentence, self
        )
        self.table: DeskTable[Listed] = DeskTable(self.model, "What can be done", "Every verb of the program")
        self.table.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.answer = label(role="danger", is_wrapped=True)
        self.body.addWidget(self.field)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.answer)
        self.model.set_rows(sorted(verbs, key=lambda verb: bool(verb.why_not)))
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self._do)
        self.table.activated.connect(lambda _: self._do())
        self.table.current_changed.connect(self._show_why_not)
        self.resize(*_SIZE)
        self.table.go_to(0)
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list while the person goes on typing in the field."""
        is_press = watched is self.field and event.type() is QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() in _TO_THE_LIST:
            self.table.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        self.model.set_search(text)
        self.table.go_to(0)
        self._show_why_not()

    def _show_why_not(self) -> None:
        verb = self.table.current_row()
        self.answer.setText(verb.why_not if verb is not None else "Nothing is called so.")

    def _do(self) -> None:
        """Do it once the sheet is gone: what it opens is then not below it."""
        verb = self.table.current_row()
        if verb is None or verb.why_not:
            return
        self.accept()
        QTimer.singleShot(0, self._window, verb.run)


def _columns() -> tuple[Column[Listed], ...]:
    return (
        Column(key="title", title="What", text=lambda verb: verb.title, width=36),
        Column(key="key", title="Key", text=lambda verb: verb.key, width=18),
        Column(key="place", title="Where", text=lambda verb: verb.place, width=14),
        Column(
            key="why_not",
            title="Not now, because",
            text=lambda verb: verb.why_not,
            tooltip=lambda verb: verb.why_not,
            width=30,
            is_stretched=True,
            is_searched=False,
        ),
    )


def _sentence(verb: Listed) -> str:
    key = f", key {verb.key}" if verb.key else ""
    why_not = f" Not now: {verb.why_not}" if verb.why_not else ""
    return f"{verb.title}, in {verb.place}{key}.{why_not}"
