"""The evidence pane: why a row stands where it stands, both sides of it, and what a person may decide."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cmxero_desktop.domain.choices import link_choices
from cmxero_desktop.domain.consequences import Consequence, consequences
from cmxero_desktop.domain.decisions import Action, Allowed, approval_of
from cmxero_desktop.domain.leaving import when_row_leaves, when_skipped_leaves, when_unmatched_leaves
from cmxero_desktop.domain.move_ids import is_circle
from cmxero_desktop.domain.next_steps import step_of_row, step_of_unmatched
from cmxero_desktop.domain.placements import Bucket, Reason
from cmxero_desktop.domain.proposals import DECLINED_STATES, OPEN_STATES, Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.refusals import Refused, Why
from cmxero_desktop.domain.tie_out import after_correction
from cmxero_desktop.domain.wording import paid
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.viewing.around import around_of
from cmxero_desktop.services.viewing.desk_view import DeskView, GroupPart, OtherInvoice, PaymentRow, ReviewRow
from cmxero_desktop.services.viewing.groups import group_words, parts_of
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.linking import balance_now, link_button_text, link_of
from cmxero_desktop.ui.desk.sayings import sayings_of_payment, sayings_of_review
from cmxero_desktop.ui.desk.two_persons import turn_words, two_persons
from cmxero_desktop.ui.evidence.body import EvidenceBody, plain_text_of, rich_label
from cmxero_desktop.ui.evidence.comparison import Subject
from cmxero_desktop.ui.evidence.effects_place import EffectsPlace
from cmxero_desktop.ui.evidence.text import effects_html, why_lines
from cmxero_desktop.ui.theme.colours import tones_of
from cmxero_desktop.ui.theme.formatting import count, day_or_blank, money, plural, sums
from cmxero_desktop.ui.theme.words import (
    FLAG_MEANING,
    KIND_NOUN,
    STATE_WORD,
    chip_words,
    half_yes,
    kind_sentence,
    place_of,
    state_badge,
)
from cmxero_desktop.ui.widgets.keyed_button import KeyedButton, KeyedButtons
from cmxero_desktop.ui.widgets.parts import GAP, SPACE, allow, label

_WIDE = 1000
_LOWEST = 90


class EvidencePane(QFrame):
    """Follows the row that the person stands on; never modal."""

    approve_asked = Signal(object)
    hold_asked = Signal(object)
    reject_asked = Signal(object)
    reopen_asked = Signal(object)
    link_asked = Signal(object)
    say_asked = Signal(object)
    number_asked = Signal(str)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Begin with nothing shown; what may be decided is asked for the instant `now`."""
        super().__init__(parent)
        self._now = now
        self.setProperty("role", "card")
        self.setAccessibleName("Evidence")
        self.setMinimumHeight(_LOWEST)
        self._stored: StoredProposal | None = None
        # How many rows beside the shown one are ticked: what acts on those is not what stands here.
        self.ticks_of: Callable[[], int] = int
        self.invoice_number = ""
        self._make_parts()
        self._lay_out()
        self.clear()

    @property
    def stored(self) -> StoredProposal | None:
        """The proposal that is shown, if the row has one."""
        return self._stored

    def first_button(self) -> QPushButton:
        """Return the first button that may be pressed, else the one that approves."""
        able = (one for one in self._deciding if one.isVisible() and one.isEnabled())
        return next(able, self.approve_button)

    def clear(self) -> None:
        """Show that no row is chosen."""
        self._stored, self.invoice_number = None, ""
        self._is_of_review = False
        self._title.setText("No row chosen")
        self.body.clear()
        self.effects.clear()
        self._flags.hide()
        self.ticked.hide()
        # An empty one would still show how far what stood there last could be scrolled.
        self._scroll.hide()
        self._buttons.setVisible(False)

    def show_review(self, shown: ReviewRow, content: DeskContent, *, is_deciding: bool = False) -> None:
        """Show a proposal with its buttons, which are closed while something is being decided of it."""
        stored = shown.stored
        proposal = stored.proposal
        self._show_subject(Subject.of_review(shown), stored, content, proposal.invoice_number)
        self.body.show_ledger(shown.result, proposal, link_of(shown, content.view.state.comparison.policy))
        badge = state_badge(stored.state)
        state = f", {badge.text.lower()}" if badge else f", {half}" if (half := half_yes(stored)) else ""
        self._title.setText(f"{kind_sentence(proposal)}{state}")
        self._flags.setText(f"Flags: {chip_words(proposal.flags)}")
        self._flags.setVisible(bool(proposal.flags))
        self.body.why.setText("\n".join(_reasons(shown, content, self._now())))
        self.body.show_ticks(proposal.evidence)
        self._show_effects(shown, content)
        self._show_buttons(stored, content)
        self._buttons.setEnabled(not is_deciding)
        self._offer_sayings(shown, is_any=bool(sayings_of_review(shown)))
        self.number_button.setVisible(not _IN_DOUBT.isdisjoint(proposal.flags))
        self._scroll.show()
        self._is_of_review = True
        self.say_what_is_ticked()

    def say_what_is_ticked(self) -> None:
        """Say which keys act on other rows than the buttons here do."""
        others = self.ticks_of() if self._is_of_review else 0
        rows, are, them = ("row", "is", "it") if others == 1 else ("rows", "are", "them")
        self.ticked.setText(
            f"{count(others)} other {rows} {are} ticked: Ctrl+Enter and Ctrl+Shift+H act on {them}, "
            "the buttons here on this row."
        )
        self.ticked.setVisible(others > 0 and self._buttons.isVisibleTo(self))

    def show_payment(self, shown: PaymentRow, content: DeskContent) -> None:
        """Show a row of Matched, Unmatched or Skipped; all that is decided there is to put back what was declined."""
        self._is_of_review = False
        self.ticked.hide()
        placement = shown.placement
        self._show_subject(
            Subject.of_payment(shown, _places(shown, content.view)), shown.proposal, content, placement.invoice_number
        )
        place = placement.bucket.capitalize()
        self._title.setText(
            f"{place} - {placement.invoice_number} - {money(shown.amount)} on {day_or_blank(shown.paid_on)}"
        )
        self.body.why.setText("\n".join([*_reason(shown), *_group(shown, content.view)]))
        self.body.show_ticks(placement.evidence)
        self._show_answers(_standing(shown, content))
        self._flags.hide()
        self._buttons.setEnabled(True)
        stored = shown.proposal
        is_declined = stored is not None and stored.state in DECLINED_STATES
        if stored is not None and is_declined:
            self._title.setText(f"{self._title.text()}, {STATE_WORD[stored.state].lower()}")
            self._show_buttons(stored, content)
            for other in self._deciding:
                other.hide()
        else:
            for closed in (*self._deciding, self.reopen_button):
                closed.hide()
        self._offer_sayings(shown, is_any=bool(sayings_of_payment(shown)))
        self.number_button.setVisible(placement.reason is Reason.NO_INVOICE)
        self._scroll.show()
        self._buttons.setVisible(True)

    def _offer_sayings(self, shown: ReviewRow | PaymentRow, *, is_any: bool) -> None:
        """Offer to say what a row is that the rules leave; nothing is written by it."""
        self.body.show_row(shown)
        self.say_button.setVisible(is_any)

    def copy(self) -> None:
        """Put all that is shown on the clipboard, as text."""
        QGuiApplication.clipboard().setText(self.as_text())

    def as_text(self) -> str:
        """Return all that is shown, as text."""
        parts = (self._title.text(), plain_text_of(self.effects), self.body.as_text())
        return "\n\n".join(part for part in parts if part)

    def set_upright(self, *, is_upright: bool) -> None:
        """Stack the parts, for a pane at the right of the table."""
        self._is_upright = is_upright
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the parts where there is no room beside each other."""
        super().resizeEvent(event)
        self._arrange()

    def _make_parts(self) -> None:
        self._is_upright = False
        self._is_of_review = False
        self.ticked = label("", "caution", is_wrapped=True)
        self._title = label("", "title", is_wrapped=True, size=1.1)
        self._flags = label("", "caution", is_wrapped=True)
        self.effects = rich_label()
        self.effects.setAccessibleName("What follows from each answer")
        self.body = EvidenceBody()
        self.body.copy_asked.connect(self.copy)
        self.link_button = KeyedButton(link_button_text(None), "Ctrl+L", lambda: self.link_asked.emit(self._stored))
        self.approve_button = KeyedButton("&Approve…", "Ctrl+D", lambda: self.approve_asked.emit(self._stored))
        self.hold_button = KeyedButton("H&old…", "Ctrl+H", lambda: self.hold_asked.emit(self._stored))
        self.reject_button = KeyedButton("&Reject…", "Ctrl+R", lambda: self.reject_asked.emit(self._stored))
        self.reopen_button = KeyedButton("Put &back", "Ctrl+B", lambda: self.reopen_asked.emit(self._stored))
        self.say_button = KeyedButton(
            "&Say what it is…",
            "Ctrl+Y",
            lambda: self.say_asked.emit(self.body.row),
            tip="Say what you know of it; nothing is written to Case Manager",
        )
        self.number_button = KeyedButton(
            "&Which invoice…",
            "Ctrl+Shift+I",
            lambda: self.number_asked.emit(self.invoice_number),
            tip="Say which invoice of Case Manager this is; nothing is written there",
        )
        self._deciding = (self.link_button, self.approve_button, self.hold_button, self.reject_button)

    def _lay_out(self) -> None:
        others = (self.reopen_button, self.say_button, self.number_button, self.body.note_button)
        self._buttons = KeyedButtons((*self._deciding, *others))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.body)
        self._scroll.viewport().setAutoFillBackground(False)
        self.body.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, GAP, 1, 1)
        layout.setSpacing(GAP)
        top = QVBoxLayout()
        top.setContentsMargins(SPACE, 0, SPACE, 0)
        for part in (self._title, self._flags, self.effects, self.ticked, self._buttons):
            top.addWidget(part)
        layout.addLayout(top)
        self._effects_place = EffectsPlace(self, top, self.effects, self.body.lines)
        layout.addWidget(self._scroll, 1)
        layout.addStretch(0)

    def _arrange(self) -> None:
        self.body.set_narrow(is_narrow=self._is_upright or self.width() < _WIDE)

    def _show_subject(self, subject: Subject, stored: StoredProposal | None, content: DeskContent, number: str) -> None:
        self._stored, self.invoice_number = stored, number
        self.body.show_subject(_as_marked(subject, content.view), stored, content.view, number)
        self._scroll.verticalScrollBar().setValue(0)

    def _show_effects(self, shown: ReviewRow, content: DeskContent) -> None:
        """Say what follows from each answer that may still be given."""
        proposal, policy = shown.stored.proposal, content.view.state.comparison.policy
        effect = link_of(shown, policy)
        close, xero = effect.payment if effect else None, shown.result.snapshot.xero_invoice if shown.result else None
        due = xero.due if xero is not None else None
        found = consequences(proposal, balance_now(shown), policy, close, due) if policy is not None else ()
        stored = shown.stored
        self.link_button.setText(link_button_text(effect, proposal.kind, len(link_choices(proposal, policy))))
        before = (*two_persons(stored, content), *_on_hold(stored))
        answers = (*before, *found, *_release(stored, content), *_leaves(shown, content))
        self._show_answers(answers if stored.state in OPEN_STATES else ())

    def _show_answers(self, answers: Iterable[Consequence]) -> None:
        said = effects_html(answers, tones_of(self.palette()))
        self.effects.setText(said)
        self.effects.setVisible(bool(said))

    def _show_buttons(self, stored: StoredProposal, content: DeskContent) -> None:
        """Show what may be done with the row; what is closed only for now stays, and says why in its tool tip."""
        proposal, now = stored.proposal, self._now()

        act = [shown.stored for shown in content.act_of(stored)] or [stored]
        approval = max((approval_of(half) for half in act), key=lambda action: action is Action.RELEASE)

        def offer(place: QPushButton, action: Action, tip: str) -> None:
            answer = content.may(action, act if action is approval else [stored], now).whole
            closed = answer.each if isinstance(answer, Refused) else ()
            place.setVisible(not closed or any(one.why in _SHOWN_CLOSED for one in closed))
            allow(place, str(answer) if closed else "", tip)

        is_near = bool(proposal.near_here) and proposal.kind is ProposalKind.ADD
        what = "move" if len(act) > 1 else KIND_NOUN[proposal.kind]
        word = f"&Approve {what}{' anyway' if is_near and len(act) == 1 else ''}{turn_words(act, content)}"
        approve = content.may(approval, act, now).whole
        is_plain = len(act) == 1 and isinstance(approve, Allowed) and not approve.needs
        self.approve_button.setText(word if is_plain else f"{word}…")
        offer(self.approve_button, approval, "Approve exactly what is shown here (Ctrl+D)")
        offer(self.hold_button, Action.HOLD, "Keep it out of the way for a while (Ctrl+H)")
        offer(self.reject_button, Action.REJECT, "It does not come back unless the facts change (Ctrl+R)")
        offer(self.reopen_button, Action.PUT_BACK, "It waits in Review again; an approval is taken back (Ctrl+B)")
        offer(self.link_button, Action.LINK, _SAME)
        _offer_what_is_fixed(self.link_button, stored, content, now)
        self._buttons.setVisible(True)


# Elsewhere the button would only be noise: the title names the state of the row, and that says all there is to say.
_SAME = "Say which payment in Case Manager is the same money (Ctrl+L)"
_LEAVES = "Leaves this list"
_TO_DO = "What to do"
_TIE_OUT = "Tie-out"
_MODE_FIRST = "First go to approving (File, Mode, or the mode in the head): nothing can be approved now. Then:"
_TOTALS_FIRST = "Answer first what the band above the pages asks about the totals: it may be about this one too."
_MOST_PARTS = 8
_BOUND = frozenset({Why.BOTH_HALVES, Why.HALF_GONE, Why.ALL_PARTS, Why.PART_GONE, Why.DEPENDS})
_IN_DOUBT = frozenset({Flag.RENUMBERED, Flag.NUMBER_SHARED})
_SHOWN_CLOSED = frozenset({Why.OBSERVE, Why.NO_RIGHT, Why.LOCKED, Why.OWN_YES}) | _BOUND


def _offer_what_is_fixed(place: QPushButton, stored: StoredProposal, content: DeskContent, now: datetime) -> None:
    """Offer to accept as it stands what cannot take other values; where nothing can be chosen there is no button."""
    choices = link_choices(stored.proposal, content.view.state.comparison.policy)
    if not choices:
        place.hide()
    elif all(one.is_fixed for one in choices) and any(one.is_open for one in choices):
        answer = content.may(Action.EXPLAIN, [stored], now).whole
        allow(place, str(answer) if isinstance(answer, Refused) else "", _SAME)


def _on_hold(stored: StoredProposal) -> tuple[Consequence, ...]:
    """Say by whom a row is on hold, or was until its day, until when and why."""
    said, ended = stored.decision, stored.hold_ended
    if ended is not None:
        why = f": {ended.reason}" if ended.reason else "."
        return (Consequence("Was on hold", f"until {day_or_blank(ended.until)}, by {ended.by}{why}"),)
    if stored.state is not ProposalState.HELD or said is None:
        return ()
    until = f"until {day_or_blank(said.until)}" if said.until is not None else "until somebody puts it back"
    return (Consequence("On hold", f"{until}, by {said.by}{f': {said.reason}' if said.reason else '.'}"),)


def _release(stored: StoredProposal, content: DeskContent) -> tuple[Consequence, ...]:
    """Say which button releases what a removal limit holds: this row alone, or all of them together (R27)."""
    proposal = stored.proposal
    if approval_of(stored) is not Action.RELEASE or proposal.blocking_flags != {Flag.OVER_LIMIT}:
        return ()
    alike = [row.stored for row in content.to_approve if row.stored.proposal.kind is proposal.kind]
    held = [one for one in alike if approval_of(one) is Action.RELEASE and not one.proposal.move_id]
    what = "move" if proposal.move_id else f"{KIND_NOUN[proposal.kind]} alone"
    said = f"Approve {what.removesuffix(' alone')}… opens the release of this {what}, and asks for a reason."
    several = f" To release all {count(len(held))} in one act, tick them: Release appears below the list."
    return (Consequence("Held by the limit", said + (several if len(held) > 1 and stored in held else "")),)


def _is_journalled_locked(content: DeskContent) -> bool:
    policy = content.view.state.comparison.policy
    return policy is None or policy.is_journalled_locked


def _leaves(shown: ReviewRow, content: DeskContent) -> tuple[Consequence, ...]:
    """Say of a row of Review what to do while it waits for a yes, and when it leaves (R0)."""
    stored, proposal = shown.stored, shown.stored.proposal
    is_locked, around = (
        _is_journalled_locked(content),
        around_of((*proposal.near, *proposal.accepted_as), shown.elsewhere, content.view),
    )
    said = when_row_leaves(proposal, stored.state, stored.held_until, is_journalled_locked=is_locked)
    waits = stored.state in {ProposalState.PROPOSED, ProposalState.FAILED}
    to_do = step_of_row(proposal, is_journalled_locked=is_locked, around=around)
    if Flag.BALANCE_DIFFERS in proposal.flags and any(a.kind is AlertKind.TOTALS for a in content.view.alerts):
        to_do = f"{_TOTALS_FIRST} {to_do}"
    if not content.may_write:
        to_do = f"{_MODE_FIRST} {to_do}"
    step = (Consequence(_TO_DO, to_do),) if waits else ()
    return (*step, Consequence(_LEAVES, said)) if said else step


def _standing(shown: PaymentRow, content: DeskContent) -> list[Consequence]:
    """Say of a row that is skipped or unmatched what to do about it, and when it leaves (R0)."""
    placement, stored = shown.placement, shown.proposal
    step, leaves = placement.next_step, when_skipped_leaves(placement)
    if placement.bucket is Bucket.UNMATCHED:
        proposal, state = (stored.proposal, stored.state) if stored is not None else (None, None)
        is_locked, said = _is_journalled_locked(content), shown.explained_as
        spoken = (*((placement.case,) if placement.case else ()), *(proposal.near if proposal else ()))
        around = around_of(spoken, _places(shown, content.view), content.view)
        step = step_of_unmatched(placement, proposal, state, said, is_journalled_locked=is_locked, around=around)
        leaves = when_unmatched_leaves(placement, proposal, state, is_journalled_locked=is_locked)
    held = _on_hold(stored) if placement.bucket is Bucket.UNMATCHED and stored is not None else ()
    told = ((_TO_DO, step), (_LEAVES, leaves), (_TIE_OUT, after_correction(placement)))
    return [*held, *(Consequence(heading, said) for heading, said in told if said)]


def _places(shown: PaymentRow, view: DeskView) -> tuple[OtherInvoice, ...]:
    """Return the other invoices on which stands what is near the row's payment, as its row of Review knows them."""
    stored = shown.proposal
    rows = (*view.review, *view.rejected) if stored is not None else ()
    return next((row.elsewhere for row in rows if row.stored is stored), ())


