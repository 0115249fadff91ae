"""What the window shows at one moment, put together on the worker thread so that the window only paints it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from cmxero_desktop.domain.acts import deleted_batch
from cmxero_desktop.domain.approving import NextApproval, next_approval
from cmxero_desktop.domain.completeness import Completeness
from cmxero_desktop.domain.copying import CopyingByOthers
from cmxero_desktop.domain.decisions import Action, Row, Situation, Verdict, may
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.seconding import is_own_yes, without_every_yes
from cmxero_desktop.services.correlation.situations import may_write, office_of, situation
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.reports import HealthFacts
from cmxero_desktop.services.records.runs import PollOutcome, PollRun
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.services.verbs.commands.diagnosing import ReadHealth
from cmxero_desktop.services.verbs.commands.settings import ReadSettings
from cmxero_desktop.services.verbs.commands.viewing import ReadView, ReportCopying
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.desk_view import DeskView, ReviewRow
from cmxero_desktop.services.viewing.idle_yeses import without_idle_yeses

_NOT_MADE = frozenset({PollOutcome.PAUSED, PollOutcome.PUT_OFF, PollOutcome.ELSEWHERE})


@dataclass(frozen=True, kw_only=True)
class DeskContent:
    """The view, the settings that it is shown by, and this computer's side.

    `copying` is how others copy, which is looked at while this program only observes. `pages` is what the pages made
    of it in advance; they alone know what it is. `approver` is the name of whoever sits here, empty as long as nobody
    gave one: then everybody may, and the desk itself answers. `was_away` says that a verb found Case Manager away since
    it was read.
    """

    view: DeskView
    settings: Settings
    health: HealthFacts | None = None
    copying: CopyingByOthers | None = None
    pages: object = None
    was_away: bool = False
    approver: str = ""

    @property
    def is_away(self) -> bool:
        """Whether Case Manager is known not to answer here: by the last check that was made, or by a verb since.

        What another desktop of the store did not reach may well be reached from this one.
        """
        here = self.health.desktop if self.health is not None else ""
        made = (run for run in self.view.runs if run.outcome not in _NOT_MADE and _is_of(run, here))
        newest = max(made, key=lambda run: run.finished_at, default=None)
        return self.was_away or (newest is not None and newest.outcome is PollOutcome.AWAY)

    @property
    def last_read(self) -> str:
        """The newest check that read Case Manager, on whichever desktop of the store; empty where none is known."""
        good = (run for run in self.view.runs if run.outcome is PollOutcome.DONE)
        newest = max(good, key=lambda run: run.finished_at, default=None)
        return newest.run_id if newest is not None else ""

    @property
    def completeness(self) -> Completeness:
        """How many payments of each side have their one place."""
        return self.view.completeness

    @property
    def may_write(self) -> bool:
        """Whether anything may be approved and written at all."""
        return may_write(self.settings, self.view.alerts)

    @property
    def person(self) -> Person:
        """Whoever sits here."""
        return Person(self.approver)

    def may(self, action: Action, rows: Sequence[Row], now: datetime) -> Verdict:
        """Answer whether this may be done with these rows at this instant."""
        return may(action, rows, self.person, self.situation(now))

    def next_approval(self, rows: Sequence[ReviewRow], now: datetime) -> NextApproval[StoredProposal]:
        """Return what one yes to these rows would approve (R26)."""
        return next_approval([row.stored for row in rows], self.person, self.situation(now))

    def act_of(self, stored: StoredProposal) -> tuple[ReviewRow, ...]:
        """Return what is approved with this row: itself, and of a move all other rows (R16b)."""
        ids = {stored.proposal_id, *(other.proposal_id for other in self.view.company.rest_of(stored.proposal))}
        places = sorted(self._places[row_id] for row_id in ids if row_id in self._places)
        return tuple(self.view.review[place] for place in places)

    def batch_of(self, stored: StoredProposal) -> tuple[ReviewRow, ...]:
        """Return the removals that wait and that Xero deleted with the same batch, this one among them."""
        batch = deleted_batch(stored.proposal)
        return tuple(row for row in self.to_approve if deleted_batch(row.stored.proposal) == batch) if batch else ()

    def situation(self, now: datetime) -> Situation:
        """Return what decisions depend on at this instant."""
        view = self.view
        return situation(
            self.settings,
            view.state,
            now,
            alerts=view.alerts,
            busy=view.busy,
            standing=view.standing,
            company=view.company,
            is_away=self.is_away,
        )

    def prepare(self) -> None:
        """Look through all rows now, on the worker, for what the window asks for again and again."""
        _ = (self.to_approve, self.approved, self.applied_at, self.by_state, self.undo_asked, self._places)

    @property
    def is_first_run(self) -> bool:
        """Whether Xero was never checked."""
        return self.view.state.comparison.last_polled_at is None

    @property
    def office(self) -> Office:
        """The firm's people, as they were set for all desktops of the store, or in this one's file."""
        return office_of(self.view.state, self.settings)

    @property
    def removal_limit(self) -> str:
        """Which limit holds the removals and by how much it is passed; nothing where none is (R27)."""
        return next((a.explanation for a in self.view.alerts if a.kind is AlertKind.REMOVAL_LIMIT), "")

    @cached_property
    def to_approve(self) -> tuple[ReviewRow, ...]:
        """The rows that wait for a decision of whoever sits here."""
        waiting = (row for row in self.view.review if row.stored.state is ProposalState.PROPOSED)
        return tuple(row for row in waiting if not self.waits_for_another(row.stored))

    def waits_for_another(self, stored: StoredProposal) -> bool:
        """Say whether whoever sits here gave the first yes of two to this row: another person's turn has come."""
        return bool(stored.half_by) and is_own_yes(stored, self.person, self.office)

    @cached_property
    def applied_at(self) -> tuple[datetime, ...]:
        """When each change was written that still stands, in order."""
        written = (s for s in self.view.proposals.values() if s.state is ProposalState.APPLIED)
        return tuple(sorted(stored.changed_at for stored in written))

    @cached_property
    def by_state(self) -> Mapping[ProposalState, int]:
        """How many rows of Review there are in each state, those in other views of it too."""
        return Counter(row.stored.state for row in (*self.view.review, *self.view.rejected))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {row.row_id: place for place, row in enumerate(self.view.review)}

    @cached_property
    def approved(self) -> tuple[ReviewRow, ...]:
        """The rows that wait for being applied: with the yes of as many persons as the firm's rule asks."""
        approved = tuple(row for row in self.view.review if row.stored.state is ProposalState.APPROVED)
        lacking = without_every_yes((row.stored for row in approved), self.office)
        return tuple(row for row in approved if row.row_id not in lacking)

    @cached_property
    def undo_asked(self) -> tuple[StoredProposal, ...]:
        """The applied changes that one person asked to undo, and that wait for another one."""
        office = self.office
        asked = (stored for stored in self.view.proposals.values() if stored.undo_by)
        return tuple(s for s in asked if office.asks_two_to_undo(s.proposal) and office.lets_approve(s.undo_by))


def _is_of(run: PollRun, desktop: str) -> bool:
    """Say whether a check told of this desktop: a good one tells of all, and an older version named none."""
    return run.outcome is PollOutcome.DONE or not desktop or run.desktop in {"", desktop}


def _nothing_made(_content: DeskContent) -> None:
    return None


def load_content(
    desk: Desk,
    make_pages: Callable[[DeskContent], object] = _nothing_made,
    *,
    away_after: str | None = None,
    approver: str = "",
) -> DeskContent:
    """Read everything that the window shows, and make of it what the pages want. Blocks; raises DeskError.

    `away_after` is the check that had read Case Manager last when a verb found it away, None where none did.
    """
    view, settings = desk.run(ReadView()), desk.run(ReadSettings())
    view = without_idle_yeses(view, office_of(view.state, settings))
    content = DeskContent(view=view, settings=settings, health=desk.run(ReadHealth()))
    is_away = away_after is not None and content.last_read == away_after
    content = replace(content, was_away=is_away, approver=approver)
    content = content if content.may_write else replace(content, copying=desk.run(ReportCopying()))
    content = replace(content, pages=make_pages(content))
    content.prepare()
    return content
