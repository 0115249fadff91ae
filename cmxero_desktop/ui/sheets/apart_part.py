"""The payments that make up the statement's difference, one by one, added up by Bill To, invoice or what they are."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from cmxero_desktop.domain.tie_out import step_label
from cmxero_desktop.services.viewing.apart import rows_apart
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow
from cmxero_desktop.ui.theme.formatting import day_or_blank, money, plural, signed_sums
from cmxero_desktop.ui.widgets.column import Column, number_in
from cmxero_desktop.ui.widgets.parts import Choice, label, row
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

BY = {"What it is": "what", "Bill To": "bill_to", "Invoice": "invoice"}
"""What the rows are added up by, and the column that says it."""

_NONE = "Both sides have the same payments."


class ApartPart(QWidget):
    """Lists each payment that one side counts otherwise, with what Case Manager counts more or less by it."""

    def __init__(self, view: DeskView, currency: str, parent: QWidget | None = None) -> None:
        """Begin empty: the rows of what the window shows are looked for once somebody looks at them."""
        super().__init__(parent)
        self._view, self._currency = view, currency
        self._is_filled = False
        self.model: RowsModel[PaymentRow] = RowsModel(
            _columns(),
            lambda one: one.row_id,
            _sentence,
            self,
            amount_of=lambda one: one.less_xero,
            sum_title="Case Manager less Xero",
        )
        self.model.say_of_lines(lambda parts: signed_sums(amount for _, _, amounts in parts for amount in amounts))
        self.table: DeskTable[PaymentRow] = DeskTable(
            self.model, "What is apart", "The payments that make up the difference between both sides"
        )
        # What it would like to be high must not make the sheet higher than a laptop's screen.
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.by = Choice("Added up by", list(BY))
        self.by.currentTextChanged.connect(self._add_up)
        self.said = label("", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row(label("Added up by", "muted"), self.by, 1, self.said))
        layout.addWidget(self.table, 1)
        self._add_up(self.by.currentText())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """List the rows the first time."""
        self._fill()
        super().showEvent(event)

    def _fill(self) -> None:
        if self._is_filled:
            return
        self._is_filled = True
        found = sorted(rows_apart(self._view, self._currency), key=lambda one: number_in(one.placement.invoice_number))
        self.model.set_rows(found)
        total = signed_sums(apart for one in found if (apart := one.less_xero) is not None)
        self.said.setText(f"{plural(len(found), 'payment')}, Case Manager {total}" if found else _NONE)

    @property
    def number(self) -> str:
        """The invoice of the row on which a person stands; nothing where they stand on none."""
        chosen = self.table.current_row()
        return chosen.placement.invoice_number if chosen is not None else ""

    def show_step(self, what: str) -> None:
        """Add up by what the payments are, and stand on the first of those that are this."""
        self._fill()
        self.by.setCurrentText(next(iter(BY)))
        self.table.folding.fold_all(are_folded=False)
        rows = (self.model.row_at(at) for at in range(self.model.rowCount()))
        self.table.go_to(next((at for at, one in enumerate(rows) if one is not None and _what(one) == what), 0))

    def _add_up(self, by: str) -> None:
        self.table.group_by(BY[by])


def _what(one: PaymentRow) -> str:
    return step_label(one.placement, one.result.snapshot)


def _apart(one: PaymentRow) -> str:
    return signed_sums([one.less_xero]) if one.less_xero is not None else ""


def _columns() -> tuple[Column[PaymentRow], ...]:
    return (
        Column(key="what", title="What it is", text=_what, width=26, is_stretched=True, least=20),
        Column(
            key="invoice",
            title="Invoice",
            text=lambda one: one.placement.invoice_number,
            sort_key=lambda one: number_in(one.placement.invoice_number),
            width=13,
        ),
        Column(key="bill_to", title="Bill To", text=lambda one: one.bill_to, width=20, gives_way=2),
        Column(
            key="paid_on",
            title="Date paid",
            text=lambda one: day_or_blank(one.paid_on),
            sort_key=lambda one: (one.paid_on.toordinal() if one.paid_on else 0, ""),
            width=14,
            gives_way=1,
        ),
        Column(key="xero", title="In Xero", text=lambda one: money(one.placement.xero_amount), width=12, is_right=True),
        Column(key="case", title="In CM", text=lambda one: money(one.placement.case_amount), width=12, is_right=True),
        Column(
            key="apart",
            title="Case Manager",
            text=_apart,
            sort_key=lambda one: (one.less_xero.minor if one.less_xero is not None else 0, ""),
            width=14,
            is_right=True,
        ),
    )


def _sentence(one: PaymentRow) -> str:
    return f"{_what(one)}: {one.placement.invoice_number}, {one.bill_to}, Case Manager {_apart(one)}."
