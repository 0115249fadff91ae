"""The story in an office where two persons have to say yes: what a colleague did this morning."""

from dataclasses import replace
from datetime import datetime, timedelta

from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.correlation.proposal_events import event_of, wish_event_of
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import FirstYes, StoredProposal, figures_of
from cmxero_desktop.services.viewing.desk_view import DeskView
from tests.ui.fake_desk import FakeDesk
from tests.ui.story import story_desk, story_view
from tests.ui.views import NOW

_COLLEAGUE, _HERE = "R. Patel", "J. Wu"


def two_persons_desk() -> FakeDesk:
    """Return the story's desk with the rule on: two rows have one yes, and one undo was asked for."""
    view = story_view()
    plain = [row.stored for row in view.review if row.stored.proposal.is_bulk_approvable]
    waiting = [s for s in plain if s.state is ProposalState.PROPOSED]
    applied = max(
        (s for s in view.proposals.values() if s.state is ProposalState.APPLIED), key=lambda stored: stored.changed_at
    )
    deeds = [
        _yes(waiting[0], _COLLEAGUE, NOW - timedelta(minutes=24)),
        _yes(waiting[1], _HERE, NOW - timedelta(minutes=9)),
        _wish(applied, _COLLEAGUE, NOW - timedelta(minutes=16), "typed in twice by me"),
    ]
    desk = story_desk(_told(view, sorted(deeds, key=lambda deed: deed[1].at)))
    people = replace(desk.settings.people, second_approver=SecondRule.ALL)
    desk.settings = replace(desk.settings, people=people)
    return desk


def _yes(stored: StoredProposal, by: str, at: datetime) -> tuple[StoredProposal, AuditEvent]:
    said = replace(stored, changed_at=at, first=FirstYes(by=by, at=at, flags=figures_of(stored)))
    return said, event_of(said, AuditWhat.APPROVED_FIRST, at=at, by=by)


def _wish(stored: StoredProposal, by: str, at: datetime, reason: str) -> tuple[StoredProposal, AuditEvent]:
    asked = replace(stored, undo_asked=FirstYes(by=by, at=at, reason=reason, deed=stored.deed))
    return asked, wish_event_of(asked, AuditWhat.UNDO_ASKED, at=at, by=by, reason=reason)


def _told(view: DeskView, deeds: list[tuple[StoredProposal, AuditEvent]]) -> DeskView:
    """Return the view after these deeds, with their entries in History."""
    now: dict[str, StoredProposal] = {stored.proposal_id: stored for stored, _ in deeds}
    last = view.history[-1]
    entries = (
        replace(last, sequence=last.sequence + place, event=event) for place, (_, event) in enumerate(deeds, start=1)
    )
    return replace(
        view,
        proposals={key: now.get(key, stored) for key, stored in view.proposals.items()},
        review=tuple(replace(row, stored=now.get(row.stored.proposal_id, row.stored)) for row in view.review),
        history=(*view.history, *entries),
    )
