"""The first-run wizard: seven pages in one window, which collects everything first and writes only at the end."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout

from cmxero_desktop.services.ports.setup import Setup
from cmxero_desktop.services.records.setup import SetupAnswers, WizardEnd
from cmxero_desktop.shipped import manual_file
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.application.qt_messages import qt_messages_logged
from cmxero_desktop.ui.desk.jobs import JobBridge, OnWorker
from cmxero_desktop.ui.desk.preferences import APPROVER, Preferences
from cmxero_desktop.ui.manual.manual import Manual
from cmxero_desktop.ui.sheets.questions import ask_yes
from cmxero_desktop.ui.theme.colours import use_look
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.help_key import CHAPTER, give_help_key
from cmxero_desktop.ui.widgets.mnemonics import give_letters
from cmxero_desktop.ui.widgets.parts import allow, button, label
from cmxero_desktop.ui.widgets.room import room_of
from cmxero_desktop.ui.wizard.database import DatabasePage
from cmxero_desktop.ui.wizard.first_check import CheckPage
from cmxero_desktop.ui.wizard.page import WizardPage
from cmxero_desktop.ui.wizard.plain_pages import NoticesPage, PeoplePage, RulesPage, WelcomePage
from cmxero_desktop.ui.wizard.xero import XeroPage

_SIZE = (700, 540)
_SMALLEST = (420, 280)
_NEXT = {0: "&Begin", 5: "&Set up and check", 6: "&Open the program"}


class Wizard(QDialog):
    """Leads from page to page. `left` says how it ended; it is emitted once."""

    left = Signal(object)

    def __init__(self, setup: Setup, jobs: JobBridge, today: date) -> None:
        """Begin at the welcome."""
        super().__init__()
        self._setup = setup
        self._end: WizardEnd | None = None
        self.setWindowTitle("Set up CM-Xero Desk")
        self.setAccessibleName("Set up CM-Xero Desk")
        self.welcome = WelcomePage()
        self.xero = XeroPage(setup, jobs)
        self.database = DatabasePage(setup, jobs)
        self.rules = RulesPage(today)
        self.people = PeoplePage()
        self.notices = NoticesPage()
        self.notices.offer_autostart(setup.autostart())
        self.check = CheckPage(setup, jobs, self.answers)
        asked = (self.welcome, self.xero, self.database, self.rules, self.people, self.notices)
        self.pages: tuple[WizardPage, ...] = (*asked, self.check)
        self.step = label(role="muted")
        self.heading = label("", "title", size=1.4)
        self.lead = label("", "muted", is_wrapped=True)
        self.why = label("", "muted", is_wrapped=True)
        self.cancel_button = button("Cancel", self.reject)
        self.back_button = button("Bac&k", self._back)
        self.next_button = button("&Next", self._next, "primary")
        for each in (self.cancel_button, self.back_button, self.next_button):
            each.setAutoDefault(True)
        self.manual = Manual(manual_file)
        give_help_key(self)
        self._stack = QStackedWidget()
        self._build()
        self.welcome.demo_asked.connect(lambda: self._leave(WizardEnd.DEMO))
        for page in self.pages:
            page.changed.connect(self._refresh)
            page.ready.connect(self.next_button.setFocus)
        self.setMinimumSize(*_SMALLEST)
        self.resize(QSize(*_SIZE).boundedTo(room_of(self)))
        self._go(0)

    @property
    def page(self) -> WizardPage:
        """The page that is shown."""
        return self.pages[self._stack.currentIndex()]

    @property
    def manual_chapter(self) -> str:
        """The chapter of the manual about the page that is shown."""
        return str(getattr(self.page, CHAPTER, ""))

    def answers(self) -> SetupAnswers:
        """Return everything that was entered."""
        organisation = self.xero.organisation
        return SetupAnswers(
            client_id=self.xero.client_id.text().strip(),
            redirect_port=self.xero.redirect_port,
            tenant_id=organisation.tenant_id if organisation else "",
            case_manager_url=self.database.url,
            mapping=self.database.mapping_name,
            policy=self.rules.policy,
            setting_texts={**self.people.setting_texts, **self.notices.setting_texts},
            starts_at_sign_in=self.notices.starts.isChecked(),
        )

    @property
    def approver(self) -> str:
        """Who decides, where a name was given and the program was set up."""
        return self.people.name.text().strip() if self.check.is_set_up else ""

    def event(self, event: QEvent) -> bool:
        """Keep a letter on every button of the page that is shown."""
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Show}:
            self._give_letters()
        return super().event(event)

    def _give_letters(self) -> None:
        give_letters(self, behind=[page for page in self.pages if page is not self.page])

    def reject(self) -> None:
        """Close, after a question where something was entered that would be lost."""
        if self.check.is_busy and not self.check.is_set_up:
            # What is being written takes a moment, and is whole or not there at all.
            return
        if self.check.is_set_up or not any(page.has_input for page in self.pages):
            self._leave(WizardEnd.CANCELLED)
            return
        text = "What you entered is forgotten. Nothing has been written yet; you can begin again at any time."
        ask_yes(self, "Stop setting up?", text, "Stop", lambda: self._leave(WizardEnd.CANCELLED), stands_out=False)

    def come_forward(self) -> None:
        """Show and raise the window, for a second start of the program."""
        self.showNormal()
        self.raise_()
        self.activateWindow()

    def _build(self) -> None:
        for page in self.pages:
            scroll = QScrollArea()
            scroll.setFrameShape(QFrame.Shape.NoFrame)
            scroll.setWidgetResizable(True)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setWidget(page)
            # The style sheet leaves the area itself without a colour, but not what lies in it.
            page.setAutoFillBackground(False)
            scroll.viewport().setAutoFillBackground(False)
            self._stack.addWidget(scroll)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.why, 1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.next_button)
        self.why.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 20, 16)
        layout.setSpacing(6)
        layout.addWidget(self.step)
        layout.addWidget(self.heading)
        layout.addWidget(self.lead)
        layout.addSpacing(6)
        layout.addWidget(self._stack, 1)
        layout.addSpacing(4)
        layout.addLayout(foot)

    def _go(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        page = self.page
        self.step.setText(f"Step {at + 1} of {len(self.pages)}")
        self.heading.setText(page.title)
        self.lead.setText(page.lead)
        self.setAccessibleDescription(as_said(f"{self.step.text()}: {page.title}. {page.lead}"))
        self.next_button.setText(_NEXT.get(at, "&Next"))
        self.next_button.setFocus()
        if page is self.rules and self.database.seen is not None:
            self.rules.show_case_manager(self.database.seen.facts.forward_dating_days)
        page.enter()
        self._refresh()
        self._give_letters()

    def _next(self) -> None:
        if self.page.why_stay:
            return
        if self.page is self.check:
            self._leave(WizardEnd.DONE)
        else:
            self._go(self._stack.currentIndex() + 1)

    def _back(self) -> None:
        self._go(self._stack.currentIndex() - 1)

    def _refresh(self) -> None:
        page, at = self.page, self._stack.currentIndex()
        why = page.why_stay
        self.why.setText(why)
        allow(self.next_button, why)
        self.back_button.setVisible(at > 0 and not self.check.is_set_up)
        allow(self.back_button, "This page is at work: wait until it is done." if page.is_busy else "")
        self.cancel_button.setText("Close" if self.check.is_set_up else "Cancel")
        default = page.wish if why and page.wish is not None else self.next_button
        default.setDefault(True)
        if page.said.isVisible():
            # On a small screen the sentence may stand below what is shown.
            QTimer.singleShot(0, self, self._show_said)

    def _show_said(self) -> None:
        area = self._stack.currentWidget()
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(self.page.said)

    def _leave(self, end: WizardEnd) -> None:
        if self._end is not None:
            return
        self._end = end
        # Nobody is left to wait for.
        self._setup.cancel_sign_in()
        self._setup.stop_waiting()
        # Before anybody hears of it: quitting asks every window that is shown, and this one would refuse.
        self.hide()
        self.manual.close()
        self.left.emit(end)


class WizardHandle(QObject):
    """What other threads may ask of the wizard; the wish crosses to the window's thread by itself."""

    _show_wanted = Signal()

    def __init__(self, wizard: Wizard) -> None:
        """Connect the wish."""
        super().__init__()
        self._show_wanted.connect(wizard.come_forward, Qt.ConnectionType.QueuedConnection)

    def show_window(self) -> None:
        """Show and raise the window."""
        self._show_wanted.emit()


def run_wizard(
    setup: Setup,
    *,
    on_worker: OnWorker,
    today: date,
    preferences: Preferences | None = None,
    on_ready: Callable[[WizardHandle], None] | None = None,
) -> WizardEnd:
    """Show the wizard and run until the person leaves it; say how. `preferences` remember who decides here."""
    app = application()
    bridge = JobBridge(on_worker)
    wizard = Wizard(setup, bridge, today)
    app.styleHints().colorSchemeChanged.connect(lambda: use_look(app))
    ends: list[WizardEnd] = []
    wizard.left.connect(ends.append)
    wizard.left.connect(lambda _: app.quit())
    handle = WizardHandle(wizard)
    if on_ready is not None:
        on_ready(handle)
    wizard.show()
    with qt_messages_logged():
        app.exec()
        bridge.close()
        approver = wizard.approver
        wizard.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if preferences is not None and approver:
        preferences.set(APPROVER, approver)
    return ends[0] if ends else WizardEnd.CANCELLED
