"""Connect the SOR watch's page, its questions and its tray messages with the rest of the window."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from cmxero_desktop.domain.sor.board import NO_BOARD
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.services.records.runs import PollRun
from cmxero_desktop.services.verbs.commands.sor import MailSorNotices, SaidSorNotices, TakeSorNotices
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.sheets.sor_flows import SorFlows
from cmxero_desktop.ui.sor.page import SorPage
from cmxero_desktop.ui.sor.words import tray_notice
from cmxero_desktop.ui.window.tray import Tray

_HOUR_MS = 3_600_000


def connect_sor(page: SorPage, flows: SorFlows) -> None:
    """Let the page's buttons ask the questions."""
    page.import_asked.connect(flows.import_list)
    page.enter_asked.connect(flows.enter)
    page.mark_asked.connect(flows.mark)
    page.mail_asked.connect(flows.set_up_mail)
    page.clearing_asked.connect(flows.show_clearing)
    card = page.card
    card.debit_asked.connect(flows.set_debit_date)
    card.failed_asked.connect(flows.fail_instalment)
    card.paid_out_asked.connect(flows.say_paid_out)
    card.calendar_asked.connect(flows.write_calendar)
    card.close_asked.connect(flows.close_alert)
    card.end_asked.connect(flows.end)
    card.reopen_asked.connect(flows.reopen)
    card.unmark_asked.connect(flows.unmark)
    card.left_asked.connect(flows.show_left)


class SorTeller(QObject):
    """Says from the tray what the watch has to say, after each check; no desktop says what another one said.

    A reminder is for its day whether or not Xero is checked: once an hour it is looked whether one is due, and mailed.
    """

    def __init__(self, desk: WindowDesk, tray: Tray, now: Callable[[], datetime], parent: QObject) -> None:
        """Listen for the end of checks, and begin to look every hour."""
        super().__init__(parent)
        self._desk = desk
        self._tray = tray
        self._now = now
        desk.check_finished.connect(self._after_check)
        self.hourly = QTimer(self)
        self.hourly.setInterval(_HOUR_MS)
        self.hourly.timeout.connect(self._between_checks)
        self.hourly.start()

    def _between_checks(self) -> None:
        content = self._desk.content
        if content is not None and content.view.sor.standing and not self._desk.is_checking:
            self._say_by_tray()
            if content.settings.mail.is_set:
                self._desk.ask(MailSorNotices(), "Sending mail…", lambda _: None)

    def _after_check(self, run: PollRun | None) -> None:
        if run is not None:
            self._say_by_tray()

    def _say_by_tray(self) -> None:
        if self._tray.is_there:
            is_quiet = self._tray.board.waits_for_summary(self._now())
            self._desk.ask(TakeSorNotices(way=NoticeWay.TRAY, is_quiet=is_quiet), "Reading…", self._tell)

    def _tell(self, notices: Sequence[SorNotice]) -> None:
        if not notices:
            return
        content, board = self._desk.content, self._tray.board
        # What waited for the end of quiet time stood in the summary by then.
        waits = content is not None and not content.settings.sor.breaks_quiet_hours
        left = [notice for notice in notices if not (waits and board.has_summed_up(notice, self._now()))]
        if left:
            self._tray.tell(tray_notice(left, content.view.sor if content is not None else NO_BOARD))
        keys = tuple(notice.key for notice in notices)
        self._desk.ask(SaidSorNotices(way=NoticeWay.TRAY, keys=keys), "Reading…", lambda _: None)
