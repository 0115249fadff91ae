"""Ask once what payments to an account are that is no bank account; the answer goes into the settings (R3)."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QButtonGroup, QWidget

from cmxero_desktop.domain.accounts import AccountAnswer, AccountQuestion
from cmxero_desktop.domain.wording_accounts import account_asked
from cmxero_desktop.domain.words_of_rules import ANSWER_WORDS
from cmxero_desktop.services.verbs.commands.saying import SayAccount
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import Choice, allow, label, row
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import radio_button

_ANSWERS = tuple(AccountAnswer)
_INDENT = 24
_UNTIL = (
    "Nothing is written to Case Manager, and what is matched stays as it is, whatever you answer. You are asked once; "
    "the answer is kept in the settings. Until then, those that Case Manager lacks stand in Review and Unmatched, each "
    "with the flag “not a bank”, and are approved one by one, never together."
)
_USUAL_TYPES = ("Cash", "Cheque", "Credit Card", "EFT")


def ask_about_account(
    window: QWidget, desk: WindowDesk, question: AccountQuestion, said: Callable[[str], object]
) -> None:
    """Ask, and keep what is chosen; `said` gets the sentence about it."""

    def kept(answer: AccountAnswer, payment_type: str) -> None:
        command = SayAccount(account=question.account_id, answer=answer, by=desk.approver, payment_type=payment_type)
        desk.change(command, "Keeping it…", said)

    types = payment_types_of(desk.content.view) if desk.content is not None else _USUAL_TYPES
    AccountSheet(question, types, kept, window).open()


class AccountSheet(Sheet):
    """One account with its three answers; nothing is chosen beforehand, since a wrong answer moves money."""

    manual_chapter = "The settings file"

    def __init__(
        self,
        question: AccountQuestion,
        types: Sequence[str],
        on_yes: Callable[[AccountAnswer, str], object],
        parent: QWidget | None = None,
    ) -> None:
        """Show what is asked; the first of `types` is the usual one."""
        super().__init__(f"What is {question.title}?", account_asked(question), parent)
        self._group = QButtonGroup(self)
        self.payment_type = Choice("Payment type in Case Manager", types)
        self.payment_type.setEditable(True)
        for position, answer in enumerate(_ANSWERS):
            words = ANSWER_WORDS[answer]
            button = radio_button(words.short)
            button.setAccessibleDescription(as_said(words.meaning))
            self._group.addButton(button, position)
            beside = [self.payment_type, 1] if answer is AccountAnswer.TRUST else [1]
            self.body.addLayout(row(button, *beside))
            self.body.addLayout(row(label(words.meaning, "muted", is_wrapped=True), margins=(_INDENT, 0, 0, 6)))
        self.body.addWidget(self.explain(_UNTIL))
        self._lacking = label("", "muted")
        self.body.addWidget(self._lacking)
        self.add_button("Not now", self.reject)
        self._accept = self.add_button("Keep it", self.accept, "primary")
        self._group.idToggled.connect(self._look)
        self.payment_type.currentTextChanged.connect(self._look)
        self._look()
        self.accepted.connect(lambda: on_yes(_ANSWERS[self._group.checkedId()], self.payment_type.currentText()))

    def choose_answer(self, answer: AccountAnswer) -> None:
        """Choose an answer."""
        self._group.button(_ANSWERS.index(answer)).setChecked(True)

    def _look(self) -> None:
        chosen = self._group.checkedId()
        is_trusted = chosen >= 0 and _ANSWERS[chosen] is AccountAnswer.TRUST
        lacks_type = is_trusted and not self.payment_type.currentText().strip()
        lacking = "Choose first what it is." if chosen < 0 else "Name a payment type first." if lacks_type else ""
        allow(self._accept, lacking)
        self._lacking.setText(lacking)


def payment_types_of(view: DeskView) -> tuple[str, ...]:
    """Return the payment types that Case Manager uses, the firm's usual one first."""
    policy = view.state.comparison.policy
    rows = (row.placement.case for row in (*view.matched, *view.unmatched, *view.skipped))
    used = {case.payment_type for case in rows if case is not None and case.payment_type}
    usual = [policy.payment_type] if policy is not None else []
    return tuple(dict.fromkeys([*usual, *sorted(used), *_USUAL_TYPES]))
