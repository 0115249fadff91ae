"""History: every event of the audit trail, Undo for what was applied, and Put back for what was declined."""

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.decisions import Action, Allowed
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.domain.sor.knowing import PROGRAM
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.plan_codes import plan_codes
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.history.columns import (
    change_of,
    history_columns,
    history_sentence,
    is_later,
    is_of_batch,
    undone_since,
)
from cmxero_desktop.ui.theme.formatting import since
from cmxero_desktop.ui.theme.words import KIND_WORD, what
from cmxero_desktop.ui.theme.zones import zone_note
from cmxero_desktop.ui.widgets.arranged import Arranged
from cmxero_desktop.ui.widgets.filter_boxes import FilterBoxes
from cmxero_desktop.ui.widgets.parts import Choice, allow, button, label, row
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout
from cmxero_desktop.ui.widgets.table_view import DeskTable

_ANYBODY, _ALL = "Anybody", "All"
_EVERYTHING = "Everything"
_DECISIONS = "Decisions and changes"
_APPLIED = "Applied"
_WISHES = "Asked to undo"
# From which entries a change is undone: where it was written, and where somebody asked to.
_UNDONE_FROM = frozenset({AuditWhat.APPLIED, AuditWhat.UNDO_ASKED})
# What only tells of the world: nobody decided it, and nothing was changed by it.
_NOTED = frozenset(
    {
        AuditWhat.SUPERSEDED,
        AuditWhat.ALERT,
        AuditWhat.SKIPPED_RUN,
        AuditWhat.SOR,
        AuditWhat.TOTALS_REOPENED,
        AuditWhat.FOLLOW_UP_ENDED,
        AuditWhat.RESTORED,
    }
)


