"""Two lists of the SOR watch: what is left to do after an early end, with ticks, and the clearing account."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.board import ClearingCheck, Ending, EndingItem
from cmxero_desktop.domain.sor.ending import RECOUPED
from cmxero_desktop.ui.sheets.sor_questions import typed_amount
from cmxero_desktop.ui.theme.colours import figures
from cmxero_desktop.ui.theme.formatting import day, moment, money, plural
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import allow, label, row
from cmxero_desktop.ui.widgets.room import room_of
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import TickBox, tick_box

_LEAST_HEIGHT, _LOW_HEIGHT = 220, 120
_NAMED = 2
_HEADS = ("Schedule", "Disbursed", "Instalments", "Taken back", "Should be left")


class EndingSheet(Sheet):
    """What the firm has to adjust after a schedule was cancelled or defaulted; each tick is kept at once."""

    manual_chapter = "The SOR watch"

    def __init__(self, ending: Ending, on_tick: Callable[[str, bool], object], parent: QWidget | None = None) -> None:
        """Show the list."""
        schedule = ending.schedule
        text = (
            f"Schedule {schedule.schedule_id} was {schedule.state.value}. Apxium takes back what is outstanding, and "
            "it is owed again. Each step below is done by hand; a tick says that it is done, and by whom."
        )
        super().__init__("What is left to do", text, parent)
        self.setMinimumWidth(640)
        self.left = label("", "title")
        self.body.addWidget(self.left)
        self.boxes: dict[str, TickBox] = {}
        self._on_tick = on_tick
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setSpacing(8)
        for item in ending.items:
            layout.addWidget(self._box(item, schedule.schedule_id))
            layout.addWidget(_below(item))
        layout.addStretch(1)
        self.body.addWidget(_scrolled(inside, _LOW_HEIGHT if self.is_low else _LEAST_HEIGHT), 1)
        self._tell()
        self.choose(self.add_button("Close", self.accept, "primary"))
        if self.is_low:
            # What it would need is not known before its lines are broken.
            self.resize(room_of(self))

    def _box(self, item: EndingItem, schedule_id: str) -> TickBox:
        whose = f"Schedule {schedule_id}" if item.key == RECOUPED else item.invoice_number
        about = f"{whose}{f', {money(item.amount)}' if item.amount is not None else ''}"
        box = tick_box(about.strip(", ") or item.key)
        box.setChecked(item.tick is not None)
        box.setAccessibleDescription(as_said(item.words))
        box.toggled.connect(lambda is_done, key=item.key: self._tick(key, is_done))
        self.boxes[item.key] = box
        return box

    def _tick(self, key: str, is_done: bool) -> None:  # noqa: FBT001 - the signature of Qt's toggled signal
        self._tell()
        self._on_tick(key, is_done)

    def _tell(self) -> None:
        left = sum(not box.isChecked() for box in self.boxes.values())
        self.left.setText(f"{left} of {plural(len(self.boxes), 'step')} left to do" if left else "All of it is done.")


def _scrolled(inside: QWidget, least: int) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setMinimumHeight(least)
    scroll.setWidget(inside)
    return scroll


def _below(item: EndingItem) -> QWidget:
    words = label(item.words + (f" Done {moment(item.tick.at)} by {item.tick.by}." if item.tick else ""), "muted")
    words.setWordWrap(True)
    words.setContentsMargins(24, 0, 0, 4)
    return words


class ClearingSheet(Sheet):
    """The clearing account: what each schedule should have left there, and what Xero shows."""

    manual_chapter = "The SOR watch"
    is_explained = True

    def __init__(
        self,
        clearing: ClearingCheck,
        currency: str,
        today: date,
        on_balance: Callable[[Money, date], object],
        parent: QWidget | None = None,
    ) -> None:
        """Show the check, and a field for the balance that Xero shows today."""
        text = (
            "What Apxium paid out, less the instalments that it wrote and what it took back after an early end, is "
            "what should be left on the SOR clearing account. Xero tells this program no balances of accounts with the "
            "rights that it asks for, so read the balance there (Accounting, Chart of accounts) and enter it here. "
            "Schedules of invoices that are no CM invoices stand on that account too, and are not among these."
        )
        super().__init__("Clearing account", text, parent)
        self.setMinimumWidth(620)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.addLayout(_table(clearing))
        for words in _findings(clearing):
            layout.addWidget(label(words, is_wrapped=True))
        layout.addStretch(1)
        # A firm may have hundreds of schedules, and the field below them has to stay in view.
        self.body.addWidget(_scrolled(inside, _LOW_HEIGHT if self.is_low else _LEAST_HEIGHT), 1)
        self.balance = QLineEdit()
        self.balance.setAccessibleName("Balance of the clearing account in Xero")
        self.balance.setPlaceholderText("such as 1,234.50")
        self.balance.setMaximumWidth(180)
        self.body.addLayout(row(label(f"Its balance in Xero, {day(today)}"), self.balance, 1))
        self.add_button("Close", self.reject)
        self.keep = self.add_button("Keep the balance", self.accept, "primary")
        self.keep.setDefault(True)
        self._currency = currency
        self.balance.textChanged.connect(self._look)
        self._look()
        self.accepted.connect(lambda: self._say(today, on_balance))
        if self.is_low:
            self.resize(room_of(self))

    def _look(self) -> None:
        allow(self.keep, "" if typed_amount(self.balance.text(), self._currency) else "Enter an amount.")

    def _say(self, today: date, on_balance: Callable[[Money, date], object]) -> None:
        amount = typed_amount(self.balance.text(), self._currency)
        if amount is not None:
            on_balance(amount, today)


def _table(clearing: ClearingCheck) -> QGridLayout:
    grid = QGridLayout()
    # On a small screen two bars stand beside it: no figure may lose its end to them.
    grid.setHorizontalSpacing(12)
    rows = [_HEADS]
    rows += [
        (
            line.schedule_id,
            money(line.disbursed) if line.disbursed is not None else "not known",
            money(line.written),
            money(line.taken_back),
            money(line.expected),
        )
        for line in clearing.lines
    ]
    rows.append((_together(clearing), "", "", "", money(clearing.expected)))
    for at, words in enumerate(rows):
        for column, word in enumerate(words):
            role = "muted" if not at else "title" if at == len(rows) - 1 else ""
            cell = label(word, role)
            if column:
                cell.setFont(figures(cell.font()))
                cell.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(cell, at, column)
    grid.setColumnStretch(0, 1)
    return grid


def _together(clearing: ClearingCheck) -> str:
    """Name what is added up, and what cannot be."""
    left_out = [line.schedule_id for line in clearing.lines if line.expected is None]
    if len(left_out) > _NAMED:
        return f"Together, without {len(left_out)} that are not known"
    return f"Together, without {' and '.join(left_out)}" if left_out else "Together"


def _apart(clearing: ClearingCheck, balance: Money) -> str:
    """Say by how much the balance is more or less than the schedules leave, as far as all of them are known."""
    then = clearing.expected_then or clearing.expected
    if balance.currency != then.currency:
        return "another currency, so it is not compared."
    more = balance - then
    by = f"{money(_unsigned(more))} {'more' if more.minor > 0 else 'less'} than" if more.minor else "as much as"
    if not clearing.is_complete:
        left_out = [line.schedule_id for line in clearing.lines if line.expected is None]
        named = " and ".join(left_out) if len(left_out) <= _NAMED else f"{len(left_out)} schedules"
        isnt = "is" if len(left_out) == 1 else "are"
        return (
            f"{by} the {money(then)} that is expected. {named} {isnt} not counted, because it is not known what Apxium "
            "paid out: enter that in SOR watch (Paid out…), then compare again."
        )
    return f"{by} the schedules left by then."


def _unsigned(amount: Money) -> Money:
    """Return an amount without its sign."""
    return -amount if amount.minor < 0 else amount


def _findings(clearing: ClearingCheck) -> list[str]:
    found = [*clearing.findings]
    if clearing.balance is not None:
        said = f"Xero showed {money(clearing.balance.amount)} on {day(clearing.balance.on)} ({clearing.balance.by})"
        found.append(f"{said}: {_apart(clearing, clearing.balance.amount)}")
    found += [
        f"Parked by Apxium as not allocated: {money(parked.amount)} of {day(parked.paid_on)}, which pays "
        f"{parked.invoice_number} in Xero from another account and is in none of these figures. See in "
        "Apxium whose money it is."
        for parked in clearing.parked
    ]
    return list(dict.fromkeys(found))
