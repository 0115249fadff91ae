"""What the window shows at one moment, put together on the worker thread so that the window only paints it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cmxero_desktop.domain.completeness import Completeness
from cmxero_desktop.domain.decisions import Action, Allowed, Row, Situation, Verdict, may
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.correlation.situations import situation
from cmxero_desktop.services.records.reports import HealthFacts
from cmxero_desktop.services.records.settings import Mode, Settings
from cmxero_desktop.services.verbs.commands import ReadHealth, ReadSettings, ReadView
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.desk_view import DeskView, ReviewRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContent:
    """The view, the settings that it is shown by, and this computer's side."""

    view: DeskView
    settings: Settings
    health: HealthFacts | None = None

    @property
    def completeness(self) -> Completeness:
        """How many payments of each side have their one place."""
        return self.view.completeness

    @property
    def may_write(self) -> bool:
        """Whether the mode lets anything be approved and written."""
        return self.settings.mode is Mode.APPROVE

    @property
    def person(self) -> Person:
        """Whoever sits here: the operating system's user, with every right."""
        return Person("")

    def may(self, action: Action, rows: Sequence[Row], now: datetime) -> Verdict:
        """Answer whether this may be done with these rows at this instant."""
        return may(action, rows, self.person, self.situation(now))

    def together(self, rows: Sequence[ReviewRow], now: datetime) -> tuple[ReviewRow, ...]:
        """Return those of the rows that may be approved in one act (R26)."""
        answers = self.may(Action.APPROVE_IN_BULK, [row.stored for row in rows], now).rows
        return tuple(row for row, answer in zip(rows, answers, strict=True) if isinstance(answer, Allowed))

    def situation(self, now: datetime) -> Situation:
        """Return what decisions depend on at this instant."""
        view = self.view
        return situation(self.settings, view.state, now, busy=view.busy, standing=view.standing)

    @property
    def is_first_run(self) -> bool:
        """Whether Xero was never checked."""
        return self.view.state.last_polled_at is None

    @property
    def to_approve(self) -> tuple[ReviewRow, ...]:
        """The rows that wait for a first decision."""
        return tuple(r for r in self.view.review if r.stored.state is ProposalState.PROPOSED)

    @property
    def approved(self) -> tuple[ReviewRow, ...]:
        """The rows that wait for being applied."""
        return tuple(r for r in self.view.review if r.stored.state is ProposalState.APPROVED)


def load_content(desk: Desk) -> DeskContent:
    """Read everything that the window shows. Blocks; raises DeskError."""
    return DeskContent(view=desk.run(ReadView()), settings=desk.run(ReadSettings()), health=desk.run(ReadHealth()))
