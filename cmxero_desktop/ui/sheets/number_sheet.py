"""Ask which invoice of Case Manager one of Xero's is: what it may be, beside Xero's own figures (R1)."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLineEdit, QWidget

from cmxero_desktop.services.records.numbers import NUMBER_WHY_WORDS, NumberChoice, NumberChoices
from cmxero_desktop.services.verbs.commands.saying import ReadNumberChoices, Renumber
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.theme.colours import figures
from cmxero_desktop.ui.theme.formatting import count, money
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import allow, label, row
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import RadioChoice, radio_button

_HEADS: Final = ("", "Bill To", "Total", "Balance", "Payments", "From Xero")
_FIRST_FIGURE: Final = 2
_NO_NUMBER = "(no number)"
_HOLDS = (
    "Nothing is written to Case Manager. With the next check its payments are compared with that invoice's: those that "
    "stand there are matched, the others come to Review. It holds until Xero shows another number."
)
_NONE_LIKE_IT = "Case Manager has no invoice with this number or almost this one. Enter its number, if you know it."
_INDENT = 24


def ask_which_invoice(window: QWidget, desk: WindowDesk, invoice: str, said: Callable[[str], object]) -> None:
    """Read what the invoice may be, ask, and keep what is chosen; `said` gets the sentence about it."""

    def kept(number: str, reason: str) -> None:
        desk.change(Renumber(invoice=invoice, number=number, by=desk.approver, reason=reason), "Keeping it…", said)

    desk.ask(ReadNumberChoices(invoice), "Reading…", lambda found: NumberSheet(found, kept, window).open())


class NumberSheet(Sheet):
    """Xero's invoice in the first line, what it may be below; nothing is chosen beforehand."""

    manual_chapter = "Skipped, and why"

    def __init__(
        self, found: NumberChoices, on_yes: Callable[[str, str], object], parent: QWidget | None = None
    ) -> None:
        """Show the choices, and a field for another number."""
        super().__init__(f"Which invoice is {found.shown or _NO_NUMBER}?", _text(found), parent)
        self._group = QButtonGroup(self)
        self._numbers = [choice.number for choice in found.choices]
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._fill(found)
        self.body.addLayout(self._grid)
        self.other = RadioChoice("&Another invoice, number")
        self._group.addButton(self.other, len(self._numbers))
        self.number = QLineEdit()
        self.number.setAccessibleName("Number of another invoice in Case Manager")
        self.number.setMaximumWidth(160)
        self.body.addLayout(row(self.other, self.number, 1))
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Reason, may be left out")
        self.reason.setPlaceholderText("Reason (may be left out)")
        self.body.addWidget(self.reason)
        self.body.addWidget(label(_HOLDS, is_wrapped=True))
        self.add_button("Not now", self.reject)
        self._accept = self.add_button("It is this one", self.accept, "primary")
        self._accept.setDefault(True)
        self._group.idToggled.connect(self._look)
        self.number.textEdited.connect(lambda _: self.other.setChecked(True))
        self.number.textChanged.connect(self._look)
        self._look()
        self.accepted.connect(lambda: on_yes(self._chosen(), self.reason.text().strip()))

    def choose_number(self, number: str) -> None:
        """Choose one of those that are offered."""
        self._group.button(self._numbers.index(number)).setChecked(True)

    def _fill(self, found: NumberChoices) -> None:
        # How many of an invoice's payments came from Xero is asked only of one in Case Manager.
        for column, words in enumerate(_HEADS if found.choices else _HEADS[:-1]):
            self._put(0, column, words, "muted")
        xero = (
            f"{found.shown or _NO_NUMBER} in Xero",
            found.contact,
            money(found.total),
            money(found.due),
            count(found.payments),
            "",
        )
        for column, words in enumerate(xero):
            self._put(1, column, words, "title")
        for position, choice in enumerate(found.choices):
            self._offer(position, choice)
        if not found.choices:
            self._grid.addWidget(label(_NONE_LIKE_IT, is_wrapped=True), 2, 0, 1, len(_HEADS))

    def _offer(self, position: int, choice: NumberChoice) -> None:
        line = 2 + 2 * position
        why = f"{', '.join(NUMBER_WHY_WORDS[why] for why in choice.why)}. {choice.refusal}".strip()
        if choice.refusal:
            closed = label(f"Invoice {choice.number}", "muted")
            closed.setContentsMargins(_INDENT, 0, 0, 0)
            self._grid.addWidget(closed, line, 0)
        else:
            radio = radio_button(f"Invoice {choice.number}")
            told = (
                f"total {money(choice.total)}, balance {money(choice.balance)}, {count(choice.copies)} copied from Xero"
            )
            radio.setAccessibleDescription(as_said(f"{why} {choice.bill_to}, {told}"))
            self._group.addButton(radio, position)
            self._grid.addWidget(radio, line, 0)
        if choice.total is not None:
            cells = (choice.bill_to, money(choice.total), money(choice.balance), count(choice.payments))
            for column, words in enumerate((*cells, count(choice.copies)), start=1):
                self._put(line, column, words, "")
        below = label(f"{why[:1].upper()}{why[1:]}", "muted", is_wrapped=True)
        below.setContentsMargins(_INDENT, 0, 0, 6)
        self._grid.addWidget(below, line + 1, 0, 1, len(_HEADS))

    def _put(self, line: int, column: int, words: str, role: str) -> None:
        cell = label(words, role)
        if column >= _FIRST_FIGURE:
            cell.setFont(figures(cell.font()))
            cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(cell, line, column)

    def _chosen(self) -> str:
        position = self._group.checkedId()
        return self.number.text().strip() if position == len(self._numbers) else self._numbers[position]

    def _look(self) -> None:
        position = self._group.checkedId()
        lacks_number = position == len(self._numbers) and not self.number.text().strip()
        allow(self._accept, "Choose which one it is." if position < 0 else "Enter its number." if lacks_number else "")


def _text(found: NumberChoices) -> str:
    """Say what is in doubt, and with what the invoice is compared meanwhile."""
    parts = []
    if found.is_in_doubt:
        parts.append(f"{found.before or _NO_NUMBER} is called {found.shown or _NO_NUMBER} in Xero now.")
    if found.rivals:
        parts.append(f"The same invoice of Case Manager may also be {' or '.join(found.rivals)}.")
    if found.goes_with:
        parts.append(f"It is compared with Case Manager's invoice {found.goes_with}.")
    else:
        parts.append("It is compared with no invoice of Case Manager.")
    return " ".join(parts)
