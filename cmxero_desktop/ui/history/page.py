"""History: every event of the audit trail, and Undo for what was applied."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.history.columns import history_columns, history_sentence, why_not_undoable
from cmxero_desktop.ui.theme.words import what
from cmxero_desktop.ui.widgets.parts import Choice, allow, button, label, row
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout
from cmxero_desktop.ui.widgets.table_view import DeskTable

_EVERYTHING = "Everything"
_DECISIONS = "Decisions and changes"
_APPLIED = "Applied"
_QUIET = frozenset({AuditWhat.CHECKED, AuditWhat.PROPOSED})


class HistoryPage(QWidget):
    """The audit trail as a table, newest first."""

    undo_asked = Signal(object)
    verify_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the page."""
        super().__init__(parent)
        self.model: RowsModel[AuditEntry] = RowsModel(
            history_columns(), lambda entry: str(entry.sequence), history_sentence, self
        )
        self.table: DeskTable[AuditEntry] = DeskTable(self.model, "History", "Who did what, when and why")
        self.body: TableOrEmpty[AuditEntry] = TableOrEmpty(self.table)
        self.body.say_when_empty(
            EmptyText("Nothing has happened yet", "Every check, decision and change is listed here.")
        )
        self.kind_box = Choice("Which events", [_EVERYTHING, _DECISIONS, _APPLIED])
        self.kind_box.currentTextChanged.connect(self._filter)
        self.body.filters_cleared.connect(partial(self.kind_box.setCurrentIndex, 0))
        self.undo_button = button("&Undo selected…", self._ask_undo)
        self.status = label(role="muted")
        layout = page_layout(self)
        verify = button(
            "&Verify log", self.verify_asked.emit, tip="Check the chain of the audit trail and the control totals"
        )
        layout.addLayout(row(label("Show", "muted"), self.kind_box, 1, verify))
        layout.addWidget(self.body, 1)
        layout.addLayout(row(self.status, 1, self.undo_button))
        self._view: DeskView | None = None
        self._why_observe = ""
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_undo())
        self.table.current_changed.connect(self._show_undo)
        self._show_undo()

    def show_content(self, content: DeskContent) -> None:
        """Show the events of new content, newest first."""
        self._view = content.view
        self._why_observe = "" if content.may_write else "The mode is Observe only: nothing may be undone."
        self.model.set_rows(sorted(content.view.history, key=lambda entry: -entry.sequence))
        self._show_undo()

    def set_search(self, text: str) -> None:
        """Show the events in which the words are found."""
        self.model.set_search(text)

    def show_applied(self) -> None:
        """Show what can be undone, for Ctrl+Z."""
        self.kind_box.setCurrentText(_APPLIED)
        self.table.setFocus()

    def _filter(self, wanted: str) -> None:
        if wanted == _APPLIED:
            self.model.set_filter(lambda entry: entry.event.what is AuditWhat.APPLIED)
        elif wanted == _DECISIONS:
            self.model.set_filter(lambda entry: entry.event.what not in _QUIET)
        else:
            self.model.set_filter(None)

    def _selected(self) -> list[AuditEntry]:
        return self.table.selected_rows()

    def _undoable(self) -> list[AuditEntry]:
        view = self._view
        return [e for e in self._selected() if view is not None and not why_not_undoable(e, view)]

    def _show_undo(self) -> None:
        can = self._undoable()
        self.undo_button.setText(f"&Undo {len(can)} selected…" if can else "&Undo selected…")
        why_not = self._why_observe or ("" if can else self._why_not())
        allow(self.undo_button, why_not, "Take the selected changes back, with a reason (Ctrl+Z opens this list)")
        left = len(self._selected()) - len(can)
        also = f"{left} of the selected rows cannot be undone." if can and left else ""
        self.status.setText(why_not or also)

    def _why_not(self) -> str:
        selected = self._selected()
        if not selected or self._view is None:
            return "Select an applied change to undo it."
        return f"{what(selected[0])}: {why_not_undoable(selected[0], self._view)}"

    def _ask_undo(self) -> None:
        self.undo_asked.emit([e.event.proposal_id for e in self._undoable()])
