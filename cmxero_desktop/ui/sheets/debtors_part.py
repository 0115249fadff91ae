"""The debtors beside the payments on the tie-out sheet: both lists invoice by invoice, and the chosen one in full."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cmxero_desktop.domain.debtor_lists import CauseTotal, DebtorLine, DebtorLists
from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.sheets.cause_chips import CauseChips, CauseChoice
from cmxero_desktop.ui.sheets.debtor_columns import debtor_columns, debtor_sentence, debtors_text, figure, reasons_text
from cmxero_desktop.ui.theme.colours import figures
from cmxero_desktop.ui.theme.formatting import money, plural
from cmxero_desktop.ui.widgets.column import briefer
from cmxero_desktop.ui.widgets.parts import label, row
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_COMPARING = "Both debtor lists are being compared…"
# In pixels; a laptop at twice the size has less.
_ROOM_FOR_DETAIL = 400
_IF_LOW = {"balance": "In CM"}
_FIGURES = ("", "Xero", "Case Manager")


class DebtorsPart(QWidget):
    """Xero's amounts due beside Case Manager's balances: the invoices that differ, and the totals over all."""

    def __init__(self, parent: QWidget | None = None, *, is_low: bool = False) -> None:
        """Say that the lists are being compared; where the screen `is_low`, words make room for rows."""
        super().__init__(parent)
        self._is_low = is_low
        self.lists: DebtorLists | None = None
        self.stand_on = ""
        self.sentence = label(_COMPARING, "title", is_wrapped=True)
        self.totals = label("", "muted", is_wrapped=True)
        columns = briefer(debtor_columns(), without=("entry",), titles=_IF_LOW) if is_low else debtor_columns()
        self.model: RowsModel[DebtorLine] = RowsModel(columns, lambda line: line.invoice_number, debtor_sentence, self)
        self.table: DeskTable[DebtorLine] = DeskTable(
            self.model, "Debtors", "The invoices on which both debtor lists differ"
        )
        self.chips = CauseChoice() if is_low else CauseChips()
        # What it would like to be high must not make the sheet higher than a laptop's screen.
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.detail = _Detail()
        # Where there is no room for both sides in full: why they differ, and the entry to make.
        self.entry = label("", is_wrapped=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, *((4, 0, 0) if is_low else (10, 0, 0)))
        layout.setSpacing(4 if is_low else 8)
        if is_low:
            beside = row(self.sentence, self.chips)
            beside.setStretch(0, 1)
            layout.addLayout(beside)
            layout.addWidget(self.totals)
        else:
            for part in (self.sentence, self.totals, self.chips):
                layout.addWidget(part)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.detail)
        layout.addWidget(self.entry)
        self.chips.chosen.connect(self._show_chosen)
        self.table.current_changed.connect(self._show_line)
        self._show_parts(is_differing=False)

    def show_lists(self, lists: DebtorLists) -> None:
        """Show both lists: what is unknown first, then the largest difference, what only agrees in sum last."""
        self.lists = lists
        self.sentence.setText(lists.sentence)
        self.chips.show_causes(lists.causes)
        self.model.set_rows(sorted(lists.lines, key=_urgency))
        self._show_parts(is_differing=bool(lists.lines))
        self._show_chosen()
        self.table.go_to(max(self.model.position_of(self.stand_on), 0))

    def _show_chosen(self) -> None:
        """Show the invoices of the chosen cause and what to do about them, or all invoices."""
        if self.lists is None:
            return
        chosen = self.chips.current
        totals = brief_totals_text if self._is_low else totals_text
        self.totals.setText(totals(self.lists) if chosen is None else chosen_text(chosen))
        if chosen is None:
            self.model.set_filter(None)
        else:
            self.model.set_filter(lambda line: any(reason.cause is chosen.cause for reason in line.reasons))
        self.table.go_to(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the chosen invoice in full out where the lines would have no room: their tool tips say the same."""
        super().resizeEvent(event)
        self._show_detail()

    def _show_detail(self) -> None:
        is_differing = self.lists is not None and bool(self.lists.lines)
        self.detail.setVisible(is_differing and self.height() >= _ROOM_FOR_DETAIL)
        self.entry.setVisible(is_differing and self._is_low)

    def _show_line(self) -> None:
        line = self.table.current_row()
        self.detail.show_line(line)
        self.entry.setText(reasons_text(line) if line is not None else "")

    def say_comparing(self) -> None:
        """Say that the lists are on their way."""
        self.sentence.setText(_COMPARING)

    def say_failed(self) -> None:
        """Say that the lists could not be compared; why, the window says."""
        if self.lists is None:
            self.sentence.setText("The debtor lists could not be compared.")

    @property
    def text(self) -> str:
        """All lines as text for a spreadsheet, in the order in which they are shown."""
        return debtors_text(tuple(self.model.shown_rows()))

    def _show_parts(self, *, is_differing: bool) -> None:
        self.chips.setVisible(is_differing)
        self.table.setVisible(is_differing)
        self._show_detail()
        self.totals.setVisible(self.lists is not None)


