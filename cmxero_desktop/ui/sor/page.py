"""SOR watch: invoices under Apxium schedules, what happened to the selected one, and the clearing account."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSplitter, QVBoxLayout, QWidget

from cmxero_desktop.domain.sor.board import NO_BOARD, ClearingCheck, SorBoard, SorRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.sor.card import SorCard
from cmxero_desktop.ui.sor.columns import sor_columns, sor_sentence
from cmxero_desktop.ui.sor.words import summary_text
from cmxero_desktop.ui.theme.formatting import day, money, plural
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.theme.strangers import guessed_plain
from cmxero_desktop.ui.theme.zones import zone_note
from cmxero_desktop.ui.widgets.legend import legend
from cmxero_desktop.ui.widgets.parts import button, label, row
from cmxero_desktop.ui.widgets.shown_whole import Pressed, scrolled
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout, use_margins
from cmxero_desktop.ui.widgets.table_view import DeskTable

_LEAST_CARD = 180
# The explanation of the columns takes two or three lines.
_LEAST_FOR_LEGEND = 380


class SorPage(QWidget):
    """The watch: nothing is decided here, each button only says what it is asked for."""

    manual_chapter = "The SOR watch"

    import_asked = Signal()
    enter_asked = Signal()
    mark_asked = Signal()
    mail_asked = Signal()
    clearing_asked = Signal()
    filters_cleared = Signal()
    current_changed = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Build the page; `now` tells whose days these are where this computer's are others."""
        super().__init__(parent)
        self._now = now
        self.board: SorBoard = NO_BOARD
        columns = sor_columns(self._today)
        self.model: RowsModel[SorRow] = RowsModel(columns, lambda shown: shown.row_id, sor_sentence, self)
        self.table: DeskTable[SorRow] = DeskTable(self.model, "SOR watch", "Invoices under Apxium schedules")
        self.body: TableOrEmpty[SorRow] = TableOrEmpty(self.table)
        self.card = SorCard()
        self.summary = label("", "muted", is_wrapped=True)
        self.legend = legend(columns)
        self.zone = label("", "muted", is_wrapped=True)
        self.clearing = label("", "muted", is_wrapped=True)
        self.clearing_button = button("Clearin&g account…", self.clearing_asked.emit)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.body)
        self.splitter.addWidget(self.card)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self._inside = Pressed()
        layout = page_layout(self._inside)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(scrolled(self._inside))
        buttons = row(
            button("&Import list…", self.import_asked.emit, tip="From CSV or a workbook, shown before it is taken"),
            button("E&nter schedule…", self.enter_asked.emit, tip="Instalments as Apxium shows them"),
            button("M&ark invoice…", self.mark_asked.emit, tip="Say that an invoice is under a schedule"),
            button("Mai&l…", self.mail_asked.emit, tip="By which mail server warnings go out"),
        )
        self._above = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._above.addWidget(self.summary, 1)
        self._above.addLayout(buttons)
        layout.addLayout(self._above)
        layout.addWidget(self.legend)
        layout.addWidget(self.zone)
        layout.addWidget(self.splitter, 1)
        below = row(self.clearing, self.clearing_button)
        below.setStretchFactor(self.clearing, 1)
        layout.addLayout(below)
        self.table.current_changed.connect(self._show_current)
        self.body.filters_cleared.connect(self.filters_cleared)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the meaning of the columns to their tool tips where the rows and the buttons need the room."""
        super().resizeEvent(event)
        self._show_legend()

    def _show_legend(self) -> None:
        has_room = self.height() >= _LEAST_FOR_LEGEND
        self.legend.setVisible(bool(self.board.rows) and has_room)
        self.zone.setVisible(bool(self.zone.text()) and has_room)

    def use_small(self, *, is_small: bool) -> None:
        """Let the page be scrolled on a small screen, where its card has no room below its rows."""
        use_margins(self._inside, is_small=is_small)
        self.card.setMinimumHeight(_LEAST_CARD if is_small else 0)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._above.setDirection(below if is_small else beside)

    def show_content(self, content: DeskContent) -> None:
        """Show the rows, and where nothing is known how schedules become known."""
        self.board = content.view.sor
        account = content.settings.policy.sor_account
        self.body.say_when_empty(
            EmptyText(
                "Not known yet" if content.is_first_run else "No SOR invoices known",
                f"We recognise them by payments to an account whose name contains “{account}”. "
                "You can also mark an invoice, enter a schedule, or import a list.",
                None if content.is_first_run else Shape.TICK,
            )
        )
        self.model.set_rows(self.board.rows)
        self.card.setVisible(bool(self.board.rows))
        note = zone_note(content.view.state.organisation.time_zone, self._now()) if self.board.rows else ""
        self.zone.setText(note)
        self._show_legend()
        self.summary.setText(summary_text(self.board) if self.board.rows else "")
        clearing = self.board.clearing
        self.clearing.setText(clearing_text(clearing) if clearing is not None else "")
        self.clearing.setToolTip(guessed_plain(self.clearing.text()))
        self.clearing_button.setVisible(clearing is not None)
        if self.table.current_row() is None and self.board.rows:
            self.table.go_to(0)
        self._show_current()

    def set_search(self, text: str) -> None:
        """Show the rows in which the words are found."""
        self.model.set_search(text)

    def go_to_invoice(self, number: str) -> None:
        """Stand on the first row of an invoice."""
        rows = self.model.shown_rows()
        place = next((place for place, shown in enumerate(rows) if shown.invoice_number == number), -1)
        self.table.go_to(place)

    def _today(self) -> date | None:
        return self.board.today

    def _show_current(self) -> None:
        shown = self.table.current_row()
        self.card.show_row(shown, self.board.today, self.board.left_after(shown.schedule) if shown is not None else ())
        self.current_changed.emit()


def clearing_text(clearing: ClearingCheck) -> str:
    """Say in one line what should be on the clearing account, what is, and what is parked elsewhere."""
    parts = [f"Clearing account: the schedules leave {money(clearing.expected)}"]
    if not clearing.is_complete:
        parts[0] += " as far as is known"
    if clearing.balance is None:
        parts.append("its balance in Xero was not entered yet")
    else:
        parts.append(f"Xero showed {money(clearing.balance.amount)} on {day(clearing.balance.on)}")
    if clearing.difference is not None:
        then = clearing.expected_then
        if then is not None and then != clearing.expected:
            parts.append(f"by then they left {money(then)}")
        parts.append(f"difference {money(clearing.difference)}")
    if clearing.parked:
        parts.append(f"{plural(len(clearing.parked), 'payment')} parked as not allocated")
    return " - ".join(parts)
