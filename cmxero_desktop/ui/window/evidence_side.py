"""Show either the rows or the evidence where a window has no room for both: Enter looks at a row, Esc goes back."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmxero_desktop.ui.evidence.pane import EvidencePane
from cmxero_desktop.ui.widgets.parts import button, row
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages

_MARGINS = (12, 0, 12, 10)
_SMALL_MARGINS = (12, 0, 12, 4)


class EvidenceSide(QWidget):
    """The side of the window on which the evidence stands; in a small window it takes turns with the rows."""

    def __init__(self, pages: Pages, evidence: EvidencePane) -> None:
        """Stand beside the pages, as in a window that has room for both."""
        super().__init__()
        self._pages, self._evidence = pages, evidence
        self._is_small = self._is_looked_at = False
        pages.look_asked.connect(self.look)
        self.back_button = button("Rows", self.go_back, "small", tip="Back to the rows (Esc)")
        self._above = QWidget()
        previous, following = button("Previous", lambda: self._step(-1), "small"), button("Next", self._step, "small")
        self._above.setLayout(row(self.back_button, 1, previous, following))
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(*_MARGINS)
        self._lines.setSpacing(2)
        self._lines.addWidget(self._above)
        self._lines.addWidget(evidence)
        self._above.hide()
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        # The way back to another sheet has the same key.
        for signal in (escape.activated, escape.activatedAmbiguously):
            signal.connect(self.go_back)
        for page in (pages.review, pages.matched, pages.unmatched, pages.skipped):
            page.table.activated.connect(lambda _: self.look())
        pages.currentChanged.connect(lambda _: self.show_rows())
        pages.row_changed.connect(self._follow_row)

    def follow(self, header: Header) -> None:
        """Show the rows to whoever searches them."""
        for asked in (header.search_changed, header.period.changed):
            asked.connect(self.show_rows)

    def use_small(self, *, is_small: bool) -> None:
        """Take turns with the rows, or stand beside them again."""
        if is_small is not self._is_small:
            self._is_small, self._is_looked_at = is_small, False
            self._lines.setContentsMargins(*(_SMALL_MARGINS if is_small else _MARGINS))
            self._share()

    def look(self) -> None:
        """Show the evidence of the row that the person stands on in the place of the rows."""
        if self._is_small and self._pages.shown_row() is not None:
            self._is_looked_at = True
            self._share()
            self._evidence.first_button().setFocus(Qt.FocusReason.OtherFocusReason)

    def go_back(self) -> None:
        """Show the rows again, and stand on the one that was looked at."""
        self.show_rows()
        table = self._pages.table()
        if self._is_small and table is not None:
            table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_rows(self) -> None:
        """Show the rows, whatever was looked at."""
        self._is_looked_at = False
        self._share()

    def _follow_row(self) -> None:
        """Go back once there is no row left to look at, and offer none."""
        if self._is_looked_at and self._pages.shown_row() is None:
            self.go_back()
        elif self._is_small:
            self._share()

    def _step(self, step: int = 1) -> None:
        """Look at the row after this one, or at one before it."""
        if self._pages.currentWidget() is self._pages.review:
            self._pages.review.go_to_next(step)
        elif isinstance(table := self._pages.table(), DeskTable):
            table.go_to(table.currentIndex().row() + step)

    def _share(self) -> None:
        has_evidence = self._pages.has_evidence
        self._pages.setVisible(not self._is_looked_at)
        self.setVisible(has_evidence and (self._is_looked_at or not self._is_small))
        self._above.setVisible(self._is_small)
        self._pages.offer_to_look(is_offered=self._is_small and self._pages.shown_row() is not None)
