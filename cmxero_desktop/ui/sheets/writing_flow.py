"""From the wish to write, to take back or to look into it to the verb, its question before and its outcome after."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.office import EVERYBODY
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.seconding import is_undo_wanted
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.reports import ApplyReport, DecisionReport, ShownList, VerifyReport
from cmxero_desktop.services.verbs.commands.diagnosing import Verify
from cmxero_desktop.services.verbs.commands.viewing import Export, ExportList
from cmxero_desktop.services.verbs.commands.writing import Apply, Undo, WithdrawUndo
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.desk.way_back import WayBack
from cmxero_desktop.ui.sheets.apply_sheet import ApplySheet, plan_code
from cmxero_desktop.ui.sheets.questions import show_trouble
from cmxero_desktop.ui.sheets.result_sheet import ResultSheet
from cmxero_desktop.ui.sheets.tie_out_sheet import TieOutSheet, tie_out_sheet
from cmxero_desktop.ui.sheets.undo_sheet import Balance, UndoLine, UndoSheet
from cmxero_desktop.ui.theme.formatting import count, moment, plural, signed_sums
from cmxero_desktop.ui.theme.words import kind_sentence
from cmxero_desktop.ui.widgets.shown_list import as_list
from cmxero_desktop.ui.widgets.table_view import DeskTable


class WritingFlow:
    """Applies, undoes, verifies and reports. Everything that is asked is asked before the worker starts."""

    def __init__(
        self,
        desk: WindowDesk,
        window: QWidget,
        named: Callable[[Callable[[], object]], object],
        say: Callable[[str], object],
        tell_done: Callable[[str, WayBack | None], object],
    ) -> None:
        """Keep where to ask and what to ask; `named` goes on once the name is known, `tell_done` offers a way back."""
        self._tell_done = tell_done
        self._desk = desk
        self._window = window
        self._named = named
        self._say = say
        self.follow_tie_out: Callable[[TieOutSheet], object] = lambda _: None
        self._about: dict[str, str] = {}
        self._effects: dict[str, Money] = {}
        self._planned: dict[str, Proposal] = {}

    def apply(self, content: DeskContent) -> None:
        """Open the apply sheet; nothing is applied without it."""
        rows = content.approved
        if not rows:
            return
        self._about = {row.row_id: f"{kind_sentence(row.stored.proposal)}, {row.bill_to}" for row in rows}
        self._effects = {row.row_id: row.stored.proposal.effect for row in rows}
        self._planned = {row.row_id: row.stored.proposal for row in rows}

        def apply(ids: Sequence[str]) -> None:
            # Those that were shown, and no others.
            command = Apply(ids=tuple(ids), by=self._desk.approver)
            # What stood there told of an approval that was not written yet.
            self._say("Applying to Case Manager…")
            self._desk.change(command, "Applying to Case Manager…", partial(self._show_result, is_undo=False))

        def show() -> None:
            label = content.view.state.comparison.case_manager_label
            sheet = ApplySheet(rows, label, self._window, by=self._desk.approver)
            sheet.apply_asked.connect(apply)
            sheet.open()

        self._named(show)

    def undo(self, answers: Sequence[tuple[StoredProposal, str]]) -> None:
        """Take applied changes back, with a reason; each comes with why it cannot be, empty where it can."""
        if not answers:
            return
        content = self._desk.content
        history = content.view.history if content is not None else ()
        by_id = {e.event.proposal_id: e for e in history if e.event.what is AuditWhat.APPLIED}
        balances = _balances(answers, content)
        lines = [
            UndoLine(
                stored,
                why_not,
                _written(by_id.get(stored.proposal_id)),
                balances.get(stored.proposal.invoice_number) if not why_not else None,
            )
            for stored, why_not in answers
        ]
        self._about = {stored.proposal_id: f"Undo: {kind_sentence(stored.proposal)}" for stored, _ in answers}
        self._effects = {stored.proposal_id: -stored.proposal.effect for stored, _ in answers}
        self._planned = {}

        def undo(ids: tuple[str, ...], reason: str) -> None:
            command = Undo(ids=ids, by=self._desk.approver, reason=reason)
            self._say("Undoing…")
            self._desk.change(command, "Undoing…", partial(self._show_result, is_undo=True))

        def show() -> None:
            sheet = UndoSheet(lines, self._window, needs_another=self._needs_another(lines))
            sheet.undo_asked.connect(undo)
            sheet.open()

        self._named(show)

    def _needs_another(self, lines: Sequence[UndoLine]) -> bool:
        """Say whether another person has to undo any of these too."""
        content = self._desk.content
        office = content.office if content is not None else EVERYBODY
        able, person = (line.stored for line in lines if not line.why_not), Person(self._desk.approver)
        return any(not is_undo_wanted(stored, person, office) for stored in able)

    def undo_batch(self, ids: Sequence[str]) -> None:
        """Take back what was just written."""
        known = self._desk.content.view.proposals if self._desk.content is not None else {}
        answers = [(stored, "") for row_id in ids if (stored := known.get(ProposalId(row_id))) is not None]
        if answers:
            self.undo(answers)
        else:
            self._say("These rows are no longer in view: undo them in History.")

    def withdraw_undo(self, rows: Sequence[StoredProposal]) -> None:
        """Let nobody ask any more to undo these rows."""
        ids = tuple(stored.proposal_id for stored in rows)

        def show(report: DecisionReport) -> None:
            done = f"The wish to undo {plural(len(report.done), 'change')} is withdrawn." if report.done else ""
            self._say(" ".join(part for part in (done, *(row.reason for row in report.refused[:1])) if part))

        def withdraw() -> None:
            command = WithdrawUndo(ids=ids, by=self._desk.approver, reason="withdrawn in the window")
            self._desk.change(command, "Withdrawing…", show)

        self._named(withdraw)

    def verify(self) -> None:
        """Verify the audit trail and the control totals."""
        self._desk.ask(Verify(), "Verifying…", self._show_verified)

    def tie_out(self, content: DeskContent | None, *, at: str | None = None) -> None:
        """Open the tie-out sheet: its payments, or its debtors standing `at` an invoice, "" for the first one."""
        if content is None or content.view.tie_out is None:
            return
        sheet = tie_out_sheet(self._desk, content, content.view.tie_out, self._window)
        sheet.list_asked.connect(self.export_list)
        self.follow_tie_out(sheet)
        if at is not None:
            sheet.look_at_debtors(at)
        sheet.open()

    def export(self) -> None:
        """Ask where to, and write the workbook."""

        def write(path: str) -> None:
            self._desk.ask(Export(Path(path)), "Writing the workbook…", self._say_saved)

        self._ask_where("CM-Xero Desk.xlsx", write)

    def export_statement(self) -> None:
        """Ask where to, and write the tie-out as a PDF to be signed."""
        self._ask_for_export("Save the tie-out", "Tie-out.pdf", "PDF (*.pdf)")

    def export_for_auditor(self) -> None:
        """Ask where to, and write all that an auditor takes along."""
        self._ask_for_export("Save for the auditor", "For the auditor.zip", "Zip (*.zip)")

    def _ask_for_export(self, title: str, name: str, kind: str) -> None:
        def write(path: str) -> None:
            self._desk.ask(Export(Path(path)), "Writing…", self._say_saved)

        self._ask_where(name, write, title=title, kind=kind)

    def export_list(self, table: DeskTable[Any]) -> None:
        """Ask where to, and write what a table shows at this moment, in the order of its columns."""
        name, columns, rows = table.accessibleName(), table.columns_in_sight(), table.rows.shown_rows()

        def write(path: str) -> None:
            def save(shown: ShownList) -> None:
                self._desk.ask(ExportList(shown, Path(path)), "Writing the list…", self._say_saved)

            self._desk.work_out(lambda: as_list(name, columns, rows), save)

        self._ask_where(f"{name}.xlsx", write)

    def _ask_where(
        self,
        name: str,
        write: Callable[[str], object],
        *,
        title: str = "Save as Excel",
        kind: str = "Excel workbook (*.xlsx)",
    ) -> None:
        dialog = QFileDialog(self._window, title, name, kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(name.rpartition(".")[2])
        dialog.fileSelected.connect(write)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _say_saved(self, written: Path) -> None:
        self._say(f"Saved {written}")

    def _show_result(self, report: ApplyReport, *, is_undo: bool) -> None:
        effects = [self._effects[done.row_id] for done in report.applied if done.row_id in self._effects]
        batch = f", batch {report.batch_id[:8]}" if report.batch_id else ""
        planned = [self._planned[done.row_id] for done in report.applied if done.row_id in self._planned]
        # The same code as on the sheet that was said yes to, where all of it was written.
        code = f" Code of exactly these rows: {plan_code(planned)}." if planned else ""
        when = f" on {moment(at)}" if (at := self._written_at(report.batch_id)) is not None else ""
        told = f"In Case Manager: paid {signed_sums(effects)}. Written as {self._desk.approver}{when}{batch}.{code}"
        sheet = ResultSheet(report, self._about, told=told, is_undo=is_undo, parent=self._window)
        sheet.undo_asked.connect(self.undo_batch)
        sheet.export_asked.connect(self.export)
        self._tell_written(report, is_undo=is_undo)
        # Behind the sheet nobody reads it: it is said once more, for as long as all that is said.
        sheet.accepted.connect(partial(self._tell_written, report, is_undo=is_undo))
        sheet.open()

    def _tell_written(self, report: ApplyReport, *, is_undo: bool) -> None:
        number, ids = len(report.applied), [outcome.row_id for outcome in report.applied]
        asked, them = plural(len(report.half), "change"), "it" if len(report.half) == 1 else "them"
        wish = f"You asked to undo {asked}: another person undoes {them} too, in History." if report.half else ""
        if wish:
            done = f"{plural(number, 'change')} undone in Case Manager. " if number else ""
            self._tell_done(f"{done}{wish}", None)
        elif not number:
            self._tell_done("Nothing was written.", None)
        elif is_undo:
            self._tell_done(f"{plural(number, 'change')} undone in Case Manager.", None)
        else:
            back = WayBack("Undo…", "Later: History, Undo (Ctrl+Z).", partial(self.undo_batch, ids))
            self._tell_done(f"{plural(number, 'change')} written to Case Manager.", back)

    def _written_at(self, batch: str) -> datetime | None:
        """Return when a batch was written, as History keeps it."""
        history = self._desk.content.view.history if self._desk.content is not None else ()
        return max((entry.event.at for entry in history if batch and entry.event.batch_id == batch), default=None)

    def _show_verified(self, report: VerifyReport) -> None:
        if report.is_good:
            text = (
                f"{count(report.audit_entries)} audit entries and {count(report.invoices)} invoices were verified: "
                "nothing altered was found. Whether both sides agree is another matter: Tie-out says it."
            )
            newest = f"Newest hash, to be kept outside this computer: {report.newest_hash}"
            ask = Trouble("Everything holds", text, newest if report.newest_hash else "")
        else:
            findings = "\n".join(f"- {finding}" for finding in report.findings)
            ask = Trouble("Verification found something", findings, "Approve nothing; contact support.")
        show_trouble(self._window, ask)


def _written(applied: AuditEntry | None) -> str:
    """Say when and by whom a change was written, in which batch."""
    if applied is None:
        return ""
    event = applied.event
    batch = f", batch {event.batch_id[:8]}" if event.batch_id else ""
    return f"{moment(event.at)} by {event.by}{batch}"


def _balances(answers: Sequence[tuple[StoredProposal, str]], content: DeskContent | None) -> dict[str, Balance]:
    """Return what each invoice owes in Case Manager now, and once all that can be taken back of it is (R24)."""
    back: dict[str, Money] = {}
    for stored, why_not in answers:
        number, effect = stored.proposal.invoice_number, stored.proposal.effect
        if not why_not:
            back[number] = back[number] + effect if number in back else effect
    rows = (*content.view.matched, *content.view.unmatched, *content.view.skipped) if content is not None else ()
    found: dict[str, Balance] = {}
    for row in rows:
        number, snapshot = row.placement.invoice_number, row.result.snapshot
        if number in back and number not in found and snapshot.case_invoice is not None:
            now = balance_of(snapshot.case_invoice, snapshot.case_payments)
            found[number] = Balance(now, now + back[number])
    return found
