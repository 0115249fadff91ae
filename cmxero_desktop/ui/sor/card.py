"""What happened on the row that a person stands on: evidence, by when, what Apxium does, and the next step."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cmxero_desktop.domain.money import named_money
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.sor.alerts import SorAlert, SorAlertState
from cmxero_desktop.domain.sor.board import EndingItem, SorRow
from cmxero_desktop.domain.sor.knowing import PROGRAM
from cmxero_desktop.domain.sor.schedules import ENDED_EARLY, ScheduleSource, ScheduleState
from cmxero_desktop.domain.sor.sighting import MONEY_KINDS
from cmxero_desktop.domain.sor.sums import invoice_sums, schedule_sums
from cmxero_desktop.domain.sor.words import (
    DONE_AFTER_END,
    DONE_AFTER_FAILURE,
    KIND_WORDS,
    STATE_WORDS,
    done_words,
    due_words,
    failed_words,
    history_words,
    quiet_words,
    risk_words,
    to_do_words,
)
from cmxero_desktop.ui.sor.words import SCHEDULE_WORDS, SOURCE_WORDS, lowered
from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.formatting import day, moment, plural
from cmxero_desktop.ui.widgets.parts import allow, button, frame, label
from cmxero_desktop.ui.widgets.wrapping import WrappingLayout

_SYSTEM = {Side.XERO: "Xero", Side.CASE_MANAGER: "Case Manager"}
_MOST_TOLD = 5
_DONE_WHEN = "Done when"
_NO_ROW = "Select a row first."
_NO_ALERT = "No alert stands on this invoice."
_ENDED = "The schedule has ended."


class SorCard(QWidget):
    """The evidence of one row, with what can be said of it."""

    debit_asked = Signal(object)
    failed_asked = Signal(object)
    paid_out_asked = Signal(object)
    calendar_asked = Signal(object)
    close_asked = Signal(object)
    end_asked = Signal(object)
    reopen_asked = Signal(object)
    unmark_asked = Signal(object)
    left_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin without a row."""
        super().__init__(parent)
        self._row: SorRow | None = None
        self.title = label("", "title", is_wrapped=True, size=1.1)
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(14)
        self.facts.setVerticalSpacing(3)
        self.facts.setColumnStretch(1, 1)
        self.more = label("", "muted", is_wrapped=True)
        self.debit_button = button("Set debit da&te…", lambda: self.debit_asked.emit(self._row))
        self.failed_button = button("Failed, retr&y…", lambda: self.failed_asked.emit(self._row))
        self.paid_out_button = button("Paid o&ut…", lambda: self.paid_out_asked.emit(self._row))
        self.calendar_button = button("Put int&o a calendar…", lambda: self.calendar_asked.emit(self._alert))
        self.close_button = button("&Close the alert…", lambda: self.close_asked.emit(self._alert))
        self.end_button = button("&Schedule ended…", lambda: self.end_asked.emit(self._row))
        self.reopen_button = button(
            "It still &runs…", lambda: self.reopen_asked.emit(self._row), tip="Take back how it is said to have ended"
        )
        self.unmark_button = button("Take the mar&k back…", lambda: self.unmark_asked.emit(self._row))
        self.left_button = button("&What is left to do…", lambda: self.left_asked.emit(self._row))
        card = frame("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(6)
        inside.addWidget(self.title)
        inside.addLayout(self.facts)
        inside.addWidget(self.more)
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(scroll, 1)
        buttons = (self.debit_button, self.calendar_button, self.close_button)
        about = (
            self.failed_button,
            self.paid_out_button,
            self.left_button,
            self.unmark_button,
            self.end_button,
            self.reopen_button,
        )
        verbs = WrappingLayout()
        for one in (*buttons, *about):
            verbs.addWidget(one)
        layout.addLayout(verbs)
        self._lines: list[QLabel] = []
        self.show_row(None, None)

    @property
    def _alert(self) -> SorAlert | None:
        return self._row.leading if self._row is not None and _standing(self._row) else None

    @property
    def text(self) -> str:
        """Everything that is said."""
        return "\n".join([self.title.text(), *(line.text() for line in self._lines), self.more.text()])

    def show_row(self, shown: SorRow | None, today: date | None, left: Sequence[EndingItem] = ()) -> None:
        """Show a row, or that none is selected; `left` is still to be done after its schedule ended."""
        self._row = shown
        for line in self._lines:
            self.facts.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []
        self.title.setText("" if shown is None else _title(shown, left))
        self.more.setText("" if shown is None else _more(shown))
        self.more.setVisible(bool(self.more.text()))
        if shown is not None:
            for name, value, tone in _facts(shown, today, left):
                self._add(name, value, tone)
        self._allow(shown)

    def _add(self, name: str, value: str, tone: Tone) -> None:
        at = len(self._lines) // 2
        head, text = label(name, "muted"), label(value, is_wrapped=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if tone is not Tone.PLAIN:
            text.setStyleSheet(f"color: {tones_of(self.palette()).ink(tone)}; font-weight: bold;")
        self.facts.addWidget(head, at, 0, Qt.AlignmentFlag.AlignTop)
        self.facts.addWidget(text, at, 1)
        self._lines += [head, text]

    def _allow(self, shown: SorRow | None) -> None:
        nothing = _NO_ROW if shown is None else ""
        no_alert = nothing or ("" if self._alert is not None else _NO_ALERT)
        ended = nothing or ("" if shown is not None and shown.schedule.is_running else _ENDED)
        allow(self.debit_button, ended, "From Apxium's mail; without it the date is estimated")
        allow(self.failed_button, ended, "Say that Apxium could not take an instalment, and when it tries again")
        allow(self.paid_out_button, nothing, "Say what Apxium paid out, for the check of the clearing account")
        no_date = "No debit date is known." if self._alert is not None and self._alert.debit_on is None else ""
        allow(self.calendar_button, no_alert or no_date, "Save an .ics file with reminders for your calendar")
        allow(self.close_button, no_alert, "Say that nothing more is to be done about it")
        allow(self.end_button, ended, "Completed, cancelled, defaulted, or no longer to be watched")
        is_marked = shown is not None and shown.schedule.source is ScheduleSource.MARKED
        self.unmark_button.setVisible(is_marked and not ended)
        self.left_button.setVisible(shown is not None and shown.schedule.state in ENDED_EARLY)
        # What a row has nothing for is not there: a row of grey buttons says nothing.
        for one in (self.debit_button, self.failed_button, self.end_button):
            one.setVisible(not ended)
        for one in (self.calendar_button, self.close_button):
            one.setVisible(not no_alert)
        self.paid_out_button.setVisible(not nothing)
        is_said = shown is not None and not shown.schedule.is_running and shown.schedule.ended_by != PROGRAM
        self.reopen_button.setVisible(is_said)


def _standing(shown: SorRow) -> bool:
    return shown.leading is not None and shown.leading.is_standing


def _title(shown: SorRow, left: Sequence[EndingItem]) -> str:
    alert, state = shown.leading, shown.schedule.state
    about = f"{shown.invoice_number} {shown.bill_to}".strip()
    if alert is None or not alert.is_standing:
        if left:
            own = sum(item.invoice_number == shown.invoice_number for item in left)
            steps = f"{plural(own, 'step')} left to do" if own else "nothing left to do on this invoice"
            return f"{about}: {SCHEDULE_WORDS[state]}, {steps}"
        if state is not ScheduleState.ACTIVE:
            return f"{about}: {SCHEDULE_WORDS[state]}"
        return f"{about}: nothing happened outside the schedule that needs you"
    amount = f", {named_money(alert.amount, alert.home)}" if alert.amount.minor else ""
    return f"{about}: {KIND_WORDS[alert.kind]}{amount}"


def _facts(shown: SorRow, today: date | None, left: Sequence[EndingItem]) -> list[tuple[str, str, Tone]]:
    schedule, alert = shown.schedule, shown.leading
    facts: list[tuple[str, str, Tone]] = []
    if alert is not None and alert.is_standing:
        is_late = alert.state is SorAlertState.PASSED
        facts += [
            ("By when", due_words(alert, today), Tone.DANGER if is_late else Tone.CAUTION),
            ("At risk", risk_words(alert), Tone.PLAIN),
            ("What to do", to_do_words(alert), Tone.PLAIN),
            (_DONE_WHEN, done_words(alert, _seen_here(alert)), Tone.PLAIN),
            ("What we saw", evidence_words(alert), Tone.PLAIN),
        ]
    elif schedule.state is ScheduleState.FAILED:
        due = f"{shown.invoice_number} owes {named_money(shown.due, shown.home)}" if shown.due is not None else ""
        when, risk, what = failed_words(schedule, due, today)
        is_late = today is not None and schedule.retry_on is not None and today > schedule.retry_on
        facts += [
            ("By when", when, Tone.DANGER if is_late else Tone.CAUTION),
            ("At risk", risk, Tone.PLAIN),
            ("What to do", what, Tone.PLAIN),
            (_DONE_WHEN, DONE_AFTER_FAILURE, Tone.PLAIN),
        ]
    else:
        facts.append(("What to do", quiet_words(schedule, shown.invoice_number, left), Tone.PLAIN))
        if left:
            facts.append((_DONE_WHEN, DONE_AFTER_END, Tone.PLAIN))
    retry = f" Apxium tries again on {day(schedule.tried_again_on)}." if schedule.tried_again_on else ""
    known = f"{schedule.schedule_id}, {SCHEDULE_WORDS[schedule.state]}, {SOURCE_WORDS[schedule.source]}.{retry}"
    facts.append(("Schedule", f"{known} {schedule_sums(shown, today)}".strip(), Tone.PLAIN))
    if sums := invoice_sums(shown):
        facts.append(("Invoice", f"{sums} Each payment stands in Matched, Unmatched or Skipped.", Tone.PLAIN))
    return facts


def _seen_here(alert: SorAlert) -> str:
    """Say where on this page one sees that an alert has ended by itself."""
    column = "Outside" if alert.kind in MONEY_KINDS else "Other changes"
    return f"Then it is out of the red band and of {column}."


def evidence_words(alert: SorAlert) -> str:
    """Say which record it is, when it was changed, by whom where Xero's history says so, and when it was seen."""
    seen = alert.evidence
    parts = [f"{seen.name[:1].upper()}{seen.name[1:]} in {_SYSTEM[seen.side]}"]
    if seen.on is not None:
        parts.append(f"dated {day(seen.on)}")
    if seen.reference:
        parts.append(f"reference “{seen.reference}”")
    if seen.record_id:
        parts.append(f"id {seen.record_id}")
    if seen.changed_at is not None:
        parts.append(f"changed {moment(seen.changed_at)}")
    if seen.contact:
        parts.append(f"contact {seen.contact}")
    by_whom = f" {words}" if (words := history_words(alert, moment)) else ""
    return f"{', '.join(parts)}.{by_whom} First seen {moment(alert.first_seen_at)}."


def _more(shown: SorRow) -> str:
    """Name the other alerts of the row, those that are over too."""
    others = [alert for alert in shown.alerts if alert is not shown.leading or not alert.is_standing]
    if not others:
        return ""
    said = "; ".join(map(_briefly, others[:_MOST_TOLD]))
    more = f"; and {len(others) - _MOST_TOLD} more" if others[_MOST_TOLD:] else ""
    return f"Also on this invoice: {said}{more}."


def _briefly(alert: SorAlert) -> str:
    """Name another alert, its state, and where what it speaks of stands: closing one takes nothing off an invoice."""
    on = f" dated {day(alert.evidence.on)}" if alert.evidence.on is not None else ""
    said = (
        f"{lowered(KIND_WORDS[alert.kind])} of {named_money(alert.amount, alert.home)}{on}, {STATE_WORDS[alert.state]}"
    )
    gone = alert.removed_on or (alert.ended_on if alert.state is SorAlertState.CLEARED else None)
    if gone is not None:
        return f"{said}: gone since {day(gone)}"
    if alert.kind not in MONEY_KINDS:
        return said
    return f"{said}: if it still stands in {_SYSTEM[alert.evidence.side]}, it is in Matched, Unmatched or Skipped"
