"""From the wish to call two payments the same money to the choice, its question, and the way back from it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.choices import LinkChoice, link_choices
from cmxero_desktop.domain.consequences import LinkEffect
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.verbs.commands.saying import ChooseLink, Explain, TakeBackLink
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.desk.linking import effect_of, link_question, said_of_link
from cmxero_desktop.ui.desk.way_back import WayBack
from cmxero_desktop.ui.sheets.link_sheet import LinkSheet
from cmxero_desktop.ui.sheets.questions import ask_reason, ask_yes
from cmxero_desktop.ui.theme.formatting import day

_LATER = "Later: reject the change (Ctrl+R); the next check proposes the addition again."


class LinkingFlow:
    """Asks which payment is meant and what it becomes; nothing is written by it."""

    def __init__(
        self,
        desk: WindowDesk,
        window: QWidget,
        named: Callable[[Callable[[], object]], object],
        *,
        deciding: Callable[[object, str], object],
        decided: Callable[[object], object],
        say: Callable[[str], object],
        tell_done: Callable[[str, WayBack | None], object],
    ) -> None:
        """Keep where to ask and whom to tell; `named` goes on once the person's name is known."""
        self._desk = desk
        self._window = window
        self._named = named
        self._deciding = deciding
        self._decided = decided
        self._say = say
        self._tell_done = tell_done

    def link(self, stored: StoredProposal) -> None:
        """Say which unmatched payment of its invoice a row's money is; where there are several, ask which (R23)."""
        content = self._desk.content
        rows = content.view.review if content is not None else ()
        row = next((row for row in rows if row.row_id == stored.proposal_id), None)
        if row is None or content is None:
            return
        policy = content.view.state.comparison.policy
        choices = link_choices(stored.proposal, policy)
        if len(choices) == 1 and stored.proposal.kind is ProposalKind.ADD:
            self._named(lambda: self._ask_link(row, choices[0], policy))
        elif choices:
            self._named(lambda: self._choose_link(row, choices, policy))

    def _choose_link(self, row: ReviewRow, choices: Sequence[LinkChoice], policy: Policy | None) -> None:
        sheet = LinkSheet(row, choices, policy, self._window)

        def chosen(choice: LinkChoice) -> None:
            effect = effect_of(row, policy, choice)
            if effect is None:
                self._ask_to_accept(row, choice)
            else:
                self._link(row, choice, effect)

        sheet.chosen.connect(chosen)
        sheet.open()
        sheet.table.setFocus()

    def _ask_link(self, row: ReviewRow, choice: LinkChoice, policy: Policy | None) -> None:
        effect = effect_of(row, policy, choice)
        if effect is None:
            self._ask_to_accept(row, choice)
            return
        title, text, word = link_question(effect, row.stored.proposal.invoice_number)
        # A yes to an amount that moves is never one key away.
        ask_yes(
            self._window,
            title,
            text,
            word,
            lambda: self._link(row, choice, effect),
            is_safe=not effect.moves_amount,
        )

    def _link(self, row: ReviewRow, choice: LinkChoice, effect: LinkEffect) -> None:
        number = row.stored.proposal.invoice_number

        def show(change: str) -> None:
            self._decided((row.row_id,))
            back = WayBack("Take back", _LATER, partial(self._take_back_link, change))
            self._tell_done(said_of_link(effect, number), back)

        command = ChooseLink(
            proposal_id=row.stored.proposal_id,
            case_payment_id=choice.payment.payment_id,
            by=self._desk.approver,
            xero_payment_id=choice.xero.payment_id,
        )
        self._deciding((row.row_id,), "Linking…")
        self._desk.change(command, "Linking…", show)

    def _take_back_link(self, change: str) -> None:
        command = TakeBackLink(proposal_id=change, by=self._desk.approver)
        self._desk.change(command, "Taking it back…", self._say)

    def _ask_to_accept(self, row: ReviewRow, choice: LinkChoice) -> None:
        """Ask why a payment that cannot be changed is the same money; both are remembered so, nothing is written."""
        copy = choice.payment
        title = f"The same money? {row.stored.proposal.invoice_number}, {copy.amount} of {day(copy.paid_on)}"
        text = "It cannot be changed in Case Manager: it stays as it stands, and both count as matched."

        def accepted(reason: str) -> None:
            same = (choice.xero.payment_id,)
            command = Explain(case_payment_id=copy.payment_id, by=self._desk.approver, reason=reason, same=same)
            self._desk.change(command, "Keeping it…", self._say)

        ask_reason(self._window, title, text, "Accept as the same", accepted)
