"""Matched and Skipped: one table each."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.viewing.desk_view import PaymentRow
from cmxero_desktop.ui.payments.columns import LESS_XERO, Stands, payment_sentence
from cmxero_desktop.ui.payments.placed_filters import MatchedFilters, PlacedFacet, SkippedFilters, facet_of
from cmxero_desktop.ui.theme.formatting import count, signed_sums, sums
from cmxero_desktop.ui.theme.strangers import guessed_plain
from cmxero_desktop.ui.widgets.arranged import Arranged, Parts, TheseRows
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.hint_label import HintLabel
from cmxero_desktop.ui.widgets.parts import label, row
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.widgets.two_lines import TwoLineTable

_CHAPTERS = {"Matched": "The day", "Skipped": "Skipped, and why"}


class PaymentPage(QWidget):
    """A table of placed payments with a total line, which adds up each side by itself."""

    current_changed = Signal()
    filters_cleared = Signal()

    def __init__(
        self,
        name: str,
        description: str,
        columns: Sequence[Column[PaymentRow]],
        filters: MatchedFilters | SkippedFilters,
        empty: EmptyText,
        parent: QWidget | None = None,
        *,
        has_signs: bool = False,
    ) -> None:
        """Build the page; where the two sides of its rows may differ, sums are that difference and `has_signs`."""
        super().__init__(parent)
        self.manual_chapter = _CHAPTERS[name]
        self.filters = filters
        filters.setParent(self)
        self.boxes = filters.boxes
        self.model: RowsModel[PaymentRow] = RowsModel(
            columns,
            lambda row: row.row_id,
            payment_sentence,
            self,
            facet_of=facet_of,
            amount_of=lambda row: row.less_xero if has_signs else row.amount,
            sum_title=LESS_XERO if has_signs else "",
        )
        self._sums: Callable[[Parts], str] = _apart if has_signs else _sums
        self.model.say_of_lines(lambda parts: _on_line(self._sums(parts)), _stands)
        has_two_lines = any(column.has_second_line for column in columns)
        kind: type[DeskTable[PaymentRow]] = TwoLineTable if has_two_lines else DeskTable
        self.table: DeskTable[PaymentRow] = kind(self.model, name, description)
        self.body: TableOrEmpty[PaymentRow] = TableOrEmpty(self.table)
        self.body.say_when_empty(empty)
        # Sums of several currencies take another line where one has no room.
        self.total_label = label(role="muted", is_wrapped=True)
        layout = page_layout(self)
        line = row(*filters.widgets())
        line.addWidget(HintLabel(description), 1)
        layout.addLayout(line)
        layout.addWidget(self.body, 1)
        layout.addWidget(self.total_label)
        self.model.shown_changed.connect(self._show_total)
        self.table.current_changed.connect(self.current_changed)
        self.body.filters_cleared.connect(self._clear_filters)
        filters.changed.connect(self._filter)

    def show_rows(self, rows: Arranged[PaymentRow]) -> None:
        """Show other rows."""
        self.model.set_rows(rows)

    def set_search(self, text: str) -> None:
        """Show the rows in which the words are found."""
        self.model.set_search(text)

    def show_named(self, named: TheseRows) -> None:
        """Show these very rows."""
        self.boxes.choose({})
        self.model.set_named(named)

    def _filter(self) -> None:
        self.model.set_filter(self.filters.keep())

    def _clear_filters(self) -> None:
        self.boxes.choose({})
        self.filters_cleared.emit()

    def _show_total(self) -> None:
        shown, total = self.model.rows_shown, self.model.total_rows
        of_all = f" of {count(total)}" if shown != total else ""
        said = f"{count(shown)}{of_all} shown{self._sums(self.model.shown_by_facet(_stands))}"
        self.total_label.setText(said)
        self.total_label.setToolTip(guessed_plain(said))


def _sums(parts: Parts) -> str:
    """Say what rows come to, each side by itself: nothing is what both come to."""
    found = {side: (rows, sums(amounts)) for side, rows, amounts in parts}
    if len(found) > 1:
        return ": " + "; ".join(f"{count(found[s][0])} {s}, {found[s][1] or 'no amount'}" for s in Stands if s in found)
    (side, (_, summed)) = found.popitem() if found else (Stands.NOWHERE, (0, ""))
    if side is Stands.NOWHERE or not summed:
        return ""
    return f", {summed} in all" if side is Stands.IN_BOTH else f" {side}, {summed} in all"


def _apart(parts: Parts) -> str:
    """Say of each side what it has alone, and by how much Case Manager is above or below Xero because of all."""
    apart: list[Money] = []
    said = []
    for side, rows, amounts in sorted(parts, key=lambda part: str(part[0]), reverse=True):
        apart += amounts
        alone = [-amount for amount in amounts] if side is Stands.IN_XERO else amounts
        if side is Stands.IN_BOTH:
            said.append(f"{count(rows)} {side}")
        elif side is not Stands.NOWHERE:
            said.append(f"{count(rows)} {side}, {sums(alone) or 'no amount'}")
    if not apart:
        return ""
    return f": {'; '.join(said)}; {LESS_XERO} {signed_sums(apart)}"


def _on_line(words: str) -> str:
    """Say what the rows of a group come to, in the words of the line below the table."""
    return words.lstrip(",: ").removesuffix(" in all")


def _stands(facet: PlacedFacet) -> Stands:
    return facet.stands
