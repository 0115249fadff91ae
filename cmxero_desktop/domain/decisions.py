"""What may be decided about which rows, by whom and in which situation: the one place, for service and screen alike.

What is right for the person at the desk:

| state | approve | hold | reject | put back | apply | undo |
|---|---|---|---|---|---|---|
| proposed, failed | yes | yes | yes | a failed one, a first yes of two | no | no |
| approved | has been | yes | yes | yes | yes | no |
| on hold | alone | has been | yes | yes | no | no |
| rejected, undone | put back first | put back first | put back first | while the facts stand | no | no |
| changed since approval, replaced | no | no | no | no | no | no |
| being written | no | no | no | no | no | no |
| applied | no | no | no | no, undo it | no | yes |

Hold and reject take an approval back in one step: nothing was written yet, and whoever has a doubt must not be made
to find another button first. A row that changed since its approval is not put back by a wish: it would show facts that
are known to be gone, and the next check brings it back by itself where they are still true (R30). For the same reason
what was rejected or undone comes back only while correlation still gives exactly that change (R31).
Approving what is approved already changes nothing, above all not who approved it, but where two persons have to say
yes and one did: then another one's is the second. Holding, rejecting and putting back
write nothing and are open in the mode Observe, and everything but applying is open on old data: an approval is of what
was shown, and an undo takes back what we wrote ourselves.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from cmxero_desktop.domain.acts import Company, company, lacking
from cmxero_desktop.domain.bulk import why_not_in_bulk
from cmxero_desktop.domain.choices import choices, linkable
from cmxero_desktop.domain.freshness import DataAge
from cmxero_desktop.domain.identifiers import CasePaymentId, Fingerprint
from cmxero_desktop.domain.office import EVERYBODY, Office
from cmxero_desktop.domain.people import Person, Right, is_same_person
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.refusals import Nature, Refused, Why, refused, together
from cmxero_desktop.domain.seconding import Agreed, has_every_yes, is_own_yes, too_few


class Action(StrEnum):
    """What a person may wish.

    RELEASE lifts the removal limit and approves in one act (R27); SCHEDULE says something of an SOR schedule (S1).
    """

    APPROVE = "approve"
    APPROVE_IN_BULK = "approve_in_bulk"
    RELEASE = "release"
    HOLD = "hold"
    REJECT = "reject"
    PUT_BACK = "put_back"
    LINK = "link"
    EXPLAIN = "explain"
    NOTE = "note"
    RENUMBER = "renumber"
    SCHEDULE = "schedule"
    APPLY = "apply"
    UNDO = "undo"


class Need(StrEnum):
    """What the person has to give before it is done: a look at this very row, or a reason in words."""

    LOOK = "look"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be done, once the person has given what it needs."""

    needs: frozenset[Need] = frozenset()


class Row(Agreed, Protocol):
    """A proposal, where it is on its way, and who said yes to it."""

    @property
    def state(self) -> ProposalState:
        """Where it is."""

    @property
    def is_released(self) -> bool:
        """Whether a person lifted the removal limit for it."""

    @property
    def undo_by(self) -> str:
        """Who asked to undo it, where that still counts and nobody did it yet; empty for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What decisions depend on beside the rows.

    `may_write` is the mode's part, `busy` are proposals with a write whose outcome is not known, `standing` are those
    that the last correlation gave, `company` are the rows that others are right only with, and `totals` says why
    additions do not go in bulk (R24a), and `in_doubt` why nothing does and nothing is undone, because our own store was
    put back (R35); empty where they do. `is_away` is whether Case Manager is known not to answer: what writes to it is
    closed then. `office` are the firm's people, as the settings have them now.
    """

    may_write: bool
    age: DataAge
    policy: Policy | None = None
    busy: frozenset[Fingerprint] = frozenset()
    standing: frozenset[Fingerprint] = frozenset()
    company: Company = field(default_factory=Company)
    totals: str = ""
    in_doubt: str = ""
    is_away: bool = False
    office: Office = EVERYBODY


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the act is open at all, and for each row, in order, whether it may be done with that one."""

    action: Action
    act: Allowed | Refused
    rows: tuple[Allowed | Refused, ...]

    @property
    def whole(self) -> Allowed | Refused:
        """The answer for all rows together: allowed if it is for one at least, since the others then stay out."""
        refusals = [row for row in self.rows if isinstance(row, Refused)]
        if isinstance(self.act, Refused):
            return self.act
        if len(refusals) < len(self.rows):
            return Allowed(frozenset().union(*{row.needs for row in self.rows if isinstance(row, Allowed)}))
        if not refusals:
            return refused(Why.NOTHING_CHOSEN)
        if len({refusal.why for refusal in refusals}) == 1:
            return refusals[0]
        if self.action is Action.APPROVE_IN_BULK and {row.nature for row in refusals} == {Nature.HELD_BACK}:
            return refused(Why.EACH_ALONE)
        return refused(Why.NONE_OF_THEM)


def may(action: Action, rows: Sequence[Row], person: Person, situation: Situation) -> Verdict:
    """Answer whether `person` may do this now: for the act, and for each of `rows` by itself.

    An approval is of all `rows` together: what is right only with another row is refused where that one is neither
    among them nor approved before (R16b, R24b).
    """
    act = _act(action, person, situation)
    each = tuple(act if isinstance(act, Refused) else _row(action, row, person, situation) for row in rows)
    return Verdict(action, act, _in_company(rows, each, situation) if action in _APPROVALS else each)


def may_link(row: Row, close: CasePaymentId, person: Person, situation: Situation) -> Allowed | Refused:
    """Answer whether an unmatched payment of the row's invoice may take the values of its Xero payment (R23)."""
    answer = may(Action.LINK, [row], person, situation).whole
    if isinstance(answer, Refused) and answer.why is not Why.LOCKED:
        return answer
    if close not in {payment.payment_id for payment in choices(row.proposal, situation.policy)}:
        return refused(Why.NOT_CLOSE, str(close))
    if close not in {payment.payment_id for payment in linkable(row.proposal, situation.policy)}:
        return refused(Why.LOCKED, str(close))
    return answer


