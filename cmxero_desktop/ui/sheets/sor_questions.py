"""The short questions of the SOR watch: a mark, a day, an amount, an end, and a schedule typed by hand."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QLineEdit, QPlainTextEdit, QWidget

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.alerts import DebitDateIs
from cmxero_desktop.domain.sor.board import SorRow
from cmxero_desktop.domain.sor.cells import DayOrder, NotUnderstoodError, read_amount, read_date
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.schedules import ScheduleState, SorSchedule
from cmxero_desktop.ui.sheets.questions import ask_choice
from cmxero_desktop.ui.theme.formatting import day, weekday
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet

_ENDS = (
    (ScheduleState.COMPLETED, "Completed: every instalment was taken, or the client paid the rest in Apxium"),
    (ScheduleState.CANCELLED, "Cancelled by Apxium: what is outstanding is taken back, and is owed again"),
    (ScheduleState.DEFAULTED, "Defaulted: an instalment failed twice, and Apxium takes back the rest"),
    (ScheduleState.CLOSED, "Close it here: no longer to be watched"),
)
_ENTER_TEXT = (
    "One instalment on each line, as Apxium shows them: due date, amount, and the invoice where there are several, "
    "such as “1 Dec 2026  300.00  CM-102”."
)

_NOT_PAID_OUT = " What Apxium takes back then has a sum only where you said what it paid out (Paid out…)."
_AS_IT_SAYS = "Choose the day that Apxium's mail names."


def ask_mark(parent: QWidget, on_yes: Callable[[str, str], object]) -> Sheet:
    """Ask which invoice is under a schedule."""
    text = (
        "The desk then watches it: every other payment, credit or change on it is an alert, and what is proposed there "
        "is looked at one by one."
    )
    sheet = Sheet("Mark an invoice as under an SOR schedule", text, parent)
    number = _field(sheet, "Invoice number", "Invoice number, such as CM-102")
    reason = _field(sheet, "Reason, may be left out", "Reason (may be left out)")
    sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button("Mark it", sheet.accept, "primary")
    accept.setDefault(True)
    allow(accept, "Enter its number.")
    number.textChanged.connect(lambda words: allow(accept, "" if words.strip() else "Enter its number."))
    sheet.accepted.connect(lambda: on_yes(number.text().strip(), reason.text().strip()))
    sheet.open()
    number.setFocus()
    return sheet


def ask_debit_date(parent: QWidget, shown: SorRow, today: date, on_yes: Callable[[date], object]) -> Sheet:
    """Ask for the debit date in Apxium's mail."""
    text = (
        f"Apxium's mail about {shown.invoice_number} names the day on which it debits the firm. The day before is the "
        "last safe one. Until you enter it, it is taken to be seven days after the change was first seen."
    )
    alert = shown.leading
    is_entered = alert is not None and alert.debit_date_is is DebitDateIs.ENTERED
    sheet = Sheet("Debit date", text, parent)
    field = _day_field(sheet, "Debit date", alert.debit_on if alert is not None and is_entered else None, today)
    safe = label("", "muted")
    sheet.body.addWidget(safe)

    def tell() -> None:
        last = _date(field.date()) - timedelta(days=1)
        safe.setText(f"Last safe day: {weekday(last)} {day(last)}" if _is_chosen(field) else _AS_IT_SAYS)

    field.dateChanged.connect(tell)
    tell()
    return _asked_for_a_day(sheet, field, "Set the date", on_yes)


def ask_retry(parent: QWidget, shown: SorRow, today: date, on_yes: Callable[[date], object]) -> Sheet:
    """Ask when Apxium tries a failed instalment again."""
    text = (
        f"Apxium could not take an instalment of {shown.schedule.schedule_id}, and says on which day it tries again. "
        "Until then the schedule runs on; if that fails too, it is in default. The day is kept here alone: SOR watch "
        "shows it, and says so if no instalment has come three days after it; it goes once one has."
    )
    sheet = Sheet("An instalment failed", text, parent)
    field = _day_field(sheet, "Apxium tries again on", shown.schedule.retry_on, today)
    return _asked_for_a_day(sheet, field, "Keep it", on_yes)


def ask_paid_out(parent: QWidget, shown: SorRow, currency: str, on_yes: Callable[[Money], object]) -> Sheet:
    """Ask what Apxium paid out for a schedule."""
    text = (
        f"What Apxium paid the firm for {shown.schedule.schedule_id}, as its disbursement says. Less the instalments, "
        "it should be left on the clearing account."
    )
    sheet = Sheet("Paid out by Apxium", text, parent)
    field = _field(sheet, "Paid out", "such as 1,234.50")
    sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button("Keep it", sheet.accept, "primary")
    accept.setDefault(True)

    def look() -> None:
        allow(accept, "" if typed_amount(field.text(), currency) else "Enter an amount.")

    def say() -> None:
        amount = typed_amount(field.text(), currency)
        if amount is not None:
            on_yes(amount)

    field.textChanged.connect(look)
    look()
    sheet.accepted.connect(say)
    sheet.open()
    field.setFocus()
    return sheet


def _is_chosen(field: QDateEdit) -> bool:
    return field.date() > field.minimumDate()


