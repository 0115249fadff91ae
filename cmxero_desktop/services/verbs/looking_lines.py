"""Which use case answers which command that decides nothing: what is read, checked, compared and told."""

from pathlib import Path

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.xero_history import ToldHistory
from cmxero_desktop.services.checking.asking_history import ask_history
from cmxero_desktop.services.checking.copying_report import report_copying
from cmxero_desktop.services.checking.debtors import debtor_lists, debtors_if_any
from cmxero_desktop.services.checking.noting import note_missed
from cmxero_desktop.services.checking.polling import Polling
from cmxero_desktop.services.checking.posting import Posting, debit_days
from cmxero_desktop.services.checking.transition_report import read_transition
from cmxero_desktop.services.checking.written_changes import read_changes
from cmxero_desktop.services.connecting.belonging import adopt_database
from cmxero_desktop.services.connecting.renewing import renew_sign_in
from cmxero_desktop.services.connecting.sending_hash import send_hash
from cmxero_desktop.services.deciding.changing_settings import read_setting_texts
from cmxero_desktop.services.diagnostics.verifying import verify
from cmxero_desktop.services.records.reports import VerifyReport
from cmxero_desktop.services.records.runs import PollRun
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.sor.reading_list import keep_headings, read_schedule_list
from cmxero_desktop.services.verbs.commands.checking import AskHistory, NoteMissed, Poll, RenewSignIn
from cmxero_desktop.services.verbs.commands.cleaning_up import ReadCleanup, WriteCleanupReport, WriteCleanupState
from cmxero_desktop.services.verbs.commands.command import Handler
from cmxero_desktop.services.verbs.commands.computer import SendHash
from cmxero_desktop.services.verbs.commands.connecting import AdoptDatabase
from cmxero_desktop.services.verbs.commands.diagnosing import ReadHealth, Verify
from cmxero_desktop.services.verbs.commands.settings import ReadSettingTexts
from cmxero_desktop.services.verbs.commands.sor import KeepHeadings, MailSorNotices, ReadScheduleList, WriteCalendar
from cmxero_desktop.services.verbs.commands.viewing import (
    CompareDebtors,
    Export,
    ExportList,
    ReadChanges,
    ReadTransition,
    ReadView,
    ReportCopying,
    ShowInvoice,
    WriteChanges,
)
from cmxero_desktop.services.verbs.parts import OpenParts
from cmxero_desktop.services.viewing.changes_report import changes_lists
from cmxero_desktop.services.viewing.cleanup_report import cleanup_report_text, cleanup_state_text
from cmxero_desktop.services.viewing.desk_view import warned
from cmxero_desktop.services.viewing.kept_view import ViewReading, read_desk
from cmxero_desktop.services.viewing.showing import Showing
from cmxero_desktop.services.writing.cleaning_up import find_cleanup


def looking_handlers(it: OpenParts) -> tuple[Handler, ...]:
    """Return the lines that decide nothing; those that read Case Manager find out by themselves which one it is."""
    outside, store = it.outside, it.outside.store

    def look() -> None:
        it.books.look()
        it.epochs.look()

    polling = Polling(outside, desk=it.desktop, turn=it.turn, tell=it.watched.tell, look=look)
    showing, viewing = Showing(outside, it.desktop.zone), ViewReading(store)

    posting = Posting(outside, it.closed.mailing(), it.desktop.holder, it.calendar_text)

    def poll(c: Poll) -> PollRun:
        try:
            run = polling.poll(c.ask)
            it.epochs.keep()
        finally:
            # Days go by, and warnings are due, also where Xero cannot be reached.
            posting.send_waiting()
        return run

    def write_calendar(c: WriteCalendar) -> Path:
        alerts = [a for a in read_desk(store).sor.standing if not c.keys or a.key in c.keys]
        if not (days := debit_days(alerts)):
            raise NotAllowedError("There is no debit date to write.", "An alert with a date has to stand first.")
        return it.write_calendar(it.calendar_text(days, outside.clock()), c.path)

    def told(c: AskHistory) -> ToldHistory:
        it.books.require_ours()
        return ask_history(outside, c.payment_id, it.desktop.zone)

    def verified(_: Verify) -> VerifyReport:
        # What the keyring remembers shows a trail that was cut and holds in itself.
        it.epochs.look()
        return verify(store)

    def adopt(c: AdoptDatabase) -> str:
        said = adopt_database(outside, c.by, c.reason)
        it.books.look()
        it.epochs.keep()
        return said

    return (
        ReadView.handled_by(lambda _: warned(viewing.read(), it.books.alert)),
        ReadHealth.handled_by(lambda _: it.read_health()),
        Verify.handled_by(verified),
        SendHash.handled_by(lambda _: send_hash(store, it.closed.mailing(), outside.clock())),
        CompareDebtors.handled_by(lambda _: debtor_lists(outside)),
        ShowInvoice.handled_by(lambda c: showing.show(c.number, c.as_of)),
        ReportCopying.handled_by(lambda _: report_copying(store)),
        ReadTransition.handled_by(lambda _: read_transition(outside)),
        Export.handled_by(lambda c: it.write_export(read_desk(store), debtors_if_any(outside), c.path)),
        ReadSettingTexts.handled_by(lambda _: read_setting_texts(outside, it.setting_forms)),
        ExportList.handled_by(lambda c: it.write_list(c.shown, c.path)),
        ReadChanges.handled_by(lambda c: read_changes(outside, c.wanted)),
        WriteChanges.handled_by(lambda c: it.write_lists(changes_lists(read_changes(outside, c.wanted)), c.path)),
        ReadCleanup.handled_by(lambda _: find_cleanup(outside)),
        WriteCleanupReport.handled_by(lambda c: it.write_text(cleanup_report_text(c.report), c.path)),
        WriteCleanupState.handled_by(
            lambda c: it.write_text(cleanup_state_text(find_cleanup(outside), outside.clock()), c.path)
        ),
        ReadScheduleList.handled_by(lambda c: _read_list(it, c)),
        KeepHeadings.handled_by(lambda c: keep_headings(outside.settings_file, c.headings)),
        WriteCalendar.handled_by(write_calendar),
        Poll.handled_by(poll),
        MailSorNotices.handled_by(lambda _: posting.send_waiting()),
        AskHistory.handled_by(told),
        NoteMissed.handled_by(lambda c: note_missed(outside, c.missed)),
        RenewSignIn.handled_by(lambda _: renew_sign_in(outside, it.sign_in)),
        AdoptDatabase.handled_by(adopt),
    )


def _read_list(it: OpenParts, c: ReadScheduleList) -> ScheduleList:
    return read_schedule_list(it.outside, it.read_list, c.path, c.columns, is_whole=c.is_whole)