def _reason(shown: PaymentRow) -> list[str]:
    """Say why a row stands where it stands; what is proposed of it says each figure once, as in Review."""
    said, stored = shown.placement.explanation, shown.proposal
    return why_lines(stored.proposal) if stored is not None and stored.proposal.explanation == said else [said]


def _group(shown: PaymentRow, view: DeskView) -> list[str]:
    """Name the lines of the multi-invoice payment that the row is one part of; others may stand on other invoices."""
    copy = shown.placement.case
    if copy is None or not copy.is_multi_invoice or not copy.group:
        return []
    parts = parts_of(shown, view)
    if not parts:
        return [f"Its other parts in group {copy.group} stand on invoices that are not known here: see Case Manager."]
    own = GroupPart(shown.placement.invoice_number, copy.amount, shown.placement.bucket)
    named = group_words((own, *parts), _MOST_PARTS, are_placed=True)
    return [f"Group {copy.group}, as far as its invoices are known here: {named}."]


def _reasons(shown: ReviewRow, content: DeskContent, now: datetime) -> list[str]:
    """Say why a row waits in Review, and with which others."""
    proposal = shown.stored.proposal
    meant = (*why_lines(proposal), *_elsewhere(shown), *_meanings(proposal))
    return [*meant, *_company(shown.stored, content, now)]


