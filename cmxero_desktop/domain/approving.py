"""What one yes to several rows is: one whole, a release, or bulk of one kind, and what waits for the next (R26)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from cmxero_desktop.domain.acts import is_one_whole
from cmxero_desktop.domain.bulk import BULK_ORDER
from cmxero_desktop.domain.decisions import Action, Allowed, Row, Situation, Verdict, approval_of, is_approved, may
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.refusals import Refused, Why, refused


def approval_act(rows: Sequence[Row], office: Office, *, is_release: bool) -> Action | Refused:
    """Return what a yes to these rows in one command is, or why they do not go into one (R26).

    More than one row is bulk, but for the halves of one move, the removals of one batch that Xero deleted, and a
    release. What is approved already is no part of the count: nothing is said yes to there.
    """
    if is_release and any(approval_of(row) is Action.RELEASE for row in rows):
        return Action.RELEASE
    new = [row.proposal for row in rows if not is_approved(row, office)]
    if len(new) <= 1 or is_one_whole(new):
        return Action.APPROVE
    kinds = {proposal.kind for proposal in new}
    return Action.APPROVE_IN_BULK if len(kinds) == 1 else refused(Why.SEVERAL_KINDS)


_AnyRow = TypeVar("_AnyRow", bound=Row)


@dataclass(frozen=True, slots=True)
class NextApproval(Generic[_AnyRow]):
    """What one yes to chosen rows would approve: which of them, as what, and which rows wait for the next yes."""

    verdict: Verdict
    rows: tuple[_AnyRow, ...] = ()
    later: tuple[_AnyRow, ...] = ()

    @property
    def is_bulk(self) -> bool:
        """Whether it needs no look at each row."""
        return self.verdict.action is Action.APPROVE_IN_BULK


def next_approval(rows: Sequence[_AnyRow], person: Person, situation: Situation) -> NextApproval[_AnyRow]:
    """Return what to offer for rows of any kinds: what is one whole, else links, accepts, changes, additions (R26)."""
    is_release = bool(rows) and all(approval_of(row) is Action.RELEASE for row in rows)
    if len(rows) > 1 and (is_release or is_one_whole([row.proposal for row in rows])):
        verdict = may(Action.RELEASE if is_release else Action.APPROVE, rows, person, situation)
        return NextApproval(verdict, _allowed(rows, verdict))
    verdict = may(Action.APPROVE_IN_BULK, rows, person, situation)
    free = _allowed(rows, verdict)
    first = next((kind for kind in BULK_ORDER if any(row.proposal.kind is kind for row in free)), None)
    now = tuple(row for row in free if row.proposal.kind is first)
    return NextApproval(verdict, now, tuple(row for row in free if row.proposal.kind is not first))


def bulk_kinds(rows: Sequence[Row], situation: Situation) -> tuple[ProposalKind | None, ...]:
    """Return for each row the kind in bulk with which it could be approved, None where it needs a look of its own.

    It is of the rows alone: what closes every approval today, such as the mode, makes no row more of a risk.
    """
    open_today = replace(situation, may_write=True, in_doubt="", totals="")
    answers = may(Action.APPROVE_IN_BULK, rows, Person(""), open_today).rows
    return tuple(
        row.proposal.kind if isinstance(answer, Allowed) else None for row, answer in zip(rows, answers, strict=True)
    )


def _allowed(rows: Sequence[_AnyRow], verdict: Verdict) -> tuple[_AnyRow, ...]:
    return tuple(row for row, answer in zip(rows, verdict.rows, strict=True) if isinstance(answer, Allowed))
