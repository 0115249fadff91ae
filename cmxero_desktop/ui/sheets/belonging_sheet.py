"""Say that the settings lead elsewhere than to what the records belong to, and take a person's word for a move."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.verbs.commands.connecting import AdoptDatabase, ConfirmStore
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.sheets.questions import ask_reason, show_trouble
from cmxero_desktop.ui.widgets.sheet import Sheet

_OTHER = "The settings lead elsewhere"
_MOVED = "Is this the right database?"
_CARE = (
    "If Case Manager was moved there, or its old invoices were cleared out, say why you know. From then on everything "
    "is read and written there, and the old place is refused. If it is a copy, cancel and put the old address back "
    "into the settings: what is written to a copy is missing in the real one."
)


def show_other_books(parent: QWidget, desk: WindowDesk, alert: Alert, say: Callable[[str], object]) -> Sheet:
    """Name both and say what to do; where Case Manager may have been moved, ask for the word and the reason."""
    if alert.kind is not AlertKind.DATABASE_MOVED:
        return show_trouble(parent, Trouble(_OTHER, alert.explanation, alert.next_step))

    def said(sentence: str) -> None:
        say(sentence)
        desk.check()

    def adopt(reason: str) -> None:
        desk.change(AdoptDatabase(by=desk.approver, reason=reason), "Adopting the database…", said)

    text = f"{alert.explanation}\n\n{_CARE}"
    return ask_reason(parent, _MOVED, text, "Adopt this database", adopt)


def ask_to_confirm_store(parent: QWidget, desk: WindowDesk, alert: Alert, say: Callable[[str], object]) -> Sheet:
    """Say what is in doubt about our own store, and take a person's word that it is the one to go on with."""

    def confirm(reason: str) -> None:
        desk.change(ConfirmStore(by=desk.approver, reason=reason), "Confirming the store…", say)

    text = f"{alert.explanation}\n\n{alert.next_step}"
    return ask_reason(parent, "Go on with this store?", text, "Go on with it", confirm)
