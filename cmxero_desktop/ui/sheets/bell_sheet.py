"""The list behind the bell: what waits, since when and what to do; Enter opens the very rows."""

from collections.abc import Callable, Collection, Sequence
from datetime import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cmxero_desktop.ui.desk.bell import BellItem
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import day, moment
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.column import Below, Column
from cmxero_desktop.ui.widgets.parts import allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty
from cmxero_desktop.ui.widgets.two_lines import TwoLineTable

_SIZE = (980, 420)
# The margins of sheet and cell, and the bar of the table.
_AROUND = 90
_ABOUT = "Each line stays until its cause is gone, here and after a restart. A dot marks what is new to you."


class BellSheet(Sheet):
    """Lists everything that waits; a line opens what it is about."""

    manual_chapter = "Finding, adding up and taking along"
    is_explained = True

    def __init__(
        self,
        items: Sequence[BellItem],
        new: Collection[str],
        open_item: Callable[[BellItem], object],
        parent: QWidget,
    ) -> None:
        """List the items; `new` are the keys of those that nobody has seen."""
        super().__init__("What waits for you", _ABOUT, parent)
        self._window = parent
        self._open_item = open_item
        self.model: RowsModel[BellItem] = RowsModel(_columns(new), lambda item: item.key, _sentence, self)
        self.table: TwoLineTable[BellItem] = TwoLineTable(
            self.model, "What waits", "Everything that waits for a person"
        )
        self.list: TableOrEmpty[BellItem] = TableOrEmpty(self.table)
        self.list.say_when_empty(EmptyText("Nothing waits for you", "", Shape.TICK))
        self.body.addWidget(self.list, 1)
        # The line that is stood on in full: the longest is wider than a laptop's screen.
        self.whole = label("", is_wrapped=True)
        self.body.addWidget(self.whole)
        self.add_button("Close", self.reject)
        self.show_button = self.add_button("&Show", self._show, "primary")
        self.table.current_changed.connect(self._say_whole)
        self.table.activated.connect(lambda _: self._show())
        self.model.set_rows(items)
        allow(self.show_button, "" if items else "Nothing waits.", "Go to the rows of this line (Enter)")
        # What is to be done is read here and nowhere else: the screen alone may cut it.
        words = max((self.table.fontMetrics().horizontalAdvance(item.text) for item in items), default=0)
        self.resize(max(_SIZE[0], words + _AROUND), _SIZE[1])
        self.table.go_to(0)
        self.table.setFocus()

    def _say_whole(self) -> None:
        item = self.table.current_row()
        self.whole.setText(_in_full(item) if item is not None and self._is_cut(item) else "")
        self.whole.setVisible(bool(self.whole.text()))

    def _is_cut(self, item: BellItem) -> bool:
        longest = max(self.table.fontMetrics().horizontalAdvance(words) for words in (item.title, item.text))
        return longest + _AROUND > self.width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say in full what has no room any more."""
        super().resizeEvent(event)
        self._say_whole()

    def _show(self) -> None:
        item = self.table.current_row()
        if item is not None:
            self.accept()
            QTimer.singleShot(0, self._window, lambda: self._open_item(item))


def _columns(new: Collection[str]) -> tuple[Column[BellItem], ...]:
    def title(item: BellItem) -> tuple[Badge, ...]:
        is_new = item.key in new
        return (Badge(item.title, Tone.CALM if is_new else Tone.PLAIN, Shape.DOT if is_new else None, is_filled=False),)

    return (
        Column(
            key="title",
            title="What, and what to do",
            text=lambda item: item.title,
            badges=title,
            below=lambda item: Below(item.text),
            tooltip=_in_full,
            runs_on=True,
            width=54,
            is_stretched=True,
        ),
        Column(
            key="since",
            title="Since",
            text=_since,
            sort_key=lambda item: (int(item.since.timestamp()), ""),
            width=20,
        ),
    )


def _in_full(item: BellItem) -> str:
    return f"{item.title.removesuffix('.')}. {item.text}"


def _since(item: BellItem) -> str:
    """Return since when it waits; of the SOR watch only the day is known."""
    local = item.since.astimezone()
    return moment(item.since) if local.time() != time.min else day(local.date())


def _sentence(item: BellItem) -> str:
    return f"{item.title} Since {_since(item)}. {item.text}".replace("..", ".")
