"""Write a note on the payments of a row; in Skipped and Unmatched also who sees to it and when to look again."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QDate, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QComboBox, QDateEdit, QGridLayout, QPlainTextEdit, QSizePolicy, QWidget

from cmxero_desktop.domain.desk_notes import LONGEST, follow_up_of, owner_of, text_of
from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.services.verbs.commands.saying import WriteNote
from cmxero_desktop.services.viewing.desk_view import PaymentRow, ReviewRow
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.desk.noted import has_follow_ups, noted_lines, people_of
from cmxero_desktop.ui.desk.sayings import subject_of
from cmxero_desktop.ui.widgets.parts import allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import TickBox

_TEXT = "Nothing is written to Xero or Case Manager. What was once noted stays in History."
_ENDS = " Who sees to it and the day end by themselves once the payment is neither skipped nor unmatched any more."
_HOLD = " To look at a row of Review again on a day, put it on hold (Ctrl+H)."
_USUAL_DAYS, _LINES = 7, 4


class NoteSheet(Sheet):
    """The words of the note, and where somebody may see to the row, who and until when; `kept` gives all three."""

    manual_chapter = "Notes, and following up"

    kept = Signal(str, str, object)

    def __init__(
        self, row: ReviewRow | PaymentRow, people: Sequence[str], today: date, parent: QWidget | None = None
    ) -> None:
        """Show what is noted now."""
        self._has_follow_ups = has_follow_ups(row)
        more = _ENDS if self._has_follow_ups else _HOLD if isinstance(row, ReviewRow) else ""
        super().__init__("Note", f"{subject_of(row)}\n{_TEXT}{more}", parent)
        self._notes = row.notes
        if row.notes:
            self.body.addWidget(label(noted_lines(row.notes), "muted", is_wrapped=True))
        self.words = QPlainTextEdit()
        self.words.setPlainText(harmless(text_of(row.notes)))
        self.words.setAccessibleName("Note")
        self.words.setPlaceholderText("What was asked, of whom, and what came of it")
        self.words.setTabChangesFocus(True)
        self.words.moveCursor(QTextCursor.MoveOperation.End)
        self.words.setFixedHeight(self.words.fontMetrics().lineSpacing() * _LINES + 2 * self.words.frameWidth() + 12)
        self.owner = _owner_box(people, owner_of(row.notes))
        self.is_dated, self.day = _day_fields(follow_up_of(row.notes), today)
        self._lay_out()
        if row.notes:
            self.add_left_button("Take it off", self._take_off)
        self.add_button("Cancel", self.reject)
        self.keep_button = self.add_button("Keep note", self.accept, "primary")
        self.keep_button.setDefault(True)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.keep_button.click)
        self.words.textChanged.connect(self._look)
        self.owner.editTextChanged.connect(self._look)
        self.is_dated.toggled.connect(self._look)
        self._look()
        self.accepted.connect(self._keep)
        self.words.setFocus()

    def _lay_out(self) -> None:
        self.body.addWidget(self.words)
        fields = QGridLayout()
        fields.setHorizontalSpacing(14)
        fields.setColumnStretch(1, 1)
        name = label("&Who sees to it")
        name.setBuddy(self.owner)
        for line, (left, right) in enumerate(((name, self.owner), (self.is_dated, self.day))):
            fields.addWidget(left, line, 0)
            fields.addWidget(right, line, 1)
            left.setVisible(self._has_follow_ups)
            right.setVisible(self._has_follow_ups)
        self.body.addLayout(fields)

    def _look(self) -> None:
        """Close the button while there is nothing to keep, and while there is too much."""
        words, letters = self.words.toPlainText().strip(), len(self.words.toPlainText())
        says = words or self.owner.currentText().strip() or self.is_dated.isChecked()
        too_long = f"Make it shorter: {letters:,} letters, and {LONGEST:,} are the most."
        nothing = "Take it off instead." if self._notes else "Write something first."
        allow(self.keep_button, too_long if letters > LONGEST else "" if says else nothing, "Ctrl+Enter")

    def _keep(self) -> None:
        chosen = self.day.date()
        day = date(chosen.year(), chosen.month(), chosen.day()) if self.is_dated.isChecked() else None
        self.kept.emit(self.words.toPlainText().strip(), self.owner.currentText().strip(), day)

    def _take_off(self) -> None:
        self.reject()
        self.kept.emit("", "", None)


def ask_note(
    window: QWidget, desk: WindowDesk, row: ReviewRow | PaymentRow, today: date, said: Callable[[str], object]
) -> None:
    """Ask what is to be noted on a row, and keep it; `said` gets the sentence about it."""
    people = people_of(desk.content.view, desk.approver) if desk.content is not None else (desk.approver,)
    sheet = NoteSheet(row, people, today, window)

    def keep(words: str, owner: str, day: date | None) -> None:
        command = WriteNote(row_id=row.row_id, by=desk.approver, text=words, owner=owner, follow_up=day, seen=row.notes)
        desk.change(command, "Keeping the note…", said)

    sheet.kept.connect(keep)
    sheet.open()


def _owner_box(people: Sequence[str], owner: str) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.addItems(["", *people])
    box.setEditText(owner)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setAccessibleName("Who sees to it")
    edit = box.lineEdit()
    if edit is not None:
        edit.setPlaceholderText("Nobody yet")
        edit.setAccessibleName("Who sees to it")
    return box


def _day_fields(follow_up: date | None, today: date) -> tuple[TickBox, QDateEdit]:
    """Return the tick and the day; a day that has come is shown as it is, a new one lies ahead."""
    shown = follow_up or today + timedelta(days=_USUAL_DAYS)
    day = QDateEdit(QDate(shown.year, shown.month, shown.day))
    day.setDisplayFormat("d MMM yyyy")
    day.setCalendarPopup(True)
    first = min(today, shown)
    day.setMinimumDate(QDate(first.year, first.month, first.day))
    day.setAccessibleName("Follow up on")
    is_dated = TickBox("&Follow up on")
    is_dated.setChecked(follow_up is not None)
    day.setEnabled(follow_up is not None)
    is_dated.toggled.connect(day.setEnabled)
    return is_dated, day
