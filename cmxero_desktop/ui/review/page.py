"""Review: the rows that need a decision, their filters, and the bar that approves and applies."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.last_look import LastLook
from cmxero_desktop.ui.review.approval_bar import ApprovalBar, BarTexts, Unseen, bar_texts
from cmxero_desktop.ui.review.columns import review_columns
from cmxero_desktop.ui.review.group_key import GroupKey
from cmxero_desktop.ui.review.groups import GROUPS, GroupHead, HeadTexts, groups_of, head_texts
from cmxero_desktop.ui.review.new_rows import NewRows
from cmxero_desktop.ui.review.stepper import APPLIED, APPROVED, step_texts
from cmxero_desktop.ui.theme.formatting import count, moment, plural, signed_sums, since
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.theme.words import CANNOT_BE_APPROVED, STATE_WORD
from cmxero_desktop.ui.widgets.arranged import Arranged, Parts
from cmxero_desktop.ui.widgets.filter_boxes import FilterBoxes
from cmxero_desktop.ui.widgets.grouped_table import GroupedTable
from cmxero_desktop.ui.widgets.hint_label import HintLabel
from cmxero_desktop.ui.widgets.parts import Choice, button, label, row
from cmxero_desktop.ui.widgets.proposal_filters import ProposalFilters
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout

VIEWS: dict[str, frozenset[ProposalState]] = {
    "To approve": frozenset({ProposalState.PROPOSED, ProposalState.STALE, ProposalState.FAILED}),
    "Approved": frozenset({ProposalState.APPROVED, ProposalState.APPLYING}),
    "On hold": frozenset({ProposalState.HELD}),
    "Rejected": frozenset({ProposalState.REJECTED}),
    "All": frozenset(ProposalState),
}
# More ticked rows than a person ticks one by one are added up on the worker.
_AT_ONCE = 500

WorkOut = Callable[[Callable[[], Any], Callable[[Any], object]], object]
"""Runs the first callable where nobody waits for it, and gives what it returns to the second one here."""


class ReviewPage(QWidget):
    """The page on which a person decides."""

    manual_chapter = "The day"

    check_asked = Signal()
    connect_asked = Signal()
    full_check_asked = Signal()
    cleanup_asked = Signal()
    current_changed = Signal()
    group_asked = Signal(object)
    applied_asked = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Build the page; ages are counted from `now`."""
        super().__init__(parent)
        self.new = NewRows(LastLook(now))
        self.model: RowsModel[ReviewRow] = RowsModel(
            review_columns(now, self.new.is_new),
            lambda row: row.row_id,
            self.new.sentence,
            self,
            # What was decided meanwhile, here or on another desktop, is not what the person ticked.
            tick_lasts=lambda old, new: old.stored.state is new.stored.state,
            facet_of=_facet,
            amount_of=lambda row: None if _is_closed(row) else row.stored.proposal.effect,
            sum_title="Effect on Case Manager if approved",
            uncounted=CANNOT_BE_APPROVED,
        )
        self.model.say_of_lines(_effect_of, lambda facet: facet.is_closed)
        self.heads = tuple(GroupHead(kind) for kind in GROUPS)
        self.table: GroupedTable[ReviewRow] = GroupedTable(
            self.model,
            "Review",
            "Proposed changes to Case Manager. Space ticks a row, Ctrl+Enter approves the ticked, Ctrl+G its group.",
            self.heads,
        )
        self.group_key = GroupKey(self.table, self.heads)
        self.body: TableOrEmpty[ReviewRow] = TableOrEmpty(self.table)
        self.body.total = self._total_of_view
        self.bar = ApprovalBar()
        self.bar.stepper.step_asked.connect(self._go_to_step)
        self.view_box = Choice("View", list(VIEWS))
        self.view_box.currentIndexChanged.connect(self._filter)
        self.filters = ProposalFilters(self)
        self.filters.changed.connect(self._filter)
        self.boxes = FilterBoxes(
            {"view": self.view_box, "change": self.filters.kind_box, "flag": self.filters.flag_box}
        )
        self.kind_box, self.flag_box = self.filters.kind_box, self.filters.flag_box
        layout = page_layout(self)
        self.shown_label = label(role="muted")
        self.elsewhere = HintLabel("")
        self.cleanup_button = button(
            "", self.cleanup_asked.emit, tip="See what can be said of many old payments at once (Ctrl+U)"
        )
        self.cleanup_button.hide()
        boxes = (label("View", "muted"), self.view_box, *self.filters.widgets())
        line = row(*boxes)
        line.addWidget(self.elsewhere, 1)
        line.addWidget(self.cleanup_button)
        line.addWidget(self.shown_label)
        layout.addLayout(line)
        layout.addWidget(self.body, 1)
        layout.addWidget(self.bar)
        self.body.filters_cleared.connect(self.clear_filters)
        self.model.ticks_changed.connect(self._show_bar)
        self.model.shown_changed.connect(self._show_heads)
        for number, head in enumerate(self.heads):
            head.approve_asked.connect(partial(self._ask_for_group, number))
        self.table.current_changed.connect(self.current_changed)
        self.work_out: WorkOut = lambda texts, then: then(texts())
        self._asked = 0
        self._heads_asked = 0
        self._now = now
        self._content: DeskContent | None = None
        self._is_fresh = True
        self._filter()

    def arranged(self, content: DeskContent) -> Arranged[ReviewRow]:
        """Return the rows of content as the table shows them; any thread may ask."""
        rows = (*content.view.review, *content.view.rejected)
        return self.model.arranged(rows, groups_of(rows, content, self._now()))

    def show_content(
        self,
        content: DeskContent,
        rows: Arranged[ReviewRow],
        *,
        is_fresh: bool,
        next_check_at: datetime | None,
    ) -> None:
        """Show the rows of new content."""
        self._content = content
        self._is_fresh = is_fresh
        self.body.say_when_empty(self._empty_text(content, next_check_at))
        self.model.set_rows(rows)
        self.bar.stepper.show_steps(step_texts(content, self._now()))
        left = content.view.old_leftovers
        self.cleanup_button.setText(f"Clean &up {plural(left, 'old leftover')}…")
        self.cleanup_button.setVisible(bool(left))

    def set_freshness(self, *, is_fresh: bool) -> None:
        """Close Apply when the data has become too old, without touching the rows."""
        if is_fresh != self._is_fresh:
            self._is_fresh = is_fresh
            self._show_bar()

    def set_search(self, text: str) -> None:
        """Show the rows in which the words are found."""
        self.model.set_search(text)

    def clear_filters(self) -> None:
        """Show everything that the view holds."""
        self.filters.clear()
        self._filter()

    def ticked(self) -> list[ReviewRow]:
        """Return the ticked rows that are shown."""
        return self.model.ticked_rows()

    def other_ticks(self) -> int:
        """Return how many rows are ticked and shown beside the one that the person stands on."""
        return self.model.ticks_shown - self.model.is_ticked(self.table.currentIndex().row())

    def show_deciding(self, ids: Collection[str], doing: str) -> None:
        """Show at once what is being decided, such as "Approving…", and go on to the next row."""
        self.model.set_waiting(ids, doing)
        self.table.leave_waiting()

    def show_decided(self, ids: Collection[str]) -> None:
        """Show rows as they are again."""
        self.model.set_waiting(ids, "")

    def is_deciding(self, row: ReviewRow) -> bool:
        """Say whether something is being decided of a row, so that nothing else may be."""
        return bool(self.model.waits_for(row.row_id))

    def go_to_next(self, step: int) -> None:
        """Stand on the next or previous row."""
        position = self.table.currentIndex().row() + step
        while self.model.line_at(position) is not None:
            position += step
        self.table.go_to(position)

    def _go_to_step(self, step: int) -> None:
        if step == APPLIED:
            self.applied_asked.emit()
        else:
            self.view_box.setCurrentText("Approved" if step == APPROVED else "To approve")

    def _ask_for_group(self, number: int) -> None:
        """Ask for a yes to the rows of a group that are shown, but for those of which something is decided already."""
        rows = [row for block in self.model.blocks if block.group == number for row in self.model.rows_of(block)()]
        self.group_asked.emit([row for row in rows if not self.is_deciding(row)])

    def _filter(self) -> None:
        states = VIEWS[self.view_box.currentText()]
        is_meant = self.filters.keep()

        def keep(facet: _Facet) -> bool:
            return facet.state in states and is_meant(facet.kind, facet.flags)

        self.model.set_grouped(is_grouped=self.view_box.currentIndex() == 0)
        self.table.show_also(frozenset({"until"} if states == VIEWS["On hold"] else ()))
        self.model.set_filter(keep)

    def _show_heads(self) -> None:
        """Show of each group how much it is, and what its button would approve: of many rows once that is added up."""
        self._heads_asked += 1
        if self._content is None:
            return
        is_at_once = self.model.rowCount() <= _AT_ONCE
        for block in self.model.blocks:
            head = self.heads[block.group]
            head.show_size(block.size, self.model.sums_of(block))
            texts = partial(_head_texts_of, self.model.rows_of(block), self._content, self._now())
            if is_at_once:
                head.show_texts(texts())
            else:
                self.work_out(texts, partial(self._show_head_worked_out, self._heads_asked, head))

    def _show_head_worked_out(self, asked: int, head: GroupHead, texts: HeadTexts) -> None:
        if asked == self._heads_asked:
            head.show_texts(texts)

    def _show_bar(self) -> None:
        self._asked += 1
        if self._content is not None:
            ticked, number = self.model.ticked_as_now(), self.model.ticks_shown
            unseen = Unseen(self.model.hidden_ticks, self.model.folded_ticks)
            texts = partial(_texts_of, ticked, unseen, self._content, self._now())
            if number <= _AT_ONCE:
                self.bar.show_texts(texts())
            else:
                self.bar.show_counting(number)
                self.work_out(texts, partial(self._show_worked_out, self._asked))
        self._show_counts()

    def _total_of_view(self) -> int:
        """Count the rows of the view, whatever a filter leaves of them."""
        by_state = self._content.by_state if self._content is not None else {}
        return sum(by_state.get(state, 0) for state in VIEWS[self.view_box.currentText()])

    def _show_counts(self) -> None:
        """Say how many rows of the view are shown, and what other views have."""
        by_state = self._content.by_state if self._content is not None else {}
        meant = VIEWS[self.view_box.currentText()]
        shown, of_view = self.model.rows_shown, self._total_of_view()
        self.shown_label.setText(
            f"{count(shown)} shown" if shown == of_view else f"{count(shown)} of {count(of_view)} shown"
        )
        others = (
            f"{count(by_state[s])} {STATE_WORD[s].lower()}" for s in STATE_WORD if s not in meant and s in by_state
        )
        named = ", ".join(others)
        self.elsewhere.say(f"Under View: {named}" if named else "")

    def _show_worked_out(self, asked: int, texts: BarTexts) -> None:
        """Show what was worked out, unless something else is ticked by now."""
        if asked == self._asked:
            self.bar.show_texts(texts)

    def _empty_text(self, content: DeskContent, next_check_at: datetime | None) -> EmptyText:
        check = ("Check Xero", self.check_asked.emit)
        if content.is_first_run and not content.view.state.organisation.name:
            connect = ("Connect to Xero…", self.connect_asked.emit)
            return EmptyText(
                "Not connected yet", "Sign in to Xero first. Nothing is written without approval.", None, connect
            )
        if content.is_first_run:
            return EmptyText(
                "No data yet", "Check Xero to see what waits. Nothing is written without approval.", None, check
            )
        checked = content.view.state.comparison.last_polled_at
        if not self._is_fresh and checked is not None:
            text = f"Not checked since {since(checked, self._now())}, so this may be incomplete."
            return EmptyText("Nothing to approve in what we know", text, None, check)
        compare = ("Compare everything", self.full_check_asked.emit)
        return EmptyText("Nothing to approve", _last_applied(content, next_check_at, self._now()), Shape.TICK, compare)


