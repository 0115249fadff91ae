"""A desk in memory: it answers every command over one view, and keeps a record of every call."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cmxero_desktop.adapters.settings_file.texts import texts_of, with_texts
from cmxero_desktop.domain.cleanup import Cleanup
from cmxero_desktop.domain.copying import NOT_WATCHED
from cmxero_desktop.domain.debtor_lists import compare_debtors
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.sor.importing import SorImport
from cmxero_desktop.domain.sor.notices import SorNotice
from cmxero_desktop.domain.transition import Transition
from cmxero_desktop.domain.xero_history import HistoryLine, ToldHistory
from cmxero_desktop.services.ports.waits import Waits
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.changes import WrittenChange
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.numbers import NumberChoice, NumberChoices, NumberWhy
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.records.reports import (
    ApplyReport,
    Bundle,
    BundleChoice,
    BundlePart,
    CleanupReport,
    DecisionReport,
    HealthCheck,
    HealthFacts,
    RowOutcome,
    VerifyReport,
)
from cmxero_desktop.services.records.runs import PollAsk, PollProgress, PollRun
from cmxero_desktop.services.records.settings import Mode, Settings
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.verbs.commands.checking import AskHistory, NoteMissed, Poll, RenewSignIn
from cmxero_desktop.services.verbs.commands.cleaning_up import (
    CleanUp,
    ReadCleanup,
    TakeBackCleanup,
    WriteCleanupReport,
    WriteCleanupState,
)
from cmxero_desktop.services.verbs.commands.command import Command, Handler, Report
from cmxero_desktop.services.verbs.commands.computer import (
    AskForUpdates,
    AskForUpdatesIfDue,
    ReadAutostart,
    SendHash,
    SendTestMail,
    SetAutostart,
    SetMail,
)
from cmxero_desktop.services.verbs.commands.connecting import AdoptDatabase, ConfirmStore, Disconnect, Pin, SignIn
from cmxero_desktop.services.verbs.commands.deciding import AcceptTotals, Approve, ApproveAll, Hold, Reject, Reopen
from cmxero_desktop.services.verbs.commands.diagnosing import Examine, MakeBundle, ReadHealth, Verify, WriteBundle
from cmxero_desktop.services.verbs.commands.saying import (
    AlreadyThere,
    ChooseLink,
    Corrected,
    Explain,
    ReadNumberChoices,
    Renumber,
    SayAccount,
    SayTyped,
    TakeBackLink,
    Unpair,
    WriteNote,
)
from cmxero_desktop.services.verbs.commands.settings import ChangeMode, ChangeSettings, ReadSettings, ReadSettingTexts
from cmxero_desktop.services.verbs.commands.sor import (
    CloseSorAlert,
    EndSchedule,
    FailInstalment,
    KeepHeadings,
    MailSorNotices,
    MarkSchedule,
    ReadScheduleList,
    ReopenSchedule,
    SaidSorNotices,
    SayClearingBalance,
    SayDisbursed,
    SetDebitDate,
    TakeSchedules,
    TakeSorNotices,
    TickEnding,
    UnmarkSchedule,
    WriteCalendar,
)
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
from cmxero_desktop.services.verbs.commands.writing import Apply, EnsureApply, Undo, WithdrawUndo
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.showing import InvoiceHistory
from tests.ui.histories import history
from tests.ui.views import NOW, POLICY, entry, run

Call = tuple[object, ...]


HEALTH = HealthFacts(
    home="/home/ann/.local/share/cm-xero-desk",
    store_place="/home/ann/.local/share/cm-xero-desk/store.db",
    log_file="/home/ann/.local/share/cm-xero-desk/logs/desk.log",
    disk_free_bytes=53_000_000_000,
    versions={"CM-Xero Desk": "0.2.0", "Python": "3.11.7"},
)

NUMBERS = NumberChoices(
    invoice_number="CM-101",
    shown="CM-101",
    before="CM-100",
    contact="Ms Ito",
    total=Money.of("1000", "AUD"),
    due=Money.of("900", "AUD"),
    payments=3,
    goes_with="100",
    is_in_doubt=True,
    choices=(
        NumberChoice(
            number="100",
            why=(NumberWhy.COPIES, NumberWhy.FIRST),
            copies=2,
            payments=3,
            total=Money.of("1000", "AUD"),
            balance=Money.of("900", "AUD"),
            bill_to="Ms Ito",
        ),
        NumberChoice(number="101", why=(NumberWhy.PRESENT,), refusal="Case Manager has no invoice 101."),
    ),
)


XERO_LINES = (
    HistoryLine(at=NOW - timedelta(hours=3), who="R. Patel", what="Deleted"),
    HistoryLine(at=datetime(2026, 10, 30, 15, 20, tzinfo=UTC), who="J. Wu", what="Created"),
)

_SAYINGS: tuple[type[Command[str]], ...] = (
    TakeBackLink,
    MarkSchedule,
    UnmarkSchedule,
    EndSchedule,
    ReopenSchedule,
    FailInstalment,
    SetDebitDate,
    CloseSorAlert,
    TickEnding,
    SayDisbursed,
    SayClearingBalance,
)


@dataclass(frozen=True, slots=True)
class Offered:
    """An organisation to choose."""

    tenant_id: str
    name: str


class FakeDesk:
    """Behaves like a desk whose every wish succeeds, unless `error` says otherwise."""

    def __init__(self, view: DeskView, *, mode: Mode = Mode.APPROVE) -> None:
        self.desk_view = view
        self.settings = Settings(mode=mode)
        self.autostart = AutostartSeen(is_supported=True, said="The system keeps it.")
        self.updates = UpdatesSeen(is_on=False, own_version="0.2.0")
        self.calls: list[Call] = []
        self.asks: list[PollAsk] = []
        self.error: Exception | None = None
        self.debtors = compare_debtors((), (), POLICY)
        self.history = history()
        self.xero_lines: tuple[HistoryLine, ...] | None = XERO_LINES
        self.cleanup = Cleanup()
        self.changes: tuple[WrittenChange, ...] = ()
        self.schedule_list: ScheduleList | None = None
        self.schedules_taken = SorImport()
        self.sor_notices: tuple[SorNotice, ...] = ()
        self.left_out: tuple[RowOutcome, ...] = ()
        self.copying = NOT_WATCHED
        self.transition = Transition()
        self.numbers = NUMBERS
        self.closed: Exception | None = None
        self.apply_report: ApplyReport | None = None
        self.decision_report: DecisionReport | None = None
        self.poll_run: PollRun = run(NOW)
        self.offered: tuple[Offered, ...] = (Offered("org-1", "Brightside Rehab Pty Ltd"),)
        self.progress: PollProgress | None = None
        self._waits = _Waits(self)
        self._answers: dict[type[Command[Any]], Handler] = {}
        self._good = {handler.kind: handler for handler in self._good_day()}

    @property
    def waits(self) -> Waits:
        return self._waits

    def run(self, command: Command[Report]) -> Report:
        """Answer as the test said with `answer`, else as a desk on a good day."""
        handler = self._answers.get(type(command)) or self._good[type(command)]
        report: Report = handler.use_case(command)
        return report

    def answer(self, handler: Handler) -> None:
        """Answer one kind of command in another way."""
        self._answers[handler.kind] = handler

    def _good_day(self) -> Iterator[Handler]:
        yield ReadView.handled_by(lambda _: self.desk_view)
        yield ReadSettings.handled_by(lambda _: self.settings)
        yield ReadHealth.handled_by(lambda _: HEALTH)
        yield Poll.handled_by(lambda c: self._poll(c.ask))
        yield NoteMissed.handled_by(lambda c: self._note("note_missed", c.missed))
        yield RenewSignIn.handled_by(lambda _: self._note("renew_sign_in"))
        yield SignIn.handled_by(lambda c: self._sign_in(c.secret))
        yield Pin.handled_by(lambda c: self._pin(c.tenant_id, c.by))
        yield AdoptDatabase.handled_by(lambda c: self._said("adopt", c.by, c.reason))
        yield ConfirmStore.handled_by(lambda c: self._said("confirm", c.by, c.reason))
        yield from self._good_schedules()
        yield SetMail.handled_by(self._set_mail)
        yield SendHash.handled_by(lambda _: self._said("send_hash"))
        yield from self._good_computer()
        yield SendTestMail.handled_by(lambda _: self._said("send_test_mail"))
        yield Disconnect.handled_by(lambda c: self._note("disconnect", c.by))
        yield Approve.handled_by(
            lambda c: self._decided(("approve", c.ids, c.by, c.release_reason), c.ids, ProposalState.APPROVED)
        )
        yield ApproveAll.handled_by(lambda c: self._decided(("approve_all", c.kind, c.by), [], ProposalState.APPROVED))
        yield Reject.handled_by(
            lambda c: self._decided(("reject", c.ids, c.by, c.reason), c.ids, ProposalState.REJECTED)
        )
        yield Hold.handled_by(
            lambda c: self._decided(("hold", c.ids, c.by, c.reason, c.until), c.ids, ProposalState.HELD)
        )
        yield Reopen.handled_by(
            lambda c: self._decided(("reopen", c.ids, c.by, c.reason), c.ids, ProposalState.PROPOSED)
        )
        yield EnsureApply.handled_by(lambda _: self._ensure_apply())
        yield Apply.handled_by(lambda c: self._apply(c.ids, c.by))
        yield Undo.handled_by(lambda c: self._undo(c.ids, by=c.by, reason=c.reason))
        yield WithdrawUndo.handled_by(lambda c: self._withdraw(c.ids, c.by))
        yield ChooseLink.handled_by(self._choose_link)
        yield from self._sayings()
        yield Corrected.handled_by(lambda c: self._said("corrected", c.row_id, c.by, c.reason))
        yield AcceptTotals.handled_by(lambda c: self._said("accept_totals", c.by, c.reason, c.shown))
        yield Unpair.handled_by(lambda c: self._said("unpair", c.row_id, c.by, c.reason))
        yield SayAccount.handled_by(lambda c: self._said("say_account", c.account, c.answer, c.payment_type, c.by))
        yield ReportCopying.handled_by(lambda _: self.copying)
        yield ReadTransition.handled_by(lambda _: self.transition)
        yield SayTyped.handled_by(lambda c: self._said("typed", c.by, c.reason))
        yield ReadSettingTexts.handled_by(lambda _: texts_of(self.settings))
        yield ChangeSettings.handled_by(self._change_settings)
        yield ChangeMode.handled_by(lambda c: self._said("mode", c.mode, c.by, c.reason))
        yield from self._cleaning_up()
        yield from self._changes()
        yield Renumber.handled_by(lambda c: self._said("renumber", c.invoice, c.number, c.by, c.reason))
        yield ReadNumberChoices.handled_by(lambda c: replace(self.numbers, invoice_number=c.invoice))
        yield CompareDebtors.handled_by(lambda _: self.debtors)
        yield ShowInvoice.handled_by(lambda c: self._show(c.number, c.as_of))
        yield AskHistory.handled_by(lambda c: self._ask_history(c.payment_id))
        yield Export.handled_by(lambda c: self._export(c.path))
        yield ExportList.handled_by(self._export_list)
        yield Verify.handled_by(lambda _: self._verify())
        yield Examine.handled_by(lambda _: self._examine())
        yield MakeBundle.handled_by(lambda c: self._bundle(c.choice))
        yield WriteBundle.handled_by(lambda c: self._write_bundle(c.bundle, c.path))

    def _sayings(self) -> Iterator[Handler]:
        yield Explain.handled_by(lambda c: self._said("explain", c.case_payment_id, c.what, c.same, c.by, c.reason))
        yield AlreadyThere.handled_by(
            lambda c: self._said("already_there", c.proposal_id, c.case_payment_id, c.by, c.reason)
        )
        yield WriteNote.handled_by(lambda c: self._said("note", c.row_id, c.text, c.owner, c.follow_up, c.seen, c.by))

    def _good_computer(self) -> Iterator[Handler]:
        yield AskForUpdates.handled_by(lambda _: self.updates)
        yield AskForUpdatesIfDue.handled_by(self._ask_if_due)
        yield ReadAutostart.handled_by(lambda _: self.autostart)
        yield SetAutostart.handled_by(self._set_autostart)

    def _good_schedules(self) -> Iterator[Handler]:
        for said in _SAYINGS:
            yield said.handled_by(self._said)
        yield ReadScheduleList.handled_by(self._read_list)
        yield TakeSchedules.handled_by(self._take_schedules)
        yield KeepHeadings.handled_by(self._note)
        yield WriteCalendar.handled_by(self._write_calendar)
        yield TakeSorNotices.handled_by(self._take_notices)
        yield SaidSorNotices.handled_by(self._note)
        yield MailSorNotices.handled_by(self._note)

    def _read_list(self, asked: ReadScheduleList) -> ScheduleList:
        self._note(asked)
        assert self.schedule_list is not None
        return self.schedule_list

    def _take_schedules(self, asked: TakeSchedules) -> SorImport:
        self._note(asked)
        return self.schedules_taken

    def _write_calendar(self, asked: WriteCalendar) -> Path:
        self._note(asked)
        return asked.path

    def _take_notices(self, asked: TakeSorNotices) -> tuple[SorNotice, ...]:
        self._note(asked)
        taken, self.sor_notices = self.sor_notices, ()
        return taken

    def _set_autostart(self, asked: SetAutostart) -> AutostartSeen:
        self._note("set_autostart", asked.is_on)
        self.autostart = replace(self.autostart, is_on=asked.is_on)
        return self.autostart

    def _ask_if_due(self, _: AskForUpdatesIfDue) -> bool:
        self._note("ask_for_updates_if_due")
        return False

    def _set_mail(self, asked: SetMail) -> None:
        self._note("set_mail", asked.mail, asked.password)
        self.settings = replace(self.settings, mail=asked.mail)

    def _said(self, *call: object) -> str:
        self._note(*call)
        return "Kept."

    def _show(self, number: str, as_of: datetime | None) -> InvoiceHistory:
        self._note("show", number, as_of)
        return self.history

    def _ask_history(self, payment_id: XeroPaymentId) -> ToldHistory:
        self._note("ask_history", payment_id)
        return ToldHistory(payment_id=payment_id, changed_at=NOW, asked_at=NOW, lines=self.xero_lines)

    def _clean_up(self, asked: CleanUp) -> CleanupReport:
        self._note("clean_up", asked.groups, asked.shown, asked.by, asked.reason)
        done = tuple(group for group in self.cleanup.groups if group.group in asked.groups)
        self.cleanup = Cleanup(tuple(g for g in self.cleanup.groups if g not in done), self.cleanup.one_by_one)
        return CleanupReport(act="act-1", at=NOW, by=asked.by, reason=asked.reason, done=done, left_out=self.left_out)

    def _cleaning_up(self) -> Iterator[Handler]:
        yield ReadCleanup.handled_by(lambda _: self.cleanup)
        yield CleanUp.handled_by(self._clean_up)
        yield TakeBackCleanup.handled_by(lambda c: self._said("take_back_cleanup", c.act, c.by, c.reason))
        yield WriteCleanupState.handled_by(lambda c: self._write_file("write_cleanup_state", c.path))
        yield WriteCleanupReport.handled_by(lambda c: self._write_report(c.report, c.path))

    def _changes(self) -> Iterator[Handler]:
        yield ReadChanges.handled_by(lambda c: tuple(filter(c.wanted.has, self.changes)))
        yield WriteChanges.handled_by(lambda c: self._write_file("write_changes", c.path, c.wanted))

    def _write_file(self, name: str, path: Path, *more: object) -> Path:
        self._note(name, path, *more)
        return path

    def _write_report(self, report: CleanupReport, path: Path) -> Path:
        self._note("write_report", report.act, path)
        return path

    def _poll(self, ask: PollAsk) -> PollRun:
        self.asks.append(ask)
        self._note("poll", ask.is_full)
        return self.poll_run

    def _sign_in(self, secret: str) -> Sequence[Connection]:
        self._note("sign_in", *([secret] if secret else []))
        return self.offered

    def _pin(self, tenant_id: str, by: str) -> Connection:
        self._note("pin", tenant_id, by)
        return Offered(tenant_id, "Brightside Rehab Pty Ltd")

    def _ensure_apply(self) -> None:
        if self.closed is not None:
            raise self.closed

    def _apply(self, ids: Sequence[str] | None, by: str) -> ApplyReport:
        self._note("apply", tuple(ids or ()), by)
        report = self.apply_report or ApplyReport(
            batch_id="b-2", applied=tuple(RowOutcome(row_id, "Applied.") for row_id in ids or ())
        )
        applied = {outcome.row_id for outcome in report.applied}
        moved = [
            replace(self._moved(row.stored, ProposalState.APPLIED), batch_id=report.batch_id)
            for row in self.desk_view.review
            if row.row_id in applied
        ]
        number = len(self.desk_view.history) + 1
        events = [entry(number + i, AuditWhat.APPLIED, by=by, at=NOW, stored=stored) for i, stored in enumerate(moved)]
        self.desk_view = replace(
            self.desk_view,
            review=tuple(row for row in self.desk_view.review if row.row_id not in applied),
            proposals={**self.desk_view.proposals, **{s.proposal_id: s for s in moved}},
            history=(*self.desk_view.history, *events),
        )
        return report

    def _undo(self, ids: Sequence[str], *, by: str, reason: str) -> ApplyReport:
        self._note("undo", tuple(ids), by, reason)
        self._become(ids, ProposalState.UNDONE)
        return ApplyReport(batch_id="u-1", applied=tuple(RowOutcome(row_id, "Undone.") for row_id in ids))

    def _choose_link(self, asked: ChooseLink) -> str:
        self._note("choose_link", asked.proposal_id, asked.case_payment_id, asked.by)
        return "p-change"

    def _export(self, path: Path) -> Path:
        self._note("export", path)
        return path

    def _change_settings(self, command: ChangeSettings) -> str:
        self._note("change_settings", dict(command.texts), command.by)
        self.settings = with_texts(self.settings, command.texts)
        return "Kept."

    def _export_list(self, command: ExportList) -> Path:
        self._note("export_list", command.shown, command.path)
        return command.path

    def _verify(self) -> VerifyReport:
        self._note("verify")
        return VerifyReport(audit_entries=6, invoices=55)

    def _bundle(self, choice: BundleChoice) -> Bundle:
        self._note("bundle", choice)
        name = "Brightside" if choice.has_names else "[name]"
        amount = "1,500.00" if choice.has_amounts else "[amount]"
        return Bundle(
            (BundlePart("about.txt", "Passwords: never.\n"), BundlePart("log.txt", f"{name} paid {amount}\n"))
        )

    def _write_bundle(self, bundle: Bundle, path: Path) -> Path:
        self._note("write_bundle", bundle, path)
        return path

    def _examine(self) -> tuple[HealthCheck, ...]:
        self._note("doctor")
        return (
            HealthCheck(name="Case Manager", is_good=True, seen="casemanager on SRV02, 55 invoices"),
            HealthCheck(name="Keyring", is_good=False, seen="locked", remedy="Unlock the keyring and examine again."),
        )

    def _decided(self, call: Call, ids: Sequence[str], state: ProposalState) -> DecisionReport:
        self._note(*call)
        if self.decision_report is not None:
            return self.decision_report
        self._become(ids, state)
        return DecisionReport(done=tuple(RowOutcome(row_id, "Done.") for row_id in ids))

    def _withdraw(self, ids: Sequence[str], by: str) -> DecisionReport:
        self._note("withdraw_undo", ids, by)
        return DecisionReport(done=tuple(RowOutcome(row_id, "Done.") for row_id in ids))

    def _become(self, ids: Sequence[str], state: ProposalState) -> None:
        view = self.desk_view
        moved = {key: self._moved(row, state) if key in ids else row for key, row in view.proposals.items()}
        known = tuple(replace(row, stored=moved.get(row.row_id, row.stored)) for row in (*view.review, *view.rejected))
        review = tuple(row for row in known if row.stored.state is not ProposalState.REJECTED)
        rejected = tuple(row for row in known if row.stored.state is ProposalState.REJECTED)
        self.desk_view = replace(view, proposals=moved, review=review, rejected=rejected)

    @staticmethod
    def _moved(stored: StoredProposal, state: ProposalState) -> StoredProposal:
        return replace(stored, state=state, changed_at=NOW + timedelta(minutes=1))

    def _note(self, *call: object) -> None:
        self.calls.append(call)
        if self.error is not None:
            error, self.error = self.error, None
            raise error


class _Waits:
    """Says what the desk in memory says, and records each wish."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk

    def progress(self) -> PollProgress | None:
        return self._desk.progress

    def stop_waiting(self) -> None:
        self._desk._note("stop_waiting")

    def cancel_sign_in(self) -> None:
        self._desk._note("cancel_sign_in")


class StepWorker:
    """A worker that runs its jobs when the test says so, on the test's own thread."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []

    def __call__(self, job: Callable[[], None]) -> None:
        self.jobs.append(job)

    def run(self) -> None:
        """Run what waits, and what that brings along."""
        while self.jobs:
            self.jobs.pop(0)()
