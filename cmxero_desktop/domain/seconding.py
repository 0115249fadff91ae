"""Which yes is only the first of two: what was said so far, and which rows of one act wait for another person."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import Proposal

_TWO = 2


class Agreed(Protocol):
    """A proposal, and who said yes to it."""

    @property
    def proposal(self) -> Proposal:
        """What is proposed."""

    @property
    def yes_by(self) -> tuple[str, ...]:
        """Who said a yes that still counts, the first one first."""


def has_every_yes(row: Agreed, office: Office) -> bool:
    """Say whether as many persons said yes as this row needs."""
    return len(row.yes_by) >= (_TWO if office.asks_two(row.proposal) else 1)


def is_own_yes(row: Agreed, person: Person, office: Office) -> bool:
    """Say whether the row needs another person than this one, who said yes to it already."""
    return office.asks_two(row.proposal) and person.is_one_of(row.yes_by)


def first_yes_only(rows: Iterable[Agreed], person: Person, office: Office) -> frozenset[ProposalId]:
    """Return which of the rows of one approval wait for another person's yes after this person's.

    What is right only with such a row waits with it: the other parts of a move, and what depends on it.
    """
    asked: Mapping[ProposalId, Agreed] = {row.proposal.proposal_id: row for row in rows}
    waiting: set[ProposalId] = {row_id for row_id, row in asked.items() if not _is_last_yes(row, person, office)}
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
    return bool(row.yes_by) and not person.is_one_of(row.yes_by)
