"""Ask for the other mode; the way back to approving says what has to be true first, and takes a reason (R29)."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.other_writer import COMING_BACK
from cmxero_desktop.services.records.alerts import OTHER_WRITER_KEY
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.verbs.commands.settings import ChangeMode
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.sheets.mode_rungs import add_rungs
from cmxero_desktop.ui.sheets.questions import ask_yes, reason_field
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.sheet import Sheet

_TO_OBSERVE = "Xero is checked and everything is compared as before; nothing can be approved or written."
_BACK = "Whoever sits at this computer can go back to approving here, under Mode; History keeps who did."
_TO_APPROVE = "What you approve can be written to Case Manager from now on. Nothing is written without an approval."
_FIRST = "Before you go back:"
_WIDTH = 620


def ask_mode(window: QWidget, desk: WindowDesk, said: Callable[[str], object], now: datetime) -> Sheet | None:
    """Offer the mode that is not on; `said` gets the sentence about what was changed."""
    content = desk.content
    if content is None:
        return None

    def change(mode: Mode, reason: str) -> None:
        desk.change(ChangeMode(mode=mode, by=desk.approver, reason=reason), "Changing the mode…", said)

    if content.may_write:
        title, yes = "Only observe?", "Only observe"
        waiting = len(content.approved)
        stay = "it waits" if waiting == 1 else "they wait"
        not_yet = f"\n{plural(waiting, 'approved change')} not written yet: {stay} until you go back to approving."
        left = not_yet if waiting else ""
        text = f"{_TO_OBSERVE} {_BACK}{left}"
        # Whoever has something to write should not lose the way to it by one key.
        return ask_yes(window, title, text, yes, lambda: change(Mode.OBSERVE, ""), is_safe=not waiting)
    writer = _other_writer_words(content)
    if not writer:
        return _ask_to_approve(window, content, now, lambda: change(Mode.APPROVE, ""))
    return _ask_to_come_back(window, writer, lambda reason: change(Mode.APPROVE, reason))


def _other_writer_words(content: DeskContent) -> str:
    return next((alert.explanation for alert in content.view.alerts if alert.key == OTHER_WRITER_KEY), "")


def _ask_to_approve(window: QWidget, content: DeskContent, now: datetime, on_yes: Callable[[], object]) -> Sheet:
    """Show the three conditions before the first write is possible; what does not hold warns, and forbids nothing."""
    sheet = Sheet("Approve and write?", _TO_APPROVE, window)
    add_rungs(sheet.body, sheet, content, now)
    cancel = sheet.add_button("Cancel", sheet.reject)
    sheet.add_button("Go to approving", sheet.accept, "primary")
    sheet.accepted.connect(on_yes)
    sheet.choose(cancel)
    sheet.setMinimumWidth(_WIDTH)
    sheet.open()
    return sheet


def _ask_to_come_back(window: QWidget, writer: str, on_yes: Callable[[str], object]) -> Sheet:
    sheet = Sheet("Go back to approving?", writer, window)
    sheet.body.addWidget(label(_FIRST, "title"))
    for number, condition in enumerate(COMING_BACK, start=1):
        sheet.body.addWidget(label(f"{number}.  {condition}", is_wrapped=True))
    cancel = sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button("Go back to approving", sheet.accept, "primary")
    reason = reason_field(sheet, accept)
    sheet.accepted.connect(lambda: on_yes(reason.text().strip()))
    sheet.choose(cancel)
    sheet.setMinimumWidth(_WIDTH)
    sheet.open()
    return sheet