def chosen_text(one: CauseTotal) -> str:
    """Say what is shown of a cause, and what to do about all of it."""
    sum_ = "" if one.amount is None else f", {one.amount} in sum"
    return f"Only {plural(one.invoices, 'invoice')} with: {one.cause}{sum_}. {one.step}"


def totals_text(lists: DebtorLists) -> str:
    """Say the totals over all invoices, and how many of those that differ need a look first."""
    twice = sum(any(reason.counts_twice for reason in line.reasons) for line in lists.lines)
    text = (
        f"Due in Xero {lists.due_xero}, balances in Case Manager {lists.balance_case_manager}, difference "
        f"{lists.difference}, over all {plural(lists.invoices, 'invoice')}; "
        f"{plural(lists.differing, 'invoice')} with a difference. Not explained: {lists.unexplained}."
    )
    if not twice:
        return text
    return f"{text} On {plural(twice, 'invoice')} Case Manager counts what Xero does not: look there first."


def brief_totals_text(lists: DebtorLists) -> str:
    """Say the totals in a line."""
    return (
        f"Due in Xero {lists.due_xero}, in Case Manager {lists.balance_case_manager}; "
        f"{plural(lists.differing, 'invoice')} with a difference. Not explained: {lists.unexplained}."
    )


def _urgency(line: DebtorLine) -> tuple[bool, int, str]:
    return (not line.is_unknown, -line.size, line.invoice_number)


class _Detail(QFrame):
    """One invoice in full: what makes up both figures, and each reason with the entry to make."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.setProperty("role", "card")
        self.title = label("", "title")
        self.reasons = label("", is_wrapped=True)
        self.reasons.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.reasons.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(3)
        self._cells = [[self._cell(row, column) for column in range(len(_FIGURES))] for row in range(7)]
        beside = QVBoxLayout()
        beside.setSpacing(6)
        beside.addWidget(self.title)
        beside.addWidget(self.reasons)
        beside.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(28)
        layout.addLayout(self._grid)
        layout.addLayout(beside, 1)

    @property
    def figures(self) -> list[list[str]]:
        """What is shown of both sides, line by line."""
        return [[cell.text() for cell in cells] for cells in self._cells]

    def show_line(self, line: DebtorLine | None) -> None:
        """Show an invoice, or nothing."""
        if line is None:
            return
        status = f", {line.status.lower()} in Xero" if line.status else ""
        payer = " / ".join(dict.fromkeys(name for name in (line.contact, line.bill_to) if name))
        self.title.setText(f"{line.invoice_number}{status}{f', {payer}' if payer else ''}")
        self.reasons.setText(reasons_text(line))
        for cells, texts in zip(self._cells, _figures(line), strict=True):
            for cell, text in zip(cells, texts, strict=True):
                cell.setText(text)

    def _cell(self, row: int, column: int) -> QLabel:
        made = label("", "muted" if not row or not column else "")
        made.setFont(figures(made.font()))
        if column:
            made.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(made, row, column)
        return made


def _figures(line: DebtorLine) -> tuple[tuple[str, str, str], ...]:
    """Return what leads to what is owed on each side; credits, adjustments and refunds apart.

    Of a side that is not known nothing is shown: an older figure would be taken for today's.
    """
    has_xero, has_case = line.due_xero is not None, line.balance_case_manager is not None

    def xero(amount: Money) -> str:
        return money(amount) if has_xero else ""

    def case(amount: Money) -> str:
        return money(amount) if has_case else ""

    return (
        _FIGURES,
        ("Total", xero(line.total_xero), case(line.total_case_manager)),
        ("Credits", xero(-line.credited), ""),
        ("Adjustments", "", case(line.adjustments)),
        ("Refunds", "", case(line.refunds)),
        ("Payments", xero(-line.paid_xero), case(-line.paid_case_manager)),
        ("Owed", figure(line.due_xero), figure(line.balance_case_manager)),
    )
