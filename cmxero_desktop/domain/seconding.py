"""Which yes is only the first of two: what was said so far, and which rows of one act wait for another person."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.refusals import Refused, Why, refused

_TWO = 2


class Agreed(Protocol):
    """A proposal, and who said yes to it."""

    @property
    def proposal(self) -> Proposal:
        """What is proposed."""

    @property
    def yes_by(self) -> tuple[str, ...]:
        """Who said a yes that still counts, the first one first, each person once."""


class Wished(Protocol):
    """A proposal that was applied, and who asked to undo it."""

    @property
    def proposal(self) -> Proposal:
        """What was proposed."""

    @property
    def undo_by(self) -> str:
        """Who asked to undo it, where that still counts; empty for nobody."""


def counting(names: Iterable[str], office: Office) -> tuple[str, ...]:
    """Return those of the persons who said yes that approve by now: of nobody else does it count."""
    return tuple(name for name in names if office.lets_approve(name))


def has_every_yes(row: Agreed, office: Office) -> bool:
    """Say whether an approved row has the yes of two persons, where it needs it."""
    return not office.asks_two(row.proposal) or len(counting(row.yes_by, office)) >= _TWO


def too_few(names: Iterable[str], office: Office) -> Refused:
    """Say of a row that needs the yes of two persons who gave it, of all who did."""
    there = counting(names, office)
    return refused(Why.ONE_YES, f"{there[0]} alone" if there else "nobody who may by now")


def is_own_yes(row: Agreed, person: Person, office: Office) -> bool:
    """Say whether the row needs another person than this one, who said yes to it already."""
    return office.asks_two(row.proposal) and person.is_one_of(row.yes_by)


def is_undo_wanted(row: Wished, person: Person, office: Office) -> bool:
    """Say whether as many persons want the row undone as the firm's rule asks, where this person does."""
    if not office.asks_two_to_undo(row.proposal):
        return True
    return bool(row.undo_by) and office.lets_approve(row.undo_by) and not person.is_one_of([row.undo_by])


def without_every_yes(approved: Iterable[Agreed], office: Office) -> frozenset[ProposalId]:
    """Return which of the approved rows are not written yet: what lacks a yes, and what is right only with that."""
    if not office.knows_two:
        return frozenset()
    asked = {row.proposal.proposal_id: row for row in approved}
    return _with_company(asked, {row_id for row_id, row in asked.items() if not has_every_yes(row, office)})


def first_yes_only(rows: Iterable[Agreed], person: Person, office: Office) -> frozenset[ProposalId]:
    """Return which of the rows of one approval wait for another person's yes after this person's.

    What is right only with such a row waits with it: the other parts of a move, and what depends on it.
    """
    if not office.knows_two:
        return frozenset()
    asked = {row.proposal.proposal_id: row for row in rows}
    return _with_company(asked, {row_id for row_id, row in asked.items() if not _is_last_yes(row, person, office)})


def _with_company(asked: Mapping[ProposalId, Agreed], waiting: set[ProposalId]) -> frozenset[ProposalId]:
    """Add to the rows that wait what is right only with one of them."""
    if not waiting:
        return frozenset()
    while True:
        moves = {asked[row_id].proposal.move_id for row_id in waiting} - {""}
        more = {
            row_id
            for row_id, row in asked.items()
            if row.proposal.move_id in moves or not waiting.isdisjoint(row.proposal.depends_on)
        } - waiting
        if not more:
            return frozenset(waiting)
        waiting |= more


def _is_last_yes(row: Agreed, person: Person, office: Office) -> bool:
    if not office.asks_two(row.proposal):
        return True
    return bool(counting(row.yes_by, office)) and not person.is_one_of(row.yes_by)
