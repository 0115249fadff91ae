"""A person at the window who knows what each row is, decides by keys alone, and counts how often a key was pressed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton, QRadioButton, QWidget

from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.application.application import application, open_window
from cmxero_desktop.ui.desk.preferences import APPROVER, MemoryPreferences
from cmxero_desktop.ui.widgets.mnemonics import letter_in
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.window.window import DeskWindow
from tests.ui.fake_desk import StepWorker
from tests.ui.morning import Answer, Morning

_REASONS = {Answer.NO: "it was entered twice", Answer.LATER: "the client was asked"}
# Nobody would press on if nothing came of it.
_MOST_IDLE = 3


class Person:
    """Presses keys where the focus is; what is typed is not counted, what is pressed is."""

    def __init__(self, window: DeskWindow, wait: Callable[[], object], *, is_patient: bool, name: str = "Ann") -> None:
        """Sit down at a window; `wait` lets the worker work until it rests, after every key for who is patient."""
        self.window = window
        self.wait = wait
        self.is_patient = is_patient
        self.name = name
        self.presses = 0

    def press(self, keys: str) -> None:
        """Press one key, with whatever is held beside it."""
        self.presses += 1
        QTest.keySequence(self._focused(), QKeySequence(keys))
        # Qt shows for a moment that a box is pressed by its letter, and only then presses it.
        while any(one.isDown() for one in self.window.findChildren(QAbstractButton)):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        QApplication.processEvents()
        if self.is_patient:
            self.wait()

    def type(self, words: str) -> None:
        """Type words into the field that has the focus."""
        QTest.keyClicks(self._focused(), words)

    def sheet(self) -> Sheet | None:
        """Return the sheet that is open, if there is one."""
        return next((one for one in self.window.findChildren(Sheet) if one.isVisible()), None)

    def say_yes(self) -> None:
        """Press the sheet's own yes: Enter where that is what it presses, else the letter that is shown on it."""
        sheet = self.sheet()
        assert sheet is not None, f"nothing is asked: {self.window.strip.busy.text()}"
        buttons = [one for one in sheet.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
        yes = next(one for one in buttons if one.property("role") == "primary")
        focused = QApplication.focusWidget()
        pressed = focused if isinstance(focused, QPushButton) else next((b for b in buttons if b.isDefault()), None)
        self.press("Return" if pressed is yes else f"Alt+{letter_in(yes.text())}")

    def decide(self, morning: Morning) -> None:
        """Decide about everything that waits in Review, from its first row to its last."""
        idle = 0
        while idle < _MOST_IDLE:
            row = self._waiting_row()
            if row is None or not self._decide(row, morning):
                idle += 1
                self.wait()
                self._go_to_what_is_left()
            else:
                idle = 0

    def work_through(self, morning: Morning) -> None:
        """Decide, say what no row asks, write, and take back what was written too soon."""
        self.decide(morning)
        for number in morning.other_money:
            self.say_other_money(number)
        self.apply()
        for number in morning.to_undo:
            self.undo(number)

    def apply(self) -> None:
        """Write what was approved, and close what is told about it."""
        self.press("Ctrl+Shift+Return")
        self.say_yes()
        self.wait()
        assert self.sheet() is not None, "nothing is told of what was written"
        self.press("Esc")

    def say_other_money(self, number: str) -> None:
        """Say of an unmatched payment that it is other money, which Xero does not have."""
        self.press("Ctrl+3")
        self._find(number)
        self.press("Ctrl+Y")
        sheet = self.sheet()
        assert sheet is not None, f"nothing is asked: {self.window.strip.busy.text()}"
        other = next(one for one in sheet.findChildren(QRadioButton) if one.text().replace("&", "").startswith("other"))
        self.press(f"Alt+{letter_in(other.text())}")
        self._go_to_reason()
        self.type("paid at the counter")
        self.say_yes()
        self.wait()

    def undo(self, number: str) -> None:
        """Take back what was written of an invoice."""
        self.press("Ctrl+Z")
        self._find(number)
        self.press("Alt+U")
        self.type("not ours")
        self.say_yes()
        self.wait()
        if self.sheet() is not None:
            self.press("Esc")

    def _find(self, number: str) -> None:
        self.press("Ctrl+F")
        self.type(number)
        self.press("Return")

    def _go_to_reason(self) -> None:
        while not isinstance(QApplication.focusWidget(), QLineEdit):
            self.press("Tab")

    def _decide(self, row: ReviewRow, morning: Morning) -> bool:
        """Give the answer to a row that the person knows; say whether there was one."""
        answer = _answer_to(row.stored.proposal, morning)
        if answer is Answer.PLAIN:
            self.press("Ctrl+G")
        elif answer is Answer.YES:
            self.press("Alt+A")
            if self.sheet() is not None:
                self.say_yes()
        elif answer is Answer.SAME_MONEY:
            self.press("Ctrl+L")
            self.say_yes()
        else:
            self.press("Ctrl+R" if answer is Answer.NO else "Ctrl+H")
            self.type(_REASONS[answer])
            self.say_yes()
        assert self.sheet() is None, f"{row.stored.proposal.invoice_number}: {self.sheet()}"
        return True

    def _go_to_what_is_left(self) -> None:
        """Go to the first row where one stands on what waits for another person: that lies below all others."""
        row = self.window.review.table.current_row()
        if row is not None and row.stored.half_by == self.name:
            self.press("Ctrl+Home")

    def _waiting_row(self) -> ReviewRow | None:
        """Return the row that the keys act on, where nothing is being decided of it; it must be seen."""
        review = self.window.review
        row = review.table.current_row()
        if row is None or review.is_deciding(row) or row.stored.half_by == self.name:
            return None
        index = review.table.currentIndex()
        seen = review.table.viewport().rect().contains(review.table.visualRect(index).center())
        assert seen, f"{row.stored.proposal.invoice_number} is current and not in view"
        return row

    def _focused(self) -> QWidget:
        """Return where a key goes: to what has the focus in the window that is in front.

        The platform without a screen has no window manager, which would bring the window to the front again once a
        sheet is closed.
        """
        if QApplication.activeWindow() is None:
            front = self.sheet() or self.window
            front.activateWindow()
            QTest.qWaitForWindowActive(front)
        focused = QApplication.focusWidget()
        assert focused is not None, "no key goes anywhere"
        return focused


def _answer_to(proposal: Proposal, morning: Morning) -> Answer:
    answer = morning.answers[proposal.invoice_number]
    is_said = answer is Answer.SAME_MONEY and proposal.kind is ProposalKind.CHANGE
    return Answer.YES if is_said else answer


@contextmanager
def seated(desk: Desk, *, is_patient: bool = False, name: str = "Ann") -> Iterator[Person]:
    """Open the window on a desk, with a person before it who gave the name once.

    Who is not patient is ahead of the worker, and waits only where nothing is left to be decided.
    """
    application()
    worker, preferences = StepWorker(), MemoryPreferences()
    if name:
        preferences.set(APPROVER, name)
    opened = open_window(desk, on_worker=worker, approver=name, preferences=preferences)

    def wait() -> None:
        while worker.jobs:
            worker.run()
            QApplication.processEvents()

    wait()
    opened.window.show()
    opened.window.activateWindow()
    QTest.qWaitForWindowActive(opened.window)
    opened.window.wishes.focus_table()
    try:
        yield Person(opened.window, wait, is_patient=is_patient, name=name)
    finally:
        opened.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
