"""From a wish on the SOR watch to a verb: ask what has to be asked first, then let the desk do it and say so."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.board import NO_BOARD, SorBoard, SorRow
from cmxero_desktop.domain.sor.importing import ListLine, SorImport
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.domain.sor.sighting import MONEY_KINDS
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.verbs.commands.command import Command
from cmxero_desktop.services.verbs.commands.sor import (
    CloseSorAlert,
    EndSchedule,
    FailInstalment,
    KeepHeadings,
    MarkSchedule,
    ReadScheduleList,
    ReopenSchedule,
    SayClearingBalance,
    SayDisbursed,
    SetDebitDate,
    TakeSchedules,
    TickEnding,
    UnmarkSchedule,
    WriteCalendar,
)
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.sheets.mail_sheet import show_mail
from cmxero_desktop.ui.sheets.questions import ask_reason, show_trouble
from cmxero_desktop.ui.sheets.sor_import_sheet import ImportSheet
from cmxero_desktop.ui.sheets.sor_list_sheets import ClearingSheet, EndingSheet
from cmxero_desktop.ui.sheets.sor_questions import (
    ask_debit_date,
    ask_end,
    ask_mark,
    ask_paid_out,
    ask_retry,
    ask_to_enter,
)
from cmxero_desktop.ui.theme.formatting import plural

_LISTS = "Lists (*.csv *.txt *.tsv *.xlsx *.xlsm)"
_BUSY = "Keeping it…"
_MOST_TOLD = 6


class SorFlows(QObject):
    """The questions around what persons say of schedules; `named` asks for the person's name the first time."""

    def __init__(
        self,
        desk: WindowDesk,
        window: QWidget,
        named: Callable[[Callable[[], object]], object],
        say: Callable[[str], object],
        now: Callable[[], datetime],
    ) -> None:
        """Keep where to ask and what to ask for."""
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._named = named
        self._say = say
        self._now = now
        self.sheet: ImportSheet | None = None

    def mark(self) -> None:
        """Mark an invoice as under a schedule."""

        def marked(invoice: str, reason: str) -> None:
            self._do(MarkSchedule(invoice=invoice, by=self._desk.approver, reason=reason))

        self._named(lambda: ask_mark(self._window, marked))

    def unmark(self, shown: SorRow) -> None:
        """Take a mark back."""
        text = f"{shown.invoice_number} is no longer watched, unless a payment to the clearing account tells of it."

        def unmarked(reason: str) -> None:
            self._do(UnmarkSchedule(invoice=shown.invoice_number, by=self._desk.approver, reason=reason))

        self._named(lambda: ask_reason(self._window, "Take the mark back?", text, "Take it back", unmarked))

    def set_debit_date(self, shown: SorRow) -> None:
        """Enter the debit date from Apxium's mail."""

        def dated(on: date) -> None:
            self._do(SetDebitDate(invoice=shown.invoice_number, on=on, by=self._desk.approver))

        self._named(lambda: ask_debit_date(self._window, shown, self._today(), dated))

    def fail_instalment(self, shown: SorRow) -> None:
        """Say that an instalment failed, and when Apxium tries it again."""

        def failed(on: date) -> None:
            self._do(FailInstalment(invoice=shown.invoice_number, retry_on=on, by=self._desk.approver))

        self._named(lambda: ask_retry(self._window, shown, self._today(), failed))

    def say_paid_out(self, shown: SorRow) -> None:
        """Say what Apxium paid out for a schedule."""
        content = self._desk.content
        if content is None:
            return

        def paid_out(amount: Money) -> None:
            self._do(SayDisbursed(invoice=shown.invoice_number, amount=amount, by=self._desk.approver))

        currency = content.view.state.organisation.currency
        self._named(lambda: ask_paid_out(self._window, shown, currency, paid_out))

    def end(self, shown: SorRow) -> None:
        """Say how a schedule ended."""

        def ended(state: ScheduleState, reason: str) -> None:
            self._do(
                EndSchedule(invoice=shown.invoice_number, state=state, by=self._desk.approver, reason=reason),
            )

        self._named(lambda: ask_end(self._window, shown, ended))

    def reopen(self, shown: SorRow) -> None:
        """Take back how a schedule is said to have ended."""
        text = (
            f"Schedule {shown.schedule.schedule_id} is {shown.schedule.state.value}, as was said here. Taken back, it "
            "is watched on, alerts that ended with it stand again, and ticks of what was left to do are gone. "
            "Nothing changes at Apxium."
        )

        def reopened(reason: str) -> None:
            self._do(
                ReopenSchedule(
                    invoice=shown.invoice_number,
                    schedule_id=shown.schedule.schedule_id,
                    by=self._desk.approver,
                    reason=reason,
                )
            )

        self._named(lambda: ask_reason(self._window, "It still runs?", text, "Watch it on", reopened))

    def close_alert(self, alert: SorAlert) -> None:
        """Say that nothing more is to be done about an alert."""
        # Only what counts on the invoice is among the sums of the row.
        leaves = ", and its amount leaves Outside and At risk" if alert.kind in MONEY_KINDS else ""
        text = (
            f"{alert.explanation} Once it is closed, you will not be warned about this again{leaves}. Closing it does "
            "not stop Apxium from debiting the firm."
        )

        def closed(reason: str) -> None:
            self._do(CloseSorAlert(key=alert.key, by=self._desk.approver, reason=reason))

        self._named(lambda: ask_reason(self._window, "Close the alert?", text, "Close it", closed))

    def write_calendar(self, alert: SorAlert) -> None:
        """Save the debit date as a calendar file."""
        wanted = str(Path.home() / f"debit-date-{alert.invoice_number}.ics")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the debit date", wanted, "Calendar (*.ics)")
        if name:
            self._desk.ask(
                WriteCalendar(path=Path(name), keys=(alert.key,)),
                "Writing…",
                lambda path: self._say(f"Written: {path}. Open it with your calendar."),
            )

    def show_left(self, shown: SorRow) -> None:
        """Show what is left to do after a schedule ended early."""
        ending = next((e for e in self._board().endings if e.schedule.schedule_id == shown.schedule.schedule_id), None)
        if ending is None:
            self._say("Nothing is left to do after this schedule.")
            return

        def tick(key: str, is_done: bool) -> None:  # noqa: FBT001 - as the box says it
            self._do(
                TickEnding(schedule_id=shown.schedule.schedule_id, key=key, by=self._desk.approver, is_done=is_done)
            )

        self._named(lambda: EndingSheet(ending, tick, self._window).open())

    def show_clearing(self) -> None:
        """Show the check of the clearing account."""
        clearing, content = self._board().clearing, self._desk.content
        if clearing is None or content is None:
            return

        def kept(amount: Money, on: date) -> None:
            self._do(SayClearingBalance(amount=amount, on=on, by=self._desk.approver))

        currency = content.view.state.organisation.currency
        self._named(lambda: ClearingSheet(clearing, currency, self._today(), kept, self._window).open())

    def set_up_mail(self) -> None:
        """Say by which mail server warnings go out."""
        show_mail(self._window, self._desk, self._say)

    def enter(self) -> None:
        """Type a schedule in, and take it as a list is taken."""
        content = self._desk.content
        if content is None:
            return

        def typed(lines: tuple[ListLine, ...]) -> None:
            command = TakeSchedules(lines=lines, by=self._desk.approver, source=ScheduleSource.ENTERED)
            self._desk.change(command, _BUSY, self._taken)

        currency = content.view.state.organisation.currency
        self._named(lambda: ask_to_enter(self._window, currency, typed))

    def import_list(self) -> None:
        """Choose a file, show what is in it, and take it."""
        self._named(self._choose_file)

    def read_list(self, path: Path, columns: Mapping[ListColumn, str] | None = None) -> None:
        """Read a file, and show what it would do."""

        def read(found: ScheduleList) -> None:
            preview = TakeSchedules(lines=found.lines, by=self._desk.approver, is_preview=True)
            self._desk.ask(preview, "Comparing the list…", lambda what: self._show(path, columns or {}, found, what))

        self._desk.ask(
            ReadScheduleList(path=path, columns=columns or {}, is_whole=bool(columns)), "Reading the list…", read
        )

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, "Import a list of schedules", str(Path.home()), _LISTS)
        if name:
            self.read_list(Path(name))

    def _show(self, path: Path, columns: Mapping[ListColumn, str], read: ScheduleList, found: SorImport) -> None:
        if self.sheet is not None:
            # What it showed was read by other headings.
            self.sheet.reject()

        def take() -> None:
            if columns:
                headings = {words: column for column, words in columns.items()}
                self._desk.ask(KeepHeadings(headings), _BUSY, lambda _: None)
            self._desk.change(TakeSchedules(lines=read.lines, by=self._desk.approver), _BUSY, self._taken)

        sheet = ImportSheet(
            read, found, on_columns=lambda chosen: self.read_list(path, chosen), on_take=take, parent=self._window
        )
        sheet.finished.connect(lambda _: self._forget(sheet))
        self.sheet = sheet
        sheet.open()

    def _forget(self, sheet: ImportSheet) -> None:
        if self.sheet is sheet:
            self.sheet = None

    def _taken(self, found: SorImport) -> None:
        said = f"{plural(len(found.accepted), 'schedule')} taken, {len(found.unchanged)} known already"
        self._say(f"{said}{f', {len(found.refused)} not taken' if found.refused else ''}.")
        if found.refused:
            lines = [f"Line {bad.line}: {bad.why}" if bad.line else f"{bad.schedule}: {bad.why}" for bad in found.bad]
            more = [f"And {len(lines) - _MOST_TOLD} more."] if lines[_MOST_TOLD:] else []
            title = f"Not taken: {', '.join(found.refused[:_MOST_TOLD])}"
            message = "\n".join([*lines[:_MOST_TOLD], *more])
            show_trouble(self._window, Trouble(title, message, "Correct these, then take the schedule again."))

    def _do(self, command: Command[str]) -> None:
        self._desk.change(command, _BUSY, self._say)

    def _board(self) -> SorBoard:
        return self._desk.content.view.sor if self._desk.content is not None else NO_BOARD

    def _today(self) -> date:
        return self._board().today or self._now().astimezone().date()