class HistoryPage(QWidget):
    """The audit trail as a table, newest first."""

    manual_chapter = "Taking something back"

    undo_asked = Signal(object)
    put_back_asked = Signal(object)
    withdraw_asked = Signal(object)
    verify_asked = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Build the page; what may be decided is asked for the instant `now`."""
        super().__init__(parent)
        self._now = now
        # What was undone stays so: whichever thread adds to it, nobody is told what is not true.
        self._undone: frozenset[int] = frozenset()
        self._codes: Mapping[str, str] = {}
        self.model: RowsModel[AuditEntry] = RowsModel(
            history_columns(self._is_undone, self._code_of),
            lambda entry: str(entry.sequence),
            history_sentence,
            self,
            facet_of=lambda entry: (entry.event.what, self._is_undone(entry), entry.event.by, change_of(entry)),
        )
        self.table: DeskTable[AuditEntry] = DeskTable(self.model, "History", "Who did what, when and why")
        self.body: TableOrEmpty[AuditEntry] = TableOrEmpty(self.table)
        self.body.say_when_empty(
            EmptyText("Nothing has happened yet", "Every decision and change is listed here; Health lists the checks.")
        )
        self.kind_box = Choice("Which events", [_EVERYTHING, _DECISIONS, _APPLIED, _WISHES])
        self.who_box = Choice("Who", [_ANYBODY])
        self.change_box = Choice("Change", [_ALL, *KIND_WORD.values()])
        self.boxes = FilterBoxes({"events": self.kind_box, "who": self.who_box, "change": self.change_box})
        for box in (self.kind_box, self.who_box, self.change_box):
            box.currentIndexChanged.connect(self._filter)
        self.body.filters_cleared.connect(self.clear_filters)
        self.undo_button = button("&Undo selected…", self._ask_undo)
        self.put_back_button = button("Put &back to Review", self._ask_put_back)
        tip = "Let nobody ask any more to undo it; it stands as it was written"
        self.withdraw_button = button("&Withdraw the wish", self._ask_withdraw, tip=tip)
        self.status = label(role="muted", is_wrapped=True)
        layout = page_layout(self)
        verify = button(
            "Verif&y log", self.verify_asked.emit, tip="Check the chain of the audit trail and the control totals"
        )
        layout.addLayout(
            row(
                label("Show", "muted"),
                self.kind_box,
                label("Who", "muted"),
                self.who_box,
                label("Change", "muted"),
                self.change_box,
                1,
                verify,
            )
        )
        self.zone = label(role="muted", is_wrapped=True)
        layout.addWidget(self.zone)
        layout.addWidget(self.body, 1)
        foot = row(self.status, self.withdraw_button, self.put_back_button, self.undo_button)
        # Else the sentence would be wrapped to a few words a line, whatever room there is.
        foot.setStretch(0, 1)
        layout.addLayout(foot)
        self._content: DeskContent | None = None
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_decisions())
        self.table.current_changed.connect(self._show_decisions)
        self._show_decisions()

    def arranged(self, view: DeskView) -> Arranged[AuditEntry]:
        """Return the events of a view, newest first; any thread may ask."""
        self._undone, self._codes = undone_since(view.history), plan_codes(view.history)
        return self.model.arranged(sorted(view.history, key=lambda entry: -entry.sequence), by=self._undone)

    def show_content(self, content: DeskContent, entries: Arranged[AuditEntry]) -> None:
        """Show the events of new content."""
        self._content = content
        self._name_people(content)
        self.zone.setText(zone_note(content.view.state.organisation.time_zone, self._now()))
        self.zone.setVisible(bool(self.zone.text()))
        self.model.set_rows(entries)
        self._show_decisions()

    def set_search(self, text: str) -> None:
        """Show the events in which the words are found."""
        self.model.set_search(text)

    def show_applied(self, *, is_new: bool = True) -> None:
        """Show what can be undone, for Ctrl+Z; whoever comes to it finds the batch selected that was written last."""
        is_new = is_new or self.kind_box.currentText() != _APPLIED
        self.clear_filters()
        self.kind_box.setCurrentText(_APPLIED)
        self.table.folding.fold_all(are_folded=False)
        if is_new:
            self.table.select_positions(self._last_written())
        self.table.setFocus()

    def show_wishes(self) -> None:
        """Show what one person asked to undo, the newest wish that stands selected."""
        self.clear_filters()
        self.kind_box.setCurrentText(_WISHES)
        self.table.folding.fold_all(are_folded=False)
        asked = {stored.proposal_id for stored in self._content.undo_asked} if self._content is not None else set()
        standing = (entry for entry in self.model.shown_rows() if entry.event.proposal_id in asked)
        newest = max(standing, key=lambda entry: entry.sequence, default=None)
        found = frozenset({str(newest.sequence)} if newest is not None else ())
        self.table.select_positions(self.model.positions_of(found))
        self.table.setFocus()

    def _last_written(self) -> list[int]:
        """Return the positions of what was written last, of all that was written with it."""
        shown = self.model.shown_rows()
        newest = max(shown, key=lambda entry: entry.sequence, default=None)
        written = (entry for entry in shown if newest is not None and is_of_batch(entry, newest))
        return self.model.positions_of(frozenset(str(entry.sequence) for entry in written))

    def clear_filters(self) -> None:
        """Show everything that happened, by whomever."""
        self.boxes.choose({})

    def _name_people(self, content: DeskContent) -> None:
        """Offer everybody of whom there is an entry; who was chosen stays chosen."""
        known = {self.who_box.itemText(at) for at in range(self.who_box.count())}
        self.who_box.addItems(sorted({entry.event.by for entry in content.view.history} - known))

    def _filter(self) -> None:
        wanted = self.kind_box.currentText()
        who = self.who_box.currentText() if self.who_box.currentIndex() > 0 else ""
        kind = next((k for k, word in KIND_WORD.items() if word == self.change_box.currentText()), None)

        def keep(facet: tuple[AuditWhat, bool, str, ProposalKind | None]) -> bool:
            event, is_undone, by, of_kind = facet
            if wanted == _WISHES and event is not AuditWhat.UNDO_ASKED:
                return False
            if wanted == _APPLIED and (event, is_undone) != (AuditWhat.APPLIED, False):
                return False
            is_quiet = wanted == _DECISIONS and by == PROGRAM and event in _NOTED
            return not is_quiet and who in {"", by} and kind in {None, of_kind}

        self.model.set_filter(keep)

    def _is_undone(self, entry: AuditEntry) -> bool:
        return entry.sequence in self._undone

    def _code_of(self, entry: AuditEntry) -> str:
        return self._codes.get(entry.event.batch_id, "") if entry.event.what is AuditWhat.APPLIED else ""

    def _selected(self) -> list[AuditEntry]:
        return self.table.selected_rows()

    def chosen_to_put_back(self) -> list[StoredProposal]:
        """Return what the selected entries are about, as far as it may be put back to review."""
        found = [stored for stored, answer in self._answers(Action.PUT_BACK) if isinstance(answer, Allowed)]
        # Several entries may be about one proposal.
        return list({stored.proposal_id: stored for stored in found if stored is not None}.values())

    def _undoable(self) -> list[StoredProposal]:
        """Return what the selected entries are about, as far as it may be undone, each once."""
        found = [stored for stored, answer in self._answers(Action.UNDO) if isinstance(answer, Allowed)]
        return list({stored.proposal_id: stored for stored in found if stored is not None}.values())

    def _wished(self) -> list[StoredProposal]:
        """Return what the selected entries are about, as far as somebody asked to undo it."""
        asked = self._content.undo_asked if self._content is not None else ()
        about = {entry.event.proposal_id for entry in self._selected()} if asked else set()
        return [stored for stored in asked if stored.proposal_id in about]

    def _answers(self, action: Action) -> list[tuple[StoredProposal | None, Allowed | Refused]]:
        """Answer for each selected entry, by what became of its proposal since."""
        return [self._answer(action, entry) for entry in self._selected()]

    def _answer(self, action: Action, entry: AuditEntry) -> tuple[StoredProposal | None, Allowed | Refused]:
        content, event = self._content, entry.event
        if action is Action.UNDO and event.what not in _UNDONE_FROM:
            return None, refused(Why.NO_APPLIED_CHANGE)
        if content is None or event.proposal_id is None:
            return None, refused(Why.NO_ROW)
        stored = content.view.proposals.get(event.proposal_id)
        if stored is None:
            return None, refused(Why.REPLACED)
        if action is Action.UNDO and is_later(entry, stored):
            return stored, refused(Why.APPLIED_LATER)
        return stored, content.may(action, [stored], self._now()).whole

    def _show_decisions(self) -> None:
        undo, back = self._undoable(), self.chosen_to_put_back()
        self.undo_button.setText(f"&Undo {len(undo)} {self._of_when()}…" if undo else "&Undo selected…")
        why_not_undo = "" if undo else self._why_not(Action.UNDO)
        allow(self.undo_button, why_not_undo, "Take the selected changes back, with a reason (Ctrl+Z opens this list)")
        self.withdraw_button.setVisible(bool(self._wished()))
        self.put_back_button.setText(f"Put {len(back)} &back to Review" if back else "Put &back to Review")
        why_not_back = "" if back else self._why_not(Action.PUT_BACK)
        allow(self.put_back_button, why_not_back, "Let the selected rows wait in Review again (Ctrl+B)")
        left = sum(isinstance(answer, Refused) for _, answer in self._answers(Action.UNDO)) if undo else 0
        also = f"{left} of the selected rows cannot be undone." if undo and left else ""
        self.status.setText(also or ("" if undo or back else self._why_not_for_status()))

    def _of_when(self) -> str:
        """Say when what is selected was written, where all of it is of one batch."""
        selected = self._selected()
        first, *others = selected
        if (
            first.event.what is AuditWhat.UNDO_ASKED
            or not first.event.batch_id
            or not all(is_of_batch(entry, first) for entry in others)
        ):
            return "selected"
        return f"of {since(first.event.at, self._now())}"

    def _why_not_for_status(self) -> str:
        """Say why nothing can be done with the first selected entry, in the words of what one would do with it."""
        selected = self._selected()
        if not selected:
            return self._why_not(Action.UNDO)
        event = selected[0].event
        is_decision = event.what not in _UNDONE_FROM and event.proposal_id is not None
        return f"{what(selected[0])}: {self._why_not(Action.PUT_BACK if is_decision else Action.UNDO)}"

    def _why_not(self, action: Action) -> str:
        if self._content is not None:
            act = self._content.may(action, (), self._now()).act
            if isinstance(act, Refused):
                return str(act)
        return next(
            (str(answer) for _, answer in self._answers(action) if isinstance(answer, Refused)),
            str(refused(Why.NOTHING_CHOSEN)),
        )

    def _ask_undo(self) -> None:
        """Ask for all that were applied: the sheet says of each whether it can be taken back."""
        known: dict[str, tuple[StoredProposal, str]] = {}
        for stored, answer in self._answers(Action.UNDO):
            # Several entries may be about one proposal: what can be taken back by one of them can.
            if stored is not None and (stored.proposal_id not in known or isinstance(answer, Allowed)):
                known[stored.proposal_id] = (stored, str(answer) if isinstance(answer, Refused) else "")
        self.undo_asked.emit(list(known.values()))

    def _ask_withdraw(self) -> None:
        self.withdraw_asked.emit(self._wished())

    def _ask_put_back(self) -> None:
        self.put_back_asked.emit(self.chosen_to_put_back())
