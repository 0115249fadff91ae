"""Which use case answers which command: one table, whose first part works on a desk that is not open, too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cmxero_desktop.domain.debtor_lists import DebtorLists
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.sor.tables import ListTable
from cmxero_desktop.services.checking.copying_report import report_copying
from cmxero_desktop.services.checking.debtors import debtor_lists, debtors_if_any
from cmxero_desktop.services.checking.noting import note_missed
from cmxero_desktop.services.checking.polling import Polling, PollingDesk
from cmxero_desktop.services.checking.posting import CalendarText, Posting, debit_days
from cmxero_desktop.services.checking.transition_report import read_transition
from cmxero_desktop.services.checking.written_changes import read_changes
from cmxero_desktop.services.connecting.belonging import OtherBooks, adopt_database
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.epochs import Epochs, confirm_store
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.connecting.renewing import renew_sign_in
from cmxero_desktop.services.connecting.sending_hash import send_hash
from cmxero_desktop.services.connecting.suggesting import Suggesting
from cmxero_desktop.services.connecting.updates import Updates
from cmxero_desktop.services.deciding.accepting_totals import accept_totals
from cmxero_desktop.services.deciding.accounts import AccountSaying, say_account
from cmxero_desktop.services.deciding.changing_mode import change_mode
from cmxero_desktop.services.deciding.changing_settings import change_settings
from cmxero_desktop.services.deciding.correcting import corrected
from cmxero_desktop.services.deciding.deciding import Deciding
from cmxero_desktop.services.deciding.linking import link_payment
from cmxero_desktop.services.deciding.numbering import number_choices, say_number
from cmxero_desktop.services.deciding.saying import Saying, already_there, explain, same_money, unpair
from cmxero_desktop.services.deciding.saying_typed import say_typed
from cmxero_desktop.services.diagnostics.verifying import verify
from cmxero_desktop.services.ports.computer import Autostart, SettingForms, SettingsFile, Turn
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.xero import XeroSignIn
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import (
    Bundle,
    BundleChoice,
    HealthCheck,
    HealthFacts,
    ShownList,
    VerifyReport,
)
from cmxero_desktop.services.records.runs import PollRun
from cmxero_desktop.services.records.setup import AddressSeen, InitRequest
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.sor.reading_list import keep_headings, read_schedule_list
from cmxero_desktop.services.verbs import commands as ask
from cmxero_desktop.services.verbs.commands import Handler
from cmxero_desktop.services.verbs.sor_lines import notice_handlers, schedule_handlers
from cmxero_desktop.services.viewing.changes_report import changes_lists
from cmxero_desktop.services.viewing.cleanup_report import cleanup_report_text, cleanup_state_text
from cmxero_desktop.services.viewing.desk_view import DeskView, warned
from cmxero_desktop.services.viewing.kept_view import ViewReading, read_desk
from cmxero_desktop.services.viewing.showing import Showing
from cmxero_desktop.services.writing.applying import Applying
from cmxero_desktop.services.writing.cleaning_up import (
    CleanupAct,
    clean_up_at_once,
    find_cleanup,
    take_back_cleanup,
)
from cmxero_desktop.services.writing.undoing import Undoing
from cmxero_desktop.services.writing.watched import Watched


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedParts:
    """What a desk works with that is not open: each part is opened only where a command needs it."""

    settings_file: SettingsFile
    connecting: Callable[[], Connecting]
    read_address: Callable[[str], AddressSeen]
    initialise: Callable[[InitRequest], CaseManagerFacts]
    suggesting: Suggesting
    examine: Callable[[], tuple[HealthCheck, ...]]
    mailing: Callable[[], Mailing]
    updates: Updates
    autostart: Autostart
    make_bundle: Callable[[BundleChoice], Bundle]
    write_bundle: Callable[[Bundle, Path], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenParts:
    """What an open desk works with beside that."""

    closed: ClosedParts
    outside: Outside
    sign_in: XeroSignIn
    books: OtherBooks
    epochs: Epochs
    desktop: PollingDesk
    turn: Turn
    watched: Watched
    read_health: Callable[[], HealthFacts]
    write_export: Callable[[DeskView, DebtorLists | None, Path], Path]
    setting_forms: SettingForms
    write_list: Callable[[ShownList, Path], Path]
    write_lists: Callable[[Sequence[ShownList], Path], Path]
    write_text: Callable[[str, Path], Path]
    read_list: Callable[[Path], ListTable]
    calendar_text: CalendarText
    write_calendar: Callable[[str, Path], Path]


def closed_handlers(it: ClosedParts) -> tuple[Handler, ...]:
    """Return the lines of the table that need no open desk."""
    return (
        ask.ReadSettings.handled_by(lambda _: it.settings_file.load()),
        ask.ReadAddress.handled_by(lambda c: it.read_address(c.url)),
        ask.Initialise.handled_by(lambda c: it.initialise(c.request)),
        ask.SuggestMapping.handled_by(lambda c: it.suggesting.suggest(c.request)),
        ask.WriteMapping.handled_by(lambda c: it.suggesting.write(c.made, c.path, may_replace=c.may_replace)),
        ask.SignIn.handled_by(lambda c: it.connecting().sign_in(c.secret)),
        ask.Pin.handled_by(lambda c: it.connecting().pin(c.tenant_id, c.by)),
        ask.Disconnect.handled_by(lambda c: it.connecting().disconnect(c.by)),
        ask.Examine.handled_by(lambda _: it.examine()),
        ask.SetMail.handled_by(lambda c: it.mailing().set_up(c.mail, c.password)),
        ask.SendTestMail.handled_by(lambda _: it.mailing().send_test()),
        ask.AskForUpdates.handled_by(lambda _: it.updates.ask()),
        ask.AskForUpdatesIfDue.handled_by(lambda _: it.updates.ask_if_due()),
        ask.ReadAutostart.handled_by(lambda _: it.autostart.seen()),
        ask.SetAutostart.handled_by(lambda c: _set_autostart(it.autostart, is_on=c.is_on)),
        ask.MakeBundle.handled_by(lambda c: it.make_bundle(c.choice)),
        ask.WriteBundle.handled_by(lambda c: it.write_bundle(c.bundle, c.path)),
    )


def open_handlers(it: OpenParts) -> tuple[Handler, ...]:
    """Return the whole table: a line for each command."""
    lines = (*_deciding(it.outside, it.watched, it.setting_forms), *schedule_handlers(it.outside))
    deciding = (replace(handler, use_case=_among_ours(it, handler.use_case)) for handler in lines)
    noticing = notice_handlers(it.outside, it.desktop)
    return (*closed_handlers(it.closed), *_looking(it), *noticing, *deciding)


def _among_ours(it: OpenParts, use_case: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Refuse what would be decided while the settings lead to another firm's, or by a store that was put back (R35).

    Where the store is then is remembered, also by what failed half-way.
    """

    def run(command: object) -> object:
        it.books.require_ours()
        it.epochs.require_known()
        try:
            return use_case(command)
        finally:
            it.epochs.keep()

    return run


