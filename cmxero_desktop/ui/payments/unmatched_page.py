"""Unmatched: one ledger by invoice of what only one side has; below it what is no payment, void, or looks like ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.records import Side
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.viewing.desk_view import DeskView, MoneyBackRow, PaymentRow, SettlementRow
from cmxero_desktop.ui.payments.columns import (
    LESS_XERO,
    money_back_columns,
    money_back_sentence,
    payment_sentence,
    settlement_columns,
    settlement_sentence,
    unmatched_columns,
)
from cmxero_desktop.ui.payments.fold import Fold
from cmxero_desktop.ui.payments.warned_columns import warned_columns, warned_sentence
from cmxero_desktop.ui.theme.formatting import count, plural, sums
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.arranged import Arranged, Parts, TheseRows
from cmxero_desktop.ui.widgets.column import number_in
from cmxero_desktop.ui.widgets.filter_boxes import FilterBoxes
from cmxero_desktop.ui.widgets.parts import Choice, label, row
from cmxero_desktop.ui.widgets.proposal_filters import ProposalFilters
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout, use_margins
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.widgets.ticks import TickBox
from cmxero_desktop.ui.widgets.two_lines import TwoLineTable
from cmxero_desktop.ui.widgets.wrapping import WrappingLayout

NOTHING_UNMATCHED = EmptyText("Every payment is on both sides", "", Shape.TICK)
"""What is said where everything is on both sides and was looked at lately."""

_BOTH = "Both sides"
_ONLY_IN = {Side.XERO: "Only in Xero", Side.CASE_MANAGER: "Only in Case Manager"}
_ORDER = tuple(_ONLY_IN)
_Facet = tuple[Side, bool, ProposalKind | None, frozenset[Flag]]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedTables:
    """The rows of the ledger and of the four folds."""

    ledger: Arranged[PaymentRow]
    settled: Arranged[SettlementRow]
    money_back: Arranged[MoneyBackRow]
    voided: Arranged[Alert]
    looks_like: Arranged[Alert]

    def prepare(self) -> None:
        """Make what a person may soon ask of any of them."""
        self.ledger.prepare()
        for fold in (self.settled, self.money_back, self.voided, self.looks_like):
            fold.prepare()


class UnmatchedPage(QWidget):
    """One table with an amount column for each side, so that both sides of an invoice face; four folds below."""

    manual_chapter = "What only one side has"

    current_changed = Signal()
    filters_cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the page."""
        super().__init__(parent)
        self.model: RowsModel[PaymentRow] = RowsModel(
            unmatched_columns(),
            lambda row: row.row_id,
            payment_sentence,
            self,
            facet_of=_facet,
            amount_of=lambda row: row.less_xero,
            sum_title=LESS_XERO,
        )
        self.model.say_of_lines(_on_line, _side)
        self.table: DeskTable[PaymentRow] = TwoLineTable(self.model, "Unmatched", "Payments that only one side has")
        self.body: TableOrEmpty[PaymentRow] = TableOrEmpty(self.table)
        self.body.say_when_empty(NOTHING_UNMATCHED)
        self.side_box = Choice("Which side", [_BOTH, *_ONLY_IN.values()])
        self.side_box.currentIndexChanged.connect(self._filter)
        self.filters = ProposalFilters(self)
        self.filters.changed.connect(self._filter)
        self.settled = Fold(
            "Settled in Xero another way",
            "Credit notes, overpayments and prepayments; not copied.",
            settlement_columns(),
            lambda row: f"{row.invoice_number}-{row.settlement.number}",
            settlement_sentence,
            lambda row: row.settlement.amount,
        )
        self.money_back = Fold(
            "Money went back in Xero",
            "Refunds of credit notes, overpayments and prepayments; not copied. No invoice owes more or less for them.",
            money_back_columns(),
            lambda row: row.refund.payment_id,
            money_back_sentence,
            lambda row: row.refund.amount,
        )
        self.voided = _warned("Voided in Xero", "Void or deleted in Xero; Case Manager still holds them.", "Owed there")
        self.looks_like = _warned(
            "Looks like a CM invoice", "Their numbers are not exactly CM- and a number: not compared.", "Invoiced"
        )
        self.folds = (self.settled, self.money_back, self.voided, self.looks_like)
        self.aside_box = TickBox("Show what is set &aside")
        self.aside_box.toggled.connect(self._filter)
        self.boxes = FilterBoxes(
            {
                "side": self.side_box,
                "change": self.filters.kind_box,
                "flag": self.filters.flag_box,
                "aside": self.aside_box,
            }
        )
        self.total_label = label(role="title", is_wrapped=True)
        self._not_counted = label("Not counted above:", "muted")
        self._aside = 0
        self._ordered: tuple[tuple[PaymentRow, ...], list[PaymentRow]] = ((), [])
        for fold in self.folds:
            for other in self.folds:
                if other is not fold:
                    fold.button.toggled.connect(other.fold_away)
        self._lay_out()
        self.model.shown_changed.connect(self._show_totals)
        self.table.current_changed.connect(self.current_changed)
        self.body.filters_cleared.connect(self._clear_filters)
        self._filter()

    def arranged(self, view: DeskView) -> UnmatchedTables:
        """Return the rows of a view for the ledger and the folds; any thread may ask."""
        return UnmatchedTables(
            ledger=self.model.arranged(self._in_order(view.unmatched)),
            settled=self.settled.model.arranged(view.settled_another_way),
            money_back=self.money_back.model.arranged(view.money_back),
            voided=self.voided.model.arranged(_alerts(view, AlertKind.VOIDED)),
            looks_like=self.looks_like.model.arranged(_alerts(view, AlertKind.LOOKS_LIKE_CM)),
        )

    def _in_order(self, rows: tuple[PaymentRow, ...]) -> list[PaymentRow]:
        """Return the rows as they lie in the ledger: the very same list where they are the very same rows."""
        if self._ordered[0] is not rows:
            self._ordered = (rows, sorted(rows, key=_place))
        return self._ordered[1]

    def show_tables(self, tables: UnmatchedTables) -> None:
        """Show other rows."""
        self.settled.show_rows(tables.settled, "invoice")
        self.money_back.show_rows(tables.money_back, "refund")
        for fold, rows in ((self.voided, tables.voided), (self.looks_like, tables.looks_like)):
            fold.show_rows(rows, "invoice")
            # These are rare, and an open one whose last row is gone has nothing to show.
            fold.button.setVisible(bool(rows.rows))
            fold.fold_away(is_other_open=not rows.rows)
        self._aside = sum(row.is_set_aside for row in tables.ledger.rows)
        self.aside_box.setVisible(bool(self._aside))
        self.model.set_rows(tables.ledger)

    def show_named(self, named: TheseRows) -> None:
        """Show these very rows."""
        self.side_box.setCurrentIndex(0)
        self.filters.clear()
        self.model.set_named(named)

    def use_small(self, *, is_small: bool) -> None:
        """Let the folds have one line on a small screen."""
        use_margins(self, is_small=is_small)
        self._not_counted.setHidden(is_small)

    def set_search(self, text: str) -> None:
        """Show the rows of all tables in which the words are found."""
        self.model.set_search(text)
        for fold in self.folds:
            fold.model.set_search(text)

    def selection_text(self, rows: Sequence[PaymentRow]) -> str:
        """Say what selected rows come to, each side by itself: both together come to nothing that means anything."""
        found = {side: [r for r in rows if r.placement.side is side] for side in _ORDER}
        parts = [
            f"{count(len(some))} {_lowered(_ONLY_IN[side])}, {sums(r.amount for r in some if r.amount is not None)}"
            for side, some in found.items()
            if some
        ]
        return f"{count(len(rows))} selected: {'; '.join(parts)}"

    def _filter(self) -> None:
        """Show one side or both; what is set aside only where somebody wants to see it."""
        wanted = next((side for side, words in _ONLY_IN.items() if words == self.side_box.currentText()), None)
        with_aside, is_meant = self.aside_box.isChecked(), self.filters.keep()

        def keep(facet: _Facet) -> bool:
            side, is_aside, kind, flags = facet
            return wanted in {None, side} and (with_aside or not is_aside) and is_meant(kind, flags)

        self.model.set_filter(keep)

    def _clear_filters(self) -> None:
        self.side_box.setCurrentIndex(0)
        self.filters.clear()
        self.filters_cleared.emit()

    def _show_totals(self) -> None:
        """Say of each side how many payments are shown and what they come to; what is set aside is counted apart."""
        counted = _by_side(self.model.shown_by_facet(_side))
        parts = [f"{_ONLY_IN[side]}: {plural(number, 'payment')}, {amounts}" for side, number, amounts in counted]
        if self._aside and not self.aside_box.isChecked():
            parts.append(f"{count(self._aside)} set aside")
        self.total_label.setText("   |   ".join(parts))

    def _lay_out(self) -> None:
        layout = page_layout(self)
        layout.addLayout(row(label("Show", "muted"), self.side_box, *self.filters.widgets(), self.aside_box, 1))
        layout.addWidget(self.total_label)
        layout.addWidget(self.body, 1)
        buttons = WrappingLayout()
        buttons.addWidget(self._not_counted)
        for fold in self.folds:
            buttons.addWidget(fold.button)
        layout.addLayout(buttons)
        for fold in self.folds:
            layout.addWidget(fold.table)


