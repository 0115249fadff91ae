"""Follow when the person looks at the window, and which row they stand on: what is new to them has a dot."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cmxero_desktop.ui.desk.last_look import LastLook
from cmxero_desktop.ui.review.page import ReviewPage


class Looking(QObject):
    """Stands between the window, Review and what is remembered of the last look."""

    def __init__(self, window: QWidget, review: ReviewPage, look: LastLook) -> None:
        """Tell Review what is new."""
        super().__init__(window)
        self._window, self._review, self._look = window, review, look
        review.new.look = look
        review.current_changed.connect(self._see)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that the person goes, and that they come back."""
        if event.type() in {QEvent.Type.WindowDeactivate, QEvent.Type.Hide, QEvent.Type.Close}:
            self._look.leave()
        elif event.type() is QEvent.Type.WindowActivate:
            self._look.come_back()
            self._review.table.viewport().update()
        return super().eventFilter(watched, event)

    def _see(self) -> None:
        """Take the dot from the row on which the person stands, in a window that they look at."""
        row = self._review.table.current_row()
        if row is not None and self._window.isActiveWindow() and self._look.see(row.row_id):
            self._review.table.viewport().update()
