"""The short questions: confirm, give a reason, hold until, your name, keep running or quit, and troubles in words."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QButtonGroup,
    QDateEdit,
    QLineEdit,
    QPushButton,
    QWidget,
)

from cmxero_desktop.domain.shown_codes import shown_code
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.verbs.commands.deciding import AcceptTotals
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.long_text import words
from cmxero_desktop.ui.widgets.parts import allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import TickBox, radio_button

_HOLD_DAYS = 7
_NEEDS_REASON = "Give a reason first: say in a few words why."


def ask_yes(
    parent: QWidget,
    title: str,
    text: str,
    yes: str,
    on_yes: Callable[[], object],
    *,
    is_safe: bool = False,
    stands_out: bool = True,
) -> Sheet:
    """Ask for a plain confirmation; the default is Cancel unless the step is safe.

    What ends something does not stand out: that is what a hasty hand presses.
    """
    sheet = Sheet(title, text, parent)
    cancel = sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button(yes, sheet.accept, "primary" if stands_out else "")
    sheet.accepted.connect(on_yes)
    sheet.choose(accept if is_safe else cancel)
    sheet.open()
    return sheet


def ask_reason(parent: QWidget, title: str, text: str, yes: str, on_yes: Callable[[str], object]) -> Sheet:
    """Ask for a reason; there is no going on without one."""
    sheet = Sheet(title, text, parent)
    sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button(yes, sheet.accept, "primary")
    accept.setDefault(True)
    reason = reason_field(sheet, accept)
    sheet.accepted.connect(lambda: on_yes(reason.text().strip()))
    sheet.open()
    reason.setFocus()
    return sheet


def ask_to_accept_totals(parent: QWidget, desk: WindowDesk, alert: Alert, say: Callable[[str], object]) -> Sheet:
    """Ask whether it may stay so that the firm's totals differ, and why (R24a)."""
    text = (
        f"{alert.explanation} Accepted, it counts as explained wherever totals differ in this way, and additions go in "
        "bulk again. You are asked again when it changes. Nothing is written to Case Manager."
    )

    def accept(reason: str) -> None:
        command = AcceptTotals(by=desk.approver, reason=reason, shown=shown_code([alert.explanation]))
        desk.change(command, "Accepting…", say)

    return ask_reason(parent, "Accept that the totals differ?", text, "Accept", accept)


class ReasonLine(QLineEdit):
    """The line for a reason, and below it in words what is still lacking: a grey button alone gives no cause."""

    def __init__(self, sheet: Sheet) -> None:
        """Add both to a sheet."""
        super().__init__()
        self.setObjectName("reason")
        self.setAccessibleName("Reason")
        self.setPlaceholderText("Reason")
        self.lacking = label("", "muted")
        sheet.body.addWidget(self)
        sheet.body.addWidget(self.lacking)

    def open_or_close(self, accept: QPushButton, first: str = "") -> None:
        """Open the button once there is a reason and nothing else is lacking; `first` is what has to be done before."""
        lacking = first or ("" if self.text().strip() else _NEEDS_REASON)
        allow(accept, lacking)
        self.lacking.setText(lacking)


def reason_field(sheet: Sheet, accept: QPushButton) -> ReasonLine:
    """Add the line of a reason to a sheet; `accept` is closed while it is empty."""
    reason = ReasonLine(sheet)
    reason.open_or_close(accept)
    reason.textChanged.connect(lambda _: reason.open_or_close(accept))
    return reason


def ask_choice(
    parent: QWidget, title: str, text: str, words: Sequence[str], on_yes: Callable[[int, str], object]
) -> Sheet:
    """Ask which of several things is true, and why; nothing is chosen beforehand."""
    sheet = Sheet(title, text, parent)
    group = QButtonGroup(sheet)
    for position, choice in enumerate(words):
        button = radio_button(choice)
        group.addButton(button, position)
        sheet.body.addWidget(button)
    reason = ReasonLine(sheet)
    sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button("Keep it", sheet.accept, "primary")
    accept.setDefault(True)

    def look() -> None:
        reason.open_or_close(accept, "Choose first what it is." if group.checkedId() < 0 else "")

    group.idToggled.connect(look)
    reason.textChanged.connect(look)
    look()
    sheet.accepted.connect(lambda: on_yes(group.checkedId(), reason.text().strip()))
    sheet.open()
    return sheet


