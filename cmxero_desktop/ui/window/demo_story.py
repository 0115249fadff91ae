"""Let things happen at the demo's firm, say what did, and lead through its five steps."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from cmxero_desktop.domain.choices import linkable
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.review.groups import GROUPS
from cmxero_desktop.ui.window.actions import WindowActions
from cmxero_desktop.ui.window.demo_card import APPLY, DELETE, LINK, UNDO, DemoCard, done_steps
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages

DemoAction = tuple[str, Callable[[], object]]
"""What the menu calls it, and what makes it happen on the worker: it returns the number of the invoice it is about."""

_DELETION = "deleted"


class DemoStory(QObject):
    """Stands between the card, the menu and the window's parts."""

    def __init__(
        self,
        desk: WindowDesk,
        pages: Pages,
        header: Header,
        wishes: WindowActions,
        say: Callable[[str], object],
        *,
        actions: Sequence[DemoAction],
        start_over: Callable[[], object],
    ) -> None:
        """Keep what can happen; `say` shows a sentence for a while, `start_over` brings the first minute back."""
        super().__init__(desk)
        self.actions = tuple(actions)
        self.start_over = start_over
        self._say = say
        self.card = DemoCard()
        self._desk, self._pages, self._header, self._wishes = desk, pages, header, wishes
        self._label = self._number = self.told_number = ""
        self._is_deleted = False
        self.card.step_asked.connect(self.go)
        self.card.show_asked.connect(self._show)
        self.card.start_over_asked.connect(start_over)
        desk.content_changed.connect(self.show_content)
        desk.check_finished.connect(self._tell)

    def show_content(self, content: DeskContent) -> None:
        """Tick what was done."""
        self.card.show_done(done_steps(content.view.history, is_deleted=self._is_deleted))

    def happen(self, label: str, run: Callable[[], object]) -> None:
        """Let something happen, and check Xero."""
        self._label, self._number = label, ""
        self._is_deleted = self._is_deleted or _DELETION in label

        def first() -> None:
            self._number = str(run() or "")

        self._desk.check(first=first)

    def go(self, step: int) -> None:
        """Go where a step is gone; the deletion in Xero is let happen."""
        if step == APPLY:
            self._wishes.open_apply()
        elif step == UNDO:
            self._wishes.open_undo()
        elif step == DELETE:
            self._let_delete()
        else:
            self._stand_on(step)

    def _let_delete(self) -> None:
        found = next(((label, run) for label, run in self.actions if _DELETION in label), None)
        if found is not None:
            self.happen(*found)

    def _stand_on(self, step: int) -> None:
        """Stand on the first row that a step is about."""
        review = self._pages.review
        self._header.clear_filters()
        self._pages.setCurrentWidget(review)
        review.view_box.setCurrentIndex(0)
        review.clear_filters()
        review.table.group_by("")
        if step == LINK:
            rows = review.model.shown_rows()
            place = next((at for at, row in enumerate(rows) if self._may_be_linked(row)), -1)
            self._say("Look at both sides, then press Same payment (Ctrl+L).")
        else:
            adds = GROUPS.index(ProposalKind.ADD)
            place = next((block.first for block in review.model.blocks if block.group == adds), -1)
            self._say("Press Approve in the head of the group (Ctrl+G).")
        review.table.go_to(place)
        review.table.setFocus()

    def _may_be_linked(self, row: ReviewRow) -> bool:
        proposal, content = row.stored.proposal, self._desk.content
        policy = content.view.state.comparison.policy if content is not None else None
        is_addition = proposal.kind is ProposalKind.ADD and bool(proposal.near_here)
        return is_addition and bool(linkable(proposal, policy))

    def _tell(self, _run: object) -> None:
        """Say what happened once Xero was checked after it."""
        if self._label:
            self.card.tell(f"{self._label}: {self._number}" if self._number else self._label)
            self.told_number, self._label = self._number, ""

    def _show(self) -> None:
        """Go to what came of it, wherever that stands."""
        self._wishes.show_event(self.told_number)
        self.card.lead_on()
