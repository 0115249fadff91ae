"""From a wish to a verb: ask what has to be asked first, then let the desk do it and show the outcome."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.accounts import AccountQuestion
from cmxero_desktop.domain.consequences import if_rejected
from cmxero_desktop.domain.decisions import Action, Allowed, Need, approval_of
from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.refusals import Refused
from cmxero_desktop.domain.sor.alerts import SorAlertState
from cmxero_desktop.domain.sor.words import last_weekday
from cmxero_desktop.services.records.decisions import StoredProposal, flags_seen
from cmxero_desktop.services.records.reports import DecisionReport, RowOutcome
from cmxero_desktop.services.verbs.commands.command import Command
from cmxero_desktop.services.verbs.commands.deciding import Approve, Hold, Reject, Reopen
from cmxero_desktop.services.viewing.desk_view import PaymentRow, ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.desk.preferences import APPROVER, Preferences
from cmxero_desktop.ui.desk.way_back import WayBack
from cmxero_desktop.ui.sheets.account_sheet import ask_about_account
from cmxero_desktop.ui.sheets.linking_flow import LinkingFlow
from cmxero_desktop.ui.sheets.questions import ask_hold, ask_name, ask_reason, ask_yes, show_trouble
from cmxero_desktop.ui.sheets.reject_sheet import ask_to_reject
from cmxero_desktop.ui.sheets.saying_sheet import ask_what_it_is
from cmxero_desktop.ui.sheets.whole_sheet import WholeSheet
from cmxero_desktop.ui.sheets.writing_flow import WritingFlow
from cmxero_desktop.ui.theme.formatting import day, plural
from cmxero_desktop.ui.theme.words import FLAG_MEANING, KIND_NOUN, KIND_WORD, flag_words, kind_sentence

_MOST_NAMED = 6
_OUT_OF_THE_WAY = (
    "out of the way until the day below, until you put {} back, or until something changes in Xero or Case Manager."
)


class Flows(QObject):
    """The questions around each decision. Everything that is asked is asked before the worker starts."""

    said = Signal(str)
    done = Signal(str, object)
    deciding = Signal(object, str)
    decided = Signal(object)

    def __init__(
        self,
        desk: WindowDesk,
        window: QWidget,
        preferences: Preferences,
        *,
        now: Callable[[], datetime],
        is_name_known: bool,
    ) -> None:
        """Keep where to ask and what to ask for."""
        super().__init__(window)
        self._now = now
        self._desk = desk
        self._window = window
        self._preferences = preferences
        desk.is_approver_known = is_name_known or bool(preferences.get(APPROVER))
        self.writing = WritingFlow(desk, window, self.named, self.said.emit, self.done.emit)
        self.linking = LinkingFlow(
            desk,
            window,
            self.named,
            deciding=self.deciding.emit,
            decided=self.decided.emit,
            say=self.said.emit,
            tell_done=self.done.emit,
        )

    def ask_for_name(self, then: Callable[[], object] | None = None) -> None:
        """Ask who decides, remember it, and go on."""

        def known(name: str) -> None:
            self._desk.name(name)
            self._preferences.set(APPROVER, name)
            if then is not None:
                then()

        ask_name(self._window, self._desk.approver, known)

    def approve_ticked(self, rows: Sequence[ReviewRow]) -> None:
        """Approve what one yes to the ticked rows means: of one kind, or one whole after its sheet (R26)."""
        content = self._desk.content
        if content is None:
            return
        upcoming = content.next_approval(rows, self._now())
        ids = tuple(stored.proposal_id for stored in upcoming.rows)
        if ids and upcoming.is_bulk:
            self.named(lambda: self._approve(upcoming.rows))
        elif ids:
            self._approve_whole([row for row in rows if row.row_id in ids])

    def approve_one(self, stored: StoredProposal) -> None:
        """Approve one row, a move with its other half; after a confirmation where it needs a look."""
        content = self._desk.content
        if content is None:
            return
        rows = content.act_of(stored)
        if len(rows) > 1:
            self._approve_whole(rows)
            return
        proposal = stored.proposal
        if approval_of(stored) is Action.RELEASE:
            held = content.removal_limit or FLAG_MEANING[Flag.OVER_LIMIT]
            text = f"{kind_sentence(proposal)}. {held} Approving here lifts the limit for this row only. Say why."
            self.named(
                lambda: ask_reason(
                    self._window,
                    "Release from the limit and approve",
                    text,
                    "Release and approve",
                    lambda reason: self._approve([stored], reason),
                )
            )
        elif not _needs_look(content.may(Action.APPROVE, [stored], self._now()).whole):
            self.named(lambda: self._approve([stored]))
        else:
            yes = f"Approve {KIND_NOUN[proposal.kind]}"
            text = f"{kind_sentence(proposal)}.\n{_caution(stored)}\nNothing is written before you apply."
            self.named(lambda: ask_yes(self._window, f"{yes}?", text, yes, lambda: self._approve([stored])))

    def _approve_whole(self, rows: Sequence[ReviewRow]) -> None:
        stored = [row.stored for row in rows]
        needs_reason = any(approval_of(row.stored) is Action.RELEASE for row in rows)
        limit = self._desk.content.removal_limit if self._desk.content is not None else ""

        def show() -> None:
            sheet = WholeSheet(rows, needs_reason=needs_reason, limit=limit, parent=self._window)
            sheet.approved.connect(lambda reason: self._approve(stored, reason))
            sheet.open()

        self.named(show)

    def hold(self, rows: Sequence[StoredProposal], today: date, *, is_ticked: bool = False) -> None:
        """Put rows on hold: the one that is shown, or those that are ticked; the heading says which."""
        ids = tuple(stored.proposal_id for stored in rows)
        title = f"Put on hold: {_heading(rows)}{' (ticked)' if is_ticked else ''}"
        safe = _safe_days(rows, self._desk.content)
        text, warning = f"{_several(rows, _OUT_OF_THE_WAY)}{_in_time(safe, today)}", partial(_too_late, safe)

        def held(why: str, until: date | None) -> None:
            self._decide(ids, Hold(ids=ids, by=self._desk.approver, reason=why, until=until), "Putting on hold…")

        self.named(lambda: ask_hold(self._window, title, text, today, held, warning, latest=_latest(safe, today)))

    def reject(self, stored: StoredProposal) -> None:
        """Reject one row."""
        title = f"Reject: {_heading([stored])}"
        text = (
            f"{kind_sentence(stored.proposal)}.\n{if_rejected(stored.proposal)} Nothing is written on either side.\n"
            "It does not come back by itself unless something changes in Xero or Case Manager. Until then it stands in "
            "Review under View, Rejected, and in History; Put back (Ctrl+B) lets it wait again."
        )
        ids = (stored.proposal_id,)

        def rejected(reason: str) -> None:
            self._decide(ids, Reject(ids=ids, by=self._desk.approver, reason=reason), "Rejecting…")

        self.named(lambda: ask_to_reject(self._window, title, text, self._desk.content, rejected))

    def reopen(self, rows: Sequence[StoredProposal]) -> None:
        """Put rows back to review."""
        self.named(partial(self._put_back, tuple(stored.proposal_id for stored in rows)))

    def _put_back(self, ids: tuple[str, ...]) -> None:
        self._decide(ids, Reopen(ids=ids, by=self._desk.approver, reason="put back in the window"), "Putting back…")

    def say(self, row: ReviewRow | PaymentRow) -> None:
        """Ask what a row is that the rules leave, and why; nothing is written to Case Manager."""
        self.named(lambda: ask_what_it_is(self._window, self._desk, row, self.said.emit))

    def ask_about_account(self, question: AccountQuestion) -> None:
        """Ask what payments to an account are; the answer goes into the settings."""
        self.named(lambda: ask_about_account(self._window, self._desk, question, self.said.emit))

    def named(self, then: Callable[[], object]) -> None:
        """Go on, after asking for the person's name the first time."""
        if self._desk.is_approver_known:
            then()
        else:
            self.ask_for_name(then)

    def _approve(self, rows: Sequence[StoredProposal], release_reason: str = "") -> None:
        """Approve rows as they were shown, whatever a check may put on them meanwhile."""
        ids = tuple(stored.proposal_id for stored in rows)
        command = Approve(ids=ids, by=self._desk.approver, release_reason=release_reason, seen=flags_seen(rows))
        self._decide(ids, command, "Approving…")

    def _decide(self, ids: tuple[str, ...], command: Command[DecisionReport], busy: str) -> None:
        """Let the rows show at once that they are decided: the next key is for the next row."""
        waited = _waited(self._desk.content, ids)

        def show(report: DecisionReport) -> None:
            self.decided.emit(ids)
            self._show_decision(report, command, waited=waited)

        self.deciding.emit(ids, busy)
        self._desk.change(command, busy, show)

    def _show_decision(self, report: DecisionReport, command: Command[DecisionReport], *, waited: bool) -> None:
        left = (*report.refused, *report.stale, *report.held_back)
        if report.done or report.half:
            sentence, later = self._done(report, command)
            ids = tuple(outcome.row_id for outcome in (*report.done, *report.half))
            back = WayBack("Take back", later, partial(self._put_back, ids))
            self.done.emit(sentence, back if waited and later else None)
        if left:
            message = "\n".join(f"- {outcome.reason}" for outcome in left)
            title = f"{plural(len(left), 'row')} could not be decided"
            show_trouble(self._window, Trouble(title, message, "The others were decided." if report.done else ""))

    def _done(self, report: DecisionReport, command: Command[DecisionReport]) -> tuple[str, str]:
        """Say what was done with which row, and where that is taken back later: the next row is current by then."""
        word, view = _DONE[type(command)]
        content = self._desk.content
        done = f"{_named(report.done, content)} {word}." if report.done else ""
        half = f"{_named(report.half, content)} {_HALF}." if report.half else ""
        return f"{done} {half}".strip(), f"Later: View, {view}, Put back (Ctrl+B)." if view else ""