def _place(row: PaymentRow) -> tuple[tuple[int, str], int, int]:
    """Put the payments of an invoice together, by their dates, Xero's before Case Manager's."""
    day = row.paid_on.toordinal() if row.paid_on is not None else 0
    return number_in(row.placement.invoice_number), day, _ORDER.index(row.placement.side)


def _facet(row: PaymentRow) -> _Facet:
    """Return what is asked of a row: its side, whether it is set aside, and what is proposed for it."""
    proposal = row.proposal.proposal if row.proposal is not None else None
    kind, flags = (proposal.kind, proposal.flags) if proposal is not None else (None, frozenset[Flag]())
    return row.placement.side, row.is_set_aside, kind, flags


def _side(facet: _Facet) -> Side:
    return facet[0]


def _by_side(counted: Parts) -> list[tuple[Side, int, str]]:
    """Return of each side that there is how many payments it has and what they come to, in words."""
    found = {side: (rows, more) for side, rows, more in counted}
    parts = []
    for side in (side for side in _ORDER if side in found):
        number, more = found[side]
        parts.append((side, number, sums([-amount for amount in more] if side is Side.XERO else more)))
    return parts


def _on_line(counted: Parts) -> str:
    """Say what the rows of a group come to, each side by itself."""
    return "; ".join(f"{_lowered(_ONLY_IN[side])} {amounts or 'no amount'}" for side, _, amounts in _by_side(counted))


def _lowered(words: str) -> str:
    return words[0].lower() + words[1:]


def _warned(name: str, about: str, amount: str) -> Fold[Alert]:
    return Fold(
        name, about, warned_columns(amount), lambda alert: alert.key, warned_sentence, lambda alert: alert.amount
    )


def _alerts(view: DeskView, kind: AlertKind) -> tuple[Alert, ...]:
    return tuple(alert for alert in view.alerts if alert.kind is kind)
