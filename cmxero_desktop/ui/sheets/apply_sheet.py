"""The sheet before writing: warnings first, counts and sums, the full list, the database, and the plan's code."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from cmxero_desktop.domain.proposals import PaymentValues, Proposal, ProposalKind
from cmxero_desktop.domain.shown_codes import shown_code
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.theme.colours import figures
from cmxero_desktop.ui.theme.formatting import plural, signed_sums, sums
from cmxero_desktop.ui.theme.strangers import guessed_plain
from cmxero_desktop.ui.theme.words import KIND_WORD, flag_words, kind_badge, review_sentence, values
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import frame, label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.widgets.wrapping import WrappingLayout

_LIST_HEIGHT = 260
_ROW_HEIGHT = 29
_MOST_WARNINGS = 6
# So many rows are seen before anything is written, without a press.
_OPEN_AT_FIRST = 10
_DOES = {
    ProposalKind.ADD: "new payments",
    ProposalKind.LINK: "their Notes name the Xero payment; no amount or date changes",
    ProposalKind.CHANGE: "payments take Xero's amount, date and reference",
    ProposalKind.REMOVE: "payments are deleted from Case Manager",
    ProposalKind.ACCEPT: "the same money already; nothing is written",
}


def plan_code(proposals: Sequence[Proposal]) -> str:
    """Return a short hash of exactly what would be written, the same in any order: `7F3A-19C2`."""
    return shown_code(proposal.fingerprint for proposal in proposals)


def warnings_of(proposals: Sequence[Proposal]) -> tuple[str, ...]:
    """Return what a person must know before writing, the gravest first."""
    removals = [p for p in proposals if p.kind is ProposalKind.REMOVE]
    flagged = [p for p in proposals if p.flags]
    found = []
    if removals:
        are = "is" if len(removals) == 1 else "are"
        found.append(
            f"{plural(len(removals), 'payment')} of {sums(p.amount for p in removals)} {are} deleted from Case Manager."
        )
    found += [f"{p.invoice_number}: {flag_words(p.flags)}." for p in flagged[:_MOST_WARNINGS]]
    if len(flagged) > _MOST_WARNINGS:
        found.append(f"{len(flagged) - _MOST_WARNINGS} more flagged rows are in the list below.")
    return tuple(found)


def gravest_first(rows: Sequence[ReviewRow]) -> list[ReviewRow]:
    """Return the rows in the order in which they are looked at: removals, changes, what is flagged, the rest."""
    order = {ProposalKind.REMOVE: 0, ProposalKind.CHANGE: 1}
    return sorted(rows, key=lambda row: order.get(row.stored.proposal.kind, 2 if row.stored.proposal.flags else 3))


def before_and_after(proposal: Proposal) -> tuple[str, str]:
    """Say what Case Manager has now, and what it will have."""
    before, after = proposal.before, proposal.after
    if proposal.kind is ProposalKind.LINK:
        return values(before), "the same, linked"
    if proposal.kind is ProposalKind.ACCEPT:
        return "-", "nothing is written"
    return written_in_full(before) if before else "-", written_in_full(after) if after else "deleted"


def written_in_full(written: PaymentValues) -> str:
    """Write all of a payment that is read in Case Manager but its Notes: `330.00 on 23 Nov 2026, EFT, ref. REM 889`."""
    reference = f"ref. {written.reference}" if written.reference else ""
    return ", ".join(part for part in (values(written), written.payment_type, reference) if part)


class ApplySheet(Sheet):
    """One last look; the default is Cancel if anything is removed, or if there are rows that nobody sees yet."""

    manual_chapter = "The day"
    is_explained = True

    apply_asked = Signal(object)

    def __init__(self, rows: Sequence[ReviewRow], database: str, parent: QWidget | None = None, by: str = "") -> None:
        """Show the rows that would be written to the database, in whose name."""
        proposals = [row.stored.proposal for row in rows]
        many = plural(len(rows), "change")
        text = "Each invoice is read again on both sides first. What changed since it was approved is not written."
        super().__init__(f"Apply {many} to Case Manager", text, parent)
        self._ids = [row.row_id for row in rows]
        self.warnings = warnings_of(proposals)
        self._add_warnings()
        if self.is_low:
            self._add_brief_groups(proposals)
        else:
            self._add_groups(proposals)
        self.follows = label(_follows(proposals), is_wrapped=True)
        self.body.addWidget(self.follows)
        self._add_list(rows)
        name = f"     Written as: {by}" if by else ""
        plan = f"Code of exactly these rows, which the result repeats: {plan_code(proposals)}"
        self.place = label(f"Database: {database or 'Case Manager'}{name}     {plan}", "muted", is_wrapped=True)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.place)
        self.cancel = self.add_button("Cancel", self.reject)
        self.apply = self.add_button(f"Apply {many}", self.accept, "primary")
        self.accepted.connect(lambda: self.apply_asked.emit(self._ids))
        has_removal = any(p.kind is ProposalKind.REMOVE for p in proposals)
        self.choose(self.apply if self.fold.isChecked() and not has_removal else self.cancel)
        self.setMinimumWidth(860)

    def _add_warnings(self) -> None:
        for warning in self.warnings:
            self.body.addWidget(label(f"▲  {warning}", "danger", is_wrapped=True))

    def _add_brief_groups(self, proposals: Sequence[Proposal]) -> None:
        """Count and add up in as few lines as they need: what is done with each the mouse brings."""
        card, groups = frame("card"), WrappingLayout()
        groups.setContentsMargins(8, 4, 8, 4)
        card.setLayout(groups)
        for what, does, effect in _groups(proposals):
            said = label(f"{what}:  {effect}    ", "title")
            said.setFont(figures(said.font()))
            said.setToolTip(guessed_plain(does))
            groups.addWidget(said)
        self.body.addWidget(card)

    def _add_groups(self, proposals: Sequence[Proposal]) -> None:
        card = frame("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(24)
        grid.setColumnStretch(1, 1)
        for place, (what, does, effect) in enumerate(_groups(proposals)):
            amount = label(effect, "title")
            amount.setFont(figures(amount.font()))
            amount.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(what, "title"), place, 0)
            grid.addWidget(label(does, "muted", is_wrapped=True), place, 1)
            grid.addWidget(amount, place, 2)
        self.body.addWidget(card)

    def _add_list(self, rows: Sequence[ReviewRow]) -> None:
        model: RowsModel[ReviewRow] = RowsModel(list_columns(), lambda row: row.row_id, review_sentence, self)
        self.table: DeskTable[ReviewRow] = DeskTable(model, "Changes to apply", "Everything that would be written")
        model.set_rows(gravest_first(rows))
        self.table.in_sight.wish(min(_LIST_HEIGHT, _ROW_HEIGHT * (len(rows) + 2)))
        self.fold = QToolButton()
        self.fold.setText(f"Show all {len(rows)}" if len(rows) > 1 else "Show it")
        self.fold.setCheckable(True)
        self.fold.setProperty("role", "fold")
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.toggled.connect(self._unfold)
        self.table.hide()
        self.body.addWidget(self.fold)
        self.body.addWidget(self.table, 1)
        kinds = {row.stored.proposal.kind for row in rows}
        is_grave = bool(kinds & {ProposalKind.REMOVE, ProposalKind.CHANGE})
        is_short = len(rows) <= _OPEN_AT_FIRST
        self.fold.setChecked(is_short or is_grave or any(row.stored.proposal.flags for row in rows))
        self.fold.setHidden(self.is_low and self.fold.isChecked())

    def _unfold(self, is_open: bool) -> None:  # noqa: FBT001 - the signature of Qt's toggled signal
        self.fold.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.table.setVisible(is_open)


def _groups(proposals: Sequence[Proposal]) -> list[tuple[str, str, str]]:
    """Return how many there are of each kind, what is done with them, and what they come to; then all of them."""
    groups = [(kind, [p for p in proposals if p.kind is kind]) for kind in ProposalKind]
    lines = [
        (f"{KIND_WORD[kind]} {len(group)}", _DOES[kind], signed_sums(p.effect for p in group))
        for kind, group in groups
        if group
    ]
    if len(lines) > 1:
        lines.append(("Case Manager", "", signed_sums(p.effect for p in proposals)))
    return lines


def _follows(proposals: Sequence[Proposal]) -> str:
    """Say what the sums of Case Manager become, and that Xero's stay."""
    effects = [proposal.effect for proposal in proposals]
    if not any(effect.minor for effect in effects):
        return "No amount moves in Case Manager. Nothing is changed in Xero."
    paid, owed = signed_sums(effects), signed_sums(-effect for effect in effects)
    return f"In Case Manager: paid {paid}, owed {owed}. Nothing is changed in Xero."


def list_columns() -> tuple[Column[ReviewRow], ...]:
    """Return the columns of a list of changes inside a sheet."""
    return (
        Column(
            key="change",
            title="Change",
            text=lambda row: KIND_WORD[row.stored.proposal.kind],
            badges=lambda row: (kind_badge(row.stored.proposal.kind),),
            width=12,
        ),
        Column(key="invoice", title="Invoice", text=lambda row: row.stored.proposal.invoice_number, width=13),
        Column(key="bill_to", title="Bill To", text=lambda row: row.bill_to, width=20, is_stretched=True),
        Column(key="before", title="Now", text=lambda row: before_and_after(row.stored.proposal)[0], width=36),
        Column(key="after", title="Becomes", text=lambda row: before_and_after(row.stored.proposal)[1], width=36),
        Column(
            key="effect",
            title="Effect",
            text=lambda row: signed_sums([row.stored.proposal.effect]),
            width=12,
            is_right=True,
        ),
    )