def _named(outcomes: Sequence[RowOutcome], content: DeskContent | None) -> str:
    """Name the one row of which it is told, or say how many there are."""
    known = content.view.proposals if content is not None else {}
    only = known.get(ProposalId(outcomes[0].row_id)) if len(outcomes) == 1 else None
    return only.proposal.invoice_number if only is not None else plural(len(outcomes), "row")


_HALF = "approved by you; another person approves it too"
_DONE: Mapping[type[Command[DecisionReport]], tuple[str, str]] = MappingProxyType(
    {
        Approve: ("approved, not written yet", "Approved"),
        Hold: ("put on hold", "On hold"),
        Reject: ("rejected", "Rejected"),
        Reopen: ("put back to Review", ""),
    }
)


def _waited(content: DeskContent | None, ids: Collection[str]) -> bool:
    """Say whether all rows wait for a first decision: they can be brought back to where they were."""
    return content is not None and {row.row_id for row in content.to_approve}.issuperset(ids)


def _caution(stored: StoredProposal) -> str:
    proposal = stored.proposal
    meanings = " ".join(meaning for flag, meaning in FLAG_MEANING.items() if flag in proposal.flags)
    removal = "The payment is deleted from Case Manager." if proposal.kind is ProposalKind.REMOVE else ""
    flags = f"Flagged {flag_words(proposal.flags)}." if proposal.flags else ""
    return " ".join(part for part in (removal, flags, meanings) if part)


