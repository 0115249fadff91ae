"""The bell: its number in the head, its list, and the way from a line, or from a notice of the tray, to the rows."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.ui.desk.bell import UPDATE, BellItem, BellMemory, Standstill, items_of
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.noted import SKIPPED_DUE, UNMATCHED_DUE
from cmxero_desktop.ui.desk.notices import CHANGED, FAILED, NOT_CHECKING, REMOVALS, SOR, Notice
from cmxero_desktop.ui.desk.preferences import Preferences
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.sheets.bell_sheet import BellSheet
from cmxero_desktop.ui.sheets.questions import show_trouble
from cmxero_desktop.ui.window.actions import WindowActions
from cmxero_desktop.ui.window.bands import Bands
from cmxero_desktop.ui.window.header import Header

_LOOKS = {
    FAILED: (ProposalState.FAILED, "that failed"),
    CHANGED: (ProposalState.STALE, "that changed since approval"),
}


class Bell(QObject):
    """Follows the content and the bands; it needs no tray, so nothing is lost where there is none."""

    def __init__(
        self,
        window: QMainWindow,
        header: Header,
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
        elif notice is not None and notice.about == NOT_CHECKING:
            # A check that does not end is no line of the bell.
            self._wishes.rows.checks()

    def show_rows(self, item: BellItem) -> None:
        """Go to what a line is about, and stand in it."""
        rows = self._wishes.rows
        if item.alert is not None:
            self._wishes.show_alert(item.alert)
        elif item.trouble is not None:
            show_trouble(self._window, item.trouble)
        elif item.about == SOR:
            rows.sor(item.sor_invoice)
        elif item.about in {NOT_CHECKING, UPDATE}:
            rows.checks()
        elif item.about in {SKIPPED_DUE, UNMATCHED_DUE}:
            rows.due(item.rows, is_skipped=item.about == SKIPPED_DUE)
        elif item.about in _LOOKS:
            rows.in_state(*_LOOKS[item.about])
        elif item.about == REMOVALS:
            rows.removals()
        else:
            rows.waiting()
