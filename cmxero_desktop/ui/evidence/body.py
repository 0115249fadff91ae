"""What the evidence shows below its buttons: the reason, both sides, what else there was, both ledgers, the history."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent, QTextDocumentFragment
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from cmxero_desktop.domain.alternatives import alternatives
from cmxero_desktop.domain.consequences import LinkEffect
from cmxero_desktop.domain.proposals import Evidence, Proposal
from cmxero_desktop.domain.records import Side
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow, ReviewRow
from cmxero_desktop.ui.desk.noted import noted_lines
from cmxero_desktop.ui.evidence.comparison import Subject, compare
from cmxero_desktop.ui.evidence.ledger import ledger_html
from cmxero_desktop.ui.evidence.text import alternatives_html, comparison_html, evidence_html, history_html, ids_html
from cmxero_desktop.ui.evidence.who_did_it import WhoDidIt
from cmxero_desktop.ui.theme.colours import figures, tones_of
from cmxero_desktop.ui.widgets.parts import GAP, SPACE, allow, button, frame, label
from cmxero_desktop.ui.widgets.wrapping import WrappingLayout

_LEAST = 80
# Below this width what is said of a payment has no room beside both amounts.
_NARROW = 360


class EvidenceBody(QWidget):
    """Shows what one row rests on, and the ways to more of it."""

    history_asked = Signal()
    xero_asked = Signal(str)
    copy_asked = Signal()
    note_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._xero_invoice = ""
        self._of_ledger: tuple[InvoiceResult | None, Proposal | None, LinkEffect | None] = (None, None, None)
        self._is_ledger_narrow = False
        self.row: ReviewRow | PaymentRow | None = None
        self.noted = label(is_wrapped=True)
        self.noted.setAccessibleName("What was noted")
        self.why = label(is_wrapped=True)
        self.ticks, self.sides, self.others, self.ledger, self.history, self.ids = (rich_label() for _ in range(6))
        self.also = label("Also looked at", "title")
        self.sides.setAccessibleName("Xero original and Case Manager copy")
        self.others.setAccessibleName("What else was looked at")
        self.ledger.setAccessibleName("This invoice on both sides")
        self.history.setAccessibleName("History")
        self.note_button = button(
            "Note…",
            lambda: self.note_asked.emit(self.row),
            tip="Write a note on this payment; nothing is written to Xero or Case Manager (Ctrl+M)",
        )
        self.story_button = button(
            "His&tory…",
            self.history_asked.emit,
            "quiet",
            tip="Every payment of this invoice, and since when it stood (Ctrl+I)",
        )
        self.who = WhoDidIt(self)
        self.xero_button = button("Open &in Xero", lambda: self.xero_asked.emit(self._xero_invoice), "quiet")
        self.copy_button = button("Copy", self.copy_asked.emit, "quiet", tip="Copy all of this as text")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()

    def clear(self) -> None:
        """Show nothing."""
        self._of_ledger = (None, None, None)
        self.who.show_payment(None)
        self.show_row(None)
        for part in (self.why, self.ticks, self.sides, self.others, self.ledger, self.history, self.ids):
            part.clear()

    def show_row(self, row: ReviewRow | PaymentRow | None) -> None:
        """Show what was noted on a row, and let what is asked be about it."""
        self.row = row
        self.noted.setText(noted_lines(row.notes) if row is not None else "")
        self.noted.setVisible(bool(self.noted.text()))

    def show_subject(self, subject: Subject, stored: StoredProposal | None, view: DeskView, number: str) -> None:
        """Show what is known of the payments of a row and of their invoice."""
        tones, result = tones_of(self.palette()), subject.result
        proposal = stored.proposal if stored else None
        fields = compare(subject)
        self.sides.setText(comparison_html(fields, subject, tones))
        self.ids.setText(ids_html(fields, tones))
        names = {one.invoice_id: str(one) for one in subject.elsewhere}
        others = alternatives(proposal, result.snapshot, result.correlation, names) if proposal and result else ()
        self.others.setText(alternatives_html(others, tones))
        for part in (self.also, self.others):
            part.setVisible(bool(others))
        self.show_ledger(result, proposal)
        # What is only perhaps the same payment has a history of its own.
        own = subject.xero if subject.guessed is not Side.XERO and subject.is_time_told else None
        self.history.setText(history_html(stored, view, number, tones, is_linked=subject.is_linked, xero=own))
        self.who.show_payment(subject.xero)
        self._xero_invoice = str(result.snapshot.xero_invoice_id) if result else ""
        why_not = "" if self._xero_invoice else "Xero's id of the invoice is not known."
        allow(self.xero_button, why_not, "Show the invoice in the browser, with who entered what there, and when")

    def show_ledger(
        self, result: InvoiceResult | None, proposal: Proposal | None, link: LinkEffect | None = None
    ) -> None:
        """Show both ledgers, with what is owed after a link where one is offered."""
        self._of_ledger = (result, proposal, link)
        self._write_ledger()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure anew what was written while nobody saw it: its lines were broken for another width."""
        super().showEvent(event)
        for part in (self.ledger, self.ticks, self.sides, self.others, self.history, self.ids):
            part.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write the ledgers anew where their room has become narrow, or wide."""
        super().resizeEvent(event)
        if self._is_ledger_narrow != (self.width() < _NARROW):
            self._write_ledger()

    def _write_ledger(self) -> None:
        result, proposal, link = self._of_ledger
        self._is_ledger_narrow = is_narrow = self.width() < _NARROW
        tones = tones_of(self.palette())
        self.ledger.setText(ledger_html(result, proposal, tones, link, is_narrow=is_narrow) if result else "")

    def show_ticks(self, evidence: tuple[Evidence, ...]) -> None:
        """Show the tests that were made."""
        self.ticks.setText(evidence_html(evidence, tones_of(self.palette())))
        self.ticks.setVisible(bool(evidence))

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Stack the parts, or lay them beside each other."""
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)

    def as_text(self) -> str:
        """Return all that is shown, as text."""
        rich = (self.ledger, self.ticks, self.sides, self.others, self.history)
        parts = (self.noted.text(), self.why.text(), *(plain_text_of(one) for one in rich), self.who.answer.text())
        return "\n\n".join(part for part in (*parts, plain_text_of(self.ids)) if part)

    def _lay_out(self) -> None:
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(28)
        # What is owed stands first: it is what most are about to look for.
        self._columns.addLayout(_section("This invoice", self.ledger), 5)
        facts = (self.sides, self.ticks, self.also, self.others, "History", self.history, self.who.answer)
        self._columns.addLayout(_section("", *facts, "Ids", self.ids), 5)
        line = frame("")
        line.setFixedHeight(4)
        more = WrappingLayout()
        for one in (self.story_button, self.who.button, self.xero_button, self.copy_button):
            more.addWidget(one)
        self.lines = layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, 0, SPACE, SPACE)
        layout.setSpacing(GAP)
        layout.addWidget(self.noted)
        layout.addWidget(self.why)
        layout.addWidget(line)
        layout.addLayout(self._columns)
        layout.addLayout(more)
        layout.addStretch(1)


def rich_label() -> QLabel:
    """Return a label for rich text whose figures stand in line, and that nothing in it can widen."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(True)
    # What cannot be broken, such as a name in the Notes, must not push the rest out of the pane.
    made.setMinimumWidth(_LEAST)
    made.setFont(figures(made.font()))
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def plain_text_of(rich: QLabel) -> str:
    """Return what a label for rich text shows as plain text, nothing where it is hidden."""
    return "" if rich.isHidden() else QTextDocumentFragment.fromHtml(rich.text()).toPlainText()


def _section(*parts: str | QWidget) -> QVBoxLayout:
    """Return titles and widgets below each other."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        elif part:
            layout.addSpacing(GAP if layout.count() else 0)
            layout.addWidget(label(part, "title"))
    layout.addStretch(1)
    return layout
