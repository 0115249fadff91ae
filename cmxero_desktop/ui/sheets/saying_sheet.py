"""Ask what a row is that the rules leave; what is said is kept, and nothing is written to Case Manager."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from cmxero_desktop.services.viewing.desk_view import PaymentRow, ReviewRow
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.desk.sayings import SayingChoice, sayings_of_payment, sayings_of_review, subject_of
from cmxero_desktop.ui.sheets.questions import ask_choice

_TEXT = "Nothing is written to Case Manager. What you say holds until the payment's amount or date changes."


def ask_what_it_is(
    window: QWidget, desk: WindowDesk, row: ReviewRow | PaymentRow, said: Callable[[str], object]
) -> None:
    """Offer what can be said of the row, and keep what is chosen; `said` gets the sentence about it."""
    choices = sayings_of_review(row) if isinstance(row, ReviewRow) else sayings_of_payment(row)
    ask_which(window, desk, choices, subject_of(row), said)


def ask_which(
    window: QWidget, desk: WindowDesk, choices: Sequence[SayingChoice], about: str, said: Callable[[str], object]
) -> None:
    """Ask which of these is true of what it is `about`, and why, and keep it; `said` gets the sentence about it."""

    def kept(position: int, reason: str) -> None:
        desk.change(choices[position].keep(desk.approver, reason), "Keeping it…", said)

    ask_choice(window, "What is it?", f"{about}\n{_TEXT}", [choice.words for choice in choices], kept)