def _head_texts_of(rows: Callable[[], Sequence[ReviewRow]], content: DeskContent, now: datetime) -> HeadTexts:
    return head_texts(rows(), content, now)


def _texts_of(
    ticked: Callable[[], Sequence[ReviewRow]], unseen: Unseen, content: DeskContent, now: datetime
) -> BarTexts:
    return bar_texts(ticked(), unseen, content, now)


@dataclass(frozen=True, slots=True)
class _Facet:
    """All that a filter and a sum ask of a row; what is closed cannot be approved as it stands."""

    state: ProposalState
    kind: ProposalKind
    flags: frozenset[Flag]
    is_closed: bool


def _facet(row: ReviewRow) -> _Facet:
    proposal = row.stored.proposal
    return _Facet(row.stored.state, proposal.kind, proposal.flags, _is_closed(row))


def _is_closed(row: ReviewRow) -> bool:
    """Say whether a row waits for a yes that nobody can give: a sum of what approval would do leaves it out."""
    return row.stored.state in VIEWS["To approve"] and bool(row.stored.proposal.blocking_flags)


def _effect_of(parts: Parts) -> str:
    """Say what approving the rows of a line would do, and of how many it would do nothing since they cannot be."""
    open_ones = [amounts for is_closed, _, amounts in parts if not is_closed]
    effects = [amount for amounts in open_ones for amount in amounts]
    closed = sum(number for is_closed, number, _ in parts if is_closed)
    said = [f"Case Manager {signed_sums(effects)}" if effects else "no money moves"] if open_ones else []
    return ", ".join([*said, *([f"{closed} {CANNOT_BE_APPROVED}"] if closed else [])])


def _last_applied(content: DeskContent, next_check_at: datetime | None, now: datetime) -> str:
    applied = [entry for entry in content.view.history if entry.event.what.value == "applied"]
    last = max(applied, key=lambda entry: entry.sequence, default=None)
    parts = [f"Last change applied {moment(last.event.at)} by {last.event.by}."] if last else []
    if next_check_at is not None:
        parts.append(f"Next check {since(next_check_at, now)}.")
    return " ".join(parts)