def _looking(it: OpenParts) -> tuple[Handler, ...]:
    """Return the lines that decide nothing; those that read Case Manager find out by themselves which one it is."""
    outside, store = it.outside, it.outside.store

    def look() -> None:
        it.books.look()
        it.epochs.look()

    polling = Polling(outside, desk=it.desktop, turn=it.turn, tell=it.watched.tell, look=look)
    showing, viewing = Showing(outside, it.desktop.zone), ViewReading(store)

    posting = Posting(outside, it.closed.mailing(), it.desktop.holder, it.calendar_text)

    def poll(c: ask.Poll) -> PollRun:
        try:
            run = polling.poll(c.ask)
            it.epochs.keep()
        finally:
            # Days go by, and warnings are due, also where Xero cannot be reached.
            posting.send_waiting()
        return run

    def write_calendar(c: ask.WriteCalendar) -> Path:
        alerts = [a for a in read_desk(store).sor.standing if not c.keys or a.key in c.keys]
        if not (days := debit_days(alerts)):
            raise NotAllowedError("There is no debit date to write.", "An alert with a date has to stand first.")
        return it.write_calendar(it.calendar_text(days, outside.clock()), c.path)

    def verified(_: ask.Verify) -> VerifyReport:
        # What the keyring remembers shows a trail that was cut and holds in itself.
        it.epochs.look()
        return verify(store)

    def adopt(c: ask.AdoptDatabase) -> str:
        said = adopt_database(outside, c.by, c.reason)
        it.books.look()
        it.epochs.keep()
        return said

    return (
        ask.ReadView.handled_by(lambda _: warned(viewing.read(), it.books.alert)),
        ask.ReadHealth.handled_by(lambda _: it.read_health()),
        ask.Verify.handled_by(verified),
        ask.SendHash.handled_by(lambda _: send_hash(store, it.closed.mailing(), outside.clock())),
        ask.CompareDebtors.handled_by(lambda _: debtor_lists(outside)),
        ask.ShowInvoice.handled_by(lambda c: showing.show(c.number, c.as_of)),
        ask.ReportCopying.handled_by(lambda _: report_copying(store)),
        ask.ReadTransition.handled_by(lambda _: read_transition(outside)),
        ask.Export.handled_by(lambda c: it.write_export(read_desk(store), debtors_if_any(outside), c.path)),
        ask.ReadSettingTexts.handled_by(lambda _: it.setting_forms.texts_of(outside.settings_file.load())),
        ask.ExportList.handled_by(lambda c: it.write_list(c.shown, c.path)),
        ask.ReadChanges.handled_by(lambda c: read_changes(outside, c.wanted)),
        ask.WriteChanges.handled_by(lambda c: it.write_lists(changes_lists(read_changes(outside, c.wanted)), c.path)),
        ask.ReadCleanup.handled_by(lambda _: find_cleanup(outside)),
        ask.WriteCleanupReport.handled_by(lambda c: it.write_text(cleanup_report_text(c.report), c.path)),
        ask.WriteCleanupState.handled_by(
            lambda c: it.write_text(cleanup_state_text(find_cleanup(outside), outside.clock()), c.path)
        ),
        ask.ReadScheduleList.handled_by(lambda c: _read_list(it, c)),
        ask.KeepHeadings.handled_by(lambda c: keep_headings(outside.settings_file, c.headings)),
        ask.WriteCalendar.handled_by(write_calendar),
        ask.Poll.handled_by(poll),
        ask.MailSorNotices.handled_by(lambda _: posting.send_waiting()),
        ask.NoteMissed.handled_by(lambda c: note_missed(outside, c.missed)),
        ask.RenewSignIn.handled_by(lambda _: renew_sign_in(outside, it.sign_in)),
        ask.AdoptDatabase.handled_by(adopt),
    )


