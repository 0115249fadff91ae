"""The sheet before taking back: each change with its invoice and amounts, what it becomes, and why some cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.wording import NOT_RESTORED
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.ui.sheets.questions import reason_field
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import plural, signed_sums
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.theme.words import kind_badge, kind_sentence, values
from cmxero_desktop.ui.widgets.column import Column, briefer
from cmxero_desktop.ui.widgets.parts import allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_LIST_HEIGHT = 200
_NOT_IF_LOW, _IF_LOW = ("bill_to",), {"balance": "Balance in CM"}
_ANOTHER = "By your firm's rule two persons undo it: yours is the first wish, and nothing is written before another's. "
_CAN = Badge("can", Tone.GOOD, Shape.TICK, is_filled=False)
_CANNOT = Badge("cannot", Tone.DANGER, Shape.CROSS, is_filled=False)


@dataclass(frozen=True, slots=True)
class Balance:
    """What an invoice owes in Case Manager, and what it owes once all that the sheet takes back of it is gone."""

    now: Money
    then: Money

    def __str__(self) -> str:
        """Say it in the room of a column."""
        return f"{self.now}, then {self.then}" if self.now != self.then else f"stays {self.now}"


@dataclass(frozen=True, slots=True)
class UndoLine:
    """A change that was applied, when and by whom, and why it cannot be taken back; empty where it can."""

    stored: StoredProposal
    why_not: str = ""
    written: str = ""
    balance: Balance | None = None

    @property
    def payer(self) -> str:
        """Who paid, as Xero has it."""
        xero = self.stored.proposal.xero or self.stored.proposal.replaced
        return xero.contact_name if xero is not None else ""


class UndoSheet(Sheet):
    """Asks for the reason; what cannot be taken back stays out of it and says why."""

    manual_chapter = "Taking something back"
    is_explained = True

    undo_asked = Signal(object, str)

    def __init__(
        self, lines: Sequence[UndoLine], parent: QWidget | None = None, *, needs_another: bool = False
    ) -> None:
        """Show the changes; where it `needs_another` person, this one's wish is kept until then."""
        self.ids = tuple(line.stored.proposal_id for line in lines if not line.why_not)
        proposals = [line.stored.proposal for line in lines if not line.why_not]
        super().__init__(_title(lines), f"{_ANOTHER if needs_another else ''}{_sentence(proposals)}", parent)
        self.keep_in_sight(f"{_ANOTHER if needs_another else ''}{_renewed(proposals)}".strip())
        columns = briefer(_columns(lines), without=_NOT_IF_LOW, titles=_IF_LOW) if self.is_low else _columns(lines)
        model: RowsModel[UndoLine] = RowsModel(columns, lambda line: line.stored.proposal_id, _spoken, self)
        self.table: DeskTable[UndoLine] = DeskTable(model, "Changes to undo", "What each becomes, and what cannot be")
        model.set_rows(lines)
        self.table.in_sight.wish(_LIST_HEIGHT)
        effect = signed_sums(-p.effect for p in proposals)
        self.effect = label(f"In Case Manager: paid {effect}" if proposals else "", "title")
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.effect)
        self.add_button("Cancel", self.reject)
        verb = "Ask to undo" if needs_another else "Undo"
        self.undo = self.add_button(f"{verb} {plural(len(self.ids), 'change')}", self.accept, "primary")
        self.undo.setDefault(True)
        if self.ids:
            reason = reason_field(self, self.undo)
            self.accepted.connect(lambda: self.undo_asked.emit(self.ids, reason.text().strip()))
            reason.setFocus()
        else:
            allow(self.undo, lines[0].why_not if lines else "Nothing is chosen.")
        self.setMinimumWidth(960)


def _title(lines: Sequence[UndoLine]) -> str:
    """Name what is taken back: the one change, or how many, and when they were written where that is one instant."""
    one = f"Undo {plural(len(lines), 'change')}"
    if len(lines) == 1:
        proposal = lines[0].stored.proposal
        one = f"Undo: {proposal.invoice_number}, {kind_badge(proposal.kind).text} {proposal.amount}"
    written = {line.written for line in lines}
    return f"{one}, written {written.pop()}" if len(written) == 1 and all(written) else one


def _sentence(proposals: Sequence[Proposal]) -> str:
    text = (
        f"{plural(len(proposals), 'change')} would be taken back in Case Manager. Nothing is changed in Xero: its "
        "payments stay, unmatched. It is proposed again by itself when its payments change on either side, or at once "
        "when you select it in History or Unmatched and press Put back to Review (Ctrl+B)."
    )
    return f"{text} {_renewed(proposals)}".strip()


def _renewed(proposals: Sequence[Proposal]) -> str:
    """Say what is not as it was: no mere explanation."""
    if not any(proposal.kind is ProposalKind.REMOVE for proposal in proposals):
        return ""
    return f"A removed payment comes back as a new payment with a new number. {NOT_RESTORED}"


def becomes(proposal: Proposal) -> str:
    """Say what Case Manager has once the change is taken back."""
    if proposal.kind is ProposalKind.REMOVE:
        return f"{values(proposal.before)}, with a new number"
    if proposal.kind is ProposalKind.LINK:
        return "the same, its link taken out"
    return values(proposal.before) or ("deleted" if proposal.after is not None else "both sides apart again")


def _columns(lines: Sequence[UndoLine]) -> tuple[Column[UndoLine], ...]:
    """Return the columns; why a change cannot be taken back stands only where one cannot."""
    because = _because() if any(line.why_not for line in lines) else ()
    return (
        Column(
            key="can",
            title="Undo",
            text=lambda line: "cannot" if line.why_not else "can",
            badges=lambda line: (_CANNOT if line.why_not else _CAN,),
            width=11,
        ),
        Column(
            key="change",
            title="Was",
            text=lambda line: kind_badge(line.stored.proposal.kind).text,
            badges=lambda line: (kind_badge(line.stored.proposal.kind),),
            width=11,
        ),
        Column(key="invoice", title="Invoice", text=lambda line: line.stored.proposal.invoice_number, width=13),
        Column(key="bill_to", title="Bill To", text=lambda line: line.payer, width=18),
        Column(key="now", title="Now", text=lambda line: values(line.stored.proposal.after) or "deleted", width=27),
        Column(
            key="becomes",
            title="Becomes",
            text=lambda line: becomes(line.stored.proposal),
            width=27,
            is_stretched=not because,
        ),
        Column(
            key="balance",
            title="Balance in Case Manager",
            text=lambda line: str(line.balance or ""),
            tooltip=lambda _: "What the invoice owes now, and once all that is undone here is gone",
            width=25,
        ),
        *because,
    )


def _because() -> tuple[Column[UndoLine], ...]:
    return (
        Column(
            key="because",
            title="Cannot, because",
            text=lambda line: line.why_not,
            tooltip=lambda line: line.why_not,
            width=24,
            is_stretched=True,
        ),
    )


def _spoken(line: UndoLine) -> str:
    can = f"Cannot be undone: {line.why_not}" if line.why_not else "Can be undone."
    payer = f", {line.payer}" if line.payer else ""
    written = f" Written {line.written}." if line.written else ""
    written += f" Balance in Case Manager: {line.balance}." if line.balance is not None else ""
    return f"{kind_sentence(line.stored.proposal)}{payer}.{written} {can}"
