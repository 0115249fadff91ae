"""The sheet before one approval of several rows that belong together: a move, a deleted batch, a release (R26)."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from cmxero_desktop.domain.acts import is_deleted_batch
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.move_ids import is_circle
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.sheets.apply_sheet import list_columns
from cmxero_desktop.ui.sheets.questions import reason_field
from cmxero_desktop.ui.theme.formatting import plural, sums
from cmxero_desktop.ui.theme.words import flag_words, review_sentence
from cmxero_desktop.ui.widgets.column import Column, briefer
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_WIDTH = 820
_ROW_HEIGHT = 30
_LEAST_ROWS, _MOST_ROWS = 2, 12
_AFTERWARDS = "Nothing is written before you apply."


class WholeSheet(Sheet):
    """Every row with its figures, then one yes for all of them; the default is Cancel."""

    manual_chapter = "Rows that belong together"

    approved = Signal(str)

    def __init__(
        self, rows: Sequence[ReviewRow], *, needs_reason: bool, limit: str = "", parent: QWidget | None = None
    ) -> None:
        """Show the rows; `needs_reason` where a removal limit holds some of them (R27), `limit` says which."""
        proposals = [row.stored.proposal for row in rows]
        super().__init__(f"{_title(proposals)}?", _text(rows, limit), parent)
        columns = (*list_columns(), _flags())
        # Who paid stands below the rows.
        columns = briefer(columns, without=("bill_to",)) if self.is_low else columns
        model: RowsModel[ReviewRow] = RowsModel(columns, lambda row: row.row_id, review_sentence, self)
        self.table: DeskTable[ReviewRow] = DeskTable(model, "Rows of this approval", "Everything that is approved")
        self.table.setMinimumHeight(_ROW_HEIGHT * (1 + _LEAST_ROWS))
        self.table.setMaximumHeight(_ROW_HEIGHT * (1 + min(max(len(rows), _LEAST_ROWS), _MOST_ROWS)))
        model.set_rows(rows)
        self.rows = tuple(rows)
        self.body.addWidget(self.table, 1)
        self.sums = label(_sums(rows), "title")
        self.sums.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.body.addWidget(self.sums)
        self.cancel = self.add_button("Cancel", self.reject)
        yes = self.add_button(
            f"Release from the limit: {_yes(proposals).lower()}" if needs_reason else _yes(proposals),
            self.accept,
            "primary",
        )
        self._reason: QLineEdit | None = reason_field(self, yes) if needs_reason else None
        self.accepted.connect(lambda: self.approved.emit(self._reason.text().strip() if self._reason else ""))
        self.choose(self.cancel)
        self.setMinimumWidth(_WIDTH)
        self.resize(_WIDTH, self._wanted_height())

    def _wanted_height(self) -> int:
        """Return the height in which every row is seen; on a low screen the table is lower, and scrolled."""
        layout, most = self.layout(), self.table.maximumHeight()
        hidden = most - min(self.table.sizeHint().height(), most)
        return (layout.totalHeightForWidth(_WIDTH) if layout is not None else 0) + hidden


def _title(proposals: Sequence[Proposal]) -> str:
    if is_circle(proposals[0].move_id):
        places = sorted({p.invoice_number for p in proposals})
        moved = [p.amount for p in proposals if p.kind is ProposalKind.REMOVE]
        return f"Move {plural(len(moved), 'payment')}, {sums(moved)} in all, between {' and '.join(places)}"
    if proposals[0].move_id:
        gone = next(p for p in proposals if p.kind is ProposalKind.REMOVE)
        new = next(p for p in proposals if p is not gone)
        return f"Move {gone.amount} from {gone.invoice_number} to {new.invoice_number}"
    return f"Approve {plural(len(proposals), 'removal')}, {sums(p.amount for p in proposals)} in all"


def _yes(proposals: Sequence[Proposal]) -> str:
    return "Approve move" if proposals[0].move_id else f"Approve {plural(len(proposals), 'removal')}"


def _text(rows: Sequence[ReviewRow], limit_said: str) -> str:
    proposals = [row.stored.proposal for row in rows]
    if is_circle(proposals[0].move_id):
        return (
            "Right if each is the same money. The payments change places in one step, because each needs the room that "
            f"another one leaves. {_AFTERWARDS}"
        )
    if proposals[0].move_id:
        return f"Right if this is the same money: it leaves one invoice and comes to the other. {_AFTERWARDS}"
    deleted = "Xero deleted these payments with one batch. " if is_deleted_batch(proposals) else ""
    held = sum(Flag.OVER_LIMIT in p.flags for p in proposals)
    said = f"{limit_said} " if held and limit_said else ""
    these = "this row" if held == 1 else f"these {held} rows"
    limit = f"{said}A safety limit holds {these}: approving here lifts it for {these} only. " if held else ""
    return f"{deleted}{limit}Each payment is deleted from Case Manager. {_AFTERWARDS}"


def _sums(rows: Sequence[ReviewRow]) -> str:
    proposals = [row.stored.proposal for row in rows]
    payers = sorted({row.bill_to for row in rows if row.bill_to})
    by = f" - {', '.join(payers)}" if payers else ""
    if proposals[0].move_id:
        effect = total((p.effect for p in proposals), proposals[0].amount.currency)
        return f"Case Manager {effect} in all{by}" if effect.minor else f"Case Manager's total stays the same{by}"
    return f"{plural(len(rows), 'payment')}, {sums(p.amount for p in proposals)} in all{by}"


def _flags() -> Column[ReviewRow]:
    return Column(key="flags", title="Flags", text=lambda row: flag_words(row.stored.proposal.flags), width=27)
