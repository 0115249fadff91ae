"""A proposal as it is stored, and what persons decided about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from cmxero_desktop.domain.identifiers import (
    CasePaymentId,
    Fingerprint,
    ProposalId,
)
from cmxero_desktop.domain.office import ONE_DESKTOP
from cmxero_desktop.domain.people import is_same_person
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalState
from cmxero_desktop.services.records.audit import figure_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided: who, when (aware UTC), why, and for a hold until when."""

    by: str
    at: datetime
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstYes:
    """The first of two persons' wish: whose, when (aware UTC), why, with which flags and sums, on which desktop.

    `deed` is that of the row when it was said, by which a wish to undo lapses with the next one.
    """

    by: str
    at: datetime
    reason: str = ""
    flags: tuple[str, ...] = ()
    desktop: str = ""
    deed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProposal:
    """A proposal with its state and its story.

    `release` lifts the removal limit for it (R27). `result_id` is the key of the payment that applying it wrote.
    `outcome` is the sentence about the last attempt that did not succeed. `superseded_from` is the state that it had
    when the facts went away, so that a hold is still one when the same facts come back (R31). `deed` is the moment of
    the store's own counter in which its state changed last, 0 where an older version kept none: deeds are ordered by
    that, never by a clock (R35). `first` is the yes before the last one, where two persons have to say it, and
    `undo_asked` the wish of the first of two to take it back.
    """

    proposal: Proposal
    state: ProposalState
    first_seen_at: datetime
    changed_at: datetime
    decision: Decision | None = None
    release: Decision | None = None
    batch_id: str = ""
    result_id: CasePaymentId | None = None
    outcome: str = ""
    superseded_from: ProposalState | None = None
    deed: int = field(default=0, compare=False)
    first: FirstYes | None = None
    undo_asked: FirstYes | None = None

    @property
    def proposal_id(self) -> ProposalId:
        """The short name of the proposal."""
        return self.proposal.proposal_id

    @property
    def fingerprint(self) -> Fingerprint:
        """The identity of the proposal."""
        return self.proposal.fingerprint

    @property
    def is_released(self) -> bool:
        """Whether a person lifted the removal limit for it (R27)."""
        return self.release is not None

    @property
    def yeses(self) -> tuple[FirstYes, ...]:
        """Each yes that still counts, in order, one of each person.

        A first yes lapses with whatever happens to the row after it, and where another flag stands there by now; also
        two do where a removal limit came after them: whoever releases from it says yes anew (R27).
        """
        if self.state in _APPROVED:
            last = self.decision
            if last is None or (Flag.OVER_LIMIT in self.proposal.flags and not self.is_released):
                return ()
            before = self.first is not None and not is_same_person(self.first.by, last.by)
            said = FirstYes(by=last.by, at=last.at)
            return (self.first, said) if self.first is not None and before else (said,)
        first = self.first
        if first is None or first.at != self.changed_at:
            return ()
        return (first,) if not self.proposal.remarks or set(figures_of(self)) <= set(first.flags) else ()

    @property
    def yes_by(self) -> tuple[str, ...]:
        """Who said a yes that still counts, in order, each person once."""
        return tuple(said.by for said in self.yeses)

    @property
    def half_by(self) -> str:
        """Who gave the first yes of two to a row that is not approved yet; empty where nobody did."""
        return self.yes_by[0] if self.yes_by and self.state not in _APPROVED else ""

    @property
    def undo_by(self) -> str:
        """Who asked to undo it as the first of two, empty where nobody did since it was applied."""
        asked = self.undo_asked
        is_standing = asked is not None and self.state is ProposalState.APPLIED and asked.deed == self.deed
        return asked.by if asked is not None and is_standing else ""

    @property
    def is_on_hold(self) -> bool:
        """Whether a person put it on hold, and it still is."""
        return self.state is ProposalState.HELD

    @property
    def held_until(self) -> date | None:
        """The day on which it comes back to review by itself, None where it is not on hold or until no day."""
        said = self.decision
        return said.until if said is not None and self.is_on_hold else None

    @property
    def hold_ended(self) -> Decision | None:
        """The hold that has ended on its day, where nobody decided anything since."""
        said = self.decision
        is_over = self.state is ProposalState.PROPOSED and said is not None and said.until is not None
        return said if is_over else None

    @property
    def is_limited(self) -> bool:
        """Whether the removal limits hold it, or a person lifted them for it (R27)."""
        return self.is_released or Flag.OVER_LIMIT in self.proposal.flags

    def is_hold_due(self, today: date) -> bool:
        """Say whether it was put on hold until a day that has come."""
        is_hold = ProposalState.HELD in {self.state, self.superseded_from}
        return (
            is_hold and self.decision is not None and self.decision.until is not None and self.decision.until <= today
        )


_APPROVED = frozenset({ProposalState.APPROVED, ProposalState.APPLYING})


def figures_of(stored: StoredProposal) -> tuple[str, ...]:
    """Name each flag that a row bears, with its sum."""
    return tuple(sorted(figure_of(remark) for remark in stored.proposal.remarks))


def why_marked(first: FirstYes | None, desktop: str) -> str:
    """Say what whoever looks through History should know of two yeses, or nothing."""
    is_one = first is not None and bool(first.desktop) and first.desktop == desktop
    return ONE_DESKTOP if is_one else ""


def flags_seen(rows: Iterable[StoredProposal]) -> frozenset[str]:
    """Name each flag that rows bear, with its sum: what is approved is what was seen."""
    return frozenset(
        f"{stored.proposal_id} {figure_of(remark)}" for stored in rows for remark in stored.proposal.remarks
    )