def approval_of(row: Row) -> Action:
    """Return what a yes to this row means: a plain approval, or a release from the removal limit with it (R27)."""
    is_held = Flag.OVER_LIMIT in row.proposal.flags and not row.is_released
    return Action.RELEASE if is_held else Action.APPROVE


def company_of(rows: Iterable[Row]) -> Company:
    """Return the company that these rows are: those that are replaced are gone."""
    there = [row for row in rows if row.state is not ProposalState.SUPERSEDED]
    return company(
        (row.proposal for row in there), {r.proposal.proposal_id for r in there if r.state in SETTLED_STATES}
    )


_RIGHTS: Mapping[Action, Right] = MappingProxyType(
    {
        Action.APPROVE: Right.APPROVE,
        Action.APPROVE_IN_BULK: Right.APPROVE,
        Action.RELEASE: Right.RELEASE,
        Action.HOLD: Right.DECIDE,
        Action.REJECT: Right.DECIDE,
        Action.PUT_BACK: Right.DECIDE,
        Action.LINK: Right.DECIDE,
        Action.EXPLAIN: Right.DECIDE,
        Action.NOTE: Right.DECIDE,
        Action.RENUMBER: Right.DECIDE,
        Action.SCHEDULE: Right.DECIDE,
        Action.APPLY: Right.APPLY,
        Action.UNDO: Right.UNDO,
    }
)
_APPROVALS = frozenset({Action.APPROVE, Action.APPROVE_IN_BULK, Action.RELEASE})
_WRITES = frozenset({Action.APPLY, Action.UNDO})
# What a store must know everything for: one that was put back lacks what was done since.
_CLOSED_IN_DOUBT = frozenset({Action.APPROVE_IN_BULK, Action.RELEASE, Action.UNDO})
# Saying no, not yet, or look again writes nothing and binds nobody, so the mode does not forbid it.
_OPEN_IN_OBSERVE = frozenset(
    {Action.HOLD, Action.REJECT, Action.PUT_BACK, Action.EXPLAIN, Action.NOTE, Action.RENUMBER, Action.SCHEDULE}
)
_NEEDS: Mapping[Action, frozenset[Need]] = MappingProxyType(
    {
        Action.RELEASE: frozenset({Need.REASON}),
        Action.REJECT: frozenset({Need.REASON}),
        Action.UNDO: frozenset({Need.REASON}),
        Action.LINK: frozenset({Need.LOOK}),
        Action.EXPLAIN: frozenset({Need.REASON}),
        Action.APPLY: frozenset({Need.LOOK}),
    }
)
# Made once: a person may have ticked fifty thousand rows.
_ALLOWED: Mapping[Action, Allowed] = MappingProxyType({a: Allowed(_NEEDS.get(a, frozenset())) for a in Action})
_AFTER_A_LOOK = Allowed(frozenset({Need.LOOK}))
_AGES: Mapping[DataAge, Why] = MappingProxyType(
    {DataAge.NEVER: Why.NEVER_CHECKED, DataAge.OLD: Why.TOO_OLD, DataAge.AHEAD: Why.CLOCK_CHANGED}
)

_LONG_AGO = "two more checks were due since the last good one"
_OR_PUT_BACK = ", or the store was put back since"

