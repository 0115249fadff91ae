"""The desk's window: it puts head, bands, pages, evidence and strip together, and lets each follow the content."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from cmxero_desktop.services.records.runs import PollAsk, PollOutcome, PollRun, Trigger
from cmxero_desktop.services.verbs.commands.diagnosing import Examine
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.shipped import manual_file
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.desk.last_look import LastLook
from cmxero_desktop.ui.desk.preferences import Preferences
from cmxero_desktop.ui.desk.pulse import Pulse
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.evidence.pane import EvidencePane
from cmxero_desktop.ui.health.bundle_sheet import BundleFlow
from cmxero_desktop.ui.health.page import HealthPage
from cmxero_desktop.ui.history.page import HistoryPage
from cmxero_desktop.ui.manual.manual import Manual
from cmxero_desktop.ui.sheets.flows import Flows
from cmxero_desktop.ui.sheets.questions import show_trouble
from cmxero_desktop.ui.sheets.sor_flows import SorFlows
from cmxero_desktop.ui.theme.strangers import in_title
from cmxero_desktop.ui.widgets.help_key import CHAPTER
from cmxero_desktop.ui.widgets.laying_out import laid_out_once
from cmxero_desktop.ui.window.actions import WindowActions
from cmxero_desktop.ui.window.bands import Bands
from cmxero_desktop.ui.window.bell import Bell
from cmxero_desktop.ui.window.debtor_rows import DebtorRows
from cmxero_desktop.ui.window.demo_story import DemoAction, DemoStory
from cmxero_desktop.ui.window.evidence_side import EvidenceSide
from cmxero_desktop.ui.window.evidence_wiring import connect_evidence
from cmxero_desktop.ui.window.finding import connect_finding
from cmxero_desktop.ui.window.folders import open_folder_of
from cmxero_desktop.ui.window.header import Header, window_title
from cmxero_desktop.ui.window.leaving import Leaving
from cmxero_desktop.ui.window.looking import Looking
from cmxero_desktop.ui.window.menu_bar import Ways, fill_menus
from cmxero_desktop.ui.window.pages import Pages
from cmxero_desktop.ui.window.passing_time import PassingTime
from cmxero_desktop.ui.window.pause_menu import PauseMenu
from cmxero_desktop.ui.window.place import WindowPlace
from cmxero_desktop.ui.window.possible import Possible
from cmxero_desktop.ui.window.showing_steps import StepShower
from cmxero_desktop.ui.window.small_screen import SmallScreen
from cmxero_desktop.ui.window.sor_wiring import SorTeller, connect_sor
from cmxero_desktop.ui.window.strip import CompletenessStrip
from cmxero_desktop.ui.window.tray import Tray
from cmxero_desktop.ui.window.tray_wiring import connect_tray
from cmxero_desktop.ui.window.views_menu import ViewsMenu

# A person who asked for a check is told why there was none.
_NOT_MADE = frozenset({PollOutcome.PAUSED, PollOutcome.PUT_OFF, PollOutcome.ELSEWHERE})


def _nothing() -> None:
    return None


class DeskWindow(QMainWindow):
    """The main window. It reads nothing by itself: `desk` brings content, and the window paints it."""

    quit_asked = Signal()

    def __init__(
        self,
        desk: WindowDesk,
        schedule: ScheduleView,
        preferences: Preferences,
        *,
        now: Callable[[], datetime],
        is_demo: bool = False,
        demo_actions: Sequence[DemoAction] = (),
        start_over: Callable[[], object] = _nothing,
    ) -> None:
        """Build the window around a desk."""
        super().__init__()
        self.desk = desk
        self.schedule = schedule
        self.preferences = preferences
        self.now = now
        self.is_demo = is_demo
        self.flows = Flows(desk, self, preferences, now=now, is_name_known=is_demo)
        self.sor_flows = SorFlows(desk, self, self.flows.named, self.flows.said.emit, now)
        self.bundles = BundleFlow(desk, self)
        self.tray = Tray(schedule, now, self, preferences)
        self.teller = SorTeller(desk, self.tray, now, self)
        self.pause_menu = PauseMenu(schedule, now, self)
        self._make_pages()
        self.time = PassingTime(
            desk, schedule, now, header=self.header, bands=self.bands, pages=self.tabs, strip=self.strip, tray=self.tray
        )
        self.leaving = Leaving(self, preferences, self.tray, self.leave, lambda: desk.content)
        self.wishes = WindowActions(
            self,
            desk,
            self.flows,
            header=self.header,
            pages=self.tabs,
            evidence=self.evidence,
            strip=self.strip,
            now=now,
        )
        self.steps = StepShower(self.wishes, self.tabs, self.header, desk, self.flows)
        parts = (desk, self.tabs, self.header, self.wishes, self.strip.say)
        self.story = DemoStory(*parts, actions=demo_actions, start_over=start_over) if is_demo else None
        self._lay_out()
        self.place = WindowPlace(self, self.splitter, preferences, self.evidence.set_upright)
        self.small, self.wishes.show_rows = SmallScreen(self), self.side.show_rows
        self.side.follow(self.header)
        told = (self.header, self.wishes, preferences)
        self.bell = Bell(self, *told, bands=self.bands, schedule=schedule, now=now)
        self._connect()
        self.debtor_rows = DebtorRows(self, desk, self.flows, self.tabs, self.header, now)
        self.manual = Manual(manual_file)
        self.looking = Looking(self, self.review, LastLook(now, preferences))
        self.views = ViewsMenu(self, self.tabs, self.header, preferences, self.strip.say)
        fill_menus(
            self,
            self.wishes,
            desk,
            self.flows,
            self.story,
            place=self.place,
            ways=Ways(self.leave, self.steps.show, lambda: self.manual.open_at(self.manual_chapter), self.tray),
            possible=Possible(self.header, self.tabs, self.evidence, self.views, self.strip, self.bands),
            now=now,
        )
        desk.make_pages, self.review.work_out = self.tabs.tables_of, desk.work_out
        self.pulse = Pulse(desk.waits.progress, self)
        self.pulse.ticked.connect(self.tick)
        self.pulse.told.connect(self.header.show_progress)
        self.setWindowTitle(in_title(window_title(None)))
        self.small.follow()
        self.place.open()
        self.tick()

    def show_content(self, content: DeskContent) -> None:
        """Paint new content on every page."""
        self.setWindowTitle(in_title(window_title(content)))
        self.schedule.look_again(content.view.sor.look_again_at)
        self.header.show_content(content)
        # Where a night has passed, this month may be another one.
        self.tabs.set_days(self.header.period.days)
        self.tabs.show_content(
            content, is_fresh=self.time.freshness.is_fresh, next_check_at=self.schedule.next_check_at
        )
        self.bands.show_content(content)
        self.strip.show_content(content)
        self.bell.show_content(content)
        self.tray.show_content(content)
        self._show_evidence()
        self.tick()

    @property
    def manual_chapter(self) -> str:
        """The chapter of the manual about the page that is shown."""
        return str(getattr(self.tabs.currentWidget(), CHAPTER, ""))

    def tick(self) -> None:
        """Let what depends on the time of day follow it, and see that the schedule goes on."""
        self.time.tick()

    def come_forward(self) -> None:
        """Show and raise the window, because a person asked for it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def leave(self) -> None:
        """Close for good."""
        self.place.keep()
        self.leaving.is_quitting = True
        self.pulse.stop()
        self.tray.close()
        self.manual.close()
        self.close()
        self.quit_asked.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close for good, or do what the person chose."""
        self.leaving.answer(event)

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew when the system changes between light and dark."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self.desk.content is not None:
            QTimer.singleShot(0, self, self._repaint_content)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the evidence at the right on wide screens."""
        super().resizeEvent(event)
        self.small.follow()
        self.place.turn()

    def _make_pages(self) -> None:
        self.header = Header(lambda: self.now().astimezone().date())
        self.bands = Bands()
        self.tabs = Pages(self.now)
        self.review, self.history, self.health = self.tabs.review, self.tabs.history, self.tabs.health
        self.evidence = EvidencePane(self.now)
        self.strip = CompletenessStrip()

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(7)
        self.side = EvidenceSide(self.tabs, self.evidence)
        self.splitter.addWidget(self.tabs)
        self.splitter.addWidget(self.side)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if self.story is not None:
            layout.addWidget(self.story.card)
        for part in (self.header, self.bands):
            layout.addWidget(part)
        layout.addSpacing(4)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.strip)
        self.setCentralWidget(central)

    def _connect(self) -> None:
        desk, flows = self.desk, self.flows
        desk.content_changed.connect(self.show_content)
        desk.check_started.connect(self._on_check)
        desk.check_finished.connect(self._on_checked)
        desk.troubled.connect(self._on_trouble)
        flows.said.connect(self.strip.say)
        flows.done.connect(self.strip.say)
        flows.deciding.connect(self._on_deciding)
        flows.decided.connect(self.review.show_decided)
        self.header.check_asked.connect(desk.check)
        self.header.offer_taken.connect(self.wishes.take_offer)
        self.bands.show_asked.connect(self.wishes.show_alert)
        self.bands.sor_asked.connect(self.wishes.rows.sor)
        self.bands.wishes_asked.connect(self.wishes.rows.undo_wishes)
        connect_sor(self.tabs.sor, self.sor_flows)
        self.bands.check_asked.connect(desk.check)
        self.bands.trouble_asked.connect(lambda trouble: show_trouble(self, trouble))
        self.review.check_asked.connect(desk.check)
        self.review.connect_asked.connect(self.wishes.show_connection)
        self.review.cleanup_asked.connect(self.wishes.clean_up)
        self.review.full_check_asked.connect(lambda: desk.check(PollAsk(is_full=True)))
        self.review.bar.approve_asked.connect(self.wishes.approve_current_or_ticked)
        self.review.group_asked.connect(flows.approve_ticked)
        self.review.bar.apply_asked.connect(self.wishes.open_apply)
        self.tabs.row_changed.connect(self._show_evidence)
        connect_finding(self.header, self.tabs, self.strip, leave=self.wishes.leave_search, go=self.wishes.focus_table)
        _connect_history(self.history, flows)
        _connect_health(self.health, desk, self.bundles, self.strip.say)
        connect_evidence(self.evidence, flows, self.wishes, self.tabs, self.now, desk, is_demo=self.is_demo)
        self.strip.pressed.connect(lambda: flows.writing.tie_out(desk.content))
        self.tabs.currentChanged.connect(self._on_tab)
        connect_tray(self.tray, self.bell, desk, come_forward=self.come_forward, leave=self.leave, tick=self.tick)
        self.header.pause_menu = self.pause_menu
        self.pause_menu.changed.connect(self.tick)

    def _show_evidence(self) -> None:
        content, row = self.desk.content, self.tabs.shown_row()
        with laid_out_once(self.evidence):
            if content is None or row is None:
                self.evidence.clear()
            elif isinstance(row, ReviewRow):
                self.evidence.show_review(row, content, is_deciding=self.review.is_deciding(row))
            else:
                self.evidence.show_payment(row, content)

    def _on_tab(self) -> None:
        self._show_evidence()

    def _on_check(self) -> None:
        self.header.show_checking(is_checking=True)
        self.tray.check_began()
        self.tick()

    def _on_checked(self, run: PollRun | None) -> None:
        content = self.desk.content
        pause = content.view.state.allowance.pause if content is not None else None
        self.schedule.ended(run, pause.until if pause is not None else None)
        self.header.show_checking(is_checking=False)
        self.tray.check_ended(run)
        if run is not None:
            self.bands.end_trouble(is_read=content is None or not content.is_away)
            if run.trigger is Trigger.PERSON and run.outcome in _NOT_MADE:
                self.strip.say(run.reason)
        self.tick()

    def follow_work(self, name: str) -> None:
        """Show what the worker is at, and where; an empty name means that it rests."""
        self.header.show_busy(name)
        self.pulse.follow(is_working=bool(name))

    def _on_deciding(self, ids: Collection[str], doing: str) -> None:
        self.strip.say("")
        self.review.show_deciding(ids, doing)
        self._show_evidence()

    def _on_trouble(self, trouble: Trouble) -> None:
        self.review.model.end_waiting()
        self.bands.show_trouble(trouble)
        self.tabs.say_unread(trouble, self.desk.content)
        self.tick()

    def _repaint_content(self) -> None:
        if self.desk.content is not None and not self.leaving.is_quitting:
            self.show_content(self.desk.content)


def _connect_history(history: HistoryPage, flows: Flows) -> None:
    history.undo_asked.connect(flows.writing.undo)
    history.put_back_asked.connect(flows.reopen)
    history.withdraw_asked.connect(flows.writing.withdraw_undo)
    history.verify_asked.connect(flows.writing.verify)


def _connect_health(health: HealthPage, desk: WindowDesk, bundles: BundleFlow, say: Callable[[str], object]) -> None:
    health.examine_asked.connect(lambda: desk.ask(Examine(), "Examining…", health.show_checks))
    health.bundle_asked.connect(bundles.open)
    health.log_asked.connect(open_folder_of)
    bundles.said.connect(say)
