"""Ask under which name a view of a table is to be kept, and whether one is to be forgotten."""

from collections.abc import Callable, Collection

from PySide6.QtWidgets import QLineEdit, QWidget

from cmxero_desktop.ui.widgets.parts import allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet

_MOST_LETTERS = 40


class ViewNameSheet(Sheet):
    """A field for the name; the button says whether a view of that name is replaced."""

    manual_chapter = "Finding, adding up and taking along"

    def __init__(
        self,
        title: str,
        text: str,
        known: Collection[str],
        done: Callable[[str], object],
        parent: QWidget,
        name: str = "",
    ) -> None:
        """Begin with a name; `known` are those that other views of the page have, `done` gets the chosen one."""
        super().__init__(title, text, parent)
        self._known = known
        self.field = QLineEdit(name)
        self.field.setMaxLength(_MOST_LETTERS)
        self.field.setAccessibleName("Name of the view")
        self.note = label("", "muted", is_wrapped=True)
        self.body.addWidget(self.field)
        self.body.addWidget(self.note)
        self.add_button("Cancel", self.reject)
        self.save_button = self.add_button("&Save", self.accept, "primary")
        self.field.textChanged.connect(self._show_note)
        self.accepted.connect(lambda: done(self.name))
        self.choose(self.save_button)
        self._show_note()
        self.field.setFocus()
        self.field.selectAll()

    @property
    def name(self) -> str:
        """The name, without blanks around it."""
        return " ".join(self.field.text().split())

    def _show_note(self) -> None:
        is_known = self.name in self._known
        self.note.setText("There is a view of that name: it is replaced." if is_known else "")
        self.save_button.setText("&Replace" if is_known else "&Save")
        allow(self.save_button, "" if self.name else "Type a name first.")


def ask_to_forget_view(window: QWidget, name: str, forget: Callable[[], object]) -> None:
    """Ask whether a view is to be forgotten."""
    sheet = Sheet("Remove view", f"The view “{name}” is forgotten. No payment and no decision is touched.", window)
    sheet.add_button("Cancel", sheet.reject)
    sheet.choose(sheet.add_button("&Remove view", sheet.accept, "primary"))
    sheet.accepted.connect(forget)
    sheet.open()
