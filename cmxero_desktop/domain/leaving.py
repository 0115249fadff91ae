"""When a row leaves the list on which it stands: what has to happen, or the day on which it goes by itself."""

from datetime import date

from cmxero_desktop.domain.placements import Placement, Reason
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.wording import day
from cmxero_desktop.domain.words_of_rules import FLAG_WORDS, REASON_WORDS

_OF_STATE = {
    ProposalState.PROPOSED: "When it is approved, rejected or on hold, or its facts change.",
    ProposalState.APPROVED: "When it is applied, put back, rejected or on hold, or its facts change.",
    ProposalState.APPLYING: "When it is written.",
    ProposalState.STALE: "With the next check.",
    ProposalState.FAILED: "When it is approved again and applied, rejected, or its facts change.",
    ProposalState.REJECTED: "When it is put back, or its facts change.",
}
_EQUAL_IN_CASE_MANAGER = "when Case Manager has an equal payment, or when it is gone in Xero"
_EQUAL_IN_XERO = (
    "when Xero has an equal payment, as once Same payment is applied, when you say that it is Xero's money "
    "(Say what it is), or when it is gone in Case Manager"
)
_IF_WRITTEN = {
    ProposalKind.ADD: "When the proposed addition is applied",
    ProposalKind.LINK: "When the proposed link is applied",
    ProposalKind.CHANGE: "When the proposed change is applied",
    ProposalKind.REMOVE: "When its removal is applied, or Xero has an equal payment.",
    ProposalKind.ACCEPT: "When it is accepted as the same money, or its facts change.",
}
_IF_SAME = "When the change that Same payment makes is applied"
_FIXED = (
    "When Xero has an equal payment, when you say whose money it is or that it was corrected elsewhere (Say what it "
    "is), or when it is gone in Case Manager."
)
_PAIR = (
    "When both sides have the same amount and date, or when you say it is Xero's payment or was corrected "
    "elsewhere (Say what it is)."
)
_TOO_MANY = "When you say it was corrected elsewhere (Say what it is), or when it is gone in Case Manager."


def when_skipped_leaves(placement: Placement) -> str:
    """Say when a skipped row is skipped no longer."""
    if placement.ready_on is not None:
        return f"On {day(placement.ready_on)}, by itself."
    if placement.reason is None:
        return ""
    if placement.reason in {Reason.JOURNALLED, Reason.MULTI_INVOICE}:
        if placement.xero is not None and placement.xero.is_live:
            return _PAIR
        if placement.rule in {Rule.R7, Rule.R20A}:
            return _TOO_MANY
        return _FIXED
    return REASON_WORDS[placement.reason].leaves


def when_row_leaves(
    proposal: Proposal, state: ProposalState, held_until: date | None, *, is_journalled_locked: bool = True
) -> str:
    """Say when a row of Review leaves it; of one that cannot be approved yet, when it can be.

    The firm's settings say whether a journal entry locks a payment (R10).
    """
    match state:
        case ProposalState.HELD:
            sooner = "when it is put back or its facts change."
            return f"On {day(held_until)}, by itself, or sooner {sooner}" if held_until else f"W{sooner[1:]}"
        case ProposalState.PROPOSED | ProposalState.FAILED if proposal.blocking_flags:
            blocked = [FLAG_WORDS[flag].leaves for flag in Flag if flag in proposal.blocking_flags]
            same = (
                "you say which payment is the same (Same payment), it is "
                if _may_be_same(proposal, is_journalled_locked=is_journalled_locked)
                else "it is "
            )
            return f"When {same}rejected or on hold, or its facts change. It can be approved {_joined(blocked)}"
        case _:
            return _OF_STATE.get(state, "")


def when_unmatched_leaves(
    placement: Placement, proposal: Proposal | None, state: ProposalState | None, *, is_journalled_locked: bool = True
) -> str:
    """Say when an unmatched row is unmatched no longer: what it waits for, and never nothing (R0)."""
    own = _EQUAL_IN_XERO if placement.case is not None else _EQUAL_IN_CASE_MANAGER
    own = f"{_FIXED[0].lower()}{_FIXED[1:-1]}" if placement.is_fixed else own
    if proposal is not None and state in _OF_STATE:
        said = _IF_WRITTEN[proposal.kind]
        if proposal.kind is ProposalKind.ADD and _may_be_same(proposal, is_journalled_locked=is_journalled_locked):
            said = _IF_SAME if proposal.blocking_flags else f"{said}, w{_IF_SAME[1:]}"
        return said if said.endswith(".") else f"{said}, {own}."
    return f"{own[0].upper()}{own[1:]}."


def _may_be_same(proposal: Proposal, *, is_journalled_locked: bool) -> bool:
    """Say whether a row of Review offers to call a payment of its invoice the same (R23)."""
    return any(not p.is_fixed(is_journalled_locked=is_journalled_locked) for p in proposal.near_here)


def _joined(sentences: list[str]) -> str:
    """Join sentences that begin with *When* to one: all of it has to happen."""
    parts = [sentence[0].lower() + sentence[1:].removesuffix(".") for sentence in sentences]
    return f"{', and '.join(parts)}."
