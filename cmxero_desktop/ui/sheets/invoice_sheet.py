"""The history of one invoice: both sides, proposals and what was done, now or at an instant that a person chooses."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.verbs.commands.viewing import ShowInvoice
from cmxero_desktop.services.viewing.showing import InvoiceHistory, PaymentLine
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.sheets.invoice_columns import (
    Proposed,
    entry_columns,
    entry_sentence,
    payment_columns,
    payment_sentence,
    proposal_columns,
    proposal_sentence,
)
from cmxero_desktop.ui.theme.formatting import count
from cmxero_desktop.ui.widgets.column import briefer
from cmxero_desktop.ui.widgets.parts import button, label
from cmxero_desktop.ui.widgets.room import large
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

SHEET_SIZE = (1_240, 620)
_READING = "Reading…"
_TABS = ("&Payments", "Pr&oposals", "&What was done")


def invoice_sheet(desk: WindowDesk, number: str, now: Callable[[], datetime], parent: QWidget) -> "InvoiceSheet":
    """Return the sheet of an invoice, as it stands now; what is chosen in it is asked of the desk."""
    sheet = InvoiceSheet(number, now(), parent)

    def show(history: InvoiceHistory) -> None:
        # The sheet may be closed, and gone, before the answer comes.
        if isValid(sheet):
            sheet.show_history(history)

    def ask(as_of: datetime | None) -> None:
        desk.ask(ShowInvoice(number, as_of), "Reading the history…", show)

    sheet.asked.connect(ask)
    desk.troubled.connect(sheet.show_trouble)
    ask(None)
    return sheet


class InvoiceSheet(Sheet):
    """Shows one invoice, and asks for another instant of it."""

    manual_chapter = "What stood where, and when"

    asked = Signal(object)

    def __init__(self, number: str, now: datetime, parent: QWidget | None = None) -> None:
        """Say that the invoice is being read; the instant to choose begins with now."""
        super().__init__(f"History of {number}", "", parent)
        self._is_asked = True
        self.sentence = label(_READING, is_wrapped=True)
        self.sides = label("", "muted", is_wrapped=True)
        self.instant = QDateTimeEdit(QDateTime.fromSecsSinceEpoch(int(now.timestamp())))
        self.instant.setDisplayFormat("d MMM yyyy HH:mm")
        self.instant.setCalendarPopup(True)
        self.instant.setAccessibleName("Instant, local time")
        self.payments: RowsModel[PaymentLine] = RowsModel(
            briefer(payment_columns(), without=("reference", "until")) if self.is_low else payment_columns(),
            lambda line: f"{line.side} {line.key}",
            payment_sentence,
            self,
        )
        self.proposals: RowsModel[Proposed] = RowsModel(
            proposal_columns(), lambda seen: seen.fact.fingerprint, proposal_sentence, self
        )
        self.entries: RowsModel[AuditEntry] = RowsModel(
            entry_columns(), lambda entry: str(entry.sequence), entry_sentence, self
        )
        self.parts = QTabWidget()
        self.parts.setAccessibleName("Parts of the history")
        self._add(DeskTable(self.payments, "Payments", "The payments of both sides, and where each stood"))
        self._add(DeskTable(self.proposals, "Proposals", "What was proposed, and what became of it"))
        self._add(DeskTable(self.entries, "What was done", "Every decision and every write on this invoice"))
        for index, title in enumerate(_TABS):
            self.parts.setTabText(index, title)
        self.body.addLayout(self._choice())
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.sides)
        self.body.addWidget(self.parts, 1)
        self.choose(self.add_button("Close", self.accept, "primary"))
        self.resize(large(self, SHEET_SIZE))

    def show_history(self, history: InvoiceHistory) -> None:
        """Show the invoice as it stood."""
        self._is_asked = False
        self.sentence.setText(history.sentence)
        self.sides.setText("\n".join(history.side_sentences))
        self.sides.setVisible(bool(self.sides.text()))
        self.payments.set_rows(history.payments)
        self.proposals.set_rows(history.proposals)
        self.entries.set_rows(history.entries)
        numbers = (len(history.payments), len(history.proposals), len(history.entries))
        for index, (title, number) in enumerate(zip(_TABS, numbers, strict=True)):
            self.parts.setTabText(index, f"{title}  {count(number)}")

    def show_trouble(self, trouble: Trouble) -> None:
        """Say why nothing can be shown of that instant, and take away what was shown before.

        Trouble that something else meets meanwhile is none of this sheet's.
        """
        if not self._is_asked:
            return
        self._is_asked = False
        self.sentence.setText(f"{trouble.message} {trouble.remedy}".strip())
        self.sides.setVisible(False)
        self.payments.set_rows(())
        self.proposals.set_rows(())
        self.entries.set_rows(())
        for index, title in enumerate(_TABS):
            self.parts.setTabText(index, title)

    def _choice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        name = label("As it stood on")
        name.setBuddy(self.instant)
        row.addWidget(name)
        row.addWidget(self.instant)
        self.show_button = button("&Show", self._ask_instant)
        self.now_button = button("&Now", self._ask_now)
        row.addWidget(self.show_button)
        row.addWidget(self.now_button)
        row.addStretch(1)
        return row

    def _ask_instant(self) -> None:
        """Ask for the instant at which the minute begins that is chosen."""
        local = datetime.fromtimestamp(self.instant.dateTime().toSecsSinceEpoch()).astimezone()
        self._ask(local.replace(second=0, microsecond=0))

    def _ask_now(self) -> None:
        self._ask(None)

    def _ask(self, as_of: datetime | None) -> None:
        self._is_asked = True
        self.sentence.setText(_READING)
        self.asked.emit(as_of)

    def _add(self, table: DeskTable[Any]) -> None:
        table.in_sight.least = 2
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 2 if self.is_low else 10, 0, 0)
        layout.addWidget(table)
        self.parts.addTab(page, "")
