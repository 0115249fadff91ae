"""The clean-up of old leftovers: the groups with their danger, all members, one yes; then the report, and back."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QFrame, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from cmxero_desktop.domain.cleanup import GROUP_WORDS, Cleanup, CleanupGroup, Group, Leftover
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.reports import CleanupReport
from cmxero_desktop.services.verbs.commands.cleaning_up import (
    CleanUp,
    ReadCleanup,
    TakeBackCleanup,
    WriteCleanupReport,
    WriteCleanupState,
)
from cmxero_desktop.services.viewing.cleanup_report import cleanup_report_text, cleanup_state, last_cleanup, span
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.desk.sayings import sayings_of_leftover, subject_of_leftover
from cmxero_desktop.ui.sheets.questions import ReasonLine, ask_reason
from cmxero_desktop.ui.sheets.saying_sheet import ask_which
from cmxero_desktop.ui.theme.formatting import moment, plural
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain
from cmxero_desktop.ui.widgets.column import Column, number_in
from cmxero_desktop.ui.widgets.parts import Choice, CutLabel, allow, button, frame, in_role, label, row
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.widgets.ticks import TickBox, tick_box

_SIZE = (900, 640)
_TEXT = (
    "What can be said of many payments at once. Nothing is deleted and nothing is written, in Case Manager or in Xero, "
    "and all of it can be taken back. What is explained leaves Unmatched; the sums of Tie-out and Debtors stay as they "
    "are, since its money still stands in Case Manager alone. What is accepted as the same money counts as matched."
)
_ONE_BY_ONE = "To be looked at one by one"


def open_cleanup(window: QWidget, desk: WindowDesk, said: Callable[[str], object]) -> "CleanupSheet":
    """Open the sheet; what is left over is looked for by the desk, and `said` gets what was taken back."""
    sheet = CleanupSheet(window)

    def show(found: Cleanup) -> None:
        # The sheet may be closed, and gone, before the answer comes.
        if isValid(sheet):
            sheet.show_cleanup(found)

    def kept(sentence: str) -> None:
        said(sentence)
        desk.ask(ReadCleanup(), "Looking for old leftovers…", show)

    def say(one: Leftover) -> None:
        rows = desk.content.view.unmatched if desk.content is not None else ()
        if one.copy is not None:
            about = subject_of_leftover(one.number, one.payer, one.copy)
            ask_which(sheet, desk, sayings_of_leftover(one.copy, rows), about, kept)

    def save(path: str) -> None:
        desk.ask(WriteCleanupState(Path(path)), "Saving the report…", lambda file: said(f"Saved {file}"))

    def clean_up(groups: frozenset[Group], shown: frozenset[str], reason: str) -> None:
        command = CleanUp(groups=groups, by=desk.approver, reason=reason, shown=shown)
        desk.change(command, "Cleaning up…", lambda report: open_report(window, desk, report, said))

    last = last_cleanup(desk.content.view.history) if desk.content is not None else None
    if last is not None:
        sheet.offer_to_take_back(f"&Take back that of {moment(last.at)}…")
        sheet.take_back_asked.connect(lambda: _ask_to_take_back(window, desk, last.batch_id, said))
    sheet.agreed.connect(clean_up)
    sheet.say_asked.connect(say)
    sheet.save_asked.connect(save)
    desk.troubled.connect(sheet.show_trouble)
    desk.ask(ReadCleanup(), "Looking for old leftovers…", show)
    sheet.open()
    return sheet


def open_report(
    window: QWidget, desk: WindowDesk, report: CleanupReport, said: Callable[[str], object]
) -> "CleanupReportSheet":
    """Open the report of a clean-up."""
    sheet = CleanupReportSheet(report, window)

    def save(path: str) -> None:
        desk.ask(WriteCleanupReport(report, Path(path)), "Saving the report…", lambda file: said(f"Saved {file}"))

    sheet.save_asked.connect(save)
    sheet.take_back_asked.connect(lambda: _ask_to_take_back(window, desk, report.act, said))
    sheet.open()
    return sheet


def _ask_to_take_back(window: QWidget, desk: WindowDesk, act: str, said: Callable[[str], object]) -> None:
    def take_back(reason: str) -> None:
        desk.change(TakeBackCleanup(act=act, by=desk.approver, reason=reason), "Taking it back…", said)

    text = "All that was said in this act is taken back; what was accepted is proposed again, to be looked at."
    ask_reason(window, "Take the clean-up back", text, "Take back", take_back)


class CleanupSheet(Sheet):
    """Shows what is left over; says what is ticked in one act."""

    manual_chapter = "The first day's clean-up"
    is_explained = True

    agreed = Signal(object, object, str)
    say_asked = Signal(object)
    save_asked = Signal(str)
    take_back_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Say that it is being looked for."""
        super().__init__("Clean up old leftovers", _TEXT, parent)
        self.found = Cleanup()
        self.sentence = label("Looking for old leftovers…", "title", is_wrapped=True)
        self.boxes: dict[Group, TickBox] = {}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(6)
        self.list_box = Choice("Show", [])
        self.model: RowsModel[Leftover] = RowsModel(_columns(), lambda one: one.row_id, _spoken, self)
        self.table: DeskTable[Leftover] = DeskTable(self.model, "Payments", "The payments of the group that is shown")
        self.table.in_sight.least = 2
        self.body.addWidget(self.sentence)
        self.body.addLayout(self._cards)
        self._shown = QWidget()
        shown = QVBoxLayout(self._shown)
        shown.setContentsMargins(0, 0, 0, 0)
        self.say_button = button("Sa&y what it is…", self._say)
        shown.addLayout(row(label("Show", "muted"), self.list_box, 1, self.say_button))
        shown.addWidget(self.table, 1)
        self.body.addWidget(self._shown, 1)
        self.leave = self.add_button("Cancel", self.reject)
        self.yes = self.add_button("Clean up", self.accept, "primary")
        self.reason = ReasonLine(self)
        self.reason.textChanged.connect(lambda _: self._offer())
        self.list_box.currentTextChanged.connect(lambda _: self._show_members())
        self.table.current_changed.connect(self._offer_saying)
        QShortcut(QKeySequence("Ctrl+Y"), self, self.say_button.click)
        self.add_left_button("Save the &report…", lambda: ask_where(self, self.save_asked))
        self.accepted.connect(self._agree)
        self._show_parts(is_any=False)
        self.resize(*_SIZE)

    def show_cleanup(self, found: Cleanup) -> None:
        """Show the groups, all ticked, and their members."""
        is_again, unticked = bool(self.boxes) or bool(self.found.one_by_one), self._unticked()
        self.found = found
        self.sentence.setText(_sentence(found))
        self._take_cards_away()
        for group in found.groups:
            self._cards.addWidget(self._card(group, is_ticked=group.group not in unticked))
        lists = [GROUP_WORDS[group.group].title for group in found.groups]
        lists += [_ONE_BY_ONE] if found.one_by_one else []
        was = self.list_box.currentText()
        self.list_box.clear()
        self.list_box.addItems(lists)
        self.list_box.setCurrentIndex(max(self.list_box.findText(was), 0))
        self._show_parts(is_any=bool(lists))
        self._show_members()
        self._offer()
        # Whoever said what a payment is goes on to the next one.
        first = None if is_again else next(iter(self.boxes.values()), None)
        (first or self.table).setFocus()

    def offer_to_take_back(self, words: str) -> None:
        """Add the button that takes the last clean-up back."""

        def take_back() -> None:
            self.reject()
            self.take_back_asked.emit()

        self.add_left_button(words, take_back)

    def show_trouble(self, _trouble: object) -> None:
        """Say that they could not be found; why, the window says."""
        if not self.found.groups:
            self.sentence.setText("The old leftovers could not be looked for.")

    def _take_cards_away(self) -> None:
        self.boxes.clear()
        while (item := self._cards.takeAt(0)) is not None:
            if (card := item.widget()) is not None:
                card.hide()
                card.deleteLater()

    def _unticked(self) -> frozenset[Group]:
        return frozenset(group for group, box in self.boxes.items() if not box.isChecked())

    def _say(self) -> None:
        one = self.table.current_row()
        if one is not None and one.copy is not None:
            self.say_asked.emit(one)

    def _offer_saying(self) -> None:
        one = self.table.current_row()
        why_not = "Both sides of it agree: accept it with its group, or decide about it in Review."
        is_open = one is not None and one.copy is not None
        allow(self.say_button, "" if is_open else why_not, "Say what this one payment is (Ctrl+Y)")

    def _card(self, group: CleanupGroup, *, is_ticked: bool) -> QFrame:
        words = GROUP_WORDS[group.group]
        box = tick_box(f"{words.title}: {plural(len(group.members), 'payment')}, {group.total}, {span(group)}")
        box.setChecked(is_ticked)
        box.setAccessibleDescription(as_said(f"{words.says} {words.danger}"))
        box.toggled.connect(lambda _: self._offer())
        self.boxes[group.group] = box
        card = frame("card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(14, *((3, 14, 3) if self.is_low else (8, 14, 8)))
        layout.setSpacing(2)
        layout.addWidget(box)
        meaning = f"{words.says} {words.danger}"
        said = in_role(CutLabel(meaning), "muted") if self.is_low else label(meaning, "muted", is_wrapped=True)
        said.setToolTip(guessed_plain(meaning if self.is_low else ""))
        layout.addWidget(said)
        return card

    def _chosen(self) -> frozenset[Group]:
        return frozenset(group for group, box in self.boxes.items() if box.isChecked())

    def _offer(self) -> None:
        count = len(self.found.members_of(self._chosen()))
        self.yes.setText(f"Clean up {plural(count, 'leftover')}" if count else "Clean up")
        self.reason.open_or_close(self.yes, "" if count else "Tick a group first.")

    def _show_members(self) -> None:
        title = self.list_box.currentText()
        group = next((g for g in self.found.groups if GROUP_WORDS[g.group].title == title), None)
        self.model.set_rows(group.members if group is not None else self.found.one_by_one)
        self._offer_saying()

    def _show_parts(self, *, is_any: bool) -> None:
        self._shown.setVisible(is_any)
        self.leave.setText("Cancel" if self.found.groups else "Close")
        self.reason.setVisible(bool(self.found.groups))
        self.reason.lacking.setVisible(bool(self.found.groups))
        self.yes.setVisible(bool(self.found.groups))

    def _agree(self) -> None:
        chosen = self._chosen()
        shown = frozenset(one.row_id for one in self.found.members_of(chosen))
        self.agreed.emit(chosen, shown, self.reason.text().strip())


class CleanupReportSheet(Sheet):
    """Says what was said of what, and what was left out; saves it, or takes it back."""

    manual_chapter = "The first day's clean-up"

    save_asked = Signal(str)
    take_back_asked = Signal()

    def __init__(self, report: CleanupReport, parent: QWidget | None = None) -> None:
        """Show the report."""
        done = sum(len(group.members) for group in report.done)
        left = len(report.left_out)
        text = f"{plural(left, 'payment')} changed since they were shown and stayed out." if left else ""
        super().__init__(f"Cleaned up {plural(done, 'leftover')}" if done else "Nothing was cleaned up", text, parent)
        self.text = QPlainTextEdit(as_said(cleanup_report_text(report)))
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Report")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.body.addWidget(self.text, 1)
        self.add_left_button("&Save the report…", lambda: ask_where(self, self.save_asked))
        if report.act:
            self.add_left_button("&Take it back…", self._take_back)
        self.choose(self.add_button("Close", self.accept, "primary"))
        self.resize(*_SIZE)

    def _take_back(self) -> None:
        self.accept()
        self.take_back_asked.emit()


def _sentence(found: Cleanup) -> str:
    """Say how much is left, of how much at once, and how much was said already."""
    members = sum(len(group.members) for group in found.groups)
    alone = len(found.one_by_one)
    said = f" {plural(len(found.said), 'payment')} explained." if found.said else ""
    if members:
        groups = f"{plural(members, 'old leftover')} in {plural(len(found.groups), 'group')}"
        return f"{groups}; {plural(alone, 'other payment')} to be looked at one by one.{said}"
    if found.left or not found.said:
        return f"No group to explain at once; {plural(alone, 'payment')} to be looked at one by one.{said}"
    return f"✓  {cleanup_state(found)}{said}"


def ask_where(parent: QWidget, chosen: SignalInstance) -> None:
    """Ask where the report goes."""
    dialog = QFileDialog(parent, "Save the report", "Clean-up.txt", "Text (*.txt)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("txt")
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _columns() -> tuple[Column[Leftover], ...]:
    return (
        Column(
            key="invoice",
            title="Invoice",
            text=lambda one: one.number,
            sort_key=lambda one: number_in(one.number),
            width=13,
        ),
        Column(key="payer", title="Bill To", text=lambda one: one.payer, width=24),
        Column(
            key="paid_on",
            title="Date paid",
            text=lambda one: day(one.paid_on),
            sort_key=lambda one: (one.paid_on.toordinal(), one.number),
            width=13,
        ),
        Column(
            key="amount",
            title="Amount",
            text=lambda one: str(one.amount),
            sort_key=lambda one: (one.amount.minor, one.number),
            width=14,
            is_right=True,
        ),
        Column(key="what", title="Stands for", text=_stands_for, tooltip=_stands_for, width=30, is_stretched=True),
    )


def _stands_for(one: Leftover) -> str:
    """Name both sides of an accept, or the payment by its number."""
    if one.accept is None:
        return f"payment no. {one.copy.payment_id} in Case Manager" if one.copy is not None else ""
    typed = ", ".join(f"{copy.amount} of {day(copy.paid_on)}" for copy in one.accept.accepted_as)
    sent = ", ".join(f"{payment.amount} of {day(payment.paid_on)}" for payment in one.accept.accepted)
    return f"{typed} is Xero's {sent}"


def _spoken(one: Leftover) -> str:
    return f"{one.number}, {one.payer}, {one.amount} on {day(one.paid_on)}, {_stands_for(one)}"
