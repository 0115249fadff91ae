"""When a row leaves the list on which it stands: what has to happen, or the day on which it goes by itself."""

from datetime import date

from cmxero_desktop.domain.placements import Placement
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalState
from cmxero_desktop.domain.wording import day
from cmxero_desktop.domain.words_of_rules import FLAG_WORDS, REASON_WORDS

_OF_STATE = {
    ProposalState.PROPOSED: "When it is approved, rejected or on hold, or its facts change.",
    ProposalState.APPROVED: "When it is applied.",
    ProposalState.APPLYING: "When it is written.",
    ProposalState.STALE: "With the next check.",
    ProposalState.FAILED: "When it is approved again and applied, rejected, or its facts change.",
    ProposalState.REJECTED: "When it is put back, or its facts change.",
}


def when_skipped_leaves(placement: Placement) -> str:
    """Say when a skipped row is skipped no longer."""
    if placement.ready_on is not None:
        return f"On {day(placement.ready_on)}, by itself."
    return REASON_WORDS[placement.reason].leaves if placement.reason is not None else ""


def when_row_leaves(proposal: Proposal, state: ProposalState, held_until: date | None) -> str:
    """Say when a row of Review leaves it; of one that cannot be approved yet, when it can be."""
    match state:
        case ProposalState.HELD:
            return f"On {day(held_until)}, by itself, or when it is put back." if held_until else "When it is put back."
        case ProposalState.PROPOSED | ProposalState.FAILED if proposal.blocking_flags:
            blocked = [FLAG_WORDS[flag].leaves for flag in Flag if flag in proposal.blocking_flags]
            return f"It can be approved {_joined(blocked)}"
        case _:
            return _OF_STATE.get(state, "")


def _joined(sentences: list[str]) -> str:
    """Join sentences that begin with *When* to one: all of it has to happen."""
    parts = [sentence[0].lower() + sentence[1:].removesuffix(".") for sentence in sentences]
    return f"{', and '.join(parts)}."