def _as_marked(subject: Subject, view: DeskView) -> Subject:
    """Let it be told by the firm's own mark which payment is a copy, and which was typed by hand."""
    policy = view.state.comparison.policy
    return replace(subject, imported_text=policy.imported_text if policy is not None else "")


def _elsewhere(shown: ReviewRow) -> list[str]:
    """Name the invoice of each payment that the reason speaks of and that stands on another one."""
    proposal = shown.stored.proposal
    away = [payment for payment in proposal.near if payment not in proposal.near_here]
    return [f"{paid(payment)} stands on {place_of(shown, payment)}." for payment in away if shown.elsewhere]


def _company(stored: StoredProposal, content: DeskContent, now: datetime) -> list[str]:
    """Say with which other rows this one is approved: the other half of its move, its deleted batch, what is first."""
    rest = content.view.company.rest_of(stored.proposal)
    batch = [row.stored.proposal for row in content.batch_of(stored)]
    said = []
    if is_circle(stored.proposal.move_id):
        others = "; ".join(kind_sentence(other) for other in rest)
        said.append(f"It is one part of a move in which several payments change places. With it go: {others}.")
    elif rest:
        said.append(f"It is one half of a move. The other half: {kind_sentence(rest[0])}. Both are approved together.")
    if len(batch) > 1:
        total = f"{plural(len(batch), 'removal')}, {sums(p.amount for p in batch)} in all"
        said.append(f"Xero deleted it with a batch: {total}. Tick them all to approve them together.")
    answer = content.may(approval_of(stored), [stored], now).whole
    if isinstance(answer, Refused) and answer.why in {Why.DEPENDS, Why.HALF_GONE, Why.PART_GONE}:
        said.append(str(answer))
    return said


def _meanings(proposal: Proposal) -> list[str]:
    """Return what the flags mean that the row's own sentence, with its figures, does not speak of."""
    told = {remark.flag for remark in proposal.remarks}
    return [meaning for flag, meaning in FLAG_MEANING.items() if flag in proposal.flags - told]