def ask_hold(
    parent: QWidget,
    title: str,
    text: str,
    today: date,
    on_yes: Callable[[str, date | None], object],
    warning: Callable[[date | None], str] = lambda _: "",
    *,
    latest: date | None = None,
) -> Sheet:
    """Ask until when and why something is put on hold; `warning` says what such a day is too late for.

    No day after `latest` is proposed, where that is still to come.
    """
    sheet = Sheet(title, text, parent)
    reason = QLineEdit()
    reason.setObjectName("reason")
    reason.setAccessibleName("Reason, may be left out")
    reason.setPlaceholderText("Reason (may be left out)")
    usual = today + timedelta(days=_HOLD_DAYS)
    last = latest if latest is not None and today < latest < usual else usual
    until = QDateEdit(QDate(last.year, last.month, last.day))
    until.setDisplayFormat("d MMM yyyy")
    until.setCalendarPopup(True)
    until.setMinimumDate(QDate(*(today + timedelta(days=1)).timetuple()[:3]))
    until.setAccessibleName("On hold until")
    is_dated = TickBox("Comes back to Review by itself on")
    is_dated.setChecked(True)
    is_dated.toggled.connect(until.setEnabled)
    warned = label("", "title", is_wrapped=True)
    warned.setObjectName("warned")
    for part in (reason, is_dated, until, warned):
        sheet.body.addWidget(part)
    sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button("Put on hold", sheet.accept, "primary")
    accept.setDefault(True)

    def day() -> date | None:
        chosen = until.date()
        return date(chosen.year(), chosen.month(), chosen.day()) if is_dated.isChecked() else None

    def warn() -> None:
        warned.setText(warning(day()))
        warned.setVisible(bool(warned.text()))

    def decided() -> None:
        on_yes(reason.text().strip(), day())

    warn()
    until.dateChanged.connect(warn)
    is_dated.toggled.connect(warn)
    sheet.accepted.connect(decided)
    sheet.open()
    reason.setFocus()
    return sheet


def ask_name(parent: QWidget, name: str, on_yes: Callable[[str], object]) -> Sheet:
    """Ask who decides; the name goes into the audit trail."""
    sheet = Sheet(
        "Your name", "It stands beside every decision that you make, in History and in the audit trail.", parent
    )
    field = QLineEdit(name)
    field.setObjectName("name")
    field.setAccessibleName("Your name")
    field.selectAll()
    sheet.body.addWidget(field)
    sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button("That is me", sheet.accept, "primary")
    accept.setDefault(True)
    field.textChanged.connect(lambda words: allow(accept, "" if words.strip() else "Enter a name."))
    sheet.accepted.connect(lambda: on_yes(field.text().strip()))
    sheet.open()
    field.setFocus()
    return sheet


def ask_close(parent: QWidget, approved: int, on_keep: Callable[[], object], on_quit: Callable[[], object]) -> Sheet:
    """Ask once whether closing the window keeps the program running; `approved` is how many changes are not written."""
    text = (
        "CM-Xero Desk can keep checking Xero from the tray and tell you when something waits. "
        "Quit is always in the tray's menu and in the File menu. Your answer is remembered; Settings, Look, changes it."
    )
    if approved:
        what = "1 approved change is" if approved == 1 else f"{approved:,} approved changes are"
        text += f"\n{what} not written to Case Manager yet; closing writes nothing, and they wait as they are."
    sheet = Sheet("Keep running?", text, parent)
    sheet.add_button("Cancel", sheet.reject)

    def quit_now() -> None:
        sheet.reject()
        on_quit()

    sheet.add_button("Quit", quit_now)
    keep = sheet.add_button("Keep running", sheet.accept, "primary")
    sheet.accepted.connect(on_keep)
    sheet.choose(keep)
    sheet.open()
    return sheet


def show_trouble(parent: QWidget, trouble: Trouble) -> Sheet:
    """Show what did not work, and what to do about it."""
    sheet = Sheet(trouble.title, "", parent)
    sheet.body.addWidget(words(trouble.message))
    if trouble.remedy:
        sheet.body.addWidget(words(trouble.remedy, "title"))
    sheet.setAccessibleDescription(as_said(f"{trouble.message} {trouble.remedy}".strip()))
    sheet.choose(sheet.add_button("Close", sheet.accept, "primary"))
    sheet.open()
    return sheet
