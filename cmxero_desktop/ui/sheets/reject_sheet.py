"""Ask why a row is rejected: one of the firm's reasons, the most used first, or a reason in words of one's own."""

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QWidget

from cmxero_desktop.services.viewing.used_reasons import by_use
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.sheets.questions import reason_field
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import radio_button


def ask_to_reject(
    parent: QWidget, title: str, text: str, content: DeskContent | None, on_yes: Callable[[str], object]
) -> Sheet:
    """Offer the reasons; what is chosen stands in the line below, where it may be changed."""
    sheet = Sheet(title, text, parent)
    reasons = by_use(content.settings.reasons.reject, content.view.history) if content is not None else ()
    group = QButtonGroup(sheet)
    for position, reason in enumerate(reasons):
        choice = radio_button(reason)
        group.addButton(choice, position)
        sheet.body.addWidget(choice)
    if reasons:
        sheet.body.addWidget(label("Or in your own words; the list is changed in File, Settings, Reasons.", "muted"))
    sheet.add_button("Cancel", sheet.reject)
    accept = sheet.add_button("Reject", sheet.accept, "primary")
    accept.setDefault(True)
    line = reason_field(sheet, accept)

    def choose(position: int, is_chosen: bool) -> None:  # noqa: FBT001 - the signal says it so
        if is_chosen:
            line.setText(reasons[position])

    def say_otherwise(_: str) -> None:
        """Tick nothing while other words stand in the line."""
        group.setExclusive(False)
        for choice in group.buttons():
            choice.setChecked(False)
        group.setExclusive(True)

    group.idToggled.connect(choose)
    line.textEdited.connect(say_otherwise)
    sheet.accepted.connect(lambda: on_yes(line.text().strip()))
    sheet.open()
    line.setFocus()
    return sheet
