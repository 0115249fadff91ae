"""The sheet that asks which unmatched payment of its invoice a row's money is, with how far each is from it (R23)."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.choices import LinkChoice
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.linking import effect_of, link_question
from cmxero_desktop.ui.theme.formatting import day
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_ROW_HEIGHT, _LEAST_ROWS, _MOST_ROWS = 30, 3, 10
_TEXT = "Every unmatched payment of this invoice in Case Manager, the closest first."
_FIXED = (
    "It is locked in Case Manager, or part of a payment over several invoices: it stays as it stands, and both are "
    "remembered as the same money. Nothing is written."
)
_TOO_FAR = (
    "It cannot be changed in Case Manager, and its amount differs: correct it there by a refund or an adjustment."
)


class LinkSheet(Sheet):
    """Below the list stands what follows of the payment that is chosen; Enter is a yes only where no amount moves."""

    manual_chapter = "What you say of a payment"
    is_explained = True

    chosen = Signal(object)

    def __init__(
        self, row: ReviewRow, choices: Sequence[LinkChoice], policy: Policy | None, parent: QWidget | None = None
    ) -> None:
        """Show the choices, the closest one chosen."""
        self._row, self._policy = row, policy
        several = len({choice.xero.payment_id for choice in choices}) > 1
        super().__init__(_title(row, choices, is_one=not several), _TEXT, parent)
        model: RowsModel[LinkChoice] = RowsModel(_columns(has_xero=several), _name, _spoken, self)
        self.table: DeskTable[LinkChoice] = DeskTable(model, "Payments to choose from", _TEXT)
        self.table.setFixedHeight(_ROW_HEIGHT * (1 + min(max(len(choices), _LEAST_ROWS), _MOST_ROWS)))
        model.set_rows(choices)
        self.follows = label("", is_wrapped=True)
        self.follows.setMinimumHeight(5 * self.fontMetrics().lineSpacing())
        self.body.addWidget(self.table)
        self.body.addWidget(self.follows)
        self.cancel = self.add_button("Cancel", self.reject)
        self.yes = self.add_button("Same payment", self.accept, "primary")
        self.accepted.connect(self._choose)
        self.table.current_changed.connect(self._show)
        self.setMinimumWidth(820)
        self.table.go_to(0)
        self._show()

    def _show(self) -> None:
        """Say what follows of the choice that the person stands on."""
        choice = self.table.current_row()
        if choice is None:
            return
        effect = effect_of(self._row, self._policy, choice)
        if effect is not None:
            _, text, word = link_question(effect, self._row.stored.proposal.invoice_number)
        else:
            text, word = (_FIXED if choice.is_open else _TOO_FAR), "Accept as the same…"
        self.follows.setText(text)
        self.yes.setText(word)
        allow(self.yes, "" if choice.is_open else _TOO_FAR)
        is_safe = choice.is_open and (effect is None or not effect.moves_amount)
        for one, is_default in ((self.yes, is_safe), (self.cancel, not is_safe)):
            one.setAutoDefault(is_default)
            one.setDefault(is_default)
        self.table.setFocus()

    def _choose(self) -> None:
        choice = self.table.current_row()
        if choice is not None:
            self.chosen.emit(choice)


def _title(row: ReviewRow, choices: Sequence[LinkChoice], *, is_one: bool) -> str:
    number = row.stored.proposal.invoice_number
    if not is_one:
        return f"Which are the same money? {number}"
    xero = choices[0].xero
    return f"Which is the same money as Xero's {xero.amount} of {day(xero.paid_on)}? {number}"


def _name(choice: LinkChoice) -> str:
    return f"{choice.payment.payment_id} {choice.xero.payment_id}"


def _spoken(choice: LinkChoice) -> str:
    amount, days = choice.apart
    return (
        f"no. {choice.payment.payment_id}, {choice.payment.amount} of {day(choice.payment.paid_on)}, {amount}, {days}"
    )


def _locked(choice: LinkChoice) -> str:
    if not choice.is_fixed:
        return ""
    return "multi-invoice" if choice.payment.is_multi_invoice else "journalled"


def _columns(*, has_xero: bool) -> tuple[Column[LinkChoice], ...]:
    xero: Column[LinkChoice] = Column(
        key="xero",
        title="In Xero",
        text=lambda one: f"{one.xero.amount} of {day(one.xero.paid_on)}",
        sort_key=lambda one: (one.xero.amount.minor, _name(one)),
        width=24,
    )
    return (
        *((xero,) if has_xero else ()),
        Column(
            key="amount",
            title="Amount",
            text=lambda one: str(one.payment.amount),
            sort_key=lambda one: (one.payment.amount.minor, _name(one)),
            width=14,
            is_right=True,
        ),
        Column(
            key="paid_on",
            title="Date paid",
            text=lambda one: day(one.payment.paid_on),
            sort_key=lambda one: (one.payment.paid_on.toordinal(), _name(one)),
            width=13,
        ),
        Column(
            key="amount_apart",
            title="Amount apart",
            text=lambda one: one.apart[0],
            sort_key=lambda one: (abs(one.more.minor), _name(one)),
            width=16,
        ),
        Column(
            key="days_apart",
            title="Days apart",
            text=lambda one: one.apart[1],
            sort_key=lambda one: (abs(one.days_later), _name(one)),
            width=16,
        ),
        Column(key="locked", title="Locked", text=_locked, width=14),
        Column(key="reference", title="Reference", text=lambda one: one.payment.reference, width=16),
        Column(key="notes", title="Notes", text=lambda one: one.payment.notes, width=20, is_stretched=True),
        Column(key="number", title="No.", text=lambda one: str(one.payment.payment_id), width=8),
    )