def _needs_look(answer: Allowed | Refused) -> bool:
    return isinstance(answer, Allowed) and Need.LOOK in answer.needs


def _heading(rows: Sequence[StoredProposal]) -> str:
    """Name the row that is decided, or say how many are."""
    if len(rows) > 1:
        return plural(len(rows), "row")
    proposal = rows[0].proposal
    return f"{proposal.invoice_number}, {KIND_WORD[proposal.kind]} {proposal.amount}"


def _several(rows: Sequence[StoredProposal], rest: str) -> str:
    """Name the rows, the first few of many, and say what becomes of them."""
    named = [kind_sentence(stored.proposal) for stored in rows[:_MOST_NAMED]]
    more = len(rows) - len(named)
    every = [*named, f"and {plural(more, 'more row')}"] if more else named
    if len(rows) == 1:
        return f"{named[0]} stays {rest.format('it')}"
    return "\n".join([*every, f"They stay {rest.format('them')}"])


def _safe_days(rows: Sequence[StoredProposal], content: DeskContent | None) -> dict[str, date]:
    """Return the soonest last safe day of each invoice of the rows; past a debit date none is left (S4)."""
    numbers = {stored.proposal.invoice_number for stored in rows}
    alerts = content.view.sor.standing if content is not None else ()
    soonest: dict[str, date] = {}
    for alert in alerts:
        last, number = alert.last_safe_day, alert.invoice_number
        if last is not None and number in numbers and alert.state is SorAlertState.OPEN:
            soonest[number] = min(last, soonest.get(number, last))
    return soonest


def _latest(safe: Mapping[str, date], today: date) -> date:
    """Return the last day that is proposed: a weekday in time for each alert, and tomorrow where none is left."""
    soonest = min(safe.values(), default=today)
    return max(last_weekday(soonest), min(soonest, today + timedelta(days=1)))


def _in_time(safe: Mapping[str, date], today: date) -> str:
    """Say for which SOR alerts the proposed day is in time, where there are any."""
    soonest = min(safe.values(), default=today)
    if soonest <= today:
        return ""
    return f"\nThe day proposed is in time for the SOR alert of {', '.join(safe)} (last safe day {day(soonest)})."


def _too_late(safe: Mapping[str, date], until: date | None) -> str:
    """Say of which SOR alerts the last safe day has passed before a row is back; None is no day at all."""
    late = [f"{day(last)} for {number}" for number, last in safe.items() if until is None or until > last]
    if not late:
        return ""
    return (
        f"Too late for an SOR alert: the money has to be off the invoice by {', '.join(late)}, or Apxium debits the "
        "firm. The alert itself stays in SOR watch."
    )
