"""A proposal as it is stored, and what persons decided about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from cmxero_desktop.domain.identifiers import (
    CasePaymentId,
    Fingerprint,
    ProposalId,
)
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
class StoredProposal:
    """A proposal with its state and its story.

    `release` lifts the removal limit for it (R27). `result_id` is the key of the payment that applying it wrote.
    `outcome` is the sentence about the last attempt that did not succeed. `superseded_from` is the state that it had
    when the facts went away, so that a hold is still one when the same facts come back (R31). `deed` is the moment of
    the store's own counter in which its state changed last, 0 where an older version kept none: deeds are ordered by
    that, never by a clock (R35).
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


def flags_seen(rows: Iterable[StoredProposal]) -> frozenset[str]:
    """Name each flag that rows bear, with its sum: what is approved is what was seen."""
    return frozenset(
        f"{stored.proposal_id} {figure_of(remark)}" for stored in rows for remark in stored.proposal.remarks
    )