_P = ProposalState
SETTLED_STATES = frozenset({_P.APPROVED, _P.APPLYING, _P.APPLIED})
_GONE = {_P.STALE: Why.CHANGED, _P.SUPERSEDED: Why.REPLACED}
_PAST = {_P.APPLYING: Why.BEING_WRITTEN, _P.APPLIED: Why.APPLIED, **_GONE}
_OVER = {**_PAST, _P.UNDONE: Why.UNDONE, _P.REJECTED: Why.REJECTED}
# Why an action is closed to a row in this state; it is open in every state that is not named.
_CLOSED: Mapping[Action, Mapping[ProposalState, Why]] = MappingProxyType(
    {
        Action.APPROVE: _OVER,
        Action.APPROVE_IN_BULK: {**_OVER, _P.HELD: Why.ON_HOLD},
        Action.RELEASE: _OVER,
        Action.HOLD: {**_OVER, _P.HELD: Why.HELD_ALREADY},
        Action.REJECT: {**_OVER, _P.REJECTED: Why.REJECTED_ALREADY},
        Action.PUT_BACK: {**_PAST, _P.PROPOSED: Why.WAITS},
        Action.LINK: _OVER,
        Action.EXPLAIN: {},
        Action.NOTE: {},
        Action.RENUMBER: {},
        Action.SCHEDULE: {},
        Action.APPLY: {
            **dict.fromkeys((_P.PROPOSED, _P.FAILED), Why.NOT_APPROVED),
            **_OVER,
            _P.HELD: Why.ON_HOLD,
            _P.APPLIED: Why.APPLIED_ALREADY,
        },
        Action.UNDO: {
            **dict.fromkeys(frozenset(_P) - {_P.APPLIED}, Why.NOT_APPLIED),
            _P.APPLYING: Why.BEING_WRITTEN,
            _P.UNDONE: Why.UNDONE_ALREADY,
        },
    }
)


def _act(action: Action, person: Person, situation: Situation) -> Allowed | Refused:
    return together(_against(action, person, situation)) or _ALLOWED[action]


def _against(action: Action, person: Person, situation: Situation) -> Iterator[Refused]:
    """Yield all that closes an act, in the order in which it is mended: the mode last, when all else is seen to be."""
    if _RIGHTS[action] not in situation.office.rights_of(person):
        yield refused(Why.NO_RIGHT, person.name)
    if action in _WRITES and situation.is_away:
        yield refused(Why.AWAY)
    if action is Action.APPLY and situation.age in _AGES:
        yield refused(_AGES[situation.age], f"{_LONG_AGO}{_OR_PUT_BACK if situation.in_doubt else ''}")
    if action in _CLOSED_IN_DOUBT and situation.in_doubt:
        yield refused(Why.STORE_IN_DOUBT, situation.in_doubt.removesuffix("."))
    if not situation.may_write and action not in _OPEN_IN_OBSERVE:
        yield refused(Why.OBSERVE)


def _row(action: Action, row: Row, person: Person, situation: Situation) -> Allowed | Refused:
    if row.proposal.fingerprint in situation.busy:
        return refused(Why.BEING_WRITTEN)
    why = _CLOSED[action].get(row.state)
    # The first of two yeses is taken back as an approval is.
    if why is not None and not (why is Why.WAITS and row.yes_by):
        return refused(why)
    rule = _RULES.get(action)
    refusal = rule(row, situation) if rule is not None else None
    if refusal is not None:
        return refusal
    if action in _APPROVALS and is_own_yes(row, person, situation.office):
        return refused(Why.OWN_YES)
    if action is Action.UNDO and _is_own_undo(row, person, situation.office):
        return refused(Why.OWN_UNDO)
    return _AFTER_A_LOOK if action is Action.APPROVE and _needs_look(row.proposal, situation) else _ALLOWED[action]


def _is_own_undo(row: Row, person: Person, office: Office) -> bool:
    is_asked = bool(row.undo_by) and office.asks_two_to_undo(row.proposal)
    return is_asked and is_same_person(row.undo_by, person.name)


def _in_company(
    rows: Sequence[Row], each: Sequence[Allowed | Refused], situation: Situation
) -> tuple[Allowed | Refused, ...]:
    """Refuse what would be approved without a row that it is right only with, and then what is right only with that."""
    answers = list(each)
    bound = [i for i, row in enumerate(rows) if row.proposal.move_id or row.proposal.depends_on]
    while bound:
        there = {row.proposal.proposal_id for row, answer in zip(rows, answers, strict=True) if _is_yes(answer)}
        there |= situation.company.settled
        lacks = {i: lacking(rows[i].proposal, there, situation.company) for i in bound if _is_open(answers[i])}
        refusals = {i: why for i, why in lacks.items() if why is not None}
        for i, refusal in refusals.items():
            answers[i] = refusal
        bound = bound if refusals else []
    return tuple(answers)