def _set_autostart(autostart: Autostart, *, is_on: bool) -> AutostartSeen:
    autostart.set(is_on=is_on)
    return autostart.seen()


def _read_list(it: OpenParts, c: ask.ReadScheduleList) -> ScheduleList:
    return read_schedule_list(it.outside, it.read_list, c.path, c.columns, is_whole=c.is_whole)


def _deciding(outside: Outside, watched: Watched, forms: SettingForms) -> tuple[Handler, ...]:
    """Return the lines that decide or write."""
    deciding, applying = Deciding(outside), Applying(outside, watched=watched)
    undoing = Undoing(outside, watched=watched)

    def choose_link(c: ask.ChooseLink) -> str:
        return link_payment(
            outside, proposal_id=c.proposal_id, case_payment_id=c.case_payment_id, by=c.by, xero_id=c.xero_payment_id
        )

    def explain_payment(c: ask.Explain) -> str:
        said = Saying(by=c.by, reason=c.reason)
        if c.what is None:
            return same_money(outside, c.case_payment_id, c.same, said)
        return explain(outside, c.case_payment_id, c.what, said)

    def put_there(c: ask.AlreadyThere) -> str:
        return already_there(outside, c.proposal_id, c.case_payment_id, Saying(by=c.by, reason=c.reason))

    def say_of_account(c: ask.SayAccount) -> str:
        said = AccountSaying(account=c.account, answer=c.answer, by=c.by, payment_type=c.payment_type)
        return say_account(outside, said)

    return (
        ask.Approve.handled_by(
            lambda c: deciding.approve(c.ids, by=c.by, release_reason=c.release_reason, seen=c.seen)
        ),
        ask.ApproveAll.handled_by(lambda c: deciding.approve_all(c.by, c.kind)),
        ask.Hold.handled_by(lambda c: deciding.hold(c.ids, by=c.by, reason=c.reason, until=c.until)),
        ask.Reject.handled_by(lambda c: deciding.reject(c.ids, by=c.by, reason=c.reason)),
        ask.Reopen.handled_by(lambda c: deciding.reopen(c.ids, by=c.by, reason=c.reason)),
        ask.ChooseLink.handled_by(choose_link),
        ask.Explain.handled_by(explain_payment),
        ask.AlreadyThere.handled_by(put_there),
        ask.Corrected.handled_by(lambda c: corrected(outside, c.row_id, Saying(by=c.by, reason=c.reason))),
        ask.Unpair.handled_by(lambda c: unpair(outside, c.row_id, Saying(by=c.by, reason=c.reason))),
        ask.SayAccount.handled_by(say_of_account),
        ask.SayTyped.handled_by(lambda c: say_typed(outside, Saying(by=c.by, reason=c.reason))),
        ask.ChangeSettings.handled_by(lambda c: change_settings(outside, forms, c.texts, c.by)),
        ask.ChangeMode.handled_by(lambda c: change_mode(outside, c.mode, Saying(by=c.by, reason=c.reason))),
        ask.AcceptTotals.handled_by(lambda c: accept_totals(outside, by=c.by, reason=c.reason, shown=c.shown)),
        ask.CleanUp.handled_by(
            lambda c: clean_up_at_once(outside, CleanupAct(groups=c.groups, by=c.by, reason=c.reason, shown=c.shown))
        ),
        ask.TakeBackCleanup.handled_by(lambda c: take_back_cleanup(outside, c.act, by=c.by, reason=c.reason)),
        ask.ReadNumberChoices.handled_by(lambda c: number_choices(outside, c.invoice)),
        ask.Renumber.handled_by(lambda c: say_number(outside, c.invoice, c.number, by=c.by, reason=c.reason)),
        ask.ConfirmStore.handled_by(lambda c: confirm_store(outside, by=c.by, reason=c.reason)),
        ask.EnsureApply.handled_by(lambda c: applying.ensure_open(c.by)),
        ask.Apply.handled_by(lambda c: applying.apply(c.ids, c.by)),
        ask.Undo.handled_by(lambda c: undoing.undo(c.ids, by=c.by, reason=c.reason)),
    )