def _day_field(sheet: Sheet, name: str, known: date | None, today: date) -> QDateEdit:
    """Add a field for a day after today; where none is known it is empty, since a guess would be kept as a fact."""
    field = QDateEdit()
    field.setDisplayFormat("ddd d MMM yyyy")
    field.setCalendarPopup(True)
    field.setMinimumDate(_qdate(today))
    # The first day of all stands for none.
    field.setSpecialValueText("choose a day")
    field.setDate(_qdate(max(known or today, today)))
    field.setAccessibleName(as_said(name))
    sheet.body.addWidget(field)
    return field


def _asked_for_a_day(sheet: Sheet, field: QDateEdit, yes: str, on_yes: Callable[[date], object]) -> Sheet:
    sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button(yes, sheet.accept, "primary")
    accept.setDefault(True)

    def look() -> None:
        allow(accept, "" if _is_chosen(field) else _AS_IT_SAYS)

    field.dateChanged.connect(look)
    look()
    sheet.accepted.connect(lambda: on_yes(_date(field.date())))
    sheet.open()
    field.setFocus()
    return sheet


def _named(schedule: SorSchedule) -> str:
    """Name a schedule and its invoices; one that has only its invoice's number, by that."""
    numbers = [number for number in schedule.numbers if number != schedule.schedule_id]
    return f"Schedule {', '.join([schedule.schedule_id, *numbers])}"


def _is_paid_out(schedule: SorSchedule) -> bool:
    return schedule.disbursed is not None or schedule.total is not None


def ask_end(parent: QWidget, shown: SorRow, on_yes: Callable[[ScheduleState, str], object]) -> Sheet:
    """Ask how a schedule ended."""
    text = (
        f"{_named(shown.schedule)}. After a cancellation the desk looks again two hours later, when Apxium should have "
        f"synced; what the firm has to adjust is listed then.{'' if _is_paid_out(shown.schedule) else _NOT_PAID_OUT}"
    )
    return ask_choice(
        parent,
        "How did the schedule end?",
        text,
        [words for _, words in _ENDS],
        lambda place, reason: on_yes(_ENDS[place][0], reason),
    )


def ask_to_enter(parent: QWidget, currency: str, on_yes: Callable[[tuple[ListLine, ...]], object]) -> Sheet:
    """Ask for a schedule with its instalments; each line that cannot be read is named."""
    sheet = Sheet("Enter a schedule", _ENTER_TEXT, parent)
    name = _field(sheet, "What Apxium calls the schedule", "What Apxium calls the schedule, such as SR-1042")
    invoice = _field(sheet, "Invoice number", "Invoice, such as CM-102, where a line names no other")
    lines = QPlainTextEdit()
    lines.setAccessibleName("Instalments")
    lines.setObjectName("instalments")
    lines.setMinimumHeight(150)
    sheet.body.addWidget(lines)
    disbursed = _field(sheet, "Disbursed, may be left out", "What Apxium paid out (may be left out)")
    told = label("", "muted", is_wrapped=True)
    sheet.body.addWidget(told)
    sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button("Take the schedule", sheet.accept, "primary")

    def read() -> tuple[tuple[ListLine, ...], str]:
        try:
            return typed_lines(lines.toPlainText(), name.text(), invoice.text(), currency, disbursed.text()), ""
        except NotUnderstoodError as error:
            return (), str(error)

    def look() -> None:
        found, why = read()
        missing = why or ("" if found else "Enter name and instalments.")
        allow(accept, "Enter what Apxium calls it." if not name.text().strip() else missing)
        total = sum((line.amount.amount for line in found if line.amount is not None), Decimal(0))
        told.setText(why or (f"{len(found)} instalments, {total:,.2f} together." if found else ""))

    for field in (name, invoice, disbursed):
        field.textChanged.connect(look)
    lines.textChanged.connect(look)
    look()
    sheet.accepted.connect(lambda: on_yes(read()[0]))
    sheet.open()
    name.setFocus()
    return sheet


def typed_lines(text: str, schedule: str, invoice: str, currency: str, disbursed: str = "") -> tuple[ListLine, ...]:
    """Read instalments as they are typed; raises NotUnderstoodError, which names the line."""
    paid_out = read_amount(disbursed, currency)
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.replace("\t", " ").split()
        if not words:
            continue
        due_on, amount, rest = _typed(number, words, currency)
        found.append(
            ListLine(
                line=number,
                schedule=schedule.strip(),
                invoice=" ".join(rest) or invoice.strip(),
                due_on=due_on,
                amount=amount,
                disbursed=paid_out,
            )
        )
    return tuple(found)


def _typed(number: int, words: list[str], currency: str) -> tuple[date, Money, list[str]]:
    """Split a line into its date, which may be one word or three, its amount, and what is left."""
    for length in (3, 1):
        try:
            due_on = read_date(" ".join(words[:length]), DayOrder())
            amount = read_amount(words[length] if len(words) > length else "", currency)
        except NotUnderstoodError:
            continue
        if due_on is not None and amount is not None:
            return due_on, amount, words[length + 1 :]
    raise NotUnderstoodError(f"Line {number} is no instalment; write it such as 1 Dec 2026  300.00.")


def typed_amount(text: str, currency: str) -> Money | None:
    """Read an amount that somebody typed, None for what is none."""
    try:
        return read_amount(text, currency)
    except (NotUnderstoodError, InvalidOperation):
        return None


def _field(sheet: Sheet, name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(as_said(name))
    field.setPlaceholderText(hint)
    sheet.body.addWidget(field)
    return field


def _qdate(value: date) -> QDate:
    return QDate(value.year, value.month, value.day)


def _date(value: QDate) -> date:
    return date(value.year(), value.month(), value.day())
