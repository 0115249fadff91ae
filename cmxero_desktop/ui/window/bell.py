"""The bell: its number in the head, its list, and the way from a line, or from a notice of the tray, to the rows."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.ui.desk.bell import SKIPPED_DUE, UNMATCHED_DUE, UPDATE, BellItem, BellMemory, Standstill, items_of
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.notices import FAILED, NOT_CHECKING, REMOVALS, SOR, Notice
from cmxero_desktop.ui.desk.preferences import Preferences
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.sheets.bell_sheet import BellSheet
from cmxero_desktop.ui.sheets.questions import show_trouble
from cmxero_desktop.ui.theme.words import KIND_WORD
from cmxero_desktop.ui.widgets.arranged import TheseRows
from cmxero_desktop.ui.window.actions import WindowActions
from cmxero_desktop.ui.window.bands import Bands
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages


class Bell(QObject):
    """Follows the content and the bands; it needs no tray, so nothing is lost where there is none."""

    def __init__(
        self,
        window: QMainWindow,
        header: Header,
        pages: Pages,
        wishes: WindowActions,
        preferences: Preferences,
        *,
        bands: Bands,
        schedule: ScheduleView,
        now: Callable[[], datetime],
    ) -> None:
        """Begin with nothing to say."""
        super().__init__(window)
        self._window = window
        self._header = header
        self._pages = pages
        self._wishes = wishes
        self._memory = BellMemory(preferences)
        self._bands, self._schedule, self._now = bands, schedule, now
        self._content: DeskContent | None = None
        self._standstill = Standstill()
        self.items: tuple[BellItem, ...] = ()
        header.bell_asked.connect(self.open)
        bands.changed.connect(self._follow_bands)
        bands.bell_asked.connect(self.open)

    def show_content(self, content: DeskContent) -> None:
        """List what waits now, and count in the head what is new."""
        self._content = content
        self._list()

    def _follow_bands(self) -> None:
        """List the trouble that a band tells of, from when it came, and a schedule that stands still."""
        trouble, before = self._bands.trouble, self._standstill
        at = before.troubled_at if trouble == before.trouble else self._now()
        self._standstill = Standstill(self._schedule.still_since, self._bands.old, trouble, at)
        self._list()

    def _list(self) -> None:
        if self._content is None:
            # What nobody has read yet is not gone: what was seen of it stays remembered.
            return
        self.items = items_of(self._content, self._standstill)
        self._header.show_bell(len(self.items), len(self._memory.unseen(self.items)))

    def open(self) -> None:
        """Open the list; from then on all of it was seen."""
        new = {item.key for item in self._memory.unseen(self.items)}
        self._memory.see(self.items)
        self._header.show_bell(len(self.items), 0)
        BellSheet(self.items, new, self.show_rows, self._window).open()

    def follow(self, notice: Notice | None, come_forward: Callable[[], object]) -> None:
        """Answer a click on a notice: bring the window forward, at the very rows where its cause still stands."""
        come_forward()
        item = next((item for item in self.items if notice is not None and item.about == notice.about), None)
        if item is not None:
            self.show_rows(item)

    def show_rows(self, item: BellItem) -> None:
        """Go to what a line is about, and stand in it."""
        pages = self._pages
        if item.alert is not None:
            self._wishes.show_alert(item.alert)
        elif item.trouble is not None:
            show_trouble(self._window, item.trouble)
        elif item.about == SOR:
            pages.setCurrentWidget(pages.sor)
            pages.sor.go_to_invoice(item.sor_invoice)
            self._wishes.focus_table()
        elif item.about in {NOT_CHECKING, UPDATE}:
            pages.setCurrentWidget(pages.health)
        elif item.about in {SKIPPED_DUE, UNMATCHED_DUE}:
            self._show_due(item)
        else:
            self._show_review(item)

    def _show_due(self, item: BellItem) -> None:
        """Show the very rows whose day has come, and no others of their list."""
        page = self._pages.skipped if item.about == SKIPPED_DUE else self._pages.unmatched
        self._header.clear_filters()
        self._pages.setCurrentWidget(page)
        page.show_named(TheseRows(item.rows, "what is to be followed up today"))
        page.table.go_to(0)
        self._wishes.focus_table()

    def _show_review(self, item: BellItem) -> None:
        review = self._pages.review
        self._header.clear_filters()
        self._pages.setCurrentWidget(review)
        review.view_box.setCurrentText("To approve")
        review.clear_filters()
        if item.about == REMOVALS:
            review.kind_box.setCurrentText(KIND_WORD[ProposalKind.REMOVE])
        elif item.about not in {FAILED, REMOVALS}:
            review.table.go_to(0 if review.model.line_at(0) is None else 1)
        self._wishes.focus_table()