def _is_open(answer: Allowed | Refused) -> bool:
    return isinstance(answer, Allowed)


def _is_yes(answer: Allowed | Refused) -> bool:
    return isinstance(answer, Allowed) or answer.why is Why.APPROVED_ALREADY


def is_approved(row: Row, office: Office) -> bool:
    """Say whether everybody said the very yes that this row needs."""
    is_said = row.state is ProposalState.APPROVED and approval_of(row) is Action.APPROVE
    return is_said and has_every_yes(row, office)


def _approve(row: Row, situation: Situation) -> Refused | None:
    blocked = _blocked(row.proposal)
    if blocked is not None:
        return blocked
    if approval_of(row) is Action.RELEASE:
        return refused(Why.OVER_LIMIT)
    return refused(Why.APPROVED_ALREADY) if is_approved(row, situation.office) else None


def _blocked(proposal: Proposal) -> Refused | None:
    """Return why nobody may approve the row while its facts are what they are (R1, R7, R17, R20a, R24)."""
    return together(_blocks(proposal, proposal.blocking_flags - {Flag.OVER_LIMIT}))


def _blocks(proposal: Proposal, flags: frozenset[Flag]) -> Iterator[Refused]:
    """Yield what each flag says; that it would overpay comes last, since it may be for one of the others."""
    said = {remark.flag: remark.sentence for remark in proposal.remarks}
    for flag in sorted(flags - {Flag.WOULD_OVERPAY}):
        yield refused(Why.BLOCKED, said.get(flag, f"Flagged {flag}.").removesuffix("."))
    if Flag.WOULD_OVERPAY in flags:
        yield refused(Why.WOULD_OVERPAY, str(proposal.balance_after))


def _approve_in_bulk(row: Row, situation: Situation) -> Refused | None:
    proposal = row.proposal
    if is_approved(row, situation.office):
        return _approve(row, situation)
    if proposal.kind is ProposalKind.REMOVE:
        return refused(Why.REMOVAL_ALONE)
    if proposal.kind is ProposalKind.ADD and situation.totals:
        return refused(Why.TOTALS, situation.totals.removesuffix("."))
    if proposal.flags:
        flags = ", ".join(sorted(flag.value.replace("_", " ") for flag in proposal.flags))
        return refused(Why.FLAGGED_ALONE, flags)
    alone = _why_alone(proposal, situation)
    return refused(Why.ALONE, alone.removesuffix(".")) if alone else _approve(row, situation)


def _needs_look(proposal: Proposal, situation: Situation) -> bool:
    return not proposal.is_bulk_approvable or bool(_why_alone(proposal, situation))


def _why_alone(proposal: Proposal, situation: Situation) -> str:
    """Say why a person must look at the row by itself, or nothing (R26)."""
    return why_not_in_bulk(proposal, situation.policy) if situation.policy is not None else ""


def _release(row: Row, situation: Situation) -> Refused | None:
    blocked = _blocked(row.proposal)
    if blocked is not None:
        return blocked
    if approval_of(row) is Action.RELEASE:
        return None
    # Part of a move of which the limit holds a removal: all parts are approved in this act, or none.
    is_held = any(Flag.OVER_LIMIT in other.flags for other in situation.company.rest_of(row.proposal))
    return _approve(row, situation) if is_held else refused(Why.NO_LIMIT)


def _put_back(row: Row, situation: Situation) -> Refused | None:
    is_closed = row.state in {ProposalState.REJECTED, ProposalState.UNDONE}
    if row.proposal.kind is ProposalKind.ACCEPT:
        # While a person says that it is not the same money, correlation does not give it (R19b).
        return None
    return refused(Why.REPLACED) if is_closed and row.proposal.fingerprint not in situation.standing else None


def _link(row: Row, situation: Situation) -> Refused | None:
    close = choices(row.proposal, situation.policy)
    if not close:
        return refused(Why.NO_CLOSE_PAYMENT)
    return None if linkable(row.proposal, situation.policy) else refused(Why.LOCKED, str(close[0].payment_id))


def _apply(row: Row, situation: Situation) -> Refused | None:
    # What would overpay is judged when it is written, in its order among the approved rows of the invoice (R24).
    if approval_of(row) is Action.RELEASE:
        return refused(Why.OVER_LIMIT)
    return None if has_every_yes(row, situation.office) else too_few(row.yes_by, situation.office)


_RULES: Mapping[Action, Callable[[Row, Situation], Refused | None]] = MappingProxyType(
    {
        Action.APPROVE: _approve,
        Action.APPROVE_IN_BULK: _approve_in_bulk,
        Action.RELEASE: _release,
        Action.PUT_BACK: _put_back,
        Action.LINK: _link,
        Action.APPLY: _apply,
    }
)
